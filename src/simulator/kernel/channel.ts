import type { Task } from './task';
import type { Duration } from './time';

/** A first-in-first-out line between tasks. Sending never waits; `capacity` bounds what may be under way. */
export class Channel<T> {
  private readonly items: T[] = [];
  private head = 0;
  private readonly receivers = new Set<() => void>();
  private ended = false;

  constructor(private readonly capacity = Infinity) {}

  get length(): number {
    return this.items.length - this.head;
  }

  get closed(): boolean {
    return this.ended;
  }

  /** False, and nothing sent, when the channel is full or closed. */
  send(item: T): boolean {
    if (this.ended || this.length >= this.capacity) return false;
    this.items.push(item);
    this.wakeOne();
    return true;
  }

  /** No more will be sent; what is under way still arrives. */
  close(): void {
    this.ended = true;
    for (const wake of [...this.receivers]) wake();
    this.receivers.clear();
  }

  /** The next item, waiting for it; undefined once closed and empty. */
  *receive(): Task<T | undefined> {
    while (this.length === 0) {
      if (this.ended) return undefined;
      yield* this.waitForItem();
    }
    return this.take();
  }

  /** The next item, waiting for it at most so long; undefined when none has come by then. */
  *receiveWithin(limit: Duration): Task<T | undefined> {
    if (this.length === 0 && !this.ended) yield* this.waitForItem(limit);
    return this.poll();
  }

  /** Comes back when there may be an item, or after `limit`. A receiver that is cancelled after it was woken passes the turn on. */
  private *waitForItem(limit?: Duration): Task {
    let owed = false;
    try {
      yield (waker, kernel) => {
        const stop = () => {
          this.receivers.delete(wake);
          if (timer) kernel.cancel(timer);
        };
        const wake = () => {
          owed = true;
          stop();
          waker.resolve(undefined);
        };
        this.receivers.add(wake);
        const timer = limit === undefined ? undefined : kernel.after(limit, () => {
          this.receivers.delete(wake);
          waker.resolve(undefined);
        });
        return stop;
      };
      owed = false;
    } finally {
      if (owed && this.length > 0) this.wakeOne();
    }
  }

  /** The next item if there is one. */
  poll(): T | undefined {
    return this.length === 0 ? undefined : this.take();
  }

  private take(): T {
    const item = this.items[this.head] as T;
    this.items[this.head] = undefined as T;
    this.head += 1;
    if (this.head === this.items.length) {
      this.items.length = 0;
      this.head = 0;
    } else if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items.splice(0, this.head);
      this.head = 0;
    }
    if (this.length > 0) this.wakeOne();
    return item;
  }

  private wakeOne(): void {
    for (const wake of this.receivers) {
      this.receivers.delete(wake);
      wake();
      return;
    }
  }
}
