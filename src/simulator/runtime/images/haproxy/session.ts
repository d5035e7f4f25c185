import { calendar, type Task, type Time } from '../../../kernel';
import { type Connection, NetworkError } from '../../../network';
import type { System } from '../../interface';
import type { Backend, BackendServer } from './backend';
import type { Proxy } from './config';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

/** [24/Nov/2026:21:21:30.509] */
export function logTime(time: Time): string {
  const c = calendar(time);
  return `[${two(c.day)}/${months[c.month - 1]}/${c.year}:${two(c.hour)}:${two(c.minute)}:${two(c.second)}.${String(Math.floor(c.microsecond / 1000)).padStart(3, '0')}]`;
}

/** What all sessions of a worker share. */
export interface Worker {
  readonly system: System;
  readonly backends: ReadonlyMap<string, Backend>;
  readonly frontends: Map<Proxy, { sessions: number; total: number; bytesIn: number; bytesOut: number }>;
  actconn: number;
  log(text: string): void;
  stats(proxy: Proxy, target: string): { readonly type: string; readonly text: string } | undefined;
}

/** A connection to a server, or why there is none. */
export interface Attempt {
  readonly connection: Connection | undefined;
  readonly server: BackendServer | undefined;
  readonly retries: number;
  readonly timedOut: boolean;
}

/** Connects to a server of the backend: three more tries a second apart, the last at another server if redispatch is on. */
export function* connectTo(system: System, backend: Backend, key: { readonly source: string; readonly uri: string; readonly cookie: string | undefined }): Task<Attempt> {
  let server = backend.pick(key, system.random);
  for (let retries = 0; ; retries++) {
    if (!server) return { connection: undefined, server, retries, timedOut: false };
    try {
      if (server.address === undefined) throw new NetworkError('ECONNREFUSED');
      const connection = yield* system.network.connect({ address: server.address, port: server.config.port }, { timeout: backend.proxy.connect ?? 5_000_000 });
      return { connection, server, retries, timedOut: false };
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      if (retries >= backend.proxy.retries) return { connection: undefined, server, retries, timedOut: error.code === 'ETIMEDOUT' };
      const last = retries === backend.proxy.retries - 1;
      if (error.code !== 'ETIMEDOUT') yield* system.sleep(Math.min(1_000_000, backend.proxy.connect ?? 1_000_000));
      if ((last && backend.proxy.redispatch) || !server.up) server = backend.pick(key, system.random, server);
    }
  }
}
