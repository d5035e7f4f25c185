import type { Node, Taint } from '../../api';
import { type Client, meta, resources } from '../../client';
import { formatTime, type Task, type Time } from '../../kernel';

export const notReady = 'node.kubernetes.io/not-ready';
export const unreachable = 'node.kubernetes.io/unreachable';

/** The status of a node's condition; Unknown when it does not have it. */
export const conditionOf = (node: Node, type: string): string | undefined => node.status?.conditions?.find((condition) => condition.type === type)?.status;

const pressures: readonly (readonly [type: string, key: string])[] = [
  ['MemoryPressure', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'node.kubernetes.io/pid-pressure'],
];
const unschedulable = 'node.kubernetes.io/unschedulable';
const managed = new Set([notReady, unreachable, unschedulable, ...pressures.map(([, key]) => key)]);

/** The keys of the NoSchedule taints that a node's conditions call for. */
function called(node: Node): string[] {
  const out: string[] = [];
  const ready = conditionOf(node, 'Ready');
  if (ready === 'False') out.push(notReady);
  if (ready === 'Unknown') out.push(unreachable);
  for (const [type, key] of pressures) if (conditionOf(node, type) === 'True') out.push(key);
  if (node.spec?.unschedulable) out.push(unschedulable);
  return out;
}

/** The node's taints with those of its conditions put right; undefined when they are right. */
export function withConditionTaints(node: Node, now: Time): readonly Taint[] | undefined {
  const wanted = called(node);
  const taints = node.spec?.taints ?? [];
  const isManaged = ({ key, effect }: Taint) => effect === 'NoSchedule' && managed.has(key);
  const kept = taints.filter((taint) => !isManaged(taint) || wanted.includes(taint.key));
  const missing = wanted.filter((key) => !taints.some((taint) => taint.key === key && taint.effect === 'NoSchedule'));
  if (missing.length === 0 && kept.length === taints.length) return undefined;
  return [...kept, ...missing.map((key) => ({ key, effect: 'NoSchedule' as const, timeAdded: formatTime(now) }))];
}

/** The node's taints with the one that evicts (or without any, for undefined); undefined when they are right. */
export function withEviction(node: Node, wanted: string | undefined, now: Time): readonly Taint[] | undefined {
  const taints = node.spec?.taints ?? [];
  const isEviction = ({ key, effect }: Taint) => effect === 'NoExecute' && (key === notReady || key === unreachable);
  const kept = taints.filter((taint) => !isEviction(taint) || taint.key === wanted);
  const there = wanted === undefined || taints.some((taint) => isEviction(taint) && taint.key === wanted);
  if (there && kept.length === taints.length) return undefined;
  return there ? kept : [...kept, { key: wanted as string, effect: 'NoExecute' as const, timeAdded: formatTime(now) }];
}

/** Writes a node's taints, if the node is still the one that was looked at. */
export function* writeTaints(client: Client, node: Node, taints: readonly Taint[]): Task {
  const patch = { metadata: { resourceVersion: meta(node).resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } };
  yield* client.patch(resources.nodes, undefined, meta(node).name, 'application/merge-patch+json', patch);
}
