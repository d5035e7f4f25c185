import { type ApiRequest, failure, JsonError, parseJson, type ParsedJson } from '../../api';
import { utf8Decode } from '../../kernel';
import { badRequest } from '../errors';

/** A request's body: an object, and what its text said twice if it came as text. */
export interface RequestBody {
  readonly value: object;
  /** Absent for objects from clients in this process. */
  readonly parsed?: ParsedJson;
}

/** The most that a request may carry (--max-request-bytes of the real one's handlers). */
export const bodyLimit = 3_145_728;

const kindStruct = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** The beginning of a body as errors quote it: text of JSON objects, else hexadecimal. */
function summary(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 30);
  const shown = bytes[0] === 0x7b ? utf8Decode(start) : Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > 30 ? `${shown} ...` : shown;
}

/** 415 for a body whose type nobody reads. */
export const unsupportedMediaType = () =>
  failure(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf');

/** The media type of a request's body, without parameters. JSON when it says none. */
export function mediaTypeOf({ headers }: ApiRequest): string {
  const [type = ''] = (headers?.['content-type'] ?? '').split(';');
  return type.trim() === '' ? 'application/json' : type.trim();
}

function nameOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Reads a body as an object of some kind. Throws a 400 (in the words for `kind`), 413 or 415. */
export function readBody(request: ApiRequest, kind: string): RequestBody {
  const { body } = request;
  if (!(body instanceof Uint8Array)) {
    if (typeof body === 'object' && body !== null) return { value: body };
    return readBytes(new Uint8Array(), request, kind);
  }
  return readBytes(body, request, kind);
}

function readBytes(bytes: Uint8Array, request: ApiRequest, kind: string): RequestBody {
  if (bytes.length > bodyLimit) throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimit}`);
  const type = mediaTypeOf(request);
  const refuse = (problem: string) => badRequest(`the object provided is unrecognized (must be of type ${kind}): ${problem} (${summary(bytes)})`);
  if (type !== 'application/json') throw unsupportedMediaType();
  let parsed: ParsedJson;
  try {
    parsed = parseJson(utf8Decode(bytes));
  } catch (error) {
    if (error instanceof JsonError) throw refuse(`couldn't get version/kind; json parse error: ${error.message}`);
    throw error;
  }
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(`couldn't get version/kind; json parse error: json: cannot unmarshal ${nameOfValue(value)} into Go value of type ${kindStruct}`);
  for (const name of ['apiVersion', 'kind'] as const) {
    const text = (value as Readonly<Record<string, unknown>>)[name];
    if (text !== undefined && text !== null && typeof text !== 'string') throw refuse(`couldn't get version/kind; json parse error: json: cannot unmarshal ${nameOfValue(text)} into Go struct field .${name} of type string`);
  }
  const { apiVersion } = value as { apiVersion?: string };
  if (apiVersion !== undefined && apiVersion !== null && apiVersion.split('/').length > 2) throw refuse(`unexpected GroupVersion string: ${apiVersion}`);
  return { value, parsed };
}
