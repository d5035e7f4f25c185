import { base64Encode, type Duration, type Task, utf8Decode, utf8Encode, within } from '../../../kernel';
import { ByteReader, type Connection, encodeRequest, headerHas, headerOf, HttpError, type HttpResponseHead, NetworkError, readResponseHead, responseFraming, secureAsClient, streamBody, TlsError } from '../../../network';
import { type System, SystemError } from '../../interface';
import { lookUpHost } from '../host-lookup';
import type { CurlOptions } from './options';
import type { Transfer } from './report';

/** Ends a transfer with curl's exit code and text. */
export class CurlError extends Error {
  override readonly name = 'CurlError';

  constructor(readonly code: number, message: string) {
    super(message);
  }
}

export interface Url {
  readonly scheme: 'http' | 'https';
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly target: string;
}

/** Reads a URL; without a scheme it is http. Throws CurlError. */
export function parseUrl(text: string): Url {
  const match = /^(?:([a-zA-Z][\w+.-]*):\/\/)?(?:([^@/?#]*)@)?([^/?#]*)([^#]*)/.exec(text);
  const scheme = (match?.[1] ?? 'http').toLowerCase();
  if (!['http', 'https'].includes(scheme)) throw new CurlError(1, `Protocol "${scheme}" not supported or disabled in libcurl`);
  const [, host = '', port] = /^(.*?)(?::(\d*))?$/.exec(match?.[3] ?? '') ?? [];
  if (host === '') throw new CurlError(3, 'URL using bad/illegal format or missing URL');
  if (port !== undefined && (port === '' ? false : Number(port) > 65_535)) throw new CurlError(3, 'URL using bad/illegal format or missing URL');
  const rest = match?.[4] ?? '';
  return { scheme: scheme as 'http', user: match?.[2], host, port: port ? Number(port) : scheme === 'https' ? 443 : 80, target: rest.startsWith('/') ? rest : `/${rest}` };
}

/** Where things are written as they come. */
export interface Sinks {
  info(text: string): Task;
  headerLine(text: string): Task;
  body(part: Uint8Array): Task;
}

function readInput(system: System, path: string): Uint8Array {
  try {
    return system.files.readFile(path);
  } catch (error) {
    if (error instanceof SystemError) throw new CurlError(26, `Failed to open ${path}`);
    throw error;
  }
}

/** The body that -d, --json and -T make. */
export function bodyOf(system: System, options: CurlOptions): Uint8Array | undefined {
  if (options.upload !== undefined) return readInput(system, options.upload);
  if (options.data.length === 0) return undefined;
  const parts = options.data.map((text) => {
    if (text.startsWith('=')) return text.slice(1);
    if (text.startsWith('b@')) return utf8Decode(readInput(system, text.slice(2)));
    if (text.startsWith('u')) {
      const equals = text.indexOf('=');
      return equals < 0 ? encodeURIComponent(text.slice(1)) : `${text.slice(1, equals)}${equals > 1 ? '=' : ''}${encodeURIComponent(text.slice(equals + 1))}`;
    }
    return text.startsWith('@') ? utf8Decode(readInput(system, text.slice(1))).replace(/[\r\n]/g, '') : text;
  });
  return utf8Encode(parts.join(options.json ? '' : '&'));
}

function headersOf(options: CurlOptions, url: Url, body: Uint8Array | undefined): (readonly [string, string])[] {
  const standard = (url.scheme === 'http' && url.port === 80) || (url.scheme === 'https' && url.port === 443);
  const custom = options.headers.map((line) => /^([^:;]+)(?::\s*(.*)|;)$/.exec(line)).flatMap((match) => (match ? [[match[1] as string, match[2] ?? ''] as const] : []));
  const overridden = (name: string) => custom.some(([key]) => key.toLowerCase() === name);
  const headers: (readonly [string, string])[] = [];
  const add = (name: string, value: string | undefined) => value !== undefined && value !== '' && !overridden(name.toLowerCase()) && headers.push([name, value]);
  const host = custom.find(([key]) => key.toLowerCase() === 'host');
  headers.push(host ? ['Host', host[1]] : ['Host', standard ? url.host : `${url.host}:${url.port}`]);
  const user = options.user ?? url.user;
  if (user !== undefined) add('Authorization', `Basic ${base64Encode(utf8Encode(user))}`);
  add('User-Agent', options.agent ?? 'curl/7.88.1');
  add('Accept', options.json ? 'application/json' : '*/*');
  add('Referer', options.referer);
  add('Cookie', options.cookie);
  for (const [name, value] of custom) if (name.toLowerCase() !== 'host' && value !== '') headers.push([name, value]);
  if (body && !overridden('content-length')) headers.push(['Content-Length', String(body.length)]);
  if (body && options.upload === undefined) add('Content-Type', options.json ? 'application/json' : 'application/x-www-form-urlencoded');
  return headers;
}

const sslProblem = `SSL certificate problem: unable to get local issuer certificate
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.`;

/** The handshake of https; whatever certificate is shown, a --cacert is taken to be its authority's. Throws CurlError. */
function* secure(options: CurlOptions, { host }: Url, connection: Connection): Task {
  try {
    yield* secureAsClient(connection, host, () => (options.insecure || options.cacert !== undefined ? undefined : sslProblem));
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    if (error.message === sslProblem) throw new CurlError(60, sslProblem);
    throw new CurlError(35, error.message === 'EOF' ? 'OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection' : 'error:0A00010B:SSL routines::wrong version number');
  }
}

function* open(system: System, options: CurlOptions, url: Url, transfer: Transfer, sinks: Sinks): Task<Connection> {
  const forced = options.resolve.map((entry) => entry.split(':')).find(([host, port]) => host === url.host && Number(port) === url.port)?.[2];
  const addresses = forced === undefined ? yield* lookUpHost(system, url.host) : [forced];
  transfer.lookedUpAt = system.now;
  if (addresses.length === 0) {
    yield* sinks.info(`* Could not resolve host: ${url.host}\n* Closing connection 0\n`);
    throw new CurlError(6, `Could not resolve host: ${url.host}`);
  }
  const start = system.now;
  let timedOut = false;
  for (const [i, address] of addresses.entries()) {
    yield* sinks.info(`*   Trying ${address}:${url.port}...\n`);
    const limit = options.connectTimeout ?? 300_000_000;
    const left = limit - (system.now - start);
    try {
      const connection = yield* system.network.connect({ address, port: url.port }, { timeout: Math.max(1, i < addresses.length - 1 ? Math.round(left / 2) : left) });
      transfer.connectedAt = system.now;
      transfer.connects += 1;
      transfer.local = connection.local;
      transfer.remote = connection.remote;
      yield* sinks.info(`* Connected to ${url.host} (${address}) port ${url.port} (#0)\n`);
      return connection;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      timedOut = error.code === 'ETIMEDOUT';
      const words = { ECONNREFUSED: 'Connection refused', EHOSTUNREACH: 'No route to host', ENETUNREACH: 'Network is unreachable' }[error.code as string];
      if (words !== undefined) yield* sinks.info(`* connect to ${address} port ${url.port} failed: ${words}\n`);
    }
  }
  const took = Math.round((system.now - start) / 1000);
  const asked = timedOut && options.connectTimeout !== undefined;
  const text = `Failed to connect to ${url.host} port ${url.port} after ${took} ms: ${timedOut ? 'Timeout was reached' : "Couldn't connect to server"}`;
  yield* sinks.info(`* ${text}\n* Closing connection 0\n`);
  throw new CurlError(asked || timedOut ? 28 : 7, text);
}

/** One request and its response; redirects are the caller's. Throws CurlError. */
export function* transferOnce(system: System, options: CurlOptions, url: Url, method: string, body: Uint8Array | undefined, transfer: Transfer, sinks: Sinks): Task<HttpResponseHead> {
  const connection = yield* open(system, options, url, transfer, sinks);
  try {
    if (url.scheme === 'https') yield* secure(options, url, connection);
    const request = { method, target: url.target, version: options.http10 ? 'HTTP/1.0' : 'HTTP/1.1', headers: headersOf(options, url, body) };
    const user = options.user ?? url.user;
    if (user !== undefined) yield* sinks.info(`* Server auth using Basic with user '${user.split(':')[0]}'\n`);
    const bytes = encodeRequest(request, body);
    transfer.uploaded = body?.length ?? 0;
    yield* sinks.info(`> ${method} ${url.target} ${request.version}\n${request.headers.map(([name, value]) => `> ${name}: ${value}\n`).join('')}> \n`);
    if (body) yield* sinks.info(`} [${body.length} bytes data]\n`);
    yield* connection.write(bytes);
    const reader = new ByteReader(connection);
    let head = yield* readResponseHead(reader);
    while (head && head.status < 200 && head.status !== 101) head = yield* readResponseHead(reader);
    if (!head) throw new CurlError(52, 'Empty reply from server');
    transfer.firstByteAt = system.now;
    yield* receive(options, head, method, reader, transfer, sinks);
    if (headerHas(head.headers, 'connection', 'close') || head.version === 'HTTP/1.0') yield* sinks.info('* Closing connection 0\n');
    else yield* sinks.info(`* Connection #0 to host ${url.host} left intact\n`);
    return head;
  } catch (error) {
    if (error instanceof HttpError) throw httpFailure(error, transfer);
    if (error instanceof NetworkError) throw new CurlError(56, error.code === 'ECONNRESET' ? 'Recv failure: Connection reset by peer' : 'Recv failure: Broken pipe');
    throw error;
  } finally {
    connection.close();
  }
}

function httpFailure(error: HttpError, transfer: Transfer): CurlError {
  if (error.reason === 'malformed') return new CurlError(1, 'Received HTTP/0.9 when not allowed');
  const length = headerOf(transfer.headers, 'content-length');
  if (length !== undefined) return new CurlError(18, `transfer closed with ${Number(length) - transfer.downloaded} bytes remaining to read`);
  return transfer.status > 0 ? new CurlError(18, 'transfer closed with outstanding read data remaining') : new CurlError(52, 'Empty reply from server');
}

function* receive(options: CurlOptions, head: HttpResponseHead, method: string, reader: ByteReader, transfer: Transfer, sinks: Sinks): Task {
  transfer.status = head.status;
  transfer.version = head.version;
  transfer.headers = head.headers;
  const lines = [`${head.version} ${head.status} ${head.reason}`, ...head.headers.map(([name, value]) => `${name}: ${value}`), ''];
  transfer.headerSize = lines.reduce((total, line) => total + line.length + 2, 0);
  yield* sinks.info(lines.map((line) => `< ${line}\n`).join(''));
  for (const line of lines) yield* sinks.headerLine(`${line}\r\n`);
  if (options.fail && head.status >= 400) {
    yield* sinks.info(`* The requested URL returned error: ${head.status}\n* Closing connection 0\n`);
    throw new CurlError(22, `The requested URL returned error: ${head.status}`);
  }
  const ignored = options.follow && [301, 302, 303, 307, 308].includes(head.status) && headerOf(head.headers, 'location') !== undefined;
  yield* streamBody(reader, responseFraming(head, method), function* (part) {
    transfer.downloaded += part.length;
    yield* sinks.info(`{ [${part.length} bytes data]\n`);
    if (!ignored) yield* sinks.body(part);
  });
}

/** Ends what takes longer than -m allows. */
export function* limited<T>(options: CurlOptions, system: System, transfer: Transfer, task: () => Task<T>): Task<T> {
  if (options.maxTime === undefined) return yield* task();
  const limit: Duration = options.maxTime;
  const start = system.now;
  const done = yield* within(limit, function* () {
    return { value: yield* task() };
  });
  if (done) return done.value;
  const took = Math.round((system.now - start) / 1000);
  if (transfer.connectedAt === 0) throw new CurlError(28, transfer.lookedUpAt === 0 ? `Resolving timed out after ${took} milliseconds` : `Connection timed out after ${took} milliseconds`);
  const length = headerOf(transfer.headers, 'content-length');
  throw new CurlError(28, `Operation timed out after ${took} milliseconds with ${transfer.downloaded} ${length === undefined ? 'bytes received' : `out of ${length} bytes received`}`);
}
