import https from 'node:https';
import process from 'node:process';

/** What the load is to be put on. */
export interface LoadTarget {
  readonly address: string;
  readonly token: string;
  readonly connections: number;
  /** How long, in milliseconds. */
  readonly duration: number;
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  /** Wall milliseconds. */
  readonly took: number;
}

const { address, token, connections, duration } = JSON.parse(process.argv[2] ?? '') as LoadTarget;

function send(agent: https.Agent, method: string, path: string, body?: object): Promise<void> {
  const bytes = body && Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const request = https.request(new URL(path, address), {
      method, agent, headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }) },
    }, (response) => {
      response.resume();
      response.on('end', () => ((response.statusCode ?? 500) < 300 ? resolve() : reject(new Error(`${method} ${path}: ${response.statusCode}`))));
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

/** One connection: creates an object, reads it, lists some, over and over. */
async function client(number: number, until: number): Promise<number> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const namespace = `load-${connections}-${number}`;
  await send(agent, 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  let count = 0;
  for (; performance.now() < until; count += 3) {
    await send(agent, 'POST', path, { metadata: { name: `c-${count}` }, data: { key: 'value' } });
    await send(agent, 'GET', `${path}/c-${count}`);
    await send(agent, 'GET', `${path}?limit=10`);
  }
  agent.destroy();
  return count;
}

const began = performance.now();
const counts = await Promise.all(Array.from({ length: connections }, (_, number) => client(number, began + duration)));
process.send?.({ requests: counts.reduce((sum, count) => sum + count, 0), took: performance.now() - began } satisfies LoadResult);
