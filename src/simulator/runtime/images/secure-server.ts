import { type Task, utf8Encode } from '../../kernel';
import { type Connection, endsConnection, type HttpAnswer, type HttpRequest, pemContents, secureAsServer, serveHttp } from '../../network';
import type { System } from '../interface';

/** Where a server has its certificate from, and where it listens. */
export interface SecureOptions {
  /** PEM, the server's own certificate first; '' makes it one that nobody trusts. */
  readonly certificate: string;
  readonly port: number;
}

/** Serves HTTPS: a failed handshake is logged and ends one connection. */
export function* serveSecurely(system: System, { certificate, port }: SecureOptions, handle: (request: HttpRequest, connection: Connection) => Task<HttpAnswer | undefined>): Task {
  const chain = pemContents(certificate, 'CERTIFICATE');
  const shown = chain.length > 0 ? chain : [utf8Encode('self-signed')];
  yield* serveHttp({
    listener: system.network.listen({ port }),
    spawn: (name, task) => system.thread(name, task),
    *prepare(connection) {
      try {
        yield* secureAsServer(connection, shown);
        return true;
      } catch (error) {
        if (!endsConnection(error)) throw error;
        if (error.message !== 'EOF') yield* system.stderr.write(`http: TLS handshake error from ${connection.remote.address}:${connection.remote.port}: ${error.message}\n`);
        return false;
      }
    },
    handle,
  });
}
