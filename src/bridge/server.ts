import http2 from 'node:http2';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { createEdge, type RawResponse } from '../simulator/cluster';
import type { Cluster } from '../simulator/cluster';
import type { Channel, Task } from '../simulator/kernel';
import type { Identity } from './certificates';
import type { Driver } from './driver';
import { upgrade } from './websocket';
import { rawRequest, type Request } from './wire';

/** Larger bodies are refused unread, as the real server does with what is larger than etcd takes. */
const largestBody = 3 * 1024 * 1024;
/** Answers from this size on are compressed for clients that want that. */
const worthCompressing = 128 * 1024;
/** A client that lets more than this pile up has stopped reading. */
const largestBacklog = 64 * 1024 * 1024;

export interface ServerOptions {
  readonly cluster: Cluster;
  readonly driver: Driver;
  /** The server's own certificate. */
  readonly own: Identity;
  /** PEM of the authority that signs clients' certificates. */
  readonly authority: string;
  readonly host: string;
  readonly port: number;
}

/** The body; undefined when it is too large. Rejects when the client goes away. */
function bodyOf(request: Request): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestBody) chunks.push(chunk);
    });
    request.on('end', () => resolve(size > largestBody ? undefined : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('the client went away')));
  });
}

const tooLarge = JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: `Request entity too large: limit is ${largestBody}`, reason: 'RequestEntityTooLarge', code: 413 });

const notAllowed = JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'the server does not allow this method on the requested resource', reason: 'MethodNotAllowed', details: {}, code: 405 });

/** Answers what is no HTTP request, or one by a method that Node's parser has not heard of, and hangs up. */
function answerGarbage(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  const [status, type, body] = error.code === 'HPE_INVALID_METHOD' ? ['405 Method Not Allowed', 'application/json', notAllowed] : ['400 Bad Request', 'text/plain; charset=utf-8', '400 Bad Request'];
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
}

/** False for percent signs that encode nothing: no path can be read from such an address. */
function isReadable(url: string): boolean {
  return !/%(?![\da-f]{2})/i.test(url.split('?')[0] ?? '');
}

/** Lets a stream of the simulated world run into a response, until either ends. */
function pipe(driver: Driver, from: Channel<Uint8Array>, response: http2.Http2ServerResponse): void {
  response.on('close', () => {
    from.close();
    driver.poke();
  });
  driver.spawn('answer', (function* (): Task {
    for (let data = yield* from.receive(); data; data = yield* from.receive()) {
      if (response.writableLength > largestBacklog) break;
      response.write(data);
    }
    response.end();
  })());
}

function send(driver: Driver, request: Request, answer: RawResponse, response: http2.Http2ServerResponse): void {
  const headers: Record<string, string> = { ...answer.headers };
  if (answer.stream) {
    response.writeHead(answer.status, headers);
    if ('flushHeaders' in response) (response as unknown as { flushHeaders(): void }).flushHeaders();
    pipe(driver, answer.stream, response);
    return;
  }
  let body = Buffer.from(answer.body ?? []);
  if (body.length >= worthCompressing && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    body = gzipSync(body, { level: 4 });
    headers['content-encoding'] = 'gzip';
    headers['vary'] = 'Accept-Encoding';
  }
  headers['content-length'] = String(body.length);
  response.writeHead(answer.status, headers);
  response.end(body);
}

/** HTTPS over a cluster: HTTP/1.1 and HTTP/2, client certificates, WebSockets. Comes back when it listens. */
export async function listen({ cluster, driver, own, authority, host, port }: ServerOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const edge = createEdge({ handle: cluster.handle, kernel: cluster.kernel });
  const server = http2.createSecureServer({ allowHTTP1: true, key: own.key, cert: own.certificate, ca: authority, requestCert: true, rejectUnauthorized: false, maxSessionMemory: 100 });
  server.on('request', (request, response) => {
    if (!isReadable(request.url)) {
      response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('400 Bad Request');
      return;
    }
    void (async () => {
      const body = await bodyOf(request);
      if (body === undefined) {
        response.writeHead(413, { 'content-type': 'application/json' });
        response.end(tooLarge);
        return;
      }
      send(driver, request, await driver.perform('request', edge({ ...rawRequest(request), body })), response);
    })().catch((error: unknown) => {
      if (!response.headersSent && !response.destroyed) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : String(error));
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => upgrade({ edge, driver, cluster }, request, socket, head));
  server.on('sessionError', () => undefined);
  server.on('tlsClientError', () => undefined);
  server.on('clientError', answerGarbage);
  const sockets = new Set<Duplex>();
  server.on('secureConnection', (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    }),
  };
}
