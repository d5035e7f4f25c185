import { base64Decode } from '../decode';
import { parseTime } from '../../kernel';
import { parseDurationNanoseconds } from '../duration';
import { isJsonObject } from '../patch';
import { NumberText } from '../json';
import type { CelType } from './types';

/*
 * Values while an expression runs: bool, string and null are JavaScript's; int is a bigint, double a number; lists are
 * arrays; plain JSON objects and maps are read through `field`; the rest are the classes below.
 */

/** What an evaluation that costs too much ends with. */
export const costExceeded = 'operation cancelled: actual cost limit exceeded';

/** Why an expression has no value. */
export class CelError extends Error {
  override readonly name = 'CelError';
}

export class Uint {
  constructor(readonly value: bigint) {}
}

export class Bytes {
  constructor(readonly value: Uint8Array) {}
}

/** Nanoseconds. */
export class CelDuration {
  constructor(readonly nanoseconds: bigint) {}
}

/** Nanoseconds since 1970. */
export class Timestamp {
  constructor(readonly nanoseconds: bigint) {}
}

export class Optional {
  constructor(readonly value: unknown) {}
}
/** The empty optional. */
export const none = new Optional(undefined);

export class TypeValue {
  constructor(readonly type: string) {}
}

/** A map made by an expression: its keys may be of any scalar type. */
export class CelMap {
  readonly entries = new Map<string, readonly [key: unknown, value: unknown]>();

  set(key: unknown, value: unknown): void {
    this.entries.set(keyText(key), [key, value]);
  }
}

/** A message that an expression makes: Object{…}, JSONPatch{…}. */
export class Message {
  constructor(
    readonly type: string,
    readonly fields: ReadonlyMap<string, unknown>,
  ) {}
}

/** JSON whose types are known. */
export class Typed {
  constructor(
    readonly json: unknown,
    readonly type: CelType,
  ) {}
}

/** A value of a type of the host's or of a library's own: quantity, URL, authorizer. */
export interface CelObject {
  readonly celType: string;
  /** Calls a method; undefined if there is none. */
  call(method: string, args: readonly unknown[]): unknown;
  /** Whether it equals another of its type. */
  equals?(other: unknown): boolean;
}

export const isCelObject = (value: unknown): value is CelObject => typeof value === 'object' && value !== null && 'celType' in value && typeof (value as CelObject).call === 'function';

const keyText = (key: unknown): string => (typeof key === 'string' ? `s${key}` : typeof key === 'boolean' ? `b${key}` : `n${String(key instanceof Uint ? key.value : key)}`);

function fromTyped(json: unknown, type: CelType): unknown {
  switch (type.name) {
    case 'double': return typeof json === 'number' ? json : fromJson(json);
    case 'timestamp': return typeof json === 'string' ? timestampOf(json) : fromJson(json);
    case 'duration': return typeof json === 'string' ? new CelDuration(parseDurationNanoseconds(json)) : fromJson(json);
    case 'bytes': return typeof json === 'string' ? new Bytes(base64Decode(json)) : fromJson(json);
    default: return (type.fields || type.element) && typeof json === 'object' && json !== null ? new Typed(json, type) : fromJson(json);
  }
}

/** A JSON value as expressions see it; whole numbers are ints unless the type says double. */
export function fromJson(json: unknown, type?: CelType): unknown {
  if (type && type.name !== 'dyn') return fromTyped(json, type);
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (json instanceof NumberText) return /^-?[0-9]+$/.test(json.text) ? BigInt(json.text) : Number(json.text);
  return json ?? null;
}

/** Nanoseconds of RFC 3339 text. */
export function timestampOf(text: string): Timestamp {
  const time = parseTime(text);
  if (time === undefined) throw new CelError("type conversion error from 'string' to 'google.protobuf.Timestamp'");
  const digits = /\.([0-9]+)/.exec(text)?.[1]?.padEnd(9, '0').slice(6, 9) ?? '0';
  return new Timestamp(BigInt(time) * 1000n + BigInt(digits));
}

/** The value back as JSON: for messages, patches and audit annotations. */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Typed) return value.json;
  if (value instanceof Optional) return value === none ? undefined : toJson(value.value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof CelMap) return Object.fromEntries([...value.entries.values()].map(([key, item]) => [String(toJson(key)), toJson(item)]));
  if (value instanceof Message) return Object.fromEntries([...value.fields].map(([key, item]) => [key, toJson(item)]));
  return value;
}

/** The items of a list; undefined if the value is none. */
export function listItems(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (value instanceof Typed && Array.isArray(value.json)) {
    const { element } = value.type;
    return (value.json as unknown[]).map((item) => fromJson(item, element));
  }
  return undefined;
}

/** Whether a value has keys: a map, an object, a message. */
export const isMapLike = (value: unknown): boolean => value instanceof CelMap || value instanceof Message || (value instanceof Typed ? isJsonObject(value.json) : isPlain(value));

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> => isJsonObject(value) && !isCelObject(value) && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

/** The keys of a map or the names of an object's fields. */
export function mapKeys(value: unknown): readonly unknown[] {
  if (value instanceof CelMap) return [...value.entries.values()].map(([key]) => key);
  if (value instanceof Message) return [...value.fields.keys()];
  const json = value instanceof Typed ? value.json : value;
  return isJsonObject(json) ? Object.keys(json).filter((key) => json[key] !== undefined) : [];
}

/** The value of a key; undefined if there is none. */
export function lookup(value: unknown, key: unknown): unknown {
  if (value instanceof CelMap) return value.entries.get(keyText(key))?.[1];
  if (typeof key !== 'string') return undefined;
  if (value instanceof Message) return value.fields.get(key);
  const json = value instanceof Typed ? value.json : value;
  const name = (value instanceof Typed && value.type.names?.get(key)) || key;
  if (!isJsonObject(json) || !Object.hasOwn(json, name) || json[name] === undefined) return undefined;
  const type = value instanceof Typed ? (value.type.fields?.get(key) ?? value.type.element) : undefined;
  return fromJson(json[name], type);
}

const numeric = (value: unknown): number | bigint | undefined => (typeof value === 'bigint' || typeof value === 'number' ? value : value instanceof Uint ? value.value : undefined);

/** Equality over all types; numbers of different types are equal when they say the same. */
export function equals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [left, right] = [numeric(a), numeric(b)];
  // eslint-disable-next-line eqeqeq -- bigint and number compare by value only with ==
  if (left !== undefined && right !== undefined) return left == right;
  const [items, others] = [listItems(a), listItems(b)];
  if (items && others) return items.length === others.length && items.every((item, i) => equals(fromJson(item), fromJson(others[i])));
  if (a instanceof Bytes && b instanceof Bytes) return a.value.length === b.value.length && a.value.every((byte, i) => byte === b.value[i]);
  if ((a instanceof CelDuration && b instanceof CelDuration) || (a instanceof Timestamp && b instanceof Timestamp)) return a.nanoseconds === b.nanoseconds;
  if (a instanceof TypeValue && b instanceof TypeValue) return a.type === b.type;
  if (a instanceof Optional && b instanceof Optional) return (a === none) === (b === none) && equals(a.value, b.value);
  if (isCelObject(a) && isCelObject(b)) return a.celType === b.celType && (a.equals?.(b) ?? false);
  if (!isMapLike(a) || !isMapLike(b)) return false;
  const keys = mapKeys(a);
  return keys.length === mapKeys(b).length && keys.every((key) => {
    const other = lookup(b, key);
    return other !== undefined && equals(lookup(a, key), other);
  });
}

/** -1, 0, 1; undefined when the two cannot be compared. */
export function order(a: unknown, b: unknown): number | undefined {
  const [left, right] = [numeric(a), numeric(b)];
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if ((a instanceof CelDuration && b instanceof CelDuration) || (a instanceof Timestamp && b instanceof Timestamp)) return a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0;
  return undefined;
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The name of a value's type. */
export function typeNameOf(value: unknown): string {
  if (value === null) return 'null_type';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'string') return 'string';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Bytes) return 'bytes';
  if (value instanceof CelDuration) return 'google.protobuf.Duration';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof TypeValue) return 'type';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof Message) return value.type;
  if (listItems(value)) return 'list';
  return isCelObject(value) ? value.celType : 'map';
}
