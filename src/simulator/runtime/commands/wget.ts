import { base64Encode, seconds, type Task, within } from '../../kernel';
import { ByteReader, type Connection, encodeRequest, type HttpHeaders, type HttpResponseHead, HttpError, NetworkError, readResponseHead, responseFraming, streamBody } from '../../network';
import { errorText } from '../files/errors';
import { SystemError } from '../interface';
import type { Handle } from '../process/handle';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { resolveHost } from '../resolver';
import { because, type Options, task } from './tool';
import { bytesOf } from '../files/content';

/** What ends wget: the message after its name. */
class WgetError extends Error {}

interface Target {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** busybox's reading of a URL: a scheme is optional. */
function parseUrl(text: string): Target {
  const match = /^(?:([a-z]+):\/\/)?([^/?#]*)([/?#].*)?$/.exec(text);
  const scheme = match?.[1] ?? 'http';
  if (!match || !['http', 'https', 'ftp'].includes(scheme)) throw new WgetError(`not an http or ftp url: ${text}`);
  let authority = match[2] as string;
  const at = authority.lastIndexOf('@');
  const authorization = at < 0 ? undefined : authority.slice(0, at);
  authority = authority.slice(at + 1);
  const [host = '', port] = authority.split(':');
  const path = (match[3] ?? '/').replace(/#.*$/, '');
  return { secure: scheme === 'https', host, port: port ? Number(port) : scheme === 'https' ? 443 : scheme === 'ftp' ? 21 : 80, path: path.startsWith('/') ? path : `/${path}`, authorization };
}

/** Finds the server and connects. Throws WgetError. */
function* dial(system: SystemCalls, target: Target, options: Options): Task<Connection> {
  const quiet = options.has('q');
  const addresses = yield* resolveHost(system, target.host);
  const [address] = addresses;
  if (address === undefined) throw new WgetError(`bad address '${target.host}'`);
  if (!quiet) yield* system.stderr.write(`Connecting to ${target.host}${target.port === 80 ? '' : `:${target.port}`} (${address}:${target.port})\n`);
  try {
    return yield* system.network.connect({ address, port: target.port }, options.has('T') ? { timeout: seconds(options.number('T', 900)) } : {});
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    if (error.code === 'ETIMEDOUT' && options.has('T')) throw new WgetError('download timed out');
    throw new WgetError(`can't connect to remote host (${address}): ${errorText(error.code)}`);
  }
}

function requestHeaders(target: Target, options: Options, body: Uint8Array | undefined): HttpHeaders {
  const headers: [string, string][] = [['Host', target.port === 80 ? target.host : `${target.host}:${target.port}`], ['User-Agent', options.value('U') ?? 'Wget']];
  if (target.authorization !== undefined) headers.push(['Authorization', `Basic ${base64Encode(bytesOf(target.authorization))}`]);
  for (const line of options.values('H')) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim();
    const same = headers.findIndex(([other]) => other.toLowerCase() === name.toLowerCase());
    if (same >= 0) headers.splice(same, 1);
    headers.push([name, line.slice(at + 1).trim()]);
  }
  if (body) headers.push(['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.length)]);
  headers.push(['Connection', 'close']);
  return headers;
}

/** The name under which a download is saved. */
function fileName(target: Target): string {
  const path = target.path.replace(/\?.*$/, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name === '' ? 'index.html' : name;
}

function* receive(system: SystemCalls, target: Target, options: Options, reader: ByteReader, head: HttpResponseHead, connection: Connection): Task {
  const out = options.value('O');
  const toStdout = out === '-';
  const path = toStdout ? '-' : options.has('P') ? `${options.value('P')}/${out ?? fileName(target)}` : (out ?? fileName(target));
  let handle: Handle = system.stdout;
  if (!toStdout) {
    try {
      handle = system.files.openHandle(path, { write: true, create: true, exclusive: out === undefined && !options.has('c'), truncate: !options.has('c'), append: options.has('c') });
    } catch (error) {
      throw new WgetError(`can't open '${path}': ${because(error)}`);
    }
  }
  const quiet = options.has('q');
  if (!quiet) yield* system.stderr.write(toStdout ? 'writing to stdout\n' : `saving to '${path}'\n`);
  let received = 0;
  yield* streamBody(reader, responseFraming(head, 'GET'), function* (part) {
    received += part.length;
    yield* handle.write(part);
  });
  connection.close();
  if (!toStdout) handle.close();
  if (!quiet) {
    const name = (toStdout ? '-' : path).padEnd(20).slice(0, 20);
    yield* system.stderr.write(`${name} 100% |********************************| ${String(received).padStart(5)}  0:00:00 ETA\n`);
    yield* system.stderr.write(toStdout ? 'written to stdout\n' : `'${path}' saved\n`);
  }
}

function* fetch(system: SystemCalls, url: string, options: Options): Task {
  let target = parseUrl(url);
  for (let redirects = 0; redirects < 20; redirects++) {
    if (target.secure) throw new WgetError('TLS error from peer (alert code 40): handshake failure');
    const connection = yield* dial(system, target, options);
    const posted = options.value('d') ?? (options.has('f') ? system.files.readText(options.value('f') as string) : undefined);
    const body = posted === undefined ? undefined : bytesOf(posted);
    const spider = options.has('s');
    yield* connection.write(encodeRequest({ method: spider ? 'HEAD' : body ? 'POST' : 'GET', target: target.path, version: 'HTTP/1.1', headers: requestHeaders(target, options, body) }, body));
    const reader = new ByteReader(connection);
    const head = yield* readResponseHead(reader);
    if (!head) throw new WgetError('error getting response');
    const statusLine = `${head.version} ${head.status} ${head.reason}`.trimEnd();
    if (options.has('S')) yield* system.stderr.write(`  ${statusLine}\n`);
    const location = head.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
    const redirected = [301, 302, 303, 307, 308].includes(head.status) && location !== undefined;
    if (options.has('S') && (head.status < 300 || redirected)) yield* system.stderr.write(`${head.headers.map(([name, value]) => `  ${name}: ${value}\n`).join('')}  \n`);
    if (redirected) {
      connection.close();
      const next = /^[a-z]+:\/\//.test(location) ? parseUrl(location) : { ...target, path: location.startsWith('/') ? location : `${target.path.slice(0, target.path.lastIndexOf('/') + 1)}${location}` };
      target = { ...next };
      continue;
    }
    if (head.status < 200 || head.status >= 300) {
      connection.close();
      throw new WgetError(`server returned error: ${statusLine}`);
    }
    if (spider) {
      connection.close();
      if (!options.has('q')) yield* system.stderr.write('remote file exists\n');
      return;
    }
    return yield* receive(system, target, options, reader, head, connection);
  }
  throw new WgetError('too many redirections');
}

/** Ends the exchange when nothing comes for the time that -T gives. */
function* limited(system: SystemCalls, url: string, options: Options): Task {
  if (!options.has('T')) return yield* fetch(system, url, options);
  const done = yield* within(seconds(options.number('T', 900)), function* () {
    yield* fetch(system, url, options);
    return true;
  });
  if (!done) throw new WgetError('download timed out');
}

/** wget, in busybox's words. */
export const wget: Executable = task(
  {
    letters: 'cqO:o:P:ST:U:Y:H:d:f:sKt:n:',
    long: { continue: 'c', quiet: 'q', 'output-document': 'O', 'directory-prefix': 'P', 'server-response': 'S', timeout: 'T', 'user-agent': 'U', header: 'H', 'post-data': 'd', 'post-file': 'f', spider: 's', 'no-check-certificate': 'K', tries: 't' },
    least: 1,
  },
  function* (system, options) {
    for (const url of options.words) {
      try {
        yield* limited(system, url, options);
      } catch (error) {
        let reason: string;
        if (error instanceof WgetError) reason = error.message;
        else if (error instanceof NetworkError) reason = error.code === 'ECONNRESET' ? 'error getting response: Connection reset by peer' : errorText(error.code);
        else if (error instanceof HttpError) reason = 'error getting response';
        else if (error instanceof SystemError && error.code !== 'EPIPE') reason = `short write: ${because(error)}`;
        else throw error;
        yield* system.stderr.write(`wget: ${reason}\n`);
        return 1;
      }
    }
    return 0;
  },
);
