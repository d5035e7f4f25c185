import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import type { Chance } from '../fuzz/chance';

/** The server under attack. */
export interface Target {
  readonly address: string;
  readonly host: string;
  readonly port: number;
  /** The admin's bearer token. */
  readonly token: string;
}

/** One thing done to the server; comes back when it is over, whatever the server said. */
export type Attack = (target: Target, chance: Chance) => Promise<void>;

/** No attack goes on for longer, in milliseconds. */
export const patience = 4000;

/** The namespace in which attacks leave what they create. */
export const ground = '/api/v1/namespaces/abuse';

/** Comes back after so many milliseconds. */
export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Comes back when one of these events happens, or patience ends; then destroys the thing. */
function over(thing: { once(event: string, hear: () => void): unknown; on(event: string, hear: () => void): unknown; destroy(): unknown }, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, patience);
    function done(): void {
      clearTimeout(timer);
      thing.destroy();
      resolve();
    }
    thing.on('error', done);
    for (const event of events) thing.once(event, done);
  });
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of the answer after which the client hangs up. */
  readonly hangUpAfter?: number;
}

/** A request on a connection of its own. */
export function request({ address, token }: Target, { method, path, body, headers = {}, hangUpAfter }: Sent): Promise<void> {
  const sent = https.request(address + path, { method, agent: false, rejectUnauthorized: false, headers: { authorization: `Bearer ${token}`, ...headers } });
  let seen = 0;
  sent.on('response', (response) => {
    response.on('data', (chunk: Buffer) => {
      seen += chunk.length;
      if (hangUpAfter !== undefined && seen > hangUpAfter) sent.destroy();
    });
    response.on('error', () => undefined);
  });
  sent.on('upgrade', (_response, socket) => socket.destroy());
  const ended = over(sent, ['close']);
  sent.end(body);
  return ended;
}

/** A TLS connection that speaks HTTP/1.1 as badly as it likes. */
export function connection({ host, port }: Target, use: (socket: tls.TLSSocket) => void | Promise<void>): Promise<void> {
  const socket = tls.connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
  const ended = over(socket, ['close']);
  socket.once('secureConnect', () => void use(socket));
  socket.resume();
  return ended;
}

/** A TCP connection that need not speak TLS. */
export function tcp({ host, port }: Target, use: (socket: net.Socket) => void | Promise<void>): Promise<void> {
  const socket = net.connect({ host, port });
  const ended = over(socket, ['close']);
  socket.once('connect', () => void use(socket));
  socket.resume();
  return ended;
}

/** An HTTP/2 session. */
export function session({ address }: Target, use: (session: http2.ClientHttp2Session) => void | Promise<void>): Promise<void> {
  const made = http2.connect(address, { rejectUnauthorized: false });
  const ended = over(made, ['close']);
  made.once('connect', () => void use(made));
  return ended;
}
