import { calendar, Channel, type Task, utf8Decode } from '../../../kernel';
import { NetworkError, serveHttp } from '../../../network';
import type { Image, Program, System } from '../../interface';
import { family, goDuration, GoError, goFlags, goGet, goMetrics } from '../go-program';
import { busyboxUserland } from '../userlands';

const version = '0.11.0-1+b4';
const two = (n: number): string => String(n).padStart(2, '0');

/** Go's standard log: 2026/11/24 20:54:57 text */
function* log(system: System, text: string): Task {
  const c = calendar(system.now);
  yield* system.stderr.write(`${c.year}/${two(c.month)}/${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)} ${text}\n`);
}

interface StubStatus {
  readonly active: number;
  readonly accepted: number;
  readonly handled: number;
  readonly requests: number;
  readonly reading: number;
  readonly writing: number;
  readonly waiting: number;
}

/** Asks the page. Throws GoError with the client's words. */
function* scrape(system: System, uri: string, timeout: number): Task<StubStatus> {
  let response;
  try {
    response = yield* goGet(system, uri, timeout, `NGINX-Prometheus-Exporter/v${version}`);
  } catch (error) {
    throw error instanceof GoError ? new GoError(`failed to get ${uri}: ${error.message}`) : error;
  }
  if (response.status !== 200) throw new GoError(`expected 200 response, got ${response.status}`);
  const text = utf8Decode(response.body);
  const match = /^Active connections: (\d+)\s+server accepts handled requests\s+(\d+) (\d+) (\d+)\s+Reading: (\d+) Writing: (\d+) Waiting: (\d+)/.exec(text);
  if (!match) throw new GoError(`failed to parse response body ${JSON.stringify(text)}: failed to scan template metrics: input does not match format`);
  const [active = 0, accepted = 0, handled = 0, requests = 0, reading = 0, writing = 0, waiting = 0] = match.slice(1).map(Number);
  return { active, accepted, handled, requests, reading, writing, waiting };
}

function metrics(status: StubStatus | undefined): string {
  const build = `{arch="linux/amd64",commit="",date="",dirty="false",go="go1.19.8",version="${version}"}`;
  const one = (name: string, help: string, type: string, value: number) => family(name, help, type, [['', value]]);
  const found = status
    ? one('nginx_connections_accepted', 'Accepted client connections', 'counter', status.accepted) + one('nginx_connections_active', 'Active client connections', 'gauge', status.active) + one('nginx_connections_handled', 'Handled client connections', 'counter', status.handled) +
      one('nginx_connections_reading', 'Connections where NGINX is reading the request header', 'gauge', status.reading) + one('nginx_connections_waiting', 'Idle client connections', 'gauge', status.waiting) + one('nginx_connections_writing', 'Connections where NGINX is writing the response back to the client', 'gauge', status.writing) + one('nginx_http_requests_total', 'Total http requests', 'counter', status.requests)
    : '';
  return found + one('nginx_up', 'Status of the last metric scrape', 'gauge', status ? 1 : 0) + family('nginxexporter_build_info', 'Exporter build information', 'gauge', [[build, 1]]);
}

const front = (path: string): string => `<!DOCTYPE html>\n\t\t\t<title>NGINX Exporter</title>\n\t\t\t<h1>NGINX Exporter</h1>\n\t\t\t<p><a href="${path}">Metrics</a></p>`;

const known: Readonly<Record<string, readonly [variable: string, standard: string]>> = {
  'nginx.scrape-uri': ['SCRAPE_URI', 'http://127.0.0.1:8080/stub_status'], 'nginx.retries': ['NGINX_RETRIES', '0'], 'nginx.retry-interval': ['NGINX_RETRY_INTERVAL', '5s'], 'nginx.timeout': ['TIMEOUT', '5s'], 'web.listen-address': ['LISTEN_ADDRESS', ':9113'], 'web.telemetry-path': ['TELEMETRY_PATH', '/metrics'],
  'nginx.ssl-verify': ['SSL_VERIFY', 'true'], 'nginx.ssl-ca-cert': ['SSL_CA_CERT', ''], 'nginx.ssl-client-cert': ['SSL_CLIENT_CERT', ''], 'nginx.ssl-client-key': ['SSL_CLIENT_KEY', ''], 'prometheus.const-labels': ['CONST_LABELS', ''], 'web.secured-metrics': ['SECURED_METRICS', 'false'],
};

const exporter: Program = function* (system) {
  const { argv, env, stdout, stderr } = system;
  const banner = `NGINX Prometheus Exporter version=${version} commit= date=, dirty=false, arch=linux/amd64, go=go1.19.8\n`;
  const flags = goFlags(argv, ['nginx.plus', 'version', 'web.secured-metrics', 'nginx.ssl-verify', 'h', 'help'], Object.keys(known));
  const problem = flags.unknown !== undefined ? `flag provided but not defined: -${flags.unknown}` : flags.missing !== undefined ? `flag needs an argument: -${flags.missing}` : undefined;
  if (problem !== undefined || flags.values.has('h') || flags.values.has('help')) {
    yield* stderr.write(`${problem === undefined ? '' : `${problem}\n`}Usage of nginx-prometheus-exporter:\n${Object.entries(known).map(([name, [variable, standard]]) => `  -${name} value\n    \tThe default value can be overwritten by ${variable} environment variable. (default ${standard})\n`).join('')}`);
    return problem === undefined ? 0 : 2;
  }
  yield* stdout.write(banner);
  if (flags.values.has('version')) return 0;
  const value = (name: string): string => flags.values.get(name) ?? env[known[name]?.[0] ?? ''] ?? known[name]?.[1] ?? '';
  const uri = value('nginx.scrape-uri');
  const timeout = goDuration(value('nginx.timeout')) ?? 5e6;
  yield* log(system, 'Starting...');
  const retries = Number(value('nginx.retries'));
  const interval = goDuration(value('nginx.retry-interval')) ?? 5e6;
  for (let left = retries; ; left--) {
    try {
      yield* scrape(system, uri, timeout);
      break;
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      if (left <= 0) {
        yield* log(system, `Could not create Nginx Client: ${error.message}`);
        return 1;
      }
      yield* log(system, `Could not create Nginx Client. Retrying in ${value('nginx.retry-interval')}...`);
      yield* system.sleep(interval);
    }
  }
  return yield* serve(system, uri, timeout, value('web.listen-address'), value('web.telemetry-path'));
};

function* serve(system: System, uri: string, timeout: number, at: string, path: string): Task<number> {
  const startedAt = system.now;
  const ends = new Channel<number>();
  let listener;
  try {
    listener = system.network.listen({ address: at.split(':')[0] ?? '', port: Number(at.split(':').at(-1)) });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* log(system, `listen tcp ${at}: bind: ${error.code === 'EADDRINUSE' ? 'address already in use' : 'cannot assign requested address'}`);
    return 1;
  }
  for (const [signal, words] of [['TERM', 'terminated'], ['INT', 'interrupt']] as const)
    system.onSignal(signal, () => system.thread('shutdown', (function* (): Task {
      yield* log(system, `Received ${words}, exiting...`);
      ends.send(0);
    })()));
  yield* log(system, `NGINX Prometheus Exporter has successfully started`);
  yield* log(system, `Listening on ${at}`);
  system.thread('http', serveHttp({
    listener,
    spawn: (name, task) => system.thread(name, task),
    *handle(request) {
      if (request.target.split('?')[0] !== path) return { status: 200, headers: [['Content-Type', 'text/html; charset=utf-8']], body: front(path) };
      let status: StubStatus | undefined;
      try {
        status = yield* scrape(system, uri, timeout);
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        yield* log(system, `Error getting stats: ${error.message}`);
      }
      return { status: 200, headers: [['Content-Type', 'text/plain; version=0.0.4; charset=utf-8']], body: goMetrics(system, startedAt) + metrics(status) };
    },
  }));
  return (yield* ends.receive()) ?? 0;
}

/** docker.io/nginx/nginx-prometheus-exporter. */
export const nginxExporterImage: Image = {
  repository: 'docker.io/nginx/nginx-prometheus-exporter',
  tags: ['latest', '0.11.0', '0.11', '0.10.0', '0.9.0', '1.0', '1.1', '1.1.0', '1.3', '1.3.0', '1.4.0', '1.4'],
  sizeBytes: 5_700_000,
  entrypoint: ['/usr/bin/nginx-prometheus-exporter'],
  user: 'nobody',
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: { '/usr/bin/nginx-prometheus-exporter': exporter },
  base: busyboxUserland,
};
