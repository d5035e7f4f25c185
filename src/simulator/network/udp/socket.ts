import type { Task } from '../../kernel';
import { NetworkError, type Datagram, type DatagramSocket, type Endpoint, type NetworkErrorCode } from '../interface';
import { endpointKey } from '../conntrack';
import type { Namespace } from '../namespace';
import { Path, resolve, type Wire } from '../path';
import { Waiters } from '../tcp/waiters';

/** net.core.rmem_default: what is more is lost. */
const receiveBuffer = 212_992;
const largest = 65_507;

/** A UDP socket. */
export class UdpSocket implements DatagramSocket {
  private queue: Datagram[] = [];
  private queued = 0;
  private error: NetworkErrorCode | undefined;
  private closed = false;
  private readonly receivers = new Waiters();

  constructor(private readonly wire: Wire, private readonly namespace: Namespace, readonly local: Endpoint, readonly peer: Endpoint | undefined) {}

  send(to: Endpoint, data: Uint8Array): void {
    if (this.closed) return;
    if (data.length > largest) throw new NetworkError('EMSGSIZE');
    if (this.error !== undefined) this.raise();
    const address = this.local.address === '0.0.0.0' ? this.namespace.sourceAddress(to.address) : this.local.address;
    if (address === undefined) throw new NetworkError('ENETUNREACH');
    sendDatagram(this.wire, this.namespace, { address, port: this.local.port }, to, data, () => this.refused(to));
  }

  *receive(): Task<Datagram | undefined> {
    for (;;) {
      const next = this.queue.shift();
      if (next) {
        this.queued -= next.data.length;
        return next;
      }
      if (this.error !== undefined) this.raise();
      if (this.closed) return undefined;
      yield* this.receivers.wait();
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.queue = [];
    this.namespace.forgetDatagramSocket(this);
    this.receivers.wake();
  }

  /** A datagram arrives. */
  deliver(datagram: Datagram): void {
    if (this.queued + datagram.data.length > receiveBuffer) return;
    this.queued += datagram.data.length;
    this.queue.push(datagram);
    this.receivers.wake();
  }

  /** Whether a datagram from there to this local address is for this socket. */
  hears(from: Endpoint, at: Endpoint): boolean {
    if (this.local.address !== '0.0.0.0' && this.local.address !== at.address) return false;
    return this.peer === undefined || endpointKey(this.peer) === endpointKey(from);
  }

  private refused(by: Endpoint): void {
    if (this.closed || this.peer === undefined || endpointKey(this.peer) !== endpointKey(by)) return;
    this.error = 'ECONNREFUSED';
    this.receivers.wake();
  }

  private raise(): never {
    const code = this.error as NetworkErrorCode;
    this.error = undefined;
    throw new NetworkError(code);
  }
}

function sendDatagram(wire: Wire, source: Namespace, from: Endpoint, to: Endpoint, data: Uint8Array, refused: () => void): void {
  const { kernel } = wire;
  const route = findRoute(wire, source, from, to);
  if (route === 'refused') return void kernel.after(10, refused);
  if (!route) return;
  const { path, seen, target, at } = route;
  const { delay, loss, cut } = path.quality();
  if (cut || (loss > 0 && kernel.random.float() < loss)) return;
  kernel.after(delay, () => {
    if (target.closed) return;
    const socket = target.datagramSocketFor(seen, at);
    if (socket) socket.deliver({ from: seen, data });
    else kernel.after(delay, refused);
  });
}

interface DatagramRoute {
  readonly path: Path;
  readonly target: Namespace;
  /** The sender as the target sees it. */
  readonly seen: Endpoint;
  /** The target's own address. */
  readonly at: Endpoint;
}

/** Replies go back through the translation that the request went through; then tracked flows; then the rules. */
function findRoute(wire: Wire, source: Namespace, from: Endpoint, to: Endpoint): DatagramRoute | 'refused' | undefined {
  const { now } = wire.kernel;
  const away = wire.owners.get(to.address)?.node;
  const answered = source.node?.rules.tracking.reply(now, from, to) ?? (away && away !== source.node ? away.rules.tracking.reply(now, from, to) : undefined);
  if (answered) return { path: answered.path, target: answered.path.source, seen: answered.virtual, at: answered.origin };
  const tracked = source.node?.rules.tracking.find(now, from, to) ?? (away && away !== source.node ? away.rules.tracking.find(now, from, to) : undefined);
  if (tracked) return forward(tracked.path);
  const outcome = resolve(wire, source, 'UDP', from, to);
  if (outcome === 'refused') return 'refused';
  if (!(outcome instanceof Path)) return undefined;
  if (wire.allow && !outcome.translator && source.node) source.node.rules.tracking.add(now, from, to, outcome);
  if (outcome.translator) outcome.translator.rules.tracking.add(now, from, to, outcome);
  else if (outcome.from.address !== from.address && source.node) source.node.rules.tracking.add(now, from, to, outcome);
  return forward(outcome);
}

const forward = (path: Path): DatagramRoute => ({ path, target: path.target, seen: path.from, at: path.to });
