import type { Duration, Task } from '../kernel';

/** An IPv4 address as text: 10.244.1.7. */
export type IpAddress = string;

export type NetworkErrorCode =
  | 'ECONNREFUSED' | 'ECONNRESET' | 'ECONNABORTED' | 'ETIMEDOUT' | 'EHOSTUNREACH' | 'ENETUNREACH'
  | 'EADDRINUSE' | 'EADDRNOTAVAIL' | 'EPIPE' | 'ENOTCONN' | 'EMSGSIZE';

/** What a system call on a socket fails with; programs turn it into their own words. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(readonly code: NetworkErrorCode, detail?: string) {
    super(detail ? `${code}: ${detail}` : code);
  }
}

export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** One end of a TCP connection: a stream of bytes each way. */
export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The next bytes (at most `limit`); undefined once the other end has sent FIN. Throws ECONNRESET. */
  read(limit?: number): Task<Uint8Array | undefined>;
  /** Waits while the receiver's window is full. Throws EPIPE or ECONNRESET. */
  write(bytes: Uint8Array): Task;
  /** Sends FIN: no more will be written. */
  end(): void;
  /** Gives up both directions; unread data or none, the other end sees FIN or RST as TCP has it. */
  close(): void;
  /** Sends RST. */
  reset(): void;
}

export interface Listener {
  readonly local: Endpoint;
  /** The next established connection; undefined once closed. */
  accept(): Task<Connection | undefined>;
  close(): void;
}

export interface Datagram {
  readonly from: Endpoint;
  readonly data: Uint8Array;
}

export interface DatagramSocket {
  readonly local: Endpoint;
  send(to: Endpoint, data: Uint8Array): void;
  /** The next datagram; undefined once closed. An ICMP port-unreachable for a connected peer throws ECONNREFUSED. */
  receive(): Task<Datagram | undefined>;
  close(): void;
}

export interface SocketInfo {
  readonly protocol: 'tcp' | 'udp';
  readonly local: Endpoint;
  readonly remote?: Endpoint;
  /** LISTEN, ESTABLISHED, TIME_WAIT … ; '' for UDP. */
  readonly state: string;
}

/** One interface of a namespace. */
export interface NetworkInterface {
  readonly name: string;
  readonly address: IpAddress;
  readonly prefix: number;
  readonly mac: string;
  readonly mtu: number;
}

/** A network namespace: what a pod's containers share, what a node's host network is. */
export interface NetworkNamespace {
  readonly name: string;
  /** Without the loopback's 127.0.0.1, which every namespace has. */
  readonly addresses: readonly IpAddress[];
  /** Address 0.0.0.0 listens on all; port 0 picks a free one. Throws EADDRINUSE, EADDRNOTAVAIL. */
  listen(at: { readonly address?: IpAddress; readonly port: number; readonly backlog?: number }): Listener;
  /** Throws ECONNREFUSED, ETIMEDOUT (after `timeout`, default as Linux gives up), EHOSTUNREACH, ENETUNREACH. */
  connect(to: Endpoint, options?: { readonly timeout?: Duration }): Task<Connection>;
  /** With a `peer` the socket is connected: it hears that peer alone, and of its refusals. Throws EADDRINUSE, EADDRNOTAVAIL. */
  bindDatagram(at: { readonly address?: IpAddress; readonly port: number; readonly peer?: Endpoint }): DatagramSocket;
  /** ICMP echo: the round-trip time, or undefined when nothing came back in `timeout`. */
  ping(address: IpAddress, timeout: Duration): Task<Duration | undefined>;
  sockets(): readonly SocketInfo[];
  /** What `ip addr` shows besides lo. */
  readonly interfaces: readonly NetworkInterface[];
  /** Where packets leave to what is not on the link; undefined on a node or a host. */
  readonly gateway: IpAddress | undefined;
  /** Resets what is open and forgets the addresses. */
  close(): void;
}

/** Where external traffic of a Service port (node port, external and load balancer addresses) goes, when it differs. */
export interface ExternalRule {
  /** External IPs and load balancer IPs. */
  readonly addresses: readonly Endpoint[];
  readonly endpoints: readonly Endpoint[];
  /** Policy Local: the client's address is kept, and what comes from this node or the cluster's pods goes to all endpoints. */
  readonly local: boolean;
  /** loadBalancerSourceRanges: who may use the load balancer's addresses; absent for everybody. */
  readonly sourceRanges?: readonly string[];
}

/** A Service port as kube-proxy hands it to a node's rules. */
export interface ServiceRule {
  /** namespace/name:portName, as the rules' comments show it. */
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /** Addresses and ports that lead here from within: the cluster IP. */
  readonly virtual: readonly Endpoint[];
  readonly nodePort?: number;
  /** Where the cluster IP leads; empty refuses (REJECT) at once. */
  readonly endpoints: readonly Endpoint[];
  /** Endpoints on this node, when internal traffic policy Local asks for them alone; empty then drops. */
  readonly localEndpoints?: readonly Endpoint[];
  /** Absent: external traffic has no address, a node port leads to `endpoints`. */
  readonly external?: ExternalRule;
  /** ClientIP affinity in seconds. */
  readonly affinitySeconds?: number;
}

/** The NAT rules of one node, applied to what its pods and itself send, with connection tracking. */
export interface NodeRules {
  /** Replaces the rules of all Services at once, as iptables-restore does. */
  replace(rules: readonly ServiceRule[]): void;
  /** Replaces one Service port's rule, or takes it away. */
  update(name: string, protocol: ServiceRule['protocol'], rule: ServiceRule | undefined): void;
  readonly services: readonly ServiceRule[];
  /** Forgets tracked UDP flows to endpoints that are gone (`conntrack -D`). */
  forgetDatagramFlows(virtual: Endpoint, endpoint: Endpoint): void;
}

/** One machine on the network: a host namespace, a range of pod addresses, rules. */
export interface NetworkNode {
  readonly name: string;
  readonly host: NetworkNamespace;
  readonly rules: NodeRules;
  /** A namespace for a pod, with the next free address of the node's range. */
  createPodNamespace(name: string): NetworkNamespace;
  /** The node's range of pod addresses, once known: 10.244.1.0/24. */
  podRange: string | undefined;
  /** hostPort: forwards a port of the node to a pod's; gives the function that takes it back. */
  forwardHostPort(protocol: 'TCP' | 'UDP', at: { readonly address?: IpAddress; readonly port: number }, to: Endpoint): () => void;
}

/** What a packet filter is asked about the first packet of a flow, addresses as they are after translation. */
export interface FlowQuery {
  readonly protocol: 'TCP' | 'UDP' | 'ICMP';
  readonly from: IpAddress;
  readonly to: Endpoint;
  /** Names of the namespaces at both ends. */
  readonly source: string;
  readonly target: string;
}

/** The wire: everything that can be reached, and how well. */
export interface Network {
  addNode(name: string, address: IpAddress): NetworkNode;
  removeNode(name: string): void;
  /** A host that is no node: the learner's workstation, a server outside the cluster. */
  addHost(name: string, address: IpAddress): NetworkNamespace;
  /** Between two namespaces or nodes by name, both ways: extra delay, share of packets lost (0…1), or cut. '*' is everything else. */
  setLink(a: string, b: string, link: { readonly delay?: Duration; readonly loss?: number; readonly cut?: boolean }): void;
  /** Flows that `allow` denies are dropped silently (NetworkPolicy); undefined lets everything pass. */
  setFilter(allow: ((flow: FlowQuery) => boolean) | undefined): void;
  /** Who has this address now, if anybody. */
  owner(address: IpAddress): NetworkNamespace | undefined;
}
