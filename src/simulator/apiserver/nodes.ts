import type { ApiResponse } from '../api';
import type { Channel, Task, Time } from '../kernel';

/** What a client may ask of a log (PodLogOptions). */
export interface LogRequest {
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly sinceSeconds?: number;
  readonly sinceTime?: Time;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly stream?: 'All' | 'Stdout' | 'Stderr';
}

/** The streams that exec and attach connect. */
export interface StreamRequest {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** One end of a TCP connection, as far as port-forward needs it. */
export interface ByteConnection {
  /** The next bytes; undefined once the other end has finished. */
  read(limit?: number): Task<Uint8Array | undefined>;
  write(bytes: Uint8Array): Task;
  end(): void;
  close(): void;
}

/** A plain HTTP request that is passed on. */
export interface ProxyRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** A list: a header that is sent several times. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | undefined;
}

/** What comes back. */
export interface ProxyResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Channel<Uint8Array>;
}

/**
 * A kubelet as the API server reaches it on port 10250. Every method throws a StatusError for what the kubelet refuses
 * (its own words and code).
 */
export interface KubeletEndpoint {
  logs(namespace: string, pod: string, container: string, options: LogRequest): Task<ApiResponse>;
  exec(namespace: string, pod: string, container: string, command: readonly string[], options: StreamRequest): Task<ApiResponse>;
  attach(namespace: string, pod: string, container: string, options: StreamRequest): Task<ApiResponse>;
  portForward(namespace: string, pod: string, port: number): Task<ByteConnection>;
  /** /healthz, /metrics, /stats/summary and so on: nodes/NAME/proxy. */
  proxy?(request: ProxyRequest): Task<ApiResponse>;
}

/** How the API server finds kubelets. */
export interface NodeConnector {
  /** undefined when nothing answers at that node's address. */
  kubeletFor(nodeName: string): KubeletEndpoint | undefined;
}

/** Whom the API server wants to talk to over TLS. */
export interface TlsPeer {
  readonly serverName: string;
  /** PEM of the authorities that are trusted; absent: anybody is. */
  readonly authorities?: string;
}

/** A place in the network. */
export interface DialTarget {
  /** An IP address or a host name. */
  readonly address: string;
  readonly port: number;
  /** Absent: plain HTTP. */
  readonly tls?: TlsPeer;
}

/** How the API server reaches Pods, Services and webhooks over the network. */
export interface Dialler {
  /** One HTTP request. Throws an Error with Go's text of what failed; 'unexpected EOF' when the body broke off. */
  http(to: DialTarget, request: ProxyRequest): Task<ProxyResponse>;
}
