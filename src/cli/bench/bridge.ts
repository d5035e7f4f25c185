import { fork } from 'node:child_process';
import https from 'node:https';
import path from 'node:path';
import process from 'node:process';
import { type Bridge, startBridge } from '../../bridge';
import { atLeast, atMost, type Figure } from './measure';
import type { LoadResult, LoadTarget } from './load';

const objects = 10_000;

/** Clients in a process of their own: the server's work is not held up by theirs. */
function load(target: LoadTarget): Promise<LoadResult> {
  const child = fork(path.join(import.meta.dirname, 'load.ts'), [JSON.stringify(target)], { execArgv: ['--import', 'tsx'] });
  return new Promise((resolve, reject) => {
    child.on('message', (result) => resolve(result as LoadResult));
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the clients ended with ${code}`)));
  });
}

/** Wall milliseconds until the whole answer is there; `agent` keeps its connection. */
function read(agent: https.Agent, url: URL, token: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    https.get(url, { agent, headers: { authorization: `Bearer ${token}`, accept: 'application/json' } }, (response) => {
      response.resume();
      response.on('end', () => resolve(performance.now() - began));
    }).on('error', reject);
  });
}

async function listing({ address, cluster }: Bridge, token: string, quick: boolean): Promise<Figure> {
  for (let number = 0; number < objects; number++) {
    cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/configmaps', body: Object.freeze({ metadata: { name: `listed-${number}` }, data: { key: `value ${number}` } }) });
  }
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const url = new URL('/api/v1/namespaces/default/configmaps', address);
  const times: number[] = [];
  for (let run = 0; run < (quick ? 3 : 9); run++) times.push(await read(agent, url, token));
  agent.destroy();
  return atMost(`${objects} objects listed through the bridge`, times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number, 150, 'ms');
}

/** What real clients get through the port: HTTPS, JSON, keep-alive. */
export async function bridgeFigures(quick: boolean): Promise<Figure[]> {
  const bridge = await startBridge({ port: 0, nodes: 1, bare: true }, (error) => {
    throw error;
  });
  try {
    const token = /token: (\S+)/.exec(bridge.kubeconfig)?.[1] ?? '';
    const target = { address: bridge.address, token, connections: 6 };
    await load({ ...target, connections: 2, duration: 1000 });
    const before = process.cpuUsage();
    const { requests, took } = await load({ ...target, duration: quick ? 2000 : 8000 });
    const { user, system } = process.cpuUsage(before);
    return [
      atLeast('requests/s through the bridge (6 connections)', requests / (took / 1000), 2000, '/s'),
      atLeast('… per second of the server\'s own processor time', requests / ((user + system) / 1e6), 2000, '/s'),
      await listing(bridge, token, quick),
    ];
  } finally {
    await bridge.close();
  }
}
