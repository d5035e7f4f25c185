import { concatBytes, type Task, utf8Encode } from '../../kernel';
import { headerHas, headerOf, type HttpHeaders } from './headers';
import { type ByteReader, HttpError } from './reader';
import { reasonPhrase } from './status';

/** A request's first line and header. */
export interface HttpRequestHead {
  readonly method: string;
  /** As it stands in the request line: a path with its query, or a whole URL. */
  readonly target: string;
  /** HTTP/1.1 */
  readonly version: string;
  readonly headers: HttpHeaders;
}

export interface HttpRequest extends HttpRequestHead {
  readonly body: Uint8Array;
}

/** A response's first line and header. */
export interface HttpResponseHead {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: HttpHeaders;
}

export interface HttpResponse extends HttpResponseHead {
  readonly body: Uint8Array;
}

/** How a body's end is found. */
export type BodyFraming = { readonly kind: 'length'; readonly length: number } | { readonly kind: 'chunked' } | { readonly kind: 'close' };

const nothing: BodyFraming = { kind: 'length', length: 0 };

function parseHeaders(lines: readonly string[]): HttpHeaders {
  const headers: [string, string][] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    const colon = line.indexOf(':');
    if (colon <= 0) throw new HttpError('malformed', `malformed header line: ${line}`);
    headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  return headers;
}

const splitLines = (text: string): string[] => (text.includes('\r') ? text.split('\r\n') : text.split('\n'));

/** The next request's head; undefined when the client closed. Throws HttpError. */
export function* readRequestHead(reader: ByteReader): Task<HttpRequestHead | undefined> {
  const text = yield* reader.head();
  if (text === undefined) return undefined;
  const lines = splitLines(text.replace(/^(\r?\n)+/, ''));
  const match = /^([A-Za-z]+) (\S+)(?: (HTTP\/\d\.\d))?$/.exec(lines[0] ?? '');
  if (!match) throw new HttpError('malformed', `malformed request line: ${lines[0] ?? ''}`);
  return { method: match[1] as string, target: match[2] as string, version: match[3] ?? 'HTTP/0.9', headers: parseHeaders(lines) };
}

/** The next response's head; undefined when the server closed without one. Throws HttpError. */
export function* readResponseHead(reader: ByteReader): Task<HttpResponseHead | undefined> {
  const text = yield* reader.head();
  if (text === undefined) return undefined;
  const lines = splitLines(text);
  const match = /^(HTTP\/\d\.\d) (\d{3})(?: (.*))?$/.exec(lines[0] ?? '');
  if (!match) throw new HttpError('malformed', `malformed status line: ${lines[0] ?? ''}`);
  return { version: match[1] as string, status: Number(match[2]), reason: match[3] ?? '', headers: parseHeaders(lines) };
}

/** RFC 9112, section 6.3. */
export function requestFraming({ headers }: HttpRequestHead): BodyFraming {
  if (headerHas(headers, 'transfer-encoding', 'chunked')) return { kind: 'chunked' };
  const length = headerOf(headers, 'content-length');
  return length === undefined ? nothing : lengthFraming(length);
}

export function responseFraming({ status, headers }: HttpResponseHead, method: string): BodyFraming {
  if (method === 'HEAD' || status === 204 || status === 304 || (status >= 100 && status < 200)) return nothing;
  if (headerHas(headers, 'transfer-encoding', 'chunked')) return { kind: 'chunked' };
  const length = headerOf(headers, 'content-length');
  return length === undefined ? { kind: 'close' } : lengthFraming(length);
}

function lengthFraming(text: string): BodyFraming {
  if (!/^\d+$/.test(text)) throw new HttpError('malformed', `bad content length: ${text}`);
  return { kind: 'length', length: Number(text) };
}

/** Calls `take` with each part of the body as it comes. */
export function* streamBody(reader: ByteReader, framing: BodyFraming, take: (part: Uint8Array) => Task): Task {
  if (framing.kind === 'length') {
    for (let missing = framing.length; missing > 0; ) {
      const part = yield* reader.some(missing);
      if (part === undefined) throw new HttpError('closed', 'unexpected end of body');
      missing -= part.length;
      yield* take(part);
    }
    return;
  }
  if (framing.kind === 'close') {
    for (let part = yield* reader.some(); part !== undefined; part = yield* reader.some()) yield* take(part);
    return;
  }
  for (;;) {
    const line = yield* reader.line(1024);
    if (line === undefined) throw new HttpError('closed', 'unexpected end of body');
    const size = parseInt(line, 16);
    if (Number.isNaN(size)) throw new HttpError('malformed', `malformed chunk size: ${line}`);
    if (size === 0) break;
    yield* take(yield* reader.exactly(size));
    yield* reader.line();
  }
  for (let line = yield* reader.line(); line !== undefined && line !== ''; ) line = yield* reader.line();
}

/** The whole body. Throws HttpError when it is larger than `limit` or ends early. */
export function* readBody(reader: ByteReader, framing: BodyFraming, limit = 64 * 1024 * 1024): Task<Uint8Array> {
  if (framing.kind === 'length' && framing.length <= limit) return yield* reader.exactly(framing.length);
  const parts: Uint8Array[] = [];
  let length = 0;
  yield* streamBody(reader, framing, function* (part) {
    length += part.length;
    if (length > limit) throw new HttpError('too-large', 'body too large');
    parts.push(part);
  });
  return parts.length === 0 ? new Uint8Array(0) : concatBytes(parts);
}

function encode(firstLine: string, headers: HttpHeaders, body: Uint8Array): Uint8Array {
  let text = `${firstLine}\r\n`;
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  const head = utf8Encode(`${text}\r\n`);
  return body.length === 0 ? head : concatBytes([head, body]);
}

const noBody = new Uint8Array(0);

/** The bytes of a request as given; content-length is the caller's. */
export const encodeRequest = (request: HttpRequestHead, body: Uint8Array = noBody): Uint8Array => encode(`${request.method} ${request.target} ${request.version}`, request.headers, body);

/** The bytes of a response as given. */
export const encodeResponse = (response: Omit<HttpResponseHead, 'reason'> & { readonly reason?: string }, body: Uint8Array = noBody): Uint8Array =>
  encode(`${response.version} ${response.status} ${response.reason ?? reasonPhrase(response.status)}`, response.headers, body);

/** One chunk of a chunked body; an empty one ends it. */
export function encodeChunk(part: Uint8Array): Uint8Array {
  if (part.length === 0) return utf8Encode('0\r\n\r\n');
  return concatBytes([utf8Encode(`${part.length.toString(16)}\r\n`), part, utf8Encode('\r\n')]);
}

/** Whether the connection stays open after this message. */
export const keepsAlive = ({ version, headers }: { readonly version: string; readonly headers: HttpHeaders }): boolean =>
  version === 'HTTP/1.1' ? !headerHas(headers, 'connection', 'close') : headerHas(headers, 'connection', 'keep-alive');
