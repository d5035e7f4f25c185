import { parseTime } from '../../kernel';
import { at, fieldsAt, listAt, nameOf, namespaceOf, numberAt, textAt, type Fields } from '../fields';
import { selectorText } from '../pods/of-target';
import { humanDuration } from '../print/times';
import type { Describer } from './describer';
import { writePodTemplate } from './template';
import { controllerOf, shownTime, writeAnnotations, writeLabels, Writer } from './writer';

const present = (object: Fields, key: string, otherwise: string): string => {
  const value = at(object, 'spec', key);
  return value === undefined ? otherwise : String(value);
};

/** Completed indexes, cut after 50 characters. */
function cappedIndexes(text: string): string {
  if (text === '') return '<none>';
  if (text.length <= 50) return text;
  return `${text.slice(0, text.lastIndexOf(',', 50) + 1)}...`;
}

/** kubectl describe job */
export const describeJob: Describer = function* (_context, job) {
  const w = new Writer();
  const line = (key: string, value: string | number) => w.line(0, `${key}:\t${value}`);
  const status = fieldsAt(job, 'status');
  line('Name', nameOf(job));
  line('Namespace', namespaceOf(job));
  if (fieldsAt(job, 'spec', 'selector')) line('Selector', selectorText(at(job, 'spec', 'selector')));
  writeLabels(w, job);
  writeAnnotations(w, job);
  const owner = controllerOf(job);
  if (owner !== '') line('Controlled By', owner);
  line('Parallelism', present(job, 'parallelism', '<unset>'));
  line('Completions', present(job, 'completions', '<unset>'));
  if (at(job, 'spec', 'completionMode') !== undefined) line('Completion Mode', textAt(job, 'spec', 'completionMode'));
  if (at(job, 'spec', 'suspend') !== undefined) line('Suspend', textAt(job, 'spec', 'suspend'));
  if (at(job, 'spec', 'backoffLimit') !== undefined) line('Backoff Limit', textAt(job, 'spec', 'backoffLimit'));
  if (at(job, 'spec', 'ttlSecondsAfterFinished') !== undefined) line('TTL Seconds After Finished', textAt(job, 'spec', 'ttlSecondsAfterFinished'));
  const [started, completed] = [textAt(status, 'startTime'), textAt(status, 'completionTime')];
  if (started !== '') line('Start Time', shownTime(started));
  if (completed !== '') line('Completed At', shownTime(completed));
  if (started !== '' && completed !== '') line('Duration', humanDuration(((parseTime(completed) ?? 0) - (parseTime(started) ?? 0)) / 1_000_000));
  if (at(job, 'spec', 'activeDeadlineSeconds') !== undefined) line('Active Deadline Seconds', `${textAt(job, 'spec', 'activeDeadlineSeconds')}s`);
  line('Pods Statuses', `${numberAt(status, 'active')} Active (${numberAt(status, 'ready')} Ready) / ${numberAt(status, 'succeeded')} Succeeded / ${numberAt(status, 'failed')} Failed`);
  if (textAt(job, 'spec', 'completionMode') === 'Indexed') line('Completed Indexes', cappedIndexes(textAt(status, 'completedIndexes')));
  writePodTemplate(w, fieldsAt(job, 'spec', 'template'));
  return w;
};

/** kubectl describe cronjob */
export const describeCronJob: Describer = function* (_context, cron) {
  const w = new Writer();
  const line = (key: string, value: string | number) => w.line(0, `${key}:\t${value}`);
  line('Name', nameOf(cron));
  line('Namespace', namespaceOf(cron));
  writeLabels(w, cron);
  writeAnnotations(w, cron);
  line('Schedule', textAt(cron, 'spec', 'schedule'));
  line('Concurrency Policy', textAt(cron, 'spec', 'concurrencyPolicy'));
  line('Suspend', at(cron, 'spec', 'suspend') === true ? 'True' : 'False');
  line('Time Zone', present(cron, 'timeZone', '<unset>'));
  line('Successful Job History Limit', present(cron, 'successfulJobsHistoryLimit', '<unset>'));
  line('Failed Job History Limit', present(cron, 'failedJobsHistoryLimit', '<unset>'));
  const deadline = at(cron, 'spec', 'startingDeadlineSeconds');
  line('Starting Deadline Seconds', deadline === undefined ? '<unset>' : `${String(deadline)}s`);
  const spec = fieldsAt(cron, 'spec', 'jobTemplate', 'spec');
  line('Selector', fieldsAt(spec, 'selector') ? selectorText(at(spec, 'selector')) : '<unset>');
  line('Parallelism', textAt(spec, 'parallelism') || '<unset>');
  line('Completions', textAt(spec, 'completions') || '<unset>');
  if (at(spec, 'activeDeadlineSeconds') !== undefined) line('Active Deadline Seconds', `${textAt(spec, 'activeDeadlineSeconds')}s`);
  writePodTemplate(w, fieldsAt(spec, 'template'));
  const last = textAt(cron, 'status', 'lastScheduleTime');
  line('Last Schedule Time', last === '' ? '<unset>' : shownTime(last));
  line('Active Jobs', listAt(cron, 'status', 'active').map((one) => textAt(one, 'name')).join(', ') || '<none>');
  return w;
};
