import { edited, type Edit, type Segment } from './edit';
import type { Chance } from './chance';

type Style = 'merge' | 'strategic' | 'apply';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys by which this style of patch finds an item of the list. */
function keysOfItems(list: Segment | undefined, style: Style): readonly string[] {
  if (style === 'strategic') return list?.field.patchMergeKey ? [list.field.patchMergeKey] : [];
  return style === 'apply' ? (list?.field.listMapKeys ?? []) : [];
}

function ofItem(list: readonly unknown[], edit: Edit, depth: number, style: Style): unknown {
  const segment = edit.path[depth] as Segment;
  const keys = keysOfItems(edit.path[depth - 1], style);
  const item = list[segment.key as number];
  const last = depth === edit.path.length - 1;
  if (keys.length > 0) {
    const identity = isRecord(item) ? Object.fromEntries(keys.filter((key) => key in item).map((key) => [key, item[key]])) : {};
    if (!last && isRecord(item)) return [{ ...identity, ...(partial(item, edit, depth + 1, style) as object) }];
    if (edit.value === undefined) return style === 'strategic' ? [{ $patch: 'delete', ...identity }] : [];
    return [edit.value];
  }
  if (last && item === undefined && (edit.path[depth - 1]?.field.listType === 'set' || edit.path[depth - 1]?.field.patchStrategy === 'merge')) return [edit.value];
  return edited(list, { path: edit.path.slice(depth), value: edit.value });
}

/** The part of a patch that makes one edit of `value`, from `depth` of its path on. */
function partial(value: unknown, edit: Edit, depth: number, style: Style): unknown {
  const segment = edit.path[depth];
  if (segment === undefined) return edit.value;
  if (typeof segment.key === 'number') return ofItem(Array.isArray(value) ? value : [], edit, depth, style);
  const below = partial(isRecord(value) ? value[segment.key] : undefined, edit, depth + 1, style);
  return { [segment.key]: below === undefined ? (style === 'apply' ? {} : null) : below };
}

/** Both of two patches, the second one's leaves first. */
function joined(one: unknown, other: unknown): unknown {
  if (!isRecord(one) || !isRecord(other)) return other;
  const out = { ...one };
  for (const [key, value] of Object.entries(other)) out[key] = key in one ? joined(one[key], value) : value;
  return out;
}

const all = (object: unknown, edits: readonly Edit[], style: Style): Record<string, unknown> => edits.map((edit) => partial(object, edit, 0, style)).reduce(joined, {}) as Record<string, unknown>;

/** A merge patch that makes the edits. */
export const mergePatch = (object: unknown, edits: readonly Edit[]): unknown => all(object, edits, 'merge');

/** What one applies to have the edits made. */
export const applied = (object: unknown, edits: readonly Edit[]): Record<string, unknown> => all(object, edits, 'apply');

/** A strategic merge patch that makes the edits, sometimes with a directive or two more. */
export function strategicPatch(object: unknown, edits: readonly Edit[], chance: Chance): unknown {
  const patch = all(object, edits, 'strategic');
  return chance.happens(0.25) ? withDirective(patch, chance) : patch;
}

function withDirective(patch: Record<string, unknown>, chance: Chance): Record<string, unknown> {
  const below = Object.entries(patch).filter(([, value]) => isRecord(value) || (Array.isArray(value) && isRecord(value[0])));
  if (below.length > 0 && chance.happens(0.75)) {
    const [key, value] = chance.pick(below);
    const changed = Array.isArray(value) ? [withDirective(value[0] as Record<string, unknown>, chance), ...(value.slice(1) as unknown[])] : withDirective(value as Record<string, unknown>, chance);
    return { ...patch, [key]: changed };
  }
  const lists = Object.entries(patch).filter(([, value]) => Array.isArray(value));
  const [list, items] = lists.length > 0 ? chance.pick(lists) : ['finalizers', ['example.com/guard']];
  return chance.pick<() => Record<string, unknown>>([
    () => ({ ...patch, $patch: chance.pick(['replace', 'delete', 'merge', 'bogus', 1]) }),
    () => ({ ...patch, $retainKeys: chance.pick<unknown>([Object.keys(patch), ['type'], 'x', []]) }),
    () => ({ ...patch, [`$setElementOrder/${list}`]: chance.pick<unknown>([items, [], 'x', [{ name: 'z' }]]) }),
    () => ({ ...patch, [`$deleteFromPrimitiveList/${list}`]: chance.pick<unknown>([items, ['a'], 'x']) }),
    () => ({ ...patch, [list]: [...(items as unknown[]), { $patch: 'replace' }] }),
  ])();
}

const pointer = (path: readonly Segment[]): string => path.map(({ key }) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function valueAt(object: unknown, path: readonly Segment[]): unknown {
  return path.reduce<unknown>((value, { key }) => (value as Record<string | number, unknown> | undefined | null)?.[key], object);
}

/** A JSON patch that makes the edits, sometimes with operations besides or with a mistake. */
export function jsonPatch(object: unknown, edits: readonly Edit[], chance: Chance): unknown {
  const operations = edits.flatMap(({ path, value }): object[] => {
    const present = valueAt(object, path);
    const at = pointer(path);
    const needed = value === undefined ? { op: 'remove', path: at } : { op: present === undefined ? 'add' : chance.pick(['replace', 'replace', 'add']), path: at, value };
    if (chance.happens(0.7)) return [needed];
    return chance.pick<() => object[]>([
      () => [{ op: 'test', path: at, value: present === undefined ? null : present }, needed],
      () => [{ op: 'test', path: at, value: 'other' }, needed],
      () => [{ op: 'copy', from: at, path: chance.pick(['/metadata/labels/a', '/spec/x', `${at}x`, '/metadata/annotations']) }],
      () => [{ op: 'move', from: at, path: chance.pick(['/metadata/labels/a', `${at}x`, at]) }, needed],
      () => [{ ...needed, path: chance.pick([`${at}/-`, `${at}/0`, `${at}/99`, `${at}/-1`, at.slice(1), `${at}/x/y`, '', '/']) }],
      () => [{ ...needed, op: chance.pick(['bogus', 'Add', 'remove', 'replace']) }],
      () => [{ op: 'add', path: at }],
      () => [needed, { op: 'remove', path: '/metadata/labels' }],
    ])();
  });
  return operations;
}
