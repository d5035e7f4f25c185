import { type Duration, seconds, type Time } from '../kernel';

const first = seconds(10);
const longest = seconds(300);

interface Entry {
  delay: Duration;
  updatedAt: Time;
}

/** Exponential back-off by key: 10 s, doubled at each failure up to 5 min, forgotten 10 min after the last. */
export class BackOff {
  private readonly entries = new Map<string, Entry>();

  /** The delay in force for `key`; 0 when there is none. */
  delay(key: string, now: Time): Duration {
    const entry = this.entries.get(key);
    return entry && now - entry.updatedAt <= 2 * longest ? entry.delay : 0;
  }

  /** How much longer `key` is held back, when what it waits for failed at `since`; 0 when it may go on. */
  remaining(key: string, since: Time, now: Time): Duration {
    return Math.max(0, since + this.delay(key, now) - now);
  }

  /** Another attempt is made at `now`: the next failure waits longer. */
  grow(key: string, now: Time): void {
    const delay = this.delay(key, now);
    this.entries.set(key, { delay: delay === 0 ? first : Math.min(delay * 2, longest), updatedAt: now });
  }

  forget(prefix: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) this.entries.delete(key);
  }
}
