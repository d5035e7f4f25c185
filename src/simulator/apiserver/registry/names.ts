import { byteLength, isQualifiedName, isValidLabelValue } from '../../api';
import type { FieldError } from '../field';

/** The most bytes that all annotations of an object may take. */
const annotationsLimit = 262_144;
/** Texts known to be right: labels repeat, their checks need not. */
const rememberLimit = 10_000;
const none: readonly string[] = Object.freeze([]);

function remembering(check: (text: string) => readonly string[]): (text: string) => readonly string[] {
  const right = new Set<string>();
  return (text) => {
    if (right.has(text)) return none;
    const problems = check(text);
    if (problems.length === 0) {
      if (right.size > rememberLimit) right.clear();
      right.add(text);
    }
    return problems;
  };
}

/** Why `text` is no qualified name, as label keys are. */
export const qualifiedNameProblems = remembering(isQualifiedName);
const labelValueProblems = remembering(isValidLabelValue);

const invalidValue = (field: string, value: string, message: string): FieldError => ({ type: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${message}` });

/** What is wrong with labels: keys and values. */
export function labelErrors(labels: Readonly<Record<string, string>>, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const key in labels) {
    for (const problem of qualifiedNameProblems(key)) errors.push(invalidValue(field, key, problem));
    for (const problem of labelValueProblems(labels[key] as string)) errors.push(invalidValue(field, labels[key] as string, problem));
  }
  return errors;
}

/** What is wrong with annotations: keys and their size in all. */
export function annotationErrors(annotations: Readonly<Record<string, string>>, field: string): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const key in annotations) {
    for (const problem of qualifiedNameProblems(key.toLowerCase())) errors.push(invalidValue(field, key, problem));
    size += byteLength(key) + byteLength(annotations[key] as string);
  }
  if (size > annotationsLimit) errors.push({ type: 'FieldValueTooLong', field, message: `Too long: may not be more than ${annotationsLimit} bytes` });
  return errors;
}
