import { type Kernel, minutes, seconds, type Time } from '../kernel';
import type { EventObject } from './events';

/** An event that is to be written: created, or, with `patch`, counted up under its name. */
export interface Correlated {
  readonly event: EventObject;
  readonly patch?: unknown;
  /** Under which the next one like it finds it. */
  readonly key: string;
}

interface Aggregate {
  readonly messages: Set<string>;
  last: Time;
}

interface Observation {
  readonly count: number;
  readonly firstTimestamp: string;
  readonly name: string;
  readonly resourceVersion: string;
}

interface Bucket {
  tokens: number;
  at: Time;
}

const maxSimilar = 10;
const similarWithin = minutes(10);
const burst = 25;
const refill = seconds(300);
const capacity = 4096;

/** Drops the oldest entries above the cache's size, as the real one's LRU does. */
function bound<V>(cache: Map<string, V>): void {
  if (cache.size <= capacity) return;
  for (const key of cache.keys()) {
    cache.delete(key);
    return;
  }
}

/**
 * What keeps events few: equal ones are counted, from the tenth similar one on they are combined, and an object's
 * events beyond 25 are dropped except for one every five minutes.
 */
export class EventCorrelator {
  private readonly aggregates = new Map<string, Aggregate>();
  private readonly observations = new Map<string, Observation>();
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly kernel: Kernel) {}

  /** What to write for this event; undefined when it is dropped. */
  correlate(event: EventObject): Correlated | undefined {
    const about = event.involvedObject;
    const object = `${event.source?.component ?? ''}|${event.source?.host ?? ''}|${about.kind ?? ''}|${about.namespace ?? ''}|${about.name ?? ''}|${about.uid ?? ''}|${about.apiVersion ?? ''}`;
    const similar = `${object}|${event.type}|${event.reason}`;
    const combined = this.isCombined(similar, event.message);
    const message = combined ? `(combined from similar events): ${event.message}` : event.message;
    const key = combined ? similar : `${similar}|${about.fieldPath ?? ''}|${event.message}`;
    const correlated = this.count({ ...event, message }, key);
    return this.isSpam(object) ? undefined : correlated;
  }

  /** Remembers what the server stored. */
  written({ key }: Correlated, stored: EventObject): void {
    this.observations.set(key, {
      count: stored.count ?? 1,
      firstTimestamp: stored.firstTimestamp ?? '',
      name: stored.metadata?.name ?? '',
      resourceVersion: stored.metadata?.resourceVersion ?? '',
    });
    bound(this.observations);
  }

  private isCombined(similar: string, message: string): boolean {
    const { now } = this.kernel;
    let aggregate = this.aggregates.get(similar);
    if (!aggregate || now - aggregate.last > similarWithin) {
      aggregate = { messages: new Set(), last: now };
      this.aggregates.set(similar, aggregate);
      bound(this.aggregates);
    }
    aggregate.last = now;
    aggregate.messages.add(message);
    if (aggregate.messages.size < maxSimilar) return false;
    const [oldest] = aggregate.messages;
    if (oldest !== undefined) aggregate.messages.delete(oldest);
    return true;
  }

  private count(event: EventObject, key: string): Correlated {
    const last = this.observations.get(key);
    if (!last) return { event, key };
    const count = last.count + 1;
    return {
      key,
      event: { ...event, metadata: { ...event.metadata, name: last.name }, firstTimestamp: last.firstTimestamp, count },
      patch: { count, lastTimestamp: event.lastTimestamp, message: event.message },
    };
  }

  private isSpam(object: string): boolean {
    const { now } = this.kernel;
    let bucket = this.buckets.get(object);
    if (!bucket) {
      this.buckets.set(object, (bucket = { tokens: burst, at: now }));
      bound(this.buckets);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refill);
    bucket.at = now;
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  }
}
