import { Channel, type Task, utf8Encode } from '../../../kernel';
import { ByteReader, type Connection, HttpError, NetworkError } from '../../../network';
import type { Image, Program, System } from '../../interface';
import { toBytes, toText } from '../redis/resp';
import { debianUserland } from '../userlands';

interface Item {
  flags: string;
  data: string;
  expiresAt: number | undefined;
  cas: number;
}

class Memcached {
  private readonly items = new Map<string, Item>();
  private cas = 0;
  private connections = 0;
  private total = 0;
  private readonly counts = { get: 0, set: 0, hits: 0, misses: 0 };
  private readonly startedAt: number;

  constructor(private readonly system: System) {
    this.startedAt = system.now;
  }

  *serve(connection: Connection): Task {
    const reader = new ByteReader(connection);
    this.connections += 1;
    this.total += 1;
    try {
      for (let line = yield* reader.line(2048); line !== undefined && line !== 'quit'; line = yield* reader.line(2048)) {
        const words = line.split(' ').filter((word) => word !== '');
        const answer = ['set', 'add', 'replace', 'append', 'prepend', 'cas'].includes(words[0] ?? '') ? yield* this.store(reader, words) : this.answer(words);
        if (answer !== '' && words.at(-1) !== 'noreply') yield* connection.write(toBytes(answer));
      }
    } catch (error) {
      if (!(error instanceof NetworkError) && !(error instanceof HttpError)) throw error;
    } finally {
      this.connections -= 1;
      connection.close();
    }
  }

  private find(key: string): Item | undefined {
    const item = this.items.get(key);
    if (item?.expiresAt === undefined || item.expiresAt > this.system.now) return item;
    this.items.delete(key);
    return undefined;
  }

  /** Up to thirty days an expiry is relative. */
  private until(text: string | undefined): number | undefined {
    const value = Number(text ?? 0);
    return value === 0 ? undefined : value > 2_592_000 ? value * 1e6 : this.system.now + value * 1e6;
  }

  private *store(reader: ByteReader, [command = '', key = '', flags = '0', expiry, size, unique]: readonly string[]): Task<string> {
    const length = Number(size);
    if (!Number.isInteger(length) || length < 0 || key.length > 250) return 'CLIENT_ERROR bad command line format\r\n';
    const data = toText(yield* reader.exactly(length));
    if ((yield* reader.line(2)) !== '') return 'CLIENT_ERROR bad data chunk\r\n';
    this.counts.set += 1;
    const before = this.find(key);
    if (command === 'cas' && !before) return 'NOT_FOUND\r\n';
    if (command === 'cas' && before?.cas !== Number(unique)) return 'EXISTS\r\n';
    if ((command === 'add' && before) || (['replace', 'append', 'prepend'].includes(command) && !before)) return 'NOT_STORED\r\n';
    this.cas += 1;
    if (before && (command === 'append' || command === 'prepend')) Object.assign(before, { data: command === 'append' ? before.data + data : data + before.data, cas: this.cas });
    else this.items.set(key, { flags, data, expiresAt: this.until(expiry), cas: this.cas });
    return 'STORED\r\n';
  }

  private answer([command = '', ...args]: readonly string[]): string {
    const [key = '', amount] = args;
    switch (command) {
      case 'get':
      case 'gets': return `${args.map((one) => this.value(one, command === 'gets')).join('')}END\r\n`;
      case 'delete': return this.find(key) && this.items.delete(key) ? 'DELETED\r\n' : 'NOT_FOUND\r\n';
      case 'touch': {
        const item = this.find(key);
        if (item) item.expiresAt = this.until(amount);
        return item ? 'TOUCHED\r\n' : 'NOT_FOUND\r\n';
      }
      case 'incr':
      case 'decr': {
        const item = this.find(key);
        if (!item) return 'NOT_FOUND\r\n';
        if (!/^\d+$/.test(item.data)) return 'CLIENT_ERROR cannot increment or decrement non-numeric value\r\n';
        item.data = String(Math.max(0, Number(item.data) + (command === 'incr' ? 1 : -1) * Number(amount)));
        return `${item.data}\r\n`;
      }
      case 'flush_all': this.items.clear(); return 'OK\r\n';
      case 'verbosity': return 'OK\r\n';
      case 'version': return 'VERSION 1.6.18\r\n';
      case 'stats': return this.statistics();
      default: return 'ERROR\r\n';
    }
  }

  private value(key: string, unique: boolean): string {
    const item = this.find(key);
    this.counts.get += 1;
    this.counts[item ? 'hits' : 'misses'] += 1;
    return item ? `VALUE ${key} ${item.flags} ${item.data.length}${unique ? ` ${item.cas}` : ''}\r\n${item.data}\r\n` : '';
  }

  private statistics(): string {
    const { system, counts } = this;
    const rows = { pid: system.pid, uptime: Math.floor((system.now - this.startedAt) / 1e6), time: Math.floor(system.now / 1e6), version: '1.6.18', pointer_size: 64, max_connections: 1024, curr_connections: this.connections + 1, total_connections: this.total + 1, cmd_get: counts.get, cmd_set: counts.set, get_hits: counts.hits, get_misses: counts.misses, bytes: [...this.items].reduce((sum, [key, { data }]) => sum + key.length + data.length + 56, 0), curr_items: this.items.size, limit_maxbytes: 67_108_864, threads: 4, evictions: 0 };
    return `${Object.entries(rows).map(([name, value]) => `STAT ${name} ${value}\r\n`).join('')}END\r\n`;
  }
}

const memcached: Program = function* (system) {
  const { argv } = system;
  if (argv.includes('-V') || argv.includes('--version')) {
    yield* system.stdout.write('memcached 1.6.18\n');
    return 0;
  }
  const value = (flag: string) => (argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : undefined);
  const ends = new Channel<number>();
  for (const signal of ['TERM', 'INT'] as const) system.onSignal(signal, () => {
    system.thread('bye', system.stdout.write(utf8Encode(`Signal handled: ${signal === 'TERM' ? 'Terminated' : 'Interrupt'}.\n`)));
    ends.send(0);
  });
  let listener;
  try {
    listener = system.network.listen({ port: Number(value('-p') ?? 11_211), address: value('-l') ?? '0.0.0.0' });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(`bind(): Address already in use\nfailed to listen on TCP port ${value('-p') ?? 11_211}: Address already in use\n`);
    return 71;
  }
  const server = new Memcached(system);
  const accepting = listener;
  system.thread('accept', (function* (): Task {
    for (let connection = yield* accepting.accept(); connection; connection = yield* accepting.accept()) system.thread('client', server.serve(connection));
  })());
  return (yield* ends.receive()) ?? 0;
};

/** docker.io/library/memcached. */
export const memcachedImage: Image = {
  repository: 'docker.io/library/memcached',
  tags: ['latest', '1', '1.6', '1.6-alpine', '1.6.18', '1.6.23', '1.6.39', 'alpine', '1.6-bookworm'],
  sizeBytes: 31_000_000,
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['memcached'],
  exposedPorts: ['11211/tcp'],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: { '/usr/local/bin/memcached': memcached },
  files: { '/usr/local/bin/docker-entrypoint.sh': { data: '#!/bin/sh\nset -e\nif [ "${1#-}" != "$1" ]; then set -- memcached "$@"; fi\nexec "$@"\n', mode: 0o755 } },
  base: debianUserland,
};
