import { type FieldSchema, isJsonObject, normaliseBase64, timeError, type TypeSchema } from '../../api';

/** Why a document is not of a type, in the words of the converter that strategic merge patches go through (not those of the JSON decoder). */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

type Json = Readonly<Record<string, unknown>>;

/** What Go calls a value that was read from JSON into an interface. */
function goKind(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return Array.isArray(value) ? 'slice' : 'map';
}

/** What Go's JSON decoder calls it. */
const jsonKind = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'number' : typeof value === 'string' ? 'string' : 'object');

/** The document as one of this type, in which numbers that are too large for their fields have lost their upper bits. Throws ConversionError. */
export function converted(type: TypeSchema, value: Json): Json {
  const out: Record<string, unknown> = { ...value };
  for (const [name, field] of type.fields) {
    const part = value[name];
    if (part !== undefined && part !== null) out[name] = convertedField(field, part);
  }
  return out;
}

function fail(message: string): never {
  throw new ConversionError(message);
}

function convertedField(field: FieldSchema, value: unknown): unknown {
  switch (field.type) {
    case 'object':
      return isJsonObject(value) ? converted(field.object as TypeSchema, value) : fail(`cannot restore struct from: ${goKind(value)}`);
    case 'list':
      return Array.isArray(value) ? value.map((item: unknown) => convertedItem(field, item)) : fail(`cannot restore slice from ${goKind(value)}`);
    case 'map':
      return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convertedItem(field, item)])) : fail(`cannot restore map from ${goKind(value)}`);
    case 'string':
      if (typeof value === 'string') return value;
      return fail(typeof value === 'number' && Number.isInteger(value) ? `cannot convert int64 to ${field.goType}` : 'unrecognized type: string');
    case 'boolean':
      return typeof value === 'boolean' ? value : fail('unrecognized type: bool');
    case 'integer':
    case 'number':
      return convertedNumber(field, value);
    case 'bytes':
      return convertedBytes(value);
    case 'intOrString':
      if (typeof value === 'string' || (typeof value === 'number' && value === (value | 0))) return value;
      return fail(`json: cannot unmarshal ${typeof value === 'number' ? `number ${value}` : jsonKind(value)} into Go value of type int32`);
    case 'time':
    case 'microTime': {
      if (typeof value !== 'string') return fail(`json: cannot unmarshal ${jsonKind(value)} into Go value of type string`);
      const problem = timeError(value, field.type);
      return problem === undefined ? value : fail(problem);
    }
    case 'duration':
      return typeof value === 'string' ? value : fail(`json: cannot unmarshal ${jsonKind(value)} into Go value of type string`);
    default:
      return value;
  }
}

const convertedItem = ({ element }: FieldSchema, item: unknown): unknown => (item === null ? null : convertedField(element as FieldSchema, item));

function convertedNumber(field: FieldSchema, value: unknown): unknown {
  if (typeof value !== 'number') return fail(`unrecognized type: ${field.goType}`);
  if (field.type === 'number') return value;
  if (!Number.isInteger(value)) return fail(`cannot convert float64 to ${field.goType}`);
  return field.format === 'int32' ? Number(BigInt.asIntN(32, BigInt(value))) : value;
}

function convertedBytes(value: unknown): unknown {
  if (typeof value === 'string') {
    const { errorAt } = normaliseBase64(value);
    return errorAt === undefined ? value : fail(`error decoding from json: illegal base64 data at input byte ${errorAt}`);
  }
  return fail(Array.isArray(value) ? 'unrecognized type: uint8' : `cannot restore slice from ${goKind(value)}`);
}
