import type { Dialler } from '../apiserver';
import { Channel } from '../kernel';
import { HttpError, httpRequest, NetworkError, type NetworkNamespace } from '../network';

const goTexts: Partial<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'i/o timeout',
  ECONNRESET: 'read: connection reset by peer',
};

/** Requests of the API server into the cluster's network, from the machine that it runs on. TLS is not spoken here: both ends are ours. */
export const createDialler = (network: () => NetworkNamespace | undefined): Dialler => ({
  *http({ address, port }, { method, url, headers, body }) {
    const from = network();
    const refused = (detail: string): Error => new Error(`dial tcp ${address}:${port}: ${detail}`);
    if (!from) throw refused('connect: network is unreachable');
    try {
      const answer = yield* httpRequest(from, { address, port }, { method, target: url, headers: Object.entries(headers), ...(body && { body }) });
      const channel = new Channel<Uint8Array>();
      if (answer.body.length > 0) channel.send(answer.body);
      channel.close();
      return { status: answer.status, headers: Object.fromEntries(answer.headers.map(([name, value]) => [name.toLowerCase(), value])), body: channel };
    } catch (error) {
      if (error instanceof NetworkError) throw refused(goTexts[error.code] ?? error.code);
      if (error instanceof HttpError) throw new Error('EOF', { cause: error });
      throw error;
    }
  },
});
