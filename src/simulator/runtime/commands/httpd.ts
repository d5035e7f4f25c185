import { type Task, utf8Decode } from '../../kernel';
import { ByteReader, type Connection, formatHttpDate, HttpError, type HttpHeaders, headerOf, type Listener, NetworkError, readBody, readRequestHead, type HttpRequestHead, requestFraming } from '../../network';
import { errorText } from '../files/errors';
import { bytesOf } from '../files/content';
import { SystemError } from '../interface';
import { LinuxProcess } from '../process/process';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { because, type Options, readAll, task } from './tool';

const contentTypes: Readonly<Record<string, string>> = {
  txt: 'text/plain', h: 'text/plain', c: 'text/plain', html: 'text/html', htm: 'text/html', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', png: 'image/png', svg: 'image/svg+xml', css: 'text/css', js: 'application/javascript', wav: 'audio/wav', avi: 'video/x-msvideo', mp3: 'audio/mpeg', xml: 'text/xml', json: 'application/json',
};

const explanations: Readonly<Record<number, readonly [string, string]>> = {
  400: ['Bad Request', 'Unsupported method'], 403: ['Forbidden', ''], 404: ['Not Found', 'The requested URL was not found'], 408: ['Request Timeout', 'No request appeared within 60 seconds'], 500: ['Internal Server Error', 'Internal Server Error'], 501: ['Not Implemented', 'The requested method is not recognized'],
};

interface Site {
  readonly system: SystemCalls;
  readonly home: string;
  readonly verbose: number;
}

/** An error page in busybox's shape. */
function errorPage(site: Site, status: number): Uint8Array {
  const [reason, text] = explanations[status] ?? ['Error', ''];
  const body = `<HTML><HEAD><TITLE>${status} ${reason}</TITLE></HEAD>\n<BODY><H1>${status} ${reason}</H1>\n${text}\n</BODY></HTML>\n`;
  return rawResponse(site, status, reason, [['Content-type', 'text/html']], bytesOf(body));
}

/** Without a length: the end of the connection is the end of the body. */
function rawResponse(site: Site, status: number, reason: string, headers: HttpHeaders, body: Uint8Array): Uint8Array {
  const lines = [`HTTP/1.1 ${status} ${reason}`, `Date: ${formatHttpDate(site.system.now)}`, 'Connection: close', ...headers.map(([name, value]) => `${name}: ${value}`)];
  const head = bytesOf(`${lines.join('\r\n')}\r\n\r\n`);
  const out = new Uint8Array(head.length + body.length);
  out.set(head);
  out.set(body, head.length);
  return out;
}

function* log(site: Site, connection: Connection, level: number, text: string): Task {
  if (site.verbose >= level) yield* site.system.stderr.write(`[::ffff:${connection.remote.address}]:${connection.remote.port}: ${text}\n`);
}

function decodePath(target: string): string | undefined {
  const path = target.replace(/[?#].*$/, '').replace(/%([0-9a-fA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}${path.endsWith('/') && parts.length > 0 ? '/' : ''}`;
}

/** Runs a program of cgi-bin; its headers decide the status. */
function* runCgi(site: Site, connection: Connection, head: HttpRequestHead, reader: ByteReader, path: string): Task<{ status: number; bytes: Uint8Array }> {
  const { system } = site;
  const body = head.method === 'POST' ? yield* readBody(reader, requestFraming(head)) : new Uint8Array(0);
  const input = system.pipe();
  const output = system.pipe();
  const env: Record<string, string> = {
    ...system.env, GATEWAY_INTERFACE: 'CGI/1.1', SERVER_PROTOCOL: 'HTTP/1.1', SERVER_SOFTWARE: 'busybox httpd/1.36.1', REQUEST_METHOD: head.method, REQUEST_URI: head.target, QUERY_STRING: head.target.includes('?') ? head.target.slice(head.target.indexOf('?') + 1) : '', SCRIPT_NAME: path, SCRIPT_FILENAME: `${site.home}${path}`,
    REMOTE_ADDR: `[::ffff:${connection.remote.address}]`, REMOTE_PORT: String(connection.remote.port), CONTENT_LENGTH: String(body.length), CONTENT_TYPE: headerOf(head.headers, 'content-type') ?? '',
  };
  for (const [name, value] of head.headers) env[`HTTP_${name.toUpperCase().replace(/-/g, '_')}`] = value;
  const folder = `${site.home}${path.slice(0, path.lastIndexOf('/'))}`;
  const child = system.spawn([`${site.home}${path}`], { env, cwd: folder, stdin: input.reader, stdout: output.writer });
  output.writer.close();
  input.reader.close();
  yield* input.writer.write(body);
  input.writer.close();
  const text = yield* readAll(output.reader);
  yield* child.wait();
  return cgiResponse(text);
}

/** A CGI program's output as a response: its Status header becomes the status line, its header lines end as HTTP's do. */
function cgiResponse(output: Uint8Array): { status: number; bytes: Uint8Array } {
  const text = utf8Decode(output.subarray(0, 8192));
  const blank = /\r?\n\r?\n/.exec(text);
  const head = blank ? text.slice(0, blank.index) : '';
  const body = blank ? output.subarray(bytesOf(text.slice(0, blank.index + blank[0].length)).length) : output;
  const lines = head.split(/\r?\n/).filter(Boolean);
  if (lines[0]?.startsWith('HTTP/')) return { status: 200, bytes: output };
  const line = lines.find((each) => /^status:/i.test(each));
  const [, code = '200', reason = 'OK'] = /^status: *(\d+) *(.*)$/i.exec(line ?? '') ?? [];
  const rest = lines.filter((each) => each !== line);
  return { status: Number(code), bytes: joined(bytesOf([`HTTP/1.1 ${code} ${reason}`, ...rest, '', ''].join('\r\n')), body) };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** Answers one request. */
function* answer(site: Site, connection: Connection, head: HttpRequestHead, reader: ByteReader): Task<{ status: number; bytes: Uint8Array }> {
  const { files } = site.system;
  const fail = (status: number) => ({ status, bytes: errorPage(site, status) });
  const path = decodePath(head.target);
  if (path === undefined || !head.target.startsWith('/')) return fail(400);
  if (!['GET', 'HEAD', 'POST'].includes(head.method)) return fail(501);
  try {
    if (path.startsWith('/cgi-bin/')) {
      if (!files.exists(`${site.home}${path}`)) return fail(404);
      return yield* runCgi(site, connection, head, reader, path);
    }
    if (head.method === 'POST') return fail(501);
    let file = `${site.home}${path}`;
    if (files.status(file).type === 'folder') {
      if (!path.endsWith('/')) {
        const location = `${path}/`;
        return { status: 302, bytes: rawResponse(site, 302, 'Found', [['Content-type', 'text/html'], ['Location', location]], bytesOf(`<HTML><HEAD><TITLE>302 Found</TITLE></HEAD>\n<BODY><H1>302 Found</H1>\n\n</BODY></HTML>\n`)) };
      }
      file = `${file}index.html`;
    }
    const content = files.readFile(file);
    const status = files.status(file);
    const type = contentTypes[file.slice(file.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
    const modified = Math.floor(status.modifiedAt / 1_000_000);
    const headers: HttpHeaders = [['Content-type', type], ['Accept-Ranges', 'bytes'], ['Last-Modified', formatHttpDate(status.modifiedAt)], ['ETag', `"${modified.toString(16)}-${content.length.toString(16)}"`], ['Content-Length', String(content.length)]];
    return { status: 200, bytes: rawResponse(site, 200, 'OK', headers, content) };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return fail(error.code === 'EACCES' ? 403 : 404);
  }
}

function* serveConnection(site: Site, connection: Connection): Task {
  const reader = new ByteReader(connection);
  try {
    let head: HttpRequestHead | undefined;
    try {
      head = yield* readRequestHead(reader);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      yield* connection.write(errorPage(site, 400));
      connection.end();
      connection.close();
      return;
    }
    if (head) {
      yield* log(site, connection, 2, `url:${head.target}`);
      const { status, bytes } = yield* answer(site, connection, head, reader);
      yield* log(site, connection, 1, `response:${status}`);
      yield* connection.write(bytes);
    }
    connection.end();
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  } finally {
    connection.close();
  }
}

function* serve(site: Site, listener: Listener): Task<number> {
  for (;;) {
    const connection = yield* listener.accept();
    if (!connection) return 0;
    site.system.thread('connection', serveConnection(site, connection));
  }
}

/** The process that serves when httpd goes to the background. */
function background(system: SystemCalls, options: Options, home: string, port: number, address: string | undefined): void {
  const { process } = system;
  const child = new LinuxProcess(process.world, process, { argv: process.argv, env: process.env, cwd: home, credentials: process.credentials, fds: process.inheritFds() });
  child.reapedByItself = true;
  for (const fd of [0, 1, 2]) child.setFd(fd, process.files.openHandle('/dev/null', { read: true, write: true }));
  const listener = child.network.listen({ port, ...(address === undefined ? {} : { address }) });
  child.startTask(serve({ system: child.system, home, verbose: options.values('v').length }, listener));
}

/** httpd. */
export const httpd: Executable = task({ letters: 'c:d:h:e:r:m:u:p:ifv' }, function* (system, options) {
  const home = options.value('h') ?? '.';
  let root: string;
  try {
    if (system.files.status(home).type !== 'folder') throw new SystemError('ENOTDIR');
    root = system.files.realPath(home);
  } catch (error) {
    yield* system.stderr.write(`httpd: can't change directory to '${home}': ${because(error)}\n`);
    return 1;
  }
  const [, address, portText] = /^(?:(.*):)?(\d+)$/.exec(options.value('p') ?? '80') ?? [];
  const port = Number(portText);
  try {
    if (!options.has('f')) {
      background(system, options, root === '/' ? '' : root, port, address);
      return 0;
    }
    system.cwd = root;
    const listener = system.network.listen({ port, ...(address === undefined ? {} : { address }) });
    return yield* serve({ system, home: root === '/' ? '' : root, verbose: options.values('v').length }, listener);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(`httpd: bind: ${errorText(error.code)}\n`);
    return 1;
  }
});
