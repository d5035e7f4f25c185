import { equalJson, goValue, isJsonObject, type JsonObject } from '../patch';
import { emptySet, type FieldSet, isEmptySet, leafSet, node, pathText, union } from './field-set';
import { keylessFault } from './keyless';
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
    case 'atomic':
      if (settled.of === 'map') return isJsonObject(value) ? validateTyped(settled.inner(), value, path) : wrong(`expected map, got &{${goValue(value)}}`);
      return Array.isArray(value) ? value.flatMap((item: unknown, index) => validateTyped(settled.inner(), item, [...path, `i:${index}`])) : wrong(`expected list, got &{${goValue(value)}}`);
    case 'set':
    case 'list': return Array.isArray(value) ? validateList(settled, value, path) : wrong(`expected list, got &{${goValue(value)}}`);
    default: {
      if (!isJsonObject(value)) return wrong(`expected map, got &{${goValue(value)}}`);
      const keys = Object.keys(value).sort();
      const fieldOf = (key: string): Shape | undefined => (settled.kind === 'map' ? settled.element() : settled.field(key));
      const unknown = keys.findIndex((key) => fieldOf(key) === undefined); // reading ends there
      return (unknown < 0 ? keys : keys.slice(0, unknown + 1)).flatMap((key, index) =>
        index === unknown ? [`${pathText([...path, `f:${key}`])}: field not declared in schema`] : validateTyped(fieldOf(key) as Shape, value[key], [...path, `f:${key}`]));
    }
  }
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A value as Go's %#v prints it. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isJsonObject(value)) return `map[string]interface {}{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${goSyntax(value[key])}`).join(', ')}}`;
  return String(value);
}

function scalarFault(kind: string, value: unknown): string[] {
  if (kind === 'string' && typeof value !== 'string') return [`expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`];
  if (kind === 'numeric' && typeof value !== 'number') return [`expected numeric (int or float), got ${goType(value)}`];
  if (kind === 'anyScalar' && (Array.isArray(value) || isJsonObject(value))) return [`expected any scalar, got &{${goValue(value)}}`];
  if (kind === 'boolean' && typeof value !== 'boolean') return [`expected boolean, got &{${goValue(value)}}`];
  return [];
}

/** Why an item cannot be one of a set. */
function misfitOf(item: unknown): string | undefined {
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements';
  if (item === null) return "associative list without keys has an element that's an explicit null";
  return isJsonObject(item) ? "associative list without keys has an element that's a map type" : undefined;
}

function validateList(shape: Shape & { kind: 'set' | 'list' }, items: readonly unknown[], path: readonly string[]): string[] {
  const seen = new Set<string>();
  const errors: string[] = [];
  for (const [index, item] of items.entries()) {
    if (shape.kind === 'list' && !isJsonObject(item)) {
      errors.push(`${pathText(path)}: element ${index}: associative list with keys may not have ${item === null ? 'a null element' : 'non-map elements'}`);
      return errors; // reading ends there
    }
    const misfit = shape.kind === 'set' ? misfitOf(item) : undefined;
    if (misfit !== undefined) {
      errors.push(`${pathText(path)}: element ${index}: ${misfit}`);
      continue;
    }
    const element = shape.kind === 'list' ? itemElement(shape, item) : valueElement(item);
    if (element === 'k:{}') {
      errors.push(`${pathText(path)}: element ${index}: ${keylessFault(shape as Shape & { kind: 'list' })}`);
      return errors;
    }
    if (seen.has(element)) errors.push(`${pathText(path)}: duplicate entries for key ${pathText([element])}`);
    seen.add(element);
    errors.push(...validateTyped(shape.element(), item, [...path, element]));
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
  return node(settled === deduced, children); // an object that is not declared is itself owned as well
}

/** Every path in a value, those of maps and list items too. A scalar may be null; a list or map that is null is not there. */
function wholeSet(shape: Shape, value: unknown): FieldSet {
  const settled = settle(shape, value);
  if (value === null) return settled.kind === 'scalar' || settled.kind === 'atomic' ? leafSet : emptySet;
  const children = new Map<string, FieldSet>();
  if (settled.kind === 'set' && Array.isArray(value)) for (const item of value) children.set(valueElement(item), leafSet);
  else if (settled.kind === 'list' && Array.isArray(value)) {
    for (const item of value as unknown[]) {
      const element = itemElement(settled, item);
      children.set(element, children.has(element) ? leafSet : wholeSet(settled.element(), item)); // what is there twice is owned as a whole
    }
  }
  else if ((settled.kind === 'map' || settled.kind === 'struct') && isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const inner = settled.kind === 'map' ? settled.element() : settled.field(key);
      if (inner && item !== undefined && (item !== null || inner.kind === 'scalar' || inner.kind === 'atomic')) children.set(`f:${key}`, wholeSet(inner, item));
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

/** Compares what was with what is; undefined stands for absence, null for a list or map that was never set. */
export function compare(shape: Shape, before: unknown, after: unknown): Comparison {
  if (before === after) return unchanged;
  if (before === undefined) return { ...unchanged, added: wholeSet(shape, after) };
  if (after === undefined) return { ...unchanged, removed: wholeSet(shape, before) };
  if (isNothing(before, after) || isNothing(after, before)) return { ...unchanged, modified: leafSet };
  const settled = shape === deduced && !(isJsonObject(before) && isJsonObject(after)) ? settle(shape, '') : shape;
  if (before === null && Array.isArray(after) && after.length === 0) return { ...unchanged, modified: leafSet }; // an empty list is not none
  switch (settled.kind) {
    case 'scalar':
    case 'atomic': return equalJson(before, after) ? unchanged : { ...unchanged, modified: leafSet };
    case 'set': return compareLists(before, after, valueElement, () => settle(deduced, ''));
    case 'list': return compareLists(before, after, (item) => itemElement(settled, item), settled.element);
    default: return compareMaps(isJsonObject(before) ? before : {}, isJsonObject(after) ? after : {}, (key) => (settled.kind === 'map' ? settled.element() : settled.field(key)));
  }
}

/** An object without fields that is null now, or the other way round. */
const isNothing = (one: unknown, other: unknown): boolean => one === null && isJsonObject(other) && Object.keys(other).length === 0;

/** What was found to differ, by path element. */
class Differences {
  private added: Map<string, FieldSet> | undefined;
  private modified: Map<string, FieldSet> | undefined;
  private removed: Map<string, FieldSet> | undefined;

  note(element: string, { added, modified, removed }: Comparison): void {
    if (!isEmptySet(added)) (this.added ??= new Map()).set(element, added);
    if (!isEmptySet(modified)) (this.modified ??= new Map()).set(element, modified);
    if (!isEmptySet(removed)) (this.removed ??= new Map()).set(element, removed);
  }

  get comparison(): Comparison {
    const { added, modified, removed } = this;
    return { added: added ? node(false, added) : emptySet, modified: modified ? node(false, modified) : emptySet, removed: removed ? node(false, removed) : emptySet };
  }
}

/** Most fields of most updates stay the same: nothing is made for them. */
function compareMaps(before: JsonObject, after: JsonObject, shapeOf: (key: string) => Shape | undefined): Comparison {
  let found: Differences | undefined;
  const look = (key: string) => {
    const shape = shapeOf(key);
    const difference = shape === undefined ? unchanged : compare(shape, before[key], after[key]);
    if (difference !== unchanged) (found ??= new Differences()).note(`f:${key}`, difference);
  };
  for (const key in after) if (after[key] !== before[key]) look(key);
  for (const key in before) if (!(key in after) && before[key] !== undefined) look(key);
  return found === undefined ? unchanged : found.comparison;
}

function compareLists(before: unknown, after: unknown, element: (item: unknown) => string, shapeOf: () => Shape): Comparison {
  const was = Array.isArray(before) ? (before as unknown[]) : [];
  const is = Array.isArray(after) ? (after as unknown[]) : [];
  let old: Map<string, unknown> | undefined;
  let now: Map<string, unknown> | undefined;
  for (let index = 0; index < was.length || index < is.length; index++) {
    // Items that stand where they stood and say what they said need no look at their keys.
    if (index < was.length && index < is.length && equalJson(was[index], is[index])) continue;
    if (index < was.length) (old ??= new Map()).set(element(was[index]), was[index]);
    if (index < is.length) (now ??= new Map()).set(element(is[index]), is[index]);
  }
  if (old === undefined && now === undefined) return unchanged;
  old ??= new Map();
  now ??= new Map();
  const found = new Differences();
  for (const [key, item] of old) found.note(key, compare(shapeOf(), item, now.get(key)));
  for (const [key, item] of now) if (!old.has(key)) found.note(key, compare(shapeOf(), undefined, item));
  return found.comparison;
}

/** Puts a configuration over what there is. */
export function mergeTyped(shape: Shape, live: unknown, config: unknown): unknown {
  if (live === undefined || live === null) return config;
  const settled = settle(shape, config);
  if (config === null) return settled.kind === 'scalar' || settled.kind === 'atomic' || (isJsonObject(live) && Object.keys(live).length === 0) ? null : live;
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
