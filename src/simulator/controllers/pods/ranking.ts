import type { Pod } from '../../api';
import { meta } from '../../client';
import { parseTime, type Time } from '../../kernel';
import { isReady, podCondition } from './state';

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

const deletionCost = (pod: Pod): number => Number(pod.metadata?.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0);

const restarts = (pod: Pod): number => {
  let most = 0;
  for (const { restartCount } of [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]) most = Math.max(most, restartCount);
  return most;
};

const readySince = (pod: Pod): Time | undefined => {
  const time = podCondition(pod, 'Ready')?.lastTransitionTime;
  return time ? parseTime(time) : undefined;
};

/** Ages compared by powers of two (KEP-2185): the younger first; within one power the UIDs decide, which is as good as chance. */
function compareAges(a: Pod, b: Pod, since: (pod: Pod) => Time | undefined, now: Time): number {
  const left = since(a);
  const right = since(b);
  if (left === right) return 0;
  if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
  const rank = (time: Time) => (now > time ? Math.floor(Math.log2((now - time) * 1000)) : -1);
  return rank(left) - rank(right) || (meta(a).uid < meta(b).uid ? -1 : 1);
}

/**
 * The order in which a set gives up Pods: unassigned, pending, not ready, cheap to delete, on the node with most of its
 * kind (`onNode`), ready for a shorter time, more restarts, newer.
 */
export function byDeletionOrder(pods: readonly Pod[], now: Time, onNode: (pod: Pod) => number): Pod[] {
  const created = (pod: Pod) => parseTime(meta(pod).creationTimestamp);
  return [...pods].sort((a, b) => {
    const assigned = Number(!!a.spec?.nodeName) - Number(!!b.spec?.nodeName);
    if (assigned !== 0) return assigned;
    const phase = (phases[a.status?.phase ?? 'Pending'] ?? 0) - (phases[b.status?.phase ?? 'Pending'] ?? 0);
    if (phase !== 0) return phase;
    const ready = Number(isReady(a)) - Number(isReady(b));
    if (ready !== 0) return ready;
    return deletionCost(a) - deletionCost(b)
      || onNode(b) - onNode(a)
      || (isReady(a) ? compareAges(a, b, readySince, now) : 0)
      || restarts(b) - restarts(a)
      || compareAges(a, b, created, now);
  });
}
