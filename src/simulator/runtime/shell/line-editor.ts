import { type Task, utf8Decode } from '../../kernel';
import type { Terminal } from '../process/terminal';
import type { Shell } from './shell';
import { completeFiles } from './completion';
import { visible, width } from './screen';

const keyPattern = /^\x1b(?:\[([0-9;]*)([A-Za-z~])|O([A-Za-z])|(.))/s;
const historyLimit = 500;

/** Edits a line at a terminal: history, Ctrl-R, words, kill ring, completion, wide characters, bracketed paste. */
export class LineEditor {
  private static readonly histories = new WeakMap<Terminal, string[]>();
  private readonly history: string[];
  private line: string[] = [];
  private cursor = 0;
  private killed = '';
  private historyAt = 0;
  private draft = '';
  private undecoded: Uint8Array = new Uint8Array(0);
  private keys = '';
  private prompt = '';
  private rowsAbove = 0;
  private pasting = false;
  private searching: { text: string; from: number } | undefined;

  constructor(private readonly shell: Shell, private readonly terminal: Terminal) {
    let history = LineEditor.histories.get(terminal);
    if (!history) LineEditor.histories.set(terminal, (history = []));
    this.history = history;
  }

  /** A line with its newline; undefined at ^D; 'interrupted' at ^C. */
  *read(prompt: string): Task<{ text: string } | 'interrupted' | undefined> {
    const { modes } = this.terminal;
    const before = { ...modes };
    Object.assign(modes, { canonical: false, echo: false, signals: false });
    this.prompt = prompt;
    this.line = [];
    this.cursor = 0;
    this.historyAt = this.history.length;
    this.rowsAbove = 0;
    this.searching = undefined;
    this.write('\x1b[?2004h');
    this.draw();
    try {
      for (;;) {
        while (this.keys !== '') {
          const outcome = this.takeKey();
          if (outcome === 'more') break;
          if (outcome) return this.finish(outcome);
        }
        const bytes = yield* this.shell.process.fd(0).read();
        if (bytes === undefined) return undefined;
        this.keys += this.decode(bytes);
      }
    } finally {
      this.write('\x1b[?2004l');
      Object.assign(modes, before);
    }
  }

  private finish(outcome: 'enter' | 'interrupt' | 'end'): { text: string } | 'interrupted' | undefined {
    if (outcome === 'end') return undefined;
    this.cursor = this.line.length;
    this.draw();
    this.write(outcome === 'interrupt' ? '^C\n' : '\n');
    if (outcome === 'interrupt') return 'interrupted';
    const text = this.line.join('');
    if (text.trim() !== '' && this.history[this.history.length - 1] !== text) this.history.push(text);
    if (this.history.length > historyLimit) this.history.shift();
    return { text: `${text}\n` };
  }

  private decode(bytes: Uint8Array): string {
    const all = new Uint8Array(this.undecoded.length + bytes.length);
    all.set(this.undecoded);
    all.set(bytes, this.undecoded.length);
    let end = all.length;
    for (let back = 1; back <= 3 && back <= all.length; back++) {
      const byte = all[all.length - back] as number;
      if (byte < 0x80) break;
      if (byte >= 0xc0) {
        if ((byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back) end = all.length - back;
        break;
      }
    }
    this.undecoded = all.slice(end);
    return utf8Decode(all.subarray(0, end));
  }

  /** Takes one key from what was typed. */
  private takeKey(): 'enter' | 'interrupt' | 'end' | 'more' | undefined {
    const escape = this.keys.startsWith('\x1b') ? keyPattern.exec(this.keys) : null;
    if (this.keys.startsWith('\x1b')) {
      if (!escape) {
        if (this.keys.length < 2 || /^\x1b[[O][0-9;]*$/.test(this.keys)) return 'more';
        this.keys = this.keys.slice(1);
        return undefined;
      }
      this.keys = this.keys.slice(escape[0].length);
      this.sequence(escape);
      return undefined;
    }
    const key = String.fromCodePoint(this.keys.codePointAt(0) as number);
    this.keys = this.keys.slice(key.length);
    if (this.pasting) {
      if (key === '\r' || key === '\n') return this.pasteNewline();
      this.insert(key === '\t' ? '    ' : key);
      return undefined;
    }
    if (this.searching && this.searchKey(key)) return undefined;
    return this.plainKey(key);
  }

  private pasteNewline(): 'enter' | undefined {
    return 'enter';
  }

  private plainKey(key: string): 'enter' | 'interrupt' | 'end' | undefined {
    switch (key) {
      case '\r':
      case '\n':
        return 'enter';
      case '\x03':
        return 'interrupt';
      case '\x04':
        if (this.line.length === 0) return 'end';
        this.deleteRange(this.cursor, this.cursor + 1);
        break;
      case '\x01':
        this.moveTo(0);
        break;
      case '\x05':
        this.moveTo(this.line.length);
        break;
      case '\x02':
        this.moveTo(this.cursor - 1);
        break;
      case '\x06':
        this.moveTo(this.cursor + 1);
        break;
      case '\x7f':
      case '\b':
        if (this.cursor > 0) this.deleteRange(this.cursor - 1, this.cursor);
        break;
      case '\x0b':
        this.kill(this.cursor, this.line.length);
        break;
      case '\x15':
        this.kill(0, this.cursor);
        break;
      case '\x17':
        this.kill(this.wordLeft(true), this.cursor);
        break;
      case '\x19':
        this.insert(this.killed);
        break;
      case '\x14':
        this.transpose();
        break;
      case '\x0c':
        this.write('\x1b[H\x1b[J');
        this.rowsAbove = 0;
        this.draw();
        break;
      case '\x10':
        this.recall(-1);
        break;
      case '\x0e':
        this.recall(1);
        break;
      case '\x12':
        this.searching = { text: '', from: this.history.length };
        this.drawSearch();
        break;
      case '\t':
        this.complete();
        break;
      default:
        if (key >= ' ') this.insert(key);
    }
    return undefined;
  }

  private sequence(match: RegExpExecArray): void {
    const [, parameters = '', final, application, meta] = match;
    if (this.searching) this.endSearch();
    if (final === '~' && parameters === '200') this.pasting = true;
    else if (final === '~' && parameters === '201') this.pasting = false;
    else if (meta !== undefined) this.metaKey(meta);
    else {
      const key = final ?? application ?? '';
      const byWord = /;[35]$/.test(parameters);
      if (key === 'A') this.recall(-1);
      else if (key === 'B') this.recall(1);
      else if (key === 'C') this.moveTo(byWord ? this.wordRight() : this.cursor + 1);
      else if (key === 'D') this.moveTo(byWord ? this.wordLeft(false) : this.cursor - 1);
      else if (key === 'H' || (key === '~' && (parameters === '1' || parameters === '7'))) this.moveTo(0);
      else if (key === 'F' || (key === '~' && (parameters === '4' || parameters === '8'))) this.moveTo(this.line.length);
      else if (key === '~' && parameters === '3') this.deleteRange(this.cursor, this.cursor + 1);
    }
  }

  private metaKey(key: string): void {
    if (key === 'b') this.moveTo(this.wordLeft(false));
    else if (key === 'f') this.moveTo(this.wordRight());
    else if (key === 'd') this.kill(this.cursor, this.wordRight());
    else if (key === '\x7f' || key === '\b') this.kill(this.wordLeft(false), this.cursor);
    else if (key === '.') {
      const last = this.history[this.history.length - 1]?.trim().split(/\s+/).pop();
      if (last) this.insert(last);
    }
  }

  // ---- the line

  private insert(text: string): void {
    const characters = [...text];
    this.line.splice(this.cursor, 0, ...characters);
    this.cursor += characters.length;
    if (this.cursor === this.line.length && characters.length === 1 && !this.searching && (this.promptWidth() + width(this.line.join(''))) % this.terminal.size.columns !== 0) this.write(text);
    else this.draw();
  }

  private deleteRange(from: number, to: number): void {
    if (from >= this.line.length) return;
    this.line.splice(from, to - from);
    this.cursor = from;
    this.draw();
  }

  private kill(from: number, to: number): void {
    if (to <= from) return;
    this.killed = this.line.slice(from, to).join('');
    this.deleteRange(from, to);
  }

  private transpose(): void {
    const at = this.cursor === this.line.length ? this.cursor - 1 : this.cursor;
    if (at < 1) return;
    const [a, b] = [this.line[at - 1] as string, this.line[at] as string];
    this.line.splice(at - 1, 2, b, a);
    this.cursor = at + 1;
    this.draw();
  }

  private moveTo(cursor: number): void {
    this.cursor = Math.max(0, Math.min(this.line.length, cursor));
    this.draw();
  }

  private wordLeft(blanksOnly: boolean): number {
    const isWord = (c: string | undefined) => c !== undefined && (blanksOnly ? c !== ' ' : /[\p{L}\p{N}_]/u.test(c));
    let at = this.cursor;
    while (at > 0 && !isWord(this.line[at - 1])) at -= 1;
    while (at > 0 && isWord(this.line[at - 1])) at -= 1;
    return at;
  }

  private wordRight(): number {
    const isWord = (c: string | undefined) => c !== undefined && /[\p{L}\p{N}_]/u.test(c);
    let at = this.cursor;
    while (at < this.line.length && !isWord(this.line[at])) at += 1;
    while (at < this.line.length && isWord(this.line[at])) at += 1;
    return at;
  }

  private setLine(text: string): void {
    this.line = [...text];
    this.cursor = this.line.length;
  }

  private recall(by: number): void {
    const next = this.historyAt + by;
    if (next < 0 || next > this.history.length) return;
    if (this.historyAt === this.history.length) this.draft = this.line.join('');
    this.historyAt = next;
    this.setLine(this.history[next] ?? this.draft);
    this.draw();
  }

  // ---- Ctrl-R

  private searchKey(key: string): boolean {
    const search = this.searching as { text: string; from: number };
    if (key === '\x12') this.findOlder(search.from - 1);
    else if (key === '\x7f' || key === '\b') {
      search.text = [...search.text].slice(0, -1).join('');
      this.findOlder(this.history.length - 1);
    } else if (key === '\x07' || key === '\x03') {
      this.setLine('');
      this.endSearch();
    } else if (key >= ' ') {
      search.text += key;
      this.findOlder(Math.min(search.from, this.history.length - 1));
    } else {
      this.endSearch();
      return false;
    }
    return true;
  }

  private findOlder(from: number): void {
    const search = this.searching as { text: string; from: number };
    for (let index = from; index >= 0; index--) {
      const line = this.history[index] as string;
      if (search.text === '' || !line.includes(search.text)) continue;
      search.from = index;
      this.setLine(line);
      break;
    }
    this.drawSearch();
  }

  private drawSearch(): void {
    const { text } = this.searching as { text: string };
    this.clear();
    const shown = `(reverse-i-search)'${text}': ${this.line.join('')}`;
    this.write(shown);
    this.rowsAbove = Math.floor(Math.max(0, width(shown) - 1) / this.terminal.size.columns);
  }

  private endSearch(): void {
    this.searching = undefined;
    this.draw();
  }

  // ---- completion

  private complete(): void {
    const line = this.line.join('');
    const before = this.line.slice(0, this.cursor).join('');
    const { completer } = this.terminal;
    const completion = completer?.(line, before.length) ?? completeFiles(this.shell, before);
    const word = before.slice(completion.start);
    const [first] = completion.candidates;
    if (first === undefined) return;
    let common = first;
    for (const candidate of completion.candidates) while (!candidate.startsWith(common)) common = common.slice(0, -1);
    if (completion.candidates.length === 1 && !/[/ =]$/.test(common)) common += ' ';
    if (common.length > word.length) {
      const removed = [...word].length;
      this.line.splice(this.cursor - removed, removed);
      this.cursor -= removed;
      this.insert(common);
      this.draw();
      return;
    }
    if (completion.candidates.length > 1) this.list(completion.candidates);
  }

  private list(candidates: readonly string[]): void {
    const shown = candidates.map((candidate) => candidate.trimEnd().replace(/^.*\/(?=[^/])/, ''));
    const column = Math.max(...shown.map(width)) + 2;
    const perRow = Math.max(1, Math.floor(this.terminal.size.columns / column));
    const rows = Math.ceil(shown.length / perRow);
    let text = '\n';
    for (let row = 0; row < rows; row++) {
      let out = '';
      for (let index = row; index < shown.length; index += rows) out += (shown[index] as string) + ' '.repeat(column - width(shown[index] as string));
      text += `${out.trimEnd()}\n`;
    }
    this.write(text);
    this.rowsAbove = 0;
    this.draw();
  }

  // ---- drawing

  private write(text: string): void {
    this.terminal.write(text);
  }

  private promptWidth(): number {
    return width(visible(this.prompt).replace(/^.*\n/s, ''));
  }

  private clear(): void {
    this.write(`${this.rowsAbove > 0 ? `\x1b[${this.rowsAbove}A` : ''}\r\x1b[J`);
  }

  /** Draws prompt and line again, over as many rows as they take, and puts the cursor in its place. */
  private draw(): void {
    const { columns } = this.terminal.size;
    const text = this.line.join('');
    const start = this.promptWidth();
    const end = start + width(text);
    const at = start + width(this.line.slice(0, this.cursor).join(''));
    const drawn = this.prompt.replace(/[\x01\x02]/g, '').replace(/\r\n/g, '\n') + text + (end > 0 && end % columns === 0 ? '\n' : '');
    const endRow = Math.floor(end / columns);
    const cursorRow = Math.floor(at / columns);
    const column = at % columns;
    this.clear();
    this.write(`${drawn}${endRow > cursorRow ? `\x1b[${endRow - cursorRow}A` : ''}\r${column > 0 ? `\x1b[${column}C` : ''}`);
    this.rowsAbove = cursorRow;
  }
}
