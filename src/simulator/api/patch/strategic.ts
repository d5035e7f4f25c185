import type { FieldSchema, TypeSchema } from '../schema';
import { equalJson, goText, goValue, isJsonObject, type JsonObject, PatchError } from './equal';
import { type Cursor, deletePrefix, directive, fieldAt, isMapField, isMergeList, keyOf, orderPrefix, replacesMap, retainKeysDirective } from './strategy';

/** Merges a strategic merge patch into an object of this type; shares what the patch leaves alone. Throws PatchError. */
export const applyStrategicPatch = (type: TypeSchema, document: JsonObject, patch: JsonObject): JsonObject => mergeMap(type, document, patch);

function mergeMap(cursor: Cursor, original: JsonObject, patch: JsonObject): JsonObject {
  const how = patch[directive];
  if (how !== undefined) {
    if (how === 'replace') return without(patch, directive);
    if (how === 'delete') return {};
    throw new PatchError(`unknown patch type: ${goText(how)} in map: ${goValue(patch)}`);
  }
  const out: Record<string, unknown> = { ...retained(original, patch) };
  const lists = new Set<string>();
  for (const key of Object.keys(patch)) {
    if (key === directive || key === retainKeysDirective) continue;
    if (key.startsWith(deletePrefix)) deleteFromList(cursor, out, key.slice(deletePrefix.length), patch);
    else if (key.startsWith(orderPrefix)) lists.add(key.slice(orderPrefix.length));
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === directive || key === retainKeysDirective || key.startsWith(deletePrefix)) continue;
    if (key.startsWith(orderPrefix)) continue;
    if (value === null) delete out[key];
    else out[key] = mergeValue(cursor, key, out[key], value, patch);
  }
  for (const name of lists) {
    checkOrderDirective(cursor, name, patch[orderPrefix + name]);
    checkNewOrder(fieldAt(cursor, name), original[name], patch[name], patch[orderPrefix + name] as readonly unknown[]);
  }
  for (const name of lists) if (patch[name] === undefined && Array.isArray(out[name])) out[name] = mergeList(fieldAt(cursor, name), out[name], [], patch[orderPrefix + name]);
  return out;
}

function without(value: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = value;
  return rest;
}

function checkOrderDirective(cursor: Cursor, name: string, order: unknown): void {
  if (!Array.isArray(order)) throw new PatchError(`expected a []interface {}, but received a ${goTypeText(order)}`);
  if (isMapField(cursor)) throw new PatchError('merging an object in json but data type is not struct, instead is: map');
  const list = fieldAt(cursor, name);
  if (list !== undefined && list.type !== 'list') throw new PatchError(`expected slice or array type, but got: ${list.type === 'object' || list.type === 'map' ? 'struct' : list.goType}`);
}

/** The order must name the items of a list that nothing is merged into, too. */
function checkNewOrder(list: FieldSchema | undefined, original: unknown, items: unknown, order: readonly unknown[]): void {
  if (!Array.isArray(original) && Array.isArray(items) && items.length + order.length === 0) throw new PatchError('no elements in any of the given slices');
  if (!Array.isArray(items) || order.length === 0) return;
  const key = list?.patchMergeKey;
  checkOrder(withoutDirectives(items as readonly unknown[]), order, (item) => (key !== undefined && isJsonObject(item) ? item[key] : item));
}

function goTypeText(value: unknown): string {
  if (value === null) return goText(value);
  if (isJsonObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? (Number.isInteger(value) ? 'int64' : 'float64') : 'string';
}

/** `$retainKeys` names all fields that may stay. */
function retained(original: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch[retainKeysDirective];
  if (keys === undefined) return original;
  if (!Array.isArray(keys)) throw new PatchError('invalid patch format of retainKeys', true);
  const stay = new Set<unknown>(keys);
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null && !key.startsWith('$') && !stay.has(key)) throw new PatchError('invalid patch format of retainKeys', true);
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => stay.has(key)));
}

function deleteFromList(cursor: Cursor, out: Record<string, unknown>, name: string, patch: JsonObject): void {
  const list = out[name];
  const values = patch[deletePrefix + name];
  if (patch[name] !== undefined && !isMergeList(fieldAt(cursor, name))) return; // the list is replaced
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  if (new Set([...list, ...values].map(kindOf)).size > 1) throw new PatchError(`list element types are not identical: [${goValue(list)} ${goValue(values)}]`);
  if (list.some((item) => isJsonObject(item)) && fieldAt(cursor, name)?.patchMergeKey === undefined) throw new PatchError('cannot merge lists without merge key for struct');
  out[name] = list.filter((item) => !values.some((value) => equalJson(item, value)));
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'list' : isJsonObject(value) ? 'map' : typeof value);

function mergeValue(cursor: Cursor, key: string, original: unknown, value: unknown, patch: JsonObject): unknown {
  if (original === undefined || original === null || kindOf(original) !== kindOf(value)) return Array.isArray(value) ? withoutDirectives(value) : cleaned(value);
  if (isJsonObject(value)) {
    const field = fieldAt(cursor, key);
    return replacesMap(field) ? value : mergeMap(field, original as JsonObject, value);
  }
  if (Array.isArray(value)) {
    const field = fieldAt(cursor, key);
    return isMergeList(field) ? mergeList(field, original as readonly unknown[], value, patch[orderPrefix + key]) : value;
  }
  return value;
}

const withoutDirectives = (items: readonly unknown[]): unknown[] => items.filter((item) => !isJsonObject(item) || item[directive] === undefined);

/** A part of the patch for which there is nothing to merge it into: without nulls and without the items that it deletes. */
function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return withoutDirectives(value).map((item) => (isJsonObject(item) ? cleaned(item) : withoutNulls(item)));
  if (!isJsonObject(value)) return value;
  if (value[directive] === 'delete') return {};
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== null && key !== directive) out[key] = cleaned(item);
  return out;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null).map(([key, item]) => [key, withoutNulls(item)]));
}

function mergeList(field: FieldSchema | undefined, original: readonly unknown[], patch: readonly unknown[], order: unknown): unknown[] {
  const kinds = new Set([...original, ...patch].map(kindOf));
  if (kinds.size > 1) throw new PatchError(`list element types are not identical: [${goValue(original)} ${goValue(patch)}]`);
  if (kinds.size === 0 && order !== undefined) throw new PatchError('no elements in any of the given slices');
  if (!kinds.has('map')) return mergePrimitives(original, patch, order);
  return mergeItems(field, field?.patchMergeKey ?? '', original as readonly JsonObject[], patch as readonly JsonObject[], order);
}

/** An empty order asks for none. */
const isOrder = (order: unknown): order is readonly unknown[] => Array.isArray(order) && order.length > 0;

function unique(values: readonly unknown[]): unknown[] {
  return [...new Set(values)];
}

function mergePrimitives(original: readonly unknown[], patch: readonly unknown[], order: unknown): unknown[] {
  const merged = unique([...original, ...patch]);
  const wanted = isOrder(order) ? order : patch;
  checkOrder(patch, wanted, (item) => item);
  return ordered(merged, wanted, original, (item) => item);
}

function mergeItems(field: FieldSchema | undefined, mergeKey: string, original: readonly JsonObject[], patch: readonly JsonObject[], order: unknown): unknown[] {
  if (patch.some((item) => item[directive] === 'replace')) return patch.filter((item) => item[directive] === undefined);
  let base = [...original];
  const changes: JsonObject[] = [];
  for (const item of patch) {
    const how = item[directive];
    if (how === undefined) changes.push(item);
    else if (how === 'delete') {
      const key = keyOf(item, mergeKey);
      base = base.filter((candidate) => !equalJson(keyOf(candidate, mergeKey), key));
    } else if (how === 'merge') throw new PatchError('merging lists cannot yet be specified in the patch');
    else throw new PatchError(`unknown patch type: ${goText(how)} in map: ${goValue(item)}`);
  }
  const key = (item: unknown) => keyOf(item, mergeKey);
  for (const change of changes) {
    const wanted = key(change);
    const at = base.findIndex((candidate) => equalJson(key(candidate), wanted));
    if (at < 0) base.push(change);
    else base[at] = mergeMap(field?.element, base[at] as JsonObject, change);
  }
  const sequence = isOrder(order) ? order : changes;
  checkOrder(changes, sequence, key);
  return ordered(base, sequence, reused(original, base, key), key);
}

/**
 * The original's order as the server sees it after the merge. Go deletes and appends in the array that the original
 * still refers to, so new items take the places at its end that deleted ones left.
 */
function reused(original: readonly unknown[], merged: readonly unknown[], key: (item: unknown) => unknown): readonly unknown[] {
  const isIn = (list: readonly unknown[], item: unknown) => list.some((candidate) => equalJson(key(candidate), key(item)));
  const out = [...original];
  let length = out.length;
  for (const item of original) {
    if (isIn(merged, item)) continue;
    const at = out.findIndex((candidate) => equalJson(key(candidate), key(item)));
    out.copyWithin(at, at + 1, length);
    length -= 1;
  }
  for (const item of merged) if (!isIn(original, item) && length < out.length) out[length++] = item;
  return out;
}

/** The items of the patch must stand in the order that `$setElementOrder` asks for. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], key: (item: unknown) => unknown): void {
  let at = 0;
  for (const item of patch) {
    while (at < order.length && !equalJson(key(order[at]), key(item))) at += 1;
    if (at === order.length) throw new PatchError(`The order in patch list:\n${goValue(patch)}\n doesn't match $setElementOrder list:\n${goValue(order)}\n`);
    at += 1;
  }
}

/** Items that the order names come in its sequence, the others keep theirs; where both have a place, the original's decides. */
function ordered(items: readonly unknown[], order: readonly unknown[], original: readonly unknown[], key: (item: unknown) => unknown): unknown[] {
  const place = (list: readonly unknown[], item: unknown) => list.findIndex((candidate) => equalJson(key(candidate), key(item)));
  const named: { item: unknown; at: number }[] = [];
  const others: unknown[] = [];
  for (const item of items) {
    const at = place(order, item);
    if (at < 0) others.push(item);
    else named.push({ item, at });
  }
  named.sort((a, b) => a.at - b.at);
  const out: unknown[] = [];
  let other = 0;
  for (const { item } of named) {
    const at = place(original, item);
    while (other < others.length && at >= 0 && place(original, others[other]) < at) out.push(others[other++]);
    out.push(item);
  }
  return [...out, ...others.slice(other)];
}

/** A part of a patch without the items that say what to do with others, at any depth. */
function withoutDirectivesInside(value: unknown): unknown {
  if (Array.isArray(value)) return withoutDirectives(value).map(withoutDirectivesInside);
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutDirectivesInside(item)])) : value;
}

/** A patch with what was read of it to order and to drop fields gone: so it is quoted afterwards. What there was nothing to merge into was not read. */
export function afterUse(patch: JsonObject, original: JsonObject): JsonObject {
  const used = new Set(Object.keys(patch).filter((key) => key.startsWith(orderPrefix)).flatMap((key) => [key, key.slice(orderPrefix.length)]));
  used.add(retainKeysDirective);
  const rest = Object.entries(patch).filter(([key]) => !used.has(key));
  return Object.fromEntries(rest.map(([key, value]) => {
    const before = original[key];
    if (!isJsonObject(value)) return [key, value];
    return [key, isJsonObject(before) ? afterUse(value, before) : withoutDirectivesInside(value)];
  }));
}
