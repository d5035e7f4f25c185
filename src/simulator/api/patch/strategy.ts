import type { FieldSchema, TypeSchema } from '../schema';
import { type JsonObject, PatchError, goValue } from './equal';

/** What is known of the fields of an object that is being patched. */
export type Cursor = TypeSchema | FieldSchema | undefined;

const isType = (cursor: TypeSchema | FieldSchema): cursor is TypeSchema => 'fields' in cursor;

/** The schema of a field; undefined where anything goes. Throws when the type has no such field. */
export function fieldAt(cursor: Cursor, name: string): FieldSchema | undefined {
  if (!cursor) return undefined;
  if (isType(cursor)) {
    const field = cursor.fields.get(name);
    if (!field) throw new PatchError(`unable to find api field in struct ${cursor.name.slice(cursor.name.lastIndexOf('.') + 1)} for the json field ${JSON.stringify(name)}`);
    return field;
  }
  if (cursor.type === 'object') return fieldAt(cursor.object, name);
  return cursor.type === 'map' ? cursor.element : undefined;
}

export const isMapField = (cursor: Cursor): boolean => cursor !== undefined && !isType(cursor) && cursor.type === 'map';
export const isMergeList = (field: FieldSchema | undefined): boolean => field?.type === 'list' && (field.patchStrategy?.split(',').includes('merge') ?? false);
export const retainsKeys = (field: Cursor): boolean => field !== undefined && !isType(field) && (field.patchStrategy?.split(',').includes('retainKeys') ?? false);
export const replacesMap = (field: FieldSchema | undefined): boolean => field?.type !== 'list' && (field?.patchStrategy?.split(',').includes('replace') ?? false);

/** The value of the merge key of a list's item. Throws when it has none. */
export function keyOf(item: unknown, mergeKey: string): unknown {
  const value = (item as JsonObject)[mergeKey];
  if (value === undefined) throw new PatchError(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`);
  return value;
}

export const directive = '$patch';
export const retainKeysDirective = '$retainKeys';
export const deletePrefix = '$deleteFromPrimitiveList/';
export const orderPrefix = '$setElementOrder/';
