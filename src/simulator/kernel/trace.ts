import type { Time } from './time';

/** Something worth remembering: an API request, a scheduling decision, a process's end. Plain and frozen. */
export interface TraceRecord {
  readonly id: number;
  /** The record that led to this one; 0 when it came from outside. */
  readonly cause: number;
  readonly time: Time;
  /** What sort of thing: 'request', 'watch', 'process', 'input' … */
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The newest `capacity` records, and who wants to hear of new ones. */
export class Trace {
  private readonly records: (TraceRecord | undefined)[];
  private readonly listeners = new Set<(record: TraceRecord) => void>();
  private next = 1;

  constructor(private readonly capacity = 20_000) {
    this.records = new Array<TraceRecord | undefined>(capacity);
  }

  /** Adds a record and gives its id, which later records name as their cause. */
  add(time: Time, cause: number, kind: string, detail: Readonly<Record<string, unknown>>): number {
    const record: TraceRecord = Object.freeze({ id: this.next, cause, time, kind, detail });
    this.records[this.next % this.capacity] = record;
    this.next += 1;
    for (const listener of this.listeners) listener(record);
    return record.id;
  }

  /** The record with this id, unless it was overwritten. */
  get(id: number): TraceRecord | undefined {
    const record = this.records[id % this.capacity];
    return record?.id === id ? record : undefined;
  }

  /** All records still held, oldest first, from `after` (exclusive). */
  since(after = 0): TraceRecord[] {
    const out: TraceRecord[] = [];
    for (let id = Math.max(after + 1, this.next - this.capacity, 1); id < this.next; id++) {
      const record = this.get(id);
      if (record) out.push(record);
    }
    return out;
  }

  /** The record and what led to it, newest first. */
  chain(id: number): TraceRecord[] {
    const out: TraceRecord[] = [];
    for (let record = this.get(id); record; record = this.get(record.cause)) out.push(record);
    return out;
  }

  /** Calls `listener` with each new record; gives the function that stops it. */
  subscribe(listener: (record: TraceRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
