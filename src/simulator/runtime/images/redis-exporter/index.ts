import { Channel, formatTime, seconds, type Task, within } from '../../../kernel';
import { ByteReader, type Connection, NetworkError, HttpError, serveHttp } from '../../../network';
import type { Image, Program, System } from '../../interface';
import { dialFailure, family, GoError, goFlags, goMetrics, goResolve } from '../go-program';
import { encodeCommand, Failure, type Reply, readReply } from '../redis/resp';
import { readInfo, redisMetrics, sorted } from './metrics';
import { busyboxUserland } from '../userlands';

const version = '1.45.0-2+b4';

interface Target {
  readonly url: string;
  readonly password: string;
}

interface Counters {
  scrapes: number;
  targetErrors: number;
  readonly startedAt: number;
}

function* log(system: System, level: string, text: string): Task {
  yield* system.stderr.write(`time="${formatTime(system.now)}" level=${level} msg=${JSON.stringify(text)}\n`);
}

/** Asks one command. Throws GoError when the answer is an error. */
function* ask(connection: Connection, reader: ByteReader, words: readonly string[]): Task<Reply> {
  yield* connection.write(encodeCommand(words));
  const reply = yield* readReply(reader);
  if (reply === undefined) throw new GoError('EOF');
  if (reply instanceof Failure) throw new GoError(reply.text);
  return reply;
}

/** Everything about one redis. Throws GoError. */
function* scrape(system: System, { url, password }: Target): Task<string> {
  const [, given, host = 'localhost', port = '6379'] = /^(?:rediss?:\/\/)?(?:[^@/]*?:?([^@/]*)@)?([^:/]*)(?::(\d+))?/.exec(url) ?? [];
  const to = yield* goResolve(system, host, Number(port));
  let connection: Connection;
  try {
    connection = yield* system.network.connect(to, { timeout: seconds(15) });
  } catch (error) {
    throw error instanceof NetworkError ? new GoError(dialFailure(error, to)) : error;
  }
  const reader = new ByteReader(connection);
  try {
    const secret = password !== '' ? password : (given ?? '');
    if (secret !== '') yield* ask(connection, reader, ['AUTH', secret]);
    let configuration = new Map<string, string>();
    try {
      const reply = yield* ask(connection, reader, ['CONFIG', 'GET', '*']);
      if (Array.isArray(reply)) configuration = new Map(reply.flatMap((name: Reply, i: number) => (i % 2 === 0 ? [[String(name), String(reply[i + 1])] as const] : [])));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
    }
    const info = yield* ask(connection, reader, ['INFO', 'ALL']);
    return redisMetrics(readInfo(typeof info === 'string' ? info : ''), configuration, system.now);
  } catch (error) {
    if (error instanceof NetworkError) throw new GoError(error.code === 'ECONNRESET' ? 'read: connection reset by peer' : 'EOF');
    if (error instanceof HttpError) throw new GoError('EOF');
    throw error;
  } finally {
    connection.close();
  }
}

function* metricsPage(system: System, target: Target, counters: Counters): Task<string> {
  const start = system.now;
  counters.scrapes += 1;
  let error = '';
  let found = '';
  try {
    found = (yield* within(seconds(15), () => scrape(system, target))) ?? '';
  } catch (failure) {
    if (!(failure instanceof GoError)) throw failure;
    error = failure.message.startsWith('dial tcp') ? 'dial redis: unknown network redis' : failure.message;
    yield* log(system, 'error', failure.message.startsWith('dial tcp') ? `Couldn't connect to redis instance (${target.url})` : `Redis INFO err: ${failure.message}`);
  }
  const took = ((system.now - start) / 1e6).toFixed(9).replace(/0+$/, '0');
  const gauge = (name: string, help: string, value: number | string, labels = '') => family(name, help, 'gauge', [[labels, value]]);
  return sorted(
    goMetrics(system, counters.startedAt) + found +
      gauge('redis_up', 'Information about the Redis instance', error === '' ? 1 : 0) +
      gauge('redis_exporter_build_info', 'redis exporter build_info', 1, `{build_date="20230409-10:15:07",commit_sha="debian/sid",golang_version="go1.19.8",version="${version}"}`) +
      gauge('redis_exporter_last_scrape_connect_time_seconds', 'exporter_last_scrape_connect_time_seconds metric', took) + gauge('redis_exporter_last_scrape_duration_seconds', 'The last scrape duration', took) +
      gauge('redis_exporter_last_scrape_error', 'The last scrape error status.', error === '' ? 0 : 1, `{err=${JSON.stringify(error)}}`) +
      `# HELP redis_exporter_scrape_duration_seconds Durations of scrapes by the exporter\n# TYPE redis_exporter_scrape_duration_seconds summary\nredis_exporter_scrape_duration_seconds_sum ${took}\nredis_exporter_scrape_duration_seconds_count ${counters.scrapes}\n` +
      family('redis_exporter_scrapes_total', 'Current total redis scrapes.', 'counter', [['', counters.scrapes]]) + family('redis_target_scrape_request_errors_total', 'Errors in requests to the exporter', 'counter', [['', counters.targetErrors]]),
  );
}

const front = (path: string): string => `<html>\n<head><title>Redis Exporter ${version}</title></head>\n<body>\n<h1>Redis Exporter ${version}</h1>\n<p><a href='${path}'>Metrics</a></p>\n</body>\n</html>\n`;

const valued = ['redis.addr', 'redis.user', 'redis.password', 'redis.password-file', 'namespace', 'check-keys', 'check-single-keys', 'check-key-groups', 'check-streams', 'check-single-streams', 'count-keys', 'script', 'web.listen-address', 'web.telemetry-path', 'log-format', 'connection-timeout', 'config-command', 'max-distinct-key-groups', 'check-keys-batch-size', 'tls-client-key-file', 'tls-client-cert-file', 'tls-ca-cert-file'];
const switches = ['debug', 'version', 'export-client-list', 'export-client-port', 'include-system-metrics', 'redis-only-metrics', 'ping-on-connect', 'incl-system-metrics', 'skip-tls-verification', 'is-tile38', 'is-cluster', 'include-config-metrics', 'set-client-name', 'h', 'help', 'redact-config-metrics', 'skip-checks-for-role-master'];

const exporter: Program = function* (system) {
  const { argv, env, stderr } = system;
  const flags = goFlags(argv, switches, valued);
  if (flags.unknown !== undefined || flags.missing !== undefined || flags.values.has('h') || flags.values.has('help')) {
    const problem = flags.unknown !== undefined ? `flag provided but not defined: -${flags.unknown}\n` : flags.missing !== undefined ? `flag needs an argument: -${flags.missing}\n` : '';
    yield* stderr.write(`${problem}Usage of ${argv[0]}:\n${[...valued.map((name) => `  -${name} string\n`), ...switches.map((name) => `  -${name}\n`)].sort().join('')}`);
    return problem === '' ? 0 : 2;
  }
  yield* log(system, 'info', `Redis Metrics Exporter ${version}  build date: 20230409-10:15:07  sha1: debian/sid  Go: go1.19.8  GOOS: linux  GOARCH: amd64`);
  if (flags.values.has('version')) return 0;
  const value = (flag: string, variable: string, standard: string) => flags.values.get(flag) ?? env[variable] ?? standard;
  const target: Target = { url: value('redis.addr', 'REDIS_ADDR', 'redis://localhost:6379'), password: value('redis.password', 'REDIS_PASSWORD', '') };
  const at = value('web.listen-address', 'REDIS_EXPORTER_WEB_LISTEN_ADDRESS', ':9121');
  const path = value('web.telemetry-path', 'REDIS_EXPORTER_WEB_TELEMETRY_PATH', '/metrics');
  const ends = new Channel<number>();
  let listener;
  yield* log(system, 'info', `Providing metrics at ${at}${path}`);
  try {
    listener = system.network.listen({ address: at.split(':')[0] ?? '', port: Number(at.split(':').at(-1)) });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* log(system, 'fatal', `listen tcp ${at}: bind: ${error.code === 'EADDRINUSE' ? 'address already in use' : 'cannot assign requested address'}`);
    return 1;
  }
  for (const signal of ['TERM', 'INT'] as const) system.onSignal(signal, () => void ends.send(0));
  const counters: Counters = { scrapes: 0, targetErrors: 0, startedAt: system.now };
  const text = [['Content-Type', 'text/plain; version=0.0.4; charset=utf-8']] as const;
  system.thread('http', serveHttp({
    listener,
    spawn: (name, task) => system.thread(name, task),
    *handle({ target: address }) {
      const [where, query = ''] = address.split('?');
      if (where === path) return { status: 200, headers: text, body: yield* metricsPage(system, target, counters) };
      if (where === '/health') return { status: 200, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: 'ok' };
      const other = /(?:^|&)target=([^&]*)/.exec(query)?.[1];
      if (where === '/scrape' && other !== undefined) return { status: 200, headers: text, body: yield* metricsPage(system, { url: decodeURIComponent(other), password: target.password }, counters) };
      if (where === '/scrape') {
        counters.targetErrors += 1;
        return { status: 400, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: "'target' parameter must be specified\n" };
      }
      return { status: 200, headers: [['Content-Type', 'text/html; charset=utf-8']], body: front(path) };
    },
  }));
  return (yield* ends.receive()) ?? 0;
};

/** docker.io/oliver006/redis_exporter. */
export const redisExporterImage: Image = {
  repository: 'docker.io/oliver006/redis_exporter',
  tags: ['latest', 'v1.45.0', 'v1.44.0', 'v1.50.0', 'v1.55.0', 'v1.58.0', 'v1.62.0', 'v1.67.0', 'v1.74.0', 'alpine', 'v1.45.0-alpine'],
  sizeBytes: 4_100_000,
  entrypoint: ['/redis_exporter'],
  user: '59000',
  exposedPorts: ['9121/tcp'],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: { '/redis_exporter': exporter },
  base: busyboxUserland,
};
