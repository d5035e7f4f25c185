import { isJsonObject, type JsonObject } from '../patch';
import { admitsAnything, isEmbedded, itemsOf, objectFields, type StructuralSchema, valuesOf } from './schema';

type Mutable = Record<string, unknown>;

const childPath = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

/** Without the fields that the schema does not know; adds their paths to `unknown`. Shares what needs no change. */
export function prune(schema: StructuralSchema, value: unknown, unknown: string[] = [], path = '', root = true): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items ? mapped(value as unknown[], (item, i) => prune(items, item, unknown, `${path}[${i}]`, false)) : value;
  }
  if (!isJsonObject(value)) return value;
  const values = valuesOf(schema);
  let out: Mutable | undefined;
  for (const key of Object.keys(value)) {
    if ((root || isEmbedded(schema)) && objectFields.has(key)) continue;
    const inner = schema.properties?.[key] ?? values;
    if (inner) {
      const pruned = prune(inner, value[key], unknown, childPath(path, key), false);
      if (pruned !== value[key]) (out ??= { ...value })[key] = pruned;
    } else if (!admitsAnything(schema)) {
      unknown.push(childPath(path, key));
      delete (out ??= { ...value })[key];
    }
  }
  return out ?? value;
}

function mapped(items: readonly unknown[], work: (item: unknown, index: number) => unknown): readonly unknown[] {
  let changed = false;
  const out = items.map((item, i) => {
    const next = work(item, i);
    changed ||= next !== item;
    return next;
  });
  return changed ? out : items;
}

/** With the schema's defaults where nothing is, and without nulls that may not be. Shares what needs no change. */
export function applyDefaults(schema: StructuralSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items ? mapped(value as unknown[], (item) => (item === null && items.default !== undefined && !items.nullable ? items.default : applyDefaults(items, item))) : value;
  }
  return isJsonObject(value) ? objectDefaults(schema, value) : value;
}

function objectDefaults(schema: StructuralSchema, value: JsonObject): JsonObject {
  let out: Mutable | undefined;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const current = value[key];
    if (current === undefined || (current === null && !property.nullable)) {
      if (property.default !== undefined) (out ??= { ...value })[key] = applyDefaults(property, property.default);
      else if (current === null) delete (out ??= { ...value })[key];
      continue;
    }
    const next = applyDefaults(property, current);
    if (next !== current) (out ??= { ...value })[key] = next;
  }
  const values = valuesOf(schema);
  if (values) {
    for (const [key, current] of Object.entries(value)) {
      if (schema.properties?.[key]) continue;
      const next = current === null && values.default !== undefined && !values.nullable ? values.default : applyDefaults(values, current);
      if (next !== current) (out ??= { ...value })[key] = next;
    }
  }
  return out ?? value;
}
