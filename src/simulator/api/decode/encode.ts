import type { FieldSchema, TypeSchema } from '../schema';
import { sortedKeys } from './compile';

type Encoder = (value: unknown) => string;

const encoders = new WeakMap<TypeSchema, Encoder>();
const unsafe = /[<>&\u2028\u2029]/;
/** JSON.stringify writes the halves of broken pairs as escapes. */
const loneSurrogate = /(?<!\\)\\ud[89a-f][0-9a-f]{2}/g;
const unsafeEach = /[<>&\u2028\u2029]/g;

/** A string as Go's encoder writes it: also <, >, & and the line separators are escaped. */
function encodeString(value: string): string {
  const text = JSON.stringify(value).replace(loneSurrogate, '\ufffd');
  return unsafe.test(text) ? text.replace(unsafeEach, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`) : text;
}

/** A number as Go's encoder writes it: exponents from 1e21 and below 1e-6, without Go's leading zero. */
const encodeNumber = (value: number): string => (Number.isFinite(value) ? JSON.stringify(value) : 'null');

/** JSON of any value with sorted keys, as Go writes maps. */
export function encodeAny(value: unknown): string {
  if (typeof value === 'string') return encodeString(value);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(encodeAny).join(',')}]`;
  const object = value as Record<string, unknown>;
  return `{${sortedKeys(object).filter((key) => object[key] !== undefined).map((key) => `${encodeString(key)}:${encodeAny(object[key])}`).join(',')}}`;
}

function fieldEncoder(field: FieldSchema): Encoder {
  if (field.type === 'object' && field.object && !field.alternative) {
    const type = field.object;
    return (value) => (value === null ? 'null' : encoderOf(type)(value));
  }
  if (field.type === 'list' && field.element) {
    const element = fieldEncoder(field.element);
    return (value) => (Array.isArray(value) ? `[${value.map(element).join(',')}]` : encodeAny(value));
  }
  if (field.type === 'map' && field.element) {
    const element = fieldEncoder(field.element);
    return (value) => {
      if (value === null) return 'null';
      const map = value as Record<string, unknown>;
      return `{${sortedKeys(map).map((key) => `${encodeString(key)}:${element(map[key])}`).join(',')}}`;
    };
  }
  return encodeAny;
}

function compileEncoder(type: TypeSchema): Encoder {
  let fields: readonly { readonly name: string; readonly prefix: string; readonly encode: Encoder }[] | undefined;
  let names: ReadonlySet<string> | undefined;
  return (value) => {
    const list = (fields ??= orderOfFields(type).map((field) => ({ name: field.name, prefix: `"${field.name}":`, encode: fieldEncoder(field) })));
    const known = (names ??= new Set(list.map((field) => field.name)));
    const object = value as Record<string, unknown>;
    let out = '';
    for (const { name, prefix, encode } of list) {
      const item = object[name];
      if (item !== undefined) out += `${out === '' ? '' : ','}${prefix}${encode(item)}`;
    }
    for (const key in object) if (!known.has(key) && object[key] !== undefined) out += `${out === '' ? '' : ','}${encodeString(key)}:${encodeAny(object[key])}`;
    return `{${out}}`;
  };
}

/** Go's order, but that the server puts kind and apiVersion first, in this order. */
const orderOfFields = (type: TypeSchema): FieldSchema[] => [...type.fields.values()];

function encoderOf(type: TypeSchema): Encoder {
  let known = encoders.get(type);
  if (!known) {
    known = compileEncoder(type);
    encoders.set(type, known);
  }
  return known;
}

/** The JSON that the server writes for an object of this type. */
export const encodeJson = (type: TypeSchema, value: object): string => encoderOf(type)(value);
