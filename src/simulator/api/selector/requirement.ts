import { isQualifiedName, isValidLabelValue } from '../names';

/** Why a text is not a selector, in the server's words. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

/** One condition on a label. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

const integer = /^[+-]?[0-9]+$/;
const largest = 9223372036854775807n;

/** The 64-bit integer that a text says, if it says one. */
export function integerOf(text: string): bigint | undefined {
  if (!integer.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value > largest || value < -largest - 1n ? undefined : value;
}

const quoted = (text: string) => JSON.stringify(text);

/** A requirement, checked. Throws SelectorError with every fault. */
export function requirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const errors: string[] = [];
  const badKey = isQualifiedName(key);
  if (badKey.length > 0) errors.push(`<nil>: Invalid value: ${quoted(key)}: ${badKey.join('; ')}`);
  if (operator === 'gt' || operator === 'lt') {
    for (const [index, value] of values.entries()) {
      if (integerOf(value) === undefined) errors.push(`values[${index}]: Invalid value: ${quoted(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
    }
  }
  for (const [index, value] of values.entries()) {
    const bad = isValidLabelValue(value);
    if (bad.length > 0) errors.push(`values[${index}][${key}]: Invalid value: ${quoted(value)}: ${bad.join('; ')}`);
  }
  if (errors.length > 0) throw new SelectorError(`unable to parse requirement: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`);
  return Object.freeze({ key, operator, values: Object.freeze([...values]) });
}

type Labels = Readonly<Record<string, string>>;

/** A function that says whether labels meet a requirement. */
export function matcherOf({ key, operator, values }: Requirement): (labels: Labels) => boolean {
  const [first = ''] = values;
  switch (operator) {
    case '=':
    case '==': return (labels) => labels[key] === first;
    case '!=': return (labels) => labels[key] !== first;
    case 'in': {
      const set = new Set(values);
      return (labels) => labels[key] !== undefined && set.has(labels[key]);
    }
    case 'notin': {
      const set = new Set(values);
      return (labels) => labels[key] === undefined || !set.has(labels[key]);
    }
    case 'exists': return (labels) => labels[key] !== undefined;
    case '!': return (labels) => labels[key] === undefined;
    default: return comparison(key, operator, integerOf(first) ?? 0n);
  }
}

function comparison(key: string, operator: 'gt' | 'lt', bound: bigint): (labels: Labels) => boolean {
  return (labels) => {
    const value = labels[key] === undefined ? undefined : integerOf(labels[key]);
    if (value === undefined) return false;
    return operator === 'gt' ? value > bound : value < bound;
  };
}

/** As the server prints it. */
export function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists': return key;
    case '!': return `!${key}`;
    case 'in':
    case 'notin': return `${key} ${operator} (${values.join(',')})`;
    case 'gt': return `${key}>${values[0] ?? ''}`;
    case 'lt': return `${key}<${values[0] ?? ''}`;
    default: return `${key}${operator}${values[0] ?? ''}`;
  }
}
