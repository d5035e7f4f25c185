import { type AffinityTerm, type NodeInfo, podInfo, type PodInfo, termMatches } from '../../cache';
import { type Plugin, type PreparedScore, verdict, type World } from '../../framework';

const name = 'InterPodAffinity';
const notNear = verdict(name, true, "node(s) didn't match pod affinity rules");
const tooNear = verdict(name, false, "node(s) didn't match pod anti-affinity rules");
const repelled = verdict(name, false, "node(s) didn't satisfy existing pods anti-affinity rules");
/** How much a required term of a Pod that is there draws others. */
const hardWeight = 1;

const namespaceLabels = (world: World) => (namespace: string) => world.namespaces.get(undefined, namespace)?.metadata?.labels;

/** For each value of a topology key, how many Pods match. */
class Domains {
  readonly counts = new Map<string, number>();

  add(key: string, node: NodeInfo, by: number): void {
    const value = node.labels[key];
    if (value === undefined) return;
    const domain = `${key}=${value}`;
    const count = (this.counts.get(domain) ?? 0) + by;
    if (count === 0) this.counts.delete(domain);
    else this.counts.set(domain, count);
  }

  at(key: string, node: NodeInfo): number {
    const value = node.labels[key];
    return value === undefined ? 0 : (this.counts.get(`${key}=${value}`) ?? 0);
  }
}

/** Required terms of the Pod and of those that are there. */
class Required {
  private readonly near = new Domains();
  private readonly far = new Domains();
  private readonly existing = new Domains();
  private readonly labelsOf: ReturnType<typeof namespaceLabels>;

  constructor(private readonly pod: PodInfo, { cluster, namespaces }: World) {
    this.labelsOf = (namespace) => namespaces.get(undefined, namespace)?.metadata?.labels;
    if (pod.affinity.length > 0) {
      const perNode = cluster.counts.of(`all ${JSON.stringify(pod.affinity.map(({ key }) => key))} ${this.namespaceKey(pod.affinity)}`, (other) => this.isNear(other));
      for (const [name, count] of perNode) for (const { topologyKey } of pod.affinity) this.near.add(topologyKey, cluster.nodes.get(name) as NodeInfo, count);
    }
    for (const term of pod.antiAffinity) {
      const perNode = cluster.counts.of(`term ${term.key} ${this.namespaceKey([term])}`, (other) => termMatches(term, other, this.labelsOf));
      for (const [name, count] of perNode) this.far.add(term.topologyKey, cluster.nodes.get(name) as NodeInfo, count);
    }
    for (const node of cluster.repelling) for (const other of node.repelling) this.changeExisting(other, node, 1);
  }

  get isEmpty(): boolean {
    return this.pod.affinity.length === 0 && this.pod.antiAffinity.length === 0 && this.existing.counts.size === 0;
  }

  filter(node: NodeInfo) {
    const { affinity, antiAffinity } = this.pod;
    if (affinity.length > 0 && !this.isSatisfied(node)) return notNear;
    for (const { topologyKey } of antiAffinity) if (this.far.at(topologyKey, node) > 0) return tooNear;
    if (this.existing.counts.size > 0) for (const key in node.labels) if (this.existing.at(key, node) > 0) return repelled;
    return undefined;
  }

  change(other: PodInfo, node: NodeInfo, by: number): void {
    if (this.pod.affinity.length > 0 && this.isNear(other)) for (const { topologyKey } of this.pod.affinity) this.near.add(topologyKey, node, by);
    for (const term of this.pod.antiAffinity) if (termMatches(term, other, this.labelsOf)) this.far.add(term.topologyKey, node, by);
    this.changeExisting(other, node, by);
  }

  /** All terms must be about the same Pods. */
  private isNear(other: PodInfo): boolean {
    return this.pod.affinity.every((term) => termMatches(term, other, this.labelsOf));
  }

  /** The first of a group that is about itself may start where the key is. */
  private isSatisfied(node: NodeInfo): boolean {
    const { affinity } = this.pod;
    if (affinity.some(({ topologyKey }) => node.labels[topologyKey] === undefined)) return false;
    if (affinity.every(({ topologyKey }) => this.near.at(topologyKey, node) > 0)) return true;
    return this.near.counts.size === 0 && this.isNear(this.pod);
  }

  private changeExisting(other: PodInfo, node: NodeInfo, by: number): void {
    for (const term of other.antiAffinity) if (termMatches(term, this.pod, this.labelsOf)) this.existing.add(term.topologyKey, node, by);
  }

  /** Which namespaces a selector means may change, so such counts are made for each Pod anew. */
  private namespaceKey(terms: readonly AffinityTerm[]): string {
    return terms.some(({ namespaceSelector }) => namespaceSelector) ? this.pod.uid : '';
  }
}

function preparePreferred(pod: PodInfo, world: World): PreparedScore | undefined {
  const domains = new Domains();
  const labelsOf = namespaceLabels(world);
  const { cluster } = world;
  for (const term of pod.preferred) {
    const perNode = cluster.counts.of(`term ${term.key} ${term.namespaceSelector ? pod.uid : ''}`, (other) => termMatches(term, other, labelsOf));
    for (const [node, count] of perNode) domains.add(term.topologyKey, cluster.nodes.get(node) as NodeInfo, count * term.weight);
  }
  for (const node of cluster.attached) {
    for (const other of node.attached) {
      for (const term of other.affinity) if (termMatches(term, pod, labelsOf)) domains.add(term.topologyKey, node, hardWeight);
      for (const term of other.preferred) if (termMatches(term, pod, labelsOf)) domains.add(term.topologyKey, node, term.weight);
    }
  }
  if (domains.counts.size === 0) return undefined;
  const keys = new Set([...domains.counts.keys()].map((domain) => domain.slice(0, domain.indexOf('='))));
  return {
    score(node) {
      let score = 0;
      for (const key of keys) score += domains.at(key, node);
      return score;
    },
    normalize(scores) {
      const lowest = Math.min(...scores);
      const range = Math.max(...scores) - lowest;
      for (let i = 0; i < scores.length; i++) scores[i] = range > 0 ? Math.floor((100 * ((scores[i] as number) - lowest)) / range) : 0;
    },
  };
}

/** Keeps Pods near others, or away from them. */
export const interPodAffinity: Plugin = {
  name,
  weight: 2,
  prepareFilter(pod, world) {
    if (pod.affinity.length === 0 && pod.antiAffinity.length === 0 && world.cluster.repelling.size === 0) return undefined;
    const required = new Required(pod, world);
    if (required.isEmpty) return undefined;
    return { filter: (node) => required.filter(node), addPod: (other, node) => required.change(other, node, 1), removePod: (other, node) => required.change(other, node, -1) };
  },
  prepareScore(pod, _, world) {
    if (pod.preferred.length === 0 && world.cluster.attached.size === 0) return undefined;
    return preparePreferred(pod, world);
  },
  mayHelp(event, pod, world) {
    if (event.kind === 'node') return event.action !== 'delete' && [...pod.affinity, ...pod.antiAffinity].some(({ topologyKey }) => event.node.metadata?.labels?.[topologyKey] !== undefined || event.old?.metadata?.labels?.[topologyKey] !== undefined);
    if (event.kind === 'the pod itself') return event.old.metadata?.labels !== event.pod.metadata?.labels;
    if (event.kind !== 'assigned pod') return false;
    const other = podInfo(event.pod);
    const labelsOf = namespaceLabels(world);
    if (event.action === 'add') return pod.affinity.some((term) => termMatches(term, other, labelsOf));
    return event.action === 'update' || other.antiAffinity.length > 0 || pod.antiAffinity.some((term) => termMatches(term, other, labelsOf));
  },
};
