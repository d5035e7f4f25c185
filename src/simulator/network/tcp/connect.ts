import { milliseconds, seconds, type Duration, type Task, type Time, type Timer, type Waker } from '../../kernel';
import { NetworkError, type Connection, type Endpoint, type NetworkErrorCode } from '../interface';
import type { Namespace } from '../namespace';
import { Path, resolve, type Wire } from '../path';
import { TcpSocket } from './socket';

/** tcp_syn_retries 6: 1 + 2 + 4 + … + 64 seconds. */
const givesUpAfter: Duration = seconds(127);
/** How long neighbours are asked for before they count as unreachable. */
const neighbourTimeout: Duration = milliseconds(3_060);


/** Opens a connection: SYN, again after 1, 2, 4 … seconds when nothing comes back. */
export function* connect(wire: Wire, namespace: Namespace, to: Endpoint, timeout: Duration | undefined): Task<Connection> {
  return (yield (waker) => new Attempt(wire, namespace, to, waker, timeout).begin()) as Connection;
}

class Attempt {
  private readonly local: Endpoint;
  private readonly deadline: Time;
  private path: Path | undefined;
  private timer: Timer | undefined;
  private accepted: TcpSocket | undefined;
  private interval: Duration = seconds(1);
  private unreachableAt: Time | undefined;
  private over = false;

  constructor(private readonly wire: Wire, private readonly namespace: Namespace, private readonly to: Endpoint, private readonly waker: Waker, timeout: Duration | undefined) {
    const address = namespace.sourceAddress(to.address);
    this.local = { address: address ?? '0.0.0.0', port: address === undefined ? 0 : namespace.takePort() };
    this.deadline = wire.kernel.now + Math.min(timeout ?? givesUpAfter, givesUpAfter);
  }

  begin(): () => void {
    if (this.local.port === 0) this.fail(this.namespace.addresses.length === 0 ? 'ENETUNREACH' : 'EADDRNOTAVAIL');
    else this.sendSyn();
    return () => this.cancel();
  }

  private sendSyn(): void {
    if (this.namespace.closed) return this.fail('ENETUNREACH');
    if (this.path === undefined) {
      const outcome = resolve(this.wire, this.namespace, 'TCP', this.local, this.to);
      if (outcome === 'refused') return this.later(10, () => this.fail('ECONNREFUSED'));
      if (outcome === 'unreachable') this.unreachableAt ??= this.wire.kernel.now + neighbourTimeout;
      if (outcome instanceof Path) this.path = outcome;
      else return this.again();
    }
    const { delay, loss, cut } = this.path.quality();
    if (cut || (loss > 0 && this.wire.kernel.random.float() < loss)) return this.again();
    this.later(delay, () => this.arrive(this.path as Path));
  }

  /** At the other end. */
  private arrive(path: Path): void {
    const { target } = path;
    if (target.closed) {
      this.path = undefined;
      return this.again();
    }
    const listener = target.listenerFor(path.to);
    const { delay } = path.quality();
    if (!listener) return this.later(delay, () => this.fail('ECONNREFUSED'));
    if (listener.full) return this.again();
    const server = new TcpSocket(this.wire, target, path.to, path.from, path);
    const client = new TcpSocket(this.wire, this.namespace, this.local, this.to, path);
    server.peer = client;
    client.peer = server;
    this.accepted = client;
    listener.offer(server);
    this.later(delay, () => this.established(client));
  }

  private established(client: TcpSocket): void {
    this.finish();
    this.waker.resolve(client);
  }

  private again(): void {
    const { kernel } = this.wire;
    const at = kernel.now + this.interval;
    this.interval *= 2;
    const end = Math.min(this.deadline, this.unreachableAt ?? Infinity);
    if (at < end) this.timer = kernel.at(at, () => this.sendSyn());
    else this.timer = kernel.at(end, () => this.fail(end === this.unreachableAt ? 'EHOSTUNREACH' : 'ETIMEDOUT'));
  }

  private later(delay: Duration, run: () => void): void {
    const { kernel } = this.wire;
    const at = kernel.now + delay;
    this.timer = at > this.deadline ? kernel.at(this.deadline, () => this.fail('ETIMEDOUT')) : kernel.at(at, run);
  }

  private fail(code: NetworkErrorCode): void {
    if (this.over) return;
    this.accepted?.reset();
    this.finish();
    this.waker.reject(new NetworkError(code));
  }

  private finish(): void {
    this.over = true;
    if (this.local.port !== 0) this.namespace.freePort(this.local.port);
  }

  private cancel(): void {
    if (this.over) return;
    if (this.timer) this.wire.kernel.cancel(this.timer);
    this.accepted?.reset();
    this.finish();
  }
}
