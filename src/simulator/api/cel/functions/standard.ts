import { utf8Decode, utf8Encode } from '../../../kernel';
import { formatDurationNanoseconds, parseDurationNanoseconds } from '../../duration';
import { Bytes, CelDuration, CelError, isMapLike, listItems, mapKeys, Optional, none, Timestamp, timestampOf, typeNameOf, TypeValue, Uint } from '../values';
import { compileRe2 } from '../../re2';
import { global, type Library, method } from './function';
import { timestampText, zoned } from './time';

const largest = 9223372036854775807n;
const smallest = -9223372036854775808n;

/** An int, if it fits into 64 bits. */
export function int(value: bigint): bigint {
  if (value > largest || value < smallest) throw new CelError('integer overflow');
  return value;
}

/** A pattern that is only known while the expression runs. */
export function re(pattern: string, flags = ''): RegExp {
  try {
    return compileRe2(pattern, flags);
  } catch (error) {
    throw new CelError((error as Error).message);
  }
}

const conversion = (from: string, to: string) => new CelError(`type conversion error from '${from}' to '${to}'`);

function toUint(value: unknown): Uint {
  if (value instanceof Uint) return value;
  const whole = toInt(value);
  if (whole < 0n) throw new CelError('unsigned integer overflow');
  return new Uint(whole);
}

function textOfBytes({ value }: Bytes): string {
  const text = utf8Decode(value);
  if (text.includes('\ufffd')) throw new CelError('invalid UTF-8 in bytes, cannot convert to string');
  return text;
}

const size = (value: unknown): bigint => {
  if (typeof value === 'string') return BigInt([...value].length);
  if (value instanceof Bytes) return BigInt(value.value.length);
  const items = listItems(value);
  if (items) return BigInt(items.length);
  if (isMapLike(value)) return BigInt(mapKeys(value).length);
  throw new CelError('no such overload');
};

function toInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new CelError('integer overflow');
    return BigInt(Math.trunc(value));
  }
  if (value instanceof Uint) return int(value.value);
  if (value instanceof Timestamp) return value.nanoseconds / 1_000_000_000n;
  if (value instanceof CelDuration) return value.nanoseconds;
  if (typeof value !== 'string' || !/^[-+]?[0-9]+$/.test(value)) throw conversion(typeNameOf(value), 'int');
  return int(BigInt(value.replace('+', '')));
}

function toDouble(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  const number = typeof value === 'string' && value.trim() === value && value !== '' ? Number(value) : NaN;
  if (Number.isNaN(number)) throw conversion(typeNameOf(value), 'double');
  return number;
}

/** The text of a scalar. */
/** A double as Go's %g writes it in full. */
function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  const digits = mantissa.replace(/[-.]/g, '').length;
  if (value === 0 || (power >= -4 && power < Math.max(digits, 21) && (power < 6 || digits > power))) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${Math.abs(power).toString().padStart(2, '0')}`;
}

/** string(value) */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return doubleText(value);
  if (value instanceof Uint) return value.value.toString();
  if (value instanceof Bytes) return textOfBytes(value);
  if (value instanceof CelDuration) return durationText(value);
  if (value instanceof Timestamp) return timestampText(value);
  throw conversion(typeNameOf(value), 'string');
}

/** Seconds with as many digits as needed, as protobuf writes a duration. */
function durationText({ nanoseconds }: CelDuration): string {
  const text = formatDurationNanoseconds(nanoseconds);
  return /[hm]/.test(text) || text.endsWith('ms') || /[nµ]s$/.test(text) ? `${Number(nanoseconds) / 1e9}s` : text;
}

function duration(text: string): CelDuration {
  try {
    return new CelDuration(parseDurationNanoseconds(text));
  } catch {
    throw conversion('string', 'google.protobuf.Duration');
  }
}

const units: Readonly<Record<string, bigint>> = { getHours: 3_600_000_000_000n, getMinutes: 60_000_000_000n, getSeconds: 1_000_000_000n, getMilliseconds: 1_000_000n };

const fromDuration = (unit: string) => method('duration', 'int', (value: CelDuration) => value.nanoseconds / (units[unit] as bigint));
const parts = ['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'] as const;
const times: Library = Object.fromEntries(parts.map((part) => [part, [
  method('timestamp', 'int', (value: Timestamp) => zoned(value, 'UTC', part)),
  method('timestamp string', 'int', (value: Timestamp, zone: string) => zoned(value, zone, part)),
  ...(part in units ? [fromDuration(part)] : []),
]]));

/** What CEL itself defines, but for operators. */
export const standard: Library = {
  ...times,
  size: [...['string', 'bytes', 'list<A>', 'map<A,B>'].flatMap((type) => [global(type, 'int', size), method(type, 'int', size)])],
  int: ['int', 'double', 'string', 'uint', 'timestamp', 'duration'].map((type) => global(type, 'int', toInt)),
  uint: ['int', 'double', 'string', 'uint'].map((type) => global(type, 'uint', toUint)),
  double: ['int', 'double', 'string', 'uint'].map((type) => global(type, 'double', toDouble)),
  string: ['int', 'double', 'string', 'uint', 'bool', 'bytes', 'timestamp', 'duration'].map((type) => global(type, 'string', toText)),
  bytes: ['string', 'bytes'].map((type) => global(type, 'bytes', (value: unknown) => (value instanceof Bytes ? value : new Bytes(utf8Encode(String(value)))))),
  bool: [global('bool', 'bool', (value: boolean) => value), global('string', 'bool', (value: string) => {
    if (['1', 't', 'true', 'T', 'TRUE', 'True'].includes(value)) return true;
    if (['0', 'f', 'false', 'F', 'FALSE', 'False'].includes(value)) return false;
    throw conversion('string', 'bool');
  })],
  dyn: [global('A', 'dyn', (value: unknown) => value)],
  type: [global('A', 'type<A>', (value: unknown) => new TypeValue(typeNameOf(value)))],
  timestamp: [global('string', 'timestamp', timestampOf), global('timestamp', 'timestamp', (value: unknown) => value), global('int', 'timestamp', (value: bigint) => new Timestamp(value * 1_000_000_000n))],
  duration: [global('string', 'duration', duration), global('duration', 'duration', (value: unknown) => value)],
  contains: [method('string string', 'bool', (text: string, part: string) => text.includes(part))],
  startsWith: [method('string string', 'bool', (text: string, part: string) => text.startsWith(part))],
  endsWith: [method('string string', 'bool', (text: string, part: string) => text.endsWith(part))],
  matches: [method('string string', 'bool', (text: string, pattern: string) => re(pattern).test(text)), global('string string', 'bool', (text: string, pattern: string) => re(pattern).test(text))],
  hasValue: [method('optional<A>', 'bool', (value: Optional) => value !== none)],
  value: [method('optional<A>', 'A', (value: Optional) => {
    if (value === none) throw new CelError('optional.none() dereference');
    return value.value;
  })],
  or: [method('optional<A> optional<A>', 'optional<A>', (value: Optional, other: Optional) => (value === none ? other : value))],
  orValue: [method('optional<A> A', 'A', (value: Optional, other: unknown) => (value === none ? other : value.value))],
};
