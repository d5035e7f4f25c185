import type { Findings } from './cycle';

/** '1 Insufficient cpu, 2 node(s) …': how often each reason was given, in the order of that text. */
export function countReasons(reasons: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).sort().join(', ');
}

/** Why a Pod fits nowhere, in the words of its event and its PodScheduled condition; `rest` is what preemption adds. */
export function fitMessage({ refused, outright }: Findings, nodes: number, rest: string): string {
  const head = `0/${nodes} nodes are available:`;
  const why = outright ? outright.reasons.join(', ') : countReasons([...refused.values()].flatMap(({ reasons }) => reasons));
  const message = why === '' ? head : `${head} ${why}.`;
  return rest === '' ? message : `${message} ${rest}`;
}
