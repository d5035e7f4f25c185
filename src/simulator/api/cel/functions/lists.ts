import { CelError, equals, listItems, order } from '../values';
import { global, type Library, method } from './function';

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const items = (list: unknown): readonly unknown[] => listItems(list) ?? [];

function slice(list: unknown, start: bigint, end: bigint): readonly unknown[] {
  const all = items(list);
  if (start < 0n || end < 0n) throw new CelError(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end) throw new CelError(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  if (end > BigInt(all.length)) throw new CelError(`cannot slice(${start}, ${end}), list is length ${all.length}`);
  return all.slice(Number(start), Number(end));
}

function flatten(list: unknown, depth: bigint): readonly unknown[] {
  if (depth < 0n) throw new CelError('level must be non-negative');
  return items(list).flatMap((item) => (depth > 0n && listItems(item) ? flatten(item, depth - 1n) : [item]));
}

const distinct = (list: unknown): readonly unknown[] => items(list).filter((item, index, all) => all.findIndex((other) => equals(other, item)) === index);
const sort = (list: unknown): readonly unknown[] => [...items(list)].sort((a, b) => order(a, b) ?? 0);

function range(count: bigint): readonly bigint[] {
  return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
}

/** CEL's extension of lists. */
export const listExtension: Library = {
  slice: [method('list<A> int int', 'list<A>', slice)],
  flatten: [method('list<list<A>>', 'list<A>', (list: unknown) => flatten(list, 1n)), method('list<dyn> int', 'list<dyn>', flatten)],
  sort: comparable.map((type) => method(`list<${type}>`, `list<${type}>`, sort)),
  distinct: [method('list<A>', 'list<A>', distinct)],
  reverse: [method('list<A>', 'list<A>', (list: unknown) => [...items(list)].reverse())],
  'lists.range': [global('int', 'list<int>', range)],
};
