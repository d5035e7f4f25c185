import { base64Encode, type KubeObject, type UserInfo } from '../../api';
import { utf8Encode } from '../../kernel';
import { type CoreLookup, serviceAccountGroups } from './accounts';
import { TokenSigner } from './jwt';

const issuer = 'kubernetes/serviceaccount';
const prefix = 'kubernetes.io/serviceaccount';

/** What the token of a kubernetes.io/service-account-token Secret says. It never expires (kubernetes.io: Managing Service Accounts). */
export interface LegacyClaims {
  readonly iss: typeof issuer;
  readonly [claim: string]: string;
}

/** Whose token it is and in which Secret it lies. */
export interface LegacyTokenOwner {
  readonly namespace: string;
  readonly secretName: string;
  readonly serviceAccountName: string;
  readonly serviceAccountUid: string;
}

/** Makes the tokens of Secrets, as kube-controller-manager does with --service-account-private-key-file. */
export function legacyTokenMaker(signingKey?: string): (owner: LegacyTokenOwner) => string {
  const signer = new TokenSigner(signingKey);
  return ({ namespace, secretName, serviceAccountName, serviceAccountUid }) =>
    signer.sign({
      iss: issuer,
      [`${prefix}/namespace`]: namespace,
      [`${prefix}/secret.name`]: secretName,
      [`${prefix}/service-account.name`]: serviceAccountName,
      [`${prefix}/service-account.uid`]: serviceAccountUid,
      sub: `system:serviceaccount:${namespace}:${serviceAccountName}`,
    });
}

/** Whether claims are those of a Secret's token. */
export const isLegacy = (claims: { readonly iss?: unknown }): claims is LegacyClaims => claims.iss === issuer;

/** Who bears a Secret's token; undefined once the Secret or the account is no longer what it was. */
export function legacyUser(claims: LegacyClaims, token: string, lookup: CoreLookup): UserInfo | undefined {
  const [namespace = '', secretName = '', name = '', uid = ''] = ['namespace', 'secret.name', 'service-account.name', 'service-account.uid'].map((claim) => claims[`${prefix}/${claim}`]);
  const secret = lookup('secrets', namespace, secretName) as (KubeObject & { readonly data?: Readonly<Record<string, string>> }) | undefined;
  if (secret === undefined || secret.metadata?.deletionTimestamp !== undefined || secret.data?.['token'] !== base64Encode(utf8Encode(token))) return undefined;
  if (lookup('serviceaccounts', namespace, name)?.metadata?.uid !== uid) return undefined;
  return { name: claims['sub'] ?? '', uid, groups: [...serviceAccountGroups(namespace), 'system:authenticated'] };
}
