import { decodeValue } from '../decode';
import type { ManagedFieldsEntry } from '../generated/kinds';
import type { JsonObject } from '../patch';
import type { TypeSchema } from '../schema';
import { contains, difference, emptySet, equalSets, type FieldSet, fieldSetOf, intersection, intersects, isEmptySet, pathsOf, pathText, recursiveDifference, union } from './field-set';
import { identityKey, type ManagedSet, type ManagerIdentity, type Managers, readManagers, withSet, writeManagers } from './managers';
import { keylessItem } from './keyless';
import { mayTakeOver, withLastApplied } from './last-applied';
import { shapeOfType } from './shape';
import { compare, type Comparison, mergeTyped, removeTyped, setOf, TypedError, validateTyped } from './walk';

/** A field that somebody else owns with another value. */
export interface ApplyConflict {
  /** .spec.replicas */
  readonly field: string;
  /** conflict with "one", conflict with "hand" using v1 */
  readonly message: string;
}

/** An apply that would take fields from other managers. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';

  constructor(readonly conflicts: readonly ApplyConflict[]) {
    super(conflictMessage(conflicts));
  }
}

/** The live object does not fit its schema. */
export class UntypableError extends Error {
  override readonly name = 'UntypableError';
}

function conflictMessage(conflicts: readonly ApplyConflict[]): string {
  const many = `Apply failed with ${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}`;
  const [first] = conflicts;
  if (conflicts.length === 1 && first) return `${many}: ${first.message}: ${first.field}`;
  const groups = new Map<string, string[]>();
  for (const { message, field } of conflicts) groups.set(message, [...(groups.get(message) ?? []), field]);
  const lines = [...groups].map(([message, fields]) => `${message.replace('conflict with', 'conflicts with')}:\n${fields.map((field) => `- ${field}`).join('\n')}`);
  return `${many}: ${lines.join('\n')}`;
}

/** Fields that belong to the server: nobody is recorded as their owner. */
const stripped = fieldSetOf({
  'f:apiVersion': {}, 'f:kind': {},
  'f:metadata': { '.': {}, 'f:name': {}, 'f:namespace': {}, 'f:creationTimestamp': {}, 'f:selfLink': {}, 'f:uid': {}, 'f:clusterName': {}, 'f:generation': {}, 'f:managedFields': {}, 'f:resourceVersion': {} },
});

/** What every write says of itself. */
export interface WriteIdentity {
  readonly manager: string;
  /** Of the object as it was sent: apps/v1. */
  readonly apiVersion: string;
  readonly subresource?: string;
  /** RFC 3339. */
  readonly time: string;
  /** FieldsV1 of what this write may not touch (its strategy resets it): {"f:status": {}}. */
  readonly reset?: unknown;
}

const metadataOf = (object: JsonObject | undefined) => object?.['metadata'] as { readonly managedFields?: readonly unknown[] } | undefined;

function identity(write: WriteIdentity, operation: 'Apply' | 'Update'): ManagerIdentity {
  return { manager: write.manager, operation, apiVersion: write.apiVersion, ...(write.subresource && { subresource: write.subresource }) };
}

const without = (set: FieldSet, write: WriteIdentity): FieldSet => {
  const rest = difference(set, stripped);
  return write.reset === undefined ? rest : recursiveDifference(rest, fieldSetOf(write.reset));
};

/** A change without what its write may not touch. */
function untouchable(changed: Comparison, { reset }: WriteIdentity): Comparison {
  if (reset === undefined) return changed;
  const set = fieldSetOf(reset);
  return { added: recursiveDifference(changed.added, set), modified: recursiveDifference(changed.modified, set), removed: recursiveDifference(changed.removed, set) };
}

/** Takes from the others what a write changed; gives the fields that they would lose but for force. */
function takeFromOthers(managers: Map<string, ManagedSet>, own: string, changed: Comparison): Map<string, FieldSet> {
  const conflicts = new Map<string, FieldSet>();
  const touched = union(changed.added, changed.modified);
  for (const [key, managed] of managers) {
    if (key === own) continue;
    const conflict = intersection(managed.set, touched);
    if (!isEmptySet(conflict)) conflicts.set(key, conflict);
    const rest = difference(difference(managed.set, touched), changed.removed);
    if (rest !== managed.set) managers.set(key, withSet(managed, rest));
  }
  return conflicts;
}

/** Whether a change is of fields that its writer, and nobody else, is known to own: a lease's time, a status that is reported again. */
function isRecorded(entries: readonly ManagedFieldsEntry[], changed: Comparison, self: ManagerIdentity): boolean {
  if (!isEmptySet(changed.removed)) return false;
  let owned = false;
  for (const { manager, operation, apiVersion, subresource, fieldsV1 } of entries) {
    const set = fieldSetOf(fieldsV1);
    const isOwn = manager === self.manager && operation === self.operation && apiVersion === self.apiVersion && (subresource ?? '') === (self.subresource ?? '');
    if (isOwn) owned = contains(set, changed.added) && contains(set, changed.modified);
    if (isOwn ? !owned : intersects(set, changed.added) || intersects(set, changed.modified)) return false;
  }
  return owned;
}

/**
 * managedFields after a plain write (create, update, patch) made `after` of `before`; `before` is the kind's empty
 * object (decodeValue(type, {})) for a create. Both as decoding gives them.
 */
export function trackUpdate(type: TypeSchema, before: JsonObject, after: JsonObject, write: WriteIdentity): readonly unknown[] | undefined {
  const shape = shapeOfType(type);
  if (keylessItem(shape, before) !== undefined || keylessItem(shape, after) !== undefined) return undefined;
  const changed = compare(shape, before, after);
  const self = identity(write, 'Update');
  const known = metadataOf(before)?.managedFields;
  if (known && isRecorded(known as readonly ManagedFieldsEntry[], changed, self)) return known;
  const previous = metadataOf(after)?.managedFields;
  const managers = readManagers(previous);
  const key = identityKey(self);
  takeFromOthers(managers, key, changed);
  const own = managers.get(key);
  const set = without(difference(union(own?.set ?? emptySet, union(changed.added, changed.modified)), changed.removed), write);
  if (!own || !equalSets(own.set, set)) managers.set(key, { ...self, set, time: write.time });
  return writeManagers(managers, previous);
}

/** What applying gives: the object before decoding and defaulting, and its managedFields. */
export interface Applied {
  readonly object: JsonObject;
  readonly managedFields: readonly unknown[] | undefined;
}

/**
 * Server-side apply of a configuration over `live` (undefined creates). Throws TypedError for a configuration that
 * does not fit the schema and ConflictError unless forced.
 */
export function applyConfiguration(type: TypeSchema, live: JsonObject | undefined, config: JsonObject, write: WriteIdentity & { readonly force?: boolean }): Applied {
  const shape = shapeOfType(type);
  const untypable = live && keylessItem(shape, live);
  if (untypable !== undefined) throw new UntypableError(untypable);
  const errors = validateTyped(shape, config);
  if (errors.length > 0) throw new TypedError(errors.length === 1 ? (errors[0] as string) : `errors:\n${errors.map((error) => `  ${error}`).join('\n')}`);
  const previous = metadataOf(live)?.managedFields;
  const managers = readManagers(previous);
  if (live && managers.size === 0) recordEarlier(managers, type, live, write);
  const known = new Map(managers);
  const base: JsonObject = live ? unmanaged(live) : { apiVersion: config['apiVersion'], kind: config['kind'], metadata: {} };
  const self = identity(write, 'Apply');
  const key = identityKey(self);
  const last = managers.get(key);
  const set = without(setOf(shape, config), write);
  const merged = mergeTyped(shape, base, config) as JsonObject;
  const pruned = prune(shape, merged, last?.set ?? emptySet, set, managers, key);
  const changed = untouchable(compare(shape, base, pruned), write);
  const conflicts = takeFromOthers(managers, key, changed);
  if (conflicts.size > 0 && !write.force && !(live && mayTakeOver(write.manager, shape, live, conflicts.values()))) throw new ConflictError(describe(conflicts, known));
  const isSame = isEmptySet(changed.added) && isEmptySet(changed.modified) && isEmptySet(changed.removed);
  const time = live && isSame ? last?.time : write.time;
  managers.set(key, { ...self, set, ...(time !== undefined && { time }) });
  return { object: withLastApplied(write.manager, live, pruned, config), managedFields: writeManagers(managers, previous) };
}

function unmanaged(live: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = metadataOf(live) ?? {};
  return { ...live, metadata };
}

/** An object that nobody was recorded for gets one manager for everything that was there before its first apply. */
function recordEarlier(managers: Map<string, ManagedSet>, type: TypeSchema, live: JsonObject, write: WriteIdentity): void {
  const { added, modified } = compare(shapeOfType(type), decodeValue(type, {}).object, live);
  const earlier: ManagedSet = { manager: 'before-first-apply', operation: 'Update', apiVersion: write.apiVersion, set: without(union(added, modified), write), time: write.time };
  managers.set(identityKey(earlier), earlier);
}

/** Removes what the applier named last time, does not name now, and nobody else owns. */
function prune(shape: ReturnType<typeof shapeOfType>, merged: JsonObject, last: FieldSet, now: FieldSet, managers: Managers, own: string): JsonObject {
  let owned = now;
  for (const [key, managed] of managers) if (key !== own) owned = union(owned, managed.set);
  const gone = unowned(last, owned);
  return (removeTyped(shape, merged, gone, owned) ?? {}) as JsonObject;
}

/** Members that are not owned and have nothing owned below them. */
function unowned(set: FieldSet, owned: FieldSet | undefined): FieldSet {
  if (!owned || isEmptySet(owned)) return set;
  const children = new Map<string, FieldSet>();
  for (const [key, child] of set.children) {
    const rest = unowned(child, owned.children.get(key));
    if (!isEmptySet(rest)) children.set(key, rest);
  }
  return { member: false, children };
}

function describe(conflicts: ReadonlyMap<string, FieldSet>, managers: Managers): ApplyConflict[] {
  const out: ApplyConflict[] = [];
  for (const [key, set] of [...conflicts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const managed = managers.get(key);
    const how = managed?.operation === 'Update' ? ` using ${managed.apiVersion}` : '';
    const where = managed?.subresource ? ` with subresource ${JSON.stringify(managed.subresource)}` : '';
    const message = `conflict with ${JSON.stringify(managed?.manager ?? 'before-first-apply')}${where}${how}`;
    for (const path of pathsOf(set)) out.push({ field: pathText(path), message });
  }
  return out;
}
