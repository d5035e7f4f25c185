import { calendar, Channel, seconds, sleep, type Task } from '../../../kernel';
import { ByteReader, NetworkError } from '../../../network';
import { type Program, type System, SystemError } from '../../interface';
import { readSnapshot, writeSnapshot } from './persistence';
import { encodeCommand, readCommand, toBytes, toText } from './resp';
import { Client, Server } from './server';
import { FatalConfig, Settings } from './settings';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');
const version = '7.0.15';

class RedisServer {
  private readonly server: Server;
  private readonly ends = new Channel<number>();
  private stopping = false;
  private appended = -1;

  constructor(private readonly system: System, private readonly settings: Settings, configFile: string) {
    this.server = new Server(system, settings, {
      save: () => this.save(),
      shutDown: (why, save) => system.thread('shutdown', this.shutDown(why, save)),
      append: (database, args) => this.append(database, args),
    });
    this.server.configFile = configFile;
  }

  private *log(level: '#' | '*' | '-', text: string, role = 'M'): Task {
    const { system } = this;
    const c = calendar(system.now);
    const line = `${system.pid}:${role} ${two(c.day)} ${months[c.month - 1]} ${c.year} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}.${String(Math.floor(c.microsecond / 1000)).padStart(3, '0')} ${level} ${text}\n`;
    const file = this.settings.parameters.get('logfile') ?? '';
    if (file === '') yield* system.stdout.write(line);
    else system.files.appendFile(file, line);
  }

  *run(): Task<number> {
    const { system, settings, server } = this;
    yield* this.log('#', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', 'C');
    yield* this.log('#', `Redis version=${version}, bits=64, commit=00000000, modified=0, pid=${system.pid}, just started`, 'C');
    if (server.configFile === '' && system.argv.length === 1) yield* this.log('#', 'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf', 'C');
    else yield* this.log('#', 'Configuration loaded', 'C');
    yield* this.log('*', 'monotonic clock: POSIX clock_gettime');
    for (const address of settings.addresses) {
      try {
        const listener = system.network.listen({ address, port: settings.port, backlog: 511 });
        system.thread('accept', server.serve(listener));
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        const words = error.code === 'EADDRINUSE' ? 'Address already in use' : 'Cannot assign requested address';
        yield* this.log('#', `Warning: Could not create server TCP listening socket ${address === '0.0.0.0' ? '*' : address}:${settings.port}: bind: ${words}`);
        yield* this.log('#', 'Failed listening on port %u (TCP), aborting.'.replace('%u', String(settings.port)));
        return 1;
      }
    }
    system.setTitle?.(`redis-server ${settings.addresses[0] === '0.0.0.0' ? '*' : settings.addresses[0]}:${settings.port}`);
    yield* this.log('*', `Running mode=standalone, port=${settings.port}.`);
    yield* this.log('#', 'Server initialized');
    yield* this.log('#', "WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail under low memory condition. Being disabled, it can can also cause failures without low memory condition, see https://github.com/jemalloc/jemalloc/issues/1328. To fix this issue add 'vm.overcommit_memory = 1' to /etc/sysctl.conf and then reboot or run the command 'sysctl vm.overcommit_memory=1' for this to take effect.");
    if (!(yield* this.load())) return 1;
    yield* this.log('*', 'Ready to accept connections');
    for (const [signal, words] of [['TERM', 'Received SIGTERM scheduling shutdown...'], ['INT', 'Received SIGINT scheduling shutdown...']] as const) system.onSignal(signal, () => system.thread('shutdown', this.shutDown(words, settings.savePoints.length > 0, true)));
    system.onSignal('HUP', 'ignore');
    system.onSignal('PIPE', 'ignore');
    system.useMemory(8_000_000);
    return (yield* this.ends.receive()) ?? 0;
  }

  private get snapshot(): string {
    return `${this.settings.folder}/${this.settings.parameters.get('dbfilename') ?? 'dump.rdb'}`;
  }

  private get appendFile(): string {
    const { parameters } = this.settings;
    return `${this.settings.folder}/${parameters.get('appenddirname') ?? ''}/${parameters.get('appendfilename') ?? ''}.1.incr.aof`;
  }

  private *load(): Task<boolean> {
    const { system, server, settings } = this;
    if (settings.appendOnly && system.files.exists(this.appendFile)) {
      const data = system.files.readFile(this.appendFile);
      let given = false;
      const reader = new ByteReader({ *read() {
        if (given) return undefined;
        given = true;
        return data;
      } });
      const client = new Client(0, system.now, undefined, () => undefined);
      client.authenticated = true;
      this.appended = -2;
      for (let args = yield* readCommand(reader); args; args = yield* readCommand(reader)) yield* server.execute(client, args);
      this.appended = -1;
      yield* this.log('*', `DB loaded from append only file: 0.000 seconds`);
      return true;
    }
    const found = readSnapshot(system, this.snapshot, server.databases);
    if (found === 'bad') {
      yield* this.log('#', `Fatal error loading the DB, check server logs. Exiting.`);
      return false;
    }
    if (!found) return true;
    server.statistics.loadedKeys = found.keys;
    yield* this.log('*', `Loading RDB produced by version ${version}`);
    yield* this.log('*', `RDB age ${Math.floor((system.now - found.at) / 1e6)} seconds`);
    yield* this.log('*', 'RDB memory usage when created 0.99 Mb');
    yield* this.log('*', `Done loading RDB, keys loaded: ${found.keys}, keys expired: ${found.expired}.`);
    yield* this.log('*', 'DB loaded from disk: 0.000 seconds');
    return true;
  }

  private save(): boolean {
    try {
      writeSnapshot(this.system, this.snapshot, this.server.databases);
      return true;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.system.thread('log', this.log('#', `Failed opening the temp RDB file temp-${this.system.pid}.rdb (in server root dir ${this.settings.folder}) for saving: ${error.code === 'EROFS' ? 'Read-only file system' : 'Permission denied'}`));
      return false;
    }
  }

  private append(database: number, args: readonly string[]): void {
    const { system } = this;
    this.scheduleSnapshot();
    if (!this.settings.appendOnly || this.appended === -2) return;
    try {
      const select = database === this.appended ? '' : toText(encodeCommand(['SELECT', String(database)]));
      const folder = this.appendFile.replace(/\/[^/]*$/, '');
      if (!system.files.exists(folder)) system.files.makeFolder(folder, { parents: true });
      system.files.appendFile(this.appendFile, toBytes(select + toText(encodeCommand(args))));
      this.appended = database;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }

  private snapshotScheduled = false;

  /** The save points: looked at when the nearest of them may be due. */
  private scheduleSnapshot(): void {
    const points = this.settings.savePoints;
    if (this.snapshotScheduled || points.length === 0) return;
    this.snapshotScheduled = true;
    this.system.thread('save points', this.watchSavePoints());
  }

  private *watchSavePoints(): Task {
    const { server, system } = this;
    const points = this.settings.savePoints;
    while (server.dirty > 0) {
      const next = Math.min(...points.filter(({ changes }) => server.dirty >= changes).map((point) => server.lastSave + seconds(point.seconds) - system.now));
      if (next > 0) {
        yield* sleep(Math.min(next, seconds(60)));
        continue;
      }
      const point = points.find(({ changes, seconds: limit }) => server.dirty >= changes && server.lastSave + seconds(limit) <= system.now);
      yield* this.log('*', `${server.dirty} changes in ${point?.seconds ?? 0} seconds. Saving...`);
      yield* this.log('*', `Background saving started by pid ${system.pid + 1}`);
      if (!server.save()) break;
      yield* this.log('*', 'DB saved on disk', 'C');
      yield* this.log('*', 'Background saving terminated with success');
    }
    this.snapshotScheduled = false;
  }

  private *shutDown(why: string, save: boolean, signal = false): Task {
    if (this.stopping) return;
    this.stopping = true;
    yield* this.log('#', signal ? why : 'User requested shutdown...');
    if (signal) yield* this.log('#', 'User requested shutdown...');
    if (save && this.settings.savePoints.length > 0) {
      yield* this.log('*', 'Saving the final RDB snapshot before exiting.');
      if (this.save()) yield* this.log('*', 'DB saved on disk');
    }
    yield* this.log('#', 'Redis is now ready to exit, bye bye...');
    this.ends.send(0);
  }
}

/** /usr/bin/redis-server [FILE] [--name value …]. */
export const redisServer: Program = function* (system) {
  const { argv, stdout, stderr } = system;
  if (argv.includes('--version') || argv.includes('-v')) {
    yield* stdout.write(`Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0\n`);
    return 0;
  }
  const file = argv[1] !== undefined && !argv[1].startsWith('--') ? argv[1] : '';
  let text = '';
  try {
    if (file === '-') for (let part = yield* system.stdin.read(); part; part = yield* system.stdin.read()) text += toText(part);
    else if (file !== '') text = system.files.readText(file);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    yield* stderr.write(`Fatal error, can't open config file '${file.startsWith('/') ? file : `${system.cwd}/${file}`}': ${error.code === 'EACCES' ? 'Permission denied' : 'No such file or directory'}\n`);
    return 1;
  }
  for (const word of argv.slice(file === '' ? 1 : 2)) text += word.startsWith('--') ? `\n${word.slice(2)}` : ` "${word.replace(/["\\]/g, '\\$&')}"`;
  const settings = new Settings();
  if (system.cwd !== '/data' && !system.files.exists('/data')) settings.set('dir', system.cwd);
  try {
    settings.load(text);
  } catch (error) {
    if (!(error instanceof FatalConfig)) throw error;
    yield* stderr.write(error.message);
    return 1;
  }
  return yield* new RedisServer(system, settings, file).run();
};
