import { formatFloat, formatGeneral, formatInteger } from '../printf';

/** A value of awk: a number, a string, or text from outside that may look like a number. Undefined: never set. */
export type AwkValue = number | string | Numeric | undefined;

/** Text from input: it compares as a number when it looks like one. */
export class Numeric {
  readonly number: number;
  readonly looksNumeric: boolean;

  constructor(readonly text: string) {
    const match = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(text);
    this.looksNumeric = match;
    this.number = match ? Number(text) : toNumber(text);
  }
}

/** The number at the start of a text. */
export function toNumber(value: AwkValue): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (value instanceof Numeric) return value.number;
  const match = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(value);
  return match ? Number(match[0]) || 0 : 0;
}

/** A number as text: whole ones without a point, others by CONVFMT or OFMT. */
export function numberText(value: number, format: string): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value);
  if (format === '%.6g') return formatGeneral(value, 6);
  return formatText(format, [value], format);
}

export const toText = (value: AwkValue, format = '%.6g'): string => (typeof value === 'string' ? value : typeof value === 'number' ? numberText(value, format) : value === undefined ? '' : value.text);

export const truth = (value: AwkValue): boolean => (typeof value === 'number' ? value !== 0 : value === undefined ? false : value instanceof Numeric ? (value.looksNumeric ? value.number !== 0 : value.text !== '') : value !== '');

/** -1, 0, 1: as numbers when both are or look like ones, else as text. */
export function compareValues(a: AwkValue, b: AwkValue): number {
  const numeric = (value: AwkValue) => typeof value === 'number' || value === undefined || (value instanceof Numeric && value.looksNumeric);
  if (numeric(a) && numeric(b)) {
    const difference = toNumber(a) - toNumber(b);
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  }
  const [x, y] = [toText(a), toText(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** sprintf. */
export function formatText(format: string, values: readonly AwkValue[], convert: string): string {
  let next = 0;
  return format.replace(/%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|h|ll|l|L)?([a-zA-Z%])/g, (whole, flagText: string | undefined, widthText: string | undefined, precisionText: string | undefined, conversion: string) => {
    if (conversion === '%') return '%';
    const star = (text: string | undefined): number | undefined => (text === '*' ? toNumber(values[next++]) : text === undefined ? undefined : Number(text));
    let flags = flagText ?? '';
    let width = star(widthText) ?? 0;
    if (width < 0) {
      flags += '-';
      width = -width;
    }
    const precision = whole.includes('.') ? (star(precisionText) ?? 0) : undefined;
    const value = values[next++];
    if ('di'.includes(conversion)) return formatInteger(BigInt(Math.trunc(toNumber(value)) || 0), 'd', flags, width, precision);
    if ('ouxX'.includes(conversion)) return formatInteger(BigInt(Math.trunc(toNumber(value)) || 0), conversion, flags, width, precision);
    if ('eEfFgG'.includes(conversion)) return formatFloat(toNumber(value), conversion, flags, width, precision ?? 6);
    let text: string;
    if (conversion === 'c') text = typeof value === 'number' || (value instanceof Numeric && value.looksNumeric) ? String.fromCodePoint(Math.max(0, Math.trunc(toNumber(value)) % 0x110000)) : ([...toText(value, convert)][0] ?? '');
    else text = precision === undefined ? toText(value, convert) : [...toText(value, convert)].slice(0, precision).join('');
    return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
  });
}

/** A mistake that shows only when the program runs. */
export class AwkError extends Error {
  override readonly name = 'AwkError';
}

/** + - * / % ^ of two numbers. Throws AwkError. */
export function arithmetic(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '^':
      return a ** b;
    default:
      if (b === 0) throw new AwkError('Division by zero');
      return operator === '/' ? a / b : a % b;
  }
}
