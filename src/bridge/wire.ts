import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Cluster, RawHandler, RawRequest } from '../simulator/cluster';
import type { Driver } from './driver';

/** A request of HTTP/1.1 or HTTP/2. */
export type Request = Http2ServerRequest | IncomingMessage;

/** What an upgraded connection is answered with. */
export interface UpgradeWorld {
  readonly edge: RawHandler;
  readonly driver: Driver;
  readonly cluster: Cluster;
}

function certificateOf(socket: TLSSocket): RawRequest['certificate'] {
  const subject = socket.getPeerCertificate?.()?.subject as { CN?: string; O?: string | string[] } | undefined;
  if (!subject?.CN || !socket.authorized) return undefined;
  return { commonName: subject.CN, organizations: subject.O === undefined ? [] : [subject.O].flat() };
}

/** The request without its body. */
export function rawRequest(request: Request): RawRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined && !name.startsWith(':')) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  const socket = ('stream' in request ? request.stream?.session?.socket : request.socket) as TLSSocket;
  const certificate = headers['authorization'] === undefined ? certificateOf(socket) : undefined;
  return { method: request.method ?? 'GET', url: request.url ?? '/', headers, ...(certificate && { certificate }) };
}

/** One message of a WebSocket, as bytes. */
export const bytesOf = (data: unknown): Uint8Array => (Array.isArray(data) ? Buffer.concat(data as Buffer[]) : data instanceof ArrayBuffer ? new Uint8Array(data) : (data as Buffer));
