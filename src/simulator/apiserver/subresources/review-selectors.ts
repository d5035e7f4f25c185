import { isQualifiedName, isValidLabelValue, parseFieldSelector, parseLabelSelector, SelectorError } from '../../api';
import { Errors, type Path } from '../field';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A selector of what is asked about (KEP-4601): as text or as requirements. */
export interface AttributeSelector {
  readonly rawSelector?: string;
  readonly requirements?: readonly Requirement[];
}

type Kind = 'fieldSelector' | 'labelSelector';
const withValues = new Set(['In', 'NotIn']);
const withoutValues = new Set(['Exists', 'DoesNotExist']);

/** Checks a selector of a review. */
export function checkSelector(kind: Kind, { rawSelector = '', requirements = [] }: AttributeSelector, path: Path, errors: Errors): void {
  if (rawSelector !== '' && requirements.length > 0) errors.invalid(path.child('rawSelector'), rawSelector, 'may not specified at the same time as requirements');
  if (rawSelector === '' && requirements.length === 0) errors.required(path.child('requirements'), `when spec.resourceAttributes.${kind} is specified, requirements or rawSelector is required`);
  for (const [index, requirement] of requirements.entries()) checkRequirement(kind, requirement, path.child('requirements').index(index), errors);
}

function checkRequirement(kind: Kind, { key, operator, values = [] }: Requirement, path: Path, errors: Errors): void {
  if (withValues.has(operator) && values.length === 0) errors.required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'");
  if (withoutValues.has(operator) && values.length > 0) errors.forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  if (kind === 'fieldSelector') {
    if (key === '') errors.required(path.child('key'), 'must be specified');
    return;
  }
  errors.invalidEach(path.child('key'), key, isQualifiedName(key));
  for (const [index, value] of values.entries()) errors.invalidEach(path.child('values').index(index), value, isValidLabelValue(value));
}

/** Whether a selector cannot be read, so that the question is answered without it. */
export function isIgnored(kind: Kind, { rawSelector = '', requirements = [] }: AttributeSelector): boolean {
  if (requirements.some(({ operator }) => !withValues.has(operator) && !withoutValues.has(operator))) return true;
  try {
    if (rawSelector !== '') (kind === 'fieldSelector' ? parseFieldSelector : parseLabelSelector)(rawSelector);
    return false;
  } catch (error) {
    if (error instanceof SelectorError) return true;
    throw error;
  }
}
