import type { KubeObject, Node, Pod } from '../api';
import { deepEqual, type Informers, isDeleting, meta, resources } from '../client';
import { podInfo } from './cache';
import type { ClusterEvent, Plugin, World } from './framework';
import type { Nominations } from './nominations';
import type { QueuedPod, SchedulingQueue } from './queue';

export interface Followed {
  readonly informers: Informers;
  readonly world: World;
  readonly queue: SchedulingQueue;
  readonly nominations: Nominations;
  readonly plugins: readonly Plugin[];
  /** Whether a Pod names a profile of this scheduler. */
  isOurs(pod: Pod): boolean;
}

const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
const isPlaced = (pod: Pod): boolean => !!pod.spec?.nodeName;

/** What of a node decides where Pods may be; heartbeats do not. */
const nodeDiffers = (old: Node, node: Node): boolean =>
  old.spec?.unschedulable !== node.spec?.unschedulable || !deepEqual(old.spec?.taints, node.spec?.taints) || !deepEqual(old.metadata?.labels, node.metadata?.labels)
  || !deepEqual(old.status?.allocatable, node.status?.allocatable) || !deepEqual(old.status?.images, node.status?.images);

/** Keeps the cluster's picture and the queue up to date. */
export function follow(parts: Followed): void {
  followPods(parts);
  followNodes(parts);
  followStorage(parts);
}

/** Tells the Pods that wait of an event. */
function tell({ queue, plugins, world }: Followed, event: ClusterEvent): void {
  if (!queue.hasUnschedulable) return;
  queue.move((entry) => helps(plugins, world, event, entry));
}

function helps(plugins: readonly Plugin[], world: World, event: ClusterEvent, { pod, rejectedBy }: QueuedPod): boolean {
  const info = podInfo(pod);
  return plugins.some((plugin) => rejectedBy.has(plugin.name) && (plugin.mayHelp?.(event, info, world) ?? false));
}

function followPods(parts: Followed): void {
  const { world: { cluster }, queue, nominations, informers, isOurs, plugins, world } = parts;
  const come = (pod: Pod, old: Pod | undefined) => {
    const { uid } = meta(pod);
    if (hasEnded(pod)) return go(pod);
    if (isPlaced(pod)) {
      queue.delete(uid);
      nominations.delete(uid);
      const known = cluster.nodeOf(uid) !== undefined;
      cluster.place(pod);
      tell(parts, { kind: 'assigned pod', action: known && old && isPlaced(old) ? 'update' : 'add', old, pod });
    } else if (isOurs(pod)) wait(pod, old);
  };
  const wait = (pod: Pod, old: Pod | undefined) => {
    const { uid } = meta(pod);
    if (cluster.isAssumed(uid)) return;
    nominate(pod);
    if (isDeleting(pod)) return queue.delete(uid);
    if (!old || !queue.has(uid)) {
      if (!old) queue.add(pod);
      return;
    }
    queue.update(pod, (entry) => helps(plugins, world, { kind: 'the pod itself', old, pod }, entry));
  };
  const nominate = (pod: Pod) => {
    const node = pod.status?.nominatedNodeName;
    if (node) nominations.add(podInfo(pod), node);
    else if (!isDeleting(pod)) nominations.delete(meta(pod).uid);
  };
  const go = (pod: Pod) => {
    const { uid } = meta(pod);
    queue.delete(uid);
    nominations.delete(uid);
    if (cluster.unplace(uid) !== undefined) tell(parts, { kind: 'assigned pod', action: 'delete', old: pod, pod });
  };
  informers.for<Pod>(resources.pods).addHandlers({ add: (pod) => come(pod, undefined), update: (old, pod) => come(pod, old), delete: go });
}

function followNodes(parts: Followed): void {
  const { cluster } = parts.world;
  parts.informers.for<Node>(resources.nodes).addHandlers({
    add(node) {
      cluster.setNode(node);
      tell(parts, { kind: 'node', action: 'add', old: undefined, node });
    },
    update(old, node) {
      if (!nodeDiffers(old, node)) return;
      cluster.setNode(node);
      tell(parts, { kind: 'node', action: 'update', old, node });
    },
    delete(node) {
      cluster.removeNode(meta(node).name);
      tell(parts, { kind: 'node', action: 'delete', old: node, node });
    },
  });
}

function followStorage(parts: Followed): void {
  const { claims, volumes, classes } = parts.world;
  const handlers = (resource: 'claim' | 'volume' | 'class') => {
    const changed = (object: KubeObject) => tell(parts, { kind: 'storage', resource, object });
    return { add: changed, update: (_: KubeObject, object: KubeObject) => changed(object) };
  };
  claims.addHandlers(handlers('claim'));
  volumes.addHandlers(handlers('volume'));
  classes.addHandlers(handlers('class'));
}
