import type { Task } from '../../../kernel';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import type { Fields } from '../../fields';
import { flag } from '../../flags';
import { named, type Generator } from './generator';

const group = 'rbac.authorization.k8s.io';
const verbFlag = flag('--verb=[]', 'Verb that is allowed.', { kind: 'commaList' });
const resourceFlag = flag('--resource=[]', 'Resource that the rule applies to.', { kind: 'commaList' });
const resourceNameFlag = flag('--resource-name=[]', 'Name of the one object that is allowed; may be repeated.', { kind: 'list' });

const knownVerbs = ['get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy', 'deletecollection', 'use', 'bind', 'escalate', 'impersonate', 'approve', 'sign', 'attest'];

/** The rules that verbs, resources and names give: one a group, in alphabetical order. */
function* resourceRules(context: Context, verbs: readonly string[]): Task<Fields[]> {
  const { flags, session } = context;
  const names = [...new Set(flags.list('resource-name'))];
  const byGroup = new Map<string, string[]>();
  const mapper = flags.list('resource').length > 0 ? yield* session.mapper() : undefined;
  for (const text of flags.list('resource')) {
    const [type = '', subresource] = text.split(/\/(.*)/s);
    if (type === '*') {
      byGroup.set('*', ['*']);
      continue;
    }
    const found = mapper?.find(type);
    if (!found) throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(type)}`, { bare: true });
    const name = subresource === undefined || subresource === '' ? found.resource : `${found.resource}/${subresource}`;
    const known = byGroup.get(found.group) ?? [];
    if (!known.includes(name)) byGroup.set(found.group, [...known, name]);
  }
  return [...byGroup].sort(([a], [b]) => (a < b ? -1 : 1)).map(([apiGroup, resources]) => ({ apiGroups: [apiGroup], ...(names.length > 0 && { resourceNames: names }), resources, verbs }));
}

function verbsOf(context: Context): string[] {
  const verbs = [...new Set(context.flags.list('verb').filter((verb) => verb !== ''))];
  return verbs.includes('*') ? ['*'] : verbs;
}

function warnVerbs(context: Context, verbs: readonly string[]): void {
  for (const verb of verbs) if (verb !== '*' && !knownVerbs.includes(verb)) context.err(`Warning: '${verb}' is not a standard resource verb\n`);
}

/** kubectl create role */
export const role: Generator = {
  name: 'role',
  use: 'NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a role with single rule',
  flags: [resourceFlag, resourceNameFlag, verbFlag],
  place: { group, version: 'v1', resource: 'roles', kind: 'Role', namespaced: true },
  *make(context, name) {
    const verbs = verbsOf(context);
    if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
    if (context.flags.list('resource').length === 0) throw new CommandError('at least one resource must be specified');
    warnVerbs(context, verbs);
    return { ...named(`${group}/v1`, 'Role', name), rules: yield* resourceRules(context, verbs) };
  },
};

function aggregation(text: string): Fields | undefined {
  if (text === '') return undefined;
  return Object.fromEntries(text.split(',').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 0) throw new CommandError(`invalid argument ${JSON.stringify(text)} for "--aggregation-rule" flag: ${pair} must be formatted as key=value`);
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  }));
}

/** kubectl create clusterrole */
export const clusterRole: Generator = {
  name: 'clusterrole',
  use: 'NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a cluster role',
  flags: [flag('--aggregation-rule=', 'Labels of the cluster roles to gather: key=value,…'), flag('--non-resource-url=[]', 'Path that is allowed.', { kind: 'commaList' }), resourceFlag, resourceNameFlag, verbFlag],
  place: { group, version: 'v1', resource: 'clusterroles', kind: 'ClusterRole', namespaced: false },
  *make(context, name) {
    const { flags } = context;
    const verbs = verbsOf(context);
    const urls = flags.list('non-resource-url');
    const matchLabels = aggregation(flags.string('aggregation-rule'));
    const base = named(`${group}/v1`, 'ClusterRole', name);
    if (matchLabels) {
      if (verbs.length > 0 || urls.length > 0 || flags.list('resource').length > 0 || flags.list('resource-name').length > 0) throw new CommandError('aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames');
      return { ...base, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] }, rules: null };
    }
    if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
    if (flags.list('resource').length === 0 && urls.length === 0) throw new CommandError('one of resource or nonResourceURL must be specified');
    const bad = urls.find((url) => !url.startsWith('/') && url !== '*');
    if (bad !== undefined) throw new CommandError('nonResourceURL should start with /');
    if (flags.list('resource').length > 0) warnVerbs(context, verbs);
    return { ...base, rules: [...(yield* resourceRules(context, verbs)), ...(urls.length > 0 ? [{ nonResourceURLs: urls, verbs }] : [])] };
  },
};

const subjectFlags = [
  flag('--group=[]', 'Group to bind; may be repeated.', { kind: 'list' }),
  flag('--serviceaccount=[]', 'Service account to bind, namespace:name; may be repeated.', { kind: 'list' }),
  flag('--user=[]', 'User to bind; may be repeated.', { kind: 'list' }),
];

/** The subjects of --user, --group and --serviceaccount. */
export function subjectsOf({ flags }: Context): Fields[] {
  return [
    ...flags.list('user').map((name) => ({ apiGroup: group, kind: 'User', name })),
    ...flags.list('group').map((name) => ({ apiGroup: group, kind: 'Group', name })),
    ...flags.list('serviceaccount').map((text) => {
      const [namespace = '', name = '', more] = text.split(':');
      if (namespace === '' || name === '' || more !== undefined) throw new CommandError('serviceaccount must be <namespace>:<name>');
      return { kind: 'ServiceAccount', name, namespace };
    }),
  ];
}

/** kubectl create rolebinding */
export const roleBinding: Generator = {
  name: 'rolebinding',
  use: 'NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a role binding for a particular role or cluster role',
  flags: [flag("--clusterrole=''", 'Cluster role to bind.'), flag("--role=''", 'Role to bind.'), ...subjectFlags],
  place: { group, version: 'v1', resource: 'rolebindings', kind: 'RoleBinding', namespaced: true },
  failure: 'failed to create rolebinding: ',
  *make(context, name) {
    const [clusterRoleName, roleName] = [context.flags.string('clusterrole'), context.flags.string('role')];
    if ((clusterRoleName === '') === (roleName === '')) throw new CommandError('exactly one of clusterrole or role must be specified');
    const subjects = subjectsOf(context);
    const roleRef = { apiGroup: group, kind: roleName === '' ? 'ClusterRole' : 'Role', name: roleName || clusterRoleName };
    return { ...named(`${group}/v1`, 'RoleBinding', name), roleRef, ...(subjects.length > 0 && { subjects }) };
  },
};

/** kubectl create clusterrolebinding */
export const clusterRoleBinding: Generator = {
  name: 'clusterrolebinding',
  use: 'NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a cluster role binding for a particular cluster role',
  flags: [flag("--clusterrole=''", 'Cluster role to bind.', { required: true }), ...subjectFlags],
  place: { group, version: 'v1', resource: 'clusterrolebindings', kind: 'ClusterRoleBinding', namespaced: false },
  failure: 'failed to create clusterrolebinding: ',
  *make(context, name) {
    const subjects = subjectsOf(context);
    return { ...named(`${group}/v1`, 'ClusterRoleBinding', name), roleRef: { apiGroup: group, kind: 'ClusterRole', name: context.flags.string('clusterrole') }, ...(subjects.length > 0 && { subjects }) };
  },
};
