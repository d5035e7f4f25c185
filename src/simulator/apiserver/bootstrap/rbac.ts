import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from '../../api';
import type { Subject } from '../authorization/rules';
import { bindingsJson, rolesJson } from './data';

interface EncodedRole {
  readonly name: string;
  readonly rules: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly aggregates?: readonly string[];
}

const group = 'rbac.authorization.k8s.io';
const words = (text: string | undefined): string[] | undefined => (text === undefined || text === '' ? undefined : text.split(','));

function ruleOf(text: string): PolicyRule {
  const [verbs, groups, resources, names, urls] = text.split('|');
  const resourceList = words(resources);
  const resourceNames = words(names);
  const nonResourceURLs = words(urls);
  return {
    verbs: words(verbs) ?? [],
    ...(resourceList && { apiGroups: (groups ?? '').split(','), resources: resourceList }),
    ...(resourceNames && { resourceNames }),
    ...(nonResourceURLs && { nonResourceURLs }),
  };
}

function metadataOf(fullName: string, labels: Readonly<Record<string, string>> = {}) {
  const slash = fullName.startsWith('kube-') ? fullName.indexOf('/') : -1;
  return {
    name: fullName.slice(slash + 1),
    ...(slash > 0 && { namespace: fullName.slice(0, slash) }),
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  };
}

/** The roles that every cluster begins with; aggregated ones already hold the rules of those that they gather. */
export function bootstrapRoles(): (ClusterRole | Role)[] {
  const encoded = JSON.parse(rolesJson) as readonly EncodedRole[];
  const rulesOf = (role: EncodedRole): PolicyRule[] => {
    if (!role.aggregates) return role.rules.map(ruleOf);
    const gathered = encoded.filter((other) => other !== role && role.aggregates?.some((label) => other.labels?.[label] === 'true')).sort((a, b) => (a.name < b.name ? -1 : 1));
    const rules = gathered.flatMap(rulesOf);
    const seen = new Set<string>();
    return rules.filter((rule) => {
      const text = JSON.stringify(rule);
      return !seen.has(text) && seen.add(text);
    });
  };
  return encoded.map((role) => {
    const metadata = metadataOf(role.name, role.labels);
    return {
      apiVersion: `${group}/v1`,
      kind: 'namespace' in metadata ? 'Role' : 'ClusterRole',
      metadata,
      ...(role.aggregates && { aggregationRule: { clusterRoleSelectors: role.aggregates.map((label) => ({ matchLabels: { [label]: 'true' } })) } }),
      rules: rulesOf(role),
    } as ClusterRole | Role;
  });
}

function subjectOf(text: string): Subject {
  const name = text.slice(2);
  if (text.startsWith('U:')) return { kind: 'User', apiGroup: group, name };
  if (text.startsWith('G:')) return { kind: 'Group', apiGroup: group, name };
  const [namespace = '', account = ''] = name.split('/');
  return { kind: 'ServiceAccount', name: account, namespace };
}

/** The bindings that every cluster begins with. */
export function bootstrapBindings(): (ClusterRoleBinding | RoleBinding)[] {
  const encoded = JSON.parse(bindingsJson) as readonly (readonly [string, string, ...string[]])[];
  return encoded.map(([name, role, ...subjects]) => {
    const metadata = metadataOf(name);
    return {
      apiVersion: `${group}/v1`,
      kind: 'namespace' in metadata ? 'RoleBinding' : 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: role.startsWith('C:') ? 'ClusterRole' : 'Role', name: role.slice(2) },
      subjects: subjects.map(subjectOf),
    } as unknown as ClusterRoleBinding | RoleBinding;
  });
}
