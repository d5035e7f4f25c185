import type { Job, JobSpec, JobStatus } from '../../../../api';
import { parseTime } from '../../../../kernel';
import type { Errors, FieldError, Path } from '../../../field';
import { checkCount } from '../../apps/template';
import { internalView } from '../../internal-view';
import { statusPath } from '../../strategy';
import { indexesIn, indexesProblem } from './indexes';

const counters = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;
const at = (field: string): Path => statusPath.child(field);

function has(status: JobStatus | undefined, type: string): boolean {
  return status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
}

/** An Invalid error that shows no value. */
function refuse(errors: Errors, message: string): void {
  errors.list.push({ type: 'FieldValueInvalid', field: at('conditions').toString(), message: `Invalid value: ${message}` } satisfies FieldError);
}

/** Checks a Job's status against its spec and what it was before (kubernetes.io: Job). The order of errors is the server's. */
export function checkJobStatus(job: Job, old: Job, errors: Errors): void {
  const status = job.status ?? {};
  for (const name of counters) checkCount(status[name], at(name), errors);
  checkUncounted(status, errors);
  checkConditions(status, errors);
  checkFinished(status, errors);
  checkIndexes(status, old.status ?? {}, job.spec as JobSpec, errors);
  const finished = has(status, 'Complete') || has(status, 'Failed');
  if (finished && (status.terminating ?? 0) > 0) errors.invalid(at('terminating'), status.terminating, 'terminating>0 is invalid for finished job');
  if ((status.ready ?? 0) > (status.active ?? 0)) errors.invalid(at('ready'), status.ready, 'cannot set more ready pods than active');
  for (const type of ['Failed', 'FailureTarget']) if (has(status, 'SuccessCriteriaMet') && has(status, type)) refuse(errors, `cannot set SuccessCriteriaMet=True and ${type}=true conditions`);
  checkChange(status, job, old, errors);
}

function checkUncounted({ uncountedTerminatedPods }: JobStatus, errors: Errors): void {
  const seen = new Set<string>();
  for (const list of ['succeeded', 'failed'] as const) {
    for (const [index, uid] of (uncountedTerminatedPods?.[list] ?? []).entries()) {
      const path = at('uncountedTerminatedPods').child(list).index(index);
      if (uid === '') errors.invalid(path, uid, 'must not be empty');
      else if (seen.has(uid)) errors.duplicate(path, uid);
      seen.add(uid);
    }
  }
}

function checkConditions(status: JobStatus, errors: Errors): void {
  const { completionTime, startTime } = status;
  const complete = has(status, 'Complete');
  for (const type of ['Failed', 'FailureTarget']) if (complete && has(status, type)) refuse(errors, `cannot set Complete=True and ${type}=true conditions`);
  if (complete && completionTime === undefined) errors.required(at('completionTime'), 'completionTime is required for Complete jobs');
  if (!complete && completionTime !== undefined) errors.invalid(at('completionTime'), completionTime, 'cannot set completionTime when there is no Complete=True condition');
  if (completionTime !== undefined && startTime !== undefined && (parseTime(completionTime) ?? 0) < (parseTime(startTime) ?? 0)) errors.invalid(at('completionTime'), completionTime, 'must be equal to or after `startTime`');
  for (const [type, needed] of [['Failed', 'FailureTarget'], ['Complete', 'SuccessCriteriaMet']] as const) if (has(status, type) && !has(status, needed)) refuse(errors, `cannot set ${type}=True condition without the ${needed}=true condition`);
}

function checkFinished(status: JobStatus, errors: Errors): void {
  if (!has(status, 'Complete') && !has(status, 'Failed')) return;
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = status;
  if (active > 0) errors.invalid(at('active'), active, 'active>0 is invalid for finished job');
  if (startTime === undefined) errors.required(at('startTime'), 'startTime is required for finished job');
  if ((uncounted?.succeeded ?? []).length + (uncounted?.failed ?? []).length > 0) errors.invalid(at('uncountedTerminatedPods'), internalView('io.k8s.api.batch.v1.UncountedTerminatedPods', uncounted as object), 'must be empty for finished job');
}

/** Indexes that stay as they were are not looked at: a Job that was shrunk may have more than it counts. */
function checkIndexes({ completedIndexes = '', failedIndexes }: JobStatus, before: JobStatus, { completions = 0, completionMode, backoffLimitPerIndex }: JobSpec, errors: Errors): void {
  const isIndexed = completionMode === 'Indexed';
  const limit = isIndexed ? completions : 0;
  const isNew = completedIndexes !== (before.completedIndexes ?? '');
  const problem = indexesProblem(completedIndexes, limit);
  if (isNew && problem !== undefined) errors.invalid(at('completedIndexes'), completedIndexes, `error parsing completedIndexes: ${problem}`);
  if (isNew && completedIndexes !== '' && !isIndexed) errors.invalid(at('completedIndexes'), completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode');
  if (failedIndexes === undefined || (!isNew && failedIndexes === before.failedIndexes)) return;
  const path = at('failedIndexes');
  if (backoffLimitPerIndex === undefined) return errors.invalid(path, failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null');
  const wrong = indexesProblem(failedIndexes, limit);
  if (wrong !== undefined) return errors.invalid(path, failedIndexes, `error parsing failedIndexes: ${wrong}`);
  const failed = new Set(indexesIn(failedIndexes, limit));
  const both = indexesIn(completedIndexes, limit).find((index) => failed.has(index));
  if (both !== undefined) errors.invalid(path, failedIndexes, `failedIndexes and completedIndexes overlap at index: ${both}`);
}

function checkChange(status: JobStatus, { spec }: Job, { status: before = {} }: Job, errors: Errors): void {
  const disabled = (type: string) => has(before, type) && !has(status, type);
  for (const type of ['Complete', 'Failed', 'FailureTarget']) if (disabled(type)) refuse(errors, `cannot disable the terminal ${type}=True condition`);
  for (const name of spec?.completionMode === 'Indexed' ? (['failed'] as const) : (['failed', 'succeeded'] as const)) if ((status[name] ?? 0) < (before[name] ?? 0)) errors.invalid(at(name), status[name] ?? 0, `cannot decrease the ${name} counter`);
  const { completionTime, startTime } = status;
  if (before.completionTime !== undefined && completionTime !== undefined && completionTime !== before.completionTime) errors.invalid(at('completionTime'), completionTime, 'field is immutable');
  if (before.startTime !== undefined && startTime !== before.startTime && spec?.suspend !== true) errors.invalid(at('startTime'), startTime ?? null, 'field is immutable for unsuspended job once set');
  if (disabled('SuccessCriteriaMet')) refuse(errors, 'cannot disable the SuccessCriteriaMet=True condition');
}
