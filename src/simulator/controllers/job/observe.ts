import type { Job, Pod } from '../../api';
import { isDeleting, meta } from '../../client';
import { parseTime, seconds, type Duration, type Time } from '../../kernel';
import { isActive, isReady, isTerminal, isTerminating } from '../pods';
import { indexFailures, indexOf, isIndexed, parseIndexes } from './indexes';
import { judge } from './policy';

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

export const isTracked = (pod: Pod): boolean => pod.metadata?.finalizers?.includes(trackingFinalizer) ?? false;

/** Whether a Pod is replaced only when it has ended, not as soon as it is on its way out. */
export const replacesOnlyFailed = ({ spec }: Job): boolean => spec?.podReplacementPolicy === 'Failed' || spec?.podFailurePolicy !== undefined;

/** What the Pods of a Job come to, together with what its status has counted already. */
export interface Observation {
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** Ended and not counted yet. */
  readonly newSucceeded: readonly Pod[];
  readonly newFailed: readonly Pod[];
  readonly succeeded: number;
  readonly failed: number;
  readonly completedIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  readonly failuresByIndex: ReadonlyMap<number, number>;
}

/** Whether a Pod counts as failed: it has, or it is on its way out and its replacement does not wait. */
export const hasFailed = (job: Job, pod: Pod): boolean =>
  pod.status?.phase === 'Failed' || (!replacesOnlyFailed(job) && isDeleting(pod) && pod.status?.phase !== 'Succeeded');

const inRange = (job: Job, pod: Pod): boolean => {
  if (!isIndexed(job)) return true;
  const index = indexOf(pod);
  return index !== undefined && index < (job.spec?.completions ?? 0);
};

/** Looks at a Job's Pods. */
export function observe(job: Job, pods: readonly Pod[]): Observation {
  const { status = {}, spec } = job;
  const uncounted = new Set([...(status.uncountedTerminatedPods?.succeeded ?? []), ...(status.uncountedTerminatedPods?.failed ?? [])]);
  const fresh = pods.filter((pod) => isTracked(pod) && !uncounted.has(meta(pod).uid) && inRange(job, pod));
  const completions = spec?.completions ?? Infinity;
  const completed = new Set([...parseIndexes(status.completedIndexes)].filter((index) => index < completions));
  const newSucceeded = fresh.filter((pod) => pod.status?.phase === 'Succeeded').filter((pod) => {
    if (!isIndexed(job)) return true;
    const index = indexOf(pod) as number;
    if (completed.has(index)) return false;
    completed.add(index);
    return true;
  });
  const newFailed = fresh.filter((pod) => hasFailed(job, pod));
  const failures = indexFailures(pods.filter((pod) => inRange(job, pod)), (pod) => hasFailed(job, pod) && judge(job, pod).action !== 'Ignore');
  const failedIndexes = parseIndexes(status.failedIndexes);
  const limit = spec?.backoffLimitPerIndex;
  if (limit !== undefined) {
    for (const [index, count] of failures) if (count > limit && !completed.has(index)) failedIndexes.add(index);
    for (const pod of newFailed) if (judge(job, pod).action === 'FailIndex') failedIndexes.add(indexOf(pod) as number);
  }
  const counts = newFailed.filter((pod) => judge(job, pod).action !== 'Ignore').length;
  return {
    pods,
    active: pods.filter(isActive),
    ready: pods.filter((pod) => isActive(pod) && isReady(pod)).length,
    terminating: pods.filter(isTerminating).length,
    newSucceeded, newFailed,
    succeeded: isIndexed(job) ? completed.size : (status.succeeded ?? 0) + (status.uncountedTerminatedPods?.succeeded?.length ?? 0) + newSucceeded.length,
    failed: (status.failed ?? 0) + (status.uncountedTerminatedPods?.failed?.length ?? 0) + counts,
    completedIndexes: completed, failedIndexes, failuresByIndex: failures,
  };
}

const firstBackOff = seconds(10);
const maxBackOff = seconds(600);

function endOf(pod: Pod): Time {
  let end: Time | undefined;
  for (const { state } of [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]) {
    const time = state?.terminated?.finishedAt ? parseTime(state.terminated.finishedAt) : undefined;
    if (time !== undefined && (end === undefined || time > end)) end = time;
  }
  return end ?? parseTime(pod.metadata?.deletionTimestamp ?? meta(pod).creationTimestamp) ?? 0;
}

/** Remembers failures in a row, for the delay before the next Pod: 10 s, 20 s, 40 s … up to 10 minutes. */
export class BackOff {
  private failures = 0;
  private last: Time = 0;
  private readonly seen = new Set<string>();

  /** New ends of Pods: a success begins anew. */
  note(succeeded: readonly Pod[], failed: readonly Pod[], now: Time): void {
    const ends = [...succeeded.map((pod) => ({ pod, ok: true })), ...failed.map((pod) => ({ pod, ok: false }))].filter(({ pod }) => !this.seen.has(meta(pod).uid)).sort((a, b) => endOf(a.pod) - endOf(b.pod));
    for (const { pod, ok } of ends) {
      this.seen.add(meta(pod).uid);
      this.failures = ok ? 0 : this.failures + 1;
      if (!ok) this.last = isTerminal(pod) ? Math.max(this.last, endOf(pod)) : now;
    }
  }

  remaining(now: Time): Duration {
    if (this.failures === 0) return 0;
    return Math.max(0, this.last + Math.min(firstBackOff * 2 ** (this.failures - 1), maxBackOff) - now);
  }
}
