import type { Task } from '../../kernel';
import { SystemError } from '../interface';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { type Address, type Piece, type SedCommand, SedError, SedParser } from './sed-parser';
import { because, LineReader, openInput, plainComplaint, task, UsageError } from './tool';

/** The lines of all files one after the other; it looks one line ahead to know the last. */
class Input {
  private reader: LineReader | undefined;
  private ahead: string | undefined;
  private loaded = false;
  private hadNewline = true;
  lastHadNewline = true;
  failed = false;
  private closing: (() => void) | undefined;

  constructor(private readonly system: SystemCalls, private readonly paths: string[]) {}

  private *load(): Task {
    if (this.loaded) return;
    for (;;) {
      if (!this.reader) {
        const path = this.paths.shift();
        if (path === undefined) {
          this.ahead = undefined;
          break;
        }
        const handle = yield* openInput(this.system, path, plainComplaint('sed'));
        if (!handle) {
          this.failed = true;
          continue;
        }
        this.reader = new LineReader(handle, this.system);
        this.closing = () => handle.close();
      }
      try {
        this.ahead = yield* this.reader.next();
      } catch (error) {
        if (!(error instanceof SystemError) || error.code !== 'EISDIR') throw error;
        yield* this.system.stderr.write('sed: read error on file: Is a directory\n'.replace(' on file', ''));
        this.failed = true;
        this.ahead = undefined;
      }
      if (this.ahead !== undefined) {
        this.hadNewline = this.reader.hadNewline;
        break;
      }
      this.closing?.();
      this.reader = undefined;
    }
    this.loaded = true;
  }

  *next(): Task<string | undefined> {
    yield* this.load();
    const line = this.ahead;
    this.loaded = false;
    this.lastHadNewline = this.hadNewline;
    return line;
  }

  *isLast(): Task<boolean> {
    yield* this.load();
    return this.ahead === undefined;
  }
}

interface Machine {
  readonly system: SystemCalls;
  readonly input: Input;
  readonly quiet: boolean;
  pattern: string;
  hold: string;
  line: number;
  last: boolean;
  out: string;
  appended: string[];
  substituted: boolean;
  lastExpression: RegExp | undefined;
  quit: number | undefined;
  /** What the end of a cycle does: print and go on, go on, or begin again with the rest of the pattern space. */
  cycle: 'print' | 'skip' | 'restart';
}

function matchesAddress(machine: Machine, address: Address): boolean {
  switch (address.kind) {
    case 'line':
      return machine.line === address.line;
    case 'last':
      return machine.last;
    case 'step':
      return address.step === 0 ? machine.line === address.first : machine.line >= address.first && (machine.line - address.first) % address.step === 0;
    case 'pattern': {
      const expression = address.expression ?? machine.lastExpression;
      if (!expression) return false;
      machine.lastExpression = expression;
      expression.lastIndex = 0;
      return expression.test(machine.pattern);
    }
  }
}

function selected(machine: Machine, command: SedCommand): boolean {
  const { from, to } = command;
  if (!from) return true;
  if (!to) return matchesAddress(machine, from);
  if (command.active) {
    if (to.kind === 'count' || to.kind === 'line') {
      const end = to.kind === 'count' ? (command.endLine ?? 0) : to.line;
      if (machine.line >= end) command.active = false;
      return machine.line <= end;
    }
    if (matchesAddress(machine, to)) command.active = false;
    return true;
  }
  const starts = (from.kind === 'line' && from.line === 0 && machine.line === 1) || matchesAddress(machine, from);
  if (!starts) return false;
  command.active = true;
  if (to.kind === 'count') {
    command.endLine = machine.line + to.lines;
    if (to.lines === 0) command.active = false;
  } else if (to.kind === 'line' && to.line <= machine.line) command.active = false;
  return true;
}

function fill(replacement: readonly Piece[], groups: readonly (string | undefined)[]): string {
  let out = '';
  let mode = 'E';
  let once = '';
  for (const piece of replacement) {
    if (typeof piece === 'object' && 'mode' in piece) {
      if (piece.mode === 'u' || piece.mode === 'l') once = piece.mode;
      else mode = piece.mode;
      continue;
    }
    let text = typeof piece === 'string' ? piece : (groups[piece.group] ?? '');
    if (mode === 'U') text = text.toUpperCase();
    if (mode === 'L') text = text.toLowerCase();
    if (once !== '' && text !== '') {
      text = (once === 'u' ? (text[0] as string).toUpperCase() : (text[0] as string).toLowerCase()) + text.slice(1);
      once = '';
    }
    out += text;
  }
  return out;
}

function substitute(machine: Machine, command: SedCommand): void {
  const { substitution } = command;
  if (!substitution) return;
  const expression = substitution.expression ?? machine.lastExpression;
  if (!expression) return;
  machine.lastExpression = expression;
  let count = 0;
  let changed = false;
  let lastEnd = -1;
  expression.lastIndex = 0;
  const result = machine.pattern.replace(expression, (...args: unknown[]) => {
    const text = args[0] as string;
    const offset = args.find((value) => typeof value === 'number') as number;
    if (text === '' && offset === lastEnd) return '';
    lastEnd = offset + text.length;
    count += 1;
    if (count < substitution.nth || (changed && !substitution.global)) return text;
    changed = true;
    const groups = args.slice(0, args.findIndex((value) => typeof value === 'number')) as (string | undefined)[];
    return fill(substitution.replacement, groups);
  });
  if (!changed) return;
  machine.pattern = result;
  machine.substituted = true;
  if (substitution.print) machine.out += `${result}\n`;
  if (substitution.file !== '') emitTo(machine, substitution.file, `${result}\n`);
}

function emitTo(machine: Machine, path: string, text: string): void {
  if (path === '/dev/stdout') machine.out += text;
  else machine.system.files.appendFile(path, text);
}

const listed = (text: string): string => `${text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/[\x00-\x1f\x7f]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)}$\n`;

/** Runs commands over the pattern space; a label to go on at, or how the cycle ends. */
function* run(machine: Machine, commands: readonly SedCommand[]): Task<{ label: string } | 'end' | undefined> {
  for (const command of commands) {
    if (selected(machine, command) === command.negated) continue;
    const outcome = command.body ? yield* run(machine, command.body) : yield* execute(machine, command);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

/** Commands that move text between the pattern space and the hold space. */
function useHold(machine: Machine, name: string): void {
  const { pattern, hold } = machine;
  if (name === 'g') machine.pattern = hold;
  else if (name === 'G') machine.pattern = `${pattern}\n${hold}`;
  else if (name === 'h') machine.hold = pattern;
  else if (name === 'H') machine.hold = `${hold}\n${pattern}`;
  else if (name === 'z') machine.pattern = '';
  else [machine.pattern, machine.hold] = [hold, pattern];
}

/** t jumps when something was substituted since the line was read, T when nothing was. */
function jumps(machine: Machine, wanted: boolean): boolean {
  const { substituted } = machine;
  machine.substituted = false;
  return substituted === wanted;
}

function* execute(machine: Machine, command: SedCommand): Task<{ label: string } | 'end' | undefined> {
  switch (command.name) {
    case 's':
      substitute(machine, command);
      return undefined;
    case 'y':
      machine.pattern = [...machine.pattern].map((c) => command.map?.get(c) ?? c).join('');
      return undefined;
    case 'p':
      machine.out += `${machine.pattern}\n`;
      return undefined;
    case 'P':
      machine.out += `${machine.pattern.split('\n')[0] as string}\n`;
      return undefined;
    case 'l':
      machine.out += listed(machine.pattern);
      return undefined;
    case '=':
      machine.out += `${machine.line}\n`;
      return undefined;
    case 'd':
      machine.cycle = 'skip';
      return 'end';
    case 'D':
      machine.cycle = machine.pattern.includes('\n') ? 'restart' : 'skip';
      machine.pattern = machine.pattern.slice(machine.pattern.indexOf('\n') + 1);
      return 'end';
    case 'g':
    case 'G':
    case 'h':
    case 'H':
    case 'x':
    case 'z':
      useHold(machine, command.name);
      return undefined;
    case 'a':
      machine.appended.push(command.text);
      return undefined;
    case 'i':
      machine.out += command.text;
      return undefined;
    case 'c':
      if (!command.to || !command.active || command.negated) machine.out += command.text;
      machine.cycle = 'skip';
      return 'end';
    case 'r':
      machine.appended.push(fileText(machine, command.text));
      return undefined;
    case 'w':
      emitTo(machine, command.text, `${machine.pattern}\n`);
      return undefined;
    case 'b':
      return { label: command.text };
    case 't':
    case 'T':
      return jumps(machine, command.name === 't') ? { label: command.text } : undefined;
    case 'q':
    case 'Q':
      machine.quit = command.code;
      if (command.name === 'Q') machine.cycle = 'skip';
      return 'end';
    case 'n':
    case 'N':
      return yield* nextLine(machine, command.name === 'N');
    default:
      return undefined;
  }
}

function fileText(machine: Machine, path: string): string {
  try {
    return machine.system.files.readText(path);
  } catch (error) {
    if (error instanceof SystemError) return '';
    throw error;
  }
}

function* nextLine(machine: Machine, append: boolean): Task<'end' | undefined> {
  if (machine.last) {
    machine.quit = machine.quit ?? 0;
    return 'end';
  }
  if (!append && !machine.quiet) machine.out += `${machine.pattern}\n`;
  yield* flushAppended(machine);
  const line = (yield* machine.input.next()) ?? '';
  machine.line += 1;
  machine.last = yield* machine.input.isLast();
  machine.pattern = append ? `${machine.pattern}\n${line}` : line;
  return undefined;
}

function* flushAppended(machine: Machine): Task {
  for (const text of machine.appended) machine.out += text;
  machine.appended = [];
  if (machine.out.length > 16_384) {
    yield* machine.system.stdout.write(machine.out);
    machine.out = '';
  }
}

/** Where a label stands, as the list of commands after it. */
function after(commands: readonly SedCommand[], label: string): readonly SedCommand[] | undefined {
  const at = commands.findIndex((command) => command.name === ':' && command.text === label);
  return at < 0 ? undefined : commands.slice(at + 1);
}

function* cycles(machine: Machine, commands: readonly SedCommand[], write: (text: string) => Task): Task<number> {
  for (;;) {
    if (machine.cycle !== 'restart') {
      const line = yield* machine.input.next();
      if (line === undefined) break;
      machine.pattern = line;
      machine.line += 1;
      machine.last = yield* machine.input.isLast();
      machine.substituted = false;
    }
    machine.cycle = 'print';
    let outcome = yield* run(machine, commands);
    for (let jumps = 0; typeof outcome === 'object'; jumps++) {
      if (outcome.label === '') break;
      const rest = after(commands, outcome.label);
      if (!rest) throw new SedError(`can't find label for jump to '${outcome.label}'`);
      if (jumps % 100 === 99 && machine.system.process.charge(1000)) yield* machine.system.process.settle();
      outcome = yield* run(machine, rest);
    }
    const newline = machine.last && !machine.input.lastHadNewline ? '' : '\n';
    if (machine.cycle === 'print' && !machine.quiet) machine.out += `${machine.pattern}${machine.appended.length > 0 ? '\n' : newline}`;
    for (const text of machine.appended) machine.out += text;
    machine.appended = [];
    if (machine.out !== '') yield* write(machine.out);
    machine.out = '';
    if (machine.system.process.charge(1)) yield* machine.system.process.settle();
    if (machine.quit !== undefined) return machine.quit;
  }
  return 0;
}

/** sed. */
export const sed: Executable = task({ letters: 'i::nrEe:f:sz', long: { 'in-place': 'i', quiet: 'n', silent: 'n', expression: 'e', file: 'f', 'regexp-extended': 'E' } }, function* (system, options) {
  const words = [...options.words];
  const scripts = [...options.values('e')];
  for (const path of options.values('f')) {
    try {
      scripts.push(system.files.readText(path));
    } catch (error) {
      yield* system.stderr.write(`sed: ${path}: ${because(error)}\n`);
      return 1;
    }
  }
  if (scripts.length === 0) {
    const script = words.shift();
    if (script === undefined) throw new UsageError('');
    scripts.push(script);
  }
  const parse = () => new SedParser(scripts.join('\n'), options.has('E') || options.has('r')).parse();
  const machineFor = (paths: string[]): Machine => ({ system, input: new Input(system, paths), quiet: options.has('n'), pattern: '', hold: '', line: 0, last: false, out: '', appended: [], substituted: false, lastExpression: undefined, quit: undefined, cycle: 'print' });
  try {
    if (!options.has('i')) {
      const machine = machineFor(words.length > 0 ? words : ['-']);
      const code = yield* cycles(machine, parse(), (text) => system.stdout.write(text));
      return code === 0 && machine.input.failed ? 1 : code;
    }
    let status = 0;
    for (const path of words) {
      const machine = machineFor([path]);
      let text = '';
      const suffix = options.value('i') ?? '';
      status = Math.max(status, yield* cycles(machine, parse(), function* (piece) { text += piece; }));
      if (machine.input.failed) {
        status = 1;
        continue;
      }
      if (suffix !== '') system.files.writeFile(`${path}${suffix}`, system.files.readFile(path));
      system.files.writeFile(path, text);
    }
    return status;
  } catch (error) {
    if (!(error instanceof SedError)) throw error;
    yield* system.stderr.write(`sed: ${error.message}\n`);
    return 1;
  }
});
