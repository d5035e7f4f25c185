import type { Dialler, DialTarget, ProxyRequest, ProxyResponse } from '../apiserver';
import { Channel, type Kernel, type Task } from '../kernel';
import { ByteReader, type Connection, encodeRequest, headerOf, HttpError, isIpAddress, NetworkError, type NetworkNamespace, readBody, readResponseHead, responseFraming, secureAsClient, streamBody, TlsError } from '../network';
import { queryServer } from '../runtime';
import type { Software } from './software';

/** What a dialler needs of the machine that the API server runs on. */
export interface DiallerHost {
  readonly kernel: Kernel;
  /** undefined while the machine is off. */
  network(): NetworkNamespace | undefined;
  /** Why a server's certificate is refused; comes with the software. */
  certificateProblem(): Software['certificateProblem'] | undefined;
}

const dialTexts: Partial<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'i/o timeout',
};

/** The name server of all machines. */
const resolver = '10.0.0.1';

function* addressOf(from: NetworkNamespace, name: string, kernel: Kernel): Task<string> {
  if (isIpAddress(name)) return name;
  if (name === 'localhost') return '127.0.0.1';
  const answer = yield* queryServer(from, kernel.random, { address: resolver }, { name, type: 'A' }, 5_000_000);
  for (const record of answer?.answers ?? []) if (record.type === 'A') return record.address;
  throw new Error(`dial tcp: lookup ${name} on ${resolver}:53: ${answer ? 'no such host' : 'i/o timeout'}`);
}

function* open(host: DiallerHost, { address: name, port, tls }: DialTarget): Task<Connection> {
  const from = host.network();
  if (!from) throw new Error(`dial tcp ${name}:${port}: connect: network is unreachable`);
  const address = yield* addressOf(from, name, host.kernel);
  let connection: Connection;
  try {
    connection = yield* from.connect({ address, port });
  } catch (error) {
    if (error instanceof NetworkError) throw new Error(`dial tcp ${address}:${port}: ${dialTexts[error.code] ?? error.code}`, { cause: error });
    throw error;
  }
  if (tls) yield* orClose(connection, () => secureAsClient(connection, tls.serverName, (chain) => (tls.authorities === undefined ? undefined : host.certificateProblem()?.(chain, { serverName: tls.serverName, authorities: tls.authorities, now: host.kernel.now }))));
  return connection;
}

/** Closes a connection on which something fails; the error says so in Go's words. */
function* orClose<T>(connection: Connection, task: () => Task<T>): Task<T> {
  let isGood = false;
  try {
    const result = yield* task();
    isGood = true;
    return result;
  } catch (error) {
    if (error instanceof HttpError) throw new Error('EOF', { cause: error });
    if (error instanceof NetworkError) {
      const { local, remote } = connection;
      throw new Error(`read tcp ${local.address}:${local.port}->${remote.address}:${remote.port}: ${error.code === 'ECONNRESET' ? 'read: connection reset by peer' : 'i/o timeout'}`, { cause: error });
    }
    if (error instanceof TlsError) throw new Error(error.message, { cause: error });
    throw error;
  } finally {
    if (!isGood) connection.close(); // it failed, or took too long
  }
}

function* receive({ kernel }: DiallerHost, connection: Connection, method: string): Task<ProxyResponse> {
  const reader = new ByteReader(connection);
  const head = yield* readResponseHead(reader);
  if (!head) throw new HttpError('closed', 'no answer');
  const body = new Channel<Uint8Array>();
  const framing = responseFraming(head, method);
  if (framing.kind === 'length') {
    try {
      const whole = yield* readBody(reader, framing);
      if (whole.length > 0) body.send(whole);
    } catch (error) {
      if (error instanceof HttpError) throw new Error('unexpected EOF', { cause: error });
      throw error;
    }
    body.close();
    connection.close();
  } else kernel.spawn('proxied body', passOn(connection, body, streamBody(reader, framing, function* (part) {
    if (!body.send(part)) throw new HttpError('closed', 'nobody listens');
  })), null);
  return { status: head.status, headers: Object.fromEntries(head.headers.map(([name, value]) => [name.toLowerCase(), value])), body };
}

function* passOn(connection: Connection, body: Channel<Uint8Array>, stream: Task): Task {
  try {
    yield* stream;
  } catch (error) {
    if (!(error instanceof HttpError) && !(error instanceof NetworkError)) throw error;
  } finally {
    body.close();
    connection.close();
  }
}

/** Requests of the API server into the cluster's network, from the machine that it runs on. */
export const createDialler = (host: DiallerHost): Dialler => ({
  *http(to: DialTarget, { method, url, headers, body = new Uint8Array(0) }: ProxyRequest) {
    const connection = yield* open(host, to);
    const own = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : value.map((one) => [name, one] as const)));
    const all = [...(headerOf(own, 'host') === undefined ? [['host', `${to.address}:${to.port}`] as const] : []), ...own.filter(([name]) => name.toLowerCase() !== 'connection'), ['connection', 'close'] as const];
    if (body.length > 0 && headerOf(all, 'content-length') === undefined) all.push(['content-length', String(body.length)]);
    return yield* orClose(connection, function* () {
      yield* connection.write(encodeRequest({ method, target: url, version: 'HTTP/1.1', headers: all }, body));
      return yield* receive(host, connection, method);
    });
  },
});
