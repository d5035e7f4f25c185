import { parseQuantity, type ResourceQuota, type ResourceQuotaSpec } from '../../../../api';
import { type Errors, type Path } from '../../../field';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { checkResourceAmount, checkResourceName, isHugePages, roundAmounts } from '../../pod-spec';
import { collect, keepStatus, newWithStatus, specPath, statusPath, updateStatusOnly } from '../../strategy';

const quotaResources = new Set([
  'cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.storage', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage', 'pods', 'resourcequotas', 'services',
  'replicationcontrollers', 'secrets', 'persistentvolumeclaims', 'configmaps', 'services.nodeports', 'services.loadbalancers',
]);
const podScopes = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity'];
const known = new Set([...podScopes, 'VolumeAttributesClass']);
const podResources = new Set(['pods', 'cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);
const isStandard = (name: string): boolean => quotaResources.has(name) || isHugePages(name.replace('requests.', ''));

function scopeFits(scope: string, resource: string): boolean {
  if (!isStandard(resource)) return true;
  if (scope === 'BestEffort') return resource === 'pods';
  if (scope === 'VolumeAttributesClass') return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
  return !podScopes.includes(scope) || podResources.has(resource);
}

function checkResource(name: string, text: string | number, path: Path, errors: Errors): void {
  checkResourceName(name, path, errors);
  if (!name.includes('/') && !isStandard(name)) errors.invalid(path, name, 'must be a standard resource for quota');
  checkResourceAmount(name, text, path, errors);
}

const exclusive = [['BestEffort', 'NotBestEffort'], ['Terminating', 'NotTerminating']] as const;

function checkScopes({ scopes = [], hard = {} }: ResourceQuotaSpec, errors: Errors): void {
  if (scopes.length === 0) return;
  const path = specPath.child('scopes');
  const seen = new Set<string>(scopes);
  for (const scope of scopes as readonly string[]) {
    if (!known.has(scope)) errors.invalid(path, scopes, 'unsupported scope');
    for (const resource in hard) if (known.has(scope) && !scopeFits(scope, resource)) errors.invalid(path, scopes, 'unsupported scope applied to resource');
  }
  for (const [a, b] of exclusive) if (seen.has(a) && seen.has(b)) errors.invalid(path, scopes, 'conflicting scopes');
}

function checkSelector({ scopeSelector, scopes, hard = {} }: ResourceQuotaSpec, errors: Errors): void {
  const path = specPath.child('scopeSelector').child('matchExpressions');
  const requirements = scopeSelector?.matchExpressions ?? [];
  for (const { scopeName, operator, values = [] } of requirements) {
    const scope = scopeName as string;
    if (!known.has(scope)) errors.invalid(path.child('scopeName'), scope, 'unsupported scope');
    for (const resource in hard) if (known.has(scope) && !scopeFits(scope, resource)) errors.invalid(path, { MatchExpressions: requirements.map((one) => ({ ScopeName: one.scopeName, Operator: one.operator, Values: one.values ?? null })) }, 'unsupported scope applied to resource');
    if (['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'].includes(scope) && operator !== 'Exists') errors.invalid(path.child('operator'), operator, 'must be \'Exists\' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity');
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) errors.required(path.child('values'), 'must be at least one value when `operator` is \'In\' or \'NotIn\' for scope selector');
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length !== 0) errors.invalid(path.child('values'), values, 'must be no value when `operator` is \'Exist\' or \'DoesNotExist\' for scope selector');
    } else errors.invalid(path.child('operator'), operator, 'not a valid selector operator');
  }
  const seen = new Set<string>(requirements.map(({ scopeName }) => scopeName));
  for (const [a, b] of exclusive) if (seen.has(a) && seen.has(b)) errors.invalid(path, scopes ?? null, 'conflicting scopes');
}

const hardPath = specPath.child('hard');

const check = ({ spec = {} }: ResourceQuota, errors: Errors): void => {
  for (const name in spec.hard) checkResource(name, (spec.hard as Readonly<Record<string, string>>)[name] as string, hardPath.index(name), errors);
  checkScopes(spec, errors);
  checkSelector(spec, errors);
};

function usageTexts({ status }: ResourceQuota): [requests: string, limits: string] {
  const requests: string[] = [];
  const limits: string[] = [];
  for (const name of Object.keys(status?.hard ?? {}).sort()) {
    const used = parseQuantity(String(status?.used?.[name] ?? '0')).toString();
    const text = `${name}: ${used}/${parseQuantity(String(status?.hard?.[name])).toString()}`;
    (name.startsWith('limits') ? limits : requests).push(text);
  }
  return [requests.join(', '), limits.join(', ')];
}

/** ResourceQuotas: how much a namespace may hold. */
export const resourcequotas: ResourceDefinition<ResourceQuota> = {
  group: '',
  resource: 'resourcequotas',
  applyDefaults: (draft: Draft) => {
    roundAmounts((draft['spec'] as Record<string, unknown> | undefined)?.['hard']);
    draft['spec'] ??= {};
  },
  prepareForCreate: newWithStatus,
  validateCreate: (quota) => collect((errors) => check(quota, errors)),
  prepareForUpdate: keepStatus,
  validateUpdate: (quota, old) =>
    collect((errors) => {
      check(quota, errors);
      if (!sameValue([...(quota.spec?.scopes ?? [])].sort(), [...(old.spec?.scopes ?? [])].sort())) errors.invalid(specPath.child('scopes'), quota.spec?.scopes ?? null, 'field is immutable');
    }),
  subresources: {
    status: {
      prepareForUpdate: (draft, old) => updateStatusOnly(draft, old),
      validateUpdate: ({ status }) =>
        collect((errors) => {
          for (const field of ['hard', 'used'] as const) for (const name in status?.[field]) checkResource(name, (status[field] as Readonly<Record<string, string>>)[name] as string, statusPath.child(field).index(name), errors);
        }),
    },
  },
  cells: (quota, now) => [nameOf(quota), ...usageTexts(quota), age(quota, now)],
};
