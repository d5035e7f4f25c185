import { isIpAddress, parseRange } from '../../../network';
import { ConfigError, type Directive } from './config';
import type { LocationMatch } from './locations';
import { type Upstream, upstreamOf } from './upstream';

/** What a directive of the rewrite module does. */
export type Rewrite =
  | { readonly kind: 'set'; readonly variable: string; readonly value: string }
  | { readonly kind: 'rewrite'; readonly pattern: RegExp; readonly to: string; readonly flag: string }
  | { readonly kind: 'return'; readonly status: number; readonly text: string | undefined }
  | { readonly kind: 'break' }
  | { readonly kind: 'if'; readonly condition: readonly string[]; readonly steps: readonly Rewrite[]; readonly settings: Settings };

export interface AccessLog {
  readonly path: string;
  readonly format: string;
  readonly condition: string | undefined;
}

export interface ProxyPass {
  /** As written, with variables. */
  readonly url: string;
  readonly hasUri: boolean;
  /** in FILE:LINE, for error messages. */
  readonly at: string;
}

/** What holds at one level: http, server, location; inherited where nothing else is said. */
export interface Settings {
  readonly root: string;
  readonly alias: string | undefined;
  readonly index: readonly string[];
  readonly types: ReadonlyMap<string, string>;
  readonly defaultType: string;
  readonly errorPages: ReadonlyMap<number, { readonly to: string; readonly status: number | undefined }>;
  readonly access: readonly { readonly allow: boolean; readonly who: string }[];
  readonly accessLogs: readonly AccessLog[];
  readonly addHeaders: readonly { readonly name: string; readonly value: string; readonly always: boolean }[];
  readonly autoindex: boolean;
  readonly serverTokens: boolean;
  readonly logNotFound: boolean;
  readonly maxBody: number;
  readonly keepalive: number;
  readonly absoluteRedirect: boolean;
  readonly proxyHeaders: readonly { readonly name: string; readonly value: string }[];
  readonly proxyConnect: number;
  readonly proxyRead: number;
  readonly proxyVersion: string;
  readonly nextUpstream: readonly string[];
  readonly interceptErrors: boolean;
  readonly charset: string | undefined;
}

export interface Location {
  readonly match: LocationMatch;
  readonly settings: Settings;
  readonly steps: readonly Rewrite[];
  readonly tryFiles: readonly string[];
  readonly proxyPass: ProxyPass | undefined;
  readonly stubStatus: boolean;
  readonly emptyGif: boolean;
  readonly internal: boolean;
  readonly nested: readonly Location[];
}

export interface ListenAt {
  readonly address: string;
  readonly port: number;
  readonly isDefault: boolean;
}

export interface Server {
  readonly listens: readonly ListenAt[];
  readonly names: readonly string[];
  readonly settings: Settings;
  readonly steps: readonly Rewrite[];
  readonly tryFiles: readonly string[];
  readonly locations: readonly Location[];
}

export interface MapVariable {
  readonly source: string;
  readonly values: readonly { readonly key: string; readonly value: string }[];
  readonly fallback: string;
}

/** A whole configuration, ready to serve. */
export interface Configuration {
  readonly user: string;
  readonly workers: number;
  readonly daemon: boolean;
  readonly master: boolean;
  readonly pidFile: string;
  readonly errorLog: string;
  readonly errorLevel: string;
  readonly servers: readonly Server[];
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly formats: ReadonlyMap<string, string>;
  readonly maps: ReadonlyMap<string, MapVariable>;
  readonly warnings: readonly string[];
}

const combined = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

const base: Settings = {
  root: 'html', alias: undefined, index: ['index.html'], types: new Map([['html', 'text/html'], ['gif', 'image/gif'], ['jpg', 'image/jpeg']]), defaultType: 'text/plain', errorPages: new Map(), access: [],
  accessLogs: [{ path: '/var/log/nginx/access.log', format: combined, condition: undefined }], addHeaders: [], autoindex: false, serverTokens: true, logNotFound: true, maxBody: 1_048_576, keepalive: 75_000_000, absoluteRedirect: true,
  proxyHeaders: [], proxyConnect: 60_000_000, proxyRead: 60_000_000, proxyVersion: '1.0', nextUpstream: ['error', 'timeout'], interceptErrors: false, charset: undefined,
};

const where = ({ file, line }: Directive): string => `in ${file}:${line}`;

/** 10s, 500ms, 1m30s, 60 in microseconds. Throws ConfigError. */
export function durationOf(text: string, directive: Directive): number {
  if (/^\d+$/.test(text)) return Number(text) * 1_000_000;
  let total = 0;
  let rest = text;
  while (rest !== '') {
    const match = /^(\d+)(ms|s|m|h|d|w)/.exec(rest);
    if (!match) throw new ConfigError(`"${directive.name}" directive invalid value ${where(directive)}`);
    total += Number(match[1]) * ({ ms: 1000, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6, w: 604_800e6 }[match[2] as 's'] ?? 0);
    rest = rest.slice(match[0].length);
  }
  return total;
}

function sizeOf(text: string, directive: Directive): number {
  const match = /^(\d+)([kKmMgG]?)$/.exec(text);
  if (!match) throw new ConfigError(`"${directive.name}" directive invalid value ${where(directive)}`);
  return Number(match[1]) * ({ k: 1024, m: 1_048_576, g: 1_073_741_824 }[(match[2] ?? '').toLowerCase()] ?? 1);
}

function flagOf({ args, name, ...rest }: Directive): boolean {
  if (args[0] !== 'on' && args[0] !== 'off') throw new ConfigError(`invalid value "${args[0]}" in "${name}" directive, it must be "on" or "off" in ${rest.file}:${rest.line}`);
  return args[0] === 'on';
}

const absolute = (path: string): string => (path.startsWith('/') || path.startsWith('$') ? path : `/etc/nginx/${path}`);

class Compiler {
  readonly formats = new Map<string, string>([['combined', combined]]);
  readonly upstreams = new Map<string, Upstream>();
  readonly maps = new Map<string, MapVariable>();
  readonly warnings: string[] = [];

  /** The settings at this level. */
  level(directives: readonly Directive[], outer: Settings): Settings {
    const of = (name: string) => directives.filter((directive) => directive.name === name);
    const last = (name: string) => of(name).at(-1);
    const flag = (name: string, before: boolean) => (last(name) ? flagOf(last(name) as Directive) : before);
    const time = (name: string, before: number) => (last(name) ? durationOf((last(name) as Directive).args[0] ?? '', last(name) as Directive) : before);
    const access = directives.filter(({ name }) => name === 'allow' || name === 'deny');
    for (const rule of access) {
      const who = rule.args[0] ?? '';
      if (who !== 'all' && !who.includes(':') && !parseRange(who)) throw new ConfigError(`invalid parameter "${who}" ${where(rule)}`);
    }
    const logs = of('access_log');
    const maxBody = last('client_max_body_size');
    const types = last('types')?.block;
    return {
      root: last('root') ? absolute(last('root')?.args[0] ?? '') : last('alias') ? outer.root : outer.root,
      alias: last('alias') && absolute(last('alias')?.args[0] ?? ''),
      index: last('index')?.args ?? outer.index,
      types: types ? new Map(types.flatMap(({ name, args }) => args.map((extension) => [extension, name] as const))) : outer.types,
      defaultType: last('default_type')?.args[0] ?? outer.defaultType,
      errorPages: of('error_page').length > 0 ? new Map(of('error_page').flatMap(errorPages)) : outer.errorPages,
      access: access.length > 0 ? access.map(({ name, args }) => ({ allow: name === 'allow', who: args[0] ?? '' })) : outer.access,
      accessLogs: logs.length > 0 ? logs.flatMap((directive) => this.accessLog(directive)) : outer.accessLogs,
      addHeaders: of('add_header').length > 0 ? of('add_header').map(({ args }) => ({ name: args[0] ?? '', value: args[1] ?? '', always: args[2] === 'always' })) : outer.addHeaders,
      autoindex: flag('autoindex', outer.autoindex),
      serverTokens: last('server_tokens') ? last('server_tokens')?.args[0] !== 'off' : outer.serverTokens,
      logNotFound: flag('log_not_found', outer.logNotFound),
      maxBody: maxBody ? sizeOf(maxBody.args[0] ?? '', maxBody) : outer.maxBody,
      keepalive: time('keepalive_timeout', outer.keepalive),
      absoluteRedirect: flag('absolute_redirect', outer.absoluteRedirect),
      proxyHeaders: of('proxy_set_header').length > 0 ? of('proxy_set_header').map(({ args }) => ({ name: args[0] ?? '', value: args[1] ?? '' })) : outer.proxyHeaders,
      proxyConnect: time('proxy_connect_timeout', outer.proxyConnect),
      proxyRead: time('proxy_read_timeout', outer.proxyRead),
      proxyVersion: last('proxy_http_version')?.args[0] ?? outer.proxyVersion,
      nextUpstream: last('proxy_next_upstream')?.args ?? outer.nextUpstream,
      interceptErrors: flag('proxy_intercept_errors', outer.interceptErrors),
      charset: last('charset') ? (last('charset')?.args[0] === 'off' ? undefined : last('charset')?.args[0]) : outer.charset,
    };
  }

  private accessLog(directive: Directive): AccessLog[] {
    const [path = '', format = 'combined', ...more] = directive.args;
    if (path === 'off' || path.startsWith('syslog:')) return [];
    const known = this.formats.get(format.includes('=') ? 'combined' : format);
    if (known === undefined) throw new ConfigError(`unknown log format "${format}" ${where(directive)}`);
    const condition = [format, ...more].find((word) => word.startsWith('if='))?.slice(3);
    return [{ path: absolute(path), format: known, condition }];
  }

  steps(directives: readonly Directive[], outer: Settings): Rewrite[] {
    return directives.flatMap((directive): Rewrite[] => {
      const { name, args } = directive;
      if (name === 'set') {
        if (!args[0]?.startsWith('$')) throw new ConfigError(`invalid variable name "${args[0]}" ${where(directive)}`);
        return [{ kind: 'set', variable: args[0].slice(1), value: args[1] ?? '' }];
      }
      if (name === 'rewrite') return [{ kind: 'rewrite', pattern: regexOf(args[0] ?? '', false, directive), to: args[1] ?? '', flag: args[2] ?? '' }];
      if (name === 'break') return [{ kind: 'break' }];
      if (name === 'if') return [{ kind: 'if', condition: args, steps: this.steps(directive.block ?? [], outer), settings: this.level(directive.block ?? [], outer) }];
      if (name !== 'return') return [];
      const [code = '', text] = args;
      if (/^\d{1,3}$/.test(code)) return [{ kind: 'return', status: Number(code), text }];
      if (/^(https?:\/\/|\$scheme|\/)/.test(code) && text === undefined) return [{ kind: 'return', status: 302, text: code }];
      throw new ConfigError(`invalid return code "${code}" ${where(directive)}`);
    });
  }

  location(directive: Directive, outer: Settings, inRegex = false): Location {
    const [first = '', second] = directive.args;
    const block = directive.block ?? [];
    const kinds: Readonly<Record<string, LocationMatch['kind']>> = { '=': 'exact', '^~': 'preferential', '~': 'regex', '~*': 'regex' };
    const kind = second === undefined ? (first.startsWith('@') ? 'named' : 'prefix') : kinds[first];
    if (kind === undefined) throw new ConfigError(`invalid location modifier "${first}" ${where(directive)}`);
    const text = second ?? first;
    const match: LocationMatch = { kind, text, pattern: kind === 'regex' ? regexOf(text, first === '~*', directive) : undefined };
    const settings = this.level(block, outer);
    const pass = block.find(({ name }) => name === 'proxy_pass');
    return {
      match, settings, steps: this.steps(block, settings), tryFiles: block.find(({ name }) => name === 'try_files')?.args ?? [],
      proxyPass: pass && proxyPassOf(pass, kind === 'regex' || kind === 'named' || inRegex),
      stubStatus: block.some(({ name }) => name === 'stub_status'), emptyGif: block.some(({ name }) => name === 'empty_gif'), internal: block.some(({ name }) => name === 'internal'),
      nested: this.locations(block, settings),
    };
  }

  locations(directives: readonly Directive[], outer: Settings): Location[] {
    const seen = new Set<string>();
    return directives.filter(({ name }) => name === 'location').map((directive) => {
      const key = directive.args.join(' ');
      if (seen.has(key) && !directive.args[0]?.startsWith('~')) throw new ConfigError(`duplicate location "${directive.args.at(-1)}" ${where(directive)}`);
      seen.add(key);
      return this.location(directive, outer);
    });
  }

  server(directive: Directive, outer: Settings): Server {
    const block = directive.block ?? [];
    const settings = this.level(block, outer);
    const listens = block.filter(({ name }) => name === 'listen').map(listenAt);
    for (const [i, one] of listens.entries())
      if (listens.findIndex((other) => other.address === one.address && other.port === one.port) !== i) throw new ConfigError(`a duplicate listen ${one.address}:${one.port} ${where(block.filter(({ name }) => name === 'listen')[i] as Directive)}`);
    return {
      listens: listens.length > 0 ? listens : [{ address: '0.0.0.0', port: 80, isDefault: false }],
      names: block.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args.map((name) => name.toLowerCase())),
      settings, steps: this.steps(block, settings), tryFiles: block.find(({ name }) => name === 'try_files')?.args ?? [],
      locations: this.locations(block, settings),
    };
  }
}

/** PCRE as JavaScript has it: named groups and the (?i) prefix are turned. */
function regexOf(text: string, insensitive: boolean, directive: Directive): RegExp {
  const inline = /^\(\?i\)/.test(text);
  try {
    return new RegExp(text.replace(/^\(\?i\)/, '').replaceAll('(?P<', '(?<'), insensitive || inline ? 'i' : '');
  } catch {
    throw new ConfigError(`pcre2_compile() failed: missing closing parenthesis in "${text}" at "${text}" ${where(directive)}`);
  }
}

function proxyPassOf(directive: Directive, noUri: boolean): ProxyPass {
  const url = directive.args[0] ?? '';
  if (!/^https?:\/\//.test(url) && !url.includes('$')) throw new ConfigError(`invalid URL prefix ${where(directive)}`);
  const hasUri = /^https?:\/\/[^/]+\//.test(url);
  if (hasUri && noUri && !url.includes('$')) throw new ConfigError(`"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block ${where(directive)}`);
  return { url, hasUri, at: where(directive) };
}

function errorPages({ args }: Directive): (readonly [number, { to: string; status: number | undefined }])[] {
  const to = args.at(-1) ?? '';
  const override = args.at(-2)?.startsWith('=') ? args.at(-2) : undefined;
  const codes = args.slice(0, override === undefined ? -1 : -2);
  return codes.map((code) => [Number(code), { to, status: override === undefined ? undefined : Number(override.slice(1) || 0) }] as const);
}

function listenAt(directive: Directive): ListenAt {
  const text = directive.args[0] ?? '';
  const isDefault = directive.args.includes('default_server') || directive.args.includes('default');
  const match = /^(?:(\[[^\]]*\]|[^:\s]+):)?(\d+)$/.exec(text);
  const port = match ? Number(match[2]) : 80;
  const address = match ? (match[1] ?? '0.0.0.0') : text;
  if (port < 1 || port > 65_535) throw new ConfigError(`invalid port in "${text}" of the "listen" directive ${where(directive)}`);
  const host = address === '*' ? '0.0.0.0' : address === 'localhost' ? '127.0.0.1' : address;
  if (!host.startsWith('[') && !host.startsWith('unix') && !isIpAddress(host)) throw new ConfigError(`host not found in "${text}" of the "listen" directive ${where(directive)}`);
  return { address: host, port, isDefault };
}

function mapVariable({ args, block }: Directive): readonly [string, MapVariable] {
  const entries = (block ?? []).map(({ name, args: values }) => ({ key: name, value: values[0] ?? '' }));
  return [(args[1] ?? '').replace('$', ''), { source: args[0] ?? '', values: entries.filter(({ key }) => key !== 'default' && key !== 'hostnames'), fallback: entries.find(({ key }) => key === 'default')?.value ?? '' }];
}

function conflicts(servers: readonly Server[], warnings: string[]): void {
  const seen = new Set<string>();
  const defaults = new Set<string>();
  for (const { listens, names } of servers)
    for (const { address, port, isDefault } of listens) {
      if (isDefault && defaults.has(`${address}:${port}`)) throw new ConfigError(`a duplicate default server for ${address}:${port} in /etc/nginx/nginx.conf:1`);
      if (isDefault) defaults.add(`${address}:${port}`);
      for (const name of names.length > 0 ? names : ['']) {
        const key = `"${name}" on ${address}:${port}`;
        if (seen.has(key)) warnings.push(`conflicting server name ${key}, ignored`);
        seen.add(key);
      }
    }
}

/** Makes settings of checked directives. Throws ConfigError. */
export function compile(directives: readonly Directive[], cpus: number): Configuration {
  const compiler = new Compiler();
  const find = (name: string) => directives.find((directive) => directive.name === name);
  if (!find('events')) throw new ConfigError('no "events" section in configuration');
  const http = find('http')?.block ?? [];
  for (const { name, args } of http) if (name === 'log_format') compiler.formats.set(args[0] ?? '', args.slice(1).filter((part) => !part.startsWith('escape=')).join(''));
  for (const directive of http) if (directive.name === 'map') compiler.maps.set(...mapVariable(directive));
  for (const directive of http) if (directive.name === 'upstream') compiler.upstreams.set(directive.args[0] ?? '', upstreamOf(directive));
  const settings = compiler.level(http, base);
  const servers = http.filter(({ name }) => name === 'server').map((directive) => compiler.server(directive, settings));
  conflicts(servers, compiler.warnings);
  const workers = find('worker_processes');
  if (workers && workers.args[0] !== 'auto' && !/^\d+$/.test(workers.args[0] ?? '')) throw new ConfigError(`invalid number ${where(workers)}`);
  const errorLog = find('error_log') ?? http.find(({ name }) => name === 'error_log');
  return {
    user: find('user')?.args[0] ?? 'nobody', workers: workers === undefined ? 1 : workers.args[0] === 'auto' ? cpus : Number(workers.args[0]), daemon: find('daemon')?.args[0] !== 'off', master: find('master_process')?.args[0] !== 'off',
    pidFile: absolute(find('pid')?.args[0] ?? '/run/nginx.pid'), errorLog: errorLog?.args[0] ?? '/var/log/nginx/error.log', errorLevel: errorLog?.args[1] ?? 'error',
    servers, upstreams: compiler.upstreams, formats: compiler.formats, maps: compiler.maps, warnings: compiler.warnings,
  };
}
