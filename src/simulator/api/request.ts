import type { Channel, Task } from '../kernel';
import type { WatchEvent } from './object';

/** Who sent a request, after authentication. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** How a client proves who it is. `certificate` is a client certificate's subject: O is its groups, CN its name. */
export type Credentials =
  | { readonly certificate: { readonly commonName: string; readonly organizations: readonly string[] } }
  | { readonly token: string }
  | { readonly anonymous: true };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/**
 * One request to the API server, however it came: from a client in this process (`body` is a frozen object and passes
 * as it is) or from the edge (bytes, decoded there by content type).
 */
export interface ApiRequest {
  readonly method: Method;
  /** Path and query: /api/v1/namespaces/a/pods?labelSelector=x%3Dy */
  readonly url: string;
  readonly credentials: Credentials;
  /** Lower-case names. Accept decides on tables and metadata-only answers, content-type on the kind of a patch. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A frozen object (from in-process clients) or raw bytes (from the edge); absent for none. */
  readonly body?: unknown;
  /** Set for connections that are upgraded (exec, attach, port-forward): see StreamConnection. */
  readonly upgrade?: string;
}

/** What comes back. Exactly one of body, text, events and stream is there. */
export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object: a resource, a list, a Status, a Table. */
  readonly body?: unknown;
  /** Plain text: healthz, logs without follow, metrics. */
  readonly text?: string;
  /** A watch. Closing the channel from either side ends it. */
  readonly events?: Channel<WatchEvent>;
  /** Bytes that go on: logs -f, proxied answers. */
  readonly stream?: Channel<Uint8Array>;
  /** exec, attach, port-forward: the two directions of an upgraded connection. */
  readonly connection?: StreamConnection;
}

/** An upgraded connection: numbered channels of bytes in both directions (0 stdin, 1 stdout, 2 stderr, 3 error, 4 resize). */
export interface StreamConnection {
  /** From the server to the client. */
  readonly output: Channel<StreamFrame>;
  /** From the client to the server. Closing it means that the client is gone. */
  readonly input: Channel<StreamFrame>;
}

export interface StreamFrame {
  readonly channel: number;
  readonly data: Uint8Array;
  /** The sender will send no more on this channel. */
  readonly end?: boolean;
}

/** The API server as its clients see it. Runs inside a process of the caller's; waits only where the real one would. */
export type ApiHandler = (request: ApiRequest) => Task<ApiResponse>;
