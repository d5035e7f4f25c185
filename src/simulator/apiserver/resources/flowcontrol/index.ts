import { type FlowSchema, isDns1123Subdomain, type PriorityLevelConfiguration } from '../../../api';
import { type Errors, inclusiveRange, type Path } from '../../field';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { checkOneOf } from '../pod-spec';
import { collect, newWithGeneration, specPath, statusStrategy, updateSpec } from '../strategy';

const group = 'flowcontrol.apiserver.k8s.io';

function checkSchema({ spec }: FlowSchema, errors: Errors): void {
  const { matchingPrecedence = 0, distinguisherMethod, priorityLevelConfiguration, rules = [] } = spec ?? { priorityLevelConfiguration: { name: '' } };
  if (matchingPrecedence <= 0) errors.invalid(specPath.child('matchingPrecedence'), matchingPrecedence, 'must be a positive value');
  if (matchingPrecedence > 10_000) errors.invalid(specPath.child('matchingPrecedence'), matchingPrecedence, 'must not be greater than 10000');
  if (distinguisherMethod && distinguisherMethod.type !== 'ByNamespace' && distinguisherMethod.type !== 'ByUser') errors.notSupported(specPath.child('distinguisherMethod').child('type'), { Type: distinguisherMethod.type }, ['ByNamespace', 'ByUser']);
  const at = specPath.child('priorityLevelConfiguration').child('name');
  const name = priorityLevelConfiguration.name;
  if (name === '') errors.required(at, 'must reference a priority level');
  else errors.invalidEach(at, name, isDns1123Subdomain(name));
  for (const [index, { subjects = [], resourceRules = [], nonResourceRules = [] }] of rules.entries()) {
    const path = specPath.child('rules').index(index);
    if (subjects.length === 0) errors.required(path.child('subjects'), 'subjects must contain at least one value');
    if (resourceRules.length === 0 && nonResourceRules.length === 0) errors.required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty');
    for (const [subjectIndex, subject] of subjects.entries()) {
      const own = path.child('subjects').index(subjectIndex);
      if (subject.kind === 'ServiceAccount' && !subject.serviceAccount) errors.required(own.child('serviceAccount'), "serviceAccount is required when subject kind is 'ServiceAccount'");
      else if (subject.kind === 'User' && !subject.user) errors.required(own.child('user'), "user is required when subject kind is 'User'");
      else if (subject.kind === 'Group' && !subject.group) errors.required(own.child('group'), "group is required when subject kind is 'Group'");
      else if (subject.kind === 'User' && subject.user?.name === '') errors.required(own.child('user').child('name'));
      else if (subject.kind === 'Group' && subject.group?.name === '') errors.required(own.child('group').child('name'));
      else checkOneOf(subject.kind, ['Group', 'ServiceAccount', 'User'], own.child('kind'), errors);
    }
    for (const [ruleIndex, rule] of resourceRules.entries()) {
      const own = path.child('resourceRules').index(ruleIndex);
      if ((rule.verbs ?? []).length === 0) errors.required(own.child('verbs'), 'verbs must contain at least one value');
      if ((rule.apiGroups ?? []).length === 0) errors.required(own.child('apiGroups'), 'resource rules must supply at least one api group');
      if ((rule.resources ?? []).length === 0) errors.required(own.child('resources'), 'resource rules must supply at least one resource');
      if ((rule.namespaces ?? []).length === 0 && !rule.clusterScope) errors.required(own.child('namespaces'), 'resource rules that are not cluster scoped must supply at least one namespace');
    }
    for (const [ruleIndex, rule] of nonResourceRules.entries()) {
      const own = path.child('nonResourceRules').index(ruleIndex);
      if ((rule.verbs ?? []).length === 0) errors.required(own.child('verbs'), 'verbs must contain at least one value');
      if ((rule.nonResourceURLs ?? []).length === 0) errors.required(own.child('nonResourceURLs'), 'nonResourceURLs must contain at least one value');
    }
  }
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
  subresources: { status: statusStrategy<FlowSchema>() },
  cells: (schema, now) => {
    const { spec } = schema;
    return [nameOf(schema), spec?.priorityLevelConfiguration.name ?? '', spec?.matchingPrecedence ?? 0, spec?.distinguisherMethod?.type ?? '<none>', age(schema, now), missingLevel(schema)];
  },
};

function defaultLevel(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, Record<string, unknown> | string | undefined>;
  const exempt = spec['exempt'] as Record<string, unknown> | undefined;
  if (spec['type'] === 'Exempt') {
    const own = exempt ?? {};
    own['nominalConcurrencyShares'] ??= 0;
    own['lendablePercent'] ??= 0;
    spec['exempt'] = own;
  }
  const limited = spec['limited'] as Record<string, unknown> | undefined;
  if (!limited) return;
  limited['nominalConcurrencyShares'] ??= 30;
  limited['lendablePercent'] ??= 0;
  const response = limited['limitResponse'] as Record<string, Record<string, unknown> | undefined> | undefined;
  const queuing = response?.['queuing'];
  if (!queuing) return;
  for (const [name, value] of [['queues', 64], ['handSize', 8], ['queueLengthLimit', 50]] as const) if ((queuing[name] ?? 0) === 0) queuing[name] = value;
}

type Response = NonNullable<NonNullable<NonNullable<PriorityLevelConfiguration['spec']>['limited']>['limitResponse']>;

function checkResponse(response: Response | undefined, path: Path, errors: Errors): void {
  const type = response?.type ?? '';
  if (type === 'Reject') {
    if (response?.queuing) errors.forbidden(path.child('queuing'), 'must be nil if limited.limitResponse.type is not Limited');
  } else if (type === 'Queue') {
    if (!response?.queuing) return errors.required(path.child('queuing'), 'must not be empty if limited.limitResponse.type is Limited');
    const { queues = 0, handSize = 0, queueLengthLimit = 0 } = response.queuing;
    const at = path.child('queuing');
    if (queueLengthLimit <= 0) errors.invalid(at.child('queueLengthLimit'), queueLengthLimit, 'must be positive');
    if (queues <= 0) errors.invalid(at.child('queues'), queues, 'must be positive');
    else if (queues > 10_000_000) errors.invalid(at.child('queues'), queues, 'must not be greater than 10000000');
    if (handSize <= 0) errors.invalid(at.child('handSize'), handSize, 'must be positive');
    else if (handSize > queues) errors.invalid(at.child('handSize'), handSize, `should not be greater than queues (${queues})`);
  } else if (type === '') errors.required(path.child('type'));
  else errors.notSupported(path.child('type'), type, ['Queue', 'Reject']);
}

function checkLevel({ metadata, spec }: PriorityLevelConfiguration, errors: Errors): void {
  const { type = '', limited, exempt } = spec ?? { type: '' };
  if ((metadata?.name === 'exempt') !== (type === 'Exempt')) errors.invalid(specPath.child('type'), type, "must be 'Exempt' if and only if `name` is 'exempt'");
  if (type === 'Limited') {
    if (exempt) errors.forbidden(specPath.child('exempt'), "must be nil if the type is Limited");
    if (!limited) return errors.required(specPath.child('limited'), "must not be empty when type is Limited");
    const at = specPath.child('limited');
    if ((limited.nominalConcurrencyShares ?? 0) < 0) errors.invalid(at.child('nominalConcurrencyShares'), limited.nominalConcurrencyShares, 'must be a non-negative integer');
    const response = limited.limitResponse;
    checkResponse(response, at.child('limitResponse'), errors);
    const lendable = limited.lendablePercent ?? 0;
    if (lendable < 0 || lendable > 100) errors.invalid(at.child('lendablePercent'), lendable, inclusiveRange(0, 100));
  } else if (type === 'Exempt') {
    if (limited) errors.forbidden(specPath.child('limited'), "must be nil if the type is not Limited");
  } else if (type === '') errors.required(specPath.child('type'));
  else errors.notSupported(specPath.child('type'), type, ['Exempt', 'Limited']);
}

/** PriorityLevelConfigurations: how many requests go at once. */
export const prioritylevelconfigurations: ResourceDefinition<PriorityLevelConfiguration> = {
  group,
  resource: 'prioritylevelconfigurations',
  applyDefaults: defaultLevel,
  prepareForCreate: newWithGeneration,
  validateCreate: (level) => collect((errors) => checkLevel(level, errors)),
  prepareForUpdate: updateSpec,
  validateUpdate: (level) => collect((errors) => checkLevel(level, errors)),
  subresources: { status: statusStrategy<PriorityLevelConfiguration>() },
  cells: (level, now) => {
    const { spec } = level;
    const queuing = spec?.limited?.limitResponse?.queuing;
    const shares = spec?.limited?.nominalConcurrencyShares ?? spec?.exempt?.nominalConcurrencyShares;
    return [nameOf(level), spec?.type ?? '', shares ?? '<none>', queuing?.queues ?? '<none>', queuing?.handSize ?? '<none>', queuing?.queueLengthLimit ?? '<none>', age(level, now)];
  },
};
