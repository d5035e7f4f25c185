import { concatBytes, type Task, utf8Decode } from '../../kernel';
import { SystemError } from '../interface';
import { errorText } from '../files/errors';
import { type Handle, wouldWait } from '../process/handle';
import { command, type Executable, instant, type Output } from '../process/program';
import type { SystemCalls } from '../process/system';

/** A command line that a command does not understand. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command was called with. */
export class Options {
  readonly words: string[] = [];
  private given: Map<string, string[]> | undefined;

  constructor(readonly name: string) {}

  has(letter: string): boolean {
    return this.given?.has(letter) ?? false;
  }

  /** The last value of an option. */
  value(letter: string): string | undefined {
    return this.given?.get(letter)?.at(-1);
  }

  values(letter: string): readonly string[] {
    return this.given?.get(letter) ?? [];
  }

  set(letter: string, value: string): void {
    const given = (this.given ??= new Map());
    const values = given.get(letter);
    if (values) values.push(value);
    else given.set(letter, [value]);
  }

  /** A whole number; busybox's complaint otherwise. */
  number(letter: string, fallback: number): number {
    const text = this.value(letter);
    if (text === undefined) return fallback;
    return parseNumber(text);
  }
}

const multiples: Readonly<Record<string, number>> = { '': 1, b: 512, k: 1024, K: 1024, m: 1_048_576, M: 1_048_576, g: 1024 ** 3, G: 1024 ** 3 };

/** A number with busybox's suffixes. Throws UsageError in its words. */
export function parseNumber(text: string): number {
  const match = /^([-+]?\d+)([bkKmMgG]?)$/.exec(text);
  if (!match) throw new UsageError(`invalid number '${text}'`);
  return Number(match[1]) * (multiples[match[2] as string] as number);
}

export interface Syntax {
  /** Letters as for getopt; ':' after one that takes a value, '::' after one whose value may follow directly. A leading '+' stops at the first word. */
  readonly letters: string;
  /** Long options and the letters that they stand for. */
  readonly long?: Readonly<Record<string, string>>;
  /** How few words it must have. */
  readonly least?: number;
}

/** Reads a command line. Throws UsageError. */
export function parseOptions(argv: readonly string[], syntax: Syntax): Options {
  const name = (argv[0] ?? '').replace(/^.*\//, '');
  const options = new Options(name);
  const stopsEarly = syntax.letters.startsWith('+');
  const takes = (letter: string): '' | ':' | '::' => {
    const at = syntax.letters.indexOf(letter);
    return syntax.letters[at + 1] !== ':' ? '' : syntax.letters[at + 2] === ':' ? '::' : ':';
  };
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index] as string;
    if (word === '--') {
      options.words.push(...argv.slice(index + 1));
      break;
    }
    if (word.startsWith('--')) {
      index += longOption(word, argv[index + 1], syntax, options, takes);
      continue;
    }
    if (!word.startsWith('-') || word === '-') {
      if (stopsEarly) {
        options.words.push(...argv.slice(index));
        break;
      }
      options.words.push(word);
      continue;
    }
    for (let i = 1; i < word.length; i++) {
      const letter = word[i] as string;
      if (letter === ':' || letter === '+' || !syntax.letters.includes(letter)) throw new UsageError(`invalid option -- '${letter}'`);
      const kind = takes(letter);
      if (kind === '') {
        options.set(letter, '');
        continue;
      }
      let value = word.slice(i + 1);
      if (value === '' && kind === ':') {
        const next = argv[(index += 1)];
        if (next === undefined) throw new UsageError(`option requires an argument -- '${letter}'`);
        value = next;
      }
      options.set(letter, value);
      break;
    }
  }
  if (options.words.length < (syntax.least ?? 0)) throw new UsageError('');
  return options;
}

function longOption(word: string, next: string | undefined, syntax: Syntax, options: Options, takes: (letter: string) => string): number {
  const at = word.indexOf('=');
  const name = at < 0 ? word.slice(2) : word.slice(2, at);
  const candidates = Object.keys(syntax.long ?? {}).filter((long) => long.startsWith(name));
  const found = candidates.includes(name) ? name : candidates.length === 1 ? candidates[0] : undefined;
  const letter = found === undefined ? undefined : syntax.long?.[found];
  if (letter === undefined) throw new UsageError(`unrecognized option '${word.slice(0, at < 0 ? undefined : at)}'`);
  if (takes(letter) === '' || at >= 0) {
    options.set(letter, at < 0 ? '' : word.slice(at + 1));
    return 0;
  }
  if (takes(letter) === '::') {
    options.set(letter, '');
    return 0;
  }
  if (next === undefined) throw new UsageError(`option '${word}' requires an argument`);
  options.set(letter, next);
  return 1;
}

/** The version that `busybox` says it is. */
export const busyboxBanner = 'BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.';

/** What a command prints when it is called wrongly. */
export function usageText(name: string, error: UsageError): string {
  const usage = `${busyboxBanner}\n\nUsage: ${name} [OPTIONS] [ARGS]\n`;
  if (error.message === '') return usage;
  return /^(invalid|unrecognized|option)/.test(error.message) && !error.message.startsWith('invalid number') ? `${name}: ${error.message}\n${usage}` : `${name}: ${error.message}\n`;
}

const baseName = (system: SystemCalls): string => (system.argv[0] ?? '').replace(/^.*\//, '');

/** An instant command with options. */
export function tool(syntax: Syntax, run: (system: SystemCalls, options: Options, out: Output) => number): Executable {
  return instant((system, out) => {
    try {
      return run(system, parseOptions(system.argv, syntax), out);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      out.error(usageText(baseName(system), error));
      return 1;
    }
  });
}

/** A command with options that reads, writes or waits. */
export function task(syntax: Syntax, run: (system: SystemCalls, options: Options) => Task<number>): Executable {
  return command(function* (system) {
    try {
      return yield* run(system, parseOptions(system.argv, syntax));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      yield* system.stderr.write(usageText(baseName(system), error));
      return 1;
    }
  });
}

/** strerror of a failed system call. */
export function because(error: unknown): string {
  if (error instanceof SystemError && error.code !== 'EPIPE') return errorText(error.code);
  throw error;
}

/** Opens a file for reading, '-' being standard input; a complaint and undefined when that fails. */
export function* openInput(system: SystemCalls, path: string, complain: (path: string, reason: string) => string): Task<Handle | undefined> {
  if (path === '-') return system.stdin.retain();
  try {
    return system.files.openHandle(path, { read: true });
  } catch (error) {
    yield* system.stderr.write(complain(path, because(error)));
    return undefined;
  }
}

/** `can't open 'x': No such file or directory`, as most of busybox says it. */
export const cannotOpen = (name: string) => (path: string, reason: string) => `${name}: can't open '${path}': ${reason}\n`;

/** `x: No such file or directory`, as those say it that go on with the next file. */
export const plainComplaint = (name: string) => (path: string, reason: string) => `${name}: ${path}: ${reason}\n`;

const readCost = 2;

/** Reads a handle line by line. */
export class LineReader {
  private pending = '';
  private ended = false;
  private rest: Uint8Array | undefined;
  private at = 0;
  /** Whether the last line given had its newline. */
  hadNewline = true;

  constructor(private readonly handle: Handle, private readonly system?: SystemCalls, private readonly delimiter = '\n') {}

  /** The next line without its newline; undefined at the end; `wouldWait` when there is none yet. */
  tryNext(): string | undefined | typeof wouldWait {
    for (;;) {
      const end = this.pending.indexOf(this.delimiter, this.at);
      if (end >= 0) {
        const line = this.pending.slice(this.at, end);
        this.at = end + 1;
        this.hadNewline = true;
        return line;
      }
      if (this.ended) {
        if (this.at >= this.pending.length) return undefined;
        const line = this.pending.slice(this.at);
        this.at = this.pending.length;
        this.hadNewline = false;
        return line;
      }
      const bytes = this.handle.tryRead(65_536);
      if (bytes === wouldWait) return wouldWait;
      this.pending = this.pending.slice(this.at);
      this.at = 0;
      if (bytes === undefined) {
        this.ended = true;
        if (this.rest) this.pending += utf8Decode(this.rest);
        this.rest = undefined;
      } else this.take(bytes);
    }
  }

  *next(): Task<string | undefined> {
    for (;;) {
      const line = this.tryNext();
      if (line !== wouldWait) return line;
      yield* this.wait();
    }
  }

  *wait(): Task {
    if (this.system?.process.charge(readCost)) yield* this.system.process.settle();
    yield* this.handle.waitReadable();
  }

  /** Decodes whole characters; a character cut in two waits for its rest. */
  private take(bytes: Uint8Array): void {
    let all = bytes;
    if (this.rest) {
      all = new Uint8Array(this.rest.length + bytes.length);
      all.set(this.rest);
      all.set(bytes, this.rest.length);
      this.rest = undefined;
    }
    let end = all.length;
    for (let back = 1; back <= 3 && back <= all.length; back++) {
      const byte = all[all.length - back] as number;
      if (byte < 0x80) break;
      if (byte >= 0xc0) {
        if ((byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back) end = all.length - back;
        break;
      }
    }
    if (end < all.length) this.rest = all.slice(end);
    this.pending += utf8Decode(end === all.length ? all : all.subarray(0, end));
  }
}

/** Calls `each` for every line of a handle; what it gives is printed. Output goes out whenever the input makes one wait. */
export function* eachLine(system: SystemCalls, handle: Handle, each: (line: string, hadNewline: boolean) => string | undefined | false): Task<boolean> {
  const reader = new LineReader(handle, system);
  let out = '';
  for (;;) {
    const line = reader.tryNext();
    if (line === wouldWait || out.length > 32_768) {
      if (out !== '') yield* system.stdout.write(out);
      out = '';
      if (system.process.charge(out.length / 100 + 5)) yield* system.process.settle();
      if (line === wouldWait) {
        yield* reader.wait();
        continue;
      }
    }
    if (line === undefined) break;
    const result = each(line, reader.hadNewline);
    if (result === false) {
      if (out !== '') yield* system.stdout.write(out);
      return false;
    }
    if (result !== undefined) out += result;
  }
  if (out !== '') yield* system.stdout.write(out);
  return true;
}

/** All bytes of a handle. */
export function* readAll(handle: Handle): Task<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = yield* handle.read(1_048_576);
    if (bytes === undefined) break;
    chunks.push(bytes);
  }
  return concatBytes(chunks);
}

/** The lines of a text; a newline at its end begins no line. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** Runs a command over each of its files (standard input when there are none); the worst status counts. */
export function* eachFile(system: SystemCalls, words: readonly string[], complain: (path: string, reason: string) => string, each: (handle: Handle, path: string) => Task<number>): Task<number> {
  let status = 0;
  for (const path of words.length > 0 ? words : ['-']) {
    const handle = yield* openInput(system, path, complain);
    if (!handle) {
      status = 1;
      continue;
    }
    try {
      status = Math.max(status, yield* each(handle, path));
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'EISDIR') throw error;
      yield* system.stderr.write(complain(path, 'Is a directory').replace("can't open", 'read error').replace(/^(\w+): read error '.*': /, '$1: read error: '));
      status = 1;
    } finally {
      handle.close();
    }
  }
  return status;
}
