import type { Client } from '../client';
import { Channel, type Kernel, minutes, race, seconds, sleep, type Task } from '../kernel';
import { encodeMessage, type HttpAnswer, NetworkError, serveHttp } from '../network';
import { type Image, type Program, type System, SystemError } from '../runtime';
import { CorefileError } from './corefile';
import { Configuration, listenOn, type ServerInput } from './server';

export interface CoreDnsOptions {
  readonly kernel: Kernel;
  /** The API client of the Pod that the program runs in. */
  readonly clientFor: (system: System) => Client;
}

const version = '1.14.2';

/** How often the reload plugin looks: 30 s and up to half as much. */
const reloadPeriod = seconds(30);

class CoreDns {
  private configuration: Configuration | undefined;
  private readonly ends = new Channel<number>();
  private lameduck = 0;
  private serving = new Set<number>();

  constructor(private readonly system: System, private readonly options: CoreDnsOptions, private readonly file: string) {}

  *run(): Task<number> {
    const { system } = this;
    const text = this.read();
    if (text === undefined) {
      yield* system.stderr.write(`open ${this.file}: no such file or directory\n`);
      return 1;
    }
    try {
      this.configuration = new Configuration(text, this.file, this.input());
    } catch (error) {
      if (!(error instanceof CorefileError)) throw error;
      yield* system.stderr.write(`${error.message}\n`);
      return 1;
    }
    yield* this.waitForCluster(this.configuration);
    const failure = this.listen(this.configuration);
    if (failure !== undefined) {
      yield* system.stderr.write(`${failure}\n`);
      return 1;
    }
    yield* system.stdout.write('maxprocs: Leaving GOMAXPROCS=2: CPU quota undefined\n');
    yield* this.announce(this.configuration);
    yield* system.stdout.write(`CoreDNS-${version}\nlinux/amd64, go1.26.8, \n`);
    this.probe(this.configuration);
    for (const signal of ['TERM', 'INT'] as const) system.onSignal(signal, () => system.thread('shutdown', this.shutDown(`SIG${signal}`)));
    return (yield* this.ends.receive()) ?? 0;
  }

  private input(): ServerInput {
    const { kernel, clientFor } = this.options;
    return { kernel, system: this.system, clientFor, log: (line) => this.log(line), halt: () => void this.ends.send(1) };
  }

  private log(line: string): void {
    this.system.thread('log', this.system.stdout.write(`${line}\n`));
  }

  private read(): string | undefined {
    try {
      return this.system.files.readText(this.file);
    } catch (error) {
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  }

  /** Up to five seconds, as the kubernetes plugin does before it starts without. */
  private *waitForCluster(configuration: Configuration): Task {
    const start = this.system.now;
    for (let announced = false; !configuration.ready; ) {
      const waited = this.system.now - start;
      if (waited >= seconds(5)) {
        yield* this.system.stdout.write('[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API\n');
        return;
      }
      if (!announced && waited >= seconds(1)) {
        announced = true;
        yield* this.system.stdout.write('[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server\n');
      }
      yield* sleep(100_000);
    }
  }

  private listen(configuration: Configuration): string | undefined {
    const current = () => this.configuration ?? configuration;
    try {
      for (const port of configuration.ports) {
        if (this.serving.has(port)) continue;
        listenOn(this.system, port, current);
        this.serving.add(port);
      }
      for (const { name, args, block } of configuration.directives) {
        if (name === 'health') {
          this.lameduck = duration(block.find((line) => line.name === 'lameduck')?.args[0]);
          this.http(args[0], 8080, (path) => (path === '/health' ? { status: 200, body: 'OK' } : undefined));
        } else if (name === 'ready') this.http(args[0], 8181, (path) => (path !== '/ready' ? undefined : current().ready ? { status: 200, body: 'OK' } : { status: 503, body: 'kubernetes' }));
        else if (name === 'prometheus') this.http(args[0], 9153, (path) => (path === '/metrics' ? { status: 200, headers: [['Content-Type', 'text/plain; version=0.0.4; charset=utf-8']], body: current().metrics.text(version) } : undefined));
        else if (name === 'reload' && !this.serving.has(-1)) {
          this.serving.add(-1);
          this.system.thread('reload', this.reload());
        }
      }
    } catch (error) {
      if (error instanceof NetworkError) return `listen tcp :53: bind: ${error.code === 'EADDRINUSE' ? 'address already in use' : 'cannot assign requested address'}`;
      throw error;
    }
    return undefined;
  }

  private http(at: string | undefined, standard: number, answer: (path: string) => HttpAnswer | undefined): void {
    const port = Number(/:(\d+)$/.exec(at ?? '')?.[1] ?? standard);
    if (this.serving.has(port)) return;
    this.serving.add(port);
    const listener = this.system.network.listen({ port });
    this.system.thread(`http ${port}`, serveHttp({
      listener,
      spawn: (name, task) => this.system.thread(name, task),
      *handle(request) {
        return answer(request.target.split('?')[0] ?? '') ?? { status: 404, headers: [['Content-Type', 'text/plain; charset=utf-8'], ['X-Content-Type-Options', 'nosniff']], body: '404 page not found\n' };
      },
    }));
  }

  private *announce(configuration: Configuration): Task {
    const lines = configuration.source.flatMap(({ keys }) => keys.map(({ zone, port }) => `${zone}.:${port}`)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    if (configuration.directives.some(({ name }) => name === 'reload')) lines.push(`[INFO] plugin/reload: Running configuration SHA512 = ${this.fingerprint(configuration.text)}`);
    yield* this.system.stdout.write(`${lines.join('\n')}\n`);
  }

  private fingerprint(text: string): string {
    return this.system.random.fork(text).hex(128);
  }

  /** Each loop plugin asks this server for a name of its own. */
  private probe(configuration: Configuration): void {
    for (const name of configuration.probes) {
      const socket = this.system.network.bindDatagram({ port: 0 });
      const message = { id: this.system.random.int(65_536), response: false, authoritative: false, truncated: false, recursionDesired: true, recursionAvailable: false, code: 'NOERROR', questions: [{ name, type: 'HINFO' }], answers: [], authority: [], additional: [] } as const;
      socket.send({ address: '127.0.0.1', port: configuration.ports[0] ?? 53 }, encodeMessage(message));
      this.system.thread('loop probe', (function* (): Task {
        yield* race({ answer: () => socket.receive(), late: () => sleep(seconds(30)) });
        socket.close();
      })());
    }
  }

  private *reload(): Task {
    const { system } = this;
    const changes = new Channel<true>(1);
    let stop: (() => void) | undefined;
    try {
      stop = system.files.watch(this.file, () => void changes.send(true));
      for (;;) {
        const seen = yield* race({ change: () => changes.receive(), look: () => sleep(minutes(10)) });
        if (seen.winner === 'change') yield* sleep(system.random.int(Math.round(reloadPeriod * 1.5)));
        const text = this.read();
        if (text === undefined || text === this.configuration?.text) continue;
        yield* system.stdout.write('[INFO] Reloading\n');
        yield* this.replace(text);
      }
    } finally {
      stop?.();
    }
  }

  private *replace(text: string): Task {
    const { system } = this;
    try {
      const next = new Configuration(text, this.file, this.input());
      yield* this.waitForCluster(next);
      const failure = this.listen(next);
      if (failure !== undefined) throw new CorefileError(failure);
      this.configuration = next;
      yield* system.stdout.write(`[INFO] plugin/reload: Running configuration SHA512 = ${this.fingerprint(text)}\n[INFO] Reloading complete\n`);
      this.probe(next);
    } catch (error) {
      if (!(error instanceof CorefileError)) throw error;
      yield* system.stdout.write(`[ERROR] Restart failed: ${error.message}\n[ERROR] plugin/reload: Corefile changed but reload failed: ${error.message}\n`);
    }
  }

  private *shutDown(signal: string): Task {
    yield* this.system.stdout.write(`[INFO] ${signal}: Shutting down servers then terminating\n`);
    if (this.lameduck > 0) {
      yield* this.system.stdout.write(`[INFO] plugin/health: Going into lameduck mode for ${this.lameduck / 1_000_000}s\n`);
      yield* sleep(this.lameduck);
    }
    this.ends.send(0);
  }
}

function duration(text = '0s'): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  return match ? Number(match[1]) * { ms: 1000, s: 1_000_000, m: 60_000_000 }[(match[2] ?? 's') as 'ms' | 's' | 'm'] : 0;
}

/** The program /coredns. */
const program = (options: CoreDnsOptions): Program =>
  function* (system) {
    const { argv } = system;
    if (argv.includes('-version') || argv.includes('--version')) {
      yield* system.stdout.write(`CoreDNS-${version}\nlinux/amd64, go1.26.8, \n`);
      return 0;
    }
    const at = argv.findIndex((arg) => arg === '-conf' || arg === '--conf');
    return yield* new CoreDns(system, options, at >= 0 ? (argv[at + 1] ?? 'Corefile') : 'Corefile').run();
  };

/** The image registry.k8s.io/coredns/coredns. */
export const createCoreDns = (options: CoreDnsOptions): Image => ({
  repository: 'registry.k8s.io/coredns/coredns',
  tags: ['v1.14.2', 'v1.14.1', 'v1.13.1', 'v1.12.1', 'v1.11.3'],
  sizeBytes: 23_000_000,
  entrypoint: ['/coredns'],
  workingDir: '/',
  user: '65532',
  exposedPorts: ['53/tcp', '53/udp'],
  programs: { '/coredns': program(options) },
});
