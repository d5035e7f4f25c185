import { Duplex } from 'node:stream';
import spdy, { type SpdyStream } from 'spdy-transport';
import type { WebSocket } from 'ws';
import type { RawRequest, StreamConnection } from '../simulator/cluster';
import type { Task } from '../simulator/kernel';
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

function connect({ driver }: UpgradeWorld, { input, output }: StreamConnection, { data, error }: Required<Pair>): void {
  data.on('data', (chunk: Buffer) => {
    input.send({ channel: 0, data: new Uint8Array(chunk) });
    driver.poke();
  });
  data.on('end', () => {
    input.send({ channel: 0, data: new Uint8Array(), end: true });
    driver.poke();
  });
  const hangUp = (): void => {
    input.close();
    driver.poke();
  };
  data.on('close', hangUp);
  data.on('error', hangUp);
  error.on('error', () => undefined);
  driver.spawn('port-forward', (function* (): Task {
    for (let frame = yield* output.receive(); frame; frame = yield* output.receive()) {
      if (frame.channel === 1) {
        error.end(Buffer.from(frame.data));
        data.end();
      } else if (frame.data.length > 0) data.write(Buffer.from(frame.data));
      if (frame.end && frame.channel === 0) {
        data.end();
        error.end();
      }
    }
  })());
  input.send({ channel: 0, data: new Uint8Array() }); // opens the connection
  driver.poke();
}

/** SPDY/3.1 tunnelled over a WebSocket: kubectl port-forward. Each connection is two streams, of errors and of data. */
export function tunnelPortForward(world: UpgradeWorld, request: RawRequest, webSocket: WebSocket): void {
  const connection = spdy.connection.create(duplexOf(webSocket), { protocol: 'spdy', isServer: true });
  connection.start(3.1);
  const pairs = new Map<string, Pair>();
  const begin = async (port: string, pair: Required<Pair>): Promise<void> => {
    const path = request.url.split('?')[0];
    const answer = await world.driver.perform('port-forward', world.edge({ ...request, method: 'GET', url: `${path}?ports=${encodeURIComponent(port)}` }));
    if (answer.connection) connect(world, answer.connection, pair);
    else {
      pair.error.end(Buffer.from(answer.body ?? []));
      pair.data.end();
    }
  };
  connection.on('stream', (stream) => {
    const { streamtype = '', requestid = '', port = '' } = stream.headers;
    stream.respond(200, {});
    const pair = pairs.get(requestid) ?? {};
    pairs.set(requestid, pair);
    if (streamtype === 'error') pair.error = stream;
    else pair.data = stream;
    if (pair.error && pair.data) {
      pairs.delete(requestid);
      begin(port, pair as Required<Pair>).catch(() => webSocket.terminate());
    }
  });
  connection.on('error', () => webSocket.terminate());
}
