import { assert } from './assert';
import type { Kernel, Timer } from './kernel';

/**
 * What runs in the simulated world: a generator that yields what it waits for. Tasks call tasks with `yield*`, and get
 * the result or the error as from a function. Only waits of this folder (sleep, receive, join …) are ever yielded.
 */
export type Task<T = void> = Generator<Wait, T, unknown>;

/** Takes the outcome of a wait: at most one of both is called, once. The process goes on in an event of its own. */
export interface Waker {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** What a task yields: begins to wait and gives the function that gives up. */
export type Wait = (waker: Waker, kernel: Kernel) => () => void;

/** Thrown out of `join` when the process that one waits for was cancelled. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

export type ProcessState = 'running' | 'done' | 'failed' | 'cancelled';

/** A running task: it has a parent and dies with it. */
export class Process<T = unknown> implements Waker {
  state: ProcessState = 'running';
  private result: T | undefined;
  private error: unknown;
  /** Most processes have neither: a set each would weigh more than the rest of them. */
  private children: Set<Process> | undefined;
  private watchers: Set<() => void> | undefined;
  private stopWaiting: (() => void) | undefined;
  /** The event in which it goes on, and what it goes on with. */
  private due: Timer | undefined;
  private outcome: unknown;
  private failed = false;
  private waiting = false;
  private active = false;
  private cancelRequested = false;

  /** Made by `kernel.spawn` alone. */
  constructor(private readonly kernel: Kernel, readonly name: string, private readonly task: Task<T>, private readonly parent: Process | undefined) {
    if (parent) (parent.children ??= new Set()).add(this);
    this.due = kernel.after(0, this as Process);
  }

  /** The task's result. Throws what it threw, or CancelledError; it must have ended. */
  get value(): T {
    assert(this.state !== 'running', `process ${this.name} has ended`);
    if (this.state === 'failed') throw this.error;
    if (this.state === 'cancelled') throw new CancelledError(`${this.name} was cancelled`);
    return this.result as T;
  }

  /** Ends the process and its children now: `finally` blocks run, and may not wait. A process that has ended stays as it is. */
  cancel(): void {
    if (this.state !== 'running') return;
    this.cancelRequested = true;
    if (this.active) return; // it cancels itself: carried out when it next waits
    this.waiting = false;
    this.stopWaiting?.();
    this.stopWaiting = undefined;
    if (this.due) this.kernel.cancel(this.due);
    this.due = undefined;
    this.outcome = undefined;
    this.active = true;
    const outer = this.kernel.enter(this);
    try {
      const rest = this.task.return(undefined as T);
      assert(rest.done, `process ${this.name} does not wait in finally`);
    } finally {
      this.kernel.leave(outer);
      this.active = false;
      this.end('cancelled');
    }
  }

  /** Calls `watcher` when the process has ended; gives the function that takes it back. */
  onEnd(watcher: () => void): () => void {
    if (this.state !== 'running') {
      watcher();
      return () => undefined;
    }
    (this.watchers ??= new Set()).add(watcher);
    return () => this.watchers?.delete(watcher);
  }

  resolve(value: unknown): void {
    this.wake(value, false);
  }

  reject(error: unknown): void {
    this.wake(error, true);
  }

  private wake(value: unknown, failed: boolean): void {
    if (!this.waiting) return;
    this.waiting = false;
    this.stopWaiting = undefined;
    this.outcome = value;
    this.failed = failed;
    this.due = this.kernel.after(0, this as Process);
  }

  /** For the kernel: its event has come. */
  goOn(): void {
    const value = this.outcome;
    this.due = undefined;
    this.outcome = undefined;
    this.active = true;
    const outer = this.kernel.enter(this);
    let outcome: IteratorResult<Wait, T> | undefined;
    try {
      outcome = this.failed ? this.task.throw(value) : this.task.next(value);
    } catch (error) {
      this.error = error;
    } finally {
      this.kernel.leave(outer);
      this.active = false;
    }
    if (outcome === undefined) return this.end('failed');
    if (outcome.done) {
      this.result = outcome.value;
      return this.end('done');
    }
    if (this.cancelRequested) return this.cancel();
    this.waiting = true;
    const before = this.kernel.enter(this);
    const stop = outcome.value(this, this.kernel);
    this.kernel.leave(before);
    if (this.waiting) this.stopWaiting = stop;
    else if (!this.due) stop();
  }

  private end(state: ProcessState): void {
    this.state = state;
    if (this.children) for (const child of [...this.children].reverse()) child.cancel();
    this.parent?.children?.delete(this as Process);
    const watchers = [...(this.watchers ?? [])];
    for (const watcher of watchers) watcher();
    this.watchers = undefined;
    if (state === 'failed' && watchers.length === 0) this.kernel.failed(this as Process, this.error);
  }
}
