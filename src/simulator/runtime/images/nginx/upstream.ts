import type { Random, Time } from '../../../kernel';
import { type Endpoint, isIpAddress } from '../../../network';
import { ConfigError, type Directive } from './config';

/** One server of an upstream, with how it fares. */
export interface Peer {
  readonly name: string;
  host: string;
  readonly port: number;
  /** Set once the name is resolved. */
  address: string | undefined;
  readonly weight: number;
  readonly maxFails: number;
  readonly failTimeout: number;
  readonly backup: boolean;
  readonly down: boolean;
  readonly at: string;
  fails: number;
  failedAt: Time;
  current: number;
  connections: number;
}

/** A group of servers and how one of them is picked. */
export interface Upstream {
  readonly name: string;
  readonly method: 'round-robin' | 'least_conn' | 'ip_hash' | 'random' | 'hash';
  readonly hashKey: string;
  readonly peers: Peer[];
}

export function peerOf(text: string, at: string, options: Partial<Pick<Peer, 'weight' | 'maxFails' | 'failTimeout' | 'backup' | 'down'>> = {}): Peer {
  const match = /^(.*?)(?::(\d+))?$/.exec(text);
  const host = match?.[1] ?? text;
  return {
    name: text, host, port: Number(match?.[2] ?? 80), address: isIpAddress(host) ? host : undefined, weight: 1, maxFails: 1, failTimeout: 10_000_000, backup: false, down: false, ...options, at,
    fails: 0, failedAt: 0, current: 0, connections: 0,
  };
}

/** Reads an upstream block. Throws ConfigError. */
export function upstreamOf({ args, block, file, line }: Directive): Upstream {
  const peers: Peer[] = [];
  let method: Upstream['method'] = 'round-robin';
  let hashKey = '';
  for (const directive of block ?? []) {
    const at = `in ${directive.file}:${directive.line}`;
    if (directive.name === 'least_conn' || directive.name === 'ip_hash' || directive.name === 'random') method = directive.name;
    if (directive.name === 'hash') [method, hashKey] = ['hash', directive.args[0] ?? ''];
    if (directive.name !== 'server') continue;
    const options: { weight?: number; maxFails?: number; failTimeout?: number; backup?: boolean; down?: boolean } = {};
    for (const word of directive.args.slice(1)) {
      const [key, value = ''] = word.split('=');
      if (key === 'weight' && /^[1-9]\d*$/.test(value)) options.weight = Number(value);
      else if (key === 'max_fails' && /^\d+$/.test(value)) options.maxFails = Number(value);
      else if (key === 'fail_timeout' && /^\d+(ms|s|m)?$/.test(value)) options.failTimeout = parseInt(value) * (value.endsWith('ms') ? 1000 : value.endsWith('m') ? 60_000_000 : 1_000_000);
      else if (word === 'backup') options.backup = true;
      else if (word === 'down') options.down = true;
      else if (key !== 'max_conns' && key !== 'resolve' && key !== 'slow_start') throw new ConfigError(`invalid parameter "${word}" ${at}`);
    }
    peers.push(peerOf(directive.args[0] ?? '', at, options));
  }
  if (peers.length === 0) throw new ConfigError(`no servers are inside upstream in ${file}:${line}`);
  return { name: args[0] ?? '', method, hashKey, peers };
}

const available = (peer: Peer, now: Time): boolean => !peer.down && !(peer.maxFails > 0 && peer.fails >= peer.maxFails && now - peer.failedAt <= peer.failTimeout);

function hash(text: string): number {
  let h = 2_166_136_261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16_777_619) >>> 0;
  return h;
}

/** The next server to try, without those tried already; undefined when none is alive. Backups only when nobody else is. */
export function pickPeer(upstream: Upstream, tried: ReadonlySet<Peer>, now: Time, key: string, random: Random): Peer | undefined {
  for (const backup of [false, true]) {
    const group = upstream.peers.filter((peer) => peer.backup === backup);
    const alive = (group.length === 1 && upstream.peers.length === 1 ? group.filter(({ down }) => !down) : group.filter((peer) => available(peer, now))).filter((peer) => !tried.has(peer));
    if (alive.length === 0) continue;
    if (upstream.method === 'random') return random.pick(alive);
    if (upstream.method === 'ip_hash' || upstream.method === 'hash') return alive[hash(key) % alive.length];
    let candidates = alive;
    if (upstream.method === 'least_conn') {
      const least = Math.min(...alive.map((peer) => peer.connections / peer.weight));
      candidates = alive.filter((peer) => peer.connections / peer.weight === least);
    }
    let best: Peer | undefined;
    let total = 0;
    for (const peer of candidates) {
      peer.current += peer.weight;
      total += peer.weight;
      if (!best || peer.current > best.current) best = peer;
    }
    if (best) best.current -= total;
    return best;
  }
  return undefined;
}

/** Counts a failure; after `max_fails` of them within `fail_timeout` the server rests that long. */
export function markFailed(peer: Peer, now: Time): void {
  if (now - peer.failedAt > peer.failTimeout) peer.fails = 0;
  peer.fails += 1;
  peer.failedAt = now;
}

export const endpointOf = (peer: Peer): Endpoint => ({ address: peer.address ?? peer.host, port: peer.port });
