import { type ApiHandler, type ApiRequest, type ApiResponse, type Credentials, encodeProtobufWatchEvent, type Method, type StreamConnection, type WatchEvent } from '../../api';
import { Channel, type Kernel, type Task, utf8Encode } from '../../kernel';
import { protobufOf, yamlOf } from './formats';
import { accepted, type Accepted } from '../request/accept';
import { parseUrl } from '../request/url';
import { encodeBody, indented } from './encode';
import { openApiProtobuf, openApiToProtobuf } from './openapi-protobuf';

/** A request as it came over a wire. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Lower-case names; repeated headers joined with a comma and a space. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** The subject of a client certificate that the transport has checked. */
  readonly certificate?: { readonly commonName: string; readonly organizations: readonly string[] };
}

/** What goes back: exactly one of body, stream and connection. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly stream?: Channel<Uint8Array>;
  readonly connection?: StreamConnection;
}

/** Turns bytes into requests and answers into bytes; what port or page they come from is the host's affair. */
export type RawHandler = (request: RawRequest) => Task<RawResponse>;

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const never = () => false;
const always = () => true;
const browsers = /^(curl|Wget|Mozilla\/5\.0)/;

/** The edge of an API server. */
export function createEdge({ handle, kernel }: { readonly handle: ApiHandler; readonly kernel: Kernel }): RawHandler {
  const random = kernel.random.fork('edge');
  return function* (raw) {
    const response = yield* handle(requestOf(raw));
    const headers = { 'audit-id': random.uuid(), 'cache-control': 'no-cache, private', ...response.headers };
    return rendered(kernel, raw, response, headers);
  };
}

const certificates = new Map<string, Credentials>();
const tokens = new Map<string, Credentials>();
const anonymous: Credentials = Object.freeze({ anonymous: true as const });

function remembered(known: Map<string, Credentials>, key: string, make: () => Credentials): Credentials {
  let found = known.get(key);
  if (found === undefined) {
    if (known.size > 1000) known.clear();
    found = make();
    known.set(key, found);
  }
  return found;
}

function credentialsOf({ headers, certificate }: RawRequest): Credentials {
  if (certificate) return remembered(certificates, JSON.stringify(certificate), () => ({ certificate }));
  const token = /^Bearer +(\S+)/i.exec(headers['authorization'] ?? '')?.[1] ?? webSocketToken(headers['sec-websocket-protocol']);
  return token === undefined ? anonymous : remembered(tokens, token, () => ({ token }));
}

/** Browsers cannot set headers on a WebSocket: the token hides in a subprotocol. */
const webSocketToken = (protocols: string | undefined): string | undefined => /base64url\.bearer\.authorization\.k8s\.io\.([\w-]+)/.exec(protocols ?? '')?.[1];

function requestOf(raw: RawRequest): ApiRequest {
  const method = methods.has(raw.method) ? (raw.method as Method) : 'OPTIONS';
  const upgrade = raw.headers['upgrade'];
  const hasBody = raw.body !== undefined && (raw.body.length > 0 || (method !== 'GET' && method !== 'DELETE'));
  return { method, url: raw.url, credentials: credentialsOf(raw), headers: raw.headers, ...(hasBody && { body: raw.body }), ...(upgrade !== undefined && { upgrade }) };
}

/** How to write an answer: as the client asked, else JSON for people. Shaped answers have no protobuf here. */
function formatOf({ headers }: RawRequest, shaped: boolean): Accepted | undefined {
  try {
    const found = accepted(headers['accept'], shaped ? always : never);
    return found.as !== '' && found.mediaType === 'application/vnd.kubernetes.protobuf' ? undefined : found;
  } catch {
    return undefined;
  }
}

function rendered(kernel: Kernel, raw: RawRequest, response: ApiResponse, headers: Readonly<Record<string, string>>): RawResponse {
  const { status } = response;
  if (response.connection) return { status, headers, connection: response.connection };
  if (response.stream) return { status, headers, stream: response.stream };
  if (response.events && wantsProtobuf(raw)) return { status, headers: { 'content-type': 'application/vnd.kubernetes.protobuf;stream=watch', ...headers }, stream: watchStream(kernel, response.events, true) };
  if (response.events) return { status, headers: { 'content-type': 'application/json', ...headers }, stream: watchStream(kernel, response.events, false) };
  if (response.text !== undefined) return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: utf8Encode(response.text) };
  if (response.body === undefined) return { status, headers, body: new Uint8Array() };
  if (status === 200 && openApiProtobuf.asked.test(raw.headers['accept'] ?? '') && 'swagger' in (response.body as object)) {
    return { status, headers: { ...headers, 'content-type': openApiProtobuf.sent }, body: openApiToProtobuf(response.body as object) };
  }
  const isStatus = (response.body as { kind?: string }).kind === 'Status';
  const asked = raw.headers['accept'] ?? '';
  const format = formatOf(raw, !isStatus && asked.includes('as='));
  const { path, query } = parseUrl(raw.url);
  const people = path === '/version' || path === '/version/' ? true : query.has('pretty') ? query.flag('pretty') : browsers.test(raw.headers['user-agent'] ?? '') || (isStatus && format === undefined);
  if (format?.mediaType === 'application/vnd.kubernetes.protobuf') {
    const bytes = protobufOf(response.body);
    if (bytes) return { status, headers: { 'content-type': 'application/vnd.kubernetes.protobuf', ...headers }, body: bytes };
  }
  if (format?.mediaType === 'application/yaml') return { status, headers: { 'content-type': 'application/yaml', ...headers }, body: utf8Encode(yamlOf(response.body)) };
  const json = encodeBody(response.body);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: utf8Encode(people ? indented(json) : `${json}\n`) };
}

/** Whether a watch is to speak protobuf. */
const wantsProtobuf = ({ headers }: RawRequest): boolean => /^application\/vnd\.kubernetes\.protobuf/.test(headers['accept'] ?? '') && !/^[^,]*as=/.test(headers['accept'] ?? '');

/** One line of JSON for each event, or one frame of protobuf. */
function watchStream(kernel: Kernel, events: Channel<WatchEvent>, protobuf: boolean): Channel<Uint8Array> {
  const out = new Channel<Uint8Array>();
  kernel.spawn('watch to the wire', (function* () {
    for (let event = yield* events.receive(); event !== undefined; event = yield* events.receive()) {
      const bytes = protobuf ? protobufOf(event.object) : undefined;
      if (!out.send(bytes ? encodeProtobufWatchEvent(event.type, bytes) : utf8Encode(`{"type":"${event.type}","object":${encodeBody(event.object)}}\n`))) break;
    }
    events.close();
    out.close();
  })(), null);
  return out;
}
