import { type HorizontalPodAutoscaler, type KubeList, type KubeObject, type MetricSpec, type MetricStatus, milliAmountOf, parseQuantity, type Pod, StatusError } from '../../api';
import { type Client, isApiFailure, isDeleting, meta } from '../../client';
import type { Task } from '../../kernel';
import { isReady, isTerminal } from '../pods';

type PodMetrics = KubeObject & { readonly containers?: readonly { readonly name: string; readonly usage?: Readonly<Record<string, string>> }[] };

/** A metric could not be had; `reason` names it in conditions and events. */
export class MetricError extends Error {
  override readonly name = 'MetricError';

  constructor(readonly reason: string, message: string) {
    super(message);
  }
}

/** What one metric asks for. */
export interface Proposal {
  readonly replicas: number;
  /** 'cpu resource utilization (percentage of request)' */
  readonly metric: string;
  readonly status: MetricStatus;
}

const tolerance = 0.1;

/** A ratio so near to one that nothing is to be done. */
const isNear = (ratio: number): boolean => Math.abs(1 - ratio) <= tolerance;

function* fetch(client: Client, namespace: string, selector: string, resource: string): Task<Map<string, PodMetrics>> {
  const fail = (why: string) => new MetricError('FailedGetResourceMetric', `unable to get metrics for resource ${resource}: ${why}`);
  let list: KubeList<PodMetrics>;
  try {
    const response = yield* client.request({ method: 'GET', url: `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}` });
    list = response.body as KubeList<PodMetrics>;
  } catch (error) {
    if (!isApiFailure(error)) throw error;
    const missing = error instanceof StatusError && error.code === 404;
    throw fail(`unable to fetch metrics from resource metrics API: ${missing ? 'the server could not find the requested resource (get pods.metrics.k8s.io)' : error.message}`);
  }
  if (list.items.length === 0) throw fail('no metrics returned from resource metrics API');
  return new Map(list.items.map((item) => [meta(item).name, item]));
}

const milli = (quantity: string | undefined): number => (quantity === undefined ? 0 : parseQuantity(quantity).milliValue());

function usageOf(metrics: PodMetrics, resource: string, container: string | undefined): number {
  return (metrics.containers ?? []).filter(({ name }) => container === undefined || name === container).reduce((sum, { usage }) => sum + milli(usage?.[resource]), 0);
}

function requestOf(pod: Pod, resource: string, container: string | undefined): number {
  let sum = 0;
  for (const { name, resources, restartPolicy } of [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter((init) => init.restartPolicy === 'Always')]) {
    if (container !== undefined && name !== container) continue;
    const request = resources?.requests?.[resource];
    if (request === undefined) throw new MetricError('FailedGetResourceMetric', `missing request for ${resource} in ${restartPolicy === 'Always' ? 'init ' : ''}container ${name} of Pod ${meta(pod).name}`);
    sum += milli(request);
  }
  return sum;
}

/** How many replicas a metric asks for. Throws a MetricError. */
export function* propose(client: Client, autoscaler: HorizontalPodAutoscaler, spec: MetricSpec, pods: readonly Pod[], selector: string, current: number): Task<Proposal> {
  const source = spec.resource ?? spec.containerResource;
  if (!source || (spec.type !== 'Resource' && spec.type !== 'ContainerResource')) {
    const reason = { Pods: 'FailedGetPodsMetric', Object: 'FailedGetObjectMetric', External: 'FailedGetExternalMetric' }[spec.type] ?? 'InvalidMetricSourceType';
    throw new MetricError(reason, `unable to get metric: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered`);
  }
  const { name, target } = source;
  const container = spec.containerResource?.container;
  const what = target.averageUtilization !== undefined ? 'utilization' : 'usage';
  try {
    const metrics = yield* fetch(client, meta(autoscaler).namespace, selector, name);
    return measure({ spec, pods, metrics, container, current });
  } catch (error) {
    if (error instanceof MetricError) throw new MetricError(container === undefined ? error.reason : 'FailedGetContainerResourceMetric', `failed to get ${name}${container === undefined ? '' : ' container metric'} ${what}: ${error.message}`);
    throw error;
  }
}

interface Measured {
  readonly spec: MetricSpec;
  readonly pods: readonly Pod[];
  readonly metrics: ReadonlyMap<string, PodMetrics>;
  readonly container: string | undefined;
  readonly current: number;
}

/** The ratio of use to target over ready Pods, with those that tell nothing counted against the change. */
function measure({ spec, pods, metrics, container, current }: Measured): Proposal {
  const { name, target } = (spec.resource ?? spec.containerResource) as { readonly name: string; readonly target: { readonly averageUtilization?: number; readonly averageValue?: string } };
  const utilization = target.averageUtilization;
  const goal = utilization ?? milli(target.averageValue);
  const alive = pods.filter((pod) => !isDeleting(pod) && !isTerminal(pod));
  const known = alive.filter((pod) => metrics.has(meta(pod).name) && (name !== 'cpu' || isReady(pod)));
  const silent = alive.filter((pod) => !known.includes(pod));
  if (known.length === 0) throw new MetricError('FailedGetResourceMetric', 'did not receive metrics for targeted pods (pods might be unready)');
  const usage = (pod: Pod) => usageOf(metrics.get(meta(pod).name) as PodMetrics, name, container);
  const request = (pod: Pod) => (utilization === undefined ? 1 : requestOf(pod, name, container));
  const totalUsage = known.reduce((sum, pod) => sum + usage(pod), 0);
  const totalRequest = known.reduce((sum, pod) => sum + request(pod), 0);
  const share = (used: number, requested: number) => (utilization === undefined ? used / requested : Math.floor((used * 100) / requested));
  const ratio = share(totalUsage, totalRequest) / goal;
  const average = Math.floor(totalUsage / known.length);
  const status = { name, current: { ...(utilization !== undefined && { averageUtilization: share(totalUsage, totalRequest) }), averageValue: milliAmountOf(average, name === 'cpu' ? 'DecimalSI' : 'BinarySI').toString() } };
  const proposal = {
    metric: utilization === undefined ? `${name} ${container === undefined ? 'resource' : 'container resource'}` : `${name} ${container === undefined ? 'resource' : 'container resource'} utilization (percentage of request)`,
    status: container === undefined ? { type: 'Resource', resource: status } : { type: 'ContainerResource', containerResource: { ...status, container } },
  };
  if (silent.length === 0) return { ...proposal, replicas: isNear(ratio) ? current : Math.ceil(ratio * known.length) };
  if (isNear(ratio)) return { ...proposal, replicas: current };
  const assumed = silent.reduce((sum, pod) => sum + (ratio < 1 ? (utilization === undefined ? goal : (request(pod) * Math.max(100, goal)) / 100) : 0), 0);
  const all = totalRequest + silent.reduce((sum, pod) => sum + request(pod), 0);
  const careful = share(totalUsage + assumed, all) / goal;
  if (isNear(careful) || (ratio < 1) !== (careful < 1)) return { ...proposal, replicas: current };
  const wanted = Math.ceil(careful * alive.length);
  return { ...proposal, replicas: (careful < 1) === (wanted > current) ? current : wanted };
}
