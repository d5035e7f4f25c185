import { type Subject, type FlowSchema, isDns1123Label, isDns1123Subdomain, type NonResourcePolicyRule, type PolicyRulesWithSubjects, type ResourcePolicyRule } from '../../../api';
import type { Errors, Path } from '../../field';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { sameValue } from '../equality';
import { internalView } from '../internal-view';
import { collect, newWithGeneration, specPath, statusStrategy, updateSpec } from '../strategy';
import { checkConditionTypes } from './conditions';

const group = 'flowcontrol.apiserver.k8s.io';

function checkName(name: string, path: Path, errors: Errors): void {
  if (name === '') errors.required(path);
}

/** What a subject of each kind says in the field that is named so. */
const subjectFields = { User: 'user', Group: 'group', ServiceAccount: 'serviceAccount' } as const;

type SubjectField = (typeof subjectFields)[keyof typeof subjectFields];

const [user, serviceAccountField, groupField] = [['User', 'user'], ['ServiceAccount', 'serviceAccount'], ['Group', 'group']] as const;

/** Whose fields a subject must not have, in the order in which they are looked at. */
const alien = { user: [serviceAccountField, groupField], group: [serviceAccountField, user], serviceAccount: [user, groupField] } as const satisfies Record<SubjectField, unknown>;

function checkServiceAccount({ name, namespace }: NonNullable<Subject['serviceAccount']>, path: Path, errors: Errors): void {
  if (name === '') errors.required(path.child('name'));
  else if (name !== '*') errors.invalidEach(path.child('name'), name, isDns1123Subdomain(name));
  if (namespace === '') errors.required(path.child('namespace'), 'must specify namespace for service account');
  else errors.invalidEach(path.child('namespace'), namespace, isDns1123Label(namespace));
}

function checkSubject(subject: Subject, path: Path, errors: Errors): void {
  const own = subjectFields[subject.kind as keyof typeof subjectFields] as SubjectField | undefined;
  if (own === undefined) return errors.notSupported(path.child('kind'), subject.kind, ['Group', 'ServiceAccount', 'User']);
  if (!subject[own]) errors.required(path.child(own), `${own} is required when subject kind is '${subject.kind}'`);
  else if (own === 'serviceAccount') checkServiceAccount(subject[own] as NonNullable<Subject['serviceAccount']>, path.child(own), errors);
  else checkName((subject[own] as { readonly name: string }).name, path.child(own).child('name'), errors);
  for (const [kind, field] of alien[own]) if (subject[field]) errors.forbidden(path.child(field), `${field} is forbidden when subject kind is not '${kind}'`);
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

function checkVerbs(own: readonly string[], path: Path, errors: Errors): void {
  if (own.length === 0) errors.required(path, 'verbs must contain at least one value');
  else if (own.includes('*')) {
    if (own.length > 1) errors.invalid(path, own, "if '*' is present, must not specify other verbs");
  } else if (own.some((verb) => !verbs.includes(verb))) errors.notSupported(path, own, verbs);
}

function checkResourceRule(rule: ResourcePolicyRule, path: Path, errors: Errors): void {
  checkVerbs(rule.verbs ?? [], path.child('verbs'), errors);
  const [groups, resources, namespaces] = [rule.apiGroups ?? [], rule.resources ?? [], rule.namespaces ?? []];
  if (groups.length === 0) errors.required(path.child('apiGroups'), 'resource rules must supply at least one api group');
  else if (groups.length > 1 && groups.includes('*')) errors.invalid(path.child('apiGroups'), groups, "if '*' is present, must not specify other api groups");
  if (resources.length === 0) errors.required(path.child('resources'), 'resource rules must supply at least one resource');
  else if (resources.length > 1 && resources.includes('*')) errors.invalid(path.child('resources'), resources, "if '*' is present, must not specify other resources");
  if (namespaces.length === 0 && !rule.clusterScope) errors.required(path.child('namespaces'), 'resource rules that are not cluster scoped must supply at least one namespace');
  else if (namespaces.length > 1 && namespaces.includes('*')) errors.invalid(path.child('namespaces'), namespaces, "if '*' is present, must not specify other namespaces");
  for (const [index, namespace] of namespaces.entries()) {
    if (namespace !== '*') errors.invalidEach(path.child('namespaces').index(index), namespace, isDns1123Label(namespace).map((reason) => `each member of this list must be '*' or a DNS-1123 label; ${reason}`));
  }
}

function checkUrlPattern(pattern: string, path: Path, errors: Errors): void {
  if (pattern === '') return errors.invalid(path, pattern, 'must not be empty');
  if (pattern === '*') return;
  if (!pattern.startsWith('/')) return errors.invalid(path, pattern, 'must start with slash');
  if (pattern.includes(' ')) return errors.invalid(path, pattern, 'must not contain white-space');
  if (pattern.includes('//')) return errors.invalid(path, pattern, 'must not contain double slash');
  if (pattern.slice(0, -1).includes('*') || (pattern.endsWith('*') && !pattern.endsWith('/*'))) errors.invalid(path, pattern, 'wildcard can only do suffix matching');
}

function checkNonResourceRule(rule: NonResourcePolicyRule, path: Path, errors: Errors): void {
  checkVerbs(rule.verbs ?? [], path.child('verbs'), errors);
  const urls = rule.nonResourceURLs ?? [];
  if (urls.length === 0) errors.required(path.child('nonResourceURLs'), 'nonResourceURLs must contain at least one value');
  else if (urls.length > 1 && urls.includes('*')) return errors.invalid(path.child('nonResourceURLs'), urls, "if '*' is present, must not specify other non-resource URLs");
  for (const [index, url] of urls.entries()) checkUrlPattern(url, path.child('nonResourceURLs').index(index), errors);
}

function checkRules({ subjects, resourceRules, nonResourceRules }: PolicyRulesWithSubjects, path: Path, errors: Errors): void {
  if ((subjects ?? []).length === 0) errors.required(path.child('subjects'), 'subjects must contain at least one value');
  for (const [index, subject] of (subjects ?? []).entries()) checkSubject(subject, path.child('subjects').index(index), errors);
  if ((resourceRules ?? []).length + (nonResourceRules ?? []).length === 0) errors.required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty');
  for (const [index, rule] of (resourceRules ?? []).entries()) checkResourceRule(rule, path.child('resourceRules').index(index), errors);
  for (const [index, rule] of (nonResourceRules ?? []).entries()) checkNonResourceRule(rule, path.child('nonResourceRules').index(index), errors);
}

const everything = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};
const members = (...groups: readonly string[]) => groups.map((name) => ({ kind: 'Group', group: { name } }));

/** What the server itself needs may not be changed. */
const mandatory: Readonly<Record<string, object>> = {
  exempt: { priorityLevelConfiguration: { name: 'exempt' }, matchingPrecedence: 1, rules: [{ subjects: members('system:masters'), ...everything }] },
  'catch-all': { priorityLevelConfiguration: { name: 'catch-all' }, matchingPrecedence: 10_000, distinguisherMethod: { type: 'ByUser' }, rules: [{ subjects: members('system:unauthenticated', 'system:authenticated'), ...everything }] },
};

function checkSchema({ metadata, spec }: FlowSchema, errors: Errors): void {
  const { matchingPrecedence = 0, distinguisherMethod, priorityLevelConfiguration, rules = [] } = spec ?? { priorityLevelConfiguration: { name: '' } };
  const precedence = specPath.child('matchingPrecedence');
  if (matchingPrecedence <= 0) errors.invalid(precedence, matchingPrecedence, 'must be a positive value');
  if (matchingPrecedence > 10_000) errors.invalid(precedence, matchingPrecedence, 'must not be greater than 10000');
  if (matchingPrecedence === 1 && metadata?.name !== 'exempt') errors.invalid(precedence, matchingPrecedence, "only the schema named 'exempt' may have matchingPrecedence 1");
  if (distinguisherMethod && distinguisherMethod.type !== 'ByNamespace' && distinguisherMethod.type !== 'ByUser') errors.notSupported(specPath.child('distinguisherMethod').child('type'), { Type: distinguisherMethod.type }, ['ByNamespace', 'ByUser']);
  const at = specPath.child('priorityLevelConfiguration').child('name');
  const name = priorityLevelConfiguration.name;
  if (name === '') errors.required(at, 'must reference a priority level');
  else errors.invalidEach(at, name, isDns1123Subdomain(name));
  for (const [index, rule] of rules.entries()) checkRules(rule, specPath.child('rules').index(index), errors);
  const fixed = mandatory[metadata?.name ?? ''];
  if (fixed && !sameValue(spec, fixed)) errors.invalid(specPath, internalView('io.k8s.api.flowcontrol.v1.FlowSchemaSpec', spec ?? {}), `spec of '${metadata?.name ?? ''}' must equal the fixed value`);
}

function missingLevel({ status }: FlowSchema): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Dangling');
  return condition?.status ?? '?';
}

/** FlowSchemas: which requests belong together (KEP-1040). */
export const flowschemas: ResourceDefinition<FlowSchema> = {
  group,
  resource: 'flowschemas',
  applyDefaults: (draft: Draft) => {
    const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
    if ((spec['matchingPrecedence'] ?? 0) === 0) spec['matchingPrecedence'] = 1000;
  },
  prepareForCreate: newWithGeneration,
  validateCreate: (schema) => collect((errors) => checkSchema(schema, errors)),
  prepareForUpdate: updateSpec,
  validateUpdate: (schema) => collect((errors) => checkSchema(schema, errors)),
  subresources: { status: statusStrategy<FlowSchema>((own) => collect((errors) => checkConditionTypes(own.status?.conditions, errors)), 'all') },
  cells: (schema, now) => {
    const { spec } = schema;
    return [nameOf(schema), spec?.priorityLevelConfiguration.name ?? '', spec?.matchingPrecedence ?? 0, spec?.distinguisherMethod?.type ?? '<none>', age(schema, now), missingLevel(schema)];
  },
};
