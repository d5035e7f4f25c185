import { milliseconds, seconds, type Duration, type Time, type Timer } from '../../kernel';
import type { Path, Wire } from '../path';

const firstTimeout: Duration = milliseconds(200);
const longestTimeout: Duration = seconds(120);
/** tcp_retries2: about 15 minutes in all. */
const attempts = 15;

/**
 * One direction of a connection: segments arrive in order, one event each. A lost one comes later by what
 * retransmission takes; while the path is cut they are held and tried again.
 */
export class Transmission {
  private lastArrival: Time = 0;
  private held: (() => void)[] = [];
  private timer: Timer | undefined;

  constructor(private readonly wire: Wire, private readonly path: Path, private readonly giveUp: () => void, private readonly noticeCut: () => void) {}

  /** Lets `arrive` happen at the other end, once, some time. */
  send(arrive: () => void): void {
    if (this.held.length > 0) {
      this.held.push(arrive);
      return;
    }
    const { delay, loss, cut } = this.path.quality();
    if (cut) {
      this.held.push(arrive);
      this.retry(firstTimeout, 1);
      return;
    }
    let at = this.wire.kernel.now + delay;
    if (loss > 0) {
      let timeout = firstTimeout;
      for (let attempt = 0; attempt < attempts && this.wire.kernel.random.float() < loss; attempt++) {
        at += timeout;
        timeout = Math.min(timeout * 2, longestTimeout);
      }
    }
    if (at < this.lastArrival) at = this.lastArrival;
    this.lastArrival = at;
    this.wire.kernel.at(at, arrive);
  }

  /** Not repeated when lost: RST. */
  sendOnce(arrive: () => void): void {
    const { delay, loss, cut } = this.path.quality();
    this.stop();
    if (cut || (loss > 0 && this.wire.kernel.random.float() < loss)) return;
    this.wire.kernel.at(Math.max(this.wire.kernel.now + delay, this.lastArrival), arrive);
  }

  stop(): void {
    this.held = [];
    if (this.timer) this.wire.kernel.cancel(this.timer);
    this.timer = undefined;
  }

  private retry(timeout: Duration, attempt: number): void {
    this.timer = this.wire.kernel.after(timeout, () => {
      this.timer = undefined;
      const { cut } = this.path.quality();
      if (cut) {
        this.noticeCut();
        if (this.held.length === 0) return;
        if (attempt < attempts) return this.retry(Math.min(timeout * 2, longestTimeout), attempt + 1);
        this.held = [];
        return this.giveUp();
      }
      const held = this.held;
      this.held = [];
      for (const arrive of held) this.send(arrive);
    });
  }
}
