import { type Task, utf8Decode } from '../../kernel';
import { bytesOf } from '../files/content';
import { Handle, WaitList, wouldWait } from './handle';
import type { PidNamespace } from './world';
import type { Signal } from './signals';

/** How the line discipline treats what is typed (termios(3)). */
export interface TerminalModes {
  canonical: boolean;
  echo: boolean;
  signals: boolean;
}

/** A pseudo terminal with its line discipline. The master side is who shows it and types. */
export class Terminal {
  size: { columns: number; rows: number };
  readonly modes: TerminalModes = { canonical: true, echo: true, signals: true };
  /** Completes lines that are edited here; a workstation sets it. Undefined: commands and files. */
  completer: ((line: string, cursor: number) => { readonly start: number; readonly candidates: readonly string[] } | undefined) | undefined;
  /** The process group that ^C goes to. */
  foreground: number | undefined;
  private line = '';
  private ready: Uint8Array[] = [];
  private endOfFile = 0;
  private hungUp = false;
  private undecoded: Uint8Array = new Uint8Array(0);
  readonly changed = new WaitList();

  constructor(readonly name: string, private readonly pids: PidNamespace, private readonly show: (data: Uint8Array) => void, size = { columns: 80, rows: 24 }) {
    this.size = size;
  }

  open(): Handle {
    return new TerminalHandle(this);
  }

  resize(columns: number, rows: number): void {
    if (columns === this.size.columns && rows === this.size.rows) return;
    this.size = { columns, rows };
    this.signal('WINCH');
  }

  hangUp(): void {
    this.hungUp = true;
    this.changed.wake();
    this.signal('HUP');
  }

  /** What a program writes: lines end with carriage return and line feed. */
  write(data: Uint8Array | string): void {
    if (this.hungUp) return;
    const bytes = bytesOf(data);
    this.show(bytes.includes(10) ? bytesOf(utf8Decode(bytes).replace(/\r?\n/g, '\r\n')) : bytes);
  }

  /** Keys that somebody pressed. */
  type(data: Uint8Array): void {
    if (!this.modes.canonical) {
      const plain = this.modes.signals ? this.takeSignals(data) : data;
      if (plain.length > 0) this.ready.push(plain);
      this.changed.wake();
      return;
    }
    const joined = new Uint8Array(this.undecoded.length + data.length);
    joined.set(this.undecoded);
    joined.set(data, this.undecoded.length);
    const whole = completeUtf8(joined);
    this.undecoded = joined.slice(whole);
    for (const character of utf8Decode(joined.subarray(0, whole))) this.key(character);
    this.changed.wake();
  }

  take(limit: number): Uint8Array | undefined | typeof wouldWait {
    const first = this.ready[0];
    if (!first) {
      if (this.hungUp) return undefined;
      if (this.endOfFile > 0) {
        this.endOfFile -= 1;
        return undefined;
      }
      return wouldWait;
    }
    if (first.length <= limit) {
      this.ready.shift();
      return first;
    }
    this.ready[0] = first.subarray(limit);
    return first.subarray(0, limit);
  }

  /** Sends a signal to the foreground group. */
  signal(signal: Signal): void {
    if (this.foreground === undefined) return;
    for (const process of [...this.pids.processes.values()]) if (process.group === this.foreground) process.deliver(signal);
  }

  private takeSignals(data: Uint8Array): Uint8Array {
    for (const byte of data) if (byte === 3) this.signal('INT');
    return data.includes(3) ? data.filter((byte) => byte !== 3) : data;
  }

  private key(character: string): void {
    const { signals } = this.modes;
    if (signals && (character === '\x03' || character === '\x1c' || character === '\x1a')) {
      this.echo(`^${String.fromCharCode(character.charCodeAt(0) + 64)}`);
      this.line = '';
      this.signal(character === '\x03' ? 'INT' : character === '\x1c' ? 'QUIT' : 'TSTP');
      return;
    }
    switch (character) {
      case '\r':
      case '\n':
        this.echo('\r\n');
        this.submit(`${this.line}\n`);
        return;
      case '\x04':
        if (this.line === '') this.endOfFile += 1;
        else this.submit(this.line);
        return;
      case '\x7f':
      case '\b':
        this.erase(1);
        return;
      case '\x15':
        this.erase([...this.line].length);
        return;
      case '\x17':
        this.erase([...(/\S*\s*$/.exec(this.line)?.[0] ?? '')].length);
        return;
      default:
        this.line += character;
        this.echo(character < ' ' && character !== '\t' ? `^${String.fromCharCode(character.charCodeAt(0) + 64)}` : character);
    }
  }

  private submit(text: string): void {
    this.line = '';
    this.ready.push(bytesOf(text));
  }

  private erase(count: number): void {
    const characters = [...this.line];
    const gone = characters.splice(Math.max(0, characters.length - count));
    this.line = characters.join('');
    for (const character of gone) for (let i = 0; i < cellWidth(character.codePointAt(0) as number); i++) this.echo('\b \b');
  }

  private echo(text: string): void {
    if (this.modes.echo) this.show(bytesOf(text));
  }
}

/** How many of the bytes form whole characters. */
function completeUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many terminal cells a code point takes: 2 for Hangul, CJK and emoji, 0 for combining marks (Unicode's EastAsianWidth). */
export function cellWidth(code: number): number {
  if (code < 0x300) return 1;
  if ((code >= 0x300 && code <= 0x36f) || code === 0x200b || code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x1160 && code <= 0x11ff)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0x303e) || (code >= 0x3041 && code <= 0xa4cf) || (code >= 0xa960 && code <= 0xa97f) || (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) || (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

class TerminalHandle extends Handle {
  override readonly isTerminal = true;

  constructor(readonly terminal: Terminal) {
    super();
  }

  get name(): string {
    return this.terminal.name;
  }

  tryRead(limit = 4096): Uint8Array | undefined | typeof wouldWait {
    return this.terminal.take(limit);
  }

  tryWrite(data: Uint8Array | string): boolean {
    this.terminal.write(data);
    return true;
  }

  waitReadable(): Task {
    return this.terminal.changed.wait();
  }

   
  *waitWritable(): Task<undefined> {
    return undefined;
  }
}
