import { isStatus, type Lease, type Node, type Pod } from '../../api';
import { type EventRecorder, type Informer, isApiFailure, isDeleting, meta, resources, runController, WorkQueue } from '../../client';
import { formatTime, seconds, sleep, type Task } from '../../kernel';
import type { Controller, ControllerContext } from '../manager/context';
import { isReady } from '../pods';
import { Health } from './health';
import { conditionOf, notReady, unreachable, withConditionTaints, withEviction, writeTaints } from './taints';

/** How often silence is looked for, and evictions are handed out. */
const monitorPeriod = seconds(5);
/** One node in ten seconds is given the taint that evicts. */
const evictionInterval = seconds(10);
/** A cluster with so many and such a share of nodes lost is taken to be cut in two. */
const manyLost = 2;
const shareLost = 0.55;
const largeCluster = 50;

/** Watches over nodes: taints for their conditions, Unknown for those that fall silent, and in the end eviction. */
export const nodeLifecycleController: Controller = {
  name: 'node-lifecycle-controller',
  identity: 'node-controller',
  *start(context) {
    const { kernel, client, informers } = context;
    const nodes = informers.for<Node>(resources.nodes);
    const pods = informers.for<Pod>(resources.pods);
    const leases = informers.for<Lease>(resources.leases);
    pods.store.addIndex('node', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const recorder = context.recorder('node-controller');
    const monitor = new Monitor(context, nodes, pods, leases, recorder);
    nodes.addHandlers({
      add: (node) => queue.add(meta(node).name),
      update: (old, node) => {
        if (old.spec !== node.spec || old.status?.conditions !== node.status?.conditions) queue.add(meta(node).name);
      },
    });
    runController({
      kernel, name: 'node-lifecycle-controller', queue, workers: 8,
      *sync(name) {
        const node = nodes.get(undefined, name);
        const taints = node && withConditionTaints(node, kernel.now);
        if (node && taints) yield* writeTaints(client, node, taints);
      },
    });
    kernel.spawn('node monitor', monitor.run());
  },
};

class Monitor {
  private readonly health = new Health();
  private readonly known = new Map<string, string>();
  private nextEviction = 0;

  constructor(private readonly context: ControllerContext, private readonly nodes: Informer<Node>, private readonly pods: Informer<Pod>, private readonly leases: Informer<Lease>, private readonly recorder: EventRecorder) {}

  *run(): Task {
    for (;;) {
      try {
        yield* this.look();
      } catch (error) {
        if (!isApiFailure(error)) throw error;
      }
      yield* sleep(monitorPeriod);
    }
  }

  private *look(): Task {
    this.register();
    for (const node of this.nodes.store.list()) {
      const { name } = meta(node);
      const conditions = this.health.silent(node, this.leases.get('kube-node-lease', name), this.context.kernel.now);
      if (!conditions) continue;
      const wasReady = conditionOf(node, 'Ready') === 'True';
      yield* this.context.client.updateStatus<Node>(resources.nodes, { ...node, status: { ...node.status, conditions } });
      if (wasReady) yield* this.unready(node);
    }
    yield* this.evict();
  }

  /** Tells of nodes that have come and gone. */
  private register(): void {
    const tell = (name: string, uid: string, reason: string, what: string) =>
      this.recorder.event({ apiVersion: 'v1', kind: 'Node', name, uid }, 'Normal', reason, `Node ${name} event: ${what}`);
    for (const node of this.nodes.store.values()) {
      const { name, uid } = meta(node);
      if (this.known.get(name) === uid) continue;
      this.known.set(name, uid);
      tell(name, uid, 'RegisteredNode', `Registered Node ${name} in Controller`);
    }
    for (const [name, uid] of this.known) {
      if (this.nodes.get(undefined, name)) continue;
      this.known.delete(name);
      this.health.forget(name);
      tell(name, uid, 'RemovingNode', `Removing Node ${name} from Controller`);
    }
  }

  /** A node that fell silent can no longer vouch for its Pods. */
  private *unready(node: Node): Task {
    const { name, uid } = meta(node);
    this.recorder.event({ apiVersion: 'v1', kind: 'Node', name, uid }, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    for (const pod of this.pods.store.by('node', name)) {
      if (!isReady(pod)) continue;
      const conditions = (pod.status?.conditions ?? []).map((condition) => (condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime: formatTime(this.context.kernel.now) } : condition));
      try {
        yield* this.context.client.updateStatus<Pod>(resources.pods, { ...pod, status: { ...pod.status, conditions } });
      } catch (error) {
        if (!isStatus(error, 'NotFound') && !isStatus(error, 'Conflict')) throw error;
      }
      this.recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }

  /** Hands out the taints that evict, slowly, and none when all nodes are lost: then it is the controller that is cut off. */
  private *evict(): Task {
    const all = this.nodes.store.list().filter((node) => !isDeleting(node));
    const lost = all.filter((node) => conditionOf(node, 'Ready') !== 'True');
    const cutOff = lost.length === all.length;
    const torn = lost.length > manyLost && lost.length / all.length >= shareLost;
    for (const node of all) {
      const ready = conditionOf(node, 'Ready');
      const wanted = ready === 'True' || cutOff ? undefined : ready === 'False' ? notReady : unreachable;
      const taints = withEviction(node, wanted, this.context.kernel.now);
      if (!taints) continue;
      if (wanted !== undefined && !this.mayEvict(torn, all.length)) continue;
      yield* writeTaints(this.context.client, node, taints);
    }
  }

  private mayEvict(torn: boolean, size: number): boolean {
    const { now } = this.context.kernel;
    if (now < this.nextEviction || (torn && size <= largeCluster)) return false;
    this.nextEviction = now + evictionInterval * (torn ? 10 : 1);
    return true;
  }
}
