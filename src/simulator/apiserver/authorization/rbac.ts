import type { ClusterRole, ClusterRoleBinding, KubeObject, PolicyRule, Role, RoleBinding, RoleRef, UserInfo } from '../../api';
import type { Etcd } from '../../etcd';
import type { AccessRequest, Authorizer, Decision } from './authorizer';
import { ruleAllows, type Subject } from './rules';

type Binding = Omit<RoleBinding | ClusterRoleBinding, 'subjects'> & { readonly subjects?: readonly Subject[] };

const prefix = '/registry/';
const rememberLimit = 1_000;
const denied: Decision = Object.freeze({ allowed: false, reason: '' });

/** Whom a subject names: users and groups by name, service accounts by namespace and name. */
function subjectKey(subject: Subject, namespace: string): string {
  if (subject.kind === 'ServiceAccount') return `U system:serviceaccount:${subject.namespace === undefined || subject.namespace === '' ? namespace : subject.namespace}:${subject.name}`;
  return `${subject.kind === 'User' ? 'U' : 'G'} ${subject.name}`;
}

/** All bindings of one scope (the cluster, or a namespace) by whom they name. */
class BindingIndex {
  private readonly bySubject = new Map<string, Map<string, { readonly binding: Binding; readonly subject: Subject }>>();

  change(key: string, previous: Binding | undefined, current: Binding | undefined): void {
    const namespace = (current ?? previous)?.metadata?.namespace ?? '';
    for (const subject of previous?.subjects ?? []) this.bySubject.get(subjectKey(subject, namespace))?.delete(key);
    for (const subject of current?.subjects ?? []) {
      const name = subjectKey(subject, namespace);
      const there = this.bySubject.get(name) ?? new Map<string, { binding: Binding; subject: Subject }>();
      this.bySubject.set(name, there);
      there.set(key, { binding: current as Binding, subject });
    }
  }

  /** The bindings that name the user or one of the groups. */
  *of(user: UserInfo): Iterable<{ readonly binding: Binding; readonly subject: Subject }> {
    const own = this.bySubject.get(`U ${user.name}`);
    if (own) yield* own.values();
    for (const group of user.groups) {
      const found = this.bySubject.get(`G ${group}`);
      if (found) yield* found.values();
    }
  }
}

/** RBAC over the roles and bindings in the store: a check looks at the rules of the user's own bindings, nobody else's. */
export class RbacAuthorizer implements Authorizer {
  private readonly roles = new Map<string, readonly PolicyRule[]>();
  private readonly cluster = new BindingIndex();
  private readonly namespaces = new Map<string, BindingIndex>();
  /** Decisions until any role or binding changes: by what is asked, and by the object's name too where that has a part in it. */
  private decisions = new WeakMap<UserInfo, Map<string, Decision | Map<string, Decision>>>();

  constructor(etcd: Etcd) {
    const follow = (resource: string, change: (key: string, previous: KubeObject | undefined, current: KubeObject | undefined) => void) => {
      const place = `${prefix}${resource}/`;
      for (const { key, value } of etcd.range(place, `${place.slice(0, -1)}0`).entries) change(key.slice(place.length), undefined, value as KubeObject);
      etcd.watch(place, ({ key, previous, current }) => {
        this.decisions = new WeakMap();
        change(key.slice(place.length), previous?.value as KubeObject | undefined, current?.value as KubeObject | undefined);
      });
    };
    const role = (kind: string) => (key: string, _: KubeObject | undefined, current: KubeObject | undefined) => {
      if (current === undefined) this.roles.delete(`${kind} ${key}`);
      else this.roles.set(`${kind} ${key}`, (current as Role | ClusterRole).rules ?? []);
    };
    follow('clusterroles', role('ClusterRole'));
    follow('roles', role('Role'));
    follow('clusterrolebindings', (key, previous, current) => this.cluster.change(key, previous as Binding, current as Binding));
    follow('rolebindings', (key, previous, current) => {
      const namespace = key.slice(0, key.indexOf('/'));
      const index = this.namespaces.get(namespace) ?? new BindingIndex();
      this.namespaces.set(namespace, index);
      index.change(key, previous as Binding, current as Binding);
    });
  }

  authorize(request: AccessRequest): Decision {
    const general = `${request.verb} ${request.isResource ? `${request.group}/${request.resource}/${request.subresource} ${request.namespace}` : request.path}`;
    let known = this.decisions.get(request.user);
    if (known === undefined) this.decisions.set(request.user, (known = new Map()));
    const found = known.get(general);
    const byName: Map<string, Decision> = found instanceof Map ? found : new Map();
    const remembered = found instanceof Map ? found.get(request.name) : found;
    if (remembered) return remembered;
    const { decision, named } = this.decide(request);
    if (!request.isResource) return decision;
    known.set(general, named ? byName : decision);
    if (byName.size >= rememberLimit) byName.clear();
    byName.set(request.name, decision);
    return decision;
  }

  /** The rules that a user has in a namespace ('' for the cluster's alone), and what went wrong looking for them. */
  rulesFor(user: UserInfo, namespace: string): { readonly rules: PolicyRule[]; readonly errors: readonly string[] } {
    const rules: PolicyRule[] = [];
    const errors: string[] = [];
    for (const { rules: found, error } of this.grants(user, namespace)) {
      if (error === undefined) rules.push(...found);
      else if (!errors.includes(error)) errors.push(error);
    }
    return { rules, errors };
  }

  /** The rules of the role that a binding in `namespace` refers to; undefined when there is none. */
  rulesOfRole(ref: Pick<RoleRef, 'kind' | 'name'>, namespace: string): readonly PolicyRule[] | undefined {
    return this.roles.get(ref.kind === 'ClusterRole' ? `ClusterRole ${ref.name}` : `Role ${namespace}/${ref.name}`);
  }

  private decide(request: AccessRequest): { decision: Decision; named: boolean } {
    const errors: string[] = [];
    let named = false;
    for (const { rules, error, reason } of this.grants(request.user, request.isResource ? request.namespace : '')) {
      if (error !== undefined && !errors.includes(error)) errors.push(error);
      for (const rule of rules) {
        if (rule.resourceNames?.length) named = true;
        if (ruleAllows(rule, request)) return { decision: { allowed: true, reason: reason() }, named };
      }
    }
    if (errors.length === 0) return { decision: denied, named };
    return { decision: { allowed: false, reason: `RBAC: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}` }, named };
  }

  private *grants(user: UserInfo, namespace: string): Iterable<{ rules: readonly PolicyRule[]; error?: string; reason: () => string }> {
    for (const found of this.cluster.of(user)) yield this.grant(found, '');
    const index = namespace === '' ? undefined : this.namespaces.get(namespace);
    if (index) for (const found of index.of(user)) yield this.grant(found, namespace);
  }

  private grant({ binding, subject }: { binding: Binding; subject: Subject }, namespace: string): { rules: readonly PolicyRule[]; error?: string; reason: () => string } {
    const { roleRef } = binding;
    const rules = this.rulesOfRole(roleRef, namespace);
    const name = binding.metadata?.name ?? '';
    const reason = () => {
      const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? ''}` : subject.name;
      const what = namespace === '' ? `ClusterRoleBinding "${name}"` : `RoleBinding "${name}/${namespace}"`;
      return `RBAC: allowed by ${what} of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${who}"`;
    };
    if (rules !== undefined) return { rules, reason };
    return { rules: [], error: `${roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io "${roleRef.name}" not found`, reason };
  }
}
