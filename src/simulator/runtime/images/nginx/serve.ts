import { concatBytes, seconds, type Task, utf8Encode, within } from '../../../kernel';
import {
  ByteReader, type Connection, encodeChunk, encodeResponse, formatHttpDate, headerOf, type HttpHeaders, HttpError, type HttpRequestHead, keepsAlive, NetworkError, readBody, readRequestHead, requestFraming, streamBody,
} from '../../../network';
import type { System } from '../../interface';
import { type Answer, type Exchange, expand, hostOf } from './exchange';
import { findServer } from './locations';
import { type Ending, errorPage, returned, runPhases } from './phases';
import { statusPage, statusWords, version } from './pages';
import { locationOf, passedHeaders, type Proxied } from './proxy';
import type { Configuration } from './settings';

/** Counters of stub_status. */
export interface Counters {
  accepted: number;
  requests: number;
  active: number;
  waiting: number;
}

/** What connections are served with; a reload replaces it for the next ones. */
export interface Service {
  readonly system: System;
  readonly counters: Counters;
  configuration: Configuration;
  writeAccessLog(exchange: Exchange): Task;
  /** `context` follows the text: client, server, request … */
  writeErrorLog(level: string, connection: number, text: string): void;
  /** True while the program shuts down: connections end after their request. */
  quitting: boolean;
}

const empty = new Uint8Array(0);
const redirects = [301, 302, 303, 307, 308];

/** Serves a connection until either side has enough. `at` is the listening address. */
export function* serveConnection(service: Service, connection: Connection, at: { readonly address: string; readonly port: number }): Task {
  const { counters, system } = service;
  counters.accepted += 1;
  counters.active += 1;
  const number = counters.accepted;
  const reader = new ByteReader(connection);
  let waiting = false;
  const wait = (on: boolean) => {
    if (on !== waiting) counters.waiting += on ? 1 : -1;
    waiting = on;
  };
  try {
    for (let first = true; ; first = false) {
      wait(!first);
      const limit = first ? seconds(60) : (service.configuration.servers[0]?.settings.keepalive ?? seconds(75));
      const before = reader.received;
      const read = yield* within(limit, function* () {
        return { head: yield* readRequestHead(reader) };
      });
      wait(false);
      if (!read?.head) break;
      counters.requests += 1;
      if (!(yield* serveRequest(service, connection, reader, read.head, number, at, reader.received - before))) break;
    }
  } catch (error) {
    if (error instanceof HttpError && error.reason !== 'closed') yield* refuse(service, connection, error, number);
    else if (!(error instanceof HttpError) && !(error instanceof NetworkError)) throw error;
  } finally {
    wait(false);
    counters.active -= 1;
    connection.close();
  }
  void system;
}

/** A request that is none: 400, and the connection ends. */
function* refuse(service: Service, connection: Connection, error: HttpError, number: number): Task {
  service.writeErrorLog('info', number, `client sent invalid request while reading client request line, client: ${connection.remote.address}`);
  const body = utf8Encode(statusPage(400, true) ?? '');
  const headers: HttpHeaders = [['Server', version], ['Date', formatHttpDate(service.system.now)], ['Content-Type', 'text/html'], ['Content-Length', String(body.length)], ['Connection', 'close']];
  try {
    yield* connection.write(encodeResponse({ version: 'HTTP/1.1', status: error.reason === 'too-large' ? 400 : 400, reason: 'Bad Request', headers }, body));
  } catch (second) {
    if (!(second instanceof NetworkError)) throw second;
  }
}

/** %2F and dot segments, as nginx normalises a path. */
function normalise(target: string): string {
  const path = target.replace(/^https?:\/\/[^/]*/, '') || '/';
  let decoded = path;
  try {
    decoded = decodeURIComponent(path.replace(/%(?![0-9a-fA-F]{2})/g, '%25'));
  } catch {
    decoded = path;
  }
  const out: string[] = [];
  const parts = decoded.replace(/\/{2,}/g, '/').split('/').slice(1);
  parts.forEach((part, i) => {
    if (part === '..') out.pop();
    else if (part !== '.') out.push(part);
    if ((part === '.' || part === '..') && i === parts.length - 1) out.push('');
  });
  return `/${out.join('/')}`;
}

function* serveRequest(service: Service, connection: Connection, reader: ByteReader, request: HttpRequestHead, number: number, at: { readonly address: string; readonly port: number }, requestBytes: number): Task<boolean> {
  const { system, configuration } = service;
  const host = (headerOf(request.headers, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
  const server = findServer(configuration.servers, at.address, at.port, host);
  if (!server) return false;
  const [target = '/', query = ''] = request.target.split(/\?(.*)/s);
  const exchange: Exchange = {
    system, configuration, request, body: empty, connection, connectionNumber: number, server, startedAt: system.now, uri: normalise(target), query, settings: server.settings, location: undefined,
    captures: [], named: {}, variables: new Map(), status: 0, sent: 0, requestBytes, upstreamAddresses: [], upstreamStatuses: [], upstreamTimes: [], redirects: 0,
    logError: (level, text, upstream) => {
      const name = server.names[0] ?? '';
      const via = upstream === undefined ? '' : `, upstream: "${upstream}"`;
      const hostText = headerOf(request.headers, 'host');
      service.writeErrorLog(level, number, `${text}, client: ${connection.remote.address}, server: ${name}, request: "${request.method} ${request.target} ${request.version}"${via}${hostText === undefined ? '' : `, host: "${hostText}"`}`);
    },
  };
  const stub = () => stubStatus(service.counters);
  let ending: Ending;
  const tooLarge = yield* takeBody(exchange, reader);
  if (request.version === 'HTTP/1.1' && headerOf(request.headers, 'host') === undefined) ending = { status: 400 };
  else ending = tooLarge ? { status: 413 } : yield* runPhases(exchange, stub);
  const keep = keepsAlive(request) && exchange.settings.keepalive > 0 && !service.quitting && !tooLarge && !('status' in ending && ending.status === 400);
  if ('status' in ending && ending.status === 444) {
    exchange.status = 444;
    yield* service.writeAccessLog(exchange);
    return false;
  }
  const open = yield* send(exchange, ending, keep, stub);
  yield* service.writeAccessLog(exchange);
  return open;
}

function* takeBody(exchange: Exchange, reader: ByteReader): Task<boolean> {
  const { request } = exchange;
  const framing = requestFraming(request);
  if (framing.kind === 'length' && framing.length === 0) return false;
  const limit = exchange.settings.maxBody;
  if (framing.kind === 'length' && limit > 0 && framing.length > limit) {
    exchange.logError('error', `client intended to send too large body: ${framing.length} bytes`);
    return true;
  }
  if (headerOf(request.headers, 'expect')?.toLowerCase() === '100-continue') yield* exchange.connection.write(utf8Encode('HTTP/1.1 100 Continue\r\n\r\n'));
  (exchange as { body: Uint8Array }).body = yield* readBody(reader, framing);
  return false;
}

const stubStatus = ({ accepted, requests, active, waiting }: Counters): string =>
  `Active connections: ${active} \nserver accepts handled requests\n ${accepted} ${accepted} ${requests} \nReading: 0 Writing: ${active - waiting} Waiting: ${waiting} \n`;

function pageFor(exchange: Exchange, status: number, redirect: string | undefined): Answer {
  const page = statusPage(status, exchange.settings.serverTokens) ?? '';
  return { status, headers: [], type: 'text/html', body: utf8Encode(page), ...(redirect !== undefined && { location: redirect }) };
}

function* send(exchange: Exchange, ending: Ending, keep: boolean, stub: () => string): Task<boolean> {
  let final = ending;
  if ('status' in final && final.text === undefined && final.redirect === undefined) final = (yield* errorPage(exchange, final.status, stub)) ?? final;
  if ('proxied' in final && exchange.settings.interceptErrors && final.proxied.head.status >= 300) {
    const page = yield* errorPage(exchange, final.proxied.head.status, stub);
    if (page) {
      final.proxied.done();
      final = page;
    }
  }
  if ('proxied' in final) return yield* sendProxied(exchange, final.proxied, keep);
  if ('answer' in final) return yield* sendAnswer(exchange, final.answer, keep);
  const { status, text, redirect } = final;
  if (text !== undefined && !redirects.includes(status)) return yield* sendAnswer(exchange, returned(exchange, status, text), keep);
  return yield* sendAnswer(exchange, pageFor(exchange, status, text ?? redirect), keep);
}

function headersOf(exchange: Exchange, status: number, middle: HttpHeaders, keep: boolean, rest: HttpHeaders): HttpHeaders {
  const own = exchange.settings.addHeaders.filter(({ always }) => always || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(status));
  return [
    ['Server', exchange.settings.serverTokens ? version : 'nginx'], ['Date', formatHttpDate(exchange.system.now)], ...middle, ['Connection', keep ? 'keep-alive' : 'close'], ...rest,
    ...own.map(({ name, value }) => [name, expand(exchange, value)] as const).filter(([, value]) => value !== ''),
  ];
}

function absoluteLocation(exchange: Exchange, location: string): string {
  if (!location.startsWith('/') || !exchange.settings.absoluteRedirect) return location;
  const { port } = exchange.connection.local;
  return `http://${hostOf(exchange)}${port === 80 ? '' : `:${port}`}${location}`;
}

function* sendAnswer(exchange: Exchange, answer: Answer, keep: boolean): Task<boolean> {
  const { request, connection } = exchange;
  const { status } = answer;
  const bodiless = status === 204 || status === 304;
  const middle: (readonly [string, string])[] = [];
  if (!bodiless) {
    if (answer.type !== undefined) middle.push(['Content-Type', answer.type]);
    middle.push(['Content-Length', String(answer.body.length)]);
  }
  if (answer.lastModified !== undefined) middle.push(['Last-Modified', answer.lastModified]);
  if (answer.location !== undefined) middle.push(['Location', absoluteLocation(exchange, answer.location)]);
  const body = request.method === 'HEAD' || bodiless ? empty : answer.body;
  exchange.status = status;
  yield* connection.write(encodeResponse({ version: 'HTTP/1.1', status, reason: statusWords(status), headers: headersOf(exchange, status, middle, keep, answer.headers) }, body));
  exchange.sent = body.length;
  return keep;
}

/** An upstream's answer, part by part as it comes. */
function* sendProxied(exchange: Exchange, { head, framing, reader, done }: Proxied, keep: boolean): Task<boolean> {
  const { request, connection } = exchange;
  try {
    const chunked = framing.kind !== 'length' && request.version === 'HTTP/1.1';
    const closes = framing.kind !== 'length' && !chunked;
    const pick = (name: string) => headerOf(head.headers, name);
    const middle: (readonly [string, string])[] = [];
    const add = (name: string, value: string | undefined) => value !== undefined && middle.push([name, value]);
    add('Content-Type', pick('content-type'));
    if (framing.kind === 'length' && (pick('content-length') !== undefined || (head.status !== 204 && head.status !== 304))) add('Content-Length', request.method === 'HEAD' ? pick('content-length') : String(framing.length));
    add('Last-Modified', pick('last-modified'));
    add('Location', locationOf(exchange, head));
    if (chunked) add('Transfer-Encoding', 'chunked');
    exchange.status = head.status;
    const open = keep && !closes;
    const start = encodeResponse({ version: 'HTTP/1.1', status: head.status, reason: head.reason || statusWords(head.status), headers: headersOf(exchange, head.status, middle, open, passedHeaders(head)) });
    let pending: Uint8Array | undefined = start;
    yield* streamBody(reader, framing, function* (part) {
      exchange.sent += part.length;
      const bytes = chunked ? encodeChunk(part) : part;
      yield* connection.write(pending ? concatBytes([pending, bytes]) : bytes);
      pending = undefined;
    });
    if (pending) yield* connection.write(pending);
    if (chunked && request.method !== 'HEAD') yield* connection.write(encodeChunk(empty));
    return open;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    exchange.logError('error', 'upstream prematurely closed connection while reading upstream');
    return false;
  } finally {
    done();
  }
}
