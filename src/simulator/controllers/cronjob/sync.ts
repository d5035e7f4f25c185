import { type CronJob, type CronJobStatus, isStatus, type Job, type ObjectReference } from '../../api';
import { type Client, controllerReference, deepEqual, type EventRecorder, isApiFailure, isDeleting, meta, resources } from '../../client';
import { type Duration, formatTime, type Kernel, milliseconds, minutes, parseTime, seconds, type Task, type Time } from '../../kernel';
import { isFinished } from '../job/conditions';
import { manyMissed, mostRecent, parseSchedule, type Schedule } from './schedule';

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

export interface CronSync {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly jobs: readonly Job[];
  cron: CronJob;
}

const conditionOf = (job: Job): string => job.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True')?.type ?? '';

/** One sync of one CronJob; how long until the next, if there is one. */
export function* syncCronJob(sync: CronSync): Task<Duration | undefined> {
  yield* dropOldJobs(sync);
  const status = refreshActive(sync);
  const outcome = isDeleting(sync.cron) || sync.cron.spec?.suspend ? { status, again: undefined } : yield* start(sync, status);
  if (!deepEqual(outcome.status, sync.cron.status ?? {})) yield* sync.client.updateStatus<CronJob>(resources.cronjobs, { ...sync.cron, status: outcome.status });
  return outcome.again;
}

/** Of the finished Jobs only the newest stay. */
function* dropOldJobs(sync: CronSync): Task {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = sync.cron.spec ?? {};
  const ended = (type: string) => sync.jobs.filter((job) => conditionOf(job) === type && !isDeleting(job));
  for (const [jobs, limit] of [[ended('Complete'), successfulJobsHistoryLimit], [ended('Failed'), failedJobsHistoryLimit]] as const) {
    if (limit === undefined) continue;
    const startOf = (job: Job) => job.status?.startTime ?? '';
    const sorted = [...jobs].sort((a, b) => (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : meta(a).name < meta(b).name ? -1 : 1));
    for (const job of sorted.slice(0, Math.max(0, sorted.length - limit))) yield* deleteJob(sync, job);
  }
}

function* deleteJob({ client, recorder, cron }: CronSync, job: Job): Task<boolean> {
  const { namespace, name } = meta(job);
  try {
    yield* client.delete(resources.jobs, namespace, name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (!isApiFailure(error)) throw error;
    recorder.event(cron, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
    return false;
  }
  recorder.event(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  return true;
}

/** The status with the list of active Jobs put right. */
function refreshActive({ jobs, recorder, cron }: CronSync): CronJobStatus {
  let active: readonly ObjectReference[] = cron.status?.active ?? [];
  let { lastSuccessfulTime } = cron.status ?? {};
  for (const job of jobs) {
    const { name, uid } = meta(job);
    const listed = active.some((reference) => reference.uid === uid);
    if (!listed && !isFinished(job)) recorder.event(cron, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
    else if (listed && isFinished(job)) {
      active = active.filter((reference) => reference.uid !== uid);
      recorder.event(cron, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${conditionOf(job)}`);
    }
    const completed = job.status?.completionTime;
    if (conditionOf(job) === 'Complete' && completed && (!lastSuccessfulTime || completed > lastSuccessfulTime)) lastSuccessfulTime = completed;
  }
  for (const reference of active) {
    if (jobs.some((job) => meta(job).uid === reference.uid)) continue;
    recorder.event(cron, 'Normal', 'MissingJob', `Active job went missing: ${reference.name ?? ''}`);
    active = active.filter((other) => other !== reference);
  }
  const { active: _, ...rest } = cron.status ?? {};
  return { ...rest, ...(active.length > 0 && { active }), ...(lastSuccessfulTime && { lastSuccessfulTime }) };
}

interface Outcome {
  readonly status: CronJobStatus;
  readonly again: Duration | undefined;
}

function* start(sync: CronSync, status: CronJobStatus): Task<Outcome> {
  const { cron, kernel, recorder } = sync;
  const text = cron.spec?.schedule ?? '';
  const schedule = parseSchedule(text);
  if (!schedule) {
    recorder.event(cron, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${text}`);
    return { status, again: undefined };
  }
  const next = schedule.next(kernel.now);
  if (next === undefined) {
    recorder.event(cron, 'Warning', 'InvalidSchedule', `invalid schedule: ${text} : time difference between two schedules is less than 1 second`);
    return { status, again: undefined };
  }
  const again = next - kernel.now + milliseconds(100);
  const time = due(sync, schedule, status);
  return { status: time === undefined ? status : yield* startAt(sync, status, time), again };
}

/** The time of the start that is due and was not made, if it may still be. */
function due({ cron, kernel, recorder }: CronSync, schedule: Schedule, status: CronJobStatus): Time | undefined {
  const deadline = cron.spec?.startingDeadlineSeconds;
  const earliest = parseTime(status.lastScheduleTime ?? meta(cron).creationTimestamp) ?? 0;
  const after = deadline === undefined ? earliest : Math.max(earliest, kernel.now - seconds(deadline));
  const { time, missed } = mostRecent(schedule, after, kernel.now);
  if (missed > manyMissed) recorder.event(cron, 'Warning', 'TooManyMissedTimes', 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew');
  if (time === undefined) return undefined;
  if (deadline !== undefined && time + seconds(deadline) < kernel.now) {
    recorder.event(cron, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${formatTime(time)}`);
    return undefined;
  }
  return time;
}

function* startAt(sync: CronSync, status: CronJobStatus, time: Time): Task<CronJobStatus> {
  const { cron, client, recorder } = sync;
  const { namespace, name } = meta(cron);
  const jobName = `${name}-${Math.floor(time / minutes(1))}`;
  let active = status.active ?? [];
  if (active.some((reference) => reference.name === jobName) || status.lastScheduleTime === formatTime(time)) return status;
  if (active.length > 0 && cron.spec?.concurrencyPolicy === 'Forbid') {
    recorder.event(cron, 'Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
    return status;
  }
  if (cron.spec?.concurrencyPolicy === 'Replace') {
    for (const reference of active) {
      const job = sync.jobs.find((candidate) => meta(candidate).uid === reference.uid);
      if (job && (yield* deleteJob(sync, job))) active = active.filter((other) => other !== reference);
    }
  }
  const template = cron.spec?.jobTemplate;
  const { labels, annotations } = template?.metadata ?? {};
  const wanted: Job = {
    apiVersion: 'batch/v1', kind: 'Job',
    metadata: {
      name: jobName, namespace, ...(labels && { labels }),
      annotations: { ...annotations, [scheduledAnnotation]: formatTime(time) },
      ownerReferences: [controllerReference(cron, resources.cronjobs)],
    },
    ...(template?.spec && { spec: template.spec }),
  };
  let job: Job;
  try {
    job = yield* client.create<Job>(resources.jobs, namespace, wanted);
  } catch (error) {
    if (isStatus(error, 'AlreadyExists')) return { ...status, lastScheduleTime: formatTime(time) };
    if (isApiFailure(error)) recorder.event(cron, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
    throw error;
  }
  recorder.event(cron, 'Normal', 'SuccessfulCreate', `Created job ${jobName}`);
  const { uid, resourceVersion } = meta(job);
  const reference: ObjectReference = { apiVersion: 'batch/v1', kind: 'Job', name: jobName, namespace, uid, resourceVersion };
  return { ...status, active: [...active, reference], lastScheduleTime: formatTime(time) };
}
