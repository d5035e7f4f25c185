import { type Task, utf8Decode, utf8Encode, within } from '../../../kernel';
import { type HttpAnswer, httpRequest, HttpError, NetworkError, serveHttp } from '../../../network';
import type { System } from '../../interface';
import { lookUpHost } from '../host-lookup';

const plain = [['Content-Type', 'text/plain; charset=utf-8']] as const;
const answer = (body: string, status = 200): HttpAnswer => ({ status, headers: plain, body });

/** A UDP server that knows hostname, clientip, echo and the pattern of `dial`. */
export function* serveDatagrams(system: System, port: number): Task {
  const socket = system.network.bindDatagram({ port });
  for (let datagram = yield* socket.receive(); datagram; datagram = yield* socket.receive()) {
    const text = utf8Decode(datagram.data).trim();
    const [word = '', rest = ''] = text.split(/ (.*)/s);
    const reply = word.toLowerCase() === 'hostname' ? system.hostname : word.toLowerCase() === 'clientip' ? `${datagram.from.address}:${datagram.from.port}` : word.toLowerCase() === 'echo' ? rest : undefined;
    if (reply !== undefined) socket.send(datagram.from, utf8Encode(reply));
  }
}

/** Asks another netexec again and again: what it answered, and what went wrong, as JSON. */
function* dial(system: System, query: ReadonlyMap<string, string>): Task<HttpAnswer> {
  const host = query.get('host') ?? '';
  const port = Number(query.get('port') ?? 0);
  const request = query.get('request') ?? '';
  const tries = Number(query.get('tries') ?? 1);
  const responses: string[] = [];
  const errors: string[] = [];
  for (let i = 0; i < tries; i++) {
    const [address] = yield* lookUpHost(system, host);
    if (address === undefined) {
      errors.push(`lookup ${host}: no such host`);
      continue;
    }
    try {
      if (query.get('protocol') === 'udp') {
        const socket = system.network.bindDatagram({ port: 0, peer: { address, port } });
        socket.send({ address, port }, utf8Encode(request));
        const reply = yield* within(5_000_000, () => socket.receive());
        socket.close();
        if (reply) responses.push(utf8Decode(reply.data));
        else errors.push('reading from udp connection failed. err:\'i/o timeout\'');
      } else {
        const response = yield* httpRequest(system.network, { address, port }, { target: `/${request}` }, 5_000_000);
        responses.push(utf8Decode(response.body));
      }
    } catch (error) {
      if (!(error instanceof NetworkError) && !(error instanceof HttpError)) throw error;
      errors.push(`Get "http://${host}:${port}/${request}": ${error.message}`);
    }
  }
  return answer(JSON.stringify({ ...(responses.length > 0 && { responses }), ...(errors.length > 0 && { errors }) }));
}

function* shell(system: System, command: string): Task<HttpAnswer> {
  const { reader, writer } = system.pipe();
  const child = system.spawn(['/bin/sh', '-c', command], { stdout: writer, stderr: writer });
  writer.close();
  let output = '';
  for (let part = yield* reader.read(); part; part = yield* reader.read()) output += utf8Decode(part);
  const code = yield* child.wait();
  return answer(JSON.stringify({ ...(output !== '' && { output }), ...(code !== 0 && { error: `exit status ${code}` }) }));
}

/** agnhost netexec. */
export function* netexec(system: System, httpPort: number, udpPort: number): Task<number> {
  const startedAt = system.now;
  const listener = system.network.listen({ port: httpPort });
  if (udpPort > 0) system.thread('udp', serveDatagrams(system, udpPort));
  yield* system.stdout.write(`Started HTTP server on port ${httpPort}\n${udpPort > 0 ? `Started UDP server on port  ${udpPort}\n` : ''}`);
  let healthy = true;
  yield* serveHttp({
    listener,
    spawn: (name, task) => system.thread(name, task),
    *handle(request, connection) {
      const [path = '/', text = ''] = request.target.split('?');
      const query = new Map(text.split('&').filter((pair) => pair !== '').map((pair) => pair.split('=').map((part) => decodeURIComponent(part.replaceAll('+', ' '))) as [string, string]));
      if (path !== '/healthz') yield* system.stdout.write(`${request.method} ${request.target}\n`);
      switch (path.toLowerCase()) {
        case '/': return answer(`NOW: ${system.now}`);
        case '/hostname': return answer(system.hostname);
        case '/clientip': return answer(`${connection.remote.address}:${connection.remote.port}`);
        case '/echo': return answer(query.get('msg') ?? '', Number(query.get('code') ?? 200));
        case '/header': return answer(request.headers.find(([name]) => name.toLowerCase() === (query.get('key') ?? '').toLowerCase())?.[1] ?? '');
        case '/healthz': return healthy || system.now < startedAt ? answer('') : answer('', 412);
        case '/redirect': return { status: Number(query.get('code') ?? 302), headers: [['Location', query.get('location') ?? '/']] };
        case '/dial': return yield* dial(system, query);
        case '/shell': return yield* shell(system, query.get('shellCommand') ?? query.get('cmd') ?? '');
        case '/exit': healthy = false; system.kill(system.pid, 'KILL'); return undefined;
        case '/shutdown': healthy = false; system.kill(system.pid, 'TERM'); return undefined;
        default: return answer('404 page not found\n', 404);
      }
    },
  });
  return 0;
}
