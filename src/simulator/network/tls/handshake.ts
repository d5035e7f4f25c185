import { concatBytes, type Task, utf8Encode } from '../../kernel';
import { type Connection, NetworkError } from '../interface';

/** A handshake that failed, in Go's words. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
}

/** Kinds of records (RFC 8446, section 5.1). */
const [changeCipherSpec, alert, handshake] = [20, 21, 22];
/** Kinds of handshake messages. */
const [clientHello, certificate] = [1, 11];
const badCertificate = 42;

const number = (value: number, octets: number): number[] => Array.from({ length: octets }, (_, i) => (value >> (8 * (octets - 1 - i))) & 0xff);
const record = (kind: number, body: Uint8Array): Uint8Array => concatBytes([Uint8Array.from([kind, 3, 3, ...number(body.length, 2)]), body]);
const message = (kind: number, body: Uint8Array): Uint8Array => record(handshake, concatBytes([Uint8Array.from([kind, ...number(body.length, 3)]), body]));

/** A ClientHello with one cipher suite and the extensions server_name (RFC 6066) and supported_groups. */
function helloOf(serverName: string): Uint8Array {
  const name = utf8Encode(serverName);
  const server = [0, 0, ...number(name.length + 5, 2), ...number(name.length + 3, 2), 0, ...number(name.length, 2), ...name];
  const groups = [0, 10, 0, 4, 0, 2, 0, 23];
  return message(clientHello, Uint8Array.from([3, 3, ...new Array<number>(32).fill(0), 0, 0, 2, 0x13, 1, 1, 0, ...number(server.length + groups.length, 2), ...server, ...groups]));
}

/** Exactly so many bytes; fewer when the other end stops. */
function* take(connection: Connection, count: number): Task<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let left = count; left > 0; ) {
    const part = yield* connection.read(left);
    if (!part) break;
    parts.push(part);
    left -= part.length;
  }
  return parts.length === 0 ? new Uint8Array(0) : concatBytes(parts);
}

function* nextRecord(connection: Connection): Task<{ readonly kind: number; readonly body: Uint8Array; readonly head: Uint8Array }> {
  const head = yield* take(connection, 5);
  if (head.length === 0) throw new TlsError('EOF');
  const [kind = 0, major, , high = 0, low = 0] = head;
  if (head.length < 5 || major !== 3 || kind < changeCipherSpec || kind > 23) return { kind: 0, body: new Uint8Array(0), head };
  return { kind, body: yield* take(connection, high * 256 + low), head };
}

function certificatesIn(body: Uint8Array): Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let at = 7; at + 3 <= body.length; ) {
    const length = ((body[at] as number) << 16) | ((body[at + 1] as number) << 8) | (body[at + 2] as number);
    chain.push(body.subarray(at + 3, at + 3 + length));
    at += 3 + length;
  }
  return chain;
}

/**
 * Speaks TLS over a connection as a client: what is written afterwards is as good as encrypted (it is not, nobody listens).
 * `problem` says why the server's chain of certificates is refused. Throws TlsError, NetworkError.
 */
export function* secureAsClient(connection: Connection, serverName: string, problem: (chain: readonly Uint8Array[]) => string | undefined): Task {
  yield* connection.write(helloOf(serverName));
  const { kind, body, head } = yield* nextRecord(connection);
  if (kind === alert) throw new TlsError('remote error: tls: internal error');
  if (kind !== handshake) throw new TlsError(String.fromCharCode(...head) === 'HTTP/' ? 'http: server gave HTTP response to HTTPS client' : 'tls: first record does not look like a TLS handshake');
  const refused = problem(certificatesIn(body));
  yield* connection.write(refused === undefined ? record(changeCipherSpec, Uint8Array.of(1)) : record(alert, Uint8Array.of(2, badCertificate)));
  if (refused !== undefined) throw new TlsError(refused);
}

/** The other end of it: shows a chain of certificates (DER, the server's own first). Throws TlsError for a client that speaks none or refuses, NetworkError. */
export function* secureAsServer(connection: Connection, chain: readonly Uint8Array[]): Task {
  const { kind, head } = yield* nextRecord(connection);
  if (kind !== handshake) {
    if (/^[A-Z]+ ?/.test(String.fromCharCode(...head))) yield* connection.write(utf8Encode('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'));
    throw new TlsError(kind === 0 && /^[A-Z]/.test(String.fromCharCode(...head)) ? 'client sent an HTTP request to an HTTPS server' : 'tls: first record does not look like a TLS handshake');
  }
  const list = concatBytes([new Uint8Array(0), ...chain.map((one) => concatBytes([Uint8Array.from(number(one.length, 3)), one]))]);
  yield* connection.write(message(certificate, concatBytes([Uint8Array.from(number(list.length, 3)), list])));
  const answer = yield* nextRecord(connection);
  if (answer.kind === alert) throw new TlsError('remote error: tls: bad certificate');
}

/** Whether an error ends one connection and nothing else. */
export const endsConnection = (error: unknown): error is TlsError | NetworkError => error instanceof TlsError || error instanceof NetworkError;
