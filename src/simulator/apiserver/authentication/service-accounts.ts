import type { UserInfo } from '../../api';
import type { Time } from '../../kernel';
import { type CoreLookup, serviceAccountGroups } from './accounts';
import type { TokenClaims, TokenSigner } from './jwt';
import { isLegacy, type LegacyClaims, legacyUser } from './legacy-tokens';

/** The one audience and issuer of this cluster (--service-account-issuer). */
export const defaultIssuer = 'https://kubernetes.default.svc.cluster.local';

export interface TokenCheck {
  readonly user: UserInfo;
  /** The audiences that were asked for and that the token is for. */
  readonly audiences: readonly string[];
}

/** `accepted`: what the last look gave, until when it holds, for which audiences. */
type Known = ({ readonly claims: TokenClaims; readonly user: UserInfo } | { readonly legacy: LegacyClaims }) & { accepted?: { readonly check: TokenCheck; readonly until: Time; readonly audiences: string } };

/** A token that was accepted is accepted again for this long, even if what it is bound to is gone. */
const cached = 10_000_000;

const wrongAudience = (own: readonly string[], wanted: readonly string[]): string => `token audiences ${JSON.stringify(own)} is invalid for the target audiences ${JSON.stringify(wanted)}`;

/** Checks service accounts' tokens: signature, time, audience, and that what they are bound to still exists. */
export class ServiceAccountTokens {
  /** Tokens read before; what can change is looked at each time. */
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly signer: TokenSigner,
    private readonly lookup: CoreLookup,
    readonly issuer: string = defaultIssuer,
  ) {}

  /** Who bears this token; undefined if it is none of ours, a text if it is but is not accepted. */
  check(token: string, now: Time, audiences: readonly string[] = [this.issuer]): TokenCheck | string | undefined {
    const found = this.known.get(token) ?? this.remember(token);
    if (found === undefined) return undefined;
    const wanted = audiences.length === 1 ? (audiences[0] as string) : JSON.stringify(audiences);
    const { accepted } = found;
    if (accepted !== undefined && now < accepted.until && accepted.audiences === wanted) return accepted.check;
    const check = 'legacy' in found ? this.checkLegacy(found.legacy, token, audiences) : this.checkClaims(found.claims, found.user, now, audiences);
    if (typeof check === 'object') found.accepted = { check, until: now + cached, audiences: wanted };
    return check;
  }

  private checkClaims(claims: TokenClaims, user: UserInfo, now: Time, audiences: readonly string[]): TokenCheck | string {
    const seconds = Math.floor(now / 1_000_000);
    if (claims.exp !== undefined && seconds >= claims.exp) return 'service account token has expired';
    if (seconds < claims.nbf) return 'service account token is not valid yet';
    const matching = audiences.filter((audience) => claims.aud.includes(audience));
    if (matching.length === 0) return wrongAudience(claims.aud, audiences);
    return this.isCurrent(claims) ? { user, audiences: matching } : 'service account token has been invalidated';
  }

  /** Tokens of Secrets are for the cluster itself. */
  private checkLegacy(claims: LegacyClaims, token: string, audiences: readonly string[]): TokenCheck | string {
    if (!audiences.includes(this.issuer)) return wrongAudience([this.issuer], audiences);
    const user = legacyUser(claims, token, this.lookup);
    return user ? { user, audiences: [this.issuer] } : 'service account token has been invalidated';
  }

  private remember(token: string): Known | undefined {
    const claims = this.signer.read(token) as TokenClaims | LegacyClaims | undefined;
    if (claims === undefined) return undefined;
    if (!isLegacy(claims) && claims.iss !== this.issuer) return undefined;
    const found: Known = isLegacy(claims) ? { legacy: claims } : { claims, user: userOf(claims) };
    if (this.known.size > 10_000) this.known.clear();
    this.known.set(token, found);
    return found;
  }

  private isCurrent({ 'kubernetes.io': bound }: TokenClaims): boolean {
    const { namespace, serviceaccount, pod, secret, node } = bound;
    const same = (resource: Parameters<CoreLookup>[0], ns: string | undefined, reference: { name: string; uid: string } | undefined) => {
      if (reference === undefined) return true;
      const object = this.lookup(resource, ns, reference.name);
      return object?.metadata?.uid === reference.uid;
    };
    return same('serviceaccounts', namespace, serviceaccount) && same('pods', namespace, pod) && same('secrets', namespace, secret) && (pod !== undefined || same('nodes', undefined, node));
  }
}

function userOf({ jti, sub, 'kubernetes.io': bound }: TokenClaims): UserInfo {
  const extra: Record<string, readonly string[]> = { 'authentication.kubernetes.io/credential-id': [`JTI=${jti}`] };
  if (bound.node) {
    extra['authentication.kubernetes.io/node-name'] = [bound.node.name];
    extra['authentication.kubernetes.io/node-uid'] = [bound.node.uid];
  }
  if (bound.pod) {
    extra['authentication.kubernetes.io/pod-name'] = [bound.pod.name];
    extra['authentication.kubernetes.io/pod-uid'] = [bound.pod.uid];
  }
  return { name: sub, uid: bound.serviceaccount.uid, groups: [...serviceAccountGroups(bound.namespace), 'system:authenticated'], extra };
}
