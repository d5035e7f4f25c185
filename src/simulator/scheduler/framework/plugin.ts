import type { Informer } from '../../client';
import type { Namespace, PersistentVolume, PersistentVolumeClaim, ReplicaSet, ReplicationController, Service, StatefulSet, StorageClass } from '../../api';
import type { Task } from '../../kernel';
import type { Cluster, NodeInfo, PodInfo } from '../cache';
import type { ClusterEvent } from './event';

/** Why a node (or every node) will not do. */
export interface Verdict {
  readonly plugin: string;
  /** As the event counts them. */
  readonly reasons: readonly string[];
  /** Evicting Pods would not help. */
  readonly unresolvable: boolean;
}

/** A verdict with one reason: made once, given often. */
export const verdict = (plugin: string, unresolvable: boolean, ...reasons: string[]): Verdict => Object.freeze({ plugin, reasons, unresolvable });

/** What plugins may look at. */
export interface World {
  readonly cluster: Cluster;
  readonly namespaces: Informer<Namespace>;
  readonly services: Informer<Service>;
  readonly replicaSets: Informer<ReplicaSet>;
  readonly replicationControllers: Informer<ReplicationController>;
  readonly statefulSets: Informer<StatefulSet>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly volumes: Informer<PersistentVolume>;
  readonly classes: Informer<StorageClass>;
}

/** A filter that was prepared for one Pod. */
export interface PreparedFilter {
  /** undefined: the node will do. */
  filter(node: NodeInfo): Verdict | undefined;
  /** Only these nodes are worth a look. */
  readonly only?: ReadonlySet<string>;
  /** For trying out what would be without, or with, another Pod on a node. */
  addPod?(pod: PodInfo, node: NodeInfo): void;
  removePod?(pod: PodInfo, node: NodeInfo): void;
}

/** A score that was prepared for one Pod and the nodes that will do. */
export interface PreparedScore {
  score(node: NodeInfo): number;
  /** Brings the scores of all nodes to 0 … 100, in place. */
  normalize?(scores: number[], nodes: readonly NodeInfo[]): void;
}

/** What a plugin does with a Pod that has a node, before and until it is bound. */
export interface Reservation {
  /** Takes back what reserving took. */
  release(): void;
  /** What has to happen before the Pod is bound. */
  prepare?(): Task;
}

/** One of the scheduler's plugins; it takes part in what it has a member for. */
export interface Plugin {
  readonly name: string;
  /** Of its score. */
  readonly weight?: number;
  /** A filter for this Pod, a verdict on all nodes, or undefined when the plugin has nothing against any. */
  prepareFilter?(pod: PodInfo, world: World): PreparedFilter | Verdict | undefined;
  /** A score for this Pod, or undefined when all nodes are equal to the plugin. */
  prepareScore?(pod: PodInfo, nodes: readonly NodeInfo[], world: World): PreparedScore | undefined;
  reserve?(pod: PodInfo, node: NodeInfo, world: World): Reservation | undefined;
  /** May a Pod that this plugin turned away get through after this event? */
  mayHelp?(event: ClusterEvent, pod: PodInfo, world: World): boolean;
}

/** Brings scores to 0 … 100 by the highest; `reverse` makes low ones good. */
export function normalizeByHighest(scores: number[], reverse = false): void {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  for (let i = 0; i < scores.length; i++) {
    const share = highest === 0 ? 0 : Math.floor((100 * (scores[i] as number)) / highest);
    scores[i] = reverse ? 100 - share : share;
  }
}

export const isVerdict = (prepared: PreparedFilter | Verdict): prepared is Verdict => 'reasons' in prepared;

