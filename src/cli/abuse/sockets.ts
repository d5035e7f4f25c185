import { WebSocket } from 'ws';
import type { Chance } from '../fuzz/chance';
import { type Attack, connection, ground, patience, pause, tcp } from './target';

const bytes = (chance: Chance, length: number): Buffer => Buffer.from(Array.from({ length }, () => chance.below(256)));

/** No TLS, or the beginning of it. */
const brokenTls: Attack = (target, chance) => tcp(target, async (socket) => {
  socket.write(chance.pick([Buffer.from('GET / HTTP/1.1\r\n\r\n'), bytes(chance, 300), Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]), Buffer.concat([Buffer.from([0x16, 0x03, 0x01, 0x00, 0x50]), bytes(chance, 80)])]));
  await pause(chance.below(500));
  if (chance.happens(0.5)) socket.destroy();
  else socket.end();
});

const brokenHttp: Attack = (target, chance) => connection(target, async (socket) => {
  const head = `Host: a\r\nAuthorization: Bearer ${target.token}\r\n`;
  socket.write(chance.pick<string | Buffer>([
    bytes(chance, 500), 'GET / HTTP/9.9\r\n\r\n', `FOO / HTTP/1.1\r\n${head}\r\n`, `POST ${ground}/configmaps HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`,
    `POST ${ground}/configmaps HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, `POST ${ground}/configmaps HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n`, `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(3000)}\r\n`,
    `GET /healthz HTTP/1.1\r\n${head}\r\n`.repeat(50), `GET /healthz HTTP/1.1\r\n${head}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99\r\n\r\n`, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ]));
  await pause(chance.below(300));
  socket.destroy();
});

/** A request that stops in the middle, on a connection that stays. */
const halfOpen: Attack = (target, chance) => connection(target, async (socket) => {
  const whole = `POST ${ground}/configmaps HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${target.token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"kind":"ConfigMap"`;
  socket.write(whole.slice(0, 1 + chance.below(whole.length)));
  await pause(500 + chance.below(patience - 1000));
  socket.destroy();
});

/** A body that comes byte by byte, perhaps to its end. */
const slowBody: Attack = (target, chance) => connection(target, async (socket) => {
  const body = '{"metadata":{"name":"slow"}}';
  socket.write(`POST ${ground}/configmaps HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${target.token}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`);
  const end = chance.happens(0.5) ? body.length : chance.below(body.length);
  for (let at = 0; at < end && !socket.destroyed; at++) {
    socket.write(body[at] as string);
    await pause(chance.below(80));
  }
  if (end < body.length) socket.destroy();
});

/** Asks for a long answer again and again and reads none of it. */
const deafReader: Attack = (target, chance) => connection(target, async (socket) => {
  socket.pause();
  for (let number = 0; number < 20; number++) socket.write(`GET /openapi/v2 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${target.token}\r\n\r\n`);
  await pause(chance.below(1500));
  socket.destroy();
});

/** exec, attach or a port that is forwarded, torn down in the middle. */
const tornWebSocket: Attack = ({ address, token }, chance) => new Promise((resolve) => {
  const path = chance.pick(['exec?command=cat&stdin=true&stdout=true', 'exec?command=sh&command=-c&command=yes&stdout=true', 'exec?command=none&stdout=true', 'attach?stdout=true&stdin=true', 'portforward?ports=80', 'exec', 'log?follow=true']);
  const socket = new WebSocket(`${address.replace('https', 'wss')}${ground}/pods/shell/${path}`, chance.pick(['v5.channel.k8s.io', 'v4.channel.k8s.io', 'SPDY-3.1', 'nonsense']), { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } });
  const timer = setTimeout(() => socket.terminate(), chance.below(1500) + 100);
  socket.on('open', () => {
    for (let number = 0; number < chance.below(20); number++) socket.send(chance.pick([Buffer.from([0, 0x68, 0x0a]), bytes(chance, 2000), Buffer.from([255, 0]), Buffer.from([9]), Buffer.alloc(0), Buffer.from('text')]));
    if (chance.happens(0.3)) socket.close(1000);
    else if (chance.happens(0.5)) socket.terminate();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(timer);
    resolve();
  });
});

/** Everything below HTTP, or beside it, by name. */
export const socketAttacks: Readonly<Record<string, Attack>> = { brokenTls, brokenHttp, halfOpen, slowBody, deafReader, tornWebSocket };
