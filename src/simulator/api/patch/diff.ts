import type { FieldSchema, TypeSchema } from '../schema';
import { equalJson, isJsonObject, type JsonObject, PatchError } from './equal';
import { encodeAny } from '../decode';
import { type Cursor, deletePrefix, directive, fieldAt, isMergeList, keyOf, orderPrefix, replacesMap, retainKeysDirective, retainsKeys } from './strategy';

/** Makes `modified` of `original`: the strategic merge patch, empty when they are equal. Throws PatchError. */
export const createTwoWayPatch = (type: TypeSchema, original: JsonObject, modified: JsonObject): JsonObject => diffMaps(type, original, modified, original) ?? {};

/**
 * What kubectl apply sends: adds and changes what `modified` says other than `current`, removes what `original` (the
 * last applied) had and `modified` has not. Throws PatchError.
 */
export const createThreeWayPatch = (type: TypeSchema, original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject => diffMaps(type, original, modified, current) ?? {};

const emptyObject: JsonObject = Object.freeze({});
const asObject = (value: unknown): JsonObject => (isJsonObject(value) ? value : emptyObject);
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function diffMaps(cursor: Cursor, original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject | undefined {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(modified)) {
    const value = modified[key];
    if (!(key in current)) addValue(cursor, key, original[key], value, out);
    else diffValue(cursor, key, original[key], value, current[key], out);
  }
  for (const key of Object.keys(original)) if (!(key in modified)) out[key] = null;
  const isRetained = retainsKeys(cursor);
  if (Object.keys(out).length === 0 && !(isRetained && Object.keys(current).some((key) => !(key in modified)))) return undefined;
  if (isRetained) out[retainKeysDirective] = Object.keys(modified).filter((key) => modified[key] !== null).sort();
  return out;
}

/** What is not there yet, and what of the last applied must not come with it. */
function addValue(cursor: Cursor, key: string, original: unknown, modified: unknown, out: Record<string, unknown>): void {
  out[key] = modified;
  if (isJsonObject(modified) && isJsonObject(original)) {
    const patch = diffMaps(fieldAt(cursor, key), original, modified, emptyObject) ?? modified;
    const { [retainKeysDirective]: _, ...plain } = patch;
    if (!equalJson(plain, modified)) out[key] = patch;
  } else if (Array.isArray(modified) && Array.isArray(original)) {
    const field = fieldAt(cursor, key);
    if (isMergeList(field)) diffLists(field, key, original, modified, [], out);
  }
}

function diffValue(cursor: Cursor, key: string, original: unknown, modified: unknown, current: unknown, out: Record<string, unknown>): void {
  if (isJsonObject(modified) && isJsonObject(current)) {
    const field = fieldAt(cursor, key);
    if (replacesMap(field)) {
      if (!equalJson(modified, current)) out[key] = { ...modified, [directive]: 'replace' };
      return;
    }
    const patch = diffMaps(field, asObject(original), modified, current);
    if (patch) out[key] = patch;
  } else if (Array.isArray(modified) && Array.isArray(current)) {
    const field = fieldAt(cursor, key);
    if (isMergeList(field)) diffLists(field, key, asList(original), modified, current, out);
    else if (!equalJson(modified, current)) out[key] = modified;
  } else if (!equalJson(modified, current)) out[key] = modified;
}

function diffLists(field: FieldSchema | undefined, name: string, original: readonly unknown[], modified: readonly unknown[], current: readonly unknown[], out: Record<string, unknown>): void {
  if (!field?.patchMergeKey) {
    diffPrimitives(name, original, modified, current, out);
    return;
  }
  const mergeKey = field.patchMergeKey;
  const key = (item: unknown) => keyOf(item, mergeKey);
  const find = (list: readonly unknown[], wanted: unknown) => list.find((item) => equalJson(key(item), wanted));
  const changes: unknown[] = [];
  let removes = false;
  for (const item of modified as readonly JsonObject[]) {
    const existing = find(current, key(item));
    if (existing === undefined) {
      const added = addedItem(field, item, find(original, key(item)));
      removes ||= !equalJson(added, item);
      changes.push(added);
      continue;
    }
    const patch = diffMaps(field.element, asObject(find(original, key(item))), item, existing as JsonObject);
    if (patch) changes.push({ ...patch, [mergeKey]: key(item), ...(retainsKeys(field) && { [retainKeysDirective]: Object.keys(item).sort() }) });
  }
  const gone = original.filter((item) => find(modified, key(item)) === undefined).map(key).sort((a, b) => (String(a) < String(b) ? -1 : 1));
  const moved = !equalJson(current.map(key), modified.map(key));
  if (changes.length + gone.length > 0) out[name] = [...changes, ...gone.map((value) => ({ [directive]: 'delete', [mergeKey]: value }))];
  const isOrdered = hasOrder(modified, current, original, removes || gone.length > 0);
  if (isOrdered && (moved || changes.length + gone.length > 0)) out[orderPrefix + name] = modified.map((item) => ({ [mergeKey]: key(item) }));
}

/** An item that is not there yet, and what of the last applied one must not come with it. */
function addedItem(field: FieldSchema, item: JsonObject, original: unknown): JsonObject {
  if (!isJsonObject(original)) return item;
  const removes = Object.keys(original).some((key) => !(key in item));
  const patch = diffMaps(field.element, original, item, emptyObject) ?? item;
  return removes && retainsKeys(field) ? { ...patch, [retainKeysDirective]: Object.keys(item).sort() } : patch;
}

/** An order is said only between two lists that both hold something. */
const hasOrder = (modified: readonly unknown[], current: readonly unknown[], original: readonly unknown[], removes: boolean): boolean =>
  modified.length > 0 && (current.length > 0 || (removes && original.length > 0));

function diffPrimitives(name: string, original: readonly unknown[], modified: readonly unknown[], current: readonly unknown[], out: Record<string, unknown>): void {
  const added = modified.filter((item) => !current.includes(item));
  const gone = original.filter((item) => !modified.includes(item)).sort();
  const moved = !equalJson(current, modified);
  if (gone.length > 0) out[deletePrefix + name] = gone;
  if (added.length > 0) out[name] = added;
  const isOrdered = hasOrder(modified, current, original, gone.length > 0);
  if (isOrdered && (added.length + gone.length > 0 || moved)) out[orderPrefix + name] = modified;
}

/** Whether applying the patch to `current` would undo what others changed since `original`; throws PatchError then. */
export function assertNoConflict(type: TypeSchema, patch: JsonObject, original: JsonObject, current: JsonObject): void {
  const changed = createTwoWayPatch(type, original, current);
  if (conflicts(patch, changed)) throw new PatchError(`patch:\n${encodeAny(patch)}\nconflicts with changes made from original to current:\n${encodeAny(changed)}\n`);
}

function conflicts(left: unknown, right: unknown): boolean {
  if (isJsonObject(left) && isJsonObject(right)) return Object.keys(left).some((key) => !key.startsWith('$') && key in right && conflicts(left[key], right[key]));
  return !equalJson(left, right);
}
