import { isDns1123Subdomain, isQualifiedName, type Job, type JobSpec, matcherForSelector, type PodFailurePolicyRule } from '../../../../api';
import { type Errors, type FieldError, labelSelectorErrors, type Path } from '../../../field';
import { checkCount, isWellFormed } from '../../apps/template';
import { internalView, selectorView } from '../../internal-view';
import { checkOneOf, checkPodTemplate } from '../../pod-spec';
import { specPath } from '../../strategy';
import { indexesIn, indexesProblem } from './indexes';

const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'] as const;

/** A domain and a path: acme.io/foo */
function checkDomainPath(value: string, path: Path, errors: Errors): void {
  const [domain = '', ...rest] = value.split('/');
  if (rest.length === 0 || domain === '' || rest.join('/') === '') return errors.invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")');
  errors.invalidEach(path, domain, isDns1123Subdomain(domain));
}

/** Checks a Job's spec, of a Job or a CronJob. The order of errors is the server's. */
export function checkJobSpec(spec: JobSpec, path: Path, errors: Errors): void {
  for (const name of counts) checkCount(spec[name], path.child(name), errors);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) errors.required(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified');
  if (spec.managedBy !== undefined) {
    checkDomainPath(spec.managedBy, path.child('managedBy'), errors);
    if (spec.managedBy.length > 63) errors.tooLong(path.child('managedBy'), 63);
  }
  checkMode(spec, path, errors);
  if (spec.podReplacementPolicy !== undefined) checkReplacement(spec, path, errors);
  checkPodTemplate(spec.template, path.child('template'), errors);
  const restart = spec.template.spec?.restartPolicy;
  const restartPath = path.child('template').child('spec').child('restartPolicy');
  if (restart === 'Always' || (restart as string | undefined) === undefined || (restart as string) === '') errors.required(restartPath, 'valid values: "OnFailure", "Never"');
  else if (restart !== 'OnFailure' && restart !== 'Never') errors.notSupported(restartPath, restart, ['OnFailure', 'Never']);
  else if (spec.podFailurePolicy && restart !== 'Never') errors.invalid(restartPath, restart, 'only "Never" is supported when podFailurePolicy is specified');
}

function checkMode(spec: JobSpec, path: Path, errors: Errors): void {
  if (spec.completionMode !== undefined) checkOneOf(spec.completionMode, ['NonIndexed', 'Indexed'], path.child('completionMode'), errors);
  if (spec.completionMode === 'Indexed') {
    if (spec.completions === undefined) errors.required(path.child('completions'), 'when completion mode is Indexed');
    if ((spec.parallelism ?? 0) > 100_000) errors.invalid(path.child('parallelism'), spec.parallelism ?? 0, 'must be less than or equal to 100000 when completion mode is Indexed');
    if (spec.maxFailedIndexes !== undefined && spec.completions !== undefined && spec.maxFailedIndexes > spec.completions) errors.invalid(path.child('maxFailedIndexes'), spec.maxFailedIndexes, 'must be less than or equal to completions');
  } else {
    if (spec.backoffLimitPerIndex !== undefined) errors.invalid(path.child('backoffLimitPerIndex'), spec.backoffLimitPerIndex, 'requires indexed completion mode');
    if (spec.maxFailedIndexes !== undefined) errors.invalid(path.child('maxFailedIndexes'), spec.maxFailedIndexes, 'requires indexed completion mode');
  }
  if (spec.podFailurePolicy) checkFailurePolicy(spec, path.child('podFailurePolicy'), errors);
  if (!spec.successPolicy) return;
  if (spec.completionMode === 'Indexed') checkSuccessPolicy(spec, path.child('successPolicy'), errors);
  else errors.invalid(path.child('successPolicy'), internalView('io.k8s.api.batch.v1.SuccessPolicy', spec.successPolicy), 'requires indexed completion mode');
}

function checkReplacement({ podReplacementPolicy, podFailurePolicy }: JobSpec, path: Path, errors: Errors): void {
  const at = path.child('podReplacementPolicy');
  if (podFailurePolicy) checkOneOf(podReplacementPolicy ?? '', ['Failed'], at, errors);
  else checkOneOf(podReplacementPolicy ?? '', ['Failed', 'TerminatingOrFailed'], at, errors);
}

function checkSuccessPolicy({ successPolicy, completions = 0 }: JobSpec, path: Path, errors: Errors): void {
  const rules = successPolicy?.rules ?? [];
  const at = path.child('rules');
  if (rules.length === 0) errors.required(at, 'at least one rules must be specified when the successPolicy is specified');
  if (rules.length > 20) errors.tooMany(at, rules.length, 20);
  for (const [index, { succeededIndexes, succeededCount }] of rules.entries()) {
    if (succeededIndexes === undefined && succeededCount === undefined) errors.required(at.index(index), 'at least one of succeededCount or succeededIndexes must be specified');
    const problem = succeededIndexes === undefined ? undefined : indexesProblem(succeededIndexes, completions);
    if (problem !== undefined) errors.invalid(at.index(index).child('succeededIndexes'), succeededIndexes, `error parsing succeededIndexes: ${problem}`);
    if (succeededCount !== undefined) {
      checkCount(succeededCount, at.index(index).child('succeededCount'), errors);
      if (succeededCount > completions) errors.invalid(at.index(index).child('succeededCount'), succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`);
      const indexes = succeededIndexes === undefined || problem !== undefined ? 0 : indexesIn(succeededIndexes, completions).length;
      if (succeededIndexes !== undefined && succeededCount > indexes) errors.invalid(at.index(index).child('succeededCount'), succeededCount, `must be less than or equal to ${indexes} (the number of indexes in the specified succeededIndexes field)`);
    }
  }
}

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

function checkFailurePolicy({ podFailurePolicy, backoffLimitPerIndex, template }: JobSpec, path: Path, errors: Errors): void {
  const at = path.child('rules');
  const rules = podFailurePolicy?.rules ?? [];
  if (rules.length > 20) errors.tooMany(at, rules.length, 20);
  const names = new Set([...(template.spec?.containers ?? []), ...(template.spec?.initContainers ?? [])].map(({ name }) => name));
  for (const [index, rule] of rules.entries()) checkRule(rule, names, backoffLimitPerIndex !== undefined, at.index(index), errors);
}

/** An Invalid error that shows no value. */
const invalidAsSuch = (path: Path, detail: string): FieldError => ({ type: 'FieldValueInvalid', field: path.toString(), message: `Invalid value: ${detail}` });

function checkRule({ action, onExitCodes, onPodConditions = [] }: PodFailurePolicyRule, containers: ReadonlySet<string>, perIndex: boolean, path: Path, errors: Errors): void {
  if ((action as string) === '') errors.required(path.child('action'), `valid values: [${actions.map((one) => JSON.stringify(one)).join(' ')}]`);
  else if (action === 'FailIndex') {
    if (!perIndex) errors.invalid(path.child('action'), action, 'requires the backoffLimitPerIndex to be set');
  } else checkOneOf(action, actions, path.child('action'), errors);
  if (onExitCodes) checkExitCodes(onExitCodes, containers, path.child('onExitCodes'), errors);
  if (onPodConditions.length > 20) errors.tooMany(path.child('onPodConditions'), onPodConditions.length, 20);
  for (const [index, { type, status }] of onPodConditions.entries()) {
    const at = path.child('onPodConditions').index(index);
    errors.invalidEach(at.child('type'), type, isQualifiedName(type));
    if ((status ?? '') === '') errors.required(at.child('status'), 'valid values: ["False" "True" "Unknown"]');
    else checkOneOf(status ?? '', ['False', 'True', 'Unknown'], at.child('status'), errors);
  }
  if (onExitCodes && onPodConditions.length > 0) errors.list.push(invalidAsSuch(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!onExitCodes && onPodConditions.length === 0) errors.list.push(invalidAsSuch(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
}

function checkExitCodes({ operator, values: given, containerName }: NonNullable<PodFailurePolicyRule['onExitCodes']>, containers: ReadonlySet<string>, path: Path, errors: Errors): void {
  const values = given ?? [];
  if ((operator as string) === '') errors.required(path.child('operator'), 'valid values: ["In" "NotIn"]');
  else checkOneOf(operator, ['In', 'NotIn'], path.child('operator'), errors);
  if (containerName !== undefined && !containers.has(containerName)) errors.invalid(path.child('containerName'), containerName, 'must be one of the container or initContainer names in the pod template');
  const at = path.child('values');
  if (values.length === 0) errors.invalid(at, given ?? null, 'at least one value is required');
  if (values.length > 255) errors.tooMany(at, values.length, 255);
  const seen = new Set<number>();
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0) errors.invalid(at.index(index), value, 'must not be 0 for the In operator');
    if (seen.has(value)) errors.duplicate(at.index(index), value);
    seen.add(value);
  }
  if (values.some((value, index) => index > 0 && value < (values[index - 1] as number))) errors.invalid(at, values, 'must be ordered');
}

function checkGenerated(job: Job, errors: Errors): void {
  const { spec, metadata } = job;
  if (!spec?.selector || spec.manualSelector) return;
  const uid = metadata?.uid ?? '';
  const labels = spec.template.metadata?.labels ?? {};
  const at = specPath.child('template').child('metadata').child('labels');
  for (const [key, value] of [['controller-uid', uid], ['job-name', metadata?.name ?? ''], ['batch.kubernetes.io/controller-uid', uid], ['batch.kubernetes.io/job-name', metadata?.name ?? '']] as const) {
    if (labels[key] === undefined) errors.required(at.index(key), `must be '${value}'`);
    else if (labels[key] !== value) errors.invalid(at.index(key), labels, `must be '${value}'`);
  }
  const matchLabels = spec.selector?.matchLabels ?? {};
  const generated = Object.keys(matchLabels).length === 1 && matchLabels['batch.kubernetes.io/controller-uid'] === uid && (spec.selector?.matchExpressions ?? []).length === 0;
  if (!generated && isWellFormed(spec.selector)) errors.invalid(specPath.child('selector'), selectorView(spec.selector), '`selector` not auto-generated');
}

/** Checks a Job. */
export function checkJob(job: Job, errors: Errors): void {
  const spec = job.spec as JobSpec;
  checkGenerated(job, errors);
  checkJobAndSelector(spec, errors);
}

/** Checks a Job's spec and that its selector takes its Pods. */
export function checkJobAndSelector(spec: JobSpec, errors: Errors): void {
  checkJobSpec(spec, specPath, errors);
  if (!spec.selector) errors.required(specPath.child('selector'));
  else labelSelectorErrors(spec.selector, specPath.child('selector'), errors);
  const labels = spec.template.metadata?.labels ?? {};
  const at = specPath.child('template').child('metadata').child('labels');
  if (spec.selector && !isWellFormed(spec.selector)) return;
  if (!spec.selector || !matcherForSelector(spec.selector).matches(labels)) errors.invalid(at, spec.template.metadata?.labels ?? null, '`selector` does not match template `labels`');
}

/** Warnings of a Job's spec, of a Job or a CronJob. */
export function jobSpecWarnings(spec: JobSpec | undefined, path: string): string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec ?? {};
  if (completionMode !== 'Indexed' || completions <= 100_000 || parallelism <= 10_000) return [];
  return [`${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`];
}
