import type { Task } from '../../kernel';
import { SystemError } from '../interface';
import { bytesOf } from '../files/content';
import { Handle, WaitList, wouldWait } from './handle';

const capacity = 65_536;
let unused = 0;

/** A pipe or fifo: at most 64 KiB under way (pipe(7)). */
export class Pipe {
  readonly changed = new WaitList();
  readers = 0;
  writers = 0;
  bytes = 0;
  private chunks: Uint8Array[] = [];
  readonly name: string;
  /** How many have ever opened each end: a fifo's first reader waits for a writer, and the other way round. */
  everReaders = 0;
  everWriters = 0;

  constructor(name?: string) {
    this.name = name ?? `pipe:[${20_000 + (unused += 1) % 10_000}]`;
  }

  openReader(fifo = false): PipeReader {
    const reader = new PipeReader(this, fifo);
    this.readers += 1;
    this.everReaders += 1;
    this.changed.wake();
    return reader;
  }

  openWriter(fifo = false): PipeWriter {
    const writer = new PipeWriter(this, fifo);
    this.writers += 1;
    this.everWriters += 1;
    this.changed.wake();
    return writer;
  }

  get room(): number {
    return capacity - this.bytes;
  }

  put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.chunks.push(bytes);
    this.bytes += bytes.length;
    this.changed.wake();
  }

  take(limit: number): Uint8Array | undefined {
    const first = this.chunks[0];
    if (!first) return undefined;
    let out = first;
    if (first.length > limit) {
      out = first.subarray(0, limit);
      this.chunks[0] = first.subarray(limit);
    } else if (this.chunks.length > 1 && limit >= this.bytes) {
      out = new Uint8Array(this.bytes);
      let at = 0;
      for (const chunk of this.chunks) {
        out.set(chunk, at);
        at += chunk.length;
      }
      this.chunks = [];
    } else this.chunks.shift();
    const wasFull = this.bytes >= capacity / 2;
    this.bytes -= out.length;
    if (wasFull) this.changed.wake();
    return out;
  }
}

class PipeReader extends Handle {
  private readonly waitsFor: number;

  constructor(private readonly pipe: Pipe, fifo: boolean) {
    super();
    this.waitsFor = fifo && pipe.writers === 0 ? pipe.everWriters + 1 : 0;
  }

  get name(): string {
    return this.pipe.name;
  }

  tryRead(limit = capacity): Uint8Array | undefined | typeof wouldWait {
    const bytes = this.pipe.take(limit);
    if (bytes) return bytes;
    return this.pipe.writers === 0 && this.pipe.everWriters >= this.waitsFor ? undefined : wouldWait;
  }

  tryWrite(): boolean {
    throw new SystemError('EBADF');
  }

  waitReadable(): Task {
    return this.pipe.changed.wait();
  }

   
  *waitWritable(): Task<undefined> {
    return undefined;
  }

  protected override release(): void {
    this.pipe.readers -= 1;
    this.pipe.changed.wake();
  }
}

class PipeWriter extends Handle {
  private readonly waitsFor: number;

  constructor(private readonly pipe: Pipe, fifo: boolean) {
    super();
    this.waitsFor = fifo && pipe.readers === 0 ? pipe.everReaders + 1 : 0;
  }

  get name(): string {
    return this.pipe.name;
  }

  tryRead(): undefined {
    throw new SystemError('EBADF');
  }

  /** A write that nobody can read any more fails with EPIPE: the default end of such a program is SIGPIPE. */
  tryWrite(data: Uint8Array | string): boolean {
    if (this.pipe.everReaders < this.waitsFor) return false;
    if (this.pipe.readers === 0) throw new SystemError('EPIPE');
    const bytes = bytesOf(data);
    if (bytes.length > this.pipe.room) return false;
    this.pipe.put(bytes);
    return true;
  }

  *waitReadable(): Task {
    // a writer is never read
  }

  *waitWritable(data: Uint8Array | string): Task<Uint8Array | string | undefined> {
    const bytes = bytesOf(data);
    const room = this.pipe.everReaders < this.waitsFor ? 0 : this.pipe.room;
    if (room > 0 && bytes.length > capacity) {
      this.pipe.put(bytes.slice(0, room));
      return bytes.subarray(room);
    }
    yield* this.pipe.changed.wait();
    return bytes;
  }

  protected override release(): void {
    this.pipe.writers -= 1;
    this.pipe.changed.wake();
  }
}

/** Both ends of a fresh pipe. */
export function openPipe(): { reader: Handle; writer: Handle } {
  const pipe = new Pipe();
  return { reader: pipe.openReader(), writer: pipe.openWriter() };
}
