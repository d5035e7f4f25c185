import { type Task, within } from '../../../kernel';
import {
  ByteReader, type Connection, encodeRequest, headerHas, headerOf, HttpError, type HttpResponseHead, NetworkError, readResponseHead, responseFraming, type BodyFraming,
} from '../../../network';
import { lookUpHost } from '../host-lookup';
import { type Exchange, expand, hostOf } from './exchange';
import { endpointOf, markFailed, type Peer, peerOf, pickPeer, type Upstream } from './upstream';

/** An upstream's answer whose body is still to be read. */
export interface Proxied {
  readonly head: HttpResponseHead;
  readonly framing: BodyFraming;
  readonly reader: ByteReader;
  readonly done: () => void;
}

interface Target {
  readonly upstream: Upstream;
  readonly host: string;
  /** http://name, as it stands in error messages. */
  readonly scheme: string;
  readonly uri: string;
}

const notPassed = ['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'te', 'upgrade', 'expect'];

function* targetOf(exchange: Exchange): Task<Target | number> {
  const pass = exchange.location?.proxyPass;
  if (!pass) return 500;
  const url = expand(exchange, pass.url);
  const match = /^(https?):\/\/([^/?]+)(.*)$/.exec(url);
  if (!match) {
    exchange.logError('error', `invalid URL prefix in "${url}"`);
    return 500;
  }
  const [, scheme = 'http', host = '', path = ''] = match;
  const passed = encodeURI(exchange.uri) + (exchange.query === '' ? '' : `?${exchange.query}`);
  const unchanged = exchange.redirects === 0 && !exchange.variables.has('rewritten') ? exchange.request.target : passed;
  let uri = unchanged;
  if (pass.url.includes('$') && path !== '') uri = path;
  else if (path !== '') uri = path + passed.slice(exchange.location?.match.text.length ?? 0);
  const group = exchange.configuration.upstreams.get(host) ?? exchange.configuration.upstreams.get(`implicit ${host}`);
  if (group) return { upstream: group, host, scheme, uri };
  const peer = peerOf(host, '');
  if (peer.address === undefined) {
    const found = (yield* lookUpHost(exchange.system, peer.host))[0];
    if (found === undefined) {
      exchange.logError('error', `no resolver defined to resolve ${peer.host}`);
      return 502;
    }
    peer.address = found;
  }
  return { upstream: { name: host, method: 'round-robin', hashKey: '', peers: [peer] }, host, scheme, uri };
}

function requestFor(exchange: Exchange, { host, uri }: Target): Uint8Array {
  const { request, body, settings } = exchange;
  exchange.variables.set('proxy_host', host);
  exchange.variables.set('proxy_port', /:(\d+)$/.exec(host)?.[1] ?? '80');
  const set = new Map(settings.proxyHeaders.map(({ name, value }) => [name.toLowerCase(), { name, value: expand(exchange, value) }]));
  const headers: (readonly [string, string])[] = [];
  for (const [key, standard] of [['host', host], ['connection', 'close']] as const) {
    const own = set.get(key);
    if (!own) headers.push([key === 'host' ? 'Host' : 'Connection', standard]);
    else if (own.value !== '') headers.push([own.name, own.value]);
  }
  for (const [key, { name, value }] of set) if (key !== 'host' && key !== 'connection' && value !== '') headers.push([name, value]);
  for (const [name, value] of request.headers) if (!notPassed.includes(name.toLowerCase()) && !set.has(name.toLowerCase())) headers.push([name, value]);
  if (body.length > 0 || headerOf(request.headers, 'content-length') !== undefined) headers.push(['Content-Length', String(body.length)]);
  return encodeRequest({ method: request.method, target: uri, version: `HTTP/${settings.proxyVersion}`, headers }, body);
}

const failures: Readonly<Record<string, string>> = { ECONNREFUSED: '111: Connection refused', EHOSTUNREACH: '113: No route to host', ECONNRESET: '104: Connection reset by peer', ENETUNREACH: '101: Network is unreachable', EPIPE: '32: Broken pipe' };

/** Passes the request on; the status to answer with when nobody takes it. */
export function* passOn(exchange: Exchange): Task<Proxied | number> {
  const target = yield* targetOf(exchange);
  if (typeof target === 'number') return target;
  const bytes = requestFor(exchange, target);
  const tried = new Set<Peer>();
  const { system, settings } = exchange;
  let status = 502;
  for (;;) {
    const key = target.upstream.method === 'hash' ? expand(exchange, target.upstream.hashKey) : exchange.connection.remote.address;
    const peer = pickPeer(target.upstream, tried, system.now, key, system.random);
    if (!peer) {
      if (tried.size === 0) {
        exchange.logError('error', 'no live upstreams while connecting to upstream', `${target.scheme}://${target.upstream.name}${target.uri}`);
        exchange.upstreamAddresses.push(target.upstream.name);
        exchange.upstreamStatuses.push('502');
        exchange.upstreamTimes.push('0.000');
      }
      return status;
    }
    tried.add(peer);
    const at = `${peer.address ?? peer.host}:${peer.port}`;
    exchange.upstreamAddresses.push(at);
    const start = system.now;
    const outcome = yield* tryPeer(exchange, peer, bytes, `${target.scheme}://${at}${target.uri}`);
    exchange.upstreamTimes.push(((system.now - start) / 1_000_000).toFixed(3));
    if (typeof outcome !== 'string') {
      exchange.upstreamStatuses.push(String(outcome.head.status));
      if (settings.nextUpstream.includes(`http_${outcome.head.status}`) && tried.size < target.upstream.peers.length) {
        outcome.done();
        markFailed(peer, system.now);
        continue;
      }
      return outcome;
    }
    markFailed(peer, system.now);
    status = outcome === 'timeout' ? 504 : 502;
    exchange.upstreamStatuses.push(String(status));
    const idempotent = !['POST', 'LOCK', 'PATCH'].includes(exchange.request.method) || settings.nextUpstream.includes('non_idempotent') || outcome === 'refused';
    if (settings.nextUpstream.includes('off') || !idempotent) return status;
    if (!settings.nextUpstream.includes(outcome === 'timeout' ? 'timeout' : 'error')) return status;
  }
}

/** 'refused': it never got the request. 'error': it got it and broke. */
function* tryPeer(exchange: Exchange, peer: Peer, bytes: Uint8Array, url: string): Task<Proxied | 'refused' | 'error' | 'timeout'> {
  const { system, settings, logError } = exchange;
  let connection: Connection;
  try {
    connection = yield* system.network.connect(endpointOf(peer), { timeout: settings.proxyConnect });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    if (error.code === 'ETIMEDOUT') {
      logError('error', 'upstream timed out (110: Connection timed out) while connecting to upstream', url);
      return 'timeout';
    }
    logError('error', `connect() failed (${failures[error.code] ?? error.code}) while connecting to upstream`, url);
    return 'refused';
  }
  peer.connections += 1;
  const done = () => {
    peer.connections -= 1;
    connection.close();
  };
  try {
    yield* connection.write(bytes);
    const reader = new ByteReader(connection);
    const answer = yield* within(settings.proxyRead, function* () {
      for (;;) {
        const head = yield* readResponseHead(reader);
        if (!head || head.status >= 200 || head.status === 101) return { head };
      }
    });
    if (answer?.head) return { head: answer.head, framing: responseFraming(answer.head, exchange.request.method), reader, done };
    done();
    if (!answer) {
      logError('error', 'upstream timed out (110: Connection timed out) while reading response header from upstream', url);
      return 'timeout';
    }
    logError('error', 'upstream prematurely closed connection while reading response header from upstream', url);
    return 'error';
  } catch (error) {
    done();
    if (error instanceof HttpError) logError('error', error.reason === 'closed' ? 'upstream prematurely closed connection while reading response header from upstream' : 'upstream sent no valid HTTP/1.0 header while reading response header from upstream', url);
    else if (error instanceof NetworkError) logError('error', `recv() failed (${failures[error.code] ?? error.code}) while reading response header from upstream`, url);
    else throw error;
    return 'error';
  }
}

const hidden = ['date', 'server', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-type', 'location', 'last-modified', 'x-pad', 'x-accel-redirect', 'x-accel-expires', 'x-accel-limit-rate', 'x-accel-buffering', 'x-accel-charset'];

/** The upstream's header fields that go to the client as they are. */
export const passedHeaders = (head: HttpResponseHead): readonly (readonly [string, string])[] => head.headers.filter(([name]) => !hidden.includes(name.toLowerCase()));

/** `proxy_redirect default`: a Location of the upstream's becomes one of this server's. */
export function locationOf(exchange: Exchange, head: HttpResponseHead): string | undefined {
  const location = headerOf(head.headers, 'location');
  const pass = exchange.location?.proxyPass;
  if (location === undefined || !pass) return location;
  const url = expand(exchange, pass.url);
  const prefix = pass.hasUri ? url : `${url}/`;
  if (!location.startsWith(prefix)) return location;
  const { port } = exchange.connection.local;
  return `http://${hostOf(exchange)}${port === 80 ? '' : `:${port}`}${pass.hasUri ? (exchange.location?.match.text ?? '/') : '/'}${location.slice(prefix.length)}`;
}

/** Whether the client asked for a protocol change. */
export const wantsUpgrade = (exchange: Exchange): boolean => headerHas(exchange.request.headers, 'connection', 'upgrade');

/** Looks up the names of all upstreams, as nginx does when it reads its configuration. Gives what to say of the first that is not found. */
export function* resolveUpstreams({ upstreams, servers }: Exchange['configuration'], system: Exchange['system']): Task<string | undefined> {
  const groups = upstreams as Map<string, Upstream>;
  for (const { proxyPass } of servers.flatMap(({ locations }) => locations).flatMap((one) => [one, ...one.nested])) {
    const host = proxyPass === undefined || proxyPass.url.includes('$') ? undefined : /^https?:\/\/([^/?]+)/.exec(proxyPass.url)?.[1];
    if (host === undefined || groups.has(host) || groups.has(`implicit ${host}`)) continue;
    groups.set(`implicit ${host}`, { name: host, method: 'round-robin', hashKey: '', peers: [peerOf(host, proxyPass?.at ?? '')] });
  }
  for (const { peers } of groups.values()) {
    for (const peer of [...peers]) {
      if (peer.address !== undefined) continue;
      const [first, ...others] = yield* lookUpHost(system, peer.host);
      if (first === undefined) return `host not found in upstream "${peer.name}" ${peer.at}`;
      peer.address = first;
      peers.splice(peers.indexOf(peer) + 1, 0, ...others.map((address) => ({ ...peer, address })));
    }
  }
  return undefined;
}
