import type { Time } from './time';

/** What happens: a call, or a process that goes on. */
export type Happening = (() => void) | { goOn(): void };

/** One thing that will happen. `cause` is the trace record that led to it (0: none). */
export interface Event {
  time: Time;
  sequence: number;
  /** undefined once it has happened or was cancelled */
  run: Happening | undefined;
  cause: number;
}

const precedes = (one: Event, other: Event): boolean => one.time < other.time || (one.time === other.time && one.sequence < other.sequence);

/**
 * Events by (time, sequence): a binary heap, and beside it a line of those that are due as soon as they are pushed, in which
 * nothing needs to be sorted: most events follow from another at once. Cancelled events stay until they surface, or until
 * half of all are.
 */
export class EventQueue {
  private heap: Event[] = [];
  private line: Event[] = [];
  private head = 0;
  private cancelled = 0;

  get size(): number {
    return this.heap.length + this.line.length - this.head - this.cancelled;
  }

  /** `due`: nothing that is pushed later comes before it. */
  push(event: Event, due: boolean): void {
    if (due) {
      this.line.push(event);
      return;
    }
    const heap = this.heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const other = heap[parent] as Event;
      if (precedes(other, event)) break;
      heap[index] = other;
      index = parent;
    }
    heap[index] = event;
  }

  /** Takes the earliest live event out, unless it is later than `limit`. */
  take(limit: Time): Event | undefined {
    for (;;) {
      const first = this.heap[0];
      const next = this.line[this.head];
      const event = next === undefined || (first !== undefined && precedes(first, next)) ? first : next;
      if (event === undefined) return undefined;
      if (event.run === undefined) this.cancelled -= 1;
      else if (event.time > limit) return undefined;
      if (event === next) this.removeNext();
      else this.removeFirst();
      if (event.run !== undefined) return event;
    }
  }

  cancel(event: Event): void {
    if (event.run === undefined) return;
    event.run = undefined;
    this.cancelled += 1;
    if (this.cancelled > 1024 && this.cancelled * 2 > this.heap.length) this.compact();
  }

  private removeNext(): void {
    this.head += 1;
    if (this.head === this.line.length) {
      this.line.length = 0;
      this.head = 0;
    } else if (this.head > 1024 && this.head * 2 > this.line.length) {
      this.line.splice(0, this.head);
      this.head = 0;
    }
  }

  private removeFirst(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    const length = heap.length;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      let best = heap[child] as Event;
      const right = heap[child + 1];
      if (right !== undefined && precedes(right, best)) {
        child += 1;
        best = right;
      }
      if (precedes(last, best)) break;
      heap[index] = best;
      index = child;
    }
    heap[index] = last;
  }

  private compact(): void {
    const live = this.heap.filter((event) => event.run !== undefined);
    this.line = this.line.slice(this.head).filter((event) => event.run !== undefined);
    this.head = 0;
    this.heap = [];
    this.cancelled = 0;
    for (const event of live) this.push(event, false);
  }
}
