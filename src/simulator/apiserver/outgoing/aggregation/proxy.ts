import type { ApiResponse, APIService, WatchEvent } from '../../../api';
import { Channel, type Task, utf8Decode, utf8Encode } from '../../../kernel';
import type { Call, ServerParts } from '../../call';
import type { ProxyResponse } from '../../nodes';
import { readAll } from '../review';
import { CallError, serviceAddress } from '../target';
import { peerOf } from './availability';

/** Headers of one connection, and of how the client proved who it is. */
const kept = (name: string): boolean => !/^(authorization|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|accept-encoding|impersonate-.*|x-remote-.*|x-forwarded-.*)$/.test(name);
/** Headers that whoever sends the answer on makes anew. */
const passedBack = (name: string): boolean => !/^(connection|content-length|content-type|date|keep-alive|transfer-encoding)$/.test(name);

const text = (status: number, message: string): ApiResponse => ({ status, headers: { 'content-type': 'text/plain; charset=utf-8', ...(status === 503 && { 'x-content-type-options': 'nosniff' }) }, text: message });

/** What requests for an API server that is not available get. */
export function* serviceUnavailable(): Task<ApiResponse> {
  return text(503, 'service unavailable\n');
}

/** The client's identity as a front proxy tells it (kubernetes.io: Authenticating Proxy). */
function identityHeaders({ user }: Call): Readonly<Record<string, string | readonly string[]>> {
  const extra = Object.fromEntries(Object.entries(user.extra ?? {}).map(([key, values]) => [`x-remote-extra-${encodeURIComponent(key).toLowerCase()}`, values]));
  return { 'x-remote-user': user.name, ...(user.uid !== undefined && { 'x-remote-uid': user.uid }), 'x-remote-group': user.groups, ...extra };
}

function bodyOf(body: unknown): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  return utf8Encode(JSON.stringify(body));
}

/** Passes a request on to the API server behind an APIService. */
export function* pass(server: ServerParts, { spec }: APIService, call: Call): Task<ApiResponse> {
  const { request, info } = call;
  const { service = {} } = spec ?? {};
  const port = service.port ?? 443;
  try {
    const address = serviceAddress(server, service);
    if (!server.dialler) throw new CallError(`dial tcp ${address}:${port}: connect: connection refused`);
    const host = `${address}:${port}`;
    const body = bodyOf(request.body);
    const headers = {
      ...Object.fromEntries(Object.entries(request.headers ?? {}).filter(([name]) => kept(name))), ...(body && request.headers?.['content-type'] === undefined && { 'content-type': 'application/json' }),
      host, 'x-forwarded-host': host, 'x-forwarded-proto': 'https', 'x-forwarded-uri': info.path, ...identityHeaders(call),
    };
    const response = yield* server.dialler.http({ address, port, tls: peerOf(spec as NonNullable<typeof spec>) }, { method: request.method, url: request.url, headers, body });
    if (response.status >= 300 && response.status < 400 && response.headers['location'] !== undefined) return text(502, 'the backend attempted to redirect this request, which is not permitted');
    return yield* answered(server, response, info.verb === 'watch');
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'AssertionError') throw error;
    return text(503, `error trying to reach service: ${error.message}\n`);
  }
}

/** The answer as clients of this process read it too: JSON as objects. */
function* answered({ kernel }: ServerParts, { status, headers, body }: ProxyResponse, isWatch: boolean): Task<ApiResponse> {
  const type = headers['content-type'] ?? '';
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => passedBack(name)));
  if (!type.startsWith('application/json')) return { status, headers: { ...own, ...(type !== '' && { 'content-type': type }) }, stream: body };
  if (isWatch && status < 300) return { status, headers: own, events: eventsOf(kernel, body) };
  const content = utf8Decode(yield* readAll(body));
  try {
    return { status, headers: own, body: JSON.parse(content) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return { status, headers: { ...own, 'content-type': type }, text: content };
    throw error;
  }
}

/** One event a line. */
function eventsOf(kernel: ServerParts['kernel'], body: Channel<Uint8Array>): Channel<WatchEvent> {
  const events = new Channel<WatchEvent>();
  kernel.spawn('aggregated watch', (function* (): Task {
    let rest = '';
    for (let part = yield* body.receive(); part !== undefined; part = yield* body.receive()) {
      const lines = (rest + utf8Decode(part)).split('\n');
      rest = lines.pop() ?? '';
      if (lines.filter((line) => line !== '').some((line) => !events.send(JSON.parse(line) as WatchEvent))) break;
    }
    body.close();
    events.close();
  })(), null);
  return events;
}
