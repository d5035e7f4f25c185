import { stringFormats, type StructuralSchema } from '../../../api';

const numeric: Readonly<Record<string, readonly string[]>> = { integer: ['int32', 'int64'], number: ['float', 'double'] };
const isKnown = (format: string, type: string): boolean => (type === 'string' ? format in stringFormats : (numeric[type] ?? []).includes(format));
const isSchema = (value: unknown): value is StructuralSchema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Formats of a schema that the server does not know for values of their type. */
export function unrecognizedFormats(schema: StructuralSchema, type = schema.type ?? '', found = new Set<string>()): Set<string> {
  const { format = '' } = schema;
  const own = schema.type ?? type;
  if (format !== '' && own !== '' && !isKnown(format, own)) found.add(format);
  for (const inner of [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), schema.not]) if (inner) unrecognizedFormats(inner, own, found);
  for (const inner of [schema.items, schema.additionalProperties, ...Object.values(schema.properties ?? {})]) if (isSchema(inner)) unrecognizedFormats(inner, undefined, found);
  return found;
}
