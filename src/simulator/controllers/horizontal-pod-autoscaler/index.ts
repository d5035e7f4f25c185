import { type HorizontalPodAutoscaler, type HorizontalPodAutoscalerCondition, type MetricSpec, type MetricStatus, parseApiVersion, type Pod, type Scale } from '../../api';
import { type Client, deepEqual, type EventRecorder, type Informer, isApiFailure, keyOf, meta, type Resource, resources, runController, WorkQueue } from '../../client';
import { formatTime, type Kernel, seconds, type Task } from '../../kernel';
import type { Controller } from '../manager/context';
import { customResources, type CustomResources } from '../manager';
import { History } from './limits';
import { MetricError, propose, type Proposal } from './metrics';

/** --horizontal-pod-autoscaler-sync-period */
const period = seconds(15);

/** Scales workloads by their metrics. */
export const horizontalPodAutoscalerController: Controller = {
  name: 'horizontal-pod-autoscaler-controller',
  identity: 'horizontal-pod-autoscaler',
  *start({ kernel, client, informers, recorder }) {
    const autoscalers = informers.for<HorizontalPodAutoscaler>(resources.horizontalpodautoscalers);
    const pods = informers.for<Pod>(resources.pods);
    const served = customResources(informers);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel, period, period);
    const histories = new Map<string, History>();
    const events = recorder('horizontal-pod-autoscaler');
    autoscalers.addHandlers({
      add: (autoscaler) => queue.addAfter(keyOf(autoscaler), period),
      update: (old, autoscaler) => !deepEqual(old.spec, autoscaler.spec) && queue.addAfter(keyOf(autoscaler), period),
      delete: (autoscaler) => histories.delete(keyOf(autoscaler)),
    });
    runController({
      kernel, name: 'horizontal-pod-autoscaler', queue, workers: 5,
      *sync(key) {
        const autoscaler = autoscalers.store.get(key);
        if (!autoscaler) return;
        let history = histories.get(key);
        if (!history) histories.set(key, (history = new History()));
        queue.addAfter(key, period);
        yield* new Reconciliation(kernel, client, events, served, pods, history, autoscaler).run();
      },
    });
  },
};

/** One look at one autoscaler. */
class Reconciliation {
  private conditions: HorizontalPodAutoscalerCondition[];
  private metrics: MetricStatus[] = [];

  constructor(
    private readonly kernel: Kernel, private readonly client: Client, private readonly events: EventRecorder, private readonly served: CustomResources,
    private readonly pods: Informer<Pod>, private readonly history: History, private readonly autoscaler: HorizontalPodAutoscaler,
  ) {
    this.conditions = [...(autoscaler.status?.conditions ?? [])];
  }

  *run(): Task {
    const { autoscaler, client, events } = this;
    const reference = autoscaler.spec?.scaleTargetRef;
    const target = reference && this.served.find(reference.apiVersion ?? 'v1', reference.kind);
    let scale: Scale;
    try {
      if (!reference || !target) throw new MetricError('FailedGetScale', `no matches for kind "${reference?.kind ?? ''}" in group "${parseApiVersion(reference?.apiVersion ?? 'v1').group}"`);
      scale = yield* client.get<Scale>(target, meta(autoscaler).namespace, reference.name, 'scale');
    } catch (error) {
      if (!isApiFailure(error) && !(error instanceof MetricError)) throw error;
      events.event(autoscaler, 'Warning', 'FailedGetScale', error.message);
      this.set('AbleToScale', 'False', 'FailedGetScale', `the HPA controller was unable to get the target's current scale: ${error.message}`);
      return yield* this.write(autoscaler.status?.currentReplicas, autoscaler.status?.desiredReplicas ?? 0, false);
    }
    this.set('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
    yield* this.scaleBy(scale, target as Resource, reference?.name ?? '');
  }

  private *scaleBy(scale: Scale, target: Resource, name: string): Task {
    const { spec } = this.autoscaler;
    const current = scale.spec?.replicas ?? 0;
    const minimum = spec?.minReplicas ?? 1;
    let desired = current;
    let reason = '';
    if (current === 0 && minimum !== 0) {
      this.set('ScalingActive', 'False', 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero');
      desired = 0;
    } else if (current > (spec?.maxReplicas ?? 0)) {
      desired = spec?.maxReplicas ?? 0;
      reason = 'Current number of replicas above Spec.MaxReplicas';
    } else if (current < minimum) {
      desired = minimum;
      reason = 'Current number of replicas below Spec.MinReplicas';
    } else {
      const wanted = yield* this.wanted(scale, current);
      if (wanted === undefined) return yield* this.write(current, this.autoscaler.status?.desiredReplicas ?? 0, false);
      reason = wanted.replicas > current ? `${wanted.metric} above target` : wanted.replicas < current ? 'All metrics below target' : '';
      const limited = this.history.limit(this.autoscaler, current, wanted.replicas, this.kernel.now);
      this.set('AbleToScale', 'True', ...limited.ableToScale);
      this.set('ScalingLimited', ...limited.limited);
      desired = limited.replicas;
    }
    if (desired !== current) yield* this.rescale(scale, target, name, desired, reason);
    yield* this.write(current, desired, desired !== current);
  }

  private *rescale(scale: Scale, target: Resource, name: string, desired: number, reason: string): Task {
    const change = desired - (scale.spec?.replicas ?? 0);
    yield* this.client.update<Scale>(target, { ...scale, metadata: { ...scale.metadata, name }, spec: { ...scale.spec, replicas: desired } }, { subresource: 'scale' });
    this.events.event(this.autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`);
    this.set('AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${desired}`);
    this.history.scaled(change, this.kernel.now);
  }

  /** The highest of what the metrics ask for; undefined when they say nothing that can be relied on. */
  private *wanted(scale: Scale, current: number): Task<Proposal | undefined> {
    const specs = this.autoscaler.spec?.metrics ?? [];
    const selector = scale.status?.selector ?? '';
    const matches = matcherOf(selector);
    const pods = this.pods.store.by('namespace', meta(this.autoscaler).namespace).filter((pod) => matches(pod.metadata?.labels ?? {}));
    const failures: { error: MetricError; spec: MetricSpec }[] = [];
    let best: Proposal | undefined;
    for (const spec of specs) {
      try {
        const proposal = yield* propose(this.client, this.autoscaler, spec, pods, selector, current);
        this.metrics.push(proposal.status);
        if (!best || proposal.replicas > best.replicas) best = proposal;
      } catch (error) {
        if (!(error instanceof MetricError)) throw error;
        this.events.event(this.autoscaler, 'Warning', error.reason, error.message);
        failures.push({ error, spec });
      }
    }
    const [first] = failures;
    if (first && (!best || best.replicas < current)) {
      this.set('ScalingActive', 'False', first.error.reason, `the HPA was unable to compute the replica count: ${first.error.message}`);
      const kind = first.spec.resource ? `${first.spec.resource.name} resource metric value` : `${first.spec.type.toLowerCase()} metric value`;
      this.events.event(this.autoscaler, 'Warning', 'FailedComputeMetricsReplicas', `invalid metrics (${failures.length} invalid out of ${specs.length}), first error is: failed to get ${kind}: ${first.error.message}`);
      return undefined;
    }
    if (best) this.set('ScalingActive', 'True', 'ValidMetricFound', `the HPA was able to successfully calculate a replica count from ${best.metric}`);
    return best;
  }

  private set(type: string, status: string, reason: string, message: string): void {
    const index = this.conditions.findIndex((condition) => condition.type === type);
    const current = this.conditions[index];
    const since = current?.status === status && current.lastTransitionTime ? current.lastTransitionTime : formatTime(this.kernel.now);
    const next: HorizontalPodAutoscalerCondition = { type, status, lastTransitionTime: since, reason, message };
    if (index < 0) this.conditions.push(next);
    else this.conditions[index] = next;
  }

  private *write(current: number | undefined, desired: number, scaled: boolean): Task {
    const { status } = this.autoscaler;
    const lastScaleTime = scaled ? formatTime(this.kernel.now) : status?.lastScaleTime;
    const next = {
      ...(status?.observedGeneration !== undefined && { observedGeneration: status.observedGeneration }),
      ...(lastScaleTime && { lastScaleTime }), ...(current && { currentReplicas: current }), desiredReplicas: desired,
      ...(this.metrics.length > 0 && { currentMetrics: this.metrics }), conditions: this.conditions,
    };
    if (!deepEqual(next, status)) yield* this.client.updateStatus<HorizontalPodAutoscaler>(resources.horizontalpodautoscalers, { ...this.autoscaler, status: next });
  }
}

/** 'a=b,c=d' as Scale writes selectors. */
function matcherOf(selector: string): (labels: Readonly<Record<string, string>>) => boolean {
  const pairs = selector.split(',').filter((part) => part !== '').map((part) => part.split('='));
  return (labels) => pairs.length > 0 && pairs.every(([key = '', value = '']) => labels[key] === value);
}
