import { type Job, type JobSpec, type KubeObject, type LabelSelector } from '../../../../api';
import { parseTime, type Time } from '../../../../kernel';
import type { Errors } from '../../../field';
import { age, containerCells, humanDuration, nameOf, selectorCell } from '../../cells';
import type { Draft, ResourceDefinition, StrategyContext } from '../../definition';
import { sameValue } from '../../equality';
import { internalView, metadataView, selectorView } from '../../internal-view';
import { templateWarnings, workloadNameWarnings } from '../../pod-spec/warnings';
import { collect, keepStatus, bumpGeneration, newWithGeneration, specPath, updateStatusOnly } from '../../strategy';
import { defaultJobSpec } from './defaults';
import { checkJobStatus } from './status';
import { checkJob, checkJobAndSelector, jobSpecWarnings } from './validate';

type Labels = Record<string, string>;

/** A Job's Pods are told apart by its uid; the labels for it are written here. */
function generateSelector(draft: Draft): void {
  const spec = draft['spec'] as Record<string, unknown>;
  if (spec['manualSelector'] === true) return;
  const template = spec['template'] as { metadata?: { labels?: Labels } };
  const metadata = (template.metadata ??= {});
  const labels = { ...metadata.labels };
  const own = metadata.labels !== undefined && draft.metadata['labels'] === metadata.labels; // the Job has its Pods' labels by default
  const name = (draft.metadata['name'] ?? '') as string;
  const uid = (draft.metadata['uid'] ?? '') as string;
  for (const key of ['job-name', 'batch.kubernetes.io/job-name']) labels[key] ??= name;
  for (const key of ['controller-uid', 'batch.kubernetes.io/controller-uid']) labels[key] ??= uid;
  metadata.labels = labels;
  if (own) draft.metadata['labels'] = labels;
  const selector = { ...(spec['selector'] as LabelSelector | undefined) } as { matchLabels?: Labels };
  selector.matchLabels = { ...selector.matchLabels };
  selector.matchLabels['batch.kubernetes.io/controller-uid'] ??= uid;
  spec['selector'] = selector;
}

function checkUpdate(job: Job, old: Job, errors: Errors): void {
  const now = job.spec as JobSpec;
  const before = old.spec as JobSpec;
  checkJobAndSelector(now, errors);
  const fixed = (field: string, value: unknown, was: unknown, shown: unknown = value ?? null) => {
    if (!sameValue(value, was)) errors.invalid(specPath.child(field), shown, 'field is immutable');
  };
  checkCompletions(now, before, errors);
  fixed('selector', now.selector, before.selector, selectorView(now.selector));
  checkTemplateUnchanged(job, old, errors);
  fixed('completionMode', now.completionMode, before.completionMode);
  fixed('podFailurePolicy', now.podFailurePolicy, before.podFailurePolicy, now.podFailurePolicy ? internalView('io.k8s.api.batch.v1.PodFailurePolicy', now.podFailurePolicy) : null);
  fixed('backoffLimitPerIndex', now.backoffLimitPerIndex, before.backoffLimitPerIndex);
  fixed('managedBy', now.managedBy, before.managedBy);
  fixed('successPolicy', now.successPolicy, before.successPolicy, now.successPolicy ? internalView('io.k8s.api.batch.v1.SuccessPolicy', now.successPolicy) : null);
}

function checkCompletions(now: JobSpec, before: JobSpec, errors: Errors): void {
  if (now.completions === before.completions) return;
  const path = specPath.child('completions');
  if (now.completionMode !== 'Indexed' || now.completions === undefined || before.completions === undefined) return errors.invalid(path, now.completions ?? null, 'field is immutable');
  if (now.parallelism !== now.completions) errors.invalid(path, now.completions, 'can only be modified in tandem with spec.parallelism');
}

/** A Job without labels has those of its Pods. */
function labelLikePods(draft: Draft): void {
  if (Object.keys((draft.metadata['labels'] ?? {}) as object).length > 0) return;
  const labels = (draft['spec'] as JobSpec).template.metadata?.labels;
  if (labels) draft.metadata['labels'] = labels;
}

/** What a suspended Job that never ran may change of its Pods (KEP-2926). */
const schedulingFields = ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates'] as const;

function checkTemplateUnchanged(job: Job, old: Job, errors: Errors): void {
  const before = old.spec?.template;
  const now = job.spec?.template;
  if (!before || !now) return;
  const suspended = old.spec?.suspend === true && old.status?.startTime === undefined;
  const put = (field: string): unknown => (before.spec as unknown as Record<string, unknown>)[field];
  const allowed = suspended
    ? { metadata: { ...now.metadata, labels: before.metadata?.labels, annotations: before.metadata?.annotations }, spec: { ...now.spec, ...Object.fromEntries(schedulingFields.map((field) => [field, put(field)])) } }
    : now;
  if (sameValue(allowed, before)) return;
  const path = specPath.child('template');
  const spec = internalView('io.k8s.api.core.v1.PodSpec', now.spec ?? {});
  if (suspended) errors.invalid(path.child('spec'), spec, 'field is immutable');
  else errors.invalid(path, { ...metadataView(now.metadata), Spec: spec }, 'field is immutable');
}

function statusText({ status, metadata }: Job): string {
  const has = (type: string) => status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata?.deletionTimestamp !== undefined) return 'Terminating';
  if (has('Suspended')) return 'Suspended';
  if (has('FailureTarget')) return 'FailureTarget';
  if (has('SuccessCriteriaMet')) return 'SuccessCriteriaMet';
  return 'Running';
}

function duration({ status }: Job, now: Time): string {
  const start = status?.startTime === undefined ? undefined : parseTime(status.startTime);
  if (start === undefined) return '';
  const end = status?.completionTime === undefined ? undefined : parseTime(status.completionTime);
  return humanDuration((end ?? now) - start);
}

function completions({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

/** Jobs: Pods that come to an end. */
export const jobs: ResourceDefinition<Job> = {
  group: 'batch',
  resource: 'jobs',
  defaultsSpecAlone: true,
  applyDefaults: (draft) => {
    const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
    defaultJobSpec(spec);
    spec['manualSelector'] ??= false;
    labelLikePods(draft);
  },
  prepareForCreate: (draft: Draft, _context: StrategyContext) => {
    generateSelector(draft);
    newWithGeneration(draft);
  },
  hooks: { completeNew: labelLikePods },
  validateCreate: (job) => collect((errors) => checkJob(job, errors)),
  prepareForUpdate: (draft, old: KubeObject) => {
    keepStatus(draft, old);
    bumpGeneration(draft, old);
  },
  validateWhole: (job) => collect((errors) => checkJob(job, errors)),
  validateUpdate: (job, old) => collect((errors) => checkUpdate(job, old, errors)),
  subresources: { status: { prepareForUpdate: (draft, old) => updateStatusOnly(draft, old), validateUpdate: (job, old) => collect((errors) => checkJobStatus(job, old, errors)) } },
  warnings: (own, old) => [...workloadNameWarnings(own, old), ...jobSpecWarnings(own.spec, 'spec'), ...templateWarnings(own, own.spec?.template, old)],
  selectableFields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
  cells: (job, now) => [nameOf(job), statusText(job), completions(job), duration(job, now), age(job, now), ...containerCells(job.spec?.template.spec?.containers), selectorCell(job.spec?.selector)],
};
