import { Channel, type Duration, type Kernel, sleep, type Task, type Time, within } from '../kernel';

/**
 * The receiving end of another channel, `latency` away: what is sent arrives that much later, and everything that was
 * sent meanwhile arrives with it. Closing it closes the source.
 */
export class DelayedChannel<T> extends Channel<T> {
  private caughtUpAt: Time = -1;
  private held: { readonly item: T } | undefined;

  constructor(private readonly kernel: Kernel, private readonly source: Channel<T>, private readonly latency: Duration) {
    super();
  }

  override get length(): number {
    return this.source.length + (this.held ? 1 : 0);
  }

  override get closed(): boolean {
    return this.source.closed;
  }

  override close(): void {
    this.source.close();
  }

  override *receive(): Task<T | undefined> {
    if (!this.held) {
      const item = yield* this.source.receive();
      if (item === undefined) return undefined;
      this.held = { item };
    }
    if (this.kernel.now !== this.caughtUpAt) {
      yield* sleep(this.latency);
      this.caughtUpAt = this.kernel.now;
    }
    const { item } = this.held;
    this.held = undefined;
    return item;
  }

  override *receiveWithin(limit: Duration): Task<T | undefined> {
    return yield* within(limit, () => this.receive());
  }

  override poll(): T | undefined {
    const held = this.held;
    if (!held) return this.source.poll();
    this.held = undefined;
    return held.item;
  }
}
