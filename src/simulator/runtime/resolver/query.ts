import { type Duration, type Task, within } from '../../kernel';
import { decodeMessage, type DnsMessage, encodeMessage, type IpAddress, NetworkError, type NetworkNamespace } from '../../network';
import type { Random } from '../../kernel';

/** What a server said. */
export type DnsAnswer = DnsMessage;

/** Asks one server one question over UDP. Undefined: no answer in time (or the port is closed). */
export function* queryServer(network: NetworkNamespace, random: Random, server: { readonly address: IpAddress; readonly port?: number }, question: { readonly name: string; readonly type: string }, timeout: Duration): Task<DnsAnswer | undefined> {
  const socket = network.bindDatagram({ port: 0, peer: { address: server.address, port: server.port ?? 53 } });
  const id = random.int(65_536);
  try {
    socket.send({ address: server.address, port: server.port ?? 53 }, encodeMessage({ id, response: false, authoritative: false, truncated: false, recursionDesired: true, recursionAvailable: false, code: 'NOERROR', questions: [question], answers: [], authority: [], additional: [] }));
    return yield* within(timeout, function* () {
      for (;;) {
        const datagram = yield* socket.receive();
        if (datagram === undefined) return undefined;
        const message = decodeMessage(datagram.data);
        if (message?.id === id) return message;
      }
    });
  } catch (error) {
    if (error instanceof NetworkError) return undefined;
    throw error;
  } finally {
    socket.close();
  }
}
