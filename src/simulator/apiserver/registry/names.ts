import type { FieldError } from '../field';

const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const namePartPattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const subdomainMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelMessage =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const namePartRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueMessage =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** The most bytes that all annotations of an object may take. */
const annotationsLimit = 262_144;

/** Why `name` is no RFC 1123 subdomain. */
export function dnsSubdomainProblems(name: string): string[] {
  const problems: string[] = [];
  if (name.length > 253) problems.push('must be no more than 253 characters');
  if (!subdomainPattern.test(name)) problems.push(subdomainMessage);
  return problems;
}

/** Why `name` is no RFC 1123 label. */
export function dnsLabelProblems(name: string): string[] {
  const problems: string[] = [];
  if (name.length > 63) problems.push('must be no more than 63 characters');
  if (!labelPattern.test(name)) problems.push(labelMessage);
  return problems;
}

/** Names and values known to be good: labels repeat, their checks need not. */
const goodNames = new Set<string>();
const goodValues = new Set<string>();

function remember(set: Set<string>, text: string): void {
  if (set.size > 10_000) set.clear();
  set.add(text);
}

/** Why `text` is no qualified name ([prefix/]name), as label keys are. */
export function qualifiedNameProblems(text: string): string[] {
  if (goodNames.has(text)) return [];
  const parts = text.split('/');
  if (parts.length > 2) return [`a valid label key ${namePartRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const problems: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0] as string;
    if (prefix === '') problems.push('prefix part must be non-empty');
    else for (const problem of dnsSubdomainProblems(prefix)) problems.push(`prefix part ${problem}`);
  }
  const name = parts[parts.length - 1] as string;
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(parts.length === 2 ? 'name part must be no more than 63 bytes' : 'must be no more than 63 bytes');
  if (!namePartPattern.test(name)) problems.push(`name part ${namePartRule}`);
  if (problems.length === 0) remember(goodNames, text);
  return problems;
}

/** Why `value` is no label value. */
export function labelValueProblems(value: string): string[] {
  if (goodValues.has(value)) return [];
  const problems: string[] = [];
  if (value.length > 63) problems.push('must be no more than 63 bytes');
  if (!labelValuePattern.test(value)) problems.push(labelValueMessage);
  if (problems.length === 0) remember(goodValues, value);
  return problems;
}

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
    size += key.length + (annotations[key] as string).length;
  }
  if (size > annotationsLimit) errors.push({ type: 'FieldValueTooLong', field, message: `Too long: may not be more than ${annotationsLimit} bytes` });
  return errors;
}
