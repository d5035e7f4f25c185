import { NumberText, plainJson } from '../json';
import { canonicalQuantity, QuantityError } from '../quantity';
import { formatDurationNanoseconds, parseDurationNanoseconds } from '../duration';
import type { FieldSchema } from '../schema';
import { timeError } from '../values';
import { base64Encode, formatMicroTime, formatTime, parseTime, normaliseBase64 } from '../../kernel';
import { type DecodeContext, DecodeError, kindOfValue } from './context';

/** Reads one JSON value; undefined stands for Go's zero (null, or a value of a wrong type). */
export type Decoder = (value: unknown, context: DecodeContext) => unknown;

const bounds: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 255n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** Whole numbers that are safe in a double stay as they are; larger ones lose what a double loses. */
function integerDecoder(format: string, goType: string): Decoder {
  const [low, high] = bounds[format] ?? [-(2n ** 63n), 2n ** 63n - 1n];
  const [lowNumber, highNumber] = [Number(low), Number(high)];
  return (value, context) => {
    if (typeof value === 'number') {
      if (Number.isInteger(value) && value >= lowNumber && value <= highNumber) return value;
      return void context.mismatch(`number ${value}`, goType);
    }
    if (value === null) return undefined;
    if (!(value instanceof NumberText)) return void context.mismatch(kindOfValue(value), goType);
    const whole = /^-?[0-9]+$/.test(value.text) ? BigInt(value.text) : undefined;
    if (whole === undefined || whole < low || whole > high) return void context.mismatch(`number ${value.text}`, goType);
    return Number(whole);
  };
}

const decodeFloat: Decoder = (value, context) => {
  if (typeof value === 'number') return value;
  if (value === null) return undefined;
  if (value instanceof NumberText) return Number(value.text);
  return void context.mismatch(kindOfValue(value), 'float64');
};

function stringDecoder(goType: string): Decoder {
  return (value, context) => {
    if (typeof value === 'string') return value;
    if (value === null) return undefined;
    return void context.mismatch(kindOfValue(value), goType);
  };
}

const decodeBoolean: Decoder = (value, context) => {
  if (typeof value === 'boolean') return value;
  if (value === null) return undefined;
  return void context.mismatch(kindOfValue(value), 'bool');
};

const decodeQuantity: Decoder = (value) => {
  if (value === null) return '0';
  const text = value instanceof NumberText ? value.text : typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '!';
  try {
    return canonicalQuantity(text);
  } catch (error) {
    if (error instanceof QuantityError) throw new DecodeError(error.message);
    throw error;
  }
};

const decodeIntOrString: Decoder = (value, context) => {
  if (typeof value === 'string') return value;
  if (value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  const isNumber = typeof value === 'number' || value instanceof NumberText;
  return context.abort(isNumber ? `number ${value instanceof NumberText ? value.text : value}` : kindOfValue(value), 'int32');
};

const zeroTime = parseTime('0001-01-01T00:00:00Z');

function timeDecoder(kind: 'time' | 'microTime'): Decoder {
  return (value, context) => {
    if (value === null) return undefined;
    if (typeof value !== 'string') return context.abort(kindOfValue(value), 'string');
    const wrong = timeError(value, kind);
    if (wrong !== undefined) throw new DecodeError(wrong);
    const time = parseTime(value.replace(',', '.'));
    if (time === undefined) return undefined;
    if (time === zeroTime) return null; // Go's zero time is none
    return kind === 'time' ? formatTime(time) : formatMicroTime(time);
  };
}

const decodeDuration: Decoder = (value, context) => {
  if (value === null) return undefined;
  if (typeof value !== 'string') return context.abort(kindOfValue(value), 'string');
  try {
    return formatDurationNanoseconds(parseDurationNanoseconds(value));
  } catch (error) {
    throw new DecodeError((error as Error).message);
  }
};

const decodeBytes: Decoder = (value, context) => {
  if (value === null) return undefined;
  if (typeof value === 'string') {
    const { text, errorAt } = normaliseBase64(value);
    if (errorAt === undefined) return text;
    context.failed ??= new DecodeError(`illegal base64 data at input byte ${errorAt}`);
    return undefined;
  }
  if (Array.isArray(value)) {
    const wrong = value.find((item: unknown) => item !== null && (typeof item !== 'number' || !Number.isInteger(item) || item < 0 || item > 255)) as unknown;
    if (wrong === undefined) return base64Encode(Uint8Array.from(value as number[]));
    return void context.mismatch(typeof wrong === 'number' ? `number ${wrong}` : kindOfValue(wrong), 'uint8');
  }
  return void context.mismatch(kindOfValue(value), '[]uint8');
};

const decodeAnything: Decoder = (value) => plainJson(value);

/** The decoder of a field that is no object, list or map. */
export function scalarDecoder(field: FieldSchema): Decoder {
  switch (field.type) {
    case 'string': return stringDecoder(field.goType);
    case 'boolean': return decodeBoolean;
    case 'integer': return integerDecoder(field.format ?? 'int64', field.goType);
    case 'number': return decodeFloat;
    case 'bytes': return decodeBytes;
    case 'quantity': return decodeQuantity;
    case 'intOrString': return decodeIntOrString;
    case 'time': return timeDecoder('time');
    case 'microTime': return timeDecoder('microTime');
    case 'duration': return decodeDuration;
    default: return decodeAnything;
  }
}

/** What Go writes for a scalar that was never set. */
export function scalarZero(field: FieldSchema): unknown {
  switch (field.type) {
    case 'string':
    case 'bytes': return field.type === 'bytes' ? null : '';
    case 'boolean': return false;
    case 'integer':
    case 'number':
    case 'intOrString': return 0;
    case 'quantity': return '0';
    case 'duration': return '0s';
    default: return null;
  }
}
