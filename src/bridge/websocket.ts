import type { IncomingMessage } from 'node:http';
import { type Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { StreamConnection } from '../simulator/cluster';
import type { Task } from '../simulator/kernel';
import type { Driver } from './driver';
import { tunnelPortForward } from './port-forward';
import { bytesOf, rawRequest, type UpgradeWorld } from './wire';

const streamProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
/** kubectl's name for port-forward's streams. No subprotocol may have a slash (RFC 6455): the WebSocket library gets to see another. */
const tunnel = 'SPDY/3.1+portforward.k8s.io';
const tunnelPlaceholder = 'tunnel';
/** v5: a message on this channel says that the channel in its one byte is closed. */
const closeChannel = 255;

function refuse(socket: Duplex, status: number, body: Uint8Array, headers: Readonly<Record<string, string>>): void {
  const lines = Object.entries({ ...headers, 'content-length': String(body.length), connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n`);
  socket.end(body);
}

/** Ports to forward, in order: each has a channel of data and one of errors. */
function portsOf(url: string): number[] {
  const { pathname, searchParams } = new URL(url, 'https://server');
  return pathname.endsWith('/portforward') ? searchParams.getAll('ports').flatMap((ports) => ports.split(',')).map(Number) : [];
}

/**
 * Joins a WebSocket to an upgraded connection of the API server: the first byte of a message names the channel. Channels of a
 * forwarded port begin with its number, two bytes, the low one first.
 */
function join(driver: Driver, webSocket: WebSocket, { input, output }: StreamConnection, ports: readonly number[]): void {
  const closes = webSocket.protocol === 'v5.channel.k8s.io';
  webSocket.on('message', (message) => {
    const bytes = bytesOf(message);
    const [channel] = bytes;
    if (channel === undefined) return;
    if (closes && channel === closeChannel) input.send({ channel: bytes[1] ?? 0, data: new Uint8Array(), end: true });
    else input.send({ channel, data: bytes.slice(1) });
    driver.poke();
  });
  const hangUp = (): void => {
    input.close();
    driver.poke();
  };
  webSocket.on('close', hangUp);
  webSocket.on('error', hangUp);
  for (const [index, port] of ports.entries()) {
    for (const channel of [2 * index, 2 * index + 1]) webSocket.send(Buffer.of(channel, port & 255, port >> 8));
  }
  driver.spawn('websocket', (function* (): Task {
    for (let frame = yield* output.receive(); frame; frame = yield* output.receive()) {
      webSocket.send(Buffer.concat([Buffer.of(frame.channel), frame.data]));
    }
    webSocket.close(1000);
  })());
}

/** Answers a request to upgrade: exec and attach as channels, port-forward as a tunnel. */
export function upgrade(world: UpgradeWorld, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { edge, driver } = world;
  const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => [...streamProtocols, tunnel].find((protocol) => offered.includes(protocol)) ?? false });
  const wellFormed = (request: IncomingMessage): IncomingMessage => {
    if (offered.includes(tunnel)) request.headers['sec-websocket-protocol'] = tunnelPlaceholder;
    return request;
  };
  socket.on('error', () => socket.destroy());
  if (offered.includes(tunnel)) {
    const raw = rawRequest(request);
    server.handleUpgrade(wellFormed(request), socket, head, (webSocket) => tunnelPortForward(world, raw, webSocket));
    return;
  }
  void (async () => {
    const answer = await driver.perform('upgrade', edge(rawRequest(request)));
    const { connection } = answer;
    if (!connection) return refuse(socket, answer.status, answer.body ?? new Uint8Array(), answer.headers);
    server.handleUpgrade(request, socket, head, (webSocket) => join(driver, webSocket, connection, portsOf(request.url ?? '/')));
  })().catch((error: unknown) => refuse(socket, 500, Buffer.from(error instanceof Error ? error.message : String(error)), {}));
}
