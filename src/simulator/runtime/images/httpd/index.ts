import { calendar, Channel, type Task, type Time, utf8Encode } from '../../../kernel';
import { formatHttpDate, formatLogDate, headerOf, type HttpAnswer, type HttpRequest, NetworkError, serveHttp } from '../../../network';
import { type Image, type Program, type System, SystemError } from '../../interface';
import { debianUserland } from '../userlands';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

function errorTime(time: Time): string {
  const c = calendar(time);
  return `${days[c.weekday]} ${months[c.month - 1]} ${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}.${String(c.microsecond).padStart(6, '0')} ${c.year}`;
}

const types: Readonly<Record<string, string>> = { html: 'text/html', htm: 'text/html', txt: 'text/plain', css: 'text/css', js: 'text/javascript', json: 'application/json', png: 'image/png', jpg: 'image/jpeg', gif: 'image/gif', svg: 'image/svg+xml', xml: 'application/xml' };

const page = (status: number, title: string, text: string): HttpAnswer => ({
  status,
  headers: [['Content-Type', 'text/html; charset=iso-8859-1']],
  body: `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body></html>\n`,
});

function answer(system: System, root: string, request: HttpRequest): HttpAnswer {
  const path = decodeURI(request.target.split('?')[0] ?? '/');
  if (!['GET', 'HEAD', 'OPTIONS', 'POST'].includes(request.method)) return page(405, 'Method Not Allowed', `The requested method ${request.method} is not allowed for this URL.`);
  try {
    let at = root + path;
    let status = system.files.status(at);
    if (status.type === 'folder') {
      if (!path.endsWith('/')) return { ...page(301, 'Moved Permanently', `The document has moved <a href="${path}/">here</a>.`), headers: [['Location', `http://${headerOf(request.headers, 'host') ?? ''}${path}/`], ['Content-Type', 'text/html; charset=iso-8859-1']] };
      if (system.files.exists(`${at}index.html`)) {
        at += 'index.html';
        status = system.files.status(at);
      } else {
        const items = system.files.list(at).filter((name) => !name.startsWith('.')).sort().map((name) => `<li><a href="${name}"> ${name}</a></li>\n`).join('');
        return { status: 200, headers: [['Content-Type', 'text/html;charset=ISO-8859-1']], body: `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<html>\n <head>\n  <title>Index of ${path}</title>\n </head>\n <body>\n<h1>Index of ${path}</h1>\n<ul>${items}</ul>\n</body></html>\n` };
      }
    }
    const data = system.files.readFile(at);
    const type = types[/\.(\w+)$/.exec(at)?.[1] ?? ''];
    const tag = `"${data.length.toString(16)}-${Math.floor(status.modifiedAt).toString(16)}"`;
    return { status: 200, headers: [['Last-Modified', formatHttpDate(status.modifiedAt)], ['ETag', tag], ['Accept-Ranges', 'bytes'], ...(type === undefined ? [] : [['Content-Type', type] as const])], body: data };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.code === 'EACCES') return page(403, 'Forbidden', "You don't have permission to access this resource.");
    return page(404, 'Not Found', 'The requested URL was not found on this server.');
  }
}

const httpd: Program = function* (system) {
  const { argv, stdout, stderr, pid } = system;
  if (argv.includes('-v')) {
    yield* stdout.write('Server version: Apache/2.4.62 (Unix)\nServer built:   Jul 23 2024 18:12:56\n');
    return 0;
  }
  const file = argv.includes('-f') ? (argv[argv.indexOf('-f') + 1] ?? '') : '/usr/local/apache2/conf/httpd.conf';
  let conf: string;
  try {
    conf = system.files.readText(file);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    yield* stderr.write(`httpd: Could not open configuration file ${file}: No such file or directory\n`);
    return 1;
  }
  const root = (/^\s*DocumentRoot\s+"?([^"\n]+)"?/m.exec(conf)?.[1] ?? '/usr/local/apache2/htdocs').replace(/\/$/, '');
  const port = Number(/^\s*Listen\s+(?:\S+:)?(\d+)/m.exec(conf)?.[1] ?? 80);
  if (argv.includes('-t')) {
    yield* stderr.write('Syntax OK\n');
    return 0;
  }
  const warning = `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${system.network.addresses[0] ?? '127.0.0.1'}. Set the 'ServerName' directive globally to suppress this message\n`;
  const named = /^\s*ServerName\s/m.test(conf);
  if (!named) yield* stderr.write(warning);
  const ends = new Channel<number>();
  let listener;
  try {
    listener = system.network.listen({ port, backlog: 511 });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* stderr.write(`(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:${port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`);
    return 1;
  }
  const notice = (module: string, text: string) => stderr.write(`[${errorTime(system.now)}] [${module}:notice] [pid ${pid}:tid ${pid}] ${text}\n`);
  if (!named) yield* stderr.write(warning);
  yield* notice('mpm_event', 'AH00489: Apache/2.4.62 (Unix) configured -- resuming normal operations');
  yield* notice('core', "AH00094: Command line: 'httpd -D FOREGROUND'");
  for (const signal of ['TERM', 'INT', 'WINCH'] as const)
    system.onSignal(signal, () => system.thread('stop', (function* (): Task {
      yield* notice('mpm_event', signal === 'WINCH' ? 'AH00492: caught SIGWINCH, shutting down gracefully' : 'AH00491: caught SIGTERM, shutting down');
      ends.send(0);
    })()));
  system.thread('http', serveHttp({
    listener,
    spawn: (name, task) => system.thread(name, task),
    idleTimeout: 5_000_000,
    *handle(request, connection) {
      const reply = answer(system, root, request);
      const size = reply.body === undefined ? 0 : typeof reply.body === 'string' ? utf8Encode(reply.body).length : reply.body.length;
      yield* stdout.write(`${connection.remote.address} - - [${formatLogDate(system.now)}] "${request.method} ${request.target} ${request.version}" ${reply.status} ${size === 0 ? '-' : size}\n`);
      return { ...reply, headers: [['Date', formatHttpDate(system.now)], ['Server', 'Apache/2.4.62 (Unix)'], ...(reply.headers ?? [])] };
    },
  }));
  return (yield* ends.receive()) ?? 0;
};

/** docker.io/library/httpd. */
export const httpdImage: Image = {
  repository: 'docker.io/library/httpd',
  tags: ['latest', '2', '2.4', '2.4.62', '2.4-alpine', '2.4.62-alpine', 'alpine', '2.4.38-1', '2.4.39-1', '2.4.59'],
  sizeBytes: 59_000_000,
  cmd: ['httpd-foreground'],
  workingDir: '/usr/local/apache2',
  stopSignal: 'WINCH',
  exposedPorts: ['80/tcp'],
  env: { PATH: '/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HTTPD_PREFIX: '/usr/local/apache2', HTTPD_VERSION: '2.4.62' },
  programs: { '/usr/local/apache2/bin/httpd': httpd },
  files: {
    '/usr/local/bin/httpd-foreground': { data: '#!/bin/sh\nset -e\nexec httpd -DFOREGROUND "$@"\n', mode: 0o755 },
    '/usr/local/apache2/conf/httpd.conf': 'ServerRoot "/usr/local/apache2"\nListen 80\nServerAdmin you@example.com\nDocumentRoot "/usr/local/apache2/htdocs"\nErrorLog /proc/self/fd/2\nLogLevel warn\n',
    '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n',
  },
  base: debianUserland,
};
