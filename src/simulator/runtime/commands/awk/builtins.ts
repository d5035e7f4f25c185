import type { Task } from '../../../kernel';
import { parseTime } from '../../../kernel';
import { formatDate } from '../time-format';
import { compileExpression } from '../regular-expression';
import type { Expression } from './ast';
import { splitFields } from './fields';
import type { Interpreter } from './interpreter';
import { type AwkValue, formatText, Numeric, toNumber, toText } from './values';

/** The text of sub's replacement: & is the match, \\& an ampersand. */
const fill = (replacement: string, match: string): string => replacement.replace(/\\(\\|&)|&/g, (whole, escaped?: string) => (escaped === undefined ? match : escaped === '&' ? '&' : whole === '\\\\' ? '\\' : escaped));

/** sub and gsub. */
function* substitute(awk: Interpreter, values: readonly Expression[], global: boolean): Task<number> {
  const [pattern, replacement, target = { kind: 'field', index: { kind: 'number', value: 0 } } as Expression] = values;
  if (!pattern || !replacement) return 0;
  const source = (yield* awk.pattern(pattern)).source;
  const text = toText(yield* awk.evaluate(replacement), awk.convert);
  const before = toText(yield* awk.evaluate(target), awk.convert);
  let count = 0;
  let lastEnd = -1;
  const after = before.replace(new RegExp(source, global ? 'gu' : 'u'), (match, ...rest: unknown[]) => {
    const offset = rest.find((value) => typeof value === 'number') as number;
    if (match === '' && offset === lastEnd) return '';
    lastEnd = offset + match.length;
    count += 1;
    return fill(text, match);
  });
  if (count > 0) yield* awk.assign(target, after);
  return count;
}

function* split(awk: Interpreter, values: readonly Expression[]): Task<number> {
  const [source, target, separator] = values;
  if (!source || target?.kind !== 'variable') return 0;
  const text = toText(yield* awk.evaluate(source), awk.convert);
  const by = separator === undefined ? awk.text('FS') : separator.kind === 'regex' ? separator.source : toText(yield* awk.evaluate(separator), awk.convert);
  const parts = separator?.kind === 'regex' ? (text === '' ? [] : text.split(compileExpression(by, { extended: true }))) : splitFields(text, by);
  const array = awk.array(target.name);
  array.clear();
  for (const [index, part] of parts.entries()) array.set(String(index + 1), new Numeric(part ?? ''));
  return parts.length;
}

function* match(awk: Interpreter, values: readonly Expression[]): Task<number> {
  const [source, pattern] = values;
  if (!source || !pattern) return 0;
  const text = toText(yield* awk.evaluate(source), awk.convert);
  const found = (yield* awk.pattern(pattern)).exec(text);
  const start = found ? found.index + 1 : 0;
  awk.globals.set('RSTART', start);
  awk.globals.set('RLENGTH', found ? found[0].length : -1);
  return start;
}

function substring(values: readonly AwkValue[], convert: string): string {
  const characters = [...toText(values[0], convert)];
  const from = Math.round(toNumber(values[1]));
  const length = values.length > 2 ? Math.round(toNumber(values[2])) : Infinity;
  const start = Math.max(1, from) - 1;
  return characters.slice(start, Math.max(start, Math.min(start + length, characters.length))).join('');
}

const bitwise: Readonly<Record<string, (a: number, b: number) => number>> = {
  and: (a, b) => Number(BigInt(a) & BigInt(b)), or: (a, b) => Number(BigInt(a) | BigInt(b)), xor: (a, b) => Number(BigInt(a) ^ BigInt(b)), lshift: (a, b) => a * 2 ** b, rshift: (a, b) => Math.floor(a / 2 ** b),
};

const mathematics: Readonly<Record<string, (value: number) => number>> = { sin: Math.sin, cos: Math.cos, exp: Math.exp, log: Math.log, sqrt: Math.sqrt, int: Math.trunc };

/** Calls one of awk's own functions. */
export function* callBuiltin(awk: Interpreter, name: string, given: readonly Expression[]): Task<AwkValue> {
  if (name === 'sub' || name === 'gsub') return yield* substitute(awk, given, name === 'gsub');
  if (name === 'split') return yield* split(awk, given);
  if (name === 'match') return yield* match(awk, given);
  const [first] = given;
  if (name === 'length' && first?.kind === 'variable') {
    const value = awk.globals.get(first.name);
    if (value instanceof Map) return value.size;
  }
  const values: AwkValue[] = [];
  for (const value of given) values.push(yield* awk.evaluate(value));
  const text = () => toText(values[0], awk.convert);
  const math = mathematics[name];
  if (math) return math(toNumber(values[0]));
  const bits = bitwise[name];
  if (bits) return bits(Math.trunc(toNumber(values[0])), Math.trunc(toNumber(values[1])));
  switch (name) {
    case 'length':
      return [...(given.length === 0 ? toText(awk.field(0)) : text())].length;
    case 'substr':
      return substring(values, awk.convert);
    case 'index':
      return text().indexOf(toText(values[1], awk.convert)) + 1;
    case 'tolower':
      return text().toLowerCase();
    case 'toupper':
      return text().toUpperCase();
    case 'sprintf':
      return formatText(text(), values.slice(1), awk.convert);
    case 'atan2':
      return Math.atan2(toNumber(values[0]), toNumber(values[1]));
    case 'rand':
      return awk.random.float();
    case 'srand':
      return awk.reseed(given.length > 0 ? toNumber(values[0]) : Math.floor(awk.system.now / 1_000_000));
    case 'systime':
      return Math.floor(awk.system.now / 1_000_000);
    case 'strftime':
      return formatDate(given.length > 1 ? toNumber(values[1]) * 1_000_000 : awk.system.now, given.length > 0 ? text() : '%a %b %e %H:%M:%S %Z %Y');
    case 'mktime': {
      const [year, month, day, hour, minute, second] = text().split(/\s+/).map((part) => part.padStart(2, '0'));
      const time = parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
      return time === undefined ? -1 : time / 1_000_000;
    }
    case 'system': {
      yield* awk.flush();
      return yield* awk.system.spawn(['sh', '-c', text()]).wait();
    }
    case 'close':
      return yield* awk.close(text());
    case 'fflush':
      yield* awk.flush();
      return 0;
    default:
      return undefined;
  }
}
