import type { Time } from '../../../kernel';
import { type Connection, formatLogDate, headerOf, type HttpRequestHead } from '../../../network';
import type { System } from '../../interface';
import type { Configuration, Location, Server, Settings } from './settings';
import { version } from './pages';

/** One request as it goes through the phases. */
export interface Exchange {
  readonly system: System;
  readonly configuration: Configuration;
  readonly request: HttpRequestHead;
  readonly body: Uint8Array;
  readonly connection: Connection;
  readonly connectionNumber: number;
  readonly server: Server;
  readonly startedAt: Time;
  /** Decoded, without the query; changed by rewrites and internal redirects. */
  uri: string;
  query: string;
  settings: Settings;
  location: Location | undefined;
  captures: readonly (string | undefined)[];
  readonly named: Record<string, string | undefined>;
  readonly variables: Map<string, string>;
  status: number;
  sent: number;
  requestBytes: number;
  readonly upstreamAddresses: string[];
  readonly upstreamStatuses: string[];
  readonly upstreamTimes: string[];
  redirects: number;
  /** Writes a line to the error log. */
  readonly logError: (level: string, text: string, upstream?: string) => void;
}

/** What nginx answers with. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly type?: string;
  readonly body: Uint8Array;
  readonly location?: string;
  readonly lastModified?: string;
}

/** The Host header's name, or the server's. */
export function hostOf(exchange: Exchange): string {
  const header = headerOf(exchange.request.headers, 'host');
  return (header?.replace(/:\d+$/, '') || exchange.server.names[0] || '').toLowerCase();
}

const seconds = (microseconds: number): string => (microseconds / 1_000_000).toFixed(3);

const simple: Readonly<Record<string, (exchange: Exchange) => string | undefined>> = {
  uri: ({ uri }) => uri,
  document_uri: ({ uri }) => uri,
  args: ({ query }) => query,
  query_string: ({ query }) => query,
  is_args: ({ query }) => (query === '' ? '' : '?'),
  request_uri: ({ request }) => request.target,
  request_method: ({ request }) => request.method,
  request: ({ request }) => `${request.method} ${request.target} ${request.version}`,
  request_length: ({ requestBytes }) => String(requestBytes),
  request_time: ({ system, startedAt }) => seconds(system.now - startedAt),
  request_body: ({ body }) => (body.length === 0 ? undefined : String.fromCharCode(...body.subarray(0, 8192))),
  request_id: ({ system }) => system.random.hex(32),
  request_filename: ({ settings, uri }) => settings.root + uri,
  document_root: ({ settings }) => settings.root,
  remote_addr: ({ connection }) => connection.remote.address,
  remote_port: ({ connection }) => String(connection.remote.port),
  binary_remote_addr: ({ connection }) => connection.remote.address,
  remote_user: () => undefined,
  server_addr: ({ connection }) => connection.local.address,
  server_port: ({ connection }) => String(connection.local.port),
  server_name: ({ server }) => server.names[0] ?? '',
  server_protocol: ({ request }) => request.version,
  scheme: () => 'http',
  https: () => '',
  host: hostOf,
  hostname: ({ system }) => system.hostname,
  status: ({ status }) => String(status).padStart(3, '0'),
  body_bytes_sent: ({ sent }) => String(sent),
  bytes_sent: ({ sent }) => String(sent),
  connection: ({ connectionNumber }) => String(connectionNumber),
  connection_requests: () => '1',
  content_type: ({ request }) => headerOf(request.headers, 'content-type'),
  content_length: ({ request }) => headerOf(request.headers, 'content-length'),
  time_local: ({ system }) => formatLogDate(system.now),
  time_iso8601: ({ system }) => isoTime(system.now),
  msec: ({ system }) => (system.now / 1_000_000).toFixed(3),
  pid: ({ system }) => String(system.pid),
  pipe: () => '.',
  nginx_version: () => version.slice(6),
  proxy_add_x_forwarded_for: ({ request, connection }) => {
    const before = headerOf(request.headers, 'x-forwarded-for');
    return before === undefined ? connection.remote.address : `${before}, ${connection.remote.address}`;
  },
  proxy_host: ({ variables }) => variables.get('proxy_host'),
  proxy_port: ({ variables }) => variables.get('proxy_port'),
  upstream_addr: ({ upstreamAddresses }) => upstreamAddresses.join(', ') || undefined,
  upstream_status: ({ upstreamStatuses }) => upstreamStatuses.join(', ') || undefined,
  upstream_response_time: ({ upstreamTimes }) => upstreamTimes.join(', ') || undefined,
  upstream_connect_time: ({ upstreamTimes }) => upstreamTimes.map(() => '0.000').join(', ') || undefined,
  upstream_header_time: ({ upstreamTimes }) => upstreamTimes.join(', ') || undefined,
};

function isoTime(now: Time): string {
  const text = formatLogDate(now);
  const [, day, month, year, time] = /^(\d+)\/(\w+)\/(\d+):([\d:]+)/.exec(text) as RegExpExecArray;
  const number = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(month ?? '') + 1;
  return `${year}-${String(number).padStart(2, '0')}-${day}T${time}+00:00`;
}

/** A variable's value; undefined when it is not set or not known. */
export function variable(exchange: Exchange, name: string): string | undefined {
  if (/^\d$/.test(name)) return exchange.captures[Number(name)];
  const own = exchange.variables.get(name) ?? exchange.named[name];
  if (own !== undefined) return own;
  const map = exchange.configuration.maps.get(name);
  if (map) {
    const value = expand(exchange, map.source);
    const hit = map.values.find(({ key }) => (key.startsWith('~') ? new RegExp(key.replace(/^~\*?/, ''), key.startsWith('~*') ? 'i' : '').test(value) : key === value));
    return expand(exchange, hit ? hit.value : map.fallback);
  }
  const known = simple[name];
  if (known) return known(exchange);
  const { headers } = exchange.request;
  if (name.startsWith('http_')) return headerOf(headers, name.slice(5).replaceAll('_', '-'));
  if (name.startsWith('arg_')) return new Map(exchange.query.split('&').map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)])).get(name.slice(4));
  if (name.startsWith('cookie_')) return new RegExp(`(?:^|;\\s*)${name.slice(7)}=([^;]*)`).exec(headerOf(headers, 'cookie') ?? '')?.[1];
  return undefined;
}

/** Puts variables into a text; `missing` stands for those without a value. */
export function expand(exchange: Exchange, text: string, missing = ''): string {
  if (!text.includes('$')) return text;
  let out = '';
  for (const [index, part] of partsOf(text).entries()) out += index % 2 === 0 ? part : variable(exchange, part) || missing;
  return out;
}

const templates = new Map<string, readonly string[]>();
const rememberLimit = 1000;

/** What stands between the variables of a text, and their names, in turn. */
function partsOf(text: string): readonly string[] {
  let parts = templates.get(text);
  if (parts === undefined) {
    parts = text.split(/\$(?:\{(\w+)\}|(\w+))/).filter((part) => part !== undefined);
    if (templates.size >= rememberLimit) templates.clear();
    templates.set(text, parts);
  }
  return parts;
}
