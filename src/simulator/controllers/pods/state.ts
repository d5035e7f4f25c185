import type { Pod, PodCondition } from '../../api';
import { isDeleting } from '../../client';
import { type Duration, parseTime, seconds, type Time } from '../../kernel';

/** The condition of a type, if the Pod has it. */
export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  const conditions = pod.status?.conditions;
  if (conditions) for (const condition of conditions) if (condition.type === type) return condition;
  return undefined;
}

/** Whether the Ready condition is True. */
export const isReady = (pod: Pod): boolean => podCondition(pod, 'Ready')?.status === 'True';

/** How long until the Pod counts as available: 0 when it does, Infinity when it is not ready. */
export function untilAvailable(pod: Pod, minReadySeconds: number, now: Time): Duration {
  const ready = podCondition(pod, 'Ready');
  if (ready?.status !== 'True') return Infinity;
  if (minReadySeconds === 0) return 0;
  const since = ready.lastTransitionTime ? parseTime(ready.lastTransitionTime) : undefined;
  if (since === undefined) return Infinity;
  return Math.max(0, since + seconds(minReadySeconds) - now);
}

/** Whether the Pod has ended, whatever way. */
export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Whether the Pod counts for a controller: neither ended nor on its way out. */
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && !isDeleting(pod);

/** Whether the Pod is on its way out and has not ended. */
export const isTerminating = (pod: Pod): boolean => !isTerminal(pod) && isDeleting(pod);
