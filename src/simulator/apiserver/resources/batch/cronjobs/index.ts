import { type CronJob, type CronJobSpec, isDns1123Subdomain } from '../../../../api';
import { type Errors, fieldPath, maskTrailingDash } from '../../../field';
import { age, containerCells, nameOf, selectorCell, since } from '../../cells';
import { checkCount, defaultTemplate } from '../../apps/template';
import type { Draft, ResourceDefinition } from '../../definition';
import { selectorView } from '../../internal-view';
import { checkOneOf } from '../../pod-spec';
import { templateWarnings, workloadNameWarnings } from '../../pod-spec/warnings';
import { collect, newWithGeneration, specPath, statusStrategy, updateSpec } from '../../strategy';
import { defaultFailurePolicy } from '../jobs/defaults';
import { checkJobSpec, jobSpecWarnings } from '../jobs/validate';
import { scheduleProblem } from './schedule';

function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  if ((spec['concurrencyPolicy'] ?? '') === '') spec['concurrencyPolicy'] = 'Allow';
  spec['suspend'] ??= false;
  spec['successfulJobsHistoryLimit'] ??= 3;
  spec['failedJobsHistoryLimit'] ??= 1;
  const template = (spec['jobTemplate'] ??= {}) as Record<string, unknown>;
  const job = (template['spec'] ??= {}) as Record<string, unknown>;
  defaultFailurePolicy(job);
  defaultTemplate(job);
}

/** Whether the time zone database has a zone. */
function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

function checkTimeZone(zone: string | undefined, errors: Errors): void {
  if (zone === undefined) return;
  const path = specPath.child('timeZone');
  if (zone === '') return errors.invalid(path, zone, 'timeZone must be nil or non-empty string');
  if (zone.toLowerCase() === 'local') errors.invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
  else if (!isZone(zone)) errors.invalid(path, zone, `unknown time zone ${zone}`);
}

function checkSpec(spec: CronJobSpec, old: CronJobSpec | undefined, errors: Errors): void {
  if (spec.schedule === '') errors.required(specPath.child('schedule'));
  else {
    if (spec.schedule !== old?.schedule && spec.schedule.includes('TZ')) errors.invalid(specPath.child('schedule'), spec.schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
    const problem = scheduleProblem(spec.schedule);
    if (problem !== undefined) errors.invalid(specPath.child('schedule'), spec.schedule, problem);
  }
  checkCount(spec.startingDeadlineSeconds, specPath.child('startingDeadlineSeconds'), errors);
  checkTimeZone(spec.timeZone, errors);
  checkOneOf((spec.concurrencyPolicy as string | undefined) ?? '', ['Allow', 'Forbid', 'Replace'], specPath.child('concurrencyPolicy'), errors);
  const path = specPath.child('jobTemplate');
  const job = spec.jobTemplate.spec;
  if (job) checkJobSpec(job, path.child('spec'), errors);
  if (job?.selector) errors.invalid(path.child('spec').child('selector'), selectorView(job.selector), '`selector` will be auto-generated');
  if (job?.manualSelector) errors.notSupported(path.child('spec').child('manualSelector'), true, ['nil', 'false']);
  checkCount(spec.successfulJobsHistoryLimit, specPath.child('successfulJobsHistoryLimit'), errors);
  checkCount(spec.failedJobsHistoryLimit, specPath.child('failedJobsHistoryLimit'), errors);
}

const longest = 52;

/** CronJobs: Jobs by the clock. */
export const cronjobs: ResourceDefinition<CronJob> = {
  group: 'batch',
  resource: 'cronjobs',
  applyDefaults,
  validateName: (name, isPrefix) => [...isDns1123Subdomain(isPrefix ? maskTrailingDash(name) : name)],
  prepareForCreate: newWithGeneration,
  validateCreate: ({ metadata, spec }) =>
    collect((errors) => {
      checkSpec(spec as CronJobSpec, undefined, errors);
      const name = metadata?.name ?? '';
      if (name.length > longest) errors.invalid(fieldPath('metadata').child('name'), name, 'must be no more than 52 characters');
    }),
  prepareForUpdate: updateSpec,
  validateUpdate: ({ spec }, old) => collect((errors) => checkSpec(spec as CronJobSpec, old.spec, errors)),
  subresources: { status: statusStrategy<CronJob>() },
  warnings: (own, old) => {
    const spec = own.spec?.jobTemplate.spec;
    return [...workloadNameWarnings(own, old), ...jobSpecWarnings(spec, 'spec.jobTemplate.spec'), ...templateWarnings(own, spec?.template, old, 'spec.jobTemplate.spec.template')];
  },
  cells: (cron, now) => {
    const { spec, status } = cron;
    const job = spec?.jobTemplate.spec;
    return [
      nameOf(cron), spec?.schedule ?? '', spec?.timeZone ?? '<none>', spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False', (status?.active ?? []).length,
      status?.lastScheduleTime === undefined ? '<none>' : since(status.lastScheduleTime, now), age(cron, now), ...containerCells(job?.template.spec?.containers), selectorCell(job?.selector),
    ];
  },
};
