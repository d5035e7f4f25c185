import { NumberText } from '../json';
import type { FieldSchema, TypeSchema } from '../schema';
import { DecodeContext, DecodeError } from './context';
import { scalarDecoder } from './scalars';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);

/** Types that read their own JSON, so that a value of the wrong kind is said as it is without a field. */
const ownReaders = new Set(['quantity', 'intOrString', 'time', 'microTime', 'duration']);

/**
 * An object as a value of Go's unstructured kind becomes one of this type, which server-side apply does: whole numbers that
 * are too large lose their upper bits. Throws DecodeError for what cannot be of its type (wrong kinds of values were seen before).
 */
export function convertUnstructured(type: TypeSchema, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = { ...value };
  for (const field of type.fields.values()) {
    const part = value[field.name];
    if (part !== undefined && part !== null) out[field.name] = converted(field, part);
  }
  return out;
}

function converted(field: FieldSchema, value: unknown): unknown {
  if (value === null) return value;
  const { object, element } = field;
  if (object) return isRecord(value) ? convertUnstructured(object, value) : value;
  if (element) {
    if (Array.isArray(value)) return value.map((item: unknown) => converted(element, item));
    return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, converted(element, item)])) : value;
  }
  if (field.type === 'integer') return wrapped(field, value);
  if (field.type === 'bytes' && typeof value === 'string') return checked(field, value, 'error decoding from json: ');
  return ownReaders.has(field.type) ? checked(field, value, '') : value;
}

function wrapped({ format, goType }: FieldSchema, value: unknown): unknown {
  const number = value instanceof NumberText ? Number(value.text) : value;
  if (typeof number !== 'number') return value;
  if (!Number.isInteger(number)) throw new DecodeError(`cannot convert float64 to ${goType}`);
  return format === 'int32' ? Number(BigInt.asIntN(32, BigInt(number))) : value;
}

/** The value, if its own reader takes it. */
function checked(field: FieldSchema, value: unknown, before: string): unknown {
  const context = new DecodeContext(undefined, false);
  try {
    scalarDecoder(field)(value, context);
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeError(before + error.message);
    throw error;
  }
  if (context.failed) throw new DecodeError(before + context.failed.message);
  return value;
}
