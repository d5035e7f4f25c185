import type { ApiRequest, Credentials, KubeObject, UserInfo } from '../../api';
import { parseTime, type Time, utf8Decode } from '../../kernel';
import { unauthorized } from '../errors';
import { base64UrlDecode } from '../request/base64';
import type { CoreLookup } from './accounts';
import type { ServiceAccountTokens } from './service-accounts';

/** --token-auth-file: who bears which token. Groups without system:authenticated. */
export type StaticTokens = Readonly<Record<string, { readonly name: string; readonly uid?: string; readonly groups?: readonly string[] }>>;

/** Finds out who a client is from its credentials. */
export class Authenticator {
  private readonly certificates = new WeakMap<Credentials, UserInfo>();
  private readonly byToken = new Map<string, UserInfo>();
  private readonly anonymous: UserInfo = Object.freeze({ name: 'system:anonymous', groups: Object.freeze(['system:unauthenticated']) });

  constructor(
    staticTokens: StaticTokens,
    private readonly serviceAccounts: ServiceAccountTokens,
    private readonly lookup: CoreLookup,
  ) {
    for (const [token, { name, uid, groups = [] }] of Object.entries(staticTokens)) {
      this.byToken.set(token, { name, ...(uid !== undefined && { uid }), groups: [...groups, 'system:authenticated'] });
    }
  }

  /** Throws the 401 of a token that nobody gave out. */
  authenticate({ credentials }: ApiRequest, now: Time): UserInfo {
    if ('anonymous' in credentials) return this.anonymous;
    if ('certificate' in credentials) return this.byCertificate(credentials);
    const user = this.withToken(credentials.token, now);
    if (user === undefined) throw unauthorized();
    return user;
  }

  /** Who bears a token; undefined for nobody. */
  withToken(token: string, now: Time): UserInfo | undefined {
    const known = this.byToken.get(token);
    if (known) return known;
    const checked = this.serviceAccounts.check(token, now);
    if (typeof checked === 'object') return checked.user;
    return checked === undefined ? this.byBootstrapToken(token, now) : undefined;
  }

  /** One user object for one certificate, so that decisions about it can be remembered. */
  private byCertificate(credentials: Extract<Credentials, { certificate: unknown }>): UserInfo {
    let user = this.certificates.get(credentials);
    if (user === undefined) {
      const { commonName, organizations } = credentials.certificate;
      user = { name: commonName, groups: [...organizations, 'system:authenticated'] };
      this.certificates.set(credentials, user);
    }
    return user;
  }

  /** ID.SECRET, of which a Secret in kube-system tells (kubernetes.io: Authenticating with Bootstrap Tokens). */
  private byBootstrapToken(token: string, now: Time): UserInfo | undefined {
    const match = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token);
    if (!match) return undefined;
    const [, id = '', secret = ''] = match;
    const stored = this.lookup('secrets', 'kube-system', `bootstrap-token-${id}`) as (KubeObject & { type?: string; data?: Readonly<Record<string, string>> }) | undefined;
    if (stored?.type !== 'bootstrap.kubernetes.io/token' || stored.metadata?.deletionTimestamp !== undefined) return undefined;
    const value = (key: string) => utf8Decode(base64UrlDecode(stored.data?.[key] ?? '') ?? new Uint8Array());
    if (value('token-id') !== id || value('token-secret') !== secret || value('usage-bootstrap-authentication') !== 'true') return undefined;
    const expiration = value('expiration');
    if (expiration !== '' && (parseTime(expiration) ?? 0) <= now) return undefined;
    const groups = value('auth-extra-groups').split(',').filter((group) => group.startsWith('system:bootstrappers:'));
    return { name: `system:bootstrap:${id}`, groups: ['system:bootstrappers', ...groups, 'system:authenticated'] };
  }
}
