import { Channel, race, sleep, type Task } from '../../../kernel';
import { type Connection, NetworkError } from '../../../network';
import type { System } from '../../interface';
import type { Backend } from './backend';
import type { Proxy } from './config';
import { type Attempt, connectTo, logTime, type Worker } from './session';

type PumpEnd = 'end' | 'timeout' | 'broken';

/** Copies one way until the end; the number of bytes and how it ended. */
function* pump(from: Connection, to: Connection, limit: number, seen: (bytes: number) => void, busy: { at: number }, now: () => number): Task<PumpEnd> {
  try {
    for (;;) {
      const next = yield* race({ part: () => from.read(), late: () => idle(limit, busy, now) });
      if (next.winner === 'late') return 'timeout';
      const part = next.value as Uint8Array | undefined;
      if (part === undefined) {
        to.end();
        return 'end';
      }
      busy.at = now();
      seen(part.length);
      yield* to.write(part);
    }
  } catch (error) {
    if (error instanceof NetworkError) return 'broken';
    throw error;
  }
}

function* idle(limit: number, busy: { readonly at: number }, now: () => number): Task {
  for (let left = limit; left > 0; left = busy.at + limit - now()) yield* sleep(left);
}

/** One session of a frontend in mode tcp. */
export function* serveTcp(worker: Worker, proxy: Proxy, backend: Backend | undefined, client: Connection): Task {
  const { system } = worker;
  const start = system.now;
  const counters = worker.frontends.get(proxy);
  worker.actconn += 1;
  if (counters) counters.sessions += 1;
  let attempt: Attempt = { connection: undefined, server: undefined, retries: 0, timedOut: false };
  let toClient = 0;
  let toServer = 0;
  let flags = '--';
  let connectedAt: number | undefined;
  const ms = (microseconds: number) => Math.floor(microseconds / 1000);
  if (proxy.log && proxy.logFormat === 'plain') worker.log(`Connect from ${client.remote.address}:${client.remote.port} to ${client.local.address}:${client.local.port} (${proxy.name}/TCP)`);
  try {
    if (backend) {
      backend.sessions += 1;
      attempt = yield* connectTo(system, backend, { source: client.remote.address, uri: '', cookie: undefined });
    }
    const { connection, server } = attempt;
    if (!connection || !server) flags = attempt.timedOut ? 'sC' : 'SC';
    else {
      connectedAt = system.now;
      server.sessions += 1;
      server.total += 1;
      const busy = { at: system.now };
      const now = () => system.now;
      try {
        const up = pump(client, connection, proxy.client ?? Infinity, (bytes) => (toServer += bytes), busy, now);
        const down = pump(connection, client, backend?.proxy.server ?? Infinity, (bytes) => (toClient += bytes), busy, now);
        flags = yield* together(system, up, down);
      } finally {
        server.sessions -= 1;
        server.bytesIn += toServer;
        server.bytesOut += toClient;
        connection.close();
      }
    }
  } finally {
    client.close();
    if (proxy.log && proxy.logFormat !== 'plain' && !(proxy.dontLogNull && toServer === 0 && attempt.server === undefined)) {
      const where = backend ? `${backend.proxy.name}/${attempt.server?.config.name ?? '<NOSRV>'}` : `${proxy.name}/<NOSRV>`;
      const times = `${attempt.server ? 1 : -1}/${connectedAt === undefined ? -1 : ms(connectedAt - start)}/${ms(system.now - start)}`;
      worker.log(`${client.remote.address}:${client.remote.port} ${logTime(start)} ${proxy.name} ${where} ${times} ${toClient} ${flags} ${worker.actconn}/${counters?.sessions ?? 1}/${Math.max(0, (backend?.sessions ?? 1) - 1)}/${attempt.server?.sessions ?? 0}/${attempt.retries} 0/0`);
    }
    worker.actconn -= 1;
    if (counters) {
      counters.sessions -= 1;
      counters.total += 1;
      counters.bytesIn += toServer;
      counters.bytesOut += toClient;
    }
    if (backend) {
      backend.sessions -= 1;
      backend.total += 1;
    }
  }
}

/** Both ways at once, until both have ended, or either breaks, or nothing passes for too long. Gives the log's flags. */
function* together(system: System, up: Task<PumpEnd>, down: Task<PumpEnd>): Task<string> {
  const ends = new Channel<{ readonly side: string; readonly outcome: PumpEnd }>();
  const run = (side: string, task: Task<PumpEnd>) =>
    system.thread(`pump ${side}`, (function* (): Task {
      ends.send({ side, outcome: yield* task });
    })());
  run('c', up);
  run('s', down);
  for (let left = 2; left > 0; left--) {
    const end = yield* ends.receive();
    if (end?.outcome === 'timeout') return `${end.side}D`;
    if (end?.outcome === 'broken') return `${end.side.toUpperCase()}D`;
  }
  return '--';
}
