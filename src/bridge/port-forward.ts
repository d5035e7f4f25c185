import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { RawRequest, StreamConnection } from '../simulator/cluster';
import type { Task } from '../simulator/kernel';
import { SpdyConnection, type SpdyStream } from './spdy';
import { bytesOf, type UpgradeWorld } from './wire';

/** The bytes of a WebSocket's messages as one stream. */
function duplexOf(webSocket: WebSocket): Duplex {
  const duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => webSocket.send(chunk, () => done()),
    final: (done) => {
      webSocket.close(1000);
      done();
    },
  });
  webSocket.on('message', (message) => duplex.push(bytesOf(message)));
  webSocket.on('close', () => duplex.push(null));
  webSocket.on('error', () => duplex.destroy());
  return duplex;
}

/** The pair of streams that stands for one connection to a forwarded port. */
interface Pair {
  error?: SpdyStream;
  data?: SpdyStream;
}

/** What comes before the connection stands waits here. */
function collect(stream: SpdyStream): { readonly chunks: Buffer[]; ended: boolean; reset: boolean } {
  const early: { readonly chunks: Buffer[]; ended: boolean; reset: boolean } = { chunks: [], ended: false, reset: false };
  stream.onData = (chunk) => void early.chunks.push(chunk);
  stream.onEnd = () => void (early.ended = true);
  stream.onReset = () => void (early.reset = true);
  return early;
}

function connect({ driver }: UpgradeWorld, { input, output }: StreamConnection, { data, error }: Required<Pair>, early: ReturnType<typeof collect>): void {
  const pass = (chunk: Uint8Array, end = false): void => {
    input.send({ channel: 0, data: new Uint8Array(chunk), ...(end && { end }) });
    driver.poke();
  };
  data.onData = (chunk) => pass(chunk);
  data.onEnd = () => pass(new Uint8Array(), true);
  data.onReset = () => {
    input.close();
    driver.poke();
  };
  driver.spawn('port-forward', (function* (): Task {
    for (let frame = yield* output.receive(); frame; frame = yield* output.receive()) {
      if (frame.channel === 1) error.end(frame.data);
      else if (frame.data.length > 0) data.write(frame.data);
      if (frame.channel === 1 || frame.end) break;
    }
    data.end();
    error.end();
  })());
  pass(new Uint8Array()); // opens the connection
  for (const chunk of early.chunks) data.onData(chunk);
  if (early.ended) data.onEnd();
  if (early.reset) data.onReset();
}

/** port-forward's streams over a transport: each connection is two of them, of errors and of data. */
export function forwardPorts(world: UpgradeWorld, request: RawRequest, transport: Duplex): void {
  const pairs = new Map<string, Pair>();
  const begin = async (port: string, pair: Required<Pair>): Promise<void> => {
    const early = collect(pair.data);
    const [path] = request.url.split('?');
    const answer = await world.driver.perform('port-forward', world.edge({ ...request, method: 'GET', url: `${path}?ports=${encodeURIComponent(port)}` }));
    if (answer.connection) return connect(world, answer.connection, pair, early);
    pair.error.end(answer.body ?? new Uint8Array());
    pair.data.end();
  };
  new SpdyConnection(transport, (stream) => {
    const { streamtype = '', requestid = '', port = '' } = stream.headers;
    const pair = pairs.get(requestid) ?? {};
    pairs.set(requestid, pair);
    if (streamtype === 'error') pair.error = stream;
    else pair.data = stream;
    if (!pair.error || !pair.data) return;
    pairs.delete(requestid);
    begin(port, pair as Required<Pair>).catch(() => transport.destroy());
  });
}

/** SPDY/3.1 tunnelled over a WebSocket: kubectl port-forward. */
export const tunnelPortForward = (world: UpgradeWorld, request: RawRequest, webSocket: WebSocket): void => forwardPorts(world, request, duplexOf(webSocket));
