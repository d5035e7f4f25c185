import { type CelType, celListOf, celMapOf, celTypes } from '../cel';
import { admitsAnything, isEmbedded, isIntOrString, itemsOf, type StructuralSchema, valuesOf } from './schema';

const reserved = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return']);

/** A property's name as expressions write it: a-b is a__dash__b; undefined when it cannot be written. */
export function escapedName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  const escaped = name.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(escaped) ? escaped : undefined;
}

const metadataType: CelType = { name: 'object', fields: new Map([['name', celTypes.string], ['generateName', celTypes.string]]) };

function textType(format: string | undefined): CelType {
  if (format === 'date-time' || format === 'date') return celTypes.timestamp;
  if (format === 'duration') return celTypes.duration;
  return format === 'byte' ? celTypes.bytes : celTypes.string;
}

function objectType(schema: StructuralSchema, root: boolean): CelType {
  const values = valuesOf(schema);
  if (values) return celMapOf(celTypeOf(values));
  if (!schema.properties && admitsAnything(schema) && !root) return celTypes.dyn;
  const fields = new Map<string, CelType>();
  const names = new Map<string, string>();
  if (root || isEmbedded(schema)) {
    fields.set('apiVersion', celTypes.string).set('kind', celTypes.string).set('metadata', metadataType);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const escaped = escapedName(name);
    if (escaped === undefined || (name === 'metadata' && root)) continue;
    fields.set(escaped, celTypeOf(property));
    if (escaped !== name) names.set(escaped, name);
  }
  return { name: 'object', fields, ...(names.size > 0 && { names }) };
}

/** The type that a rule's `self` has. */
export function celTypeOf(schema: StructuralSchema, root = false): CelType {
  if (isIntOrString(schema)) return celTypes.dyn;
  switch (schema.type) {
    case 'integer': return celTypes.int;
    case 'number': return celTypes.double;
    case 'boolean': return celTypes.bool;
    case 'string': return textType(schema.format);
    case 'array': {
      const items = itemsOf(schema);
      return celListOf(items ? celTypeOf(items) : celTypes.dyn);
    }
    case 'object': return objectType(schema, root);
    default: return celTypes.dyn;
  }
}
