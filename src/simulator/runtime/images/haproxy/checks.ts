import { type Task, utf8Decode, utf8Encode, within } from '../../../kernel';
import { ByteReader, type Connection, encodeRequest, HttpError, NetworkError, readBody, readResponseHead, responseFraming } from '../../../network';
import type { System } from '../../interface';
import type { Backend, BackendServer } from './backend';
import type { Proxy } from './config';

/** How a check ended, in haproxy's words. */
interface Result {
  readonly passed: boolean;
  readonly reason: string;
}

/** Where changes are told. */
export interface HealthLog {
  server(level: 'WARNING' | 'ALERT', text: string, logText: string): void;
}

const systemWords: Readonly<Record<string, string>> = { ECONNREFUSED: 'Connection refused', EHOSTUNREACH: 'No route to host', ENETUNREACH: 'Network is unreachable', ECONNRESET: 'Connection reset by peer' };

/** Checks a server again and again. */
export function* watchServer(system: System, backend: Backend, server: BackendServer, delay: number, log: HealthLog): Task {
  const { config } = server;
  yield* system.sleep(delay);
  for (;;) {
    const start = system.now;
    const result = yield* check(system, backend.proxy, server);
    const took = Math.floor((system.now - start) / 1000);
    server.lastCheck = result.reason;
    judge(system, backend, server, result, took, log);
    yield* system.sleep(Math.max(0, config.inter - (system.now - start)));
  }
}

function judge(system: System, backend: Backend, server: BackendServer, result: Result, took: number, log: HealthLog): void {
  const { config } = server;
  const name = `Server ${backend.proxy.name}/${config.name}`;
  const full = config.rise + config.fall - 1;
  if (result.passed) {
    if (server.health >= full) return;
    server.health += 1;
    if (server.health >= config.rise) {
      server.health = full;
      if (server.up) return;
      server.up = true;
      backend.rebalance();
      server.changedAt = system.now;
      const { active, backup } = backend.counts;
      const text = `${name} is UP, reason: ${result.reason}, check duration: ${took}ms. ${active} active and ${backup} backup servers online. 0 sessions requeued, 0 total in queue.`;
      log.server('WARNING', text, text);
    }
    return;
  }
  server.failures += 1;
  if (server.health > config.rise) {
    server.health -= 1;
    return;
  }
  server.health = server.up ? 0 : Math.max(0, server.health - 1);
  if (!server.up) return;
  server.up = false;
  backend.rebalance();
  server.downs += 1;
  server.changedAt = system.now;
  const { active, backup } = backend.counts;
  const text = `${name} is DOWN, reason: ${result.reason}, check duration: ${took}ms. ${active} active and ${backup} backup servers left. ${server.sessions} sessions active, 0 requeued, 0 remaining in queue.`;
  log.server('WARNING', text, text);
  if (active + backup === 0) log.server('ALERT', `backend '${backend.proxy.name}' has no server available!`, `backend ${backend.proxy.name} has no server available!`);
}

function* check(system: System, proxy: Proxy, server: BackendServer): Task<Result> {
  const { config } = server;
  const limit = proxy.check ?? Math.min(config.inter, proxy.connect ?? config.inter);
  const scripted = proxy.tcpCheck && !proxy.httpCheck;
  const step = scripted ? ' at initial connection step of tcp-check' : '';
  if (server.address === undefined) return { passed: false, reason: 'Socket error' };
  let connection: Connection;
  try {
    connection = yield* system.network.connect({ address: server.address, port: config.checkPort ?? config.port }, { timeout: limit });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    if (error.code === 'ETIMEDOUT') return { passed: false, reason: `Layer4 timeout${step === '' ? '' : `, info: "${step}"`}` };
    return { passed: false, reason: `Layer4 connection problem, info: "${systemWords[error.code] ?? error.code}${step}"` };
  }
  try {
    const task = proxy.httpCheck ? () => httpCheck(proxy, connection) : () => tcpCheck(proxy, connection);
    return (yield* within(proxy.check ?? config.inter, task)) ?? { passed: false, reason: 'Layer7 timeout' };
  } catch (error) {
    if (error instanceof HttpError) return { passed: false, reason: 'Layer7 invalid response' };
    if (error instanceof NetworkError) return { passed: false, reason: `Layer4 connection problem, info: "${systemWords[error.code] ?? error.code}"` };
    throw error;
  } finally {
    connection.reset();
  }
}

function* httpCheck(proxy: Proxy, connection: Connection): Task<Result> {
  const { method, uri, host } = proxy.httpCheck ?? { method: 'OPTIONS', uri: '/', host: undefined };
  const version = host === undefined ? 'HTTP/1.0' : 'HTTP/1.1';
  yield* connection.write(encodeRequest({ method, target: uri, version, headers: host === undefined ? [] : [['host', host], ['connection', 'close']] }));
  const reader = new ByteReader(connection);
  const head = yield* readResponseHead(reader);
  if (!head) return { passed: false, reason: 'Layer7 invalid response, info: "Server closed the connection without sending data"' };
  const expect = proxy.httpExpect;
  const wanted = /^status\s+(.+)$/.exec(expect ?? '')?.[1];
  const text = /^r?string\s+(.+)$/.exec(expect ?? '')?.[1];
  let passed = wanted === undefined ? head.status >= 200 && head.status < 400 : wanted.split(',').some((range) => {
    const [low = '0', high = low] = range.split('-');
    return head.status >= Number(low) && head.status <= Number(high);
  });
  if (text !== undefined) passed = utf8Decode(yield* readBody(reader, responseFraming(head, method))).includes(text);
  return passed ? { passed, reason: `Layer7 check passed, code: ${head.status}` } : { passed, reason: `Layer7 wrong status, code: ${head.status}, info: "${head.reason}"` };
}

function* tcpCheck(proxy: Proxy, connection: Connection): Task<Result> {
  let received = '';
  let number = 0;
  for (const { kind, text, pattern } of proxy.tcpSteps) {
    number += 1;
    if (kind === 'send') {
      yield* connection.write(utf8Encode(text));
      received = '';
    } else if (kind === 'expect') {
      const found = () => (pattern === 'rstring' ? new RegExp(text).test(received) : received.includes(text)) !== (pattern === '!string');
      while (!found()) {
        if (received.length >= text.length && pattern !== 'rstring') return { passed: false, reason: `Layer7 invalid response, info: "TCPCHK did not match content '${text}' at step ${number}"` };
        const part = yield* connection.read();
        if (part === undefined) return { passed: false, reason: `Layer7 invalid response, info: "TCPCHK got an empty response at step ${number}"` };
        received += utf8Decode(part);
      }
    }
  }
  return { passed: true, reason: proxy.tcpSteps.length > 0 ? `Layer7 check passed, info: "(tcp-check)"` : 'Layer4 check passed' };
}
