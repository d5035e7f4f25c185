import type { ApiRequest, UserInfo } from '../../api';
import type { AccessRequest, Decision } from '../authorization/authorizer';
import { refusal } from '../authorization/chain';
import { badRequest } from '../errors';
import type { RequestInfo } from '../request/info';
import { serviceAccountGroups } from './accounts';

type Authorize = (request: AccessRequest) => Decision;

/** What the Impersonate-* headers ask for. */
interface Wanted {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Several values of one header arrive joined with a comma and a space. */
const values = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(', '));

function wanted(headers: Readonly<Record<string, string>>): Wanted | undefined {
  const user = headers['impersonate-user'] ?? '';
  const uid = headers['impersonate-uid'] ?? '';
  const groups = values(headers['impersonate-group']);
  const extra: Record<string, readonly string[]> = {};
  for (const name of Object.keys(headers)) if (name.startsWith('impersonate-extra-')) extra[decodeURIComponent(name.slice(18))] = values(headers[name]);
  if (user === '' && uid === '' && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  if (user !== '') return { user, uid, groups, extra };
  const list = groups.length === 0 ? '[]string(nil)' : `[]string{${groups.map((group) => JSON.stringify(group)).join(', ')}}`;
  const map = Object.keys(extra).length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${Object.entries(extra).map(([key, list]) => `${JSON.stringify(key)}:[]string{${list.map((value) => JSON.stringify(value)).join(', ')}}`).join(', ')}}`;
  throw badRequest(`requested &user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list}, Extra:${map}} without impersonating a user name`);
}

const serviceAccountOf = (user: string) => /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);

/** Acting as somebody else (kubernetes.io: User Impersonation; KEP-5284 for the constrained kind). */
export class Impersonation {
  /** Users impersonated before, so that decisions about them can be remembered. */
  private readonly users = new Map<string, UserInfo>();

  constructor(private readonly authorize: Authorize) {}

  /** The user that the request acts as. Throws a 400 or 403. */
  apply(request: ApiRequest, info: RequestInfo, user: UserInfo): UserInfo {
    const { headers } = request;
    if (headers === undefined) return user;
    const target = wanted(headers);
    if (target === undefined) return user;
    const refused = this.legacy(user, target);
    if (refused !== undefined && !this.constrained(user, target, info)) throw this.refuse(user, target, info, refused);
    return this.userOf(target);
  }

  /** The first permission that is missing to impersonate without constraints. */
  private legacy(user: UserInfo, target: Wanted): { access: AccessRequest; reason: string } | undefined {
    const access = (group: string, resource: string, name: string, namespace = '', subresource = ''): AccessRequest => ({ user, verb: 'impersonate', isResource: true, group, resource, subresource, namespace, name, path: '' });
    const account = serviceAccountOf(target.user);
    const needed = [
      account ? access('', 'serviceaccounts', account[2] as string, account[1]) : access('', 'users', target.user),
      ...target.groups.map((group) => access('', 'groups', group)),
      ...Object.entries(target.extra).flatMap(([key, list]) => list.map((value) => access('authentication.k8s.io', 'userextras', value, '', key))),
      ...(target.uid === '' ? [] : [access('authentication.k8s.io', 'uids', target.uid)]),
    ];
    for (const one of needed) {
      const { allowed, reason } = this.authorize(one);
      if (!allowed) return { access: one, reason };
    }
    return undefined;
  }

  private constrained(user: UserInfo, target: Wanted, info: RequestInfo): boolean {
    const mode = modeOf(target);
    if (mode === undefined) return false;
    const account = serviceAccountOf(target.user);
    const resource = mode === 'serviceaccount' ? 'serviceaccounts' : mode === 'arbitrary-node' ? 'nodes' : 'users';
    const name = account ? (account[2] as string) : mode === 'arbitrary-node' ? target.user.slice('system:node:'.length) : target.user;
    const base = { user, isResource: true, group: 'authentication.k8s.io', subresource: '', path: '' };
    const may = (verb: string, kind: string, of: string, namespace = '') => this.authorize({ ...base, verb, resource: kind, name: of, namespace }).allowed;
    return (
      may(`impersonate:${mode}`, resource, name, account?.[1]) &&
      target.groups.every((group) => may(`impersonate:${mode}`, 'groups', group)) &&
      (target.uid === '' || may(`impersonate:${mode}`, 'uids', target.uid)) &&
      this.authorize({ ...info, user, verb: `impersonate-on:${mode}:${info.verb}` }).allowed
    );
  }

  private refuse(user: UserInfo, target: Wanted, info: RequestInfo, refused: { access: AccessRequest; reason: string }) {
    const mode = modeOf(target);
    if (mode === undefined || refused.access.resource !== (serviceAccountOf(target.user) ? 'serviceaccounts' : 'users')) return refusal(refused.access, refused.reason);
    return refusal({ ...info, user, verb: `impersonate-on:${mode}:${info.verb}` }, '');
  }

  private userOf({ user, uid, groups, extra }: Wanted): UserInfo {
    const key = JSON.stringify([user, uid, groups, extra]);
    let made = this.users.get(key);
    if (made === undefined) {
      const account = serviceAccountOf(user);
      const own = account && groups.length === 0 ? serviceAccountGroups(account[1] as string) : groups;
      const standing = user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
      const all = own.includes(standing) ? own : [...own, standing];
      made = { name: user, ...(uid !== '' && { uid }), groups: all, ...(Object.keys(extra).length > 0 && { extra }) };
      if (this.users.size > 1000) this.users.clear();
      this.users.set(key, made);
    }
    return made;
  }
}

/** The constrained kind of impersonation that fits; none where system groups are asked for. */
function modeOf({ user, groups }: Wanted): 'serviceaccount' | 'arbitrary-node' | 'user-info' | undefined {
  if (groups.some((group) => group.startsWith('system:'))) return undefined;
  if (serviceAccountOf(user)) return groups.length === 0 ? 'serviceaccount' : undefined;
  if (user.startsWith('system:node:')) return groups.length === 0 ? 'arbitrary-node' : undefined;
  return user.startsWith('system:') && user !== 'system:anonymous' && groups.length > 0 ? undefined : 'user-info';
}
