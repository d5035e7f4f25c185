import { type Task, utf8Decode } from '../../../kernel';
import { SystemError } from '../../interface';
import { readAll } from '../tool';
import { wouldWait } from '../../process/handle';
import type { Executable } from '../../process/program';
import type { SystemCalls } from '../../process/system';
import { PatternError } from '../regular-expression';
import { because, LineReader, task, UsageError } from '../tool';
import { Interpreter } from './interpreter';
import { AwkSyntaxError } from './lexer';
import { AwkParser } from './parser';
import { AwkError, Numeric, toNumber } from './values';

const unescape = (text: string): string => text.replace(/\\(.)/g, (_whole, c: string) => ({ n: '\n', t: '\t', '\\': '\\' })[c] ?? `\\${c}`);

/** The records of all operands one after the other; operands like name=value are assignments. */
class Records {
  private reader: LineReader | undefined;
  private paragraphs: string[] | undefined;
  private closing: (() => void) | undefined;
  private at = 1;
  private opened = false;
  failed = false;

  constructor(private readonly system: SystemCalls, private readonly awk: Interpreter) {}

  *next(): Task<string | undefined> {
    for (;;) {
      if (this.paragraphs) {
        const record = this.paragraphs.shift();
        if (record !== undefined) return record;
        this.paragraphs = undefined;
        this.reader = undefined;
      }
      if (this.reader) {
        const line = this.reader.tryNext();
        if (line === wouldWait) {
          yield* this.awk.flush();
          yield* this.reader.wait();
          continue;
        }
        if (line !== undefined) return line;
        this.closing?.();
        this.reader = undefined;
      }
      if (!(yield* this.open())) return undefined;
    }
  }

  skipFile(): void {
    this.closing?.();
    this.reader = undefined;
    this.paragraphs = undefined;
  }

  private *open(): Task<boolean> {
    const { awk, system } = this;
    const words = awk.array('ARGV');
    for (;;) {
      const count = toNumber(awk.globals.get('ARGC') as number);
      let word: string;
      if (this.at < count) {
        const value = words.get(String(this.at));
        this.at += 1;
        word = value instanceof Numeric ? value.text : String(value ?? '');
        if (word === '') continue;
        const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word);
        if (assignment) {
          awk.globals.set(assignment[1] as string, new Numeric(unescape(assignment[2] as string)));
          continue;
        }
      } else if (!this.opened) word = '-';
      else return false;
      this.opened = true;
      if (word !== '-') awk.globals.set('FILENAME', word);
      awk.globals.set('FNR', 0);
      try {
        const handle = word === '-' ? system.stdin.retain() : system.files.openHandle(word, { read: true });
        this.closing = () => handle.close();
        const separator = awk.text('RS');
        if (separator === '\n') this.reader = new LineReader(handle, system);
        else {
          const text = utf8Decode(yield* readAll(handle));
          this.paragraphs = separator === '' ? text.replace(/^\n+|\n+$/g, '').split(/\n\n+/).filter((part, _index, all) => part !== '' || all.length > 1) : text.split(separator.length === 1 ? separator : new RegExp(separator, 'u'));
          if (separator !== '' && this.paragraphs[this.paragraphs.length - 1] === '') this.paragraphs.pop();
        }
        return true;
      } catch (error) {
        yield* awk.flush();
        yield* system.stderr.write(`awk: ${word}: ${because(error)}\n`);
        this.failed = true;
      }
    }
  }
}

function* run(awk: Interpreter, records: Records, hasMain: boolean): Task<number> {
  awk.input = () => records.next();
  const count = (name: string) => awk.globals.set(name, toNumber(awk.globals.get(name) as number) + 1);
  let outcome = yield* awk.runRules('BEGIN');
  if (outcome !== 'exit' && hasMain) {
    for (let record = yield* records.next(); record !== undefined; record = yield* records.next()) {
      count('NR');
      count('FNR');
      awk.setRecord(record);
      outcome = yield* awk.runRules('main');
      if (outcome === 'exit') break;
      if (outcome === 'nextfile') records.skipFile();
    }
  }
  yield* awk.runRules('END');
  return awk.exitCode !== 0 ? awk.exitCode : records.failed ? 2 : 0;
}

/** awk. */
export const awk: Executable = task({ letters: '+F:v:f:W:', long: {} }, function* (system, options) {
  const words = [...options.words];
  let source = '';
  for (const path of options.values('f')) {
    try {
      source += `${system.files.readText(path)}\n`;
    } catch (error) {
      yield* system.stderr.write(`awk: ${path}: ${because(error)}\n`);
      return 1;
    }
  }
  if (!options.has('f')) {
    const text = words.shift();
    if (text === undefined) throw new UsageError('');
    source = text;
  }
  let awkRunning: Interpreter | undefined;
  try {
    const program = new AwkParser(source).parse();
    const interpreter = new Interpreter(program, system);
    awkRunning = interpreter;
    if (options.has('F')) interpreter.globals.set('FS', options.value('F') === 't' ? '\t' : unescape(options.value('F') as string));
    for (const assignment of options.values('v')) interpreter.globals.set(assignment.slice(0, assignment.indexOf('=')), new Numeric(unescape(assignment.slice(assignment.indexOf('=') + 1))));
    const argv = interpreter.array('ARGV');
    for (const [index, word] of ['awk', ...words].entries()) argv.set(String(index), new Numeric(word));
    interpreter.globals.set('ARGC', words.length + 1);
    const records = new Records(system, interpreter);
    const hasMain = program.rules.some(({ pattern }) => pattern !== 'BEGIN');
    const code = yield* run(interpreter, records, hasMain);
    yield* interpreter.finish();
    return code;
  } catch (error) {
    if (awkRunning) yield* awkRunning.flush();
    if (error instanceof AwkSyntaxError) yield* system.stderr.write(`awk: ${error.message}\n`);
    else if (error instanceof AwkError) yield* system.stderr.write(`awk: cmd. line:1: ${error.message}\n`);
    else if (error instanceof PatternError) yield* system.stderr.write(`awk: bad regex: ${error.message}\n`);
    else if (error instanceof SystemError && error.code !== 'EPIPE') {
      yield* system.stderr.write(`awk: ${error.path ?? ''}: ${because(error)}\n`);
      return 2;
    } else throw error;
    return error instanceof AwkError ? 2 : 1;
  }
});
