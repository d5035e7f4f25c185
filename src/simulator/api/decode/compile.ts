import type { FieldSchema, TypeSchema } from '../schema';
import { type DecodeContext, DecodeError, kindOfValue } from './context';
import { NumberText, plainJson } from '../json';
import { type Decoder, scalarDecoder, scalarZero } from './scalars';

/** How one field of a struct is read and what stands for it when it is not there. */
interface CompiledField {
  readonly name: string;
  readonly goName: string;
  readonly decode: Decoder;
  /** Leaves out values that Go's omitempty leaves out. */
  readonly omits: (value: unknown) => boolean;
  /** An optional list or map: whoever checks a request tells an empty one from none, though neither is written. */
  readonly optional: 'list' | 'map' | undefined;
  /** Written when the field is absent or null; undefined when nothing is. */
  readonly absent: (() => unknown) | undefined;
}

interface CompiledType {
  readonly decode: Decoder;
  readonly zero: () => Record<string, unknown>;
}

const types = new WeakMap<TypeSchema, CompiledType>();
const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);

const never = () => false;
const emptyString = (value: unknown) => value === '';
const falsy = (value: unknown) => value === 0 || value === '' || value === false;
const emptyList = (value: unknown) => (value as readonly unknown[]).length === 0;

function emptyMap(value: unknown): boolean {
  for (const _ in value as object) return false;
  return true;
}

function omission(field: FieldSchema): (value: unknown) => boolean {
  if (!field.omitEmpty || field.pointer) return never;
  switch (field.type) {
    case 'string': return emptyString;
    case 'bytes': return emptyString;
    case 'boolean':
    case 'integer':
    case 'number': return falsy;
    case 'list': return emptyList;
    case 'map': return emptyMap;
    case 'object': return emptyMap;
    default: return never;
  }
}

function optionality({ type, omitEmpty, pointer }: FieldSchema): 'list' | 'map' | undefined {
  return omitEmpty && !pointer && (type === 'list' || type === 'map') ? type : undefined;
}

function absence(field: FieldSchema): (() => unknown) | undefined {
  if (field.omitEmpty || (field.name === 'apiVersion' || field.name === 'kind') && field.protobuf === undefined) return undefined;
  if (field.type === 'object' && !field.pointer && field.object && !field.alternative) {
    const type = field.object;
    return () => compiled(type).zero();
  }
  if (field.pointer || field.type === 'object' || field.type === 'list' || field.type === 'map' || field.type === 'json') return () => null;
  const zero = scalarZero(field);
  return () => zero;
}

function compileField(field: FieldSchema): CompiledField {
  return { name: field.name, goName: (field.goEmbedded ?? '') + field.name, decode: valueDecoder(field), omits: omission(field), optional: optionality(field), absent: absence(field) };
}

/** The decoder of a field's value, whatever it holds. */
function valueDecoder(field: FieldSchema): Decoder {
  switch (field.type) {
    case 'object': return objectDecoder(field);
    case 'list': return listDecoder(field);
    case 'map': return mapDecoder(field);
    default: return scalarDecoder(field);
  }
}

function objectDecoder(field: FieldSchema): Decoder {
  const type = field.object as TypeSchema;
  const { goType } = field;
  const object: Decoder = (value, context) => {
    if (value === null) return undefined;
    if (!isPlainObject(value)) return void context.mismatch(kindOfValue(value), goType);
    return compiled(type).decode(value, context);
  };
  if (!field.alternative) return object;
  return (value, context) => {
    if (field.alternative === 'boolean' && typeof value === 'boolean') return value;
    if (field.alternative === 'list' && Array.isArray(value)) return value.map((item) => object(item, context));
    if (field.alternative === 'strings' && Array.isArray(value)) return value;
    return object(value, context);
  };
}

function elementZero(element: FieldSchema): () => unknown {
  if (element.type === 'object' && element.object && !element.pointer) {
    const type = element.object;
    return () => compiled(type).zero();
  }
  const zero = element.type === 'bytes' ? '' : element.pointer ? null : scalarZero(element);
  return () => zero;
}

function listDecoder(field: FieldSchema): Decoder {
  const element = field.element as FieldSchema;
  const decode = valueDecoder(element);
  const zero = elementZero(element);
  const { goType } = field;
  return (value, context) => {
    if (value === null) return undefined;
    if (!Array.isArray(value)) return void context.mismatch(kindOfValue(value), goType);
    const out = new Array<unknown>(value.length);
    const depth = context.place.length;
    for (let i = 0; i < value.length; i++) {
      context.place.push(`[${i}]`);
      out[i] = decode(value[i], context) ?? zero();
      context.place.length = depth;
    }
    return out;
  };
}

/** Keys in the order in which Go writes a map: by bytes. */
export function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  return keys.length > 1 ? keys.sort(compareBytes) : keys;
}

/** By UTF-8 bytes, which for all but surrogates is the order of UTF-16 units. */
function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function reportDuplicates(value: object, read: number, names: ReadonlyMap<string, unknown>, context: DecodeContext): void {
  for (const { key, after } of context.duplicatesOf(value) ?? []) if (after === read && names.has(key)) context.duplicate(key);
}

function mapDecoder(field: FieldSchema): Decoder {
  const element = field.element as FieldSchema;
  const decode = valueDecoder(element);
  const zero = elementZero(element);
  const { goType } = field;
  return (value, context) => {
    if (value === null) return undefined;
    if (!isPlainObject(value)) return void context.mismatch(kindOfValue(value), goType);
    const duplicates = context.duplicatesOf(value);
    if (duplicates) for (const { key } of duplicates) context.duplicate(key);
    const items = new Map<string, unknown>();
    const depth = context.place.length;
    for (const key in value) {
      if (value[key] === undefined) continue;
      context.place.push(key);
      items.set(key, decode(value[key], context) ?? zero());
      context.place.length = depth;
    }
    const out: Record<string, unknown> = {};
    for (const key of sortedKeys(value)) {
      if (!items.has(key)) continue;
      const item = items.get(key);
      if (key === '__proto__') Object.defineProperty(out, key, { value: item, enumerable: true, configurable: true, writable: true });
      else out[key] = item;
    }
    return out;
  };
}

function compile(type: TypeSchema): CompiledType {
  const struct = type.name.slice(type.name.lastIndexOf('.') + 1);
  let fields: readonly CompiledField[] | undefined;
  let byName: ReadonlyMap<string, CompiledField> | undefined;
  const load = () => (fields ??= [...type.fields.values()].map(compileField));

  const decode: Decoder = (input, context) => {
    const value = input as Record<string, unknown>;
    const list = load();
    const names = (byName ??= new Map(list.map((field) => [field.name, field])));
    const outer = context.struct;
    const duplicates = context.duplicatesOf(value) !== undefined;
    const found = new Map<CompiledField, unknown>();
    let read = 0;
    for (const key in value) {
      if (value[key] === undefined) continue;
      read += 1;
      const field = names.get(key);
      if (!field) context.unknown(key);
      else {
        context.struct = struct;
        context.path.push(field.goName);
        context.place.push(key);
        const item = field.decode(value[key], context);
        context.path.pop();
        context.place.pop();
        if (item !== undefined) found.set(field, item);
      }
      if (duplicates) reportDuplicates(value, read, names, context);
    }
    context.struct = outer;
    return assemble(list, found, context);
  };
  return { decode, zero: () => assemble(load(), new Map()) };
}

/** An empty optional map: without a prototype, by which it is told from an empty struct. */
export const emptyMapValue = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

function assemble(fields: readonly CompiledField[], found: ReadonlyMap<CompiledField, unknown>, context?: DecodeContext): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of fields) {
    const value = found.get(field);
    if (value !== undefined) {
      if (!field.omits(value)) out[field.name] = value;
      else if (field.optional && context?.keepsEmpty) {
        context.empties = true;
        out[field.name] = field.optional === 'list' ? [] : emptyMapValue();
      }
    } else if (field.absent) out[field.name] = field.absent();
  }
  return out;
}

function compiled(type: TypeSchema): CompiledType {
  let known = types.get(type);
  if (!known) {
    known = compile(type);
    types.set(type, known);
  }
  return known;
}

/** Reads a struct of this type with everything in it. Throws DecodeError. */
export function decodeStruct(type: TypeSchema, value: unknown, context: DecodeContext): Record<string, unknown> {
  if (value === null) return compiled(type).zero();
  if (!isPlainObject(value)) throw new DecodeError(`json: cannot unmarshal ${kindOfValue(plainJson(value))} into Go value of type ${type.name.split('.').slice(-2).join('.')}`);
  const out = compiled(type).decode(value, context) as Record<string, unknown>;
  if (context.failed) throw context.failed;
  return out;
}
