import type { Draft } from '../resources/definition';
import { internalView } from '../resources/internal-view';
import { currentMetricsText, metricsText, parseCurrentMetrics, parseMetrics } from './autoscaler-metrics';

const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics';
const conditionsAnnotation = 'autoscaling.alpha.kubernetes.io/conditions';
const currentMetricsAnnotation = 'autoscaling.alpha.kubernetes.io/current-metrics';
const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior';

interface Metric {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target?: { readonly averageUtilization?: number }; readonly current?: { readonly averageUtilization?: number } };
}

const isCpuUtilization = (metric: Metric) => metric.type === 'Resource' && metric.resource?.name === 'cpu' && metric.resource.target?.averageUtilization !== undefined;

/** Fields of the server's own structs under the names that clients know, those that are not set left out. */
function asClientsWrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asClientsWrite);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null).map(([name, part]) => [name.charAt(0).toLowerCase() + name.slice(1), asClientsWrite(part)]));
}

/** autoscaling/v2 of an autoscaling/v1 HorizontalPodAutoscaler: a CPU percentage is one metric among others. */
export function autoscalerToStored(draft: Draft): void {
  const spec = { ...(draft['spec'] as Record<string, unknown>) };
  const annotations = { ...(draft.metadata['annotations'] as Record<string, string> | undefined) };
  const metrics = parseMetrics(annotations[metricsAnnotation]) ?? [];
  const target = spec['targetCPUUtilizationPercentage'];
  if (target !== undefined) metrics.unshift({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } } });
  delete spec['targetCPUUtilizationPercentage'];
  if (metrics.length > 0) spec['metrics'] = metrics;
  if (annotations[behaviorAnnotation] !== undefined) spec['behavior'] = asClientsWrite(JSON.parse(annotations[behaviorAnnotation]));
  draft['spec'] = spec;
  const status = { ...(draft['status'] as Record<string, unknown> | undefined) };
  const current = status['currentCPUUtilizationPercentage'];
  delete status['currentCPUUtilizationPercentage'];
  const measured = parseCurrentMetrics(annotations[currentMetricsAnnotation]);
  if (measured) status['currentMetrics'] = measured;
  else if (current !== undefined) status['currentMetrics'] = [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } }];
  if (annotations[conditionsAnnotation] !== undefined) status['conditions'] = JSON.parse(annotations[conditionsAnnotation]);
  draft['status'] = { desiredReplicas: 0, currentMetrics: null, ...status };
  for (const name of [metricsAnnotation, conditionsAnnotation, currentMetricsAnnotation, behaviorAnnotation]) delete annotations[name];
  if (Object.keys(annotations).length > 0) draft.metadata['annotations'] = annotations;
  else delete draft.metadata['annotations'];
}

/** autoscaling/v1 of a stored autoscaling/v2 one; what v1 has no field for goes into annotations. */
export function autoscalerFromStored(draft: Draft): void {
  const { metrics = [], behavior, ...spec } = draft['spec'] as Record<string, unknown> & { behavior?: object; metrics?: readonly Metric[] };
  const annotations = { ...(draft.metadata['annotations'] as Record<string, string> | undefined) };
  const cpu = metrics.find(isCpuUtilization);
  const others = metrics.filter((metric) => !isCpuUtilization(metric));
  if (cpu) spec['targetCPUUtilizationPercentage'] = cpu.resource?.target?.averageUtilization;
  if (others.length > 0) annotations[metricsAnnotation] = metricsText(others);
  if (behavior !== undefined) annotations[behaviorAnnotation] = JSON.stringify(internalView('io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior', behavior));
  draft['spec'] = spec;
  const { currentMetrics, conditions, ...status } = (draft['status'] ?? {}) as Record<string, unknown> & { currentMetrics?: readonly Metric[] | null };
  const current = currentMetrics?.find((metric) => metric.type === 'Resource' && metric.resource?.name === 'cpu');
  if (current?.resource?.current?.averageUtilization !== undefined) status['currentCPUUtilizationPercentage'] = current.resource.current.averageUtilization;
  if (currentMetrics && currentMetrics.length > 0) annotations[currentMetricsAnnotation] = currentMetricsText(currentMetrics);
  if (conditions !== undefined) annotations[conditionsAnnotation] = JSON.stringify(conditions);
  draft['status'] = { currentReplicas: 0, ...status };
  if (Object.keys(annotations).length > 0) draft.metadata['annotations'] = annotations;
}
