import type { Job, JobCondition, Pod } from '../../api';
import { type Duration, parseTime, seconds, type Time } from '../../kernel';
import { condition, findCondition } from './conditions';
import { isIndexed } from './indexes';
import type { Observation } from './observe';
import { judge, successMet } from './policy';

/** How a Job ends, or why it goes on. */
export interface Ending {
  /** FailureTarget or SuccessCriteriaMet: first the Pods go, then the Job is Failed or Complete. */
  readonly condition: JobCondition | undefined;
  /** When to look again because of the deadline. */
  readonly deadlineIn?: Duration;
}

const reached = 'Reached expected number of succeeded pods';

/** What the state of its Pods means for the Job. */
export function decide(job: Job, seen: Observation, now: Time): Ending {
  const known = findCondition(job.status, 'FailureTarget') ?? findCondition(job.status, 'SuccessCriteriaMet');
  if (known?.status === 'True') return { condition: known };
  const failure = failurePolicy(job, seen) ?? tooManyFailures(job, seen);
  if (failure) return { condition: condition('FailureTarget', 'True', failure[0], failure[1], now) };
  const deadlineIn = untilDeadline(job, now);
  if (deadlineIn !== undefined && deadlineIn <= 0) return { condition: condition('FailureTarget', 'True', 'DeadlineExceeded', 'Job was active longer than specified deadline', now) };
  const policy = successMet(job, seen.completedIndexes);
  if (policy !== undefined) return { condition: condition('SuccessCriteriaMet', 'True', 'SuccessPolicy', policy, now) };
  const indexes = failedIndexes(job, seen);
  if (indexes) return { condition: condition('FailureTarget', 'True', indexes[0], indexes[1], now) };
  if (isDone(job, seen)) return { condition: condition('SuccessCriteriaMet', 'True', 'CompletionsReached', reached, now) };
  return { condition: undefined, ...(deadlineIn !== undefined && { deadlineIn }) };
}

function failurePolicy(job: Job, { newFailed }: Observation): readonly [string, string] | undefined {
  if (!job.spec?.podFailurePolicy) return undefined;
  for (const pod of newFailed) {
    const { action, message } = judge(job, pod);
    if (action === 'FailJob') return ['PodFailurePolicy', message];
  }
  return undefined;
}

const restarts = (pod: Pod): number => [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].reduce((sum, { restartCount }) => sum + restartCount, 0);

function tooManyFailures(job: Job, { failed, active }: Observation): readonly [string, string] | undefined {
  const limit = job.spec?.backoffLimit ?? 6;
  const inPlace = job.spec?.template.spec?.restartPolicy === 'OnFailure' ? active.reduce((sum, pod) => sum + restarts(pod), 0) : 0;
  if (failed > limit || (inPlace > 0 && inPlace >= limit)) return ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'];
  return undefined;
}

function untilDeadline(job: Job, now: Time): Duration | undefined {
  const { activeDeadlineSeconds, suspend } = job.spec ?? {};
  const start = job.status?.startTime ? parseTime(job.status.startTime) : undefined;
  if (activeDeadlineSeconds === undefined || suspend) return undefined;
  return (start ?? now) + seconds(activeDeadlineSeconds) - now;
}

function failedIndexes(job: Job, { failedIndexes: failed, completedIndexes: completed }: Observation): readonly [string, string] | undefined {
  const { backoffLimitPerIndex, maxFailedIndexes, completions = 0 } = job.spec ?? {};
  if (backoffLimitPerIndex === undefined) return undefined;
  if (maxFailedIndexes !== undefined && failed.size > maxFailedIndexes) return ['MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes'];
  if (failed.size > 0 && failed.size + completed.size >= completions) return ['FailedIndexes', 'Job has failed indexes'];
  return undefined;
}

function isDone(job: Job, { succeeded, active, terminating }: Observation): boolean {
  const { completions } = job.spec ?? {};
  if (completions === undefined) return succeeded > 0 && active.length === 0 && (isIndexed(job) || terminating === 0);
  return succeeded >= completions;
}
