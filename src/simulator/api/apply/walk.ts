import { equalJson, goValue, isJsonObject, type JsonObject } from '../patch';
import { emptySet, type FieldSet, leafSet, node, pathText, union } from './field-set';
import { deduced, itemElement, type Shape, valueElement } from './shape';

/** Why a configuration does not fit the schema, in the server's words. */
export class TypedError extends Error {
  override readonly name = 'TypedError';
}

/** What the deduced shape means for a value that is no object. */
const settle = (shape: Shape, value: unknown): Shape => (shape === deduced && !isJsonObject(value) ? { kind: 'scalar', scalar: 'untyped' } : shape);

/** Checks a configuration against the shape; gives every fault with its path. */
export function validateTyped(shape: Shape, value: unknown, path: readonly string[] = []): string[] {
  if (value === null || value === undefined) return [];
  const wrong = (message: string) => [`${pathText(path)}: ${message}`];
  const settled = settle(shape, value);
  switch (settled.kind) {
    case 'scalar': return scalarFault(settled.scalar, value).flatMap(wrong);
    case 'atomic': return (settled.of === 'list' ? Array.isArray(value) : isJsonObject(value)) ? [] : wrong(`expected ${settled.of}, got &{${goValue(value)}}`);
    case 'set':
    case 'list': return Array.isArray(value) ? validateList(settled, value, path) : wrong(`expected list, got &{${goValue(value)}}`);
    default: {
      if (!isJsonObject(value)) return wrong(`expected map, got &{${goValue(value)}}`);
      return Object.keys(value).sort().flatMap((key) => {
        const inner = settled.kind === 'map' ? settled.element() : settled.field(key);
        const at = [...path, `f:${key}`];
        return inner ? validateTyped(inner, value[key], at) : [`${pathText(at)}: field not declared in schema`];
      });
    }
  }
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function scalarFault(kind: string, value: unknown): string[] {
  if (kind === 'string' && typeof value !== 'string') return [`expected string, got &value.valueUnstructured{Value:${typeof value === 'object' ? `${goType(value)}{}` : String(value)}}`];
  if (kind === 'numeric' && typeof value !== 'number') return [`expected numeric (int or float), got ${goType(value)}`];
  if (kind === 'boolean' && typeof value !== 'boolean') return [`expected boolean, got &{${goValue(value)}}`];
  return [];
}

function validateList(shape: Shape & { kind: 'set' | 'list' }, items: readonly unknown[], path: readonly string[]): string[] {
  const seen = new Set<string>();
  const errors: string[] = [];
  for (const [index, item] of items.entries()) {
    if (shape.kind === 'list' && !isJsonObject(item)) {
      errors.push(`${pathText(path)}: element ${index}: associative list with keys may not have ${item === null ? 'a null element' : 'non-map elements'}`);
      continue;
    }
    const element = shape.kind === 'list' ? itemElement(shape, item) : valueElement(item);
    if (seen.has(element)) errors.push(`${pathText(path)}: duplicate entries for key ${pathText([element])}`);
    seen.add(element);
    if (shape.kind === 'list') errors.push(...validateTyped(shape.element(), item, [...path, element]));
  }
  return errors;
}

/** The fields that a configuration names: what its applier owns. */
export function setOf(shape: Shape, value: unknown): FieldSet {
  if (value === null || value === undefined) return leafSet;
  const settled = settle(shape, value);
  if (settled.kind === 'scalar' || settled.kind === 'atomic') return leafSet;
  const children = new Map<string, FieldSet>();
  if (settled.kind === 'set' || settled.kind === 'list') {
    for (const item of Array.isArray(value) ? (value as unknown[]) : []) {
      if (settled.kind === 'set') children.set(valueElement(item), leafSet);
      else children.set(itemElement(settled, item), union(leafSet, setOf(settled.element(), item)));
    }
    return node(false, children);
  }
  if (!isJsonObject(value)) return leafSet;
  const keys = Object.keys(value);
  if (keys.length === 0) return leafSet;
  for (const key of keys) {
    const inner = settled.kind === 'map' ? settled.element() : settled.field(key);
    if (!inner) continue;
    const set = setOf(inner, value[key]);
    if (set !== emptySet) children.set(`f:${key}`, set);
  }
  return node(false, children);
}

/** Every path in a value, those of maps and list items too. */
function wholeSet(shape: Shape, value: unknown): FieldSet {
  const settled = settle(shape, value);
  const children = new Map<string, FieldSet>();
  if (settled.kind === 'set' && Array.isArray(value)) for (const item of value) children.set(valueElement(item), leafSet);
  else if (settled.kind === 'list' && Array.isArray(value)) for (const item of value) children.set(itemElement(settled, item), wholeSet(settled.element(), item));
  else if ((settled.kind === 'map' || settled.kind === 'struct') && isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const inner = settled.kind === 'map' ? settled.element() : settled.field(key);
      if (inner && item !== null && item !== undefined) children.set(`f:${key}`, wholeSet(inner, item));
    }
  }
  return node(true, children);
}

/** What differs between two values. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

export const unchanged: Comparison = Object.freeze({ added: emptySet, modified: emptySet, removed: emptySet });

/** Compares what was with what is; undefined stands for absence, null for an empty list or map. */
export function compare(shape: Shape, before: unknown, after: unknown): Comparison {
  if (before === after) return unchanged;
  if (before === undefined) return { ...unchanged, added: after === null ? emptySet : wholeSet(shape, after) };
  if (after === undefined) return { ...unchanged, removed: before === null ? emptySet : wholeSet(shape, before) };
  const settled = shape === deduced && !(isJsonObject(before) && isJsonObject(after)) ? settle(shape, '') : shape;
  switch (settled.kind) {
    case 'scalar':
    case 'atomic': return equalJson(before, after) ? unchanged : { ...unchanged, modified: leafSet };
    case 'set': return compareEntries(entriesOfList(before, valueElement), entriesOfList(after, valueElement), () => settle(deduced, ''));
    case 'list': return compareEntries(entriesOfList(before, (item) => itemElement(settled, item)), entriesOfList(after, (item) => itemElement(settled, item)), settled.element);
    default: return compareEntries(entriesOfMap(before), entriesOfMap(after), (element) => (settled.kind === 'map' ? settled.element() : settled.field(element.slice(2))));
  }
}

function entriesOfList(value: unknown, element: (item: unknown) => string): Map<string, unknown> {
  return new Map((Array.isArray(value) ? (value as unknown[]) : []).map((item) => [element(item), item]));
}

function entriesOfMap(value: unknown): Map<string, unknown> {
  return new Map(Object.entries(isJsonObject(value) ? value : {}).map(([key, item]) => [`f:${key}`, item]));
}

function compareEntries(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>, shapeOf: (element: string) => Shape | undefined): Comparison {
  const sets = { added: new Map<string, FieldSet>(), modified: new Map<string, FieldSet>(), removed: new Map<string, FieldSet>() };
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(element), after.get(element)];
    if (old === now) continue;
    const shape = shapeOf(element);
    if (!shape) continue;
    const found = compare(shape, old, now);
    for (const kind of ['added', 'modified', 'removed'] as const) {
      const set = found[kind];
      if (set.member || set.children.size > 0) sets[kind].set(element, set);
    }
  }
  return { added: node(false, sets.added), modified: node(false, sets.modified), removed: node(false, sets.removed) };
}

/** Puts a configuration over what there is. */
export function mergeTyped(shape: Shape, live: unknown, config: unknown): unknown {
  if (live === undefined || live === null || config === null) return config;
  const settled = settle(shape, config);
  if (settled.kind === 'set' && Array.isArray(live) && Array.isArray(config)) return mergeLists(live, config, valueElement, (item) => item);
  if (settled.kind === 'list' && Array.isArray(live) && Array.isArray(config)) {
    return mergeLists(live, config, (item) => itemElement(settled, item), (old, now) => mergeTyped(settled.element(), old, now));
  }
  if ((settled.kind === 'map' || settled.kind === 'struct') && isJsonObject(live) && isJsonObject(config)) {
    const out: Record<string, unknown> = { ...live };
    for (const [key, value] of Object.entries(config)) {
      const inner = settled.kind === 'map' ? settled.element() : settled.field(key);
      out[key] = inner ? mergeTyped(inner, live[key], value) : value;
    }
    return out;
  }
  return config;
}

/** The configuration's order holds among its items; items that only live has keep their place before what they stood before. */
function mergeLists(live: readonly unknown[], config: readonly unknown[], element: (item: unknown) => string, merge: (old: unknown, now: unknown) => unknown): unknown[] {
  const old = new Map(live.map((item) => [element(item), item]));
  const liveKeys = live.map(element);
  const configKeys = config.map(element);
  const wanted = new Set(configKeys);
  const out: unknown[] = [];
  let l = 0;
  let r = 0;
  while (l < live.length || r < config.length) {
    const left = liveKeys[l];
    const right = configKeys[r];
    if (left !== undefined && !wanted.has(left)) out.push(live[l++]);
    else if (left !== undefined && left === right) {
      out.push(merge(live[l++], config[r++]));
    } else if (right !== undefined && !old.has(right)) out.push(config[r++]);
    else if (left !== undefined) l += 1;
    else out.push(merge(old.get(right as string), config[r++]));
  }
  return out;
}

/** The value without the members of a set; what becomes empty by that goes as well, unless it is a member of `kept`. */
export function removeTyped(shape: Shape, value: unknown, set: FieldSet, kept: FieldSet | undefined): unknown {
  if (set.children.size === 0) return value;
  const settled = settle(shape, value);
  if ((settled.kind === 'set' || settled.kind === 'list') && Array.isArray(value)) {
    const out = (value as unknown[]).flatMap((item) => {
      const element = settled.kind === 'list' ? itemElement(settled, item) : valueElement(item);
      const inner = set.children.get(element);
      if (!inner) return [item];
      if (inner.member) return [];
      return settled.kind === 'list' ? [removeTyped(settled.element(), item, inner, kept?.children.get(element))] : [item];
    });
    return out.length === 0 && !kept?.member ? undefined : out;
  }
  if ((settled.kind === 'map' || settled.kind === 'struct') && isJsonObject(value)) return removeFields(settled, value, set, kept);
  return value;
}

function removeFields(shape: Shape & { kind: 'map' | 'struct' }, value: JsonObject, set: FieldSet, kept: FieldSet | undefined): JsonObject | undefined {
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const element = `f:${key}`;
    const inner = set.children.get(element);
    if (inner?.member) continue;
    const of = shape.kind === 'map' ? shape.element() : shape.field(key);
    const rest = inner && of ? removeTyped(of, item, inner, kept?.children.get(element)) : item;
    if (rest !== undefined) out[key] = rest;
  }
  return Object.keys(out).length === 0 && Object.keys(value).length > 0 && !kept?.member ? undefined : out;
}
