import { utf8Decode, utf8Encode } from '../../kernel';
import { sortedKeys } from '../decode';
import { isJsonObject, type JsonObject } from '../patch';
import type { FieldSchema, TypeSchema } from '../schema';
import { readScalar, writeScalar } from './scalars';
import { Reader, Writer } from './wire';

const isMessage = (field: FieldSchema) => field.type === 'object' || field.wrapped === true || field.alternative !== undefined;

/** The bytes of a struct. */
export function writeMessage(type: TypeSchema, value: JsonObject): Uint8Array {
  const writer = new Writer();
  writeFields(writer, [...type.fields.values()], value, 0);
  return writer.finish();
}

/** Fields at one depth of embedding, by number; embedded structs are messages of their own. */
function writeFields(writer: Writer, fields: readonly FieldSchema[], value: JsonObject, depth: number): void {
  const entries: { number: number; write: () => void }[] = [];
  const embedded = new Map<number, FieldSchema[]>();
  for (const field of fields) {
    const inside = field.protobufInline?.[depth];
    if (inside !== undefined) {
      const group = embedded.get(inside);
      if (group) group.push(field);
      else embedded.set(inside, [field]);
    } else if (field.protobuf !== undefined && value[field.name] !== undefined && value[field.name] !== null) {
      const number = field.protobuf;
      entries.push({ number, write: () => writeField(writer, number, field, value[field.name]) });
    }
  }
  for (const [number, group] of embedded) {
    entries.push({
      number,
      write: () => {
        const inner = new Writer();
        writeFields(inner, group, value, depth + 1);
        writer.bytesField(number, inner.finish());
      },
    });
  }
  for (const entry of entries.sort((a, b) => a.number - b.number)) entry.write();
}

function writeField(writer: Writer, number: number, field: FieldSchema, value: unknown): void {
  if (field.type === 'list' && Array.isArray(value)) {
    if (field.wrapped) {
      const inner = new Writer();
      for (const item of value) writeField(inner, 1, field.element as FieldSchema, item);
      writer.bytesField(number, inner.finish());
    } else for (const item of value) writeField(writer, number, field.element as FieldSchema, item ?? '');
  } else if (field.type === 'map' && isJsonObject(value)) {
    for (const key of sortedKeys(value)) {
      const entry = new Writer();
      entry.bytesField(1, utf8Encode(key));
      writeField(entry, 2, field.element as FieldSchema, value[key] ?? '');
      writer.bytesField(number, entry.finish());
    }
  } else if (field.alternative) writer.bytesField(number, writeAlternative(field, value));
  else if (field.type === 'object') writer.bytesField(number, writeMessage(field.object as TypeSchema, (value ?? {}) as JsonObject));
  else writeScalar(writer, number, field, value);
}

/** JSONSchemaPropsOrBool {allows 1, schema 2}, …OrArray {schema 1, schemas 2}, …OrStringArray {schema 1, property 2}. */
function writeAlternative(field: FieldSchema, value: unknown): Uint8Array {
  const writer = new Writer();
  const schema = (number: number, item: unknown) => writer.bytesField(number, writeMessage(field.object as TypeSchema, item as JsonObject));
  if (field.alternative === 'boolean') {
    writer.tag(1, 0);
    writer.varint(value === false ? 0 : 1);
    if (isJsonObject(value)) schema(2, value);
  } else if (Array.isArray(value)) {
    for (const item of value) {
      if (field.alternative === 'list') schema(2, item);
      else writer.bytesField(2, utf8Encode(String(item)));
    }
  } else schema(1, value);
  return writer.finish();
}

type Place = { readonly field: FieldSchema } | { readonly embedded: readonly FieldSchema[] };

const placeCache = new WeakMap<readonly FieldSchema[], Map<number, Place>>();
const fieldCache = new WeakMap<TypeSchema, readonly FieldSchema[]>();

function placesOf(fields: readonly FieldSchema[], depth: number): Map<number, Place> {
  let places = placeCache.get(fields);
  if (places) return places;
  places = new Map();
  for (const field of fields) {
    const inside = field.protobufInline?.[depth];
    if (inside === undefined) {
      if (field.protobuf !== undefined) places.set(field.protobuf, { field });
      continue;
    }
    const known = places.get(inside);
    if (known && 'embedded' in known) (known.embedded as FieldSchema[]).push(field);
    else places.set(inside, { embedded: [field] });
  }
  placeCache.set(fields, places);
  return places;
}

/** The JSON object of a struct's bytes; unknown fields are skipped. Throws ProtobufError. */
export function readMessage(type: TypeSchema, bytes: Uint8Array): Record<string, unknown> {
  let fields = fieldCache.get(type);
  if (!fields) {
    fields = [...type.fields.values()];
    fieldCache.set(type, fields);
  }
  const out: Record<string, unknown> = {};
  readFields(fields, bytes, 0, out);
  return out;
}

function readFields(fields: readonly FieldSchema[], bytes: Uint8Array, depth: number, out: Record<string, unknown>): void {
  const places = placesOf(fields, depth);
  const reader = new Reader(bytes);
  while (!reader.done) {
    const { field: number, wire } = reader.tag();
    const place = places.get(number);
    if (!place) reader.skip(wire);
    else if ('embedded' in place) readFields(place.embedded, reader.delimited(), depth + 1, out);
    else readField(reader, place.field, wire, out);
  }
}

function readField(reader: Reader, field: FieldSchema, wire: number, out: Record<string, unknown>): void {
  if (field.type === 'list' && !field.wrapped) {
    const list = (out[field.name] ??= []) as unknown[];
    const element = field.element as FieldSchema;
    if (element.type === 'integer' && wire === 2) {
      const packed = new Reader(reader.delimited());
      while (!packed.done) list.push(packed.integer());
    } else list.push(readValue(reader, element, wire));
  } else if (field.type === 'map') {
    const map = (out[field.name] ??= {}) as Record<string, unknown>;
    const [key, value] = readEntry(reader.delimited(), field.element as FieldSchema);
    map[key] = value;
  } else out[field.name] = readValue(reader, field, wire);
}

function readEntry(bytes: Uint8Array, element: FieldSchema): [string, unknown] {
  const reader = new Reader(bytes);
  let key = '';
  let value: unknown = null;
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) key = utf8Decode(reader.delimited());
    else if (field === 2) value = readValue(reader, element, wire);
    else reader.skip(wire);
  }
  return [key, value];
}

function readValue(reader: Reader, field: FieldSchema, wire: number): unknown {
  if (!isMessage(field)) return readScalar(reader, field, wire);
  const bytes = reader.delimited();
  if (field.alternative) return readAlternative(field, bytes);
  if (field.type === 'object') return readMessage(field.object as TypeSchema, bytes);
  const inner = new Reader(bytes);
  const items: unknown[] = [];
  while (!inner.done) {
    const { field: number, wire: innerWire } = inner.tag();
    if (number === 1) items.push(readValue(inner, field.element as FieldSchema, innerWire));
    else inner.skip(innerWire);
  }
  return items;
}

function readAlternative(field: FieldSchema, bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const type = field.object as TypeSchema;
  let single: unknown;
  let allows = false;
  const many: unknown[] = [];
  while (!reader.done) {
    const { field: number, wire } = reader.tag();
    if (field.alternative === 'boolean' && number === 1) allows = reader.varint() !== 0n;
    else if (field.alternative === 'boolean' && number === 2) single = readMessage(type, reader.delimited());
    else if (number === 1) single = readMessage(type, reader.delimited());
    else if (number === 2) many.push(field.alternative === 'strings' ? utf8Decode(reader.delimited()) : readMessage(type, reader.delimited()));
    else reader.skip(wire);
  }
  if (single !== undefined) return single;
  return field.alternative === 'boolean' ? allows : many;
}
