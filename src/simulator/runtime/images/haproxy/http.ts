import { concatBytes, seconds, type Task, utf8Encode, within } from '../../../kernel';
import {
  ByteReader, type Connection, encodeChunk, encodeRequest, encodeResponse, headerOf, type HttpHeaders, HttpError, type HttpRequestHead, type HttpResponseHead, keepsAlive, NetworkError, readBody, readRequestHead, readResponseHead, requestFraming, responseFraming, streamBody,
} from '../../../network';
import { holds, type Sample } from './acl';
import type { Backend, BackendServer } from './backend';
import type { HttpRule, Proxy } from './config';
import { connectTo, logTime, type Worker } from './session';

const texts: Readonly<Record<number, readonly [string, string]>> = {
  400: ['Bad request', 'Your browser sent an invalid request.'], 401: ['Unauthorized', 'You need a valid user and password to access this content.'], 403: ['Forbidden', 'Request forbidden by administrative rules.'], 404: ['Not Found', 'The resource could not be found.'], 408: ['Request Time-out', "Your browser didn't send a complete request in time."], 429: ['Too Many Requests', 'You have sent too many requests in a given amount of time.'],
  500: ['Internal Server Error', 'An internal server error occurred.'], 502: ['Bad Gateway', 'The server returned an invalid or incomplete response.'], 503: ['Service Unavailable', 'No server is available to handle this request.'], 504: ['Gateway Time-out', "The server didn't respond in time."],
};

function page(status: number): { readonly head: Omit<HttpResponseHead, 'version'>; readonly body: Uint8Array } {
  const [reason, text] = texts[status] ?? ['Error', ''];
  const body = utf8Encode(`<html><body><h1>${status} ${reason}</h1>\n${text}\n</body></html>\n`);
  return { head: { status, reason, headers: [['content-length', String(body.length)], ['cache-control', 'no-cache'], ['content-type', 'text/html']] }, body };
}

/** One request's course, for its log line. */
interface Course {
  readonly start: number;
  readonly request: HttpRequestHead;
  backend: Backend | undefined;
  server: BackendServer | undefined;
  special: string | undefined;
  connectedAt: number | undefined;
  answeredAt: number | undefined;
  status: number;
  bytes: number;
  flags: string;
  retries: number;
}

const hopByHop = ['connection', 'keep-alive', 'transfer-encoding', 'proxy-connection'];
const lower = (headers: HttpHeaders): HttpHeaders => headers.map(([name, value]) => [name.toLowerCase(), value]);

/** Serves a client connection of a frontend in mode http. */
export function* serveHttpFrontend(worker: Worker, proxy: Proxy, client: Connection): Task {
  const reader = new ByteReader(client);
  const counters = worker.frontends.get(proxy);
  worker.actconn += 1;
  if (counters) counters.sessions += 1;
  try {
    for (let first = true; ; first = false) {
      const limit = first ? (proxy.client ?? seconds(3600)) : (proxy.httpKeepAlive ?? proxy.client ?? seconds(3600));
      const read = yield* within(limit, function* () {
        return { head: yield* readRequestHead(reader) };
      });
      if (!read?.head || !(yield* serveOne(worker, proxy, client, reader, read.head))) return;
    }
  } catch (error) {
    if (error instanceof HttpError && error.reason !== 'closed') yield* badRequest(worker, proxy, client);
    else if (!(error instanceof NetworkError) && !(error instanceof HttpError)) throw error;
  } finally {
    worker.actconn -= 1;
    if (counters) {
      counters.sessions -= 1;
      counters.total += 1;
    }
    client.close();
  }
}

function* badRequest(worker: Worker, proxy: Proxy, client: Connection): Task {
  const body = utf8Encode('<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body></html>\n');
  const headers = [['Content-length', String(body.length)], ['Cache-Control', 'no-cache'], ['Connection', 'close'], ['Content-Type', 'text/html']] as const;
  if (proxy.log && proxy.logFormat === 'httplog')
    worker.log(`${client.remote.address}:${client.remote.port} ${logTime(worker.system.now)} ${proxy.name} ${proxy.name}/<NOSRV> -1/-1/-1/-1/0 400 0 - - CR-- ${worker.actconn}/${worker.frontends.get(proxy)?.sessions ?? 1}/0/0/0 0/0 "<BADREQ>"`);
  try {
    yield* client.write(encodeResponse({ version: 'HTTP/1.1', status: 400, reason: 'Bad request', headers }, body));
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

function sampleOf(client: Connection, request: HttpRequestHead): Sample {
  return { request, source: client.remote.address, port: client.local.port };
}

/** Applies http-request rules: a changed request, or an answer at once. */
function applyRequestRules(proxy: Proxy, client: Connection, request: HttpRequestHead): { request: HttpRequestHead; answer?: { head: Omit<HttpResponseHead, 'version'>; body: Uint8Array } } {
  let { headers, target } = request;
  for (const rule of proxy.requestRules) {
    const now = { ...request, headers, target };
    if (!holds(rule.condition, proxy.acls, sampleOf(client, now))) continue;
    const answer = immediate(rule, now);
    if (answer) return { request: now, answer };
    const [name = '', value = ''] = rule.args;
    if (rule.action === 'set-header' || rule.action === 'add-header') headers = [...(rule.action === 'set-header' ? headers.filter(([key]) => key.toLowerCase() !== name.toLowerCase()) : headers), [name.toLowerCase(), format(value, client, now)]];
    else if (rule.action === 'del-header') headers = headers.filter(([key]) => key.toLowerCase() !== name.toLowerCase());
    else if (rule.action === 'set-path') target = format(name, client, now) + (/\?.*$/.exec(target)?.[0] ?? '');
    else if (rule.action === 'replace-path') target = target.replace(/^[^?]*/, (path) => path.replace(new RegExp(name), value.replace(/\\(\d)/g, '$$$1')));
    else if (rule.action === 'allow') break;
  }
  return { request: { ...request, headers, target } };
}

function immediate({ action, args }: HttpRule, request: HttpRequestHead): { head: Omit<HttpResponseHead, 'version'>; body: Uint8Array } | undefined {
  const after = (word: string) => (args.includes(word) ? args[args.indexOf(word) + 1] : undefined);
  if (action === 'deny' || action === 'tarpit') return page(Number(after('deny_status') ?? after('status') ?? 403));
  if (action === 'return') {
    const body = utf8Encode(after('string') ?? after('lf-string') ?? '');
    return { head: { status: Number(after('status') ?? 200), reason: 'OK', headers: [['content-length', String(body.length)], ['content-type', after('content-type') ?? 'text/plain']] }, body };
  }
  if (action !== 'redirect') return undefined;
  const [kind, to = ''] = args;
  const host = headerOf(request.headers, 'host') ?? '';
  const location = kind === 'prefix' ? to + request.target : kind === 'scheme' ? `${to}://${host}${request.target}` : to;
  return { head: { status: Number(after('code') ?? 302), reason: 'Found', headers: [['content-length', '0'], ['location', location], ['cache-control', 'no-cache']] }, body: new Uint8Array(0) };
}

const format = (text: string, client: Connection, request: HttpRequestHead): string =>
  text.replace(/%\[src\]|%ci/g, client.remote.address).replace(/%\[path\]|%HP/g, request.target.replace(/\?.*/, '')).replace(/%\[(?:req\.)?hdr\(([^)]+)\)\]/g, (_, name: string) => headerOf(request.headers, name.toLowerCase()) ?? '').replace(/%\[dst_port\]|%fp/g, String(client.local.port));

function chooseBackend(worker: Worker, proxy: Proxy, client: Connection, request: HttpRequestHead): Backend | undefined {
  for (const { name, condition } of proxy.uses) if (holds(condition, proxy.acls, sampleOf(client, request))) return worker.backends.get(name);
  if (proxy.defaultBackend) return worker.backends.get(proxy.defaultBackend.name);
  return proxy.kind === 'listen' ? worker.backends.get(proxy.name) : undefined;
}

function* serveOne(worker: Worker, proxy: Proxy, client: Connection, reader: ByteReader, head: HttpRequestHead): Task<boolean> {
  const { system } = worker;
  const course: Course = { start: system.now, request: head, backend: undefined, server: undefined, special: undefined, connectedAt: undefined, answeredAt: undefined, status: 0, bytes: 0, flags: '--', retries: 0 };
  const body = yield* readBody(reader, requestFraming(head));
  const keep = keepsAlive(head);
  const ruled = applyRequestRules(proxy, client, { ...head, headers: lower(head.headers) });
  const answer = ruled.answer ?? monitor(proxy, head) ?? (yield* statistics(worker, proxy, head, course));
  let open: boolean;
  if (answer) {
    course.flags = course.special === undefined ? 'PR' : 'LR';
    open = yield* send(client, course, answer.head, answer.body, keep);
  } else {
    course.backend = chooseBackend(worker, proxy, client, ruled.request);
    open = yield* forward(worker, proxy, client, ruled.request, body, course, keep);
  }
  log(worker, proxy, client, course);
  const counters = worker.frontends.get(proxy);
  if (counters) counters.bytesOut += course.bytes;
  return open;
}

function monitor(proxy: Proxy, { target }: HttpRequestHead): { head: Omit<HttpResponseHead, 'version'>; body: Uint8Array } | undefined {
  if (proxy.monitorUri === undefined || target !== proxy.monitorUri) return undefined;
  const body = utf8Encode('<html><body><h1>200 OK</h1>\nService ready.\n</body></html>\n');
  return { head: { status: 200, reason: 'OK', headers: [['content-length', String(body.length)], ['cache-control', 'no-cache'], ['content-type', 'text/html']] }, body };
}

function* statistics(worker: Worker, proxy: Proxy, { target }: HttpRequestHead, course: Course): Task<{ head: Omit<HttpResponseHead, 'version'>; body: Uint8Array } | undefined> {
  if (!proxy.stats.enabled || !target.startsWith(proxy.stats.uri)) return undefined;
  const shown = worker.stats(proxy, target);
  if (!shown) return undefined;
  course.special = '<STATS>';
  const body = utf8Encode(shown.text);
  return { head: { status: 200, reason: 'OK', headers: [['cache-control', 'no-cache'], ['content-type', shown.type], ['content-length', String(body.length)]] }, body };
}

function* send(client: Connection, course: Course, head: Omit<HttpResponseHead, 'version'>, body: Uint8Array, keep: boolean): Task<boolean> {
  const bytes = encodeResponse({ version: 'HTTP/1.1', ...head, headers: keep ? head.headers : [...head.headers, ['connection', 'close']] }, course.request.method === 'HEAD' ? new Uint8Array(0) : body);
  yield* client.write(bytes);
  course.status = head.status;
  course.bytes = bytes.length;
  return keep;
}

function* forward(worker: Worker, proxy: Proxy, client: Connection, request: HttpRequestHead, body: Uint8Array, course: Course, keep: boolean): Task<boolean> {
  const { system } = worker;
  const { backend } = course;
  const fail = function* (status: number, flags: string): Task<boolean> {
    course.flags = flags;
    const { head, body: text } = page(status);
    return yield* send(client, course, head, text, keep);
  };
  if (!backend) return yield* fail(503, 'SC');
  const ruled = backend.proxy === proxy ? { request } : applyRequestRules(backend.proxy, client, request);
  if (ruled.answer) {
    course.flags = 'PR';
    return yield* send(client, course, ruled.answer.head, ruled.answer.body, keep);
  }
  const cookieName = backend.proxy.cookie;
  const cookie = cookieName === undefined ? undefined : new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`).exec(headerOf(request.headers, 'cookie') ?? '')?.[1];
  backend.sessions += 1;
  const attempt = yield* connectTo(system, backend, { source: client.remote.address, uri: request.target, cookie });
  course.server = attempt.server;
  course.retries = attempt.retries;
  const { connection, server } = attempt;
  try {
    if (!connection || !server) return yield* fail(503, attempt.timedOut ? 'sC' : 'SC');
    course.connectedAt = system.now;
    server.sessions += 1;
    server.total += 1;
    try {
      return yield* talk(worker, proxy, backend, server, client, connection, ruled.request, body, course, keep, fail);
    } finally {
      server.sessions -= 1;
      server.bytesOut += course.bytes;
      connection.close();
    }
  } finally {
    backend.sessions -= 1;
    backend.total += 1;
  }
}

function* talk(worker: Worker, proxy: Proxy, backend: Backend, server: BackendServer, client: Connection, connection: Connection, request: HttpRequestHead, body: Uint8Array, course: Course, keep: boolean, fail: (status: number, flags: string) => Task<boolean>): Task<boolean> {
  const { system } = worker;
  const headers: (readonly [string, string])[] = request.headers.filter(([name]) => !hopByHop.includes(name) && name !== 'content-length');
  if (body.length > 0) headers.push(['content-length', String(body.length)]);
  if (proxy.forwardFor || backend.proxy.forwardFor) headers.push(['x-forwarded-for', client.remote.address]);
  let head: HttpResponseHead | undefined;
  const reader = new ByteReader(connection);
  try {
    yield* connection.write(encodeRequest({ ...request, version: 'HTTP/1.1', headers: [...headers, ['connection', 'close']] }, body));
    const answer = yield* within(backend.proxy.server ?? seconds(3600), function* () {
      return { head: yield* readResponseHead(reader) };
    });
    if (!answer) return yield* fail(504, 'sH');
    head = answer.head;
  } catch (error) {
    if (!(error instanceof NetworkError) && !(error instanceof HttpError)) throw error;
  }
  if (!head) return yield* fail(502, 'SH');
  course.answeredAt = system.now;
  course.status = head.status;
  return yield* relay(proxy, backend, server, client, reader, head, course, keep);
}

function* relay(proxy: Proxy, backend: Backend, server: BackendServer, client: Connection, reader: ByteReader, head: HttpResponseHead, course: Course, keep: boolean): Task<boolean> {
  const framing = responseFraming(head, course.request.method);
  const chunked = framing.kind !== 'length' && course.request.version === 'HTTP/1.1';
  const open = keep && (framing.kind === 'length' || chunked);
  const headers: (readonly [string, string])[] = lower(head.headers).filter(([name]) => !hopByHop.includes(name));
  for (const { action, args: [name = '', value = ''], condition } of [...backend.proxy.responseRules, ...(backend.proxy === proxy ? [] : proxy.responseRules)]) {
    if (!holds(condition, proxy.acls, sampleOf(client, course.request))) continue;
    if (action === 'set-header' || action === 'add-header') headers.push([name.toLowerCase(), format(value, client, course.request)]);
    else if (action === 'del-header') headers.splice(0, headers.length, ...headers.filter(([key]) => key !== name.toLowerCase()));
  }
  if (backend.proxy.cookie !== undefined && server.config.cookie !== undefined) headers.push(['set-cookie', `${backend.proxy.cookie}=${server.config.cookie}; path=/`]);
  if (chunked) headers.push(['transfer-encoding', 'chunked']);
  if (!open) headers.push(['connection', 'close']);
  const start = encodeResponse({ version: 'HTTP/1.1', status: head.status, reason: head.reason, headers });
  let pending: Uint8Array | undefined = start;
  course.bytes = start.length;
  try {
    yield* streamBody(reader, framing, function* (part) {
      const bytes = chunked ? encodeChunk(part) : part;
      course.bytes += bytes.length;
      yield* client.write(pending ? concatBytes([pending, bytes]) : bytes);
      pending = undefined;
    });
    if (pending) yield* client.write(pending);
    if (chunked && course.request.method !== 'HEAD') yield* client.write(encodeChunk(new Uint8Array(0)));
    return open;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    course.flags = 'SD';
    return false;
  }
}

function log(worker: Worker, proxy: Proxy, client: Connection, course: Course): void {
  if (!proxy.log) return;
  const { start, request, backend, server, special, connectedAt, answeredAt, status, bytes, flags, retries } = course;
  const { now } = worker.system;
  if (proxy.logFormat !== 'httplog') return worker.log(`Connect from ${client.remote.address}:${client.remote.port} to ${client.local.address}:${client.local.port} (${proxy.name}/HTTP)`);
  const ms = (at: number | undefined, from: number | undefined) => (at === undefined || from === undefined ? -1 : Math.floor((at - from) / 1000));
  const where = special ? `${proxy.name}/${special}` : `${backend?.proxy.name ?? proxy.name}/${server?.config.name ?? '<NOSRV>'}`;
  const early = special !== undefined || flags === 'PR';
  const times = `0/${server || special ? 0 : -1}/${early ? 0 : ms(connectedAt, start)}/${early ? 0 : ms(answeredAt, connectedAt)}/${ms(now, start)}`;
  const counts = `${worker.actconn}/${worker.frontends.get(proxy)?.sessions ?? 1}/${backend?.sessions ?? 0}/${server?.sessions ?? 0}/${retries}`;
  worker.log(`${client.remote.address}:${client.remote.port} ${logTime(start)} ${proxy.name} ${where} ${times} ${status} ${bytes} - - ${flags}-- ${counts} 0/0 "${request.method} ${request.target} ${request.version}"`);
}
