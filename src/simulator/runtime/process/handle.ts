import type { Task } from '../../kernel';
import { type FileHandle, SystemError } from '../interface';

/** Those who wait for something to change: woken all at once, each looks again. */
export class WaitList {
  /** One alone most of the time: a set for each would weigh more than the rest. */
  private waiting: (() => void) | Set<() => void> | undefined;

  get empty(): boolean {
    return this.waiting === undefined || (typeof this.waiting !== 'function' && this.waiting.size === 0);
  }

  /** Waits until somebody calls `wake`. */
  *wait(): Task {
    yield (waker) => this.listen(() => waker.resolve(undefined));
  }

  /** Calls `wake` once at the next change; gives the function that takes it back. */
  listen(wake: () => void): () => void {
    if (this.waiting === undefined) this.waiting = wake;
    else if (typeof this.waiting === 'function') this.waiting = new Set([this.waiting, wake]);
    else this.waiting.add(wake);
    return () => this.forget(wake);
  }

  private forget(wake: () => void): void {
    if (this.waiting === wake) this.waiting = undefined;
    else if (typeof this.waiting !== 'function') this.waiting?.delete(wake);
  }

  wake(): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (typeof waiting === 'function') waiting();
    else if (waiting) for (const wake of waiting) wake();
  }
}

/** Says that a read or write could not be done without waiting. */
export const wouldWait = Symbol('would wait');

/** An open file description: shared by those who inherited or duplicated it, closed with the last of them. */
export abstract class Handle implements FileHandle {
  private holders = 1;

  /** What /proc/PID/fd shows: a path, pipe:[17]. */
  abstract readonly name: string;
  readonly isTerminal: boolean = false;

  /** The next bytes, undefined at the end of file, `wouldWait` when there are none yet. */
  abstract tryRead(limit?: number): Uint8Array | undefined | typeof wouldWait;
  /** False when (all of) it cannot be taken now: nothing was written then. */
  abstract tryWrite(data: Uint8Array | string): boolean;
  /** Waits until a read or write is worth trying again. */
  abstract waitReadable(): Task;
  abstract waitWritable(data: Uint8Array | string): Task<Uint8Array | string | undefined>;

  *read(limit?: number): Task<Uint8Array | undefined> {
    for (;;) {
      const bytes = this.tryRead(limit);
      if (bytes !== wouldWait) return bytes;
      yield* this.waitReadable();
    }
  }

  *write(data: Uint8Array | string): Task {
    let rest: Uint8Array | string | undefined = data;
    while (rest !== undefined && !this.tryWrite(rest)) rest = yield* this.waitWritable(rest);
  }

  seek(_offset: number, _from: 'start' | 'current' | 'end'): number {
    throw new SystemError('ESPIPE');
  }

  /** One more holder. */
  retain(): this {
    this.holders += 1;
    return this;
  }

  close(): void {
    this.holders -= 1;
    if (this.holders === 0) this.release();
  }

  /** The last holder is gone. */
  protected release(): void {
    // most handles have nothing to free
  }
}

/** A handle on which nothing ever waits: files, devices, logs. */
export abstract class ReadyHandle extends Handle {
  abstract override tryRead(limit?: number): Uint8Array | undefined;

  *waitReadable(): Task {
    // never needed
  }

   
  *waitWritable(data: Uint8Array | string): Task<Uint8Array | string | undefined> {
    return data;
  }
}

/** Stands where a descriptor was closed. */
export class ClosedHandle extends ReadyHandle {
  readonly name = '';

  tryRead(): Uint8Array | undefined {
    throw new SystemError('EBADF');
  }

  tryWrite(): boolean {
    throw new SystemError('EBADF');
  }
}

/** Reads nothing, takes everything. */
export class NullHandle extends ReadyHandle {
  readonly name = '/dev/null';

  tryRead(): Uint8Array | undefined {
    return undefined;
  }

  tryWrite(): boolean {
    return true;
  }
}

/** Hands everything written to a function. */
export class SinkHandle extends ReadyHandle {
  constructor(readonly name: string, private readonly sink: (data: Uint8Array | string) => void, private readonly onRelease?: () => void) {
    super();
  }

  tryRead(): Uint8Array | undefined {
    return undefined;
  }

  tryWrite(data: Uint8Array | string): boolean {
    this.sink(data);
    return true;
  }

  protected override release(): void {
    this.onRelease?.();
  }
}

/** /dev/zero, /dev/random, /dev/full: reads what `fill` gives. */
export class DeviceHandle extends ReadyHandle {
  constructor(readonly name: string, private readonly fill: (length: number) => Uint8Array, private readonly full = false) {
    super();
  }

  tryRead(limit = 65_536): Uint8Array | undefined {
    return this.fill(Math.min(limit, 1_048_576));
  }

  tryWrite(): boolean {
    if (this.full) throw new SystemError('ENOSPC');
    return true;
  }
}
