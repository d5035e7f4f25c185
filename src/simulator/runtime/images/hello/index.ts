import { calendar, type Task, type Time, utf8Decode } from '../../../kernel';
import { type HttpAnswer, type HttpRequest, NetworkError, serveHttp } from '../../../network';
import type { Image, Program, System } from '../../interface';
import { goFlags } from '../go-program';

const two = (n: number): string => String(n).padStart(2, '0');

function stamp(time: Time): string {
  const c = calendar(time);
  return `${c.year}/${two(c.month)}/${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}`;
}

const plain = [['Content-Type', 'text/plain; charset=utf-8']] as const;

/** Serves until it is killed: Go's servers here handle no signal, TERM ends them. */
function* serve(system: System, port: number, handle: (request: HttpRequest, client: string) => Task<HttpAnswer>): Task<number> {
  let listener;
  try {
    listener = system.network.listen({ port });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(`${stamp(system.now)} listen tcp :${port}: bind: address already in use\n`);
    return 1;
  }
  for (const signal of ['TERM', 'INT'] as const) system.onSignal(signal, () => system.kill(system.pid, 'KILL'));
  yield* serveHttp({ listener, spawn: (name, task) => system.thread(name, task), handle: (request, connection) => handle(request, `${connection.remote.address}:${connection.remote.port}`) });
  return 0;
}

const helloApp: Program = function* (system) {
  const port = Number(system.env['PORT'] ?? 8080);
  const version = system.env['HELLO_VERSION'] ?? '1.0.0';
  yield* system.stderr.write(`${stamp(system.now)} Server listening on port ${port}\n`);
  return yield* serve(system, port, function* ({ target }) {
    yield* system.stderr.write(`${stamp(system.now)} Serving request: ${target.split('?')[0] ?? '/'}\n`);
    return { status: 200, headers: plain, body: `Hello, world!\nVersion: ${version}\nHostname: ${system.hostname}\n` };
  });
};

const httpEcho: Program = function* (system) {
  const { values, unknown } = goFlags(system.argv, ['version'], ['text', 'listen', 'status-code']);
  const text = values.get('text') ?? system.env['ECHO_TEXT'];
  if (unknown !== undefined || text === undefined || text === '') {
    yield* system.stderr.write(unknown !== undefined ? `flag provided but not defined: -${unknown}\n` : 'Missing -text option!\n');
    return unknown !== undefined ? 2 : 127;
  }
  const listen = values.get('listen') ?? ':5678';
  yield* system.stdout.write(`${stamp(system.now)} [INFO] server is listening on ${listen}\n`);
  return yield* serve(system, Number(listen.split(':').at(-1)), function* ({ method, target, version }, client) {
    const path = target.split('?')[0];
    if (path === '/health') return { status: 200, headers: [['Content-Type', 'application/json; charset=utf-8']], body: '{"status":"ok"}' };
    yield* system.stdout.write(`${stamp(system.now)} ${client} "${method} ${target} ${version}" 200 ${text.length + 1} "" 10µs\n`);
    return { status: Number(values.get('status-code') ?? 200), headers: [['X-App-Name', 'http-echo'], ['X-App-Version', '1.0.0'], ...plain], body: `${text}\n` };
  });
};

const echoServer: Program = function* (system) {
  const port = Number(system.env['PORT'] ?? 8080);
  yield* system.stdout.write(`Echo server listening on port ${port}.\n`);
  return yield* serve(system, port, function* ({ method, target, version, headers, body }, client) {
    yield* system.stdout.write(`${client} | ${method} ${target}\n`);
    return { status: 200, headers: plain, body: `Request served by ${system.hostname}\n\n${method} ${target} ${version}\n\n${headers.map(([name, value]) => `${name}: ${value}\n`).join('')}\n${utf8Decode(body)}` };
  });
};

const base = { exposedPorts: ['8080/tcp'] } as const;

const hello = (repository: string): Image[] =>
  [['1.0', 'latest'], ['2.0']].map((tags) => ({ ...base, repository, tags, sizeBytes: 11_500_000, cmd: ['./hello-app'], workingDir: '/', programs: { '/hello-app': helloApp }, env: { PORT: '8080', HELLO_VERSION: `${tags[0]}.0` } }));

/** gcr.io/google-samples/hello-app and its kin. */
export const helloImages: readonly Image[] = [
  ...hello('gcr.io/google-samples/hello-app'),
  ...hello('us-docker.pkg.dev/google-samples/containers/gke/hello-app'),
  { repository: 'docker.io/hashicorp/http-echo', tags: ['latest', '1.0', '1.0.0', '0.2.3', 'alpine'], sizeBytes: 6_000_000, entrypoint: ['/http-echo'], cmd: ['-text', 'hello-world'], user: '65532', exposedPorts: ['5678/tcp'], programs: { '/http-echo': httpEcho } },
  { ...base, repository: 'docker.io/kicbase/echo-server', tags: ['1.0', 'latest'], sizeBytes: 4_940_000, cmd: ['/bin/echo-server'], programs: { '/bin/echo-server': echoServer } },
];
