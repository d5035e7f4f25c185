import { type CelType, celListOf, celMapOf, celTypes } from '../cel';
import { isEmbedded, isIntOrString, itemsOf, type StructuralSchema, valuesOf } from './schema';

const reserved = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return']);

/** Reserved words that cannot stand after a dot as they are. */
const keywords = new Set(['true', 'false', 'null', 'in']);

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
  const value = values && celTypeOf(values);
  if (value) return celMapOf(value);
  const fields = new Map<string, CelType>();
  const names = new Map<string, string>();
  if (root || isEmbedded(schema)) {
    fields.set('apiVersion', celTypes.string).set('kind', celTypes.string).set('metadata', metadataType);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const escaped = escapedName(name);
    if (escaped === undefined || (name === 'metadata' && root)) continue;
    const type = celTypeOf(property);
    if (type === undefined) continue;
    fields.set(escaped, type);
    if (escaped !== name) names.set(escaped, name);
    if (reserved.has(name) && !keywords.has(name)) fields.set(name, type);
  }
  return { name: 'object', fields, ...(names.size > 0 && { names }) };
}

/** The type that a rule's `self` has; undefined for values of which nothing is known, which rules cannot look at. */
export function celTypeOf(schema: StructuralSchema, root = false): CelType | undefined {
  if (isIntOrString(schema)) return celTypes.dyn;
  switch (schema.type) {
    case 'integer': return celTypes.int;
    case 'number': return celTypes.double;
    case 'boolean': return celTypes.bool;
    case 'string': return textType(schema.format);
    case 'array': {
      const items = itemsOf(schema);
      const item = items && celTypeOf(items);
      return item && celListOf(item);
    }
    case 'object': return objectType(schema, root);
    default: return undefined;
  }
}
