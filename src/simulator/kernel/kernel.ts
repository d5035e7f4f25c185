import { assert } from './assert';
import { EventQueue, type Event, type Happening } from './queue';
import { createRandom, type Random } from './random';
import { Process, type Task } from './task';
import { type Duration, type Time, parseTime } from './time';
import { Trace } from './trace';

/** A handle of something that will happen. */
export type Timer = Event;

export interface KernelOptions {
  /** Determines every random number. Default 1. */
  readonly seed?: number;
  /** Virtual time at the start. Default 2026-01-01T00:00:00Z. */
  readonly start?: Time;
}

export interface RunOptions {
  /** Stops as soon as this holds; looked at after every event. */
  readonly until?: () => boolean;
  /** Stops before an event later than this; the clock is then exactly here. */
  readonly to?: Time;
  /** Stops when this says so (a host's slice of wall time is used up); asked every 8 events: one may take a tenth of a slice. */
  readonly interrupted?: () => boolean;
}

/** Why `run` came back: the condition held, the time was reached, the host interrupted, or nothing is left to happen. */
export type RunEnd = 'until' | 'time' | 'interrupted' | 'idle';

/** The simulated world's clock, its queue of events, its tasks and its chance. Knows no host: it runs when it is told to. */
export class Kernel {
  readonly random: Random;
  readonly trace = new Trace();
  /** The trace record that led to what happens now; inherited by everything that is scheduled meanwhile. */
  cause = 0;
  private time: Time;
  private count = 0;
  private sequence = 0;
  private readonly queue = new EventQueue();
  private current: Process | undefined;
  private running = false;

  constructor(options: KernelOptions = {}) {
    this.random = createRandom(options.seed ?? 1);
    this.time = options.start ?? (parseTime('2026-01-01T00:00:00Z') as Time);
  }

  /** Virtual time in microseconds since 1970. */
  get now(): Time {
    return this.time;
  }

  /** How many events have happened since the beginning. */
  get happened(): number {
    return this.count;
  }

  /** The process that runs now; none between events. */
  get process(): Process | undefined {
    return this.current;
  }

  /** How many events are waiting. */
  get pending(): number {
    return this.queue.size;
  }

  /** Calls `run` at `time`, or now if that has passed; after everything that was scheduled for the same time before. */
  at(time: Time, run: Happening): Timer {
    assert(time === time, 'an event has a time');
    const event: Event = { time: time > this.time ? time : this.time, sequence: this.sequence++, run, cause: this.cause };
    this.queue.push(event, time <= this.time);
    return event;
  }

  after(delay: Duration, run: Happening): Timer {
    return this.at(this.time + delay, run);
  }

  /** Nothing happens if it has already run. */
  cancel(timer: Timer): void {
    this.queue.cancel(timer);
  }

  /** Starts a task as a child of the running one (or of none, with `parent: null`); it first runs in an event of its own. */
  spawn<T>(name: string, task: Task<T>, parent: Process | null | undefined = this.current): Process<T> {
    return new Process<T>(this, name, task, parent ?? undefined);
  }

  /** Lets things happen in their order. Not to be called from inside an event. */
  run({ until, to = Infinity, interrupted }: RunOptions): RunEnd {
    assert(!this.running, 'run is not called from inside an event');
    if (until?.()) return 'until';
    this.running = true;
    try {
      for (let count = 1; ; count++) {
        const event = this.queue.take(to);
        if (event === undefined) {
          if (to !== Infinity && to > this.time) this.time = to;
          return to === Infinity ? 'idle' : 'time';
        }
        this.time = event.time;
        this.cause = event.cause;
        const run = event.run as Happening;
        event.run = undefined;
        this.count += 1;
        if (typeof run === 'function') run();
        else run.goOn();
        this.cause = 0;
        if (until?.()) return 'until';
        if (count % 8 === 0 && interrupted?.()) return 'interrupted';
      }
    } finally {
      this.running = false;
      this.cause = 0;
    }
  }

  /** Lets exactly one event happen. False if there is none. */
  step(): boolean {
    let taken = false;
    return this.run({ until: () => taken || ((taken = true), false) }) === 'until';
  }

  /** Records what happens now and makes it the cause of what follows in this event. */
  record(kind: string, detail: Readonly<Record<string, unknown>>): number {
    this.cause = this.trace.add(this.time, this.cause, kind, detail);
    return this.cause;
  }

  /** For processes: makes `process` the running one, gives the one before. */
  enter(process: Process): Process | undefined {
    const outer = this.current;
    this.current = process;
    return outer;
  }

  /** For processes: gives the turn back. */
  leave(outer: Process | undefined): void {
    this.current = outer;
  }

  /** For processes: a task failed and nobody waits for it. That is a defect; it surfaces from `run`. */
  failed(process: Process, error: unknown): void {
    throw new Error(`process ${process.name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A world with its clock at the start and nothing in it. */
export const createKernel = (options?: KernelOptions): Kernel => new Kernel(options);
