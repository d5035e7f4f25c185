import type { Binding, Pod, PodCondition, PodDisruptionBudget } from '../api';
import { type Client, deepEqual, type Informer, type Informers, isApiFailure, meta, resources, type SeriesRecorder } from '../client';
import { type Duration, formatTime, type Kernel, type Random, sleep, type Task } from '../kernel';
import { type NodeInfo, podInfo, type PodInfo } from './cache';
import { best, type Findings, score, Search } from './cycle';
import type { Plugin, Reservation, World } from './framework';
import { fitMessage } from './message';
import { Nominations } from './nominations';
import { isRetriable } from './plugins/volume-binding';
import { type Candidate, preempt } from './preemption';
import type { QueuedPod, SchedulingQueue } from './queue';
import { explain } from './trace';

export interface SchedulerParts {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly informers: Informers;
  readonly recorder: SeriesRecorder;
  readonly plugins: readonly Plugin[];
  readonly world: World;
  readonly queue: SchedulingQueue;
  readonly nominations: Nominations;
  readonly budgets: Informer<PodDisruptionBudget>;
  /** Virtual time that one decision takes. */
  readonly decisionTime: Duration;
  readonly percentageOfNodesToScore: number;
}

/** Takes one Pod after the other and finds it a node. */
export class Scheduler {
  private readonly search: Search;
  private readonly random: Random;
  private readonly pods: Informer<Pod>;

  constructor(private readonly parts: SchedulerParts) {
    this.search = new Search(parts.plugins, parts.world, parts.nominations, parts.percentageOfNodesToScore);
    this.random = parts.kernel.random.fork('scheduler');
    this.pods = parts.informers.for<Pod>(resources.pods);
  }

  *run(): Task {
    for (;;) {
      const entry = yield* this.parts.queue.pop();
      yield* sleep(this.parts.decisionTime);
      this.schedule(entry);
    }
  }

  /** One decision: synchronous, so that nothing changes under it. What has to be written is written afterwards. */
  private schedule(entry: QueuedPod): void {
    const { world, kernel, plugins } = this.parts;
    const { namespace, name, uid } = meta(entry.pod);
    const current = this.pods.get(namespace, name);
    if (!current || meta(current).uid !== uid || current.metadata?.deletionTimestamp || current.spec?.nodeName || world.cluster.isAssumed(uid)) return;
    entry.pod = current;
    const pod = podInfo(current);
    if (world.cluster.nodes.size === 0) return this.fail(entry, pod, 'no nodes available to schedule pods', new Set(['NodeAffinity', 'NodeUnschedulable']));
    const findings = this.search.find(pod);
    const { feasible } = findings;
    if (feasible.length === 0) return this.findRoom(entry, pod, findings);
    const { totals, parts } = feasible.length > 1 ? score(plugins, pod, feasible, world) : { totals: [0], parts: new Map<string, number[]>() };
    const node = feasible[best(totals, this.random)] as NodeInfo;
    kernel.record('schedule', explain(pod, findings, totals, parts, node));
    this.assume(entry, pod, node);
  }

  private assume(entry: QueuedPod, pod: PodInfo, node: NodeInfo): void {
    const { world, plugins, kernel } = this.parts;
    const reservations = plugins.flatMap((plugin) => plugin.reserve?.(pod, node, world) ?? []);
    world.cluster.place(pod.pod, node.name, true);
    kernel.spawn('bind', this.bind(entry, pod, node, reservations));
  }

  private *bind(entry: QueuedPod, pod: PodInfo, node: NodeInfo, reservations: readonly Reservation[]): Task {
    const { client, recorder, world, nominations } = this.parts;
    const { namespace, name, uid } = pod;
    try {
      for (const { prepare } of reservations) if (prepare) yield* prepare();
      const binding: Binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target: { kind: 'Node', name: node.name } };
      yield* client.create<Binding>(resources.pods, namespace, binding, { name, subresource: 'binding' });
      nominations.delete(uid);
      recorder.event({ regarding: pod.pod, type: 'Normal', reason: 'Scheduled', action: 'Binding', note: `Successfully assigned ${namespace}/${name} to ${node.name}` });
    } catch (error) {
      if (!isApiFailure(error) && !isRetriable(error)) throw error;
      if (world.cluster.isAssumed(uid)) world.cluster.unplace(uid);
      const gone = !this.pods.get(namespace, name);
      if (!gone) this.fail(entry, pod, error instanceof Error ? `running Bind plugin "DefaultBinder": ${error.message}` : '', new Set(), 'SchedulerError');
    } finally {
      for (const { release } of reservations) release();
    }
  }

  /** No node will do: can room be made on one? */
  private findRoom(entry: QueuedPod, pod: PodInfo, findings: Findings): void {
    const { world, nominations, budgets, kernel } = this.parts;
    const nodes = world.cluster.ordered;
    const rejectedBy = new Set(findings.outright ? [findings.outright.plugin] : [...findings.refused.values()].map(({ plugin }) => plugin));
    kernel.record('schedule', explain(pod, findings, [], new Map(), undefined));
    if (findings.outright) return this.fail(entry, pod, fitMessage(findings, nodes.length, 'not found'), rejectedBy);
    const outcome = preempt(pod, findings, { nodes, node: (name) => world.cluster.nodes.get(name), budgets, nominations, random: this.random });
    if ('message' in outcome) return this.fail(entry, pod, fitMessage(findings, nodes.length, `no new claims to deallocate, preemption: ${outcome.message}`), rejectedBy);
    const { candidate } = outcome;
    nominations.add(pod, candidate.node.name);
    kernel.spawn('preempt', this.evict(pod, candidate));
    this.fail(entry, pod, fitMessage(findings, nodes.length, ''), rejectedBy, 'Unschedulable', candidate.node.name);
  }

  private *evict(pod: PodInfo, { node, victims }: Candidate): Task {
    const { client, recorder, kernel, nominations } = this.parts;
    for (const victim of victims) {
      const condition: PodCondition = {
        type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: formatTime(kernel.now),
        message: `${pod.spec?.schedulerName ?? 'default-scheduler'}: preempting to accommodate a higher priority pod`,
        ...(victim.pod.metadata?.generation !== undefined && { observedGeneration: victim.pod.metadata.generation }),
      };
      try {
        if (!victim.terminating) {
          yield* client.patch(resources.pods, victim.namespace, victim.name, 'application/strategic-merge-patch+json', { status: { conditions: [condition] } }, { subresource: 'status' });
          yield* client.delete(resources.pods, victim.namespace, victim.name);
        }
        recorder.event({ regarding: victim.pod, related: pod.pod, type: 'Normal', reason: 'Preempted', action: 'Preempting', note: `Preempted by pod ${pod.uid} on node ${node.name}` });
      } catch (error) {
        if (!isApiFailure(error)) throw error;
      }
    }
    for (const other of nominations.below(node.name, pod)) {
      nominations.delete(other.uid);
      yield* this.writeStatus(other.pod, undefined, '');
      this.parts.queue.activateNow(other.uid);
    }
  }

  /** Back into the queue, with an event, and the reason in the Pod's status. */
  private fail(entry: QueuedPod, pod: PodInfo, message: string, rejectedBy: ReadonlySet<string>, reason = 'Unschedulable', nominated?: string): void {
    const { recorder, queue, kernel } = this.parts;
    queue.returned(entry, rejectedBy);
    recorder.event({ regarding: pod.pod, type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', note: message });
    const condition: PodCondition = {
      type: 'PodScheduled', status: 'False', reason, message,
      ...(pod.pod.metadata?.generation !== undefined && { observedGeneration: pod.pod.metadata.generation }),
    };
    kernel.spawn('pod condition', this.writeStatus(pod.pod, condition, nominated));
  }

  private *writeStatus(pod: Pod, condition: PodCondition | undefined, nominated: string | undefined): Task {
    const { client, kernel } = this.parts;
    const current = condition && pod.status?.conditions?.find(({ type }) => type === condition.type);
    const { lastTransitionTime, lastProbeTime: _, ...before } = current ?? { type: '', status: '' };
    const changed = condition !== undefined && !deepEqual(before, condition);
    const node = nominated === undefined || nominated === (pod.status?.nominatedNodeName ?? '') ? undefined : nominated;
    if (!changed && node === undefined) return;
    const since = condition && before.status === condition.status && lastTransitionTime ? lastTransitionTime : formatTime(kernel.now);
    const status = {
      ...(changed && { conditions: [{ ...condition, lastProbeTime: null, lastTransitionTime: since }] }),
      ...(node !== undefined && { nominatedNodeName: node === '' ? null : node }),
    };
    try {
      yield* client.patch(resources.pods, meta(pod).namespace, meta(pod).name, 'application/strategic-merge-patch+json', { status }, { subresource: 'status' });
    } catch (error) {
      if (!isApiFailure(error)) throw error;
    }
  }
}
