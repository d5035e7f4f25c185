import { utf8Decode, utf8Encode } from '../../kernel';
import type { JsonObject } from '../patch';
import type { TypeSchema } from '../schema';
import { readMessage, writeMessage } from './message';
import { ProtobufError, Reader, Writer } from './wire';

export { ProtobufError } from './wire';

/** Four bytes before every protobuf object of Kubernetes: `k8s` and a zero. */
const magic = [0x6b, 0x38, 0x73, 0];

/** What the envelope (runtime.Unknown) says before its content is read. */
export interface ProtobufEnvelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
  readonly contentType: string;
}

/** Whether bytes begin as a protobuf object does. */
export const isProtobuf = (bytes: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte);

/** Reads the envelope. Throws ProtobufError. */
export function openEnvelope(bytes: Uint8Array): ProtobufEnvelope {
  if (!isProtobuf(bytes)) throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  if (bytes.length === magic.length) throw new ProtobufError('empty body');
  const reader = new Reader(bytes.subarray(magic.length));
  let apiVersion = '';
  let kind = '';
  let contentType = '';
  let raw: Uint8Array = new Uint8Array(0);
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) {
      const typeMeta = new Reader(reader.delimited());
      while (!typeMeta.done) {
        const inner = typeMeta.tag();
        const text = utf8Decode(typeMeta.delimited());
        if (inner.field === 1) apiVersion = text;
        else if (inner.field === 2) kind = text;
      }
    } else if (field === 2) raw = reader.delimited();
    else if (field === 4) contentType = utf8Decode(reader.delimited());
    else reader.skip(wire);
  }
  return { apiVersion, kind, raw, contentType };
}

/** The JSON object that an envelope of this type holds, with its kind and apiVersion. Throws ProtobufError. */
export function decodeProtobuf(type: TypeSchema, { apiVersion, kind, raw }: ProtobufEnvelope): Record<string, unknown> {
  return { kind, apiVersion, ...readMessage(type, raw) };
}

/** The bytes of an object of this type, in its envelope. */
export function encodeProtobuf(type: TypeSchema, object: JsonObject): Uint8Array {
  const typeMeta = new Writer();
  typeMeta.bytesField(1, utf8Encode(String(object['apiVersion'] ?? '')));
  typeMeta.bytesField(2, utf8Encode(String(object['kind'] ?? '')));
  const writer = new Writer();
  writer.raw(Uint8Array.from(magic));
  writer.bytesField(1, typeMeta.finish());
  writer.bytesField(2, writeMessage(type, object));
  writer.bytesField(3, new Uint8Array(0));
  writer.bytesField(4, new Uint8Array(0));
  return writer.finish();
}

/** One event of a watch, length-prefixed as in a protobuf stream: the type and an enveloped object. */
export function encodeProtobufWatchEvent(eventType: string, object: Uint8Array): Uint8Array {
  const raw = new Writer();
  raw.bytesField(1, object);
  const event = new Writer();
  event.bytesField(1, utf8Encode(eventType));
  event.bytesField(2, raw.finish());
  const body = event.finish();
  const out = new Uint8Array(body.length + 4);
  new DataView(out.buffer).setUint32(0, body.length);
  out.set(body, 4);
  return out;
}
