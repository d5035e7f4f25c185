import { type LabelSelector, matcherForSelector, percentOf, type PodTemplateSpec } from '../../../api';
import { Errors, fieldPath, labelSelectorErrors, nonNegativeReasons, type Path } from '../../field';
import { selectorView } from '../internal-view';
import { checkPodTemplate, defaultPodSpec } from '../pod-spec';

/** A count that may be left out but not be negative. */
export function checkCount(value: number | undefined, path: Path, errors: Errors): void {
  if (value !== undefined && value < 0) errors.invalidEach(path, value, nonNegativeReasons(value));
}

interface SelectorRules {
  /** For the message about an empty selector. */
  readonly kind: string;
}

function matches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean | undefined {
  try {
    return matcherForSelector(selector).matches(labels);
  } catch {
    return undefined;
  }
}

/** Checks a workload's selector and template, which must go together. */
export function checkSelectorAndTemplate(selector: LabelSelector | null | undefined, template: PodTemplateSpec, path: Path, { kind }: SelectorRules, errors: Errors): void {
  checkSelector(selector, path.child('selector'), kind, errors);
  checkTemplate(selector, template, path.child('template'), errors);
}

/** Whether nothing is wrong with a selector. */
export function isWellFormed(selector: LabelSelector): boolean {
  const errors = new Errors();
  labelSelectorErrors(selector, fieldPath('selector'), errors);
  return errors.length === 0;
}

const isEmptySelector = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean => Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

/** Checks that a selector is there, well-formed and selects something. */
export function checkSelector(selector: LabelSelector | null | undefined, path: Path, kind: string, errors: Errors): void {
  if (!selector) return errors.required(path);
  const before = errors.length;
  labelSelectorErrors(selector, path, errors);
  const wellFormed = errors.length === before;
  if (isEmptySelector(selector)) errors.invalid(path, selectorView(selector), `empty selector is invalid for ${kind}`);
  if (!wellFormed) errors.invalid(path, selectorView(selector), kind === 'statefulset' ? '' : 'invalid label selector');
}

/** Sets the defaults of spec.template. Mutates. */
export function defaultTemplate(spec: Record<string, unknown>): void {
  const template = (spec['template'] ??= {}) as Record<string, unknown>;
  defaultPodSpec((template['spec'] ??= {}) as Record<string, unknown>);
}

/** Checks a template of Pods that are always restarted, and that the selector takes them. */
export function checkTemplate(selector: LabelSelector | null | undefined, template: PodTemplateSpec, path: Path, errors: Errors, owner = 'ReplicaSet'): void {
  const labels = template.metadata?.labels;
  let isChecked = true;
  if (!selector || !isEmptySelector(selector)) {
    const matched = !selector ? false : isWellFormed(selector) ? matches(selector, labels ?? {}) : undefined;
    if (matched === undefined && owner === 'ReplicaSet') return;
    isChecked = matched !== undefined || owner === 'DaemonSet';
    if (matched === false) errors.invalid(path.child('metadata').child('labels'), labels ?? null, '`selector` does not match template `labels`');
  }
  if (isChecked) checkPodTemplate(template, path, errors);
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? { containers: [] };
  if (restartPolicy !== undefined && restartPolicy !== 'Always') errors.notSupported(path.child('spec').child('restartPolicy'), restartPolicy, ['Always']);
  if (activeDeadlineSeconds !== undefined) errors.forbidden(path.child('spec').child('activeDeadlineSeconds'), `activeDeadlineSeconds in ${owner} is not Supported`);
}

const percentMessage = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** Checks a number or percentage. */
export function checkIntOrPercent(value: number | string, path: Path, errors: Errors): void {
  if (typeof value === 'string') {
    if (!/^[0-9]+%$/.test(value)) errors.invalid(path, value, percentMessage);
  } else if (value < 0) errors.invalidEach(path, value, nonNegativeReasons(value));
}

/** Checks that a percentage is at most 100%. */
export function checkAtMostAll(value: number | string, path: Path, errors: Errors): void {
  const percent = typeof value === 'string' ? percentOf(value) : undefined;
  if (percent !== undefined && percent > 100) errors.invalid(path, value, 'must not be greater than 100%');
}

/** A number or percentage as a number, its percent sign forgotten. */
export const bareNumber = (value: number | string | undefined): number => (typeof value === 'string' ? (percentOf(value) ?? 0) : (value ?? 0));

