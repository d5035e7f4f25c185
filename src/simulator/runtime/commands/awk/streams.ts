import type { Task } from '../../../kernel';
import { SystemError } from '../../interface';
import type { Handle } from '../../process/handle';
import type { SystemCalls } from '../../process/system';
import { LineReader } from '../tool';

/** Files and commands that an awk program reads and writes beside its input: each stays open until it is closed. */
export class AwkStreams {
  private readonly readers = new Map<string, { reader: LineReader; close: () => void }>();
  private readonly outputs = new Map<string, { handle: Handle; finish: () => Task<number> }>();

  constructor(private readonly system: SystemCalls) {}

  /** What getline reads; undefined when it cannot be opened. */
  reader(source: string, isCommand: boolean): { reader: LineReader } | undefined {
    return this.readers.get((isCommand ? '|' : '<') + source) ?? this.open(source, isCommand);
  }

  private open(source: string, isCommand: boolean): { reader: LineReader; close: () => void } | undefined {
    const { system } = this;
    try {
      let handle: Handle;
      if (isCommand) {
        const { reader, writer } = system.pipe();
        system.spawn(['sh', '-c', source], { stdout: writer });
        writer.close();
        handle = reader;
      } else handle = source === '-' ? system.stdin.retain() : system.files.openHandle(source, { read: true });
      const open = { reader: new LineReader(handle, system), close: () => handle.close() };
      this.readers.set((isCommand ? '|' : '<') + source, open);
      return open;
    } catch (error) {
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  }

  /** Where print writes with '>', '>>' or '|'. */
  output(operator: string, target: string): Handle {
    const known = this.outputs.get(target);
    if (known) return known.handle;
    const { system } = this;
    if (operator === '|') {
      const { reader, writer } = system.pipe();
      const child = system.spawn(['sh', '-c', target], { stdin: reader });
      reader.close();
      this.outputs.set(target, { handle: writer, finish: function* () { writer.close(); return yield* child.wait(); } });
      return writer;
    }
    if (target === '/dev/stderr') return system.stderr;
    if (target === '/dev/stdout' || target === '-') return system.stdout;
    const handle = system.files.openHandle(target, operator === '>>' ? { write: true, create: true, append: true } : { write: true, create: true, truncate: true });
    this.outputs.set(target, { handle, finish: function* () { handle.close(); return 0; } });
    return handle;
  }

  *close(name: string): Task<number> {
    let status = -1;
    const output = this.outputs.get(name);
    if (output) {
      this.outputs.delete(name);
      status = yield* output.finish();
    }
    for (const prefix of ['<', '|']) {
      const reader = this.readers.get(prefix + name);
      if (!reader) continue;
      reader.close();
      this.readers.delete(prefix + name);
      status = 0;
    }
    return status;
  }

  *closeAll(): Task {
    for (const name of [...this.outputs.keys()]) yield* this.close(name);
  }
}
