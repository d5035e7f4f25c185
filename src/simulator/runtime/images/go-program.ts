import type { Task } from '../../kernel';
import { type Endpoint, HttpError, type HttpResponse, httpRequest, NetworkError } from '../../network';
import type { System } from '../interface';
import { lookUpHost } from './host-lookup';

/** Why a Go program's request failed: the text of its error. */
export class GoError extends Error {
  override readonly name = 'GoError';
}

const words: Readonly<Record<string, string>> = { ECONNREFUSED: 'connect: connection refused', ETIMEDOUT: 'i/o timeout', EHOSTUNREACH: 'connect: no route to host', ENETUNREACH: 'connect: network is unreachable', ECONNRESET: 'read: connection reset by peer' };

/** Looks a host up as Go's dialer does. Throws GoError: dial tcp: lookup … */
export function* goResolve(system: System, host: string, port: number): Task<Endpoint> {
  const [address] = yield* lookUpHost(system, host === '' ? 'localhost' : host);
  if (address === undefined) throw new GoError(`dial tcp: lookup ${host}: no such host`);
  return { address, port };
}

/** The text of a failed connection. */
export const dialFailure = (error: NetworkError, { address, port }: Endpoint): string => `dial tcp ${address}:${port}: ${words[error.code] ?? error.code}`;

/** http.Get with Go's error texts. Throws GoError. */
export function* goGet(system: System, url: string, timeout: number, agent: string): Task<HttpResponse> {
  const match = /^https?:\/\/([^/:]+)(?::(\d+))?(.*)$/.exec(url);
  const fail = (text: string) => new GoError(`Get "${url}": ${text}`);
  if (!match) throw fail(`unsupported protocol scheme ""`);
  const [, host = '', port, path = ''] = match;
  let to: Endpoint;
  try {
    to = yield* goResolve(system, host, Number(port ?? 80));
  } catch (error) {
    throw error instanceof GoError ? fail(error.message) : error;
  }
  try {
    return yield* httpRequest(system.network, to, { target: path === '' ? '/' : path, host: port === undefined ? host : `${host}:${port}`, headers: [['User-Agent', agent], ['Accept-Encoding', 'gzip']] }, timeout);
  } catch (error) {
    if (error instanceof NetworkError) throw fail(error.code === 'ETIMEDOUT' ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)' : dialFailure(error, to));
    if (error instanceof HttpError) throw fail('EOF');
    throw error;
  }
}

/** Flags of Go's flag package: -name value, -name=value, --name, switches. The name of an unknown one comes back as `unknown`. */
export function goFlags(argv: readonly string[], switches: readonly string[], known: readonly string[]): { readonly values: ReadonlyMap<string, string>; readonly rest: readonly string[]; readonly unknown: string | undefined; readonly missing: string | undefined } {
  const values = new Map<string, string>();
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(word);
    if (!match || word === '--') return { values, rest: argv.slice(word === '--' ? i + 1 : i), unknown: undefined, missing: undefined };
    const name = match[1] as string;
    if (switches.includes(name)) values.set(name, match[2] ?? 'true');
    else if (!known.includes(name)) return { values, rest: [], unknown: name, missing: undefined };
    else if (match[2] !== undefined) values.set(name, match[2]);
    else if (argv[i + 1] === undefined) return { values, rest: [], unknown: undefined, missing: name };
    else values.set(name, argv[++i] as string);
  }
  return { values, rest: [], unknown: undefined, missing: undefined };
}

/** 5s, 500ms, 1m30s in microseconds; undefined if it is none. */
export function goDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) / 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined;
  return parts.reduce((total, [, amount, unit]) => total + Number(amount) * ({ ns: 0.001, us: 1, µs: 1, ms: 1000, s: 1e6, m: 60e6, h: 3600e6 }[unit as 's'] ?? 0), 0);
}

/** One metric family in Prometheus' text format. */
export const family = (name: string, help: string, type: string, samples: readonly (readonly [labels: string, value: number | string])[]): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map(([labels, value]) => `${name}${labels} ${value}\n`).join('')}`;

/** What Go's default collectors add, as far as anybody looks. */
export function goMetrics(system: System, startedAt: number): string {
  const one = (name: string, help: string, type: string, value: number | string) => family(name, help, type, [['', value]]);
  return (
    one('go_goroutines', 'Number of goroutines that currently exist.', 'gauge', 9) +
    family('go_info', 'Information about the Go environment.', 'gauge', [['{version="go1.19.8"}', 1]]) +
    one('go_memstats_alloc_bytes', 'Number of bytes allocated and still in use.', 'gauge', '1.48e+06') +
    one('go_threads', 'Number of OS threads created.', 'gauge', 6) +
    one('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', 'counter', ((system.now - startedAt) / 1e9).toFixed(2)) +
    one('process_open_fds', 'Number of open file descriptors.', 'gauge', 9) +
    one('process_resident_memory_bytes', 'Resident memory size in bytes.', 'gauge', '1.1e+07') +
    one('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', 'gauge', (startedAt / 1e6).toFixed(2))
  );
}
