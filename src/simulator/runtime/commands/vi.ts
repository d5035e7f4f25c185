import { type Task, utf8Decode } from '../../kernel';
import { SystemError } from '../interface';
import { cellWidth, type Terminal } from '../process/terminal';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { because, splitLines, task } from './tool';

const keyPattern = /^(?:\x1b\[([0-9;]*)([A-Za-z~])|\x1bO([A-Z])|[^])/u;

/** A small vi: moving, inserting, deleting, yanking, searching, undo, and the commands after a colon that everybody knows. */
class Vi {
  private lines: string[][] = [[]];
  private row = 0;
  private column = 0;
  private top = 0;
  private mode: 'command' | 'insert' | 'line' = 'command';
  private pending = '';
  private count = '';
  private commandLine = '';
  private message = '';
  private yanked: { text: string[][]; whole: boolean } = { text: [], whole: true };
  private undone: { lines: string[][]; row: number; column: number }[] = [];
  private lastSearch = '';
  private changed = false;
  private done = false;

  constructor(private readonly system: SystemCalls, private readonly terminal: Terminal, private path: string) {}

  load(): void {
    try {
      const text = utf8Decode(this.system.files.readFile(this.path));
      this.lines = splitLines(text).map((line) => [...line]);
      if (this.lines.length === 0) this.lines = [[]];
      this.message = `'${this.path}' 1/${this.lines.length} ${Math.round(100 / this.lines.length)}%`;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.message = error.code === 'ENOENT' ? `'${this.path}' [New File]` : `'${this.path}' ${because(error)}`;
    }
  }

  *run(): Task {
    const before = { ...this.terminal.modes };
    Object.assign(this.terminal.modes, { canonical: false, echo: false, signals: false });
    this.terminal.write('\x1b[?1049h');
    let keys = '';
    try {
      while (!this.done) {
        this.draw();
        const bytes = yield* this.system.stdin.read();
        if (bytes === undefined) return;
        keys += utf8Decode(bytes);
        while (keys !== '' && !this.done) {
          const match = keyPattern.exec(keys) as RegExpExecArray;
          keys = keys.slice(match[0].length);
          this.key(match);
        }
      }
    } finally {
      this.terminal.write('\x1b[?1049l');
      Object.assign(this.terminal.modes, before);
    }
  }

  private get line(): string[] {
    return this.lines[this.row] as string[];
  }

  private key(match: RegExpExecArray): void {
    const arrow = { A: 'k', B: 'j', C: 'l', D: 'h', H: '0', F: '$' }[match[2] ?? match[3] ?? ''];
    this.message = '';
    if (arrow !== undefined) return this.move(arrow, 1);
    const key = match[0].startsWith('\x1b[') ? (match[1] === '3' ? 'x' : '') : match[0];
    if (this.mode === 'insert') this.insertKey(key);
    else if (this.mode === 'line') this.lineKey(key);
    else this.commandKey(key);
    this.clamp();
  }

  private clamp(): void {
    this.row = Math.max(0, Math.min(this.row, this.lines.length - 1));
    this.column = Math.max(0, Math.min(this.column, this.line.length - (this.mode === 'insert' ? 0 : 1)));
  }

  private remember(): void {
    this.undone.push({ lines: this.lines.map((line) => [...line]), row: this.row, column: this.column });
    if (this.undone.length > 100) this.undone.shift();
    this.changed = true;
  }

  private insertKey(key: string): void {
    if (key === '\x1b' || key === '\x03') {
      this.mode = 'command';
      this.column -= 1;
    } else if (key === '\r' || key === '\n') {
      this.lines.splice(this.row + 1, 0, this.line.splice(this.column));
      this.row += 1;
      this.column = 0;
    } else if (key === '\x7f' || key === '\b') {
      if (this.column > 0) this.line.splice((this.column -= 1), 1);
      else if (this.row > 0) {
        const rest = this.line;
        this.lines.splice(this.row, 1);
        this.row -= 1;
        this.column = this.line.length;
        this.line.push(...rest);
      }
    } else if (key >= ' ' || key === '\t') {
      this.line.splice(this.column, 0, key);
      this.column += 1;
    }
  }

  private lineKey(key: string): void {
    if (key === '\x1b' || key === '\x03') this.mode = 'command';
    else if (key === '\x7f' || key === '\b') {
      this.commandLine = this.commandLine.slice(0, -1);
      if (this.commandLine === '') this.mode = 'command';
    } else if (key === '\r' || key === '\n') {
      this.mode = 'command';
      const text = this.commandLine.slice(1);
      if (this.commandLine.startsWith('/')) this.search(text === '' ? this.lastSearch : text, 1);
      else if (this.commandLine.startsWith('?')) this.search(text === '' ? this.lastSearch : text, -1);
      else this.colon(text.trim());
    } else this.commandLine += key;
  }

  private search(text: string, direction: 1 | -1): void {
    this.lastSearch = text;
    const total = this.lines.length;
    for (let step = 0; step <= total; step++) {
      const row = (this.row + direction * step + total * 2) % total;
      const line = (this.lines[row] as string[]).join('');
      const at = step === 0 ? line.indexOf(text, this.column + 1) : line.indexOf(text);
      if (at < 0 || (step === 0 && direction < 0)) continue;
      this.row = row;
      this.column = at;
      return;
    }
    this.message = `Pattern not found`;
  }

  private colon(text: string): void {
    const substitute = /^(%|\d+(?:,(?:\d+|\$))?)?s\/((?:[^/\\]|\\.)*)\/((?:[^/\\]|\\.)*)\/?(g?)$/.exec(text);
    const write = /^(w|wq|x|wq!|w!)(?: +(\S+))?$/.exec(text);
    if (/^\d+$/.test(text)) this.row = Number(text) - 1;
    else if (text === '$') this.row = this.lines.length - 1;
    else if (write) this.save(write[2] ?? this.path, write[1] !== 'w' && write[1] !== 'w!');
    else if (text === 'q!' || text === 'qa!') this.done = true;
    else if (text === 'q') {
      if (this.changed) this.message = 'No write since last change (:q! overrides)';
      else this.done = true;
    } else if (substitute) this.substitute(substitute);
    else if (!/^set/.test(text)) this.message = `'${text}' is not implemented`;
  }

  private substitute([, range = '', pattern = '', replacement = '', flag]: RegExpExecArray): void {
    this.remember();
    const [from = this.row + 1, to = from] = range === '%' ? [1, this.lines.length] : range === '' ? [] : range.split(',').map((part) => (part === '$' ? this.lines.length : Number(part)));
    for (let row = from - 1; row < to && row < this.lines.length; row++) this.lines[row] = [...(this.lines[row] as string[]).join('').replace(new RegExp(pattern, flag === 'g' ? 'gu' : 'u'), replacement)];
  }

  private save(path: string, quit: boolean): void {
    try {
      const text = `${this.lines.map((line) => line.join('')).join('\n')}\n`;
      this.system.files.writeFile(path, text);
      this.path = path;
      this.changed = false;
      this.message = `'${path}' ${this.lines.length}L, ${text.length}C`;
      if (quit) this.done = true;
    } catch (error) {
      this.message = `'${path}' ${because(error)}`;
    }
  }

  private commandKey(key: string): void {
    if (/[1-9]/.test(key) || (key === '0' && this.count !== '')) {
      this.count += key;
      return;
    }
    const count = Number(this.count || 1);
    const counted = this.count !== '';
    if (this.pending !== '') return this.operator(this.pending, key, count);
    this.count = '';
    if ('dyczgrZ'.includes(key)) {
      this.pending = key;
      this.count = counted ? String(count) : '';
      return;
    }
    if (key === 'G') this.row = counted ? count - 1 : this.lines.length - 1;
    else if (':/?'.includes(key) && key !== '') {
      this.mode = 'line';
      this.commandLine = key;
    } else if (!this.edit(key, count)) this.move(key, count);
  }

  private operator(operator: string, key: string, count: number): void {
    this.pending = '';
    this.count = '';
    if (operator === 'g' && key === 'g') this.row = 0;
    else if (operator === 'Z') {
      if (key === 'Z') this.save(this.path, true);
      else if (key === 'Q') this.done = true;
    } else if (operator === 'r' && key >= ' ' && this.line.length > 0) {
      this.remember();
      this.line[this.column] = key;
    } else if (key === operator || key === 'j' || key === 'k') this.wholeLines(operator, key === 'j' || key === 'k' ? 2 : count);
    else if ('dcy'.includes(operator)) this.range(operator, key, count);
  }

  private wholeLines(operator: string, count: number): void {
    this.yanked = { text: this.lines.slice(this.row, this.row + count).map((line) => [...line]), whole: true };
    if (operator === 'y') return;
    this.remember();
    this.lines.splice(this.row, count, ...(operator === 'c' ? [[]] : []));
    if (this.lines.length === 0) this.lines = [[]];
    this.column = 0;
    if (operator === 'c') this.mode = 'insert';
  }

  private range(operator: string, key: string, count: number): void {
    const { row, column } = this;
    this.move(key === 'w' && operator === 'c' ? 'e' : key, count);
    const [from, to] = this.row === row ? [Math.min(column, this.column), Math.max(column, this.column)] : this.row > row ? [column, this.lines[row]?.length ?? 0] : [0, column];
    const inclusive = key === 'e' || key === '$' || (key === 'w' && operator === 'c') ? 1 : 0;
    this.row = row;
    this.column = from;
    const end = key === 'w' && to === this.line.length - 1 && operator !== 'c' ? to + 1 : to + inclusive;
    this.yanked = { text: [this.line.slice(from, end)], whole: false };
    if (operator === 'y') return;
    this.remember();
    this.line.splice(from, end - from);
    if (operator === 'c') this.mode = 'insert';
  }

  /** Commands that change the text or the mode; false when it is none. */
  private edit(key: string, count: number): boolean {
    const insertAt = (column: number) => {
      this.remember();
      this.mode = 'insert';
      this.column = column;
    };
    switch (key) {
      case 'i':
        insertAt(this.column);
        return true;
      case 'a':
        insertAt(Math.min(this.line.length, this.column + 1));
        return true;
      case 'I':
        insertAt(this.line.findIndex((c) => c !== ' ') < 0 ? 0 : this.line.findIndex((c) => c !== ' '));
        return true;
      case 'A':
        insertAt(this.line.length);
        return true;
      case 'o':
      case 'O':
        this.remember();
        this.lines.splice(key === 'o' ? (this.row += 1) : this.row, 0, []);
        this.mode = 'insert';
        this.column = 0;
        return true;
      case 'x':
      case 'D':
      case 'C':
        this.remember();
        this.yanked = { text: [this.line.splice(this.column, key === 'x' ? count : Infinity)], whole: false };
        if (key === 'C') this.mode = 'insert';
        return true;
      case 'J': {
        this.remember();
        const next = this.lines.splice(this.row + 1, 1)[0];
        if (next) this.line.push(' ', ...next.join('').trimStart());
        return true;
      }
      case 'p':
      case 'P':
        this.put(key === 'p');
        return true;
      case 'u': {
        const before = this.undone.pop();
        if (before) ({ lines: this.lines, row: this.row, column: this.column } = before);
        return true;
      }
      case 'n':
      case 'N':
        this.search(this.lastSearch, key === 'n' ? 1 : -1);
        return true;
      default:
        return false;
    }
  }

  private put(after: boolean): void {
    this.remember();
    const text = this.yanked.text.map((line) => [...line]);
    if (this.yanked.whole) {
      if (after) this.row += 1;
      this.lines.splice(this.row, 0, ...text);
      this.column = 0;
    } else {
      const at = after && this.line.length > 0 ? this.column + 1 : this.column;
      this.line.splice(at, 0, ...(text[0] ?? []));
      this.column = at + (text[0]?.length ?? 1) - 1;
    }
  }

  private move(key: string, count: number): void {
    const page = this.terminal.size.rows - 2;
    for (let i = 0; i < count; i++) {
      if (key === 'h' || key === '\x7f') this.column -= 1;
      else if (key === 'l' || key === ' ') this.column += 1;
      else if (key === 'j' || key === '\r') this.row += 1;
      else if (key === 'k') this.row -= 1;
      else if (key === '0') this.column = 0;
      else if (key === '^') this.column = Math.max(0, this.line.findIndex((c) => c !== ' '));
      else if (key === '$') this.column = this.line.length - 1;
      else if (key === '\x06') this.row += page;
      else if (key === '\x02') this.row -= page;
      else if (key === '\x04') this.row += Math.floor(page / 2);
      else if (key === '\x15') this.row -= Math.floor(page / 2);
      else if (key === 'w' || key === 'b' || key === 'e') this.moveWord(key);
      this.row = Math.max(0, Math.min(this.row, this.lines.length - 1));
      this.column = Math.max(0, Math.min(this.column, Math.max(0, this.line.length - (this.mode === 'insert' ? 0 : 1))));
    }
  }

  private moveWord(key: string): void {
    const text = this.line.join('');
    const starts = [...text.matchAll(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+/gu)].map((match) => ({ from: [...text.slice(0, match.index)].length, to: [...text.slice(0, match.index + match[0].length)].length - 1 }));
    if (key === 'w') {
      const next = starts.find(({ from }) => from > this.column);
      if (next) this.column = next.from;
      else if (this.row < this.lines.length - 1) {
        this.row += 1;
        this.column = 0;
      } else this.column = this.line.length;
    } else if (key === 'e') this.column = starts.find(({ to }) => to > this.column)?.to ?? this.line.length - 1;
    else {
      const previous = starts.filter(({ from }) => from < this.column).at(-1);
      if (previous) this.column = previous.from;
      else if (this.row > 0) {
        this.row -= 1;
        this.column = this.line.length - 1;
      } else this.column = 0;
    }
  }

  private draw(): void {
    const { rows, columns } = this.terminal.size;
    const height = Math.max(1, rows - 1);
    if (this.row < this.top) this.top = this.row;
    if (this.row >= this.top + height) this.top = this.row - height + 1;
    let out = '\x1b[?25l\x1b[H';
    for (let i = 0; i < height; i++) {
      const line = this.lines[this.top + i];
      out += `${line ? fit(line.join('').replace(/\t/g, '        '), columns) : '~'}\x1b[K\r\n`;
    }
    const state = this.message !== '' ? this.message : `${this.mode === 'insert' ? 'I' : '-'} ${this.path}${this.changed ? ' [Modified]' : ''} ${this.row + 1}/${this.lines.length} ${Math.round(((this.row + 1) * 100) / this.lines.length)}%`;
    out += `${fit(this.mode === 'line' ? this.commandLine : state, columns - 1)}\x1b[K`;
    const before = this.line.slice(0, this.column).join('').replace(/\t/g, '        ');
    const cell = this.mode === 'line' ? [rows, this.commandLine.length + 1] : [this.row - this.top + 1, Math.min(columns, widthOf(before) + 1)];
    this.terminal.write(`${out}\x1b[${cell[0]};${cell[1]}H\x1b[?25h`);
  }
}

function widthOf(text: string): number {
  let width = 0;
  for (const c of text) width += cellWidth(c.codePointAt(0) as number);
  return width;
}

function fit(text: string, columns: number): string {
  let out = '';
  let width = 0;
  for (const c of text) {
    width += cellWidth(c.codePointAt(0) as number);
    if (width > columns) break;
    out += c;
  }
  return out;
}

/** vi. */
export const vi: Executable = task({ letters: 'c:RH' }, function* (system, options) {
  const { terminal } = system.process;
  if (!terminal || !system.stdin.isTerminal) {
    yield* system.stderr.write('vi: standard input is not a terminal\n');
    return 1;
  }
  for (const path of options.words.length > 0 ? options.words : ['']) {
    const editor = new Vi(system, terminal, path);
    if (path !== '') editor.load();
    yield* editor.run();
  }
  return 0;
});
