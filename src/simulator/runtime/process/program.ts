import type { Task } from '../../kernel';
import type { Program, System } from '../interface';
import { hasRawBytes, rawBytesOf } from '../commands/escapes';
import type { SystemCalls } from './system';

/** What an instant command prints, in its order. */
export class Output {
  readonly pieces: { readonly fd: 1 | 2; text: string | Uint8Array }[] = [];

  write(text: string | Uint8Array): void {
    this.add(1, text);
  }

  /** Text in which bytes that are no characters may stand (printf, echo -e). */
  writeRaw(text: string): void {
    this.add(1, hasRawBytes(text) ? rawBytesOf(text) : text);
  }

  error(text: string): void {
    this.add(2, text);
  }

  private add(fd: 1 | 2, text: string | Uint8Array): void {
    const last = this.pieces[this.pieces.length - 1];
    if (last && last.fd === fd && typeof last.text === 'string' && typeof text === 'string') last.text += text;
    else if (text.length > 0) this.pieces.push({ fd, text });
  }

  /** Writes everything; comes back when it is written. */
  *flush(system: SystemCalls): Task {
    for (const piece of this.pieces) {
      const handle = piece.fd === 1 ? system.stdout : system.stderr;
      if (!handle.tryWrite(piece.text)) yield* handle.write(piece.text);
    }
  }
}

/** A command that waits for nothing: it looks at the system, prints, gives its exit code. */
export type Instant = (system: SystemCalls, out: Output) => number;

/** A program of ours: it may be instant, or stand for several (busybox). */
export interface Executable extends Program {
  readonly instant?: Instant;
  readonly select?: (name: string) => Executable | undefined;
  /** A sleep that the shell may do itself: gives its length, or undefined to run the program. */
  readonly pause?: (argv: readonly string[]) => number | undefined;
}

/** Makes a program of a command that needs our own system calls. */
export function command(run: (system: SystemCalls) => Task<number>): Executable {
  return run as (system: System) => Task<number>;
}

/** Makes a program of an instant command. */
export function instant(run: Instant): Executable {
  const program = function* (system: System): Task<number> {
    const out = new Output();
    const code = run(system as SystemCalls, out);
    yield* out.flush(system as SystemCalls);
    return code;
  };
  return Object.assign(program, { instant: run });
}
