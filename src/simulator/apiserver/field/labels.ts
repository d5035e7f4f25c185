import { isQualifiedName, isValidLabelValue } from '../../api';
import type { Errors } from './errors';
import type { Path } from './path';

/** Checks keys and values of labels. */
export function labelErrors(labels: Readonly<Record<string, string>> | undefined, path: Path, errors: Errors): void {
  for (const key in labels) {
    errors.invalidEach(path, key, isQualifiedName(key));
    errors.invalidEach(path, labels[key], isValidLabelValue(labels[key] as string));
  }
}

/** meta/v1 LabelSelector as far as it is checked. */
export interface LabelSelectorLike {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** Checks a label selector, if there is one. */
export function labelSelectorErrors(selector: LabelSelectorLike | null | undefined, path: Path, errors: Errors): void {
  if (!selector) return;
  if (selector.matchLabels !== undefined) labelErrors(selector.matchLabels, path.child('matchLabels'), errors);
  const expressions = selector.matchExpressions ?? [];
  for (const [index, expression] of expressions.entries()) requirementErrors(expression, path.child('matchExpressions').index(index), errors);
}

function requirementErrors({ key, operator, values = [] }: NonNullable<LabelSelectorLike['matchExpressions']>[number], path: Path, errors: Errors): void {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'");
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) errors.forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      break;
    default:
      errors.invalid(path.child('operator'), operator, 'not a valid selector operator');
  }
  errors.invalidEach(path.child('key'), key, isQualifiedName(key));
  for (const [index, value] of values.entries()) errors.invalidEach(path.child('values').index(index), value, isValidLabelValue(value));
}
