import { utf8Decode, utf8Encode, type Task } from '../../kernel';
import type { Command, Context } from '../command';
import { CommandError } from '../errors';
import { StatusError } from '../../api';
import { flag } from '../flags';
import type { HostConnection } from '../host';
import { compactJson } from '../print/json';

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Reads one HTTP/1.1 request; undefined at the end. */
function* readRequest(client: HostConnection): Task<HttpRequest | undefined> {
  let data = new Uint8Array();
  const more = function* (): Task<boolean> {
    const next = yield* client.read();
    if (!next) return false;
    const joined = new Uint8Array(data.length + next.length);
    joined.set(data);
    joined.set(next, data.length);
    data = joined;
    return true;
  };
  let end = -1;
  for (; (end = utf8Decode(data).indexOf('\r\n\r\n')) < 0; ) if (!(yield* more())) return undefined;
  const [first = '', ...lines] = utf8Decode(data.subarray(0, end)).split('\r\n');
  const [method = 'GET', path = '/'] = first.split(' ');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const start = utf8Encode(utf8Decode(data.subarray(0, end))).length + 4;
  const length = Number(headers['content-length'] ?? '0');
  while (data.length < start + length) if (!(yield* more())) return undefined;
  return { method, path, headers, body: data.slice(start, start + length) };
}

function answer(client: HostConnection, status: number, type: string, body: string): void {
  const bytes = utf8Encode(body);
  client.write(utf8Encode(`HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Error'}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`));
  client.write(bytes);
}

function* serve({ flags, session }: Context, client: HostConnection): Task<void> {
  try {
    for (let request = yield* readRequest(client); request; request = yield* readRequest(client)) {
      const { body, headers, method, path } = request;
      if (flags.string('reject-paths').split(',').some((pattern) => new RegExp(pattern).test(path)) && !flags.bool('disable-filter')) {
        answer(client, 403, 'text/html', 'Forbidden');
        continue;
      }
      try {
        const response = yield* session.rest.request(method as 'GET', path, { accept: headers['accept'] ?? '*/*', ...(body.length > 0 && { body, contentType: headers['content-type'] ?? 'application/json' }) });
        if (response.text !== undefined) answer(client, response.status, response.headers?.['content-type'] ?? 'text/plain', response.text);
        else if (response.events) {
          client.write(utf8Encode(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`));
          for (let event = yield* response.events.receive(); event; event = yield* response.events.receive()) {
            const line = utf8Encode(`${compactJson(event, false)}\n`);
            client.write(utf8Encode(`${line.length.toString(16)}\r\n`));
            client.write(line);
            client.write(utf8Encode('\r\n'));
          }
          client.write(utf8Encode('0\r\n\r\n'));
        } else answer(client, response.status, 'application/json', `${JSON.stringify(response.body, undefined, 2)}\n`);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        answer(client, error.code, 'application/json', `${JSON.stringify(error.status, undefined, 2)}\n`);
      }
    }
  } finally {
    client.close();
  }
}

/** kubectl proxy */
export const proxy: Command = {
  name: 'proxy',
  short: 'Run a proxy to the Kubernetes API server',
  use: '[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  flags: [
    flag("--accept-hosts='^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$'", 'Hosts to answer.'),
    flag("--accept-paths='^.*'", 'Paths to answer.'),
    flag("--address='127.0.0.1'", 'Address to listen on.'),
    flag("--api-prefix='/'", 'Path under which the API stands.'),
    flag('--append-server-path=false', "Keep the server's path."),
    flag('--disable-filter=false', 'Answer everything.'),
    flag('--keepalive=0s', 'Keep-alive period.'),
    flag('-p, --port=8001', 'Port to listen on; 0 is any.'),
    flag("--reject-methods='^$'", 'Methods to refuse.'),
    flag("--reject-paths='^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach'", 'Paths to refuse.'),
    flag("-u, --unix-socket=''", 'Socket to listen on.'),
    flag("-w, --www=''", 'Folder of static files.'),
    flag("-P, --www-prefix='/static/'", 'Path of static files.'),
  ],
  *run(context) {
    const { flags, out, session } = context;
    const { listen } = session.host;
    if (!listen) throw new CommandError('listen tcp: this terminal has no network');
    const listener = listen(flags.string('address'), flags.number('port'));
    out(`Starting to serve on ${flags.string('address')}:${listener.port}\n`);
    try {
      for (let client = yield* listener.accept(); client; client = yield* listener.accept()) session.host.spawn('kubectl proxy', serve(context, client));
    } finally {
      listener.close();
    }
  },
};
