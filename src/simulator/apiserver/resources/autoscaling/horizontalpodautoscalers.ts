import { type HorizontalPodAutoscaler, type HPAScalingRules, parseQuantity, type MetricSpec, type MetricStatus, type MetricTarget, type MetricValueStatus } from '../../../api';
import { type Errors, type Path } from '../../field';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { collect, keepStatus, specPath, updateStatusOnly } from '../strategy';
import { checkMetric, checkReference } from './metrics';

const defaultPolicies = {
  scaleUp: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }],
  scaleDown: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
} as const;

function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  spec['minReplicas'] ??= 1;
  if (draft['apiVersion'] === 'autoscaling/v1') {
    const annotations = draft.metadata['annotations'] as Readonly<Record<string, string>> | undefined;
    if (annotations?.['autoscaling.alpha.kubernetes.io/metrics'] === undefined) spec['targetCPUUtilizationPercentage'] ??= 80;
    return;
  }
  if (((spec['metrics'] ?? []) as readonly unknown[]).length === 0) spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
  const behavior = spec['behavior'] as Record<string, Record<string, unknown> | undefined> | undefined;
  if (!behavior) return;
  for (const direction of ['scaleUp', 'scaleDown'] as const) {
    const rules = (behavior[direction] ??= {});
    rules['selectPolicy'] ??= 'Max';
    if (direction === 'scaleUp') rules['stabilizationWindowSeconds'] ??= 0;
    if (rules['policies'] === undefined || rules['policies'] === null) rules['policies'] = defaultPolicies[direction].map((policy) => ({ ...policy }));
  }
}

function checkRules(rules: HPAScalingRules | undefined, path: Path, errors: Errors): void {
  if (!rules) return;
  const { stabilizationWindowSeconds: window, selectPolicy, tolerance } = rules;
  const policies = rules.policies ?? [];
  if (window !== undefined && window < 0) errors.invalid(path.child('stabilizationWindowSeconds'), window, 'must be greater than or equal to zero');
  if (window !== undefined && window > 3600) errors.invalid(path.child('stabilizationWindowSeconds'), window, 'must be less than or equal to 3600');
  if (selectPolicy !== undefined && !['Max', 'Min', 'Disabled'].includes(selectPolicy)) errors.notSupported(path.child('selectPolicy'), selectPolicy, ['Disabled', 'Max', 'Min']);
  const at = path.child('policies');
  if (policies.length === 0) errors.required(at, 'must specify at least one Policy');
  for (const [index, { type, value, periodSeconds }] of policies.entries()) {
    const own = at.index(index);
    if (type !== 'Pods' && type !== 'Percent') errors.notSupported(own.child('type'), type, ['Percent', 'Pods']);
    if (value <= 0) errors.invalid(own.child('value'), value, 'must be greater than zero');
    if (periodSeconds <= 0) errors.invalid(own.child('periodSeconds'), periodSeconds, 'must be greater than zero');
    if (periodSeconds > 1800) errors.invalid(own.child('periodSeconds'), periodSeconds, 'must be less than or equal to 1800');
  }
  if (tolerance !== undefined && parseQuantity(String(tolerance)).sign < 0) errors.invalid(path.child('tolerance'), String(tolerance), 'must be greater than or equal to 0');
}

const spread = (spec: HorizontalPodAutoscaler['spec']): boolean => (spec?.metrics ?? []).some(({ type }) => type === 'Object' || type === 'External');

function check({ spec }: HorizontalPodAutoscaler, errors: Errors): void {
  if (!spec) return;
  const { minReplicas, maxReplicas, scaleTargetRef, metrics = [], behavior } = spec;
  if (minReplicas !== undefined && minReplicas < 1) errors.invalid(specPath.child('minReplicas'), minReplicas, 'must be greater than or equal to 1');
  if (maxReplicas < 0) errors.invalid(specPath.child('maxReplicas'), maxReplicas, 'must be greater than or equal to 1');
  else if (maxReplicas === 0) errors.required(specPath.child('maxReplicas'), 'must be set and greater than 0');
  if (minReplicas !== undefined && maxReplicas < minReplicas) errors.invalid(specPath.child('maxReplicas'), maxReplicas, 'must be greater than or equal to `minReplicas`');
  checkReference(scaleTargetRef, specPath.child('scaleTargetRef'), errors);
  const { apiVersion = '', kind } = scaleTargetRef;
  if (apiVersion.indexOf('/') < 1 && kind !== 'ReplicationController') errors.invalid(specPath.child('scaleTargetRef').child('apiVersion'), apiVersion, 'apiVersion must specify API group');
  for (const [index, metric] of metrics.entries()) checkMetric(metric, specPath.child('metrics').index(index), errors);
  if (minReplicas === 0 && !spread(spec)) errors.forbidden(specPath.child('metrics'), 'must specify at least one Object or External metric to support scaling to zero replicas');
  checkRules(behavior?.scaleUp, specPath.child('behavior').child('scaleUp'), errors);
  checkRules(behavior?.scaleDown, specPath.child('behavior').child('scaleDown'), errors);
}

const shown = (value: unknown): string => (value === undefined ? '<unknown>' : String(value));

function targetText(target: MetricTarget, current: MetricValueStatus | undefined): string {
  if (target.averageValue !== undefined) return `${shown(current?.averageValue)}/${target.averageValue} (avg)`.replace(' (avg)', '');
  if (target.averageUtilization !== undefined) return `${current?.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}%`}/${target.averageUtilization}%`;
  return `${shown(current?.value)}/${shown(target.value)}`;
}

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'External':
      return metric.external ? `${targetText(metric.external.target, status?.external?.current)}${metric.external.target.averageValue !== undefined ? ' (avg)' : ''}` : '<unknown type>';
    case 'Pods':
      return `${shown(status?.pods?.current.averageValue)}/${shown(metric.pods?.target.averageValue)}`;
    case 'Object':
      return metric.object ? `${targetText(metric.object.target, status?.object?.current)}${metric.object.target.averageValue !== undefined ? ' (avg)' : ''}` : '<unknown type>';
    case 'Resource':
      return metric.resource ? `${metric.resource.name}: ${targetText(metric.resource.target, status?.resource?.current)}` : '<unknown type>';
    case 'ContainerResource':
      return metric.containerResource ? `${metric.containerResource.name}: ${targetText(metric.containerResource.target, status?.containerResource?.current)}` : '<unknown type>';
    default:
      return '<unknown type>';
  }
}

function targetsText({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec?.metrics ?? [];
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, index) => metricText(metric, status?.currentMetrics?.[index] ?? undefined));
  return texts.length > 2 ? `${texts.slice(0, 2).join(', ')} + ${texts.length - 2} more...` : texts.join(', ');
}

/** HorizontalPodAutoscalers: as many Pods as the load needs. */
export const horizontalpodautoscalers: ResourceDefinition<HorizontalPodAutoscaler> = {
  group: 'autoscaling',
  resource: 'horizontalpodautoscalers',
  applyDefaults,
  prepareForCreate: (draft) => void (draft['status'] = { desiredReplicas: 0, currentMetrics: null }),
  validateCreate: (own) => collect((errors) => check(own, errors)),
  prepareForUpdate: keepStatus,
  validateUpdate: (own) => collect((errors) => check(own, errors)),
  subresources: { status: { prepareForUpdate: (draft, old) => updateStatusOnly(draft, old) } },
  cells: (own, now) => {
    const { spec, status } = own;
    return [nameOf(own), `${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`, targetsText(own), spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas), spec?.maxReplicas ?? 0, status?.currentReplicas ?? 0, age(own, now)];
  },
};
