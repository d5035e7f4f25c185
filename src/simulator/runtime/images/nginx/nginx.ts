import { Channel, milliseconds, sleep, type Task } from '../../../kernel';
import { type Listener, NetworkError } from '../../../network';
import { type ChildProcess, type Program, type SignalName, type System, SystemError } from '../../interface';
import { ConfigError, type ConfigSource, readConfig } from './config';
import { checkDirectives } from './directives';
import { Logs } from './logs';
import { version } from './pages';
import { resolveUpstreams } from './proxy';
import { type Service, serveConnection } from './serve';
import { type Configuration, compile } from './settings';
import { systemText } from './static';

const cpus = 2;
const workerMark = 'NGINX_WORKER';
const daemonMark = 'NGINX_DAEMON';

interface Options {
  test: boolean;
  dump: boolean;
  quiet: boolean;
  signal: string | undefined;
  file: string;
  globals: string;
}

/** Reads, checks and compiles the configuration. Throws ConfigError. */
function* load(system: System, options: Options, seen?: ConfigSource['seen']): Task<Configuration> {
  const source: ConfigSource = {
    read: (path) => {
      try {
        return system.files.readText(path);
      } catch (error) {
        if (error instanceof SystemError) throw new ConfigError(error.code === 'EISDIR' ? `read() "${path}" failed (${systemText(error.code)})` : `open() "${path}" failed (${systemText(error.code)})`);
        throw error;
      }
    },
    glob: (pattern) => glob(system, pattern),
    ...(seen && { seen }),
  };
  const globals = options.globals === '' ? [] : readConfig('command line', { read: () => options.globals, glob: () => [] });
  const directives = [...globals, ...readConfig(options.file, source)];
  checkDirectives(directives, 'main');
  const configuration = compile(directives, cpus);
  const missing = yield* resolveUpstreams(configuration, system);
  if (missing !== undefined) throw new ConfigError(missing);
  return configuration;
}

function glob(system: System, pattern: string): string[] {
  const slash = pattern.lastIndexOf('/');
  const folder = pattern.slice(0, slash);
  const expression = new RegExp(`^${pattern.slice(slash + 1).replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);
  try {
    return system.files.list(folder).filter((name) => !name.startsWith('.') && expression.test(name)).sort().map((name) => `${folder}/${name}`);
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
}

class Master {
  private readonly logs: Logs;
  private readonly listeners = new Map<string, Listener>();
  private workers: ChildProcess[] = [];
  private readonly signals = new Channel<SignalName | 'CHLD'>();
  private readonly exited: { pid: number; code: number }[] = [];
  private readonly service: Service;
  private stopping = false;

  constructor(private readonly system: System, private configuration: Configuration, private readonly options: Options) {
    this.logs = new Logs(system, configuration.errorLog, configuration.errorLevel);
    this.service = {
      system, configuration, counters: { accepted: 0, requests: 0, active: 0, waiting: 0 }, quitting: false,
      writeAccessLog: (exchange) => this.logs.access(exchange),
      writeErrorLog: (level, connection, text) => this.logs.error(level, text, this.workers[connection % Math.max(1, this.workers.length)]?.pid, connection),
    };
  }

  *run(): Task<number> {
    const { system, configuration, logs } = this;
    const complain = function* (text: string): Task<number> {
      logs.error('emerg', text);
      yield* logs.flush();
      if (configuration.errorLog !== 'stderr') yield* system.stderr.write(`nginx: [emerg] ${text}\n`);
      return 1;
    };
    for (const path of [configuration.errorLog, ...logPaths(configuration)]) {
      const code = logs.open(path);
      if (code !== undefined) return yield* complain(`open() "${path}" failed (${systemText(code)})`);
    }
    const taken = yield* this.bindAll(configuration);
    if (taken !== undefined) return yield* complain(taken);
    for (const warning of configuration.warnings) yield* system.stderr.write(`nginx: [warn] ${warning}\n`);
    if (configuration.daemon && system.env[daemonMark] === undefined) {
      for (const listener of this.listeners.values()) listener.close();
      system.spawn([system.argv[0] ?? 'nginx', ...system.argv.slice(1)], { env: { ...system.env, [daemonMark]: '1' } });
      return 0;
    }
    try {
      system.files.writeFile(configuration.pidFile, `${system.pid}\n`);
    } catch (error) {
      if (error instanceof SystemError) return yield* complain(`open() "${configuration.pidFile}" failed (${systemText(error.code)})`);
      throw error;
    }
    system.setTitle?.(`nginx: master process ${['nginx', ...system.argv.slice(1)].join(' ')}`);
    for (const signal of ['HUP', 'USR1', 'QUIT', 'TERM', 'INT', 'WINCH'] as const) system.onSignal(signal, () => void this.signals.send(signal));
    for (const text of ['using the "epoll" event method', version, 'OS: Linux 6.18.44', 'getrlimit(RLIMIT_NOFILE): 1048576:1048576']) logs.error('notice', text);
    this.startWorkers();
    for (const [key, listener] of this.listeners) this.accept(key, listener);
    const code = yield* this.obey();
    yield* logs.flush();
    return code;
  }

  private *bindAll({ servers }: Configuration): Task<string | undefined> {
    const wanted = new Map<string, { address: string; port: number }>();
    for (const at of servers.flatMap(({ listens }) => listens)) if (!at.address.startsWith('[') && !at.address.startsWith('unix')) wanted.set(`${at.address}:${at.port}`, at);
    const any = new Set([...wanted.values()].filter(({ address }) => address === '0.0.0.0').map(({ port }) => port));
    for (const [key, at] of wanted) {
      if (this.listeners.has(key) || (at.address !== '0.0.0.0' && any.has(at.port))) continue;
      for (let attempt = 1; ; attempt++) {
        try {
          if (at.port < 1024 && this.system.uid !== 0) return `bind() to ${key} failed (13: Permission denied)`;
          this.listeners.set(key, this.system.network.listen({ ...at, backlog: 511 }));
          break;
        } catch (error) {
          if (!(error instanceof NetworkError)) throw error;
          if (error.code !== 'EADDRINUSE') return `bind() to ${key} failed (99: Cannot assign requested address)`;
          const text = `bind() to ${key} failed (98: Address already in use)`;
          this.logs.error('emerg', text);
          yield* this.system.stderr.write(`nginx: [emerg] ${text}\n`);
          if (attempt === 5) return 'still could not bind()';
          yield* sleep(milliseconds(500));
        }
      }
    }
    for (const [key, listener] of this.listeners) {
      if (wanted.has(key)) continue;
      listener.close();
      this.listeners.delete(key);
    }
    return undefined;
  }

  private accept(key: string, listener: Listener): void {
    const [address = '0.0.0.0', port = '80'] = key.split(':');
    const { service, system } = this;
    system.thread(`accept ${key}`, (function* (): Task {
      for (let connection = yield* listener.accept(); connection; connection = yield* listener.accept())
        system.thread('connection', serveConnection(service, connection, { address, port: Number(port) }));
    })());
  }

  private startWorkers(): void {
    const { logs, configuration } = this;
    if (!configuration.master) return;
    logs.error('notice', 'start worker processes');
    for (let i = 0; i < configuration.workers; i++) this.startWorker();
  }

  private startWorker(): void {
    const { system, logs } = this;
    const user = system.uid === 0 && this.configuration.user !== 'root' ? { user: { uid: 101, gid: 101 } } : {};
    const worker = system.spawn([system.argv[0] ?? 'nginx'], { env: { ...system.env, [workerMark]: '1' }, ...user });
    this.workers.push(worker);
    logs.error('notice', `start worker process ${worker.pid}`);
    const { exited, signals } = this;
    system.thread(`worker ${worker.pid}`, (function* (): Task {
      exited.push({ pid: worker.pid, code: yield* worker.wait() });
      signals.send('CHLD');
    })());
  }

  private *obey(): Task<number> {
    const { logs } = this;
    const names: Readonly<Partial<Record<SignalName, readonly [number, string]>>> = { HUP: [1, ', reconfiguring'], INT: [2, ', exiting'], QUIT: [3, ', shutting down'], USR1: [10, ', reopening logs'], TERM: [15, ', exiting'] };
    for (;;) {
      const signal = yield* this.signals.receive();
      if (signal === undefined) return 0;
      if (signal === 'CHLD') {
        if (this.reap()) return 0;
        continue;
      }
      const [number = 0, effect = ''] = names[signal] ?? [];
      if (number > 0) logs.error('notice', `signal ${number} (SIG${signal}) received${effect}`);
      if (signal === 'HUP') yield* this.reload();
      else if (signal === 'USR1') logs.reopen();
      else if (signal === 'QUIT' || signal === 'TERM' || signal === 'INT') {
        if (this.stop(signal === 'QUIT' ? 'QUIT' : 'TERM')) return 0;
      }
    }
  }

  private stop(signal: 'QUIT' | 'TERM'): boolean {
    this.stopping = true;
    this.service.quitting = true;
    for (const listener of this.listeners.values()) listener.close();
    if (this.workers.length === 0) return true;
    const { service, workers, system } = this;
    const kill = () => {
      for (const worker of workers) worker.kill(signal);
    };
    if (signal === 'TERM') kill();
    else
      system.thread('drain', (function* (): Task {
        while (service.counters.active - service.counters.waiting > 0) yield* sleep(milliseconds(10));
        kill();
      })());
    return false;
  }

  /** True when the last worker is gone and that was wanted. */
  private reap(): boolean {
    for (const { pid, code } of this.exited.splice(0)) {
      const known = this.workers.some((worker) => worker.pid === pid);
      this.workers = this.workers.filter((worker) => worker.pid !== pid);
      this.logs.error('notice', `signal 17 (SIGCHLD) received from ${pid}`);
      if (code > 128) this.logs.error('alert', `worker process ${pid} exited on signal ${code - 128}`);
      else this.logs.error('notice', `worker process ${pid} exited with code ${code}`);
      if (known && !this.stopping) this.startWorker();
    }
    if (!this.stopping || this.workers.length > 0) return false;
    this.logs.error('notice', 'exit');
    return true;
  }

  private *reload(): Task {
    const { logs, options, system } = this;
    logs.error('notice', 'reconfiguring');
    try {
      const next = yield* load(system, options);
      for (const path of logPaths(next)) {
        const code = logs.open(path);
        if (code !== undefined) throw new ConfigError(`open() "${path}" failed (${systemText(code)})`);
      }
      const before = new Set(this.listeners.keys());
      const taken = yield* this.bindAll(next);
      if (taken !== undefined) throw new ConfigError(taken);
      this.configuration = next;
      this.service.configuration = next;
      logs.errorPath = next.errorLog;
      logs.errorLevel = next.errorLevel;
      for (const [key, listener] of this.listeners) if (!before.has(key)) this.accept(key, listener);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      logs.error('emerg', error.message);
      return;
    }
    logs.error('notice', 'using the "epoll" event method');
    const old = this.workers;
    this.workers = [];
    this.startWorkers();
    for (const worker of old) worker.kill('QUIT');
  }
}

const logPaths = ({ servers }: Configuration): string[] => [
  ...new Set(servers.flatMap(({ settings, locations }) => [settings, ...locations.map((location) => location.settings)]).flatMap(({ accessLogs }) => accessLogs.map(({ path }) => path)).filter((path) => !path.includes('$'))),
];

/** A worker: the master serves in its stead, so it waits to be told to go. */
function* worker(system: System): Task<number> {
  system.setTitle?.('nginx: worker process');
  const end = new Channel<true>();
  system.onSignal('QUIT', () => void end.send(true));
  system.onSignal('TERM', () => void end.send(true));
  for (const signal of ['INT', 'HUP', 'USR1', 'WINCH'] as const) system.onSignal(signal, 'ignore');
  yield* end.receive();
  return 0;
}

function parse(argv: readonly string[]): Options | string {
  const options: Options = { test: false, dump: false, quiet: false, signal: undefined, file: '/etc/nginx/nginx.conf', globals: '' };
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (!word.startsWith('-')) return `invalid option: "${word}"`;
    for (let j = 1; j < word.length; j++) {
      const letter = word[j] as string;
      if (letter === 't') options.test = true;
      else if (letter === 'T') options.test = options.dump = true;
      else if (letter === 'q') options.quiet = true;
      else if ('scgpe'.includes(letter)) {
        const value = j + 1 < word.length ? word.slice(j + 1) : argv[++i];
        if (value === undefined) return `option "-${letter}" requires ${{ s: 'parameter', c: 'file name', g: 'parameter', p: 'directory name', e: 'file name' }[letter as 's']}`;
        if (letter === 's') {
          if (!['stop', 'quit', 'reopen', 'reload'].includes(value)) return `invalid option: "-s ${value}"`;
          options.signal = value;
        } else if (letter === 'c') options.file = value.startsWith('/') ? value : `/etc/nginx/${value}`;
        else if (letter === 'g') options.globals = value;
        break;
      } else return `invalid option: "${letter}"`;
    }
  }
  return options;
}

const usage = `nginx version: ${version}
Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
             [-e filename] [-c filename] [-g directives]

Options:
  -?,-h         : this help
  -v            : show version and exit
  -V            : show version and configure options then exit
  -t            : test configuration and exit
  -T            : test configuration, dump it and exit
  -q            : suppress non-error messages during configuration testing
  -s signal     : send signal to a master process: stop, quit, reopen, reload
  -p prefix     : set prefix path (default: /usr/share/nginx/)
  -e filename   : set error log file (default: /var/log/nginx/error.log)
  -c filename   : set configuration file (default: /etc/nginx/nginx.conf)
  -g directives : set global directives out of configuration file

`;

function* sendSignal(system: System, configuration: Configuration, name: string): Task<number> {
  const logs = new Logs(system, configuration.errorLog, configuration.errorLevel);
  logs.error('notice', 'signal process started');
  yield* logs.flush();
  let pid: number;
  try {
    pid = Number(system.files.readText(configuration.pidFile).trim());
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    yield* system.stderr.write(`nginx: [error] open() "${configuration.pidFile}" failed (${systemText(error.code)})\n`);
    return 1;
  }
  const signals: Readonly<Record<string, SignalName>> = { stop: 'TERM', quit: 'QUIT', reopen: 'USR1', reload: 'HUP' };
  try {
    system.kill(pid, signals[name] ?? 'TERM');
    return 0;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    yield* system.stderr.write(`nginx: [alert] kill(${pid}, ${{ stop: 15, quit: 3, reopen: 10, reload: 1 }[name]}) failed (3: No such process)\n`);
    return 1;
  }
}

/** /usr/sbin/nginx. */
export const nginx: Program = function* (system) {
  if (system.env[workerMark] !== undefined) return yield* worker(system);
  const { argv, stderr, stdout } = system;
  if (argv.includes('-v') || argv.includes('-V')) {
    yield* stderr.write(`nginx version: ${version}\n`);
    return 0;
  }
  if (argv.includes('-h') || argv.includes('-?')) {
    yield* stderr.write(usage);
    return 0;
  }
  const options = parse(argv);
  if (typeof options === 'string') {
    yield* stderr.write(`nginx: ${options}\n`);
    return 1;
  }
  const dumped: [string, string][] = [];
  let configuration: Configuration;
  try {
    configuration = yield* load(system, options, (path, text) => void dumped.push([path, text]));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (!options.test) {
      const logs = new Logs(system, '/var/log/nginx/error.log', 'notice');
      logs.error('emerg', error.message);
      yield* logs.flush();
    }
    yield* stderr.write(`nginx: [emerg] ${error.message}\n${options.test ? `nginx: configuration file ${options.file} test failed\n` : ''}`);
    return 1;
  }
  if (options.signal !== undefined) return yield* sendSignal(system, configuration, options.signal);
  if (!options.test) return yield* new Master(system, configuration, options).run();
  if (!options.quiet) yield* stderr.write(`${configuration.warnings.map((text) => `nginx: [warn] ${text}\n`).join('')}nginx: the configuration file ${options.file} syntax is ok\nnginx: configuration file ${options.file} test is successful\n`);
  if (options.dump) for (const [path, text] of dumped) yield* stdout.write(`# configuration file ${path}:\n${text}\n`);
  return 0;
};
