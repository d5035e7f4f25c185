import { sleep, type Task } from '../../../kernel';
import { NetworkError, serveHttp } from '../../../network';
import { type Image, type Program, type System, SystemError } from '../../interface';
import { goDuration, goFlags } from '../go-program';
import { lookUpHost } from '../host-lookup';
import { netexec } from './netexec';
import { conversionWebhook } from './conversion-webhook';
import { webhook } from './webhook';
import { busyboxUserland } from '../userlands';

type Subcommand = (system: System, flags: ReadonlyMap<string, string>, rest: readonly string[]) => Task<number>;

const text = [['Content-Type', 'text/plain; charset=utf-8']] as const;

function* forever(system: System): Task<number> {
  for (const signal of ['TERM', 'INT'] as const) system.onSignal(signal, () => system.kill(system.pid, 'KILL'));
  for (;;) yield* sleep(3_600_000_000);
}

function* serveText(system: System, port: number, body: () => { readonly status: number; readonly body: string }): Task<number> {
  const listener = system.network.listen({ port });
  yield* serveHttp({ listener, spawn: (name, task) => system.thread(name, task), *handle() {
    return { headers: text, ...body() };
  } });
  return 0;
}

function* serveFiles(system: System, port: number, root: string): Task<number> {
  const listener = system.network.listen({ port });
  yield* serveHttp({ listener, spawn: (name, task) => system.thread(name, task), *handle({ target }) {
    try {
      return { status: 200, headers: text, body: system.files.readFile(`${root}${decodeURI(target.split('?')[0] ?? '/')}`) };
    } catch (error) {
      if (error instanceof SystemError) return { status: 404, headers: text, body: '404 page not found\n' };
      throw error;
    }
  } });
  return 0;
}

/** Healthy for ten seconds, then not. */
function* liveness(system: System): Task<number> {
  const startedAt = system.now;
  return yield* serveText(system, 8080, () => {
    const age = system.now - startedAt;
    return age > 10_000_000 ? { status: 500, body: `error: ${(age / 1e6).toFixed(9)}` } : { status: 200, body: 'ok' };
  });
}

/** Every SERVE_PORT_n of the environment is a port that answers with its value. */
function* porter(system: System): Task<number> {
  for (const [name, value] of Object.entries(system.env)) {
    const port = /^SERVE_(?:SCTP_)?PORT_(\d+)$/.exec(name)?.[1];
    if (port !== undefined) system.thread(name, (function* (): Task {
      yield* serveText(system, Number(port), () => ({ status: 200, body: value }));
    })());
  }
  return yield* forever(system);
}

const kinds = ['GET', 'PUT', 'POST'];

function* logsGenerator(system: System, flags: ReadonlyMap<string, string>): Task<number> {
  const lines = Number(flags.get('log-lines-total') ?? system.env['LOGS_GENERATOR_LINES_TOTAL'] ?? 0);
  const duration = goDuration(flags.get('run-duration') ?? system.env['LOGS_GENERATOR_DURATION'] ?? '1s') ?? 1e6;
  if (lines <= 0) {
    yield* system.stderr.write(`Invalid total number of lines: ${lines}\n`);
    return 255;
  }
  for (let i = 0; i < lines; i++) {
    const path = `/api/v1/namespaces/${system.random.pick(['kube-system', 'default', 'ns'])}/pods/${system.random.suffix(4)}`;
    yield* system.stderr.write(`I0101 00:00:00.000000       1 logs_generator.go:76] ${i} ${system.random.pick(kinds)} ${path} ${200 + system.random.int(400)}\n`);
    yield* system.sleep(Math.round(duration / lines));
  }
  return 0;
}

function* connect(system: System, flags: ReadonlyMap<string, string>, rest: readonly string[]): Task<number> {
  const [host = '', port = ''] = (rest[0] ?? '').split(':');
  const [address] = yield* lookUpHost(system, host);
  if (address === undefined) {
    yield* system.stderr.write('DNS\n');
    return 1;
  }
  try {
    const connection = yield* system.network.connect({ address, port: Number(port) }, { timeout: goDuration(flags.get('timeout') ?? '30s') ?? 30e6 });
    connection.close();
    return 0;
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(`${{ ECONNREFUSED: 'REFUSED', ETIMEDOUT: 'TIMEOUT' }[error.code as string] ?? `OTHER: ${error.code}`}\n`);
    return 1;
  }
}

const mode = (bits: number, folder: boolean): string => (folder ? 'd' : '-') + [6, 3, 0].map((shift) => ['r', 'w', 'x'].map((letter, i) => ((bits >> shift) & (4 >> i) ? letter : '-')).join('')).join('');

function* mounttest(system: System, flags: ReadonlyMap<string, string>): Task<number> {
  let failed = false;
  const say = (line: string): Task => system.stdout.write(`${line}\n`);
  for (const [name, path] of flags) {
    try {
      const at = () => system.files.status(path);
      if (name === 'fs_type') yield* say(`mount type of "${path}": ${system.files.mountOf(path).path === path ? 'tmpfs' : 'ext4'}`);
      else if (name === 'file_mode') yield* say(`mode of file "${path}": ${mode(at().mode, at().type === 'folder')}`);
      else if (name === 'file_perm') yield* say(`perms of file "${path}": ${mode(at().mode, false)}`);
      else if (name === 'file_content' || name === 'file_content_in_loop') {
        do {
          yield* say(`content of file "${path}": ${system.files.readText(path)}`);
          if (name === 'file_content_in_loop') yield* system.sleep(1_000_000);
        } while (name === 'file_content_in_loop');
      } else if (name === 'new_file_0644' || name === 'new_file_0666' || name === 'new_file_0660' || name === 'new_file_0777') system.files.open(path, { write: true, create: true, mode: parseInt(name.slice(-4), 8) }).close();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      failed = true;
      yield* say(`error reading file content for "${path}": open ${path}: ${error.code === 'EACCES' ? 'permission denied' : 'no such file or directory'}`);
    }
  }
  return failed ? 1 : 0;
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  pause: function* (system) {
    yield* system.stdout.write('Paused\n');
    return yield* forever(system);
  },
  netexec: (system, flags) => netexec(system, Number(flags.get('http-port') ?? 8080), Number(flags.get('udp-port') ?? 8081)),
  'serve-hostname': (system, flags) => serveText(system, Number(flags.get('port') ?? 9376), () => ({ status: 200, body: system.hostname })),
  'test-webserver': (system, flags) => serveFiles(system, Number(flags.get('port') ?? 80), ''),
  liveness: (system) => liveness(system),
  porter: (system) => porter(system),
  'logs-generator': logsGenerator,
  connect,
  mounttest,
  webhook,
  'crd-conversion-webhook': conversionWebhook,
  'entrypoint-tester': function* (system) {
    yield* system.stdout.write(`[${system.argv.join(' ')}]\n`);
    return 0;
  },
  'dns-suffix': function* (system) {
    const search = system.files.readText('/etc/resolv.conf').split('\n').filter((line) => line.startsWith('search ')).at(-1) ?? '';
    yield* system.stdout.write(search.replace(/^search\s+/, '').split(/\s+/).join(','));
    return 0;
  },
  'dns-server-list': function* (system) {
    yield* system.stdout.write([...system.files.readText('/etc/resolv.conf').matchAll(/^nameserver\s+(\S+)/gm)].map((match) => match[1]).join(','));
    return 0;
  },
  'etc-hosts': function* (system) {
    yield* system.stdout.write(system.files.readText('/etc/hosts'));
    return 0;
  },
};

const valued = ['v', 'vmodule', 'tls-cert-file', 'tls-private-key-file', 'sidecar-image', 'http-port', 'udp-port', 'sctp-port', 'port', 'log-lines-total', 'run-duration', 'timeout', 'protocol', 'fs_type', 'file_mode', 'file_perm', 'file_content', 'file_content_in_loop', 'file_owner', 'new_file_0644', 'new_file_0666', 'new_file_0660', 'new_file_0777', 'break_on_expected_content', 'retry_time', 'delay-shutdown', 'http-override'];

/** /agnhost. */
export const agnhost: Program = function* (system) {
  const name = system.argv[1] ?? '';
  if (name === '--version' || name === 'version') {
    yield* system.stdout.write('agnhost version 2.57\n');
    return 0;
  }
  const run = subcommands[name];
  if (!run) {
    yield* system.stderr.write(name === '' ? 'Usage:\n  app [command]\n' : `Error: unknown command "${name}" for "app"\nRun 'app --help' for usage.\n`);
    return name === '' ? 0 : 1;
  }
  const flags = name === 'entrypoint-tester' ? { values: new Map<string, string>(), rest: [] } : goFlags(system.argv.slice(1), ['tcp', 'udp', 'http', 'close', 'alsologtostderr', 'logtostderr'], valued);
  return yield* run(system, flags.values, flags.rest);
};

/** registry.k8s.io/e2e-test-images/agnhost. */
export const agnhostImage: Image = {
  repository: 'registry.k8s.io/e2e-test-images/agnhost',
  tags: ['2.63.0', '2.57', '2.56', '2.55', '2.54', '2.53', '2.52', '2.47', '2.45', '2.40', '2.39', '2.33'],
  sizeBytes: 53_000_000,
  entrypoint: ['/agnhost'],
  cmd: ['pause'],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: { '/agnhost': agnhost },
  base: busyboxUserland,
};
