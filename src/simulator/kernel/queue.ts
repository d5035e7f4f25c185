import type { Time } from './time';

/** One thing that will happen. `cause` is the trace record that led to it (0: none). */
export interface Event {
  time: Time;
  sequence: number;
  /** undefined once cancelled */
  run: (() => void) | undefined;
  cause: number;
}

/** A binary heap of events by (time, sequence). Cancelled events stay until they surface, or until half of all are. */
export class EventQueue {
  private heap: Event[] = [];
  private cancelled = 0;

  get size(): number {
    return this.heap.length - this.cancelled;
  }

  push(event: Event): void {
    const heap = this.heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const other = heap[parent] as Event;
      if (other.time < event.time || (other.time === event.time && other.sequence < event.sequence)) break;
      heap[index] = other;
      index = parent;
    }
    heap[index] = event;
  }

  /** The earliest live event, left in the queue. */
  peek(): Event | undefined {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || first.run !== undefined) return first;
      this.removeFirst();
      this.cancelled -= 1;
    }
  }

  pop(): Event | undefined {
    const first = this.peek();
    if (first !== undefined) this.removeFirst();
    return first;
  }

  cancel(event: Event): void {
    if (event.run === undefined) return;
    event.run = undefined;
    this.cancelled += 1;
    if (this.cancelled > 1024 && this.cancelled * 2 > this.heap.length) this.compact();
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
      if (right !== undefined && (right.time < best.time || (right.time === best.time && right.sequence < best.sequence))) {
        child += 1;
        best = right;
      }
      if (last.time < best.time || (last.time === best.time && last.sequence < best.sequence)) break;
      heap[index] = best;
      index = child;
    }
    heap[index] = last;
  }

  private compact(): void {
    const live = this.heap.filter((event) => event.run !== undefined);
    this.heap = [];
    this.cancelled = 0;
    for (const event of live) this.push(event);
  }
}
