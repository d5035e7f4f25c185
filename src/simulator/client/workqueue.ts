import { Channel, type Duration, type Kernel, milliseconds, seconds, type Task, type Timer } from '../kernel';

/**
 * Keys that wait for a worker. A key is in it once; one that is added while a worker has it comes again when the
 * worker is done. Failed keys wait 5 ms, 10 ms, 20 ms … up to 1000 s.
 */
export class WorkQueue {
  private readonly ready = new Channel<string>();
  private readonly dirty = new Set<string>();
  private readonly processing = new Set<string>();
  private readonly delayed = new Map<string, Timer>();
  private readonly failures = new Map<string, number>();

  constructor(private readonly kernel: Kernel, private readonly baseDelay: Duration = milliseconds(5), private readonly maxDelay: Duration = seconds(1000)) {}

  /** How many keys are ready. */
  get length(): number {
    return this.ready.length;
  }

  add(key: string): void {
    if (this.dirty.has(key)) return;
    this.dirty.add(key);
    if (!this.processing.has(key)) this.ready.send(key);
  }

  /** Adds the key after `delay`; of several delays the earliest counts. */
  addAfter(key: string, delay: Duration): void {
    if (delay <= 0) return this.add(key);
    const time = this.kernel.now + delay;
    const timer = this.delayed.get(key);
    if (timer) {
      if (timer.time <= time) return;
      this.kernel.cancel(timer);
    }
    this.delayed.set(key, this.kernel.at(time, () => {
      this.delayed.delete(key);
      this.add(key);
    }));
  }

  /** Adds the key after the delay that its failures so far have earned it. */
  addRateLimited(key: string): void {
    const count = this.failures.get(key) ?? 0;
    this.failures.set(key, count + 1);
    this.addAfter(key, Math.min(this.baseDelay * 2 ** count, this.maxDelay));
  }

  /** How often the key has failed since it was last forgotten. */
  retries(key: string): number {
    return this.failures.get(key) ?? 0;
  }

  /** The key did well: its next failure is its first. */
  forget(key: string): void {
    this.failures.delete(key);
  }

  /** The next key, which the caller holds until `done`; undefined when the queue has shut down. */
  *get(): Task<string | undefined> {
    const key = yield* this.ready.receive();
    if (key === undefined) return undefined;
    this.processing.add(key);
    this.dirty.delete(key);
    return key;
  }

  done(key: string): void {
    this.processing.delete(key);
    if (this.dirty.has(key)) this.ready.send(key);
  }

  /** Ends it: delayed keys are dropped, waiting workers get undefined. */
  shutDown(): void {
    for (const timer of this.delayed.values()) this.kernel.cancel(timer);
    this.delayed.clear();
    this.ready.close();
  }
}
