import { type FieldSchema, isJsonObject, type TypeSchema } from '../../api';

/** What Go calls a value that was read from JSON into an interface. */
function goKind(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

/**
 * Why a document does not convert to a type, in the words of the converter that strategic merge patches go through
 * (not those of the JSON decoder). undefined when it does, as far as this can tell.
 */
export function conversionError(type: TypeSchema, value: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, field] of type.fields) {
    const part = value[name];
    const problem = part === undefined || part === null ? undefined : fieldError(field, part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldError(field: FieldSchema, value: unknown): string | undefined {
  switch (field.type) {
    case 'object':
      return isJsonObject(value) ? conversionError(field.object as TypeSchema, value) : `cannot restore struct from: ${goKind(value)}`;
    case 'list':
      if (!Array.isArray(value)) return `cannot restore slice from ${isJsonObject(value) ? 'map' : goKind(value)}`;
      return firstError(field.element as FieldSchema, value);
    case 'map':
      if (!isJsonObject(value)) return `cannot restore map from ${Array.isArray(value) ? 'slice' : goKind(value)}`;
      return firstError(field.element as FieldSchema, Object.values(value));
    case 'string':
      return typeof value === 'string' ? undefined : `cannot convert ${goKind(value)} to string`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : typeof value === 'string' ? 'unrecognized type: bool' : `cannot convert ${goKind(value)} to bool`;
    case 'integer':
    case 'number':
      if (typeof value === 'string') return `unrecognized type: ${field.goType}`;
      return typeof value === 'number' && (field.type === 'number' || Number.isInteger(value)) ? undefined : `cannot convert ${goKind(value)} to ${field.goType}`;
    default:
      return undefined;
  }
}

function firstError(element: FieldSchema, values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const problem = value === null ? undefined : fieldError(element, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
