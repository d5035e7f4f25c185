import { isStatus, type Node, type Pod, type Taint } from '../../api';
import { type EventRecorder, type Informer, isDeleting, keyOf, meta, resources, runController, toleratesTaint, WorkQueue } from '../../client';
import { type Duration, formatTime, type Kernel, seconds, type Task, type Time, type Timer } from '../../kernel';
import type { Controller } from '../manager/context';
import { podCondition } from '../pods';

/** How long the Pod may stay with these taints: the first toleration of each counts, and the shortest of all. 0: not at all. */
function patience(pod: Pod, taints: readonly Taint[]): Duration {
  let shortest = Infinity;
  for (const taint of taints) {
    const toleration = pod.spec?.tolerations?.find((candidate) => toleratesTaint(candidate, taint));
    if (!toleration) return 0;
    if (toleration.tolerationSeconds !== undefined) shortest = Math.min(shortest, Math.max(0, toleration.tolerationSeconds));
  }
  return seconds(shortest);
}

/** Evicts Pods from nodes with NoExecute taints, at once or when their tolerations run out. */
export const taintEvictionController: Controller = {
  name: 'taint-eviction-controller',
  identity: 'node-controller',
  *start({ kernel, client, informers, recorder }) {
    const pods = informers.for<Pod>(resources.pods);
    const nodes = informers.for<Node>(resources.nodes);
    pods.store.addIndex('node', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const evictions = new Evictions(kernel, nodes, recorder('taint-eviction-controller'), (key) => queue.add(key));
    pods.addHandlers({
      add: (pod) => evictions.consider(pod),
      update(old, pod) {
        if (old.spec?.nodeName !== pod.spec?.nodeName || old.spec?.tolerations !== pod.spec?.tolerations) evictions.consider(pod);
      },
      delete: (pod) => evictions.cancel(keyOf(pod), undefined),
    });
    const reconsider = (node: Node) => {
      for (const pod of pods.store.by('node', meta(node).name)) evictions.consider(pod);
    };
    nodes.addHandlers({
      add: reconsider,
      update(old, node) {
        if (old.spec?.taints !== node.spec?.taints) reconsider(node);
      },
    });

    function* evict(key: string): Task {
      const pod = pods.store.get(key);
      if (!pod || isDeleting(pod)) return;
      const { name, namespace, uid, generation } = meta(pod);
      const condition = {
        type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint', lastTransitionTime: formatTime(kernel.now),
        ...(generation !== undefined && { observedGeneration: generation }),
      };
      evictions.tell(pod, 'Marking for deletion');
      try {
        if (podCondition(pod, 'DisruptionTarget')?.status !== 'True') {
          yield* client.patch(resources.pods, namespace, name, 'application/strategic-merge-patch+json', { metadata: { uid }, status: { conditions: [condition] } }, { subresource: 'status' });
        }
        yield* client.delete(resources.pods, namespace, name, { preconditions: { uid } });
      } catch (error) {
        if (!isStatus(error, 'NotFound')) throw error;
      }
    }
    runController({ kernel, name: 'taint-eviction-controller', queue, workers: 8, sync: evict });
  },
};

interface Planned {
  readonly uid: string;
  readonly since: Time;
  readonly timer: Timer;
}

/** The evictions that are planned. */
class Evictions {
  private readonly planned = new Map<string, Planned>();

  constructor(private readonly kernel: Kernel, private readonly nodes: Informer<Node>, private readonly recorder: EventRecorder, private readonly evict: (key: string) => void) {}

  consider(pod: Pod): void {
    const key = keyOf(pod);
    const node = pod.spec?.nodeName ? this.nodes.get(undefined, pod.spec.nodeName) : undefined;
    const taints = node?.spec?.taints?.filter(({ effect }) => effect === 'NoExecute') ?? [];
    const wait = taints.length === 0 ? Infinity : patience(pod, taints);
    const known = this.planned.get(key);
    if (wait === Infinity) return this.cancel(key, pod);
    if (wait === 0) {
      this.cancel(key, undefined);
      return this.evict(key);
    }
    const since = known?.uid === meta(pod).uid ? known.since : this.kernel.now;
    if (known && known.timer.time === since + wait) return;
    this.cancel(key, undefined);
    const timer = this.kernel.at(since + wait, () => {
      this.planned.delete(key);
      this.evict(key);
    });
    this.planned.set(key, { uid: meta(pod).uid, since, timer });
  }

  /** Calls an eviction off; with the Pod, and an event about it. */
  cancel(key: string, pod: Pod | undefined): void {
    const planned = this.planned.get(key);
    if (!planned) return;
    this.kernel.cancel(planned.timer);
    this.planned.delete(key);
    if (pod) this.tell(pod, 'Cancelling deletion of');
  }

  tell(pod: Pod, what: string): void {
    const { name, namespace, uid } = meta(pod);
    this.recorder.event({ apiVersion: 'v1', kind: 'Pod', name, namespace, uid }, 'Normal', 'TaintManagerEviction', `${what} Pod ${namespace}/${name}`);
  }
}
