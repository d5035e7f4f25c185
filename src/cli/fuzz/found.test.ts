import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sameButForOrder } from './answers';
import { type Found, preparation } from './found';
import { SimulatedServer } from './targets';

/** What random requests once were answered differently (found/*.jsonl, written by fuzz:api --record), with Kubernetes' answers. */
const folder = new URL('./found/', import.meta.url).pathname;

function prepared(): SimulatedServer {
  const server = new SimulatedServer();
  for (const request of preparation) server.ask(request, new Map());
  return server;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
  const lines = readFileSync(`${folder}${file}`, 'utf8').split('\n').filter((line) => line !== '');
  const shared = prepared();
  test.each(lines.map((line, at) => [at + 1, line] as const))(`${file}:%i`, (_number, line) => {
    const { setup, request, expected } = JSON.parse(line) as Found;
    const server = setup.length === 0 ? shared : prepared();
    const memory = new Map();
    for (const one of setup) expect(server.ask(one, memory).answer.status).toBeLessThan(300);
    const { answer } = server.ask(request, memory);
    if (!sameButForOrder(expected, answer)) expect(answer).toEqual(expected);
  });
}
