import { utf8Encode, within, type Duration, type Task } from '../../kernel';
import { type Connection, type Listener, NetworkError } from '../interface';
import { headerOf, type HttpHeaders } from './headers';
import { encodeResponse, type HttpRequest, keepsAlive, readBody, readRequestHead, requestFraming } from './message';
import { ByteReader, HttpError } from './reader';

/** What a handler answers with; content-length and connection are added. */
export interface HttpAnswer {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: HttpHeaders;
  readonly body?: Uint8Array | string;
  /** Closes the connection afterwards. */
  readonly close?: boolean;
}

export interface HttpServerOptions {
  readonly listener: Listener;
  /** Runs each connection beside the others. */
  readonly spawn: (name: string, task: Task) => void;
  /** What comes before HTTP on each connection (a handshake); a connection for which it gives false is closed. */
  readonly prepare?: (connection: Connection) => Task<boolean>;
  readonly handle: (request: HttpRequest, connection: Connection) => Task<HttpAnswer | undefined>;
  /** Closes connections on which no request comes for so long. */
  readonly idleTimeout?: Duration;
  readonly maxBody?: number;
}

const empty = new Uint8Array(0);

/** Serves HTTP/1.1 until the listener is closed. A handler that answers undefined has dealt with the connection itself. */
export function* serveHttp(options: HttpServerOptions): Task {
  for (;;) {
    const connection = yield* options.listener.accept();
    if (!connection) return;
    options.spawn('connection', serveConnection(connection, options));
  }
}

function* serveConnection(connection: Connection, options: HttpServerOptions): Task {
  const reader = new ByteReader(connection);
  try {
    if (options.prepare && !(yield* options.prepare(connection))) return;
    while (yield* serveOne(connection, reader, options));
    connection.close();
  } catch (error) {
    if (error instanceof HttpError && error.reason !== 'closed') {
      const status = error.reason === 'too-large' ? 413 : 400;
      yield* sendQuietly(connection, encodeResponse({ version: 'HTTP/1.1', status, headers: [['Content-Type', 'text/plain; charset=utf-8'], ['Connection', 'close']] }, utf8Encode(status === 400 ? '400 Bad Request' : '413')));
    } else if (!(error instanceof NetworkError) && !(error instanceof HttpError)) throw error;
  } finally {
    connection.close();
  }
}

function* sendQuietly(connection: Connection, bytes: Uint8Array): Task {
  try {
    yield* connection.write(bytes);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

/** False when the connection is done with. */
function* serveOne(connection: Connection, reader: ByteReader, { handle, idleTimeout, maxBody }: HttpServerOptions): Task<boolean> {
  const next = function* () {
    const head = yield* readRequestHead(reader);
    return { head };
  };
  const read = idleTimeout === undefined ? yield* next() : yield* within(idleTimeout, next);
  const head = read?.head;
  if (!head) return false;
  if (headerOf(head.headers, 'expect')?.toLowerCase() === '100-continue') yield* connection.write(utf8Encode('HTTP/1.1 100 Continue\r\n\r\n'));
  const request: HttpRequest = { ...head, body: yield* readBody(reader, requestFraming(head), maxBody) };
  const answer = yield* handle(request, connection);
  if (!answer) return false;
  const body = answer.body === undefined ? empty : typeof answer.body === 'string' ? utf8Encode(answer.body) : answer.body;
  const keep = keepsAlive(request) && !answer.close;
  const headers: (readonly [string, string])[] = [...(answer.headers ?? [])];
  const bodiless = answer.status === 204 || answer.status === 304 || answer.status < 200;
  if (!bodiless && headerOf(headers, 'content-length') === undefined) headers.push(['Content-Length', String(body.length)]);
  if (!keep && headerOf(headers, 'connection') === undefined) headers.push(['Connection', 'close']);
  yield* connection.write(encodeResponse({ version: 'HTTP/1.1', status: answer.status, ...(answer.reason !== undefined && { reason: answer.reason }), headers }, request.method === 'HEAD' || bodiless ? empty : body));
  return keep;
}
