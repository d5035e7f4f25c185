import { base64Decode, base64Encode, goValue } from '../../../api';
import { utf8Decode, utf8Encode } from '../../../kernel';
import { isFields } from '../../fields';
import { goQuote } from '../go-value';
import { TemplateError } from './lex';

/** A number that Go would hold as a float64: written with a point in the template. */
export class Float {
  constructor(readonly value: number) {}
}

const plain = (value: unknown): unknown => (value instanceof Float ? value.value : value);

/** Whether a value counts as true: not zero, not empty. */
export function truth(value: unknown): boolean {
  const inner = plain(value);
  if (inner === undefined || inner === null || inner === false || inner === 0 || inner === '') return false;
  if (Array.isArray(inner)) return inner.length > 0;
  return isFields(inner) ? Object.keys(inner).length > 0 : true;
}

/** A value as the template prints it. */
export function printed(value: unknown): string {
  const inner = plain(value);
  return inner === undefined || inner === null ? '<no value>' : typeof inner === 'object' ? goValue(inner) : String(inner);
}

const goType = (value: unknown): string => {
  if (value instanceof Float) return 'float64';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return '[]interface {}';
  return 'map[string]interface {}';
};

/** fmt.Sprintf for the values that templates hold. */
export function sprintf(format: string, values: readonly unknown[]): string {
  let index = 0;
  const text = format.replace(/%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g, (_, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (index >= values.length) return `%!${verb}(MISSING)`;
    const raw = values[index++];
    const value = plain(raw);
    const bad = () => (raw === undefined || raw === null ? `%!${verb}(<nil>)` : `%!${verb}(${goType(raw)}=${printed(raw)})`);
    const isInt = typeof value === 'number' && Number.isInteger(value) && !(raw instanceof Float);
    let out: string;
    switch (verb) {
      case 'v':
        out = printed(raw);
        break;
      case 's':
        out = typeof value === 'string' ? value : Array.isArray(value) || isFields(value) ? goValue(value) : bad();
        if (precision !== undefined) out = out.slice(0, Number(precision));
        break;
      case 'q':
        out = typeof value === 'string' ? goQuote(value) : bad();
        break;
      case 'd':
        out = isInt ? String(value) : bad();
        break;
      case 'f':
        out = typeof value === 'number' && !isInt ? value.toFixed(precision === undefined ? 6 : Number(precision)) : bad();
        break;
      case 'g':
      case 'e':
        out = typeof value === 'number' && !isInt ? String(value) : bad();
        break;
      case 'x':
        out = isInt ? (value as number).toString(16) : typeof value === 'string' ? [...utf8Encode(value)].map((byte) => byte.toString(16).padStart(2, '0')).join('') : bad();
        break;
      case 't':
        out = typeof value === 'boolean' ? String(value) : bad();
        break;
      case 'c':
        out = isInt ? String.fromCodePoint(value as number) : bad();
        break;
      case 'T':
        out = goType(raw);
        break;
      default:
        out = bad();
    }
    if (width === undefined) return out;
    return flags.includes('-') ? out.padEnd(Number(width)) : out.padStart(Number(width), flags.includes('0') && typeof value === 'number' ? '0' : ' ');
  });
  const extra = values.slice(index).map((value) => `${goType(value)}=${printed(value)}`);
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(', ')})` : text;
}

function sprint(values: readonly unknown[]): string {
  return values.map((value, index) => (index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string' ? ' ' : '') + printed(value)).join('');
}

const basicKind = (value: unknown): string => (typeof value === 'number' ? (Number.isInteger(value) ? 'int' : 'float') : value instanceof Float ? 'float' : typeof value);

function equal(a: unknown, b: unknown): boolean {
  if (isFields(plain(a)) || Array.isArray(plain(a))) throw new TemplateError('incompatible types for comparison');
  if (a !== undefined && b !== undefined && a !== null && b !== null && basicKind(a) !== basicKind(b)) throw new TemplateError('incompatible types for comparison');
  return plain(a) === plain(b);
}

function less(a: unknown, b: unknown): boolean {
  if (basicKind(a) !== basicKind(b) || !['number', 'string'].includes(typeof plain(a))) throw new TemplateError('incompatible types for comparison');
  return (plain(a) as string) < (plain(b) as string);
}

function lengthOf(value: unknown): number {
  const inner = plain(value);
  if (typeof inner === 'string') return utf8Encode(inner).length;
  if (Array.isArray(inner)) return inner.length;
  if (isFields(inner)) return Object.keys(inner).length;
  throw new TemplateError(inner === undefined || inner === null ? 'error calling len: reflect: call of reflect.Value.Type on zero Value' : `error calling len: len of type ${goType(value)}`);
}

function indexed(value: unknown, keys: readonly unknown[]): unknown {
  let current = value;
  for (const key of keys) {
    if (Array.isArray(current)) {
      if (typeof key !== 'number') throw new TemplateError(`error calling index: cannot index slice/array with type ${goType(key)}`);
      if (key < 0 || key >= current.length) throw new TemplateError(`error calling index: index out of range: ${key}`);
      current = current[key] as unknown;
    } else if (isFields(current)) {
      if (typeof key !== 'string') throw new TemplateError(`error calling index: value has type ${goType(key)}; should be string`);
      current = current[key];
    } else throw new TemplateError(current === undefined || current === null ? 'error calling index: index of untyped nil' : `error calling index: can't index item of type ${goType(current)}`);
  }
  return current;
}

const htmlEscapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

type Call = (...values: readonly unknown[]) => unknown;

/** text/template's functions and kubectl's own. `and` and `or` are called lazily by the evaluator. */
export const functions: Readonly<Record<string, Call>> = {
  and: (...values) => values.find((value) => !truth(value)) ?? values.at(-1),
  or: (...values) => values.find(truth) ?? values.at(-1),
  not: (value) => !truth(value),
  len: lengthOf,
  index: (value, ...keys) => indexed(value, keys),
  slice: (value, from, to) => (value as string | unknown[]).slice((from as number | undefined) ?? 0, to as number | undefined),
  eq: (first, ...others) => {
    if (others.length === 0) throw new TemplateError('error calling eq: missing argument for comparison');
    return others.some((other) => equal(first, other));
  },
  ne: (a, b) => !equal(a, b),
  lt: less,
  le: (a, b) => less(a, b) || equal(a, b),
  gt: (a, b) => !less(a, b) && !equal(a, b),
  ge: (a, b) => !less(a, b),
  print: (...values) => sprint(values),
  println: (...values) => `${values.map(printed).join(' ')}\n`,
  printf: (format, ...values) => sprintf(String(format), values),
  html: (...values) => sprint(values).replace(/[&<>"']/g, (letter) => htmlEscapes[letter] as string),
  js: (...values) => JSON.stringify(sprint(values)).slice(1, -1).replace(/</g, '\\u003C').replace(/>/g, '\\u003E').replace(/&/g, '\\u0026').replace(/'/g, "\\'").replace(/=/g, '\\u003D'),
  urlquery: (...values) => encodeURIComponent(sprint(values)).replace(/%20/g, '+').replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`),
  exists: (value, ...keys) => {
    try {
      const found = indexed(value, keys);
      return found !== undefined && found !== null;
    } catch {
      return false;
    }
  },
  base64decode: (value) => utf8Decode(base64Decode(String(value))),
  base64encode: (value) => base64Encode(utf8Encode(String(value))),
  call: () => {
    throw new TemplateError('error calling call: nil');
  },
};
