import { sleep, within, type Duration, type Task, type Time } from '../kernel';
import { hardwareAddress, isLoopback } from './addresses';
import { NetworkError, type Connection, type Endpoint, type IpAddress, type NetworkInterface, type NetworkNamespace, type SocketInfo } from './interface';
import type { Node } from './node';
import { isOnLink, Path, type Wire } from './path';
import { connect } from './tcp/connect';
import { TcpListener } from './tcp/listener';
import type { TcpSocket } from './tcp/socket';
import { UdpSocket } from './udp/socket';

/** net.ipv4.ip_local_port_range. */
const firstEphemeral = 32_768;
const ephemeralPorts = 28_232;
const isWildcard = (address: IpAddress | undefined): boolean => address === undefined || address === '' || address === '0.0.0.0' || address === '::' || address === '*';

/** The sockets, ports and addresses that share a network stack. */
export class Namespace implements NetworkNamespace {
  closed = false;
  readonly connections = new Set<TcpSocket>();
  /** What links are set between. */
  readonly points: readonly string[];
  private own: readonly IpAddress[] = [];
  private readonly listeners = new Map<number, TcpListener[]>();
  private readonly datagramSockets = new Map<number, UdpSocket[]>();
  private readonly ports = new Map<number, number>();
  private waitingOut: { readonly info: SocketInfo; readonly until: Time }[] = [];
  private nextPort: number;

  constructor(private readonly wire: Wire, readonly name: string, addresses: readonly IpAddress[], readonly node: Node | undefined) {
    this.points = node && node.name !== name ? [name, node.name] : [name];
    this.nextPort = wire.kernel.random.int(ephemeralPorts);
    for (const address of addresses) this.take(address);
  }

  get addresses(): readonly IpAddress[] {
    return this.own;
  }

  get gateway(): IpAddress | undefined {
    return this.node && this !== this.node.host ? this.node.gateway : undefined;
  }

  get interfaces(): readonly NetworkInterface[] {
    const bridge = this === this.node?.host ? this.node.gateway : undefined;
    return this.own.map((address) => ({
      name: address === bridge ? 'cni0' : 'eth0',
      address,
      prefix: address === bridge || (this.node && this !== this.node.host) ? (this.node?.podPrefix ?? 24) : 24,
      mac: hardwareAddress(address),
      mtu: 1500,
    }));
  }

  take(address: IpAddress): void {
    this.own = [...this.own, address];
    this.wire.owners.set(address, this);
    this.wire.topology += 1;
  }

  drop(address: IpAddress): void {
    this.own = this.own.filter((other) => other !== address);
    if (this.wire.owners.get(address) === this) this.wire.owners.delete(address);
    this.wire.topology += 1;
  }

  has(address: IpAddress): boolean {
    return this.own.includes(address);
  }

  /** The address that a packet to there is sent from; undefined without a route. */
  sourceAddress(to: IpAddress): IpAddress | undefined {
    if (isLoopback(to) || to === '0.0.0.0') return '127.0.0.1';
    if (this.own.includes(to)) return to;
    if (this.node && this === this.node.host && this.node.isPodAddress(to)) return this.node.gateway;
    return this.own[0];
  }

  listen(at: { readonly address?: IpAddress; readonly port: number; readonly backlog?: number }): TcpListener {
    const local = this.bindTo(at, (port) => this.listeners.get(port)?.map((one) => one.local.address) ?? []);
    const listener = new TcpListener(this, local, at.backlog);
    this.listeners.set(local.port, [...(this.listeners.get(local.port) ?? []), listener]);
    this.usePort(local.port);
    return listener;
  }

  *connect(to: Endpoint, options?: { readonly timeout?: Duration }): Task<Connection> {
    const address = to.address === '0.0.0.0' ? '127.0.0.1' : to.address;
    return yield* connect(this.wire, this, address === to.address ? to : { address, port: to.port }, options?.timeout);
  }

  bindDatagram(at: { readonly address?: IpAddress; readonly port: number; readonly peer?: Endpoint }): UdpSocket {
    const local = this.bindTo(at, (port) => this.datagramSockets.get(port)?.map((one) => one.local.address) ?? []);
    const socket = new UdpSocket(this.wire, this, local, at.peer);
    this.datagramSockets.set(local.port, [...(this.datagramSockets.get(local.port) ?? []), socket]);
    this.usePort(local.port);
    return socket;
  }

  *ping(address: IpAddress, timeout: Duration): Task<Duration | undefined> {
    const { kernel } = this.wire;
    const from = this.sourceAddress(address);
    if (from === undefined) throw new NetworkError('ENETUNREACH');
    const target = isLoopback(address) ? this : this.wire.owners.get(address);
    if (!target && isOnLink(this.wire, address)) return yield* within<undefined>(timeout, unreachable);
    const allowed = target && (target === this || this.wire.allow?.({ protocol: 'ICMP', from, to: { address, port: 0 }, source: this.name, target: target.name }) !== false);
    if (target && allowed) {
      const { delay, loss, cut } = new Path(this.wire, this, target, { address: from, port: 0 }, { address, port: 0 }).quality();
      const time = 2 * delay + kernel.random.int(20);
      if (!cut && time <= timeout && (loss === 0 || kernel.random.float() >= 1 - (1 - loss) ** 2)) {
        yield* sleep(time);
        return time;
      }
    }
    yield* sleep(timeout);
    return undefined;
  }

  sockets(): readonly SocketInfo[] {
    const out: SocketInfo[] = [];
    for (const listeners of this.listeners.values()) for (const one of listeners) out.push({ protocol: 'tcp', local: one.local, state: 'LISTEN' });
    for (const { local, remote, state } of this.connections) out.push({ protocol: 'tcp', local, remote, state });
    this.waitingOut = this.waitingOut.filter(({ until }) => until > this.wire.kernel.now);
    for (const { info } of this.waitingOut) out.push(info);
    for (const sockets of this.datagramSockets.values())
      for (const { local, peer } of sockets) out.push({ protocol: 'udp', local, ...(peer && { remote: peer }), state: '' });
    return out;
  }

  close(): void {
    if (this.closed) return;
    for (const listener of [...this.listeners.values()].flat()) listener.close();
    for (const socket of [...this.connections]) socket.reset();
    for (const socket of [...this.datagramSockets.values()].flat()) socket.close();
    this.leave();
  }

  /** The stack is gone from one moment to the next; the other ends hear nothing. */
  vanish(): void {
    if (this.closed) return;
    this.leave();
    for (const socket of [...this.connections]) socket.vanish();
    for (const listener of [...this.listeners.values()].flat()) listener.close();
    for (const socket of [...this.datagramSockets.values()].flat()) socket.close();
  }

  /** Who would take a connection to there. */
  listenerFor(at: Endpoint): TcpListener | undefined {
    const listeners = this.listeners.get(at.port);
    return listeners?.find((one) => one.local.address === at.address) ?? listeners?.find((one) => one.local.address === '0.0.0.0');
  }

  datagramSocketFor(from: Endpoint, at: Endpoint): UdpSocket | undefined {
    const sockets = this.datagramSockets.get(at.port);
    return sockets?.find((one) => one.peer && one.hears(from, at)) ?? sockets?.find((one) => one.hears(from, at));
  }

  forgetListener(listener: TcpListener): void {
    this.forget(this.listeners, listener);
  }

  forgetDatagramSocket(socket: UdpSocket): void {
    this.forget(this.datagramSockets, socket);
  }

  /** A free ephemeral port, in use from now on; 0 when there is none. */
  takePort(): number {
    for (let tried = 0; tried < ephemeralPorts; tried++) {
      this.nextPort = (this.nextPort + 1) % ephemeralPorts;
      const port = firstEphemeral + this.nextPort;
      if (this.ports.has(port)) continue;
      this.ports.set(port, 1);
      return port;
    }
    return 0;
  }

  usePort(port: number): void {
    this.ports.set(port, (this.ports.get(port) ?? 0) + 1);
  }

  freePort(port: number): void {
    const users = (this.ports.get(port) ?? 0) - 1;
    if (users > 0) this.ports.set(port, users);
    else this.ports.delete(port);
  }

  /** Shows a connection as TIME_WAIT until then. */
  waitOut({ local, remote }: TcpSocket, until: Time): void {
    if (this.waitingOut.length > 1024 && (this.waitingOut[0]?.until ?? 0) <= this.wire.kernel.now) this.sockets();
    if (this.waitingOut.length < 65_536) this.waitingOut.push({ info: { protocol: 'tcp', local, remote, state: 'TIME_WAIT' }, until });
  }

  private leave(): void {
    this.closed = true;
    for (const address of this.own) this.drop(address);
    this.node?.pods.delete(this);
  }

  private bindTo(at: { readonly address?: IpAddress; readonly port: number }, taken: (port: number) => readonly IpAddress[]): Endpoint {
    if (this.closed) throw new NetworkError('EADDRNOTAVAIL');
    const address = isWildcard(at.address) ? '0.0.0.0' : (at.address as IpAddress);
    if (address !== '0.0.0.0' && !isLoopback(address) && !this.own.includes(address)) throw new NetworkError('EADDRNOTAVAIL');
    if (at.port === 0) {
      const port = this.takePort();
      if (port === 0) throw new NetworkError('EADDRINUSE');
      this.freePort(port);
      return { address, port };
    }
    for (const other of taken(at.port)) if (other === '0.0.0.0' || address === '0.0.0.0' || other === address) throw new NetworkError('EADDRINUSE');
    return { address, port: at.port };
  }

  private forget<T extends { readonly local: Endpoint }>(index: Map<number, T[]>, item: T): void {
    const { port } = item.local;
    const before = index.get(port) ?? [];
    const rest = before.filter((other) => other !== item);
    if (rest.length === before.length) return;
    if (rest.length > 0) index.set(port, rest);
    else index.delete(port);
    this.freePort(port);
  }
}

/** The router says so itself, after three seconds of asking for the neighbour. */
function* unreachable(): Task<undefined> {
  yield* sleep(3_060_000);
  throw new NetworkError('EHOSTUNREACH');
}
