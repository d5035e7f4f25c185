import type { Task } from '../kernel';
import { decodeMessage, encodeMessage, type IpAddress, type NetworkNamespace } from '../network';

/**
 * The name server of the world around the cluster, which nodes name in /etc/resolv.conf. The world is empty but for
 * `names`: anything else does not exist.
 */
export function* runOutsideResolver(network: NetworkNamespace, names: Readonly<Record<string, IpAddress>> = {}): Task {
  const socket = network.bindDatagram({ port: 53 });
  for (let datagram = yield* socket.receive(); datagram; datagram = yield* socket.receive()) {
    const request = decodeMessage(datagram.data);
    const question = request?.questions[0];
    if (!request || request.response || !question) continue;
    const address = names[question.name.toLowerCase()];
    const answers = address !== undefined && question.type === 'A' ? [{ name: question.name, ttl: 300, type: 'A', address } as const] : [];
    socket.send(datagram.from, encodeMessage({ ...request, response: true, recursionAvailable: true, code: address === undefined ? 'NXDOMAIN' : 'NOERROR', answers, authority: [], additional: [] }));
  }
}
