import type { Random, Time } from '../../../kernel';
import type { Proxy, ServerConfig } from './config';

/** A server with how it fares. */
export interface BackendServer {
  readonly config: ServerConfig;
  address: string | undefined;
  up: boolean;
  /** From 0 to rise + fall - 1; at `rise` and above it is up. */
  health: number;
  current: number;
  sessions: number;
  total: number;
  bytesIn: number;
  bytesOut: number;
  failures: number;
  downs: number;
  changedAt: Time;
  lastCheck: string;
}

/** A backend at work. */
export class Backend {
  readonly servers: BackendServer[];
  sessions = 0;
  total = 0;
  private started: number;

  constructor(readonly proxy: Proxy, now: Time) {
    this.started = now;
    this.servers = proxy.servers.map((config) => ({ config, address: undefined, up: !config.disabled, health: config.rise, current: 0, sessions: 0, total: 0, bytesIn: 0, bytesOut: 0, failures: 0, downs: 0, changedAt: this.started, lastCheck: '' }));
  }

  /** Servers that take part: active ones; the first backup only when none of them is left. */
  get usable(): readonly BackendServer[] {
    const alive = this.servers.filter(({ up, config }) => up && config.weight > 0);
    const active = alive.filter(({ config }) => !config.backup);
    return active.length > 0 ? active : alive.slice(0, 1);
  }

  get counts(): { readonly active: number; readonly backup: number } {
    const up = this.servers.filter((server) => server.up);
    return { active: up.filter(({ config }) => !config.backup).length, backup: up.filter(({ config }) => config.backup).length };
  }

  /** Forgets whose turn it is: the set of servers has changed. */
  rebalance(): void {
    for (const server of this.servers) server.current = 0;
  }

  pick(key: { readonly source: string; readonly uri: string; readonly cookie: string | undefined }, random: Random, not?: BackendServer): BackendServer | undefined {
    const sticky = key.cookie === undefined ? undefined : this.servers.find(({ config, up }) => up && config.cookie === key.cookie);
    if (sticky) return sticky;
    let candidates = this.usable;
    if (not && candidates.length > 1) candidates = candidates.filter((server) => server !== not);
    const { balance } = this.proxy;
    if (candidates.length === 0) return undefined;
    if (balance === 'first') return candidates[0];
    if (balance === 'random') return random.pick(candidates);
    if (balance === 'source' || balance === 'uri') return candidates[hash(balance === 'source' ? key.source : key.uri) % candidates.length];
    if (balance === 'leastconn') {
      const least = Math.min(...candidates.map(({ sessions, config }) => sessions / config.weight));
      candidates = candidates.filter(({ sessions, config }) => sessions / config.weight === least);
    }
    let best: BackendServer | undefined;
    let total = 0;
    for (const server of candidates) {
      server.current += server.config.weight;
      total += server.config.weight;
      if (!best || server.current > best.current) best = server;
    }
    if (best) best.current -= total;
    return best;
  }
}

function hash(text: string): number {
  let h = 2_166_136_261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16_777_619) >>> 0;
  return h;
}
