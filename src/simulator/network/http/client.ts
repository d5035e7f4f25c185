import { within, type Duration, type Task } from '../../kernel';
import { type Connection, type Endpoint, NetworkError, type NetworkNamespace } from '../interface';
import { headerOf, type HttpHeaders } from './headers';
import { encodeRequest, type HttpResponse, readBody, readResponseHead, responseFraming } from './message';
import { ByteReader, HttpError } from './reader';

export interface HttpExchange {
  readonly method?: string;
  readonly target: string;
  readonly headers?: HttpHeaders;
  readonly body?: Uint8Array;
  /** What to put into Host; default address:port (no port when 80). */
  readonly host?: string;
}

const empty = new Uint8Array(0);

/** Sends one request over an open connection and waits for the response. Throws HttpError, NetworkError. */
export function* exchange(connection: Connection, reader: ByteReader, { method = 'GET', target, headers = [], body = empty, host }: HttpExchange): Task<HttpResponse> {
  const all: (readonly [string, string])[] = [];
  if (headerOf(headers, 'host') === undefined)
    all.push(['Host', host ?? (connection.remote.port === 80 ? connection.remote.address : `${connection.remote.address}:${connection.remote.port}`)]);
  all.push(...headers);
  if (body.length > 0 && headerOf(headers, 'content-length') === undefined) all.push(['Content-Length', String(body.length)]);
  yield* connection.write(encodeRequest({ method, target, version: 'HTTP/1.1', headers: all }, body));
  for (;;) {
    const head = yield* readResponseHead(reader);
    if (!head) throw new HttpError('closed', 'empty reply');
    if (head.status >= 100 && head.status < 200 && head.status !== 101) continue;
    return { ...head, body: yield* readBody(reader, responseFraming(head, method)) };
  }
}

/** One request on a connection of its own. Throws NetworkError (ETIMEDOUT when `timeout` is over), HttpError. */
export function* httpRequest(network: NetworkNamespace, to: Endpoint, request: HttpExchange, timeout?: Duration): Task<HttpResponse> {
  if (timeout === undefined) return yield* fetchOnce(network, to, request);
  const response = yield* within(timeout, () => fetchOnce(network, to, request));
  if (!response) throw new NetworkError('ETIMEDOUT');
  return response;
}

function* fetchOnce(network: NetworkNamespace, to: Endpoint, request: HttpExchange): Task<HttpResponse> {
  const connection = yield* network.connect(to);
  try {
    return yield* exchange(connection, new ByteReader(connection), { ...request, headers: [...(request.headers ?? []), ['Connection', 'close']] });
  } finally {
    connection.close();
  }
}
