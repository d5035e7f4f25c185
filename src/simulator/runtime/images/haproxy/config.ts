import { isIpAddress } from '../../../network';
import { type Acl, aclOf, type Condition, conditionOf } from './acl';

export interface ServerConfig {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly file: string;
  readonly line: number;
  readonly check: boolean;
  readonly inter: number;
  readonly fall: number;
  readonly rise: number;
  readonly weight: number;
  readonly backup: boolean;
  readonly disabled: boolean;
  readonly checkPort: number | undefined;
  readonly cookie: string | undefined;
  /** init-addr lets it start without an address. */
  readonly mayBeUnknown: boolean;
}

export interface HttpRule {
  readonly action: string;
  readonly args: readonly string[];
  readonly condition: Condition | undefined;
}

export interface CheckStep {
  readonly kind: 'send' | 'expect' | 'connect';
  readonly text: string;
  readonly pattern: 'string' | 'rstring' | '!string';
}

/** A frontend, backend or listen section with its defaults. */
export interface Proxy {
  readonly kind: 'frontend' | 'backend' | 'listen';
  readonly name: string;
  readonly line: number;
  mode: 'tcp' | 'http';
  log: boolean;
  logFormat: 'plain' | 'tcplog' | 'httplog';
  dontLogNull: boolean;
  binds: { readonly address: string; readonly port: number }[];
  defaultBackend: { readonly name: string; readonly line: number } | undefined;
  uses: { readonly name: string; readonly condition: Condition | undefined; readonly line: number }[];
  acls: Map<string, Acl[]>;
  servers: ServerConfig[];
  balance: string;
  connect: number | undefined;
  client: number | undefined;
  server: number | undefined;
  check: number | undefined;
  httpKeepAlive: number | undefined;
  retries: number;
  redispatch: boolean;
  httpCheck: { readonly method: string; readonly uri: string; readonly host: string | undefined } | undefined;
  httpExpect: string | undefined;
  tcpCheck: boolean;
  tcpSteps: CheckStep[];
  forwardFor: boolean;
  requestRules: HttpRule[];
  responseRules: HttpRule[];
  stats: { enabled: boolean; uri: string };
  monitorUri: string | undefined;
  cookie: string | undefined;
  defaultServer: readonly string[];
}

/** What comes of reading: proxies, or the alerts and warnings that stand in the way. */
export interface Reading {
  readonly proxies: readonly Proxy[];
  readonly alerts: readonly string[];
  readonly warnings: readonly string[];
  /** Alerts that are found after all lines are read: they are not "Error(s) found in configuration file". */
  readonly lateAlerts: readonly string[];
  readonly logsToStdout: boolean;
}

const ignored = new Set([
  'maxconn', 'http-reuse', 'errorfile', 'errorloc', 'stick-table', 'stick', 'description', 'http-errors', 'fullconn', 'capture', 'compression', 'rate-limit', 'backlog', 'tcp-request', 'tcp-response', 'hash-type', 'email-alert', 'load-server-state-from-file', 'unique-id-format', 'unique-id-header', 'log-tag', 'grace', 'id', 'disabled', 'enabled', 'source', 'persist', 'filter', 'declare', 'http-after-response', 'dispatch', 'max-keep-alive-queue', 'monitor', 'external-check', 'log-format', 'log-format-sd', 'clitcpka-cnt',
]);
const ignoredSections = new Set(['resolvers', 'peers', 'userlist', 'mailers', 'program', 'http-errors', 'cache', 'ring', 'fcgi-app', 'crt-store']);
const balances = ['roundrobin', 'static-rr', 'leastconn', 'source', 'uri', 'url_param', 'first', 'random'];

/** 500ms, 1s, 1m; a bare number is milliseconds. Undefined if it is none. */
export function durationOf(text: string | undefined): number | undefined {
  const match = /^(\d+)(us|ms|s|m|h|d)?$/.exec(text ?? '');
  return match ? Number(match[1]) * { us: 1, ms: 1000, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6 }[(match[2] ?? 'ms') as 's'] : undefined;
}

function words(line: string): string[] {
  const out: string[] = [];
  let word = '';
  let inside = false;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"') word += line[++i] ?? '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      inside = true;
    } else if (c === '\\') {
      const next = line[++i] ?? '';
      const hex = /^x([0-9a-fA-F]{2})/.exec(line.slice(i));
      if (hex) {
        word += String.fromCharCode(parseInt(hex[1] as string, 16));
        i += 2;
      } else word += { r: '\r', n: '\n', t: '\t' }[next] ?? next;
      inside = true;
    } else if (c === '#') break;
    else if (/\s/.test(c)) {
      if (inside) out.push(word);
      word = '';
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) out.push(word);
  return out;
}

const blank = (kind: Proxy['kind'], name: string, line: number): Proxy => ({
  kind, name, line, mode: 'tcp', log: false, logFormat: 'plain', dontLogNull: false, binds: [], defaultBackend: undefined, uses: [], acls: new Map(), servers: [], balance: 'roundrobin', connect: undefined, client: undefined, server: undefined, check: undefined, httpKeepAlive: undefined, retries: 3, redispatch: false,
  httpCheck: undefined, httpExpect: undefined, tcpCheck: false, tcpSteps: [], forwardFor: false, requestRules: [], responseRules: [], stats: { enabled: false, uri: '/haproxy?stats' }, monitorUri: undefined, cookie: undefined, defaultServer: [],
});

class Reader {
  readonly proxies: Proxy[] = [];
  readonly alerts: string[] = [];
  readonly warnings: string[] = [];
  readonly late: string[] = [];
  logsToStdout = false;
  private section = '';
  private current: Proxy | undefined;
  private defaults = blank('backend', '', 0);

  constructor(private readonly file: string) {}

  read(text: string): void {
    text.split('\n').forEach((content, index) => {
      const args = words(content);
      if (args.length > 0) this.line(args, index + 1);
    });
  }

  private line(args: readonly string[], line: number): void {
    const [keyword = '', first] = args;
    const at = `parsing [${this.file}:${line}]`;
    if (['global', 'defaults', 'frontend', 'backend', 'listen'].includes(keyword) || ignoredSections.has(keyword)) {
      this.section = keyword;
      this.current = undefined;
      if (keyword === 'defaults') this.current = this.defaults = blank('backend', '', line);
      else if (keyword !== 'global' && !ignoredSections.has(keyword)) {
        if (first === undefined) return void this.alerts.push(`${at} : '${keyword}' expects an <id> as an argument`);
        this.current = this.inherit(keyword as Proxy['kind'], first, line);
        this.proxies.push(this.current);
      }
      return;
    }
    if (this.section === '') return void this.alerts.push(`${at}: unknown keyword '${keyword}' out of section.`);
    if (this.section === 'global') {
      if (keyword === 'log' && (first === 'stdout' || first === 'stderr')) this.logsToStdout = true;
      return;
    }
    if (ignoredSections.has(this.section)) return;
    this.directive(this.current as Proxy, args, line, at);
  }

  private inherit(kind: Proxy['kind'], name: string, line: number): Proxy {
    const base = this.defaults;
    return { ...base, kind, name, line, binds: [], uses: [], acls: new Map(), servers: [], requestRules: [], responseRules: [], tcpSteps: [], stats: { ...base.stats } };
  }

  private directive(proxy: Proxy, args: readonly string[], line: number, at: string): void {
    const [keyword = '', first = '', second, third] = args;
    const alert = (text: string) => void this.alerts.push(`${at} : ${text}`);
    switch (keyword) {
      case 'mode':
        if (first !== 'tcp' && first !== 'http') return alert(`unknown proxy mode '${first}'.`);
        proxy.mode = first;
        return;
      case 'bind': return this.bind(proxy, first, alert);
      case 'log':
        proxy.log = first !== 'no';
        if (first === 'stdout' || first === 'stderr') this.logsToStdout = true;
        return;
      case 'no':
        if (first === 'log') proxy.log = false;
        return;
      case 'default_backend': proxy.defaultBackend = { name: first, line }; return;
      case 'use_backend': proxy.uses.push({ name: first, condition: second === undefined ? undefined : conditionOf(second, args.slice(3)), line }); return;
      case 'acl': proxy.acls.set(first, [...(proxy.acls.get(first) ?? []), aclOf(args.slice(2))]); return;
      case 'balance':
        if (!balances.includes(first.replace(/\(.*/, '')) && !first.startsWith('hdr(')) return alert("balance only supports 'roundrobin', 'static-rr', 'leastconn', 'source', 'uri', 'url_param', 'hdr(name)' and 'rdp-cookie(name)' options.");
        proxy.balance = first;
        return;
      case 'timeout': return this.timeout(proxy, first, second, alert);
      case 'retries': proxy.retries = Number(first); return;
      case 'option': return this.option(proxy, first, args.slice(2), alert);
      case 'default-server': proxy.defaultServer = args.slice(1); return;
      case 'server': return this.server(proxy, args, line);
      case 'http-request': proxy.requestRules.push(httpRule(args.slice(1))); return;
      case 'http-response': proxy.responseRules.push(httpRule(args.slice(1))); return;
      case 'redirect': proxy.requestRules.push(httpRule(args)); return;
      case 'http-check':
        if (first === 'send') proxy.httpCheck = { method: valueAfter(args, 'meth') ?? 'GET', uri: valueAfter(args, 'uri') ?? '/', host: valueAfter(args, 'host') ?? (args.indexOf('hdr') >= 0 ? args[args.indexOf('hdr') + 2] : undefined) };
        if (first === 'expect') proxy.httpExpect = args.slice(2).join(' ');
        return;
      case 'tcp-check':
        proxy.tcpCheck = true;
        if (first === 'send') proxy.tcpSteps.push({ kind: 'send', text: second ?? '', pattern: 'string' });
        else if (first === 'expect') proxy.tcpSteps.push({ kind: 'expect', pattern: second === '!' ? '!string' : second === 'rstring' ? 'rstring' : 'string', text: (second === '!' ? args[4] : third) ?? '' });
        else if (first === 'connect') proxy.tcpSteps.push({ kind: 'connect', text: '', pattern: 'string' });
        return;
      case 'stats':
        if (first === 'enable') proxy.stats.enabled = true;
        if (first === 'uri') proxy.stats = { enabled: true, uri: second ?? '/' };
        return;
      case 'monitor-uri': proxy.monitorUri = first; return;
      case 'cookie': proxy.cookie = first; return;
      default:
        if (!ignored.has(keyword)) alert2(this.alerts, at, keyword, this.section);
    }
  }

  private bind(proxy: Proxy, text: string, alert: (text: string) => void): void {
    for (const one of text.split(',')) {
      if (one.startsWith('/') || one.startsWith('[') || one.startsWith('::')) continue;
      const match = /^(.*):(\d+)$/.exec(one);
      if (!match) return alert(`'bind' : missing port specification in '${one}'`);
      const address = match[1] === '' || match[1] === '*' ? '0.0.0.0' : (match[1] as string);
      proxy.binds.push({ address: address === 'localhost' ? '127.0.0.1' : address, port: Number(match[2]) });
    }
  }

  private timeout(proxy: Proxy, which: string, text: string | undefined, alert: (text: string) => void): void {
    const value = durationOf(text);
    if (value === undefined) return alert(text === undefined ? `'timeout ${which}' expects an integer value (in milliseconds)` : `unexpected character '${text.replace(/^\d+/, '')[0] ?? ''}' in 'timeout ${which}'`);
    const names: Readonly<Record<string, 'connect' | 'client' | 'server' | 'check' | 'httpKeepAlive'>> = { connect: 'connect', client: 'client', server: 'server', check: 'check', 'http-keep-alive': 'httpKeepAlive' };
    const name = names[which];
    if (name) proxy[name] = value;
    else if (!['queue', 'http-request', 'tunnel', 'tarpit', 'client-fin', 'server-fin'].includes(which)) alert(`'timeout' supports 'client', 'server', 'connect', 'check', 'queue', 'http-keep-alive', 'http-request', 'tunnel', 'tarpit', 'client-fin' and 'server-fin' (got '${which}')`);
  }

  private option(proxy: Proxy, name: string, rest: readonly string[], alert: (text: string) => void): void {
    if (name === 'tcplog') proxy.logFormat = 'tcplog';
    else if (name === 'httplog') proxy.logFormat = 'httplog';
    else if (name === 'dontlognull') proxy.dontLogNull = true;
    else if (name === 'redispatch') proxy.redispatch = true;
    else if (name === 'forwardfor') proxy.forwardFor = true;
    else if (name === 'tcp-check') proxy.tcpCheck = true;
    else if (name === 'httpchk') {
      const [method, uri, , ...more] = rest;
      proxy.httpCheck = uri === undefined ? { method: 'OPTIONS', uri: method ?? '/', host: undefined } : { method: method ?? 'OPTIONS', uri, host: /Host:\s*(\S+)/i.exec(more.join(' '))?.[1] };
    } else if (['redis-check', 'mysql-check', 'pgsql-check'].includes(name)) {
      proxy.tcpCheck = true;
      if (name === 'redis-check') proxy.tcpSteps.push({ kind: 'send', text: '*1\r\n$4\r\nPING\r\n', pattern: 'string' }, { kind: 'expect', text: '+PONG', pattern: 'string' });
    } else if (!/^(http-|httpclose|tcpka|clitcpka|srvtcpka|logasap|log-|abortonclose|allbackups|splice|nolinger|persist|prefer|contstats|independent|originalto|socket-stats|transparent|forceclose|ssl-hello-chk|smtpchk|ldap-check|external-check|checkcache|disable-h2|h1-|idle|accept)/.test(name)) alert(`unknown option '${name}'.`);
  }

  private server(proxy: Proxy, args: readonly string[], line: number): void {
    const [, name, address] = args;
    if (name === undefined || address === undefined) return void this.alerts.push(`[${this.file}:${line}] : 'server' expects <name> and <addr>[:<port>] as arguments.`);
    const twin = proxy.servers.find((one) => one.name === name);
    if (twin) return void this.late.push(`parsing [${this.file}:${line}] : ${proxy.kind} '${proxy.name}', another server named '${name}' was already defined at line ${twin.line}, please use distinct names.`);
    const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
    const options = [...proxy.defaultServer, ...args.slice(3)];
    const made = { name, host, port: Number(port ?? 0), file: this.file, line, check: false, inter: 2e6, fall: 3, rise: 2, weight: 1, backup: false, disabled: false, checkPort: undefined as number | undefined, cookie: undefined as string | undefined, mayBeUnknown: false };
    for (let i = 0; i < options.length; i++) {
      const word = options[i] as string;
      const value = options[i + 1];
      if (['inter', 'fall', 'rise', 'weight', 'port', 'cookie', 'maxconn', 'init-addr', 'resolvers', 'fastinter', 'downinter', 'slowstart', 'on-marked-down', 'on-marked-up', 'observe', 'error-limit', 'on-error', 'addr', 'minconn', 'maxqueue', 'sni', 'verify', 'ca-file', 'resolve-prefer', 'pool-max-conn', 'alpn', 'proto', 'id', 'source', 'agent-port', 'agent-inter', 'agent-addr', 'namespace', 'redir', 'track', 'crt', 'check-sni', 'ws', 'tfo', 'log-proto', 'resolve-opts', 'pool-purge-delay', 'pool-low-conn'].includes(word)) {
        i += 1;
        if (word === 'inter') made.inter = durationOf(value) ?? made.inter;
        else if (word === 'fall' || word === 'rise' || word === 'weight') made[word] = Number(value);
        else if (word === 'port') made.checkPort = Number(value);
        else if (word === 'cookie') made.cookie = value;
        else if (word === 'init-addr') made.mayBeUnknown = (value ?? '').includes('none');
      } else if (word === 'check' || word === 'backup' || word === 'disabled') made[word] = true;
      else if (word === 'no-check') made.check = false;
      else if (!['enabled', 'no-backup', 'send-proxy', 'send-proxy-v2', 'ssl', 'check-ssl', 'no-ssl', 'stick', 'non-stick', 'check-send-proxy', 'agent-check', 'force-tlsv12', 'no-sslv3', 'no-verifyhost'].includes(word)) return void this.alerts.push(`[${this.file}:${line}] : 'server ${proxy.name}/${name}' : unknown keyword '${word}'.`);
    }
    proxy.servers.push({ ...made, ...(isIpAddress(host) && { host }) });
  }

  finish(): void {
    const names = new Set(this.proxies.filter(({ kind }) => kind !== 'frontend').map(({ name }) => name));
    for (const proxy of this.proxies) {
      for (const { name } of proxy.uses) if (!names.has(name) && !name.startsWith('%')) this.late.push(`Proxy '${proxy.name}': unable to find required use_backend: '${name}'.`);
      if (proxy.defaultBackend && !names.has(proxy.defaultBackend.name)) this.late.push(`Proxy '${proxy.name}': unable to find required default_backend: '${proxy.defaultBackend.name}'.`);
    }
    for (const proxy of this.proxies) {
      const missing = (proxy.kind !== 'backend' && proxy.client === undefined) || (proxy.servers.length > 0 && (proxy.connect === undefined || proxy.server === undefined));
      if (!missing) continue;
      const what = proxy.kind === 'listen' ? 'proxy' : proxy.kind;
      this.warnings.push(`config : missing timeouts for ${what} '${proxy.name}'.\n   | While not properly invalid, you will certainly encounter various problems\n   | with such a configuration. To fix this, please ensure that all following\n   | timeouts are set to a non-zero value: 'client', 'connect', 'server'.`);
    }
  }
}

const alert2 = (alerts: string[], at: string, keyword: string, section: string): void => void alerts.push(`${at} : unknown keyword '${keyword}' in '${section}' section`);
const valueAfter = (args: readonly string[], word: string): string | undefined => (args.includes(word) ? args[args.indexOf(word) + 1] : undefined);

function httpRule(args: readonly string[]): HttpRule {
  const at = args.findIndex((word, i) => i > 0 && (word === 'if' || word === 'unless'));
  const plain = at < 0 ? args : args.slice(0, at);
  return { action: plain[0] ?? '', args: plain.slice(1), condition: at < 0 ? undefined : conditionOf(args[at] as string, args.slice(at + 1)) };
}

/** Reads a configuration file. */
export function readConfig(text: string, file: string): Reading {
  const reader = new Reader(file);
  reader.read(text);
  if (reader.alerts.length === 0) reader.finish();
  return { proxies: reader.proxies, alerts: reader.alerts, warnings: reader.warnings, lateAlerts: reader.late, logsToStdout: reader.logsToStdout };
}
