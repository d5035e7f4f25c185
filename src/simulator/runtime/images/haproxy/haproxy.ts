import { Channel, type Task } from '../../../kernel';
import { type Listener, NetworkError } from '../../../network';
import { type ChildProcess, type Program, type System, SystemError } from '../../interface';
import { lookUpHost } from '../host-lookup';
import { Backend } from './backend';
import { type HealthLog, watchServer } from './checks';
import { type Proxy, readConfig } from './config';
import { serveHttpFrontend } from './http';
import type { Worker } from './session';
import { statsPage } from './stats';
import { serveTcp } from './tcp';

const version = '2.6.12-1+deb12u4';
const workerMark = 'HAPROXY_WORKER';
const versionText = `HAProxy version ${version} 2026/10/17 - https://haproxy.org/\nStatus: long-term supported branch - will stop receiving fixes around Q2 2027.\nKnown bugs: http://www.haproxy.org/bugs/bugs-2.6.12.html\nRunning on: Linux 6.18.44 #1 SMP PREEMPT_DYNAMIC @0 x86_64\n`;

/** '[WARNING]  (8) : text' */
const message = (level: 'NOTICE' | 'WARNING' | 'ALERT', pid: number, text: string): string => `${`[${level}]`.padEnd(10)} (${pid}) : ${text}\n`;

class Haproxy {
  private readonly pending: { readonly to: 'stdout' | 'stderr'; readonly text: string }[] = [];
  private writing = false;
  private workerPid = 0;

  constructor(private readonly system: System, private readonly proxies: readonly Proxy[], private readonly logsToStdout: boolean) {}

  private write(to: 'stdout' | 'stderr', text: string): void {
    this.pending.push({ to, text });
    if (this.writing) return;
    this.writing = true;
    const { system, pending } = this;
    const done = () => (this.writing = false);
    system.thread('log', (function* (): Task {
      try {
        for (let next = pending.shift(); next; next = pending.shift()) yield* system[next.to].write(next.text);
      } finally {
        done();
      }
    })());
  }

  *run(mastered: boolean, backends: ReadonlyMap<string, Backend>): Task<number> {
    const { system } = this;
    const listeners: { readonly proxy: Proxy; readonly listener: Listener }[] = [];
    for (const proxy of this.proxies)
      for (const at of proxy.binds) {
        try {
          if (at.port < 1024 && system.uid !== 0 && at.port < 1) throw new NetworkError('EADDRNOTAVAIL');
          listeners.push({ proxy, listener: system.network.listen(at) });
        } catch (error) {
          if (!(error instanceof NetworkError)) throw error;
          const words = error.code === 'EADDRINUSE' ? 'Address already in use' : 'Cannot assign requested address';
          const what = proxy.kind === 'listen' ? 'proxy' : proxy.kind;
          yield* system.stderr.write(message('NOTICE', system.pid, `haproxy version is ${version}`) + message('NOTICE', system.pid, 'path to executable is /usr/sbin/haproxy') + message('ALERT', system.pid, `Starting ${what} ${proxy.name}: cannot bind socket (${words}) [${at.address}:${at.port}]`) + message('ALERT', system.pid, '[haproxy.main()] Some protocols failed to start their listeners! Exiting.'));
          return 1;
        }
      }
    const ends = new Channel<number>();
    let child: ChildProcess | undefined;
    if (mastered) {
      child = system.spawn(system.argv, { env: { ...system.env, [workerMark]: '1' } });
      this.workerPid = child.pid;
      this.write('stderr', message('NOTICE', system.pid, `New worker (${child.pid}) forked`) + message('NOTICE', system.pid, 'Loading success.'));
      this.watch(child, ends);
    } else this.workerPid = system.pid;
    for (const [signal, graceful] of [['TERM', false], ['INT', false], ['USR1', true]] as const) system.onSignal(signal, () => this.stop(graceful ? 'USR1' : signal, child, listeners.map(({ listener }) => listener), ends));
    const worker = this.worker(backends);
    for (const { proxy, listener } of listeners) system.thread(`accept ${proxy.name}`, this.accept(worker, proxy, listener));
    this.startChecks(backends);
    return (yield* ends.receive()) ?? 0;
  }

  private worker(backends: ReadonlyMap<string, Backend>): Worker {
    const worker: Worker = {
      system: this.system, backends, frontends: new Map(this.proxies.filter(({ kind }) => kind !== 'backend').map((proxy) => [proxy, { sessions: 0, total: 0, bytesIn: 0, bytesOut: 0 }])), actconn: 0,
      log: (text) => this.logsToStdout && this.write('stdout', `${text}\n`),
      stats: (proxy, target) => statsPage(worker, proxy, target),
    };
    return worker;
  }

  private *accept(worker: Worker, proxy: Proxy, listener: Listener): Task {
    for (let client = yield* listener.accept(); client; client = yield* listener.accept()) {
      if (proxy.mode === 'http') this.system.thread('session', serveHttpFrontend(worker, proxy, client));
      else {
        const name = proxy.uses.find(({ condition }) => condition === undefined)?.name ?? proxy.defaultBackend?.name ?? proxy.name;
        this.system.thread('session', serveTcp(worker, proxy, worker.backends.get(name), client));
      }
    }
  }

  private startChecks(backends: ReadonlyMap<string, Backend>): void {
    const health: HealthLog = {
      server: (level, text, logText) => {
        this.write('stderr', message(level, this.workerPid, text));
        if (this.logsToStdout) this.write('stdout', `${logText}\n`);
      },
    };
    for (const backend of backends.values()) {
      const checked = backend.servers.filter(({ config }) => config.check);
      checked.forEach((server, i) => this.system.thread(`check ${server.config.name}`, watchServer(this.system, backend, server, Math.round((server.config.inter * i) / Math.max(1, checked.length)), health)));
    }
  }

  private watch(child: ChildProcess, ends: Channel<number>): void {
    const { system } = this;
    const write = (text: string) => this.write('stderr', text);
    system.thread('worker', (function* (): Task {
      const code = yield* child.wait();
      if (code !== 0) {
        write(message(code > 128 ? 'ALERT' : 'NOTICE', system.pid, `Current worker (${child.pid}) exited with code ${code} (${code > 128 ? ({ 137: 'Killed', 143: 'Terminated' }[code] ?? 'Signal') : 'Exit'})`));
        write(message('ALERT', system.pid, 'exit-on-failure: killing every processes with SIGTERM') + message('WARNING', system.pid, `All workers exited. Exiting... (${code})`));
      }
      yield* system.sleep(1000);
      ends.send(code);
    })());
  }

  private stop(signal: 'TERM' | 'INT' | 'USR1', child: ChildProcess | undefined, listeners: readonly Listener[], ends: Channel<number>): void {
    const { system } = this;
    for (const listener of listeners) listener.close();
    if (child) {
      const number = { TERM: 143, INT: 130, USR1: 0 }[signal];
      this.write('stderr', message('NOTICE', system.pid, `haproxy version is ${version}`) + message('NOTICE', system.pid, 'path to executable is /usr/sbin/haproxy') + message('WARNING', system.pid, 'Exiting Master process...'));
      if (signal !== 'USR1') this.write('stderr', message('ALERT', system.pid, `Current worker (${child.pid}) exited with code ${number} (${signal === 'TERM' ? 'Terminated' : 'Interrupt'})`) + message('WARNING', system.pid, `All workers exited. Exiting... (${number})`));
      system.thread('end', (function* (): Task {
        yield* system.sleep(2000);
        ends.send(number);
        child.kill('KILL');
      })());
    } else ends.send(0);
  }
}

/** Makes backends, with the addresses of their servers. The names that are not found come back as alerts. */
function* makeBackends(system: System, proxies: readonly Proxy[]): Task<{ readonly backends: Map<string, Backend>; readonly alerts: readonly string[] }> {
  const backends = new Map<string, Backend>();
  const alerts: string[] = [];
  for (const proxy of proxies) {
    if (proxy.kind === 'frontend') continue;
    const backend = new Backend(proxy, system.now);
    backends.set(proxy.name, backend);
    for (const server of backend.servers) {
      server.address = (yield* lookUpHost(system, server.config.host))[0];
      if (server.address !== undefined) continue;
      if (server.config.mayBeUnknown) server.up = false;
      else alerts.push(`config : [${server.config.file}:${server.config.line}] : 'server ${proxy.name}/${server.config.name}' : could not resolve address '${server.config.host}'.`);
    }
  }
  return { backends, alerts };
}

function* idleWorker(system: System): Task<number> {
  const end = new Channel<true>();
  for (const signal of ['TERM', 'USR1', 'INT'] as const) system.onSignal(signal, () => void end.send(true));
  yield* end.receive();
  return 0;
}

function parse(argv: readonly string[]): { files: string[]; check: boolean; mastered: boolean; unknown: boolean } {
  const out = { files: [] as string[], check: false, mastered: false, unknown: argv.length <= 1 };
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '-f') out.files.push(argv[++i] ?? '');
    else if (word === '-c') out.check = true;
    else if (word === '-W' || word === '-Ws') out.mastered = true;
    else if (['-n', '-N', '-m', '-C', '-p', '-L', '-S', '-x', '-sf', '-st'].includes(word)) i += 1;
    else if (!/^-(d|db|D|V|q|de|dp|dS|dG|dR|dr|dV|dW|dM.*)$/.test(word)) out.unknown = true;
  }
  return out;
}

const usage = `${versionText}Usage : haproxy [-f <cfgfile|cfgdir>]* [ -vdVD ] [ -n <maxconn> ] [ -N <maxpconn> ]\n        [ -p <pidfile> ] [ -m <max megs> ] [ -C <dir> ] [-- <cfgfile>*]\n        -v displays version ; -vv shows known build options.\n        -d enters debug mode ; -db only disables background mode.\n        -W master-worker mode.\n        -q quiet mode : don't display messages\n        -c check mode : only check config files and exit\n\n`;

/** /usr/sbin/haproxy. */
export const haproxy: Program = function* (system) {
  const { argv, stdout, stderr, pid } = system;
  if (system.env[workerMark] !== undefined) return yield* idleWorker(system);
  if (argv.some((word) => /^-v+$/.test(word))) {
    yield* stdout.write(versionText);
    return 0;
  }
  const options = parse(argv);
  if (options.unknown || options.files.length === 0) {
    yield* stderr.write(usage);
    return 1;
  }
  let said = '';
  const say = (level: 'WARNING' | 'ALERT', text: string) => {
    if (said === '') said = message('NOTICE', pid, `haproxy version is ${version}`) + message('NOTICE', pid, 'path to executable is /usr/sbin/haproxy');
    said += message(level, pid, text);
  };
  const proxies: Proxy[] = [];
  let failed = false;
  let toStdout = false;
  for (const file of options.files) {
    let text: string;
    try {
      text = system.files.readText(file);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      say('ALERT', `config : Cannot open configuration file/directory ${file} : ${error.code === 'EACCES' ? 'Permission denied' : 'No such file or directory'}`);
      yield* stderr.write(said);
      return 1;
    }
    const reading = readConfig(text, file);
    toStdout ||= reading.logsToStdout;
    proxies.push(...reading.proxies);
    for (const alert of reading.alerts) say('ALERT', `config : ${alert}`);
    if (reading.alerts.length > 0) say('ALERT', `config : Error(s) found in configuration file : ${file}`);
    for (const alert of reading.lateAlerts) say('ALERT', `config : ${alert}`);
    for (const warning of reading.warnings) say('WARNING', warning);
    failed ||= reading.alerts.length + reading.lateAlerts.length > 0;
  }
  if (failed) {
    say('ALERT', 'config : Fatal errors found in configuration.');
    yield* stderr.write(said);
    return 1;
  }
  const { backends, alerts } = yield* makeBackends(system, proxies);
  for (const alert of alerts) say('ALERT', alert);
  if (alerts.length > 0) say('ALERT', 'config : Failed to initialize server(s) addr.');
  const warned = said !== '';
  yield* stderr.write(said);
  if (alerts.length > 0) return 1;
  if (!proxies.some(({ binds }) => binds.length > 0)) {
    if (!options.check) yield* stderr.write(message('ALERT', pid, 'config : haproxy has no enabled proxy (no listener). Exiting.'));
    else yield* stdout.write('Configuration file has no error but will not start (no listener) => exit(2).\n');
    return 2;
  }
  if (options.check) {
    yield* stdout.write(`${warned ? 'Warnings were found.\n' : ''}Configuration file is valid\n`);
    return 0;
  }
  return yield* new Haproxy(system, proxies, toStdout).run(options.mastered, backends);
};
