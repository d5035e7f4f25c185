import { CelError, listItems } from '../values';
import { global, type Library, method } from './function';
import { format } from './format';
import { re } from './standard';
import { equals, mapKeys, none, Optional, order, isMapLike } from '../values';

const range = (index: number) => new CelError(`index out of range: ${index}`);
const points = (text: string) => [...text];

function indexOf(text: string, part: string, from: bigint): bigint {
  const [chars, wanted] = [points(text), points(part)];
  if (from < 0n) throw range(Number(from));
  for (let at = Number(from); at <= chars.length - wanted.length; at++) if (wanted.every((char, i) => chars[at + i] === char)) return BigInt(at);
  return -1n;
}

function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  const [chars, wanted] = [points(text), points(part)];
  if (from !== undefined && (from < 0n || from > BigInt(chars.length))) throw range(Number(from));
  for (let at = Math.min(chars.length - wanted.length, Number(from ?? BigInt(chars.length))); at >= 0; at--) if (wanted.every((char, i) => chars[at + i] === char)) return BigInt(at);
  return -1n;
}

function substring(text: string, start: bigint, end?: bigint): string {
  const chars = points(text);
  const to = end ?? BigInt(chars.length);
  if (start < 0n || start > BigInt(chars.length)) throw range(Number(start));
  if (to < 0n || to > BigInt(chars.length)) throw range(Number(to));
  if (start > to) throw new CelError(`invalid substring range. start: ${start}, end: ${to}`);
  return chars.slice(Number(start), Number(to)).join('');
}

function charAt(text: string, index: bigint): string {
  const chars = points(text);
  if (index < 0n || index > BigInt(chars.length)) throw range(Number(index));
  return chars[Number(index)] ?? '';
}

function replace(text: string, from: string, to: string, count = -1n): string {
  if (count < 0n) return text.split(from).join(to);
  let out = text;
  let at = 0;
  for (let done = 0n; done < count; done++) {
    const found = out.indexOf(from, at);
    if (found < 0) break;
    out = out.slice(0, found) + to + out.slice(found + from.length);
    at = found + to.length;
  }
  return out;
}

function split(text: string, separator: string, limit = -1n): string[] {
  if (limit === 0n) return [];
  const parts = separator === '' ? points(text) : text.split(separator);
  return limit < 0n || BigInt(parts.length) <= limit ? parts : [...parts.slice(0, Number(limit) - 1), parts.slice(Number(limit) - 1).join(separator)];
}

/** CEL's string extensions. */
export const strings: Library = {
  charAt: [method('string int', 'string', charAt)],
  indexOf: [method('string string', 'int', (text: string, part: string) => indexOf(text, part, 0n)), method('string string int', 'int', indexOf), method('list<A> A', 'int', (items: readonly unknown[], item: unknown) => BigInt((listItems(items) ?? []).findIndex((candidate) => equals(candidate, item))))],
  lastIndexOf: [method('string string', 'int', lastIndexOf), method('string string int', 'int', lastIndexOf), method('list<A> A', 'int', (items: readonly unknown[], item: unknown) => {
    const all = listItems(items) ?? [];
    for (let i = all.length - 1; i >= 0; i--) if (equals(all[i], item)) return BigInt(i);
    return -1n;
  })],
  lowerAscii: [method('string', 'string', (text: string) => text.replace(/[A-Z]/g, (char) => char.toLowerCase()))],
  upperAscii: [method('string', 'string', (text: string) => text.replace(/[a-z]/g, (char) => char.toUpperCase()))],
  replace: [method('string string string', 'string', replace), method('string string string int', 'string', replace)],
  split: [method('string string', 'list<string>', split), method('string string int', 'list<string>', split)],
  substring: [method('string int', 'string', substring), method('string int int', 'string', substring)],
  'strings.quote': [global('string', 'string', (text: string) => JSON.stringify(text))],
  trim: [method('string', 'string', (text: string) => text.trim())],
  join: [method('list<string>', 'string', (items: unknown) => (listItems(items) ?? []).join('')), method('list<string> string', 'string', (items: unknown, separator: string) => (listItems(items) ?? []).join(separator))],
  format: [method('string list<dyn>', 'string', format)],
  find: [method('string string', 'string', (text: string, pattern: string) => re(pattern).exec(text)?.[0] ?? '')],
  findAll: [
    method('string string', 'list<string>', (text: string, pattern: string) => text.match(re(pattern, 'g')) ?? []),
    method('string string int', 'list<string>', (text: string, pattern: string, limit: bigint) => (text.match(re(pattern, 'g')) ?? []).slice(0, limit < 0n ? undefined : Number(limit))),
  ],
};

function extreme(items: unknown, sign: number): unknown {
  const all = listItems(items) ?? [];
  if (all.length === 0) throw new CelError(`${sign < 0 ? 'min' : 'max'} called on empty list`);
  return all.reduce((best, item) => ((order(item, best) ?? 0) * sign > 0 ? item : best));
}

function sum(items: unknown): unknown {
  const all = listItems(items) ?? [];
  if (all.some((item) => typeof item === 'number')) return all.reduce((total: number, item) => total + Number(item), 0);
  return all.reduce((total: bigint, item) => total + (item as bigint), 0n);
}

const contains = (items: readonly unknown[], item: unknown) => items.some((candidate) => equals(candidate, item));
const includes = (all: unknown, some: unknown) => (listItems(some) ?? []).every((item) => contains(listItems(all) ?? [], item));

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const present = (items: unknown) => (listItems(items) ?? []).flatMap((item) => (item === none ? [] : [(item as Optional).value]));
const at = (items: unknown, index: number) => {
  const item = (listItems(items) ?? []).at(index);
  return item === undefined ? none : new Optional(item);
};

/** Kubernetes' list functions and CEL's sets and optionals. */
export const lists: Library = {
  isSorted: comparable.map((type) => method(`list<${type}>`, 'bool', (items: unknown) => (listItems(items) ?? []).every((item, i, all) => i === 0 || (order(all[i - 1], item) ?? 0) <= 0))),
  sum: ['int', 'uint', 'double', 'duration'].map((type) => method(`list<${type}>`, type, sum)),
  min: comparable.map((type) => method(`list<${type}>`, type, (items: unknown) => extreme(items, -1))),
  max: comparable.map((type) => method(`list<${type}>`, type, (items: unknown) => extreme(items, 1))),
  'sets.contains': [global('list<A> list<A>', 'bool', includes)],
  'sets.equivalent': [global('list<A> list<A>', 'bool', (a: unknown, b: unknown) => includes(a, b) && includes(b, a))],
  'sets.intersects': [global('list<A> list<A>', 'bool', (a: unknown, b: unknown) => (listItems(a) ?? []).some((item) => contains(listItems(b) ?? [], item)))],
  first: [method('list<A>', 'optional<A>', (items: unknown) => at(items, 0))],
  last: [method('list<A>', 'optional<A>', (items: unknown) => at(items, -1))],
  unwrapOpt: [method('list<optional<A>>', 'list<A>', present)],
  'optional.unwrap': [global('list<optional<A>>', 'list<A>', present)],
  'optional.of': [global('A', 'optional<A>', (value: unknown) => new Optional(value))],
  'optional.none': [global('', 'optional<A>', () => none)],
  'optional.ofNonZeroValue': [global('A', 'optional<A>', (value: unknown) => (isZero(value) ? none : new Optional(value)))],
};

const isZero = (value: unknown): boolean => value === null || value === '' || value === false || value === 0n || value === 0 || listItems(value)?.length === 0 || (isMapLike(value) && mapKeys(value).length === 0);
