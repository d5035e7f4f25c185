import type { Random } from '../kernel';
import type { NodeInfo, PodInfo } from './cache';
import { isVerdict, type Plugin, type PreparedFilter, type Verdict, verdict, type World } from './framework';
import type { Nominations } from './nominations';

/** How a cycle looked at the nodes: for the messages, for preemption and for the trace. */
export interface Findings {
  /** Why each node that was looked at will not do. */
  readonly refused: ReadonlyMap<NodeInfo, Verdict>;
  readonly feasible: readonly NodeInfo[];
  readonly filters: readonly NamedFilter[];
  /** A verdict on all nodes, before any was looked at. */
  readonly outright?: Verdict;
}

export interface NamedFilter extends PreparedFilter {
  readonly plugin: string;
}

/** A node's scores: the total, and each plugin's part, weighted. */
export interface Scored {
  readonly node: NodeInfo;
  readonly total: number;
  readonly parts: Readonly<Record<string, number>>;
}

const enoughToLookAtAll = 100;
const leastPercentage = 5;

/** How many feasible nodes are enough: all up to 100, then a share that falls from 50 % to 5 % as clusters grow. */
export function feasibleEnough(nodes: number, percentage: number): number {
  if (nodes < enoughToLookAtAll) return nodes;
  const share = percentage > 0 ? percentage : Math.max(leastPercentage, 50 - Math.floor(nodes / 125));
  return Math.max(enoughToLookAtAll, Math.floor((nodes * share) / 100));
}

/** The filters that have something to say about this Pod; or a verdict on all nodes. */
export function prepareFilters(plugins: readonly Plugin[], pod: PodInfo, world: World): NamedFilter[] | Verdict {
  const filters: NamedFilter[] = [];
  for (const plugin of plugins) {
    const prepared = plugin.prepareFilter?.(pod, world);
    if (!prepared) continue;
    if (isVerdict(prepared)) return prepared;
    filters.push({ plugin: plugin.name, ...prepared });
  }
  return filters;
}

/** The first verdict against a node. */
export function ask(filters: readonly NamedFilter[], node: NodeInfo): Verdict | undefined {
  for (const { filter } of filters) {
    const refusal = filter(node);
    if (refusal) return refusal;
  }
  return undefined;
}

/** As `ask`, also with the Pods that are nominated to the node: it must do both ways. */
export function askWithNominated(filters: readonly NamedFilter[], pod: PodInfo, node: NodeInfo, nominations: Nominations): Verdict | undefined {
  const expected = nominations.on(node.name, pod);
  if (expected.length > 0) {
    for (const other of expected) addTo(filters, other, node);
    const refusal = ask(filters, node);
    for (const other of expected) removeFrom(filters, other, node);
    if (refusal) return refusal;
  }
  return ask(filters, node);
}

/** For trying out: the Pod is on the node. */
export function addTo(filters: readonly NamedFilter[], pod: PodInfo, node: NodeInfo): void {
  node.addPod(pod);
  for (const { addPod } of filters) addPod?.(pod, node);
}

/** For trying out: the Pod is not on the node. */
export function removeFrom(filters: readonly NamedFilter[], pod: PodInfo, node: NodeInfo): void {
  node.removePod(pod.uid);
  for (const { removePod } of filters) removePod?.(pod, node);
}

/** Looks for nodes that will do, from where the last search stopped. */
export class Search {
  private start = 0;

  constructor(private readonly plugins: readonly Plugin[], private readonly world: World, private readonly nominations: Nominations, private readonly percentage: number) {}

  find(pod: PodInfo): Findings {
    const filters = prepareFilters(this.plugins, pod, this.world);
    const { ordered } = this.world.cluster;
    if (isVerdictOnAll(filters)) return { refused: new Map(ordered.map((node) => [node, filters])), feasible: [], filters: [], outright: filters };
    const only = intersection(filters);
    const refused = new Map<NodeInfo, Verdict>();
    const feasible: NodeInfo[] = [];
    const nominated = pod.pod.status?.nominatedNodeName;
    const preferred = nominated === undefined ? undefined : this.world.cluster.nodes.get(nominated);
    if (preferred && !askWithNominated(filters, pod, preferred, this.nominations)) return { refused, feasible: [preferred], filters };
    const enough = feasibleEnough(ordered.length, this.percentage);
    let looked = 0;
    for (; looked < ordered.length && feasible.length < enough; looked++) {
      const node = ordered[(this.start + looked) % ordered.length] as NodeInfo;
      const refusal = only && !only.nodes.has(node.name) ? only.verdict : askWithNominated(filters, pod, node, this.nominations);
      if (refusal) refused.set(node, refusal);
      else feasible.push(node);
    }
    this.start = ordered.length === 0 ? 0 : (this.start + looked) % ordered.length;
    return { refused, feasible, filters };
  }
}

const isVerdictOnAll = (filters: NamedFilter[] | Verdict): filters is Verdict => !Array.isArray(filters);

/** The nodes that the filters leave at all, and what is said of the others. */
function intersection(filters: readonly NamedFilter[]): { readonly nodes: ReadonlySet<string>; readonly verdict: Verdict } | undefined {
  let nodes: ReadonlySet<string> | undefined;
  const plugins: string[] = [];
  for (const { only, plugin } of filters) {
    if (!only) continue;
    nodes = nodes ? new Set([...nodes].filter((name) => only.has(name))) : only;
    plugins.push(plugin);
  }
  return nodes && { nodes, verdict: verdict(plugins[0] ?? '', true, `node(s) didn't satisfy plugin(s) [${plugins.join(' ')}]`) };
}

/** Scores the feasible nodes. */
export function score(plugins: readonly Plugin[], pod: PodInfo, nodes: readonly NodeInfo[], world: World): { readonly totals: number[]; readonly parts: ReadonlyMap<string, readonly number[]> } {
  const totals = new Array<number>(nodes.length).fill(0);
  const parts = new Map<string, readonly number[]>();
  for (const { name, weight = 1, prepareScore } of plugins) {
    const prepared = prepareScore?.(pod, nodes, world);
    if (!prepared) continue;
    const scores = nodes.map((node) => prepared.score(node));
    prepared.normalize?.(scores, nodes);
    for (let i = 0; i < scores.length; i++) {
      scores[i] = (scores[i] as number) * weight;
      totals[i] = (totals[i] as number) + (scores[i] as number);
    }
    parts.set(name, scores);
  }
  return { totals, parts };
}

/** The index of the highest total; among equals chance decides. */
export function best(totals: readonly number[], random: Random): number {
  let chosen = 0;
  let ties = 1;
  for (let i = 1; i < totals.length; i++) {
    const total = totals[i] as number;
    const highest = totals[chosen] as number;
    if (total > highest) {
      chosen = i;
      ties = 1;
    } else if (total === highest && random.int(++ties) === 0) chosen = i;
  }
  return chosen;
}
