import { isStatus, type Job, type JobCondition, type JobStatus, type Pod } from '../../api';
import { type Client, deepEqual, type EventRecorder, type Expectations, isDeleting, keyOf, meta, resources } from '../../client';
import { type Duration, formatTime, type Kernel, type Task } from '../../kernel';
import { inParallel, isActive, type PodControl, slowStart } from '../pods';
import { condition, findCondition, isFinished, withCondition } from './conditions';
import { decide } from './decide';
import { formatIndexes, indexOf, isIndexed } from './indexes';
import { makePod } from './make';
import { type BackOff, hasFailed, isTracked, observe, type Observation, replacesOnlyFailed, trackingFinalizer } from './observe';
import { judge } from './policy';

export interface JobParts {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly control: PodControl;
  readonly expectations: Expectations;
  readonly backOff: BackOff;
  again(delay: Duration): void;
}

/** One sync of one Job: what its Pods come to, what is to be made or deleted, and the status after that. */
export function* syncJob(parts: JobParts, stored: Job, pods: readonly Pod[], settled: boolean): Task {
  const { kernel, recorder, backOff } = parts;
  const suspended = stored.spec?.suspend === true;
  const job = started(stored, suspended, kernel.now);
  const seen = observe(job, pods);
  backOff.note(seen.newSucceeded, seen.newFailed, kernel.now);
  const ending = decide(job, seen, kernel.now);
  if (ending.deadlineIn !== undefined) parts.again(ending.deadlineIn);
  let { active } = seen;
  let conditions = job.status?.conditions ?? [];
  if (ending.condition) {
    const { done } = yield* inParallel(kernel, 'job', active, (pod) => deletePod(parts, job, pod));
    active = active.slice(done);
    if (!findCondition(job.status, ending.condition.type) && ending.condition.type === 'FailureTarget') recorder.event(stored, 'Warning', ending.condition.reason ?? '', ending.condition.message ?? '');
    conditions = withCondition(conditions, ending.condition);
  } else if (settled && !isDeleting(job)) {
    active = yield* manage(parts, job, seen, suspended);
    conditions = suspension(parts, stored, conditions, suspended);
  }
  yield* track(parts, stored, { ...job, status: { ...job.status, conditions } }, seen, active, ending.condition);
}

/** The Job's clock starts with its first sync, and again when it is resumed. */
function started(job: Job, suspended: boolean, now: number): Job {
  if (suspended) {
    if (job.status?.startTime === undefined || isFinished(job)) return job;
    const { startTime: _, ...status } = job.status;
    return { ...job, status };
  }
  return job.status?.startTime === undefined ? { ...job, status: { ...job.status, startTime: formatTime(now) } } : job;
}

function suspension({ recorder, kernel }: JobParts, job: Job, conditions: readonly JobCondition[], suspended: boolean): readonly JobCondition[] {
  const known = findCondition({ conditions }, 'Suspended')?.status === 'True';
  if (suspended === known) return conditions;
  recorder.event(job, 'Normal', suspended ? 'Suspended' : 'Resumed', suspended ? 'Job suspended' : 'Job resumed');
  return withCondition(conditions, suspended
    ? condition('Suspended', 'True', 'JobSuspended', 'Job suspended', kernel.now)
    : condition('Suspended', 'False', 'JobResumed', 'Job resumed', kernel.now));
}

function* deletePod({ control, expectations }: JobParts, job: Job, pod: Pod): Task {
  const key = keyOf(job);
  expectations.expectDeletions(key, [keyOf(pod)]);
  try {
    yield* control.delete(meta(pod).namespace, meta(pod).name, job);
  } catch (error) {
    expectations.deletionObserved(key, keyOf(pod));
    if (!isStatus(error, 'NotFound')) throw error;
  }
}

/** Makes as many Pods as may run, or deletes those that are too many; those do not count as failed. */
function* manage(parts: JobParts, job: Job, seen: Observation, suspended: boolean): Task<readonly Pod[]> {
  const { kernel, backOff } = parts;
  const { parallelism = 1, completions } = job.spec ?? {};
  const { active, succeeded, terminating } = seen;
  const left = completions === undefined ? (succeeded > 0 ? active.length : parallelism) : Math.max(0, completions - succeeded);
  const wanted = suspended ? 0 : Math.min(parallelism, left);
  const surplus = surplusPods(job, active, seen, wanted);
  if (surplus.length > 0) {
    const { failure } = yield* inParallel(kernel, 'job', surplus, function* remove(pod) {
      yield* untrack(parts.client, pod);
      yield* deletePod(parts, job, pod);
    });
    if (failure) throw failure;
    return active.filter((pod) => !surplus.includes(pod));
  }
  const missing = wanted - active.length - (replacesOnlyFailed(job) ? terminating : 0);
  if (missing <= 0) return active;
  const wait = job.spec?.backoffLimitPerIndex === undefined ? backOff.remaining(kernel.now) : 0;
  if (wait > 0) {
    parts.again(wait);
    return active;
  }
  return yield* createPods(parts, job, seen, missing);
}

/** Pods of an index twice, or beyond the last, and then as many as are too many. */
function surplusPods(job: Job, active: readonly Pod[], { completedIndexes, failedIndexes }: Observation, wanted: number): readonly Pod[] {
  if (!isIndexed(job)) return active.length > wanted ? active.slice(wanted) : [];
  const taken = new Set<number>();
  const surplus = new Set<Pod>();
  for (const pod of active) {
    const index = indexOf(pod);
    if (index === undefined || index >= (job.spec?.completions ?? 0) || taken.has(index) || completedIndexes.has(index) || failedIndexes.has(index)) surplus.add(pod);
    else taken.add(index);
  }
  const rest = active.filter((pod) => !surplus.has(pod));
  for (const pod of rest.sort((a, b) => (indexOf(b) ?? 0) - (indexOf(a) ?? 0)).slice(0, Math.max(0, rest.length - wanted))) surplus.add(pod);
  return [...surplus];
}

function* createPods(parts: JobParts, job: Job, seen: Observation, count: number): Task<readonly Pod[]> {
  const { kernel, control, expectations } = parts;
  const key = keyOf(job);
  const wanted = isIndexed(job) ? pendingIndexes(job, seen, count) : Array.from({ length: count }, () => undefined);
  expectations.expectCreations(key, wanted.length);
  const made: Pod[] = [];
  const { done, failure } = yield* slowStart(kernel, 'job', wanted, function* create(index) {
    made.push(yield* control.create(meta(job).namespace, makePod(job, index, index === undefined ? 0 : (seen.failuresByIndex.get(index) ?? 0)), job));
  });
  for (let missing = wanted.length - done; missing > 0; missing--) expectations.creationObserved(key);
  if (failure) throw failure;
  return [...seen.active, ...made];
}

function pendingIndexes(job: Job, { active, pods, completedIndexes, failedIndexes }: Observation, count: number): number[] {
  const taken = new Set(active.map(indexOf));
  if (replacesOnlyFailed(job)) for (const pod of pods) if (isDeleting(pod) && pod.status?.phase !== 'Failed') taken.add(indexOf(pod));
  const out: number[] = [];
  for (let index = 0; index < (job.spec?.completions ?? 0) && out.length < count; index++) {
    if (!taken.has(index) && !completedIndexes.has(index) && !failedIndexes.has(index)) out.push(index);
  }
  return out;
}

/** Lets a Pod go that was counted, or is not to be. */
export function* untrack(client: Client, pod: Pod): Task {
  if (!isTracked(pod)) return;
  const patch = { metadata: { uid: meta(pod).uid, '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } };
  try {
    yield* client.patch(resources.pods, meta(pod).namespace, meta(pod).name, 'application/strategic-merge-patch+json', patch);
  } catch (error) {
    if (!isStatus(error, 'NotFound') && !isStatus(error, 'Invalid')) throw error;
  }
}

/** Counts Pods that have ended: first their UIDs go into the status, then their finalizers go, then they are in the counts. */
function* track(parts: JobParts, stored: Job, job: Job, seen: Observation, active: readonly Pod[], ending: JobCondition | undefined): Task {
  const { client, kernel } = parts;
  const failing = ending?.type === 'FailureTarget';
  const nowFailed = failing ? [...seen.newFailed, ...seen.active.filter((pod) => isTracked(pod) && !seen.newFailed.includes(pod))] : seen.newFailed;
  const counted = nowFailed.filter((pod) => judge(job, pod).action !== 'Ignore');
  const finished = seen.pods.filter((pod) => isTracked(pod) && (pod.status?.phase === 'Succeeded' || hasFailed(job, pod) || (ending && isActive(pod)) || (isDeleting(pod) && ending)));
  const uids = (pods: readonly Pod[], known: readonly string[] = []) => [...new Set([...known, ...pods.map((pod) => meta(pod).uid)])];
  const before = job.status?.uncountedTerminatedPods;
  const uncounted = { succeeded: uids(seen.newSucceeded, before?.succeeded), failed: uids(counted, before?.failed) };
  const base: JobStatus = { ...job.status, ...counts(job, seen, active, ending) };
  let current = stored;
  if (finished.length > 0 && uncounted.succeeded.length + uncounted.failed.length > 0) {
    const lists = { ...(uncounted.succeeded.length > 0 && { succeeded: uncounted.succeeded }), ...(uncounted.failed.length > 0 && { failed: uncounted.failed }) };
    current = yield* client.updateStatus<Job>(resources.jobs, { ...stored, status: withoutEnd({ ...base, uncountedTerminatedPods: lists }) });
  }
  const { failure } = yield* inParallel(kernel, 'job', finished, (pod) => untrack(client, pod));
  if (failure) throw failure;
  const succeeded = isIndexed(job) ? seen.completedIndexes.size : (job.status?.succeeded ?? 0) + uncounted.succeeded.length;
  const failed = (job.status?.failed ?? 0) + uncounted.failed.length;
  const status = withoutEnd({ ...base, succeeded, failed, uncountedTerminatedPods: {} });
  yield* conclude(parts, current, status, ending);
}

function counts(job: Job, seen: Observation, active: readonly Pod[], ending: JobCondition | undefined): Partial<JobStatus> {
  const gone = ending ? seen.active.length - active.length : 0;
  return {
    active: active.length,
    ready: ending ? 0 : seen.ready,
    terminating: seen.terminating + gone,
    ...(isIndexed(job) && { completedIndexes: formatIndexes(seen.completedIndexes) }),
    ...(job.spec?.backoffLimitPerIndex !== undefined && { failedIndexes: formatIndexes(seen.failedIndexes) }),
  };
}

/** Numbers that are zero and texts that are empty are left out, but for the two that are always there. */
function withoutEnd(status: JobStatus): JobStatus {
  const { active, succeeded, failed, completedIndexes, ...rest } = status;
  return {
    ...rest,
    ...(active && { active }), ...(succeeded && { succeeded }), ...(failed && { failed }), ...(completedIndexes && { completedIndexes }),
  };
}

/** Writes the status; when the last Pod is gone an ending becomes the end. */
function* conclude({ client, kernel, recorder, again }: JobParts, stored: Job, status: JobStatus, ending: JobCondition | undefined): Task {
  const over = ending !== undefined && (status.active ?? 0) === 0 && (status.terminating ?? 0) === 0;
  let final = status;
  if (over) {
    const well = ending.type === 'SuccessCriteriaMet';
    const end = condition(well ? 'Complete' : 'Failed', 'True', ending.reason ?? '', ending.message ?? '', kernel.now);
    final = { ...status, conditions: withCondition(status.conditions ?? [], end), ...(well && { completionTime: formatTime(kernel.now) }) };
  } else if (ending) again(1_000_000);
  if (!deepEqual(final, stored.status)) yield* client.updateStatus<Job>(resources.jobs, { ...stored, status: final });
  // Only what is written has happened: after a conflict it is tried again.
  if (over && ending.type === 'SuccessCriteriaMet') recorder.event(stored, 'Normal', 'Completed', 'Job completed');
}
