import { type ApiRequest, decodeProtobuf, failure, JsonError, openEnvelope, parseApiVersion, parseJson, type ParsedJson, parseYaml, ProtobufError, typeForKind, YamlError } from '../../api';
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
  const header = headers?.['content-type'] ?? '';
  const [type = '', ...parameters] = header.replace(/;\s*$/, '').split(';');
  if (parameters.some((parameter) => !/^\s*[^\s=;]+=\S+\s*$/.test(parameter))) return header; // no media type at all
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
  try {
    return parseBytes(bytes, mediaTypeOf(request));
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${error.message} (${summary(bytes)})`);
  }
}

/** Reads a body that may be missing: the options of a delete. Throws a 400, 413 or 415. */
export function readOptionsBody(request: ApiRequest): object | undefined {
  const { body } = request;
  if (!(body instanceof Uint8Array)) return typeof body === 'object' && body !== null ? body : undefined;
  if (body.length === 0) return undefined;
  try {
    return parseBytes(body, mediaTypeOf(request)).value;
  } catch (error) {
    if (error instanceof BodyError) throw badRequest(error.message);
    throw error;
  }
}

/** Why bytes are no object, before anybody says of which kind it should have been. */
class BodyError extends Error {
  override readonly name = 'BodyError';
}

function parseBytes(bytes: Uint8Array, type: string): RequestBody {
  if (bytes.length > bodyLimit) throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimit}`);
  if (type === 'application/vnd.kubernetes.protobuf') return fromProtobuf(bytes);
  const parsed = type === 'application/json' ? fromJson(bytes) : type === 'application/yaml' ? fromYaml(bytes) : undefined;
  if (parsed === undefined) throw unsupportedMediaType();
  const { value } = parsed;
  if (value === null) return { value: {} }; // JSON's null says as much as {}
  const prefix = "couldn't get version/kind; json parse error: ";
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BodyError(`${prefix}json: cannot unmarshal ${nameOfValue(value)} into Go value of type ${kindStruct}`);
  for (const name of ['apiVersion', 'kind'] as const) {
    const text = (value as Readonly<Record<string, unknown>>)[name];
    if (text !== undefined && text !== null && typeof text !== 'string') throw new BodyError(`${prefix}json: cannot unmarshal ${nameOfValue(text)} into Go struct field .${name} of type string`);
  }
  const { apiVersion } = value as { apiVersion?: string };
  if (apiVersion !== undefined && apiVersion !== null && apiVersion.split('/').length > 2) throw new BodyError(`unexpected GroupVersion string: ${apiVersion}`);
  return { value, parsed };
}

function fromJson(bytes: Uint8Array): ParsedJson {
  try {
    return parseJson(utf8Decode(bytes));
  } catch (error) {
    if (error instanceof JsonError) throw new BodyError(`couldn't get version/kind; json parse error: ${error.message}`);
    throw error;
  }
}

function fromYaml(bytes: Uint8Array): ParsedJson {
  const text = utf8Decode(bytes);
  if (text.trimStart().startsWith('{')) return fromJson(bytes);
  try {
    return { value: parseYaml(text) };
  } catch (error) {
    if (error instanceof YamlError) throw new BodyError(error.message);
    throw error;
  }
}

function fromProtobuf(bytes: Uint8Array): RequestBody {
  try {
    const envelope = openEnvelope(bytes);
    const { apiVersion, kind } = envelope;
    const type = typeForKind({ ...parseApiVersion(apiVersion), kind });
    return { value: type ? decodeProtobuf(type, envelope) : { apiVersion, kind } };
  } catch (error) {
    if (error instanceof ProtobufError) throw new BodyError(error.message);
    throw error;
  }
}
