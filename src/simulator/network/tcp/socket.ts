import { seconds, type Duration, type Task, type Time } from '../../kernel';
import { NetworkError, type Connection, type Endpoint, type NetworkErrorCode } from '../interface';
import type { Namespace } from '../namespace';
import type { Path, Wire } from '../path';
import { Transmission } from './transmission';
import { Waiters } from './waiters';

export type TcpState = 'ESTABLISHED' | 'FIN_WAIT1' | 'FIN_WAIT2' | 'CLOSING' | 'CLOSE_WAIT' | 'LAST_ACK' | 'TIME_WAIT' | 'CLOSED';

/** What the sender's and the receiver's buffers hold together before a writer waits. */
const window = 262_144;
/** TCP_TIMEWAIT_LEN. */
export const timeWait: Duration = seconds(60);

/** One end of a connection. Ends know each other; what passes between them takes the path's time. */
export class TcpSocket implements Connection {
  state: TcpState = 'ESTABLISHED';
  peer: TcpSocket | undefined;
  private incoming: Uint8Array[] = [];
  private head = 0;
  private outstanding = 0;
  private error: NetworkErrorCode | undefined;
  private finReceived = false;
  private abandoned = false;
  private readonly readers = new Waiters();
  private readonly writers = new Waiters();
  private readonly transmission: Transmission;

  constructor(private readonly wire: Wire, readonly namespace: Namespace, readonly local: Endpoint, readonly remote: Endpoint, private readonly path: Path) {
    this.transmission = new Transmission(wire, path, () => this.fail('ETIMEDOUT'), () => this.peerReplaced());
    namespace.connections.add(this);
    namespace.usePort(local.port);
  }

  *read(limit = Infinity): Task<Uint8Array | undefined> {
    for (;;) {
      if (this.head < this.incoming.length) return this.take(limit);
      if (this.error !== undefined && !this.finReceived) {
        const code = this.error;
        this.error = 'EPIPE'; // reported once; reads then end, writes break
        this.finReceived = true;
        throw new NetworkError(code);
      }
      if (this.finReceived || this.abandoned || this.state === 'CLOSED') return undefined;
      yield* this.readers.wait();
    }
  }

  *write(bytes: Uint8Array): Task {
    let offset = 0;
    while (offset < bytes.length) {
      this.checkWritable();
      const space = window - this.outstanding;
      if (space <= 0) {
        yield* this.writers.wait();
        continue;
      }
      const part = offset === 0 && bytes.length <= space ? bytes : bytes.subarray(offset, offset + space);
      offset += part.length;
      this.outstanding += part.length;
      this.transmission.send(() => this.peer?.receiveData(part));
    }
  }

  end(): void {
    if (this.state === 'ESTABLISHED') this.state = 'FIN_WAIT1';
    else if (this.state === 'CLOSE_WAIT') this.state = 'LAST_ACK';
    else return;
    this.transmission.send(() => {
      this.peer?.receiveFin();
      this.finAcknowledged();
    });
    this.writers.wake();
  }

  close(): void {
    if (this.abandoned) return;
    this.abandoned = true;
    if (this.head < this.incoming.length) this.reset();
    else this.end();
    this.readers.wake();
  }

  reset(): void {
    this.abandoned = true;
    if (this.state === 'CLOSED' || this.state === 'TIME_WAIT') return;
    this.become('CLOSED');
    this.sendReset();
    this.readers.wake();
    this.writers.wake();
  }

  /** Ends without a word to the other end, as when the machine is gone. */
  vanish(): void {
    this.transmission.stop();
    this.fail('ECONNABORTED');
  }

  private checkWritable(): void {
    if (this.error !== undefined) {
      const code = this.error;
      this.error = 'EPIPE';
      throw new NetworkError(code);
    }
    if (this.abandoned || (this.state !== 'ESTABLISHED' && this.state !== 'CLOSE_WAIT')) throw new NetworkError('EPIPE');
  }

  private take(limit: number): Uint8Array {
    const first = this.incoming[this.head] as Uint8Array;
    let out = first;
    if (first.length > limit) {
      out = first.subarray(0, limit);
      this.incoming[this.head] = first.subarray(limit);
    } else {
      this.head += 1;
      if (this.head === this.incoming.length) {
        this.incoming = [];
        this.head = 0;
      }
    }
    this.peer?.consumed(out.length);
    return out;
  }

  private consumed(length: number): void {
    this.outstanding -= length;
    if (this.writers.any) this.wire.kernel.after(this.path.quality().delay, () => this.writers.wake());
  }

  private receiveData(bytes: Uint8Array): void {
    if (this.namespace.closed) return;
    if (this.abandoned || this.state === 'CLOSED' || this.state === 'TIME_WAIT') {
      this.become('CLOSED');
      this.sendReset();
      return;
    }
    this.incoming.push(bytes);
    this.readers.wake();
  }

  private receiveFin(): void {
    if (this.namespace.closed || this.state === 'CLOSED') return;
    this.finReceived = true;
    if (this.state === 'ESTABLISHED') this.state = 'CLOSE_WAIT';
    else if (this.state === 'FIN_WAIT1') this.state = 'CLOSING';
    else if (this.state === 'FIN_WAIT2') this.become('TIME_WAIT');
    this.readers.wake();
  }

  private finAcknowledged(): void {
    if (this.state === 'FIN_WAIT1') this.state = 'FIN_WAIT2';
    else if (this.state === 'CLOSING') this.become('TIME_WAIT');
    else if (this.state === 'LAST_ACK') this.become('CLOSED');
  }

  private receiveReset(): void {
    if (this.namespace.closed || this.state === 'CLOSED') return;
    this.fail(this.state === 'CLOSE_WAIT' ? 'EPIPE' : 'ECONNRESET');
  }

  private sendReset(): void {
    this.transmission.sendOnce(() => this.peer?.receiveReset());
  }

  private fail(code: NetworkErrorCode): void {
    if (this.state === 'CLOSED') return;
    if (this.state !== 'TIME_WAIT') this.error = code;
    this.become('CLOSED');
    this.readers.wake();
    this.writers.wake();
  }

  /** Whether another namespace has the other end's address by now: it answers an unknown connection with RST. */
  private peerReplaced(): void {
    const peer = this.peer;
    if (!peer?.namespace.closed) return;
    const owner = this.wire.owners.get(peer.local.address);
    if (owner && owner !== peer.namespace) {
      this.transmission.stop();
      this.fail('ECONNRESET');
    }
  }

  private become(state: 'CLOSED' | 'TIME_WAIT'): void {
    if (this.state !== 'CLOSED' && this.state !== 'TIME_WAIT') {
      this.namespace.connections.delete(this);
      this.namespace.freePort(this.local.port);
      if (state === 'TIME_WAIT') this.namespace.waitOut(this, (this.wire.kernel.now + timeWait) as Time);
    }
    this.state = state;
  }
}
