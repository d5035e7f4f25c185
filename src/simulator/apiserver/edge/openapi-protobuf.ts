import { concatBytes, utf8Encode } from '../../kernel';

type Json = Readonly<Record<string, unknown>>;

/** What clients call the format when they ask for it, and the server when it sends it. */
export const openApiProtobuf = { asked: /^application\/com\.github\.proto-openapi\.spec\.v2[@.]v1\.0\+protobuf\b/, sent: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' };

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** A field that has a length: text or a message. */
function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === 'string' ? utf8Encode(content) : content;
  return concatBytes([Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}

const flag = (number: number): Uint8Array => Uint8Array.from([...varint(number * 8), 1]);

/** Any value, as YAML: field 2 of Any. */
const any = (value: unknown): Uint8Array => field(2, JSON.stringify(value));

const named = (name: string, value: Uint8Array): Uint8Array => concatBytes([field(1, name), field(2, value)]);

/** Field numbers of the message Schema. (github.com/google/gnostic: openapiv2/OpenAPIv2.proto) */
function schema(json: Json): Uint8Array {
  const parts: Uint8Array[] = [];
  const text = (number: number, value: unknown): void => {
    if (typeof value === 'string') parts.push(field(number, value));
  };
  text(1, json['$ref']);
  text(2, json['format']);
  text(4, json['description']);
  if (json['default'] !== undefined) parts.push(field(5, any(json['default'])));
  for (const name of (json['required'] as readonly string[] | undefined) ?? []) parts.push(field(19, name));
  for (const value of (json['enum'] as readonly unknown[] | undefined) ?? []) parts.push(field(20, any(value)));
  const more = json['additionalProperties'];
  if (more === true) parts.push(field(21, flag(2)));
  else if (typeof more === 'object' && more !== null) parts.push(field(21, field(1, schema(more as Json))));
  if (typeof json['type'] === 'string') parts.push(field(22, field(1, json['type'])));
  if (json['items']) parts.push(field(23, field(1, schema(json['items'] as Json))));
  const properties = Object.entries((json['properties'] as Readonly<Record<string, Json>> | undefined) ?? {});
  if (properties.length > 0) parts.push(field(25, concatBytes(properties.map(([name, one]) => field(1, named(name, schema(one)))))));
  for (const [name, value] of Object.entries(json)) if (name.startsWith('x-')) parts.push(field(31, named(name, any(value))));
  return concatBytes(parts);
}

const encoded = new WeakMap<object, Uint8Array>();

/** An OpenAPI 2.0 document as the protobuf that Go clients read it from; a document that was asked for before is not encoded again. */
export function openApiToProtobuf(document: object): Uint8Array {
  let bytes = encoded.get(document);
  if (bytes === undefined) {
    bytes = encode(document);
    encoded.set(document, bytes);
  }
  return bytes;
}

function encode(document: object): Uint8Array {
  const { swagger, info, definitions } = document as { readonly swagger: string; readonly info: { readonly title: string; readonly version: string }; readonly definitions: Readonly<Record<string, Json>> };
  return concatBytes([
    field(1, swagger),
    field(2, concatBytes([field(1, info.title), field(2, info.version)])),
    field(8, new Uint8Array()),
    field(9, concatBytes(Object.entries(definitions).map(([name, one]) => field(1, named(name, schema(one)))))),
  ]);
}
