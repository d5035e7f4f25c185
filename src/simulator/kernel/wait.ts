import type { Process, Task, Wait } from './task';
import type { Duration, Time } from './time';

/** Waits for `duration`; zero lets everybody else who is due go first. */
export function* sleep(duration: Duration): Task {
  yield (waker, kernel) => {
    const timer = kernel.after(duration, () => waker.resolve(undefined));
    return () => kernel.cancel(timer);
  };
}

/** Waits until the clock shows `time`. */
export function* sleepUntil(time: Time): Task {
  yield (waker, kernel) => {
    const timer = kernel.at(time, () => waker.resolve(undefined));
    return () => kernel.cancel(timer);
  };
}

/** Waits for the end of a process; gives its result or throws its error (CancelledError if it was cancelled). */
export function* join<T>(process: Process<T>): Task<T> {
  if (process.state === 'running') yield (waker) => process.onEnd(() => waker.resolve(undefined));
  return process.value;
}

/** Waits for all of them; the first error, in the order given, is thrown. */
export function* joinAll<T>(processes: readonly Process<T>[]): Task<T[]> {
  const results: T[] = [];
  for (const process of processes) results.push(yield* join(process));
  return results;
}

/** A value that comes later, once. */
export class Future<T> {
  private outcome: { value: T } | { error: unknown } | undefined;
  private readonly waiting = new Set<() => void>();

  get settled(): boolean {
    return this.outcome !== undefined;
  }

  /** The first outcome counts, later ones are ignored. */
  resolve(value: T): void {
    this.settle({ value });
  }

  reject(error: unknown): void {
    this.settle({ error });
  }

  *wait(): Task<T> {
    if (this.outcome === undefined) {
      yield (waker) => {
        const wake = () => waker.resolve(undefined);
        this.waiting.add(wake);
        return () => this.waiting.delete(wake);
      };
    }
    const outcome = this.outcome as unknown as { value: T } | { error: unknown };
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  private settle(outcome: { value: T } | { error: unknown }): void {
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}

/** The first of `tasks` to end decides: its name and result, or its error. The others are cancelled. */
export function* race<R extends Record<string, () => Task<unknown>>>(tasks: R): Task<{ [K in keyof R]: { winner: K; value: ReturnType<R[K]> extends Task<infer T> ? T : never } }[keyof R]> {
  const start: Wait = (waker, kernel) => {
    const processes = Object.entries(tasks).map(([name, task]) => ({ name, process: kernel.spawn(name, task(), kernel.process) }));
    const stops = processes.map(({ name, process }) => process.onEnd(() => waker.resolve({ name, process })));
    const stop = () => {
      for (const undo of stops) undo();
      for (const { process } of processes) process.cancel();
    };
    stopAll = stop;
    return stop;
  };
  let stopAll: () => void = () => undefined;
  try {
    const { name, process } = (yield start) as { name: string; process: Process };
    return { winner: name, value: process.value } as never;
  } finally {
    stopAll();
  }
}

/** The task's result, or undefined when it takes longer than `limit`; it is then cancelled. */
export function* within<T>(limit: Duration, task: () => Task<T>): Task<T | undefined> {
  const outcome = yield* race({ task, late: () => sleep(limit) });
  return outcome.winner === 'task' ? (outcome.value as T) : undefined;
}
