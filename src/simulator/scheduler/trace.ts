import type { NodeInfo, PodInfo } from './cache';
import type { Findings } from './cycle';

/** Above so many nodes a trace record names only the best of them. */
const allNodesUpTo = 50;
const bestOnly = 5;

/** One node in a decision: why it will not do, or what it scored. */
export interface NodeVerdict {
  readonly node: string;
  readonly plugin?: string;
  readonly reasons?: readonly string[];
  readonly total?: number;
  readonly scores?: Readonly<Record<string, number>>;
}

/** The indexes of the highest totals, the highest first: found in one pass, for there may be hundreds. */
function highest(totals: readonly number[], count: number): number[] {
  const found: number[] = [];
  const totalOf = (index: number | undefined): number => totals[index ?? -1] ?? -Infinity;
  for (let index = 0; index < totals.length; index++) {
    if (found.length === count && totalOf(index) <= totalOf(found[count - 1])) continue;
    let at = found.length;
    while (at > 0 && totalOf(found[at - 1]) < totalOf(index)) at -= 1;
    found.splice(at, 0, index);
    if (found.length > count) found.pop();
  }
  return found;
}

/** What a decision about a Pod was made by, for the trace. */
export function explain(pod: PodInfo, { refused, feasible }: Findings, totals: readonly number[], parts: ReadonlyMap<string, readonly number[]>, chosen: NodeInfo | undefined): Readonly<Record<string, unknown>> {
  const scoresOf = (index: number) => Object.fromEntries([...parts].map(([plugin, scores]) => [plugin, scores[index] ?? 0]));
  const few = refused.size + feasible.length <= allNodesUpTo;
  const indexes = few ? feasible.map((_, index) => index) : highest(totals, bestOnly);
  const verdicts: NodeVerdict[] = indexes.map((index) => ({ node: feasible[index]?.name ?? '', total: totals[index] ?? 0, scores: scoresOf(index) }));
  if (few) for (const [node, { plugin, reasons }] of refused) verdicts.push({ node: node.name, plugin, reasons });
  return { pod: `${pod.namespace}/${pod.name}`, chosen: chosen?.name ?? null, feasible: feasible.length, refused: refused.size, nodes: verdicts };
}
