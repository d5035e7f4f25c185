import type { KubeObject, PolicyRule, UserInfo } from '../../api';
import type { ServerParts } from '../call';
import { forbidden, notFound } from '../errors';
import type { ServedResource } from '../served';
import { ruleText, uncovered } from './rules';

const group = 'rbac.authorization.k8s.io';
const everything: readonly PolicyRule[] = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, { nonResourceURLs: ['*'], verbs: ['*'] }];

interface Grant {
  readonly served: ServedResource;
  readonly user: UserInfo;
  readonly namespace: string | undefined;
  readonly name: string;
}

type RoleLike = KubeObject & { readonly rules?: readonly PolicyRule[] | null; readonly aggregationRule?: object };
type BindingLike = KubeObject & { readonly roleRef?: { readonly kind: string; readonly name: string } };

/**
 * Nobody grants what they do not hold, unless they may `escalate` the role or `bind` it (kubernetes.io: Privilege
 * escalation prevention and bootstrapping). Throws a 403, or the 404 of a role that is not there.
 */
export function checkEscalation(server: ServerParts, grant: Grant, object: KubeObject, old: KubeObject | undefined): void {
  const { info } = grant.served;
  if (info.group !== group || grant.user.groups.includes('system:masters')) return;
  if (info.resource === 'roles' || info.resource === 'clusterroles') checkRole(server, grant, object as RoleLike, old as RoleLike | undefined);
  else checkBinding(server, grant, object as BindingLike);
}

const allowed = (server: ServerParts, { user, namespace = '' }: Grant, verb: string, resource: string, name: string): boolean =>
  server.authorizer.authorize({ user, verb, isResource: true, group, resource, subresource: '', namespace, name, path: '' }).allowed;

function checkRole(server: ServerParts, grant: Grant, role: RoleLike, old: RoleLike | undefined): void {
  if (old && JSON.stringify(old.rules ?? []) === JSON.stringify(role.rules ?? []) && JSON.stringify(old.aggregationRule) === JSON.stringify(role.aggregationRule)) return;
  if (allowed(server, grant, 'escalate', grant.served.info.resource, grant.name)) return;
  refuseUncovered(server, grant, role.aggregationRule ? everything : (role.rules ?? []));
}

function checkBinding(server: ServerParts, grant: Grant, { roleRef }: BindingLike): void {
  if (!roleRef) return;
  const resource = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  if (allowed(server, grant, 'bind', resource, roleRef.name)) return;
  const rules = server.access.rbac.rulesOfRole(roleRef, grant.namespace ?? '');
  if (rules === undefined) throw notFound(grant.served.info, roleRef.name);
  refuseUncovered(server, grant, rules);
}

function refuseUncovered(server: ServerParts, { served, user, namespace = '', name }: Grant, wanted: readonly PolicyRule[]): void {
  const held = server.access.rbac.rulesFor(user, namespace);
  const missing = uncovered(wanted, held.rules);
  if (missing.length === 0) return;
  const groups = `[${user.groups.map((one) => JSON.stringify(one)).join(' ')}]`;
  const errors = held.errors.length === 0 ? '' : `; resolution errors: [${held.errors.join(', ')}]`;
  throw forbidden(served.info, name, `user ${JSON.stringify(user.name)} (groups=${groups}) is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).sort().join('\n')}${errors}`);
}
