/**
 * A set of paths to fields, as managedFields records it (FieldsV1): a tree whose edges are path elements `f:name`,
 * `k:{"name":"a"}`, `v:"x"`; a node that is a member stands for the path that leads to it. Immutable.
 */
export interface FieldSet {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

const noChildren: ReadonlyMap<string, FieldSet> = new Map();
export const emptySet: FieldSet = Object.freeze({ member: false, children: noChildren });
/** The set of one path: the one that leads here. */
export const leafSet: FieldSet = Object.freeze({ member: true, children: noChildren });

/** A node of these children; the empty set when nothing is in it. */
export function node(member: boolean, children: ReadonlyMap<string, FieldSet>): FieldSet {
  if (children.size > 0) return { member, children };
  return member ? leafSet : emptySet;
}

export const isEmptySet = (set: FieldSet): boolean => !set.member && set.children.size === 0;

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  let children: Map<string, FieldSet> | undefined;
  for (const [key, child] of b.children) {
    const own = a.children.get(key);
    const both = own ? union(own, child) : child;
    if (both !== own) (children ??= new Map(a.children)).set(key, both);
  }
  return changed(a, a.member || b.member, children);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  let children: Map<string, FieldSet> | undefined;
  for (const [key, child] of b.children) {
    const own = a.children.get(key);
    const both = own && intersection(own, child);
    if (both && !isEmptySet(both)) (children ??= new Map()).set(key, both);
  }
  return node(a.member && b.member, children ?? noChildren);
}

/** Whether a path is in both. */
export function intersects(a: FieldSet, b: FieldSet): boolean {
  if (a.member && b.member) return true;
  for (const [key, child] of b.children) {
    const own = a.children.get(key);
    if (own && intersects(own, child)) return true;
  }
  return false;
}

/** Whether all of `b` is in `a`. */
export function contains(a: FieldSet, b: FieldSet): boolean {
  if (b.member && !a.member) return false;
  for (const [key, child] of b.children) {
    const own = a.children.get(key);
    if (!own || !contains(own, child)) return false;
  }
  return true;
}

/** What is in `a` and not in `b`, path by path. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, a.member && !b.member, b, difference);
}

/** What is in `a` and neither in `b` nor below a member of `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return b.member ? emptySet : without(a, a.member, b, recursiveDifference);
}

function without(a: FieldSet, member: boolean, b: FieldSet, subtract: (own: FieldSet, other: FieldSet) => FieldSet): FieldSet {
  let children: Map<string, FieldSet> | undefined;
  for (const [key, other] of b.children) {
    const own = a.children.get(key);
    const rest = own && subtract(own, other);
    if (rest === undefined || rest === own) continue;
    children ??= new Map(a.children);
    if (isEmptySet(rest)) children.delete(key);
    else children.set(key, rest);
  }
  return changed(a, member, children);
}

/** What became of `a`: itself where nothing did. */
const changed = (a: FieldSet, member: boolean, children: ReadonlyMap<string, FieldSet> | undefined): FieldSet => (children === undefined && member === a.member ? a : node(member, children ?? a.children));

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  if (a.member !== b.member || a.children.size !== b.children.size) return false;
  for (const [key, child] of a.children) {
    const other = b.children.get(key);
    if (!other || !equalSets(child, other)) return false;
  }
  return true;
}

type Fields = { readonly [key: string]: Fields };

const decoded = new WeakMap<object, FieldSet>();

/** Reads FieldsV1. */
export function fieldSetOf(fields: unknown): FieldSet {
  if (typeof fields !== 'object' || fields === null) return emptySet;
  let set = decoded.get(fields);
  if (!set) {
    set = readNode(fields as Fields, false);
    if (Object.isFrozen(fields)) decoded.set(fields, set);
  }
  return set;
}

function readNode(fields: Fields, nested: boolean): FieldSet {
  const keys = Object.keys(fields);
  if (keys.length === 0) return nested ? leafSet : emptySet;
  const children = new Map<string, FieldSet>();
  for (const key of keys) if (key !== '.') children.set(key, readNode(fields[key] as Fields, true));
  return node('.' in fields, children);
}

/** Writes FieldsV1, in the order in which the server does. */
export function fieldsOf(set: FieldSet): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (set.member && set.children.size > 0) out['.'] = {};
  const keys = [...set.children.keys()];
  if (keys.length > 1) keys.sort();
  for (const key of keys) {
    const child = set.children.get(key) as FieldSet;
    out[key] = fieldsOf(child);
  }
  return out;
}

/** Every member's path elements, in the server's order: the members of a level come before what lies deeper. */
export function* pathsOf(set: FieldSet, prefix: readonly string[] = []): Generator<readonly string[]> {
  const keys = [...set.children.keys()].sort();
  for (const key of keys) if (set.children.get(key)?.member) yield [...prefix, key];
  for (const key of keys) yield* pathsOf(set.children.get(key) as FieldSet, [...prefix, key]);
}

const bare = (value: unknown) => JSON.stringify(value);

/** A path as errors show it: .spec.containers[name="a"].image */
export function pathText(path: readonly string[]): string {
  let out = '';
  for (const element of path) {
    const rest = element.slice(2);
    if (element.startsWith('f:')) out += `.${rest}`;
    else if (element.startsWith('k:')) {
      const keys = JSON.parse(rest) as Record<string, unknown>;
      out += `[${Object.keys(keys).sort().map((key) => `${key}=${bare(keys[key])}`).join(',')}]`;
    } else if (element.startsWith('v:')) out += `[=${rest}]`;
    else out += `[${rest}]`;
  }
  return out;
}
