import { formatMicroTime, formatTime, parseTime, utf8Decode, utf8Encode } from '../../kernel';
import { base64Decode, base64Encode, encodeAny } from '../decode';
import { formatDurationNanoseconds, parseDurationNanoseconds } from '../duration';
import { parseJson, plainJson } from '../json';
import type { FieldSchema } from '../schema';
import { Reader, Writer } from './wire';

const million = 1_000_000;

function timeMessage(text: string): Uint8Array {
  const time = parseTime(text);
  const writer = new Writer();
  if (time === undefined) return writer.finish();
  const seconds = Math.floor(time / million);
  writer.tag(1, 0);
  writer.varint(seconds);
  writer.tag(2, 0);
  writer.varint((time - seconds * million) * 1000);
  return writer.finish();
}

function readTime(bytes: Uint8Array): number | undefined {
  const reader = new Reader(bytes);
  let seconds = 0;
  let nanos = 0;
  if (reader.done) return undefined;
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) seconds = reader.integer();
    else if (field === 2) nanos = reader.integer();
    else reader.skip(wire);
  }
  return seconds * million + Math.floor(nanos / 1000);
}

/** A message whose only field 1 is text or bytes: Quantity, FieldsV1, RawExtension, JSON. */
function boxed(content: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.bytesField(1, content);
  return writer.finish();
}

function unboxed(bytes: Uint8Array): Uint8Array {
  const reader = new Reader(bytes);
  let content: Uint8Array = new Uint8Array(0);
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1 && wire === 2) content = reader.delimited();
    else reader.skip(wire);
  }
  return content;
}

function intOrStringMessage(value: unknown): Uint8Array {
  const writer = new Writer();
  writer.tag(1, 0);
  writer.varint(typeof value === 'string' ? 1 : 0);
  writer.tag(2, 0);
  writer.varint(typeof value === 'number' ? value : 0);
  writer.bytesField(3, utf8Encode(typeof value === 'string' ? value : ''));
  return writer.finish();
}

function readIntOrString(bytes: Uint8Array): number | string {
  const reader = new Reader(bytes);
  let isText = false;
  let number = 0;
  let text = '';
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) isText = reader.integer() === 1;
    else if (field === 2) number = reader.integer();
    else if (field === 3) text = utf8Decode(reader.delimited());
    else reader.skip(wire);
  }
  return isText ? text : number;
}

function durationMessage(text: string): Uint8Array {
  const writer = new Writer();
  writer.tag(1, 0);
  writer.varint(parseDurationNanoseconds(text));
  return writer.finish();
}

function readDuration(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  let nanoseconds = 0n;
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) nanoseconds = BigInt.asIntN(64, reader.varint());
    else reader.skip(wire);
  }
  return formatDurationNanoseconds(nanoseconds);
}

/** Writes a scalar that is there. */
export function writeScalar(writer: Writer, number: number, field: FieldSchema, value: unknown): void {
  switch (field.type) {
    case 'string': return writer.bytesField(number, utf8Encode(String(value)));
    case 'bytes': return writer.bytesField(number, base64Decode(String(value)));
    case 'boolean':
      writer.tag(number, 0);
      return writer.varint(value === true ? 1 : 0);
    case 'integer':
      writer.tag(number, 0);
      return writer.varint(Number.isSafeInteger(value) ? (value as number) : BigInt(Math.round(value as number)));
    case 'number': return writer.double(number, value as number);
    case 'quantity': return writer.bytesField(number, boxed(utf8Encode(String(value))));
    case 'time':
    case 'microTime': return writer.bytesField(number, timeMessage(String(value)));
    case 'duration': return writer.bytesField(number, durationMessage(String(value)));
    case 'intOrString': return writer.bytesField(number, intOrStringMessage(value));
    default: return writer.bytesField(number, boxed(utf8Encode(encodeAny(value))));
  }
}

/** Reads a scalar whose tag was read. */
export function readScalar(reader: Reader, field: FieldSchema, wire: number): unknown {
  switch (field.type) {
    case 'string': return utf8Decode(reader.delimited());
    case 'bytes': return base64Encode(reader.delimited());
    case 'boolean': return reader.varint() !== 0n;
    case 'integer': return reader.integer();
    case 'number': return wire === 1 ? reader.double() : reader.integer();
    case 'quantity': return utf8Decode(unboxed(reader.delimited()));
    case 'time':
    case 'microTime': {
      const time = readTime(reader.delimited());
      if (time === undefined) return null;
      return field.type === 'time' ? formatTime(time) : formatMicroTime(time);
    }
    case 'duration': return readDuration(reader.delimited());
    case 'intOrString': return readIntOrString(reader.delimited());
    default: {
      const text = utf8Decode(unboxed(reader.delimited()));
      return text === '' ? null : plainJson(parseJson(text).value);
    }
  }
}
