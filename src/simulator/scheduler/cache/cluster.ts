import type { Node, Pod } from '../../api';
import { meta } from '../../client';
import { Counts } from './counts';
import { NodeInfo } from './node-info';
import { podInfo, type PodInfo } from './pod-info';

interface Placed {
  info: PodInfo;
  readonly node: string;
  /** Bound by us, not yet confirmed by the server. */
  assumed: boolean;
}

/** All that is known of nodes and the Pods on them. */
export class Cluster {
  readonly nodes = new Map<string, NodeInfo>();
  readonly counts = new Counts(this.nodes);
  /** Nodes with Pods that keep others away, and with Pods that have any affinity. */
  readonly repelling = new Set<NodeInfo>();
  readonly attached = new Set<NodeInfo>();
  /** How many nodes have an image. */
  readonly images = new Map<string, number>();
  private readonly placed = new Map<string, Placed>();
  /** Nodes that only Pods have named so far. */
  private readonly waiting = new Map<string, Map<string, PodInfo>>();
  private order: NodeInfo[] | undefined;

  /** The nodes, those of different zones taking turns. */
  get ordered(): readonly NodeInfo[] {
    return (this.order ??= byTurns([...this.nodes.values()]));
  }

  setNode(node: Node): void {
    const { name } = meta(node);
    const known = this.nodes.get(name);
    if (known) {
      this.countImages(known.node, -1);
      if (zoneOf(known.labels) !== zoneOf(node.metadata?.labels ?? {})) this.order = undefined;
      known.update(node);
    } else {
      const info = new NodeInfo(node);
      this.nodes.set(name, info);
      this.order = undefined;
      for (const pod of this.waiting.get(name)?.values() ?? []) this.put(info, pod);
      this.waiting.delete(name);
    }
    this.countImages(node, 1);
  }

  removeNode(name: string): void {
    const info = this.nodes.get(name);
    if (!info) return;
    this.countImages(info.node, -1);
    const left = new Map(info.pods);
    for (const pod of left.values()) this.take(info, pod);
    this.nodes.delete(name);
    this.order = undefined;
    if (left.size > 0) this.waiting.set(name, left);
  }

  /** The Pod is, or will be, on the node that it names (or on `node`). */
  place(pod: Pod, node = pod.spec?.nodeName ?? '', assumed = false): void {
    const info = podInfo(pod);
    const before = this.placed.get(info.uid);
    if (before) {
      if (before.node === node && same(before.info, info)) {
        this.swap(before, info, assumed);
        return;
      }
      this.unplace(info.uid);
    }
    this.placed.set(info.uid, { info, node, assumed });
    const target = this.nodes.get(node);
    if (target) this.put(target, info);
    else {
      const others = this.waiting.get(node);
      if (others) others.set(info.uid, info);
      else this.waiting.set(node, new Map([[info.uid, info]]));
    }
  }

  /** The Pod is nowhere any more. Gives where it was. */
  unplace(uid: string): string | undefined {
    const placed = this.placed.get(uid);
    if (!placed) return undefined;
    this.placed.delete(uid);
    const node = this.nodes.get(placed.node);
    if (node) this.take(node, placed.info);
    else this.waiting.get(placed.node)?.delete(uid);
    return placed.node;
  }

  /** The node that a Pod is placed on. */
  nodeOf(uid: string): string | undefined {
    return this.placed.get(uid)?.node;
  }

  isAssumed(uid: string): boolean {
    return this.placed.get(uid)?.assumed ?? false;
  }

  private swap(placed: Placed, info: PodInfo, assumed: boolean): void {
    const node = this.nodes.get(placed.node);
    if (node && node.pods.get(info.uid) === placed.info) {
      if (placed.info.affinity.length + placed.info.antiAffinity.length + placed.info.preferred.length > 0) {
        this.take(node, placed.info);
        this.put(node, info);
      } else node.pods.set(info.uid, info);
    } else this.waiting.get(placed.node)?.set(info.uid, info);
    placed.info = info;
    placed.assumed = assumed;
  }

  private put(node: NodeInfo, pod: PodInfo): void {
    node.addPod(pod);
    this.counts.added(node.name, pod);
    if (node.repelling.size > 0) this.repelling.add(node);
    if (node.attached.size > 0) this.attached.add(node);
  }

  private take(node: NodeInfo, pod: PodInfo): void {
    node.removePod(pod.uid);
    this.counts.removed(node.name, pod);
    if (node.repelling.size === 0) this.repelling.delete(node);
    if (node.attached.size === 0) this.attached.delete(node);
  }

  private countImages(node: Node, by: number): void {
    for (const { names = [] } of node.status?.images ?? []) for (const name of names) this.images.set(name, (this.images.get(name) ?? 0) + by);
  }
}

/** Whether nothing that is counted differs between two versions of a Pod. */
const same = (a: PodInfo, b: PodInfo): boolean =>
  a.labels === b.labels && a.terminating === b.terminating && a.requests === b.requests && a.ports === b.ports;

const zoneOf = (labels: Readonly<Record<string, string>>): string => `${labels['topology.kubernetes.io/region'] ?? ''}/${labels['topology.kubernetes.io/zone'] ?? ''}`;

function byTurns(nodes: readonly NodeInfo[]): NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>();
  for (const node of nodes) {
    const zone = zones.get(zoneOf(node.labels));
    if (zone) zone.push(node);
    else zones.set(zoneOf(node.labels), [node]);
  }
  const lists = [...zones.values()];
  if (lists.length <= 1) return [...nodes];
  const out: NodeInfo[] = [];
  for (let turn = 0; out.length < nodes.length; turn++) for (const list of lists) if (list[turn]) out.push(list[turn] as NodeInfo);
  return out;
}
