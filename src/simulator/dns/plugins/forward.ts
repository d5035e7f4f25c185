import { seconds, within, type Task } from '../../kernel';
import { decodeMessage, encodeMessage, type Endpoint, isIpAddress, NetworkError } from '../../network';
import { type Directive, CorefileError } from '../corefile';
import { type Handler, isWithin, type Query, type Reply, type ServerContext } from '../plugin';

const readTimeout = seconds(2);
const allTime = seconds(5);

/** Upstream servers from addresses and files of resolv.conf's form. Throws CorefileError when there are none. */
export function upstreams(targets: readonly string[], context: ServerContext): Endpoint[] {
  const found: Endpoint[] = [];
  for (const target of targets) {
    const [address = '', port] = target.replace(/^dns:\/\//, '').split(':');
    if (isIpAddress(address)) found.push({ address, port: Number(port ?? 53) });
    else if (context.system.files.exists(target)) {
      for (const match of context.system.files.readText(target).matchAll(/^nameserver\s+(\S+)/gm)) if (isIpAddress(match[1] ?? '')) found.push({ address: match[1] ?? '', port: 53 });
    } else throw new CorefileError(`plugin/forward: not an IP address or file: "${target}"`);
  }
  if (found.length === 0) throw new CorefileError('plugin/forward: no valid upstream addresses found');
  return found;
}

/** `forward FROM TO…`: asks others, a random one first. */
export function forwardPlugin({ args, block }: Directive, context: ServerContext): Handler {
  const from = (args[0] ?? '.').replace(/\.$/, '').toLowerCase();
  const servers = upstreams(args.slice(1), context);
  const except = block.filter((line) => line.name === 'except').flatMap((line) => line.args.map((zone) => zone.replace(/\.$/, '')));
  return function* (query, next) {
    const { name } = query.question;
    if (!isWithin(name, from) || except.some((zone) => isWithin(name, zone))) return yield* next(query);
    const start = context.system.now;
    const first = context.system.random.int(servers.length);
    let reason = '';
    for (let i = 0; context.system.now - start < allTime && i < Math.max(servers.length, 2); i++) {
      const server = servers[(first + i) % servers.length] as Endpoint;
      const outcome = yield* ask(context, server, query);
      if (typeof outcome !== 'string') return outcome;
      reason = outcome;
    }
    context.log(`[ERROR] plugin/errors: 2 ${name}. ${query.question.type}: ${reason}`);
    return { code: 'SERVFAIL', authoritative: false, answers: [], authority: [], additional: [] };
  };
}

function* ask({ system }: ServerContext, server: Endpoint, query: Query): Task<Reply | string> {
  const id = system.random.int(65_536);
  let socket;
  try {
    socket = system.network.bindDatagram({ port: 0, peer: server });
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    throw error;
  }
  const own = `${system.network.addresses[0] ?? '0.0.0.0'}:${socket.local.port}->${server.address}:${server.port}`;
  try {
    const message = { id, response: false, authoritative: false, truncated: false, recursionDesired: true, recursionAvailable: false, code: 'NOERROR', questions: [query.question], answers: [], authority: [], additional: [], bufferSize: 1232 } as const;
    socket.send(server, encodeMessage(message));
    const datagram = yield* within(readTimeout, () => socket.receive());
    const answer = datagram && decodeMessage(datagram.data);
    if (!answer || answer.id !== id) return `read udp ${own}: i/o timeout`;
    return { code: answer.code, authoritative: answer.authoritative, recursionAvailable: answer.recursionAvailable, answers: answer.answers, authority: answer.authority, additional: answer.additional };
  } catch (error) {
    if (error instanceof NetworkError) return `read udp ${own}: read: connection refused`;
    throw error;
  } finally {
    socket.close();
  }
}
