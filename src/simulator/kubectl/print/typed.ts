import { type FieldSchema, parseApiVersion, typeForKind, type TypeSchema } from '../../api';
import { isFields, textAt, type Fields } from '../fields';

/** Marks objects that the real kubectl holds as Go structs: their JSON has Go's order of fields. */
const typed = new WeakSet();

/** Whether the object is to be printed in Go's order. */
export const isTyped = (object: Fields): boolean => typed.has(object);

function inOrder(value: unknown, field: FieldSchema | undefined): unknown {
  if (!field) return sorted(value);
  if (field.type === 'object' && field.object && isFields(value)) return structInOrder(value, field.object);
  if (field.type === 'list' && Array.isArray(value)) return value.map((item) => inOrder(item, field.element));
  if (field.type === 'map' && isFields(value)) return Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder(value[key], field.element)]));
  return sorted(value);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

function structInOrder(value: Fields, schema: TypeSchema): Fields {
  const out: Record<string, unknown> = {};
  for (const [name, field] of schema.fields) if (value[name] !== undefined) out[name] = inOrder(value[name], field);
  for (const name of Object.keys(value)) if (!(name in out)) out[name] = sorted(value[name]);
  return out;
}

/** The object with its fields in Go's order (kind and apiVersion first), to be printed so. Kinds without a schema stay as they are. */
export function asTyped(object: Fields): Fields {
  const { group, version } = parseApiVersion(textAt(object, 'apiVersion'));
  const schema = typeForKind({ group, version, kind: textAt(object, 'kind') });
  if (!schema) return object;
  const { kind, apiVersion, ...rest } = object;
  const out = { kind, apiVersion, ...structInOrder(rest, schema) };
  typed.add(out);
  return out;
}

/** The object as it is, to be printed in its own order. */
export function markTyped(object: Fields): Fields {
  typed.add(object);
  return object;
}
