import type { SizedValue } from '../cel';
import { escapedName } from './cel-type';
import { isEmbedded, isIntOrString, itemsOf, type StructuralSchema, valuesOf } from './schema';

/** Bytes that a request may have. */
const requestBytes = 3 * 1024 * 1024;
/** What is left of them inside brackets or quotes. */
const contentBytes = requestBytes - 2;
/** A character may take four bytes. */
const bytesOfCharacter = 4;

/** Characters of times and durations, with their quotes: the least and the most. */
const formats: Readonly<Record<string, readonly [number, number]>> = { date: [12, 12], 'date-time': [22, 36], duration: [4, 34] };

/** The least bytes that a value of the schema takes as JSON. */
export function leastBytes(schema: StructuralSchema): number {
  if (isIntOrString(schema)) return 1;
  switch (schema.type) {
    case 'string': return formats[schema.format ?? '']?.[0] ?? 2;
    case 'boolean': return 4;
    case 'array': return 2;
    case 'object': {
      const properties = schema.properties ?? {};
      const needed = ((schema.required ?? []) as readonly string[]).filter((name) => properties[name] !== undefined);
      return needed.reduce((bytes, name) => bytes + name.length + 4 + leastBytes(properties[name] as StructuralSchema), 2);
    }
    default: return 1;
  }
}

/** How many values of a schema fit into one request: how often a rule is asked where nothing says how often. */
export const mostInRequest = (schema: StructuralSchema): number => Math.floor(requestBytes / (leastBytes(schema) + 1));

/** A key with its quotes, colon and comma. */
const keyBytes = 6;

const nothing: SizedValue = { kind: 'other', size: 0, field: () => undefined, element: undefined };
const text = (size: number): SizedValue => ({ ...nothing, kind: 'text', size });
const anyText = text(contentBytes);
const metadata: SizedValue = { ...nothing, field: (name) => (name === 'name' || name === 'generateName' ? anyText : undefined) };
const ofResource: Readonly<Record<string, SizedValue>> = { apiVersion: anyText, kind: anyText, metadata };

function textSize({ format, maxLength, enum: values }: StructuralSchema): SizedValue {
  if (values) return text(Math.max(0, ...values.map((value) => (typeof value === 'string' ? value.length : 0))));
  const known = formats[format ?? ''];
  if (known) return { ...nothing, size: known[1] };
  const limit = maxLength as number | undefined;
  if (format === 'byte') return text(limit ?? contentBytes);
  return text(limit === undefined ? contentBytes : limit * bytesOfCharacter);
}

function objectSize(schema: StructuralSchema, root: boolean): SizedValue {
  const values = valuesOf(schema);
  if (values) {
    const element = celSizeOf(values);
    return { ...nothing, kind: 'map', size: (schema['maxProperties'] as number | undefined) ?? Math.floor(contentBytes / (leastBytes(values) + keyBytes)), element };
  }
  const fields = new Map(Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [[name, property] as const, [escapedName(name) ?? name, property] as const]));
  return {
    ...nothing,
    field: (name) => {
      const own = (root || isEmbedded(schema)) && Object.hasOwn(ofResource, name) ? ofResource[name] : undefined;
      const property = fields.get(name);
      return own ?? (property && celSizeOf(property));
    },
  };
}

/** How large what a schema describes can be, as the costs of its rules need it. */
export function celSizeOf(schema: StructuralSchema, root = false): SizedValue {
  if (isIntOrString(schema)) return textSize(schema);
  switch (schema.type) {
    case 'string': return textSize(schema);
    case 'array': {
      const items = itemsOf(schema);
      if (!items) return nothing;
      const size = (schema['maxItems'] as number | undefined) ?? Math.floor(contentBytes / (leastBytes(items) + 1));
      return { ...nothing, kind: 'list', size, element: celSizeOf(items) };
    }
    case 'object': return objectSize(schema, root);
    default: return nothing;
  }
}
