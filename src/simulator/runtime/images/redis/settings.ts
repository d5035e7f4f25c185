import { splitWords } from './resp';

const defaults: readonly (readonly [string, string])[] = [
  ['bind', '* -::*'], ['port', '6379'], ['timeout', '0'], ['tcp-keepalive', '300'], ['tcp-backlog', '511'], ['loglevel', 'notice'], ['logfile', ''], ['databases', '16'], ['save', '3600 1 300 100 60 10000'], ['dbfilename', 'dump.rdb'], ['dir', '/data'], ['requirepass', ''], ['masterauth', ''], ['maxclients', '10000'],
  ['maxmemory', '0'], ['maxmemory-policy', 'noeviction'], ['maxmemory-samples', '5'], ['appendonly', 'no'], ['appendfilename', 'appendonly.aof'], ['appenddirname', 'appendonlydir'], ['appendfsync', 'everysec'], ['protected-mode', 'yes'], ['daemonize', 'no'], ['io-threads', '1'], ['slowlog-log-slower-than', '10000'], ['slowlog-max-len', '128'],
  ['latency-monitor-threshold', '0'], ['notify-keyspace-events', ''], ['hz', '10'], ['stop-writes-on-bgsave-error', 'yes'], ['rdbcompression', 'yes'], ['rdbchecksum', 'yes'], ['replica-read-only', 'yes'], ['replica-serve-stale-data', 'yes'], ['repl-backlog-size', '1048576'], ['repl-timeout', '60'], ['cluster-enabled', 'no'], ['lazyfree-lazy-eviction', 'no'],
  ['activedefrag', 'no'], ['supervised', 'no'], ['pidfile', ''], ['always-show-logo', 'no'], ['list-max-listpack-size', '-2'], ['hash-max-listpack-entries', '512'], ['set-max-intset-entries', '512'], ['zset-max-listpack-entries', '128'], ['min-replicas-to-write', '0'], ['proc-title-template', '{title} {listen-addr} {server-mode}'],
];

/** Those that a configuration file may hold and nothing here listens to. */
const accepted = ['rename-command', 'include', 'loadmodule', 'user', 'aclfile', 'client-output-buffer-limit', 'replicaof', 'slaveof', 'unixsocket', 'oom-score-adj', 'no-appendfsync-on-rewrite', 'auto-aof-rewrite-percentage', 'auto-aof-rewrite-min-size', 'aof-load-truncated', 'aof-use-rdb-preamble', 'rdb-del-sync-files', 'dynamic-hz', 'jemalloc-bg-thread', 'activerehashing', 'lua-time-limit', 'lazyfree-lazy-expire', 'lazyfree-lazy-server-del', 'replica-lazy-flush', 'repl-diskless-sync', 'repl-diskless-sync-delay', 'repl-disable-tcp-nodelay', 'replica-priority', 'set-proc-title', 'syslog-enabled', 'crash-log-enabled', 'stream-node-max-bytes', 'stream-node-max-entries', 'hll-sparse-max-bytes', 'disable-thp', 'aof-rewrite-incremental-fsync', 'rdb-save-incremental-fsync', 'hash-max-listpack-value', 'zset-max-listpack-value', 'list-compress-depth', 'cluster-config-file', 'cluster-node-timeout', 'replica-announce-ip', 'locale-collate'];

/** Why redis does not start: its lines on standard error. */
export class FatalConfig extends Error {
  override readonly name = 'FatalConfig';
}

/** The parameters of CONFIG GET, and what follows from them. */
export class Settings {
  readonly parameters = new Map<string, string>(defaults);

  get port(): number {
    return Number(this.parameters.get('port'));
  }

  get password(): string {
    return this.parameters.get('requirepass') ?? '';
  }

  get addresses(): readonly string[] {
    const addresses = (this.parameters.get('bind') ?? '*').split(/\s+/).map((address) => address.replace(/^-/, '')).filter((address) => !address.includes(':') && address !== '');
    return addresses.map((address) => (address === '*' ? '0.0.0.0' : address));
  }

  get appendOnly(): boolean {
    return this.parameters.get('appendonly') === 'yes';
  }

  get folder(): string {
    return this.parameters.get('dir') ?? '/data';
  }

  /** How many changes within how many seconds make a snapshot. */
  get savePoints(): readonly { readonly seconds: number; readonly changes: number }[] {
    const numbers = (this.parameters.get('save') ?? '').split(/\s+/).filter((word) => word !== '').map(Number);
    return numbers.flatMap((seconds, i) => (i % 2 === 0 ? [{ seconds, changes: numbers[i + 1] ?? 1 }] : []));
  }

  set(name: string, value: string): void {
    const size = /^(\d+)(kb|mb|gb|k|m|g|b)$/i.exec(value);
    const units: Readonly<Record<string, number>> = { b: 1, k: 1000, kb: 1024, m: 1e6, mb: 1_048_576, g: 1e9, gb: 1_073_741_824 };
    this.parameters.set(name, size && name.includes('memory') ? String(Number(size[1]) * (units[(size[2] ?? 'b').toLowerCase()] ?? 1)) : value);
  }

  /** Reads lines of a configuration file (and of the command line, which counts as its end). Throws FatalConfig. */
  load(text: string): void {
    let firstSave = true;
    text.split('\n').forEach((line, index) => {
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#')) return;
      const words = splitWords(trimmed);
      const problem = (why: string) => new FatalConfig(`\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at line ${index + 1}\n>>> '${trimmed}'\n${why}\n`);
      if (!words) throw problem('Unbalanced quotes in configuration line');
      const name = (words[0] ?? '').toLowerCase();
      if (accepted.includes(name)) return;
      if (!this.parameters.has(name)) throw problem('Bad directive or wrong number of arguments');
      if (words.length < 2) throw problem('wrong number of arguments');
      const value = words.slice(1).join(' ');
      if (['appendonly', 'protected-mode', 'daemonize'].includes(name) && value !== 'yes' && value !== 'no') throw problem("argument must be 'yes' or 'no'");
      if (name === 'port' && !/^\d+$/.test(value)) throw problem('argument couldn\'t be parsed into an integer');
      if (name === 'save' && !firstSave && value !== '') this.parameters.set('save', `${this.parameters.get('save')} ${value}`.trim());
      else this.set(name, value);
      if (name === 'save') firstSave = false;
    });
  }
}
