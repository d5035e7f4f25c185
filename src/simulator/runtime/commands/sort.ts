import { utf8Decode } from '../../kernel';
import type { Executable } from '../process/program';
import { type Options, eachFile, readAll, splitLines, task, plainComplaint } from './tool';

interface Key {
  readonly from: { field: number; character: number };
  readonly to: { field: number; character: number } | undefined;
  readonly flags: string;
}

function parseKey(text: string): Key {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text);
  if (!match) return { from: { field: 1, character: 1 }, to: undefined, flags: '' };
  return {
    from: { field: Number(match[1]), character: Number(match[2] ?? 1) },
    to: match[4] === undefined ? undefined : { field: Number(match[4]), character: Number(match[5] ?? 0) },
    flags: (match[3] ?? '') + (match[6] ?? ''),
  };
}

/** Where each field of a line begins and ends; without a separator the blanks before a field belong to it. */
function fieldBounds(line: string, separator: string | undefined): [number, number][] {
  const bounds: [number, number][] = [];
  if (separator !== undefined) {
    let start = 0;
    for (const part of line.split(separator)) {
      bounds.push([start, start + part.length]);
      start += part.length + separator.length;
    }
    return bounds;
  }
  for (const match of line.matchAll(/[ \t]*[^ \t]+/g)) bounds.push([match.index, match.index + match[0].length]);
  return bounds;
}

function keyOf(line: string, key: Key, separator: string | undefined): string {
  const bounds = fieldBounds(line, separator);
  const begin = bounds[key.from.field - 1];
  if (!begin) return '';
  const start = Math.min(begin[0] + key.from.character - 1, line.length);
  const last = key.to && bounds[key.to.field - 1];
  const end = !key.to || !last ? line.length : key.to.character === 0 ? last[1] : Math.min(last[0] + key.to.character, line.length);
  return line.slice(start, Math.max(start, end));
}

const numberOf = (text: string): number => Number(/^\s*-?\d*\.?\d*/.exec(text)?.[0].trim() || 0) || 0;

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const multiples: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

function compareVersions(a: string, b: string): number {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    const difference = i % 2 === 1 ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

function compare(a: string, b: string, flags: string): number {
  if (flags.includes('n')) return numberOf(a) - numberOf(b);
  if (flags.includes('g')) return (parseFloat(a) || 0) - (parseFloat(b) || 0);
  if (flags.includes('h')) {
    const size = (text: string) => numberOf(text) * (multiples[/[KMGT]/.exec(text.toUpperCase())?.[0] ?? ''] ?? 1);
    return size(a) - size(b);
  }
  if (flags.includes('M')) return monthNames.indexOf(a.trim().slice(0, 3).toUpperCase()) - monthNames.indexOf(b.trim().slice(0, 3).toUpperCase());
  if (flags.includes('V')) return compareVersions(a, b);
  let [x, y] = [a, b];
  if (flags.includes('b')) [x, y] = [x.trimStart(), y.trimStart()];
  if (flags.includes('d')) [x, y] = [x.replace(/[^A-Za-z0-9 \t]/g, ''), y.replace(/[^A-Za-z0-9 \t]/g, '')];
  if (flags.includes('f')) [x, y] = [x.toUpperCase(), y.toUpperCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The order that the options ask for. */
function ordering(options: Options): { order: (a: string, b: string) => number; byKeys: (a: string, b: string) => number } {
  const global = ['n', 'g', 'h', 'M', 'V', 'b', 'd', 'f', 'i'].filter((letter) => options.has(letter)).join('');
  const reverse = options.has('r');
  const separator = options.value('t');
  const keys = options.values('k').map(parseKey);
  const byKeys = (a: string, b: string): number => {
    if (keys.length === 0) return compare(a, b, global) * (reverse ? -1 : 1);
    for (const key of keys) {
      const flags = key.flags === '' ? global : key.flags;
      const result = compare(keyOf(a, key, separator), keyOf(b, key, separator), flags);
      if (result !== 0) return (key.flags === '' ? reverse : key.flags.includes('r')) ? -result : result;
    }
    return 0;
  };
  const order = (a: string, b: string): number => {
    const result = byKeys(a, b);
    if (result !== 0 || options.has('s') || options.has('u')) return result;
    const last = a < b ? -1 : a > b ? 1 : 0;
    return reverse ? -last : last;
  };
  return { order, byKeys };
}

/** sort. */
export const sort: Executable = task({ letters: 'nugMchirszbdfVik:t:o:T:S:m', long: { reverse: 'r', unique: 'u', key: 'k', 'numeric-sort': 'n' } }, function* (system, options) {
  let lines: string[] = [];
  const status = yield* eachFile(system, options.words, plainComplaint('sort'), function* (handle) {
    const text = utf8Decode(yield* readAll(handle));
    for (const line of splitLines(text)) lines.push(line);
    if (text.length > 1_048_576) system.useMemory(1_000_000 + text.length * 2);
    return 0;
  });
  if (status !== 0) return 2;
  const { order, byKeys } = ordering(options);
  if (options.has('c')) {
    for (let i = 1; i < lines.length; i++) if (order(lines[i - 1] as string, lines[i] as string) > 0) return 1;
    return 0;
  }
  lines.sort(order);
  if (options.has('u')) lines = lines.filter((line, index) => index === 0 || byKeys(lines[index - 1] as string, line) !== 0);
  if (system.process.charge(lines.length / 2)) yield* system.process.settle();
  const text = lines.length > 0 ? `${lines.join('\n')}\n` : '';
  const target = options.value('o');
  if (target !== undefined && target !== '') system.files.writeFile(target, text);
  else yield* system.stdout.write(text);
  return 0;
});
