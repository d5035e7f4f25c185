import { type FileStatus, SystemError } from '../interface';
import type { Output } from '../process/program';
import type { SystemCalls } from '../process/system';

/** A wrong test expression. */
class TestError extends Error {}

const unary = new Set(['-e', '-f', '-d', '-L', '-h', '-r', '-w', '-x', '-s', '-n', '-z', '-t', '-p', '-S', '-b', '-c', '-u', '-g', '-k', '-O', '-G']);
const binary = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef', '=~']);

function status(system: SystemCalls, path: string, followLinks = true): FileStatus | undefined {
  try {
    return system.files.status(path, { followLinks });
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function number(text: string): bigint {
  const match = /^\s*([-+]?\d+)\s*$/.exec(text);
  if (!match) throw new TestError(`${text}: bad number`);
  return BigInt((match[1] as string).replace(/^\+/, ''));
}

function compareNumbers(a: string, operator: string, b: string): boolean {
  const left = number(a);
  const right = number(b);
  switch (operator) {
    case '-eq':
      return left === right;
    case '-ne':
      return left !== right;
    case '-lt':
      return left < right;
    case '-le':
      return left <= right;
    case '-gt':
      return left > right;
    default:
      return left >= right;
  }
}

function compare(system: SystemCalls, a: string, operator: string, b: string): boolean {
  switch (operator) {
    case '=':
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '=~':
      return new RegExp(b).test(a);
    case '-nt':
    case '-ot': {
      const first = status(system, a)?.modifiedAt ?? -1;
      const second = status(system, b)?.modifiedAt ?? -1;
      return operator === '-nt' ? first > second : first < second;
    }
    case '-ef': {
      const first = status(system, a);
      return first !== undefined && first.inode === status(system, b)?.inode;
    }
    default:
      return compareNumbers(a, operator, b);
  }
}

function check(system: SystemCalls, operator: string, value: string): boolean {
  switch (operator) {
    case '-n':
      return value !== '';
    case '-z':
      return value === '';
    case '-t':
      return system.process.fd(Number(number(value))).isTerminal;
    case '-r':
    case '-w':
    case '-x':
      return system.files.allows(value, operator[1] as 'r' | 'w' | 'x');
    case '-L':
    case '-h':
      return status(system, value, false)?.type === 'symlink';
    default:
  }
  const found = status(system, value);
  if (!found) return false;
  switch (operator) {
    case '-f':
      return found.type === 'file';
    case '-d':
      return found.type === 'folder';
    case '-s':
      return found.size > 0;
    case '-p':
      return found.type === 'fifo';
    case '-S':
      return found.type === 'socket';
    case '-c':
      return found.type === 'device';
    case '-b':
      return false;
    case '-u':
      return (found.mode & 0o4000) !== 0;
    case '-g':
      return (found.mode & 0o2000) !== 0;
    case '-k':
      return (found.mode & 0o1000) !== 0;
    case '-O':
      return found.uid === system.uid;
    case '-G':
      return found.gid === system.gid;
    default:
      return true;
  }
}

/** POSIX's rules by the number of arguments, then or, and, not. */
class TestParser {
  private at = 0;

  constructor(private readonly system: SystemCalls, private readonly words: readonly string[]) {}

  evaluate(): boolean {
    if (this.words.length === 0) return false;
    const result = this.or();
    if (this.at < this.words.length) throw new TestError(`${this.words[this.at]}: unknown operand`);
    return result;
  }

  private or(): boolean {
    let result = this.and();
    while (this.words[this.at] === '-o' || this.words[this.at] === '||') {
      this.at += 1;
      const right = this.and();
      result = result || right;
    }
    return result;
  }

  private and(): boolean {
    let result = this.not();
    while (this.words[this.at] === '-a' || this.words[this.at] === '&&') {
      this.at += 1;
      const right = this.not();
      result = result && right;
    }
    return result;
  }

  private not(): boolean {
    if (this.words[this.at] === '!' && this.at + 1 < this.words.length && !(binary.has(this.words[this.at + 1] as string) && this.at + 2 < this.words.length)) {
      this.at += 1;
      return !this.not();
    }
    return this.primary();
  }

  private primary(): boolean {
    const word = this.words[this.at];
    if (word === undefined) throw new TestError('argument expected');
    const next = this.words[this.at + 1];
    if (next !== undefined && binary.has(next) && this.words[this.at + 2] !== undefined) {
      this.at += 3;
      return compare(this.system, word, next, this.words[this.at - 1] as string);
    }
    if (word === '(' && this.words.length - this.at > 2) {
      this.at += 1;
      const result = this.or();
      if (this.words[this.at] !== ')') throw new TestError('closing paren expected');
      this.at += 1;
      return result;
    }
    if (unary.has(word) && next !== undefined && !((next === '-a' || next === '-o') && this.at + 2 < this.words.length)) {
      this.at += 2;
      return check(this.system, word, next);
    }
    if (next !== undefined && binary.has(next) && this.words.length - this.at === 2) throw new TestError(`${next}: argument expected`);
    this.at += 1;
    return word !== '';
  }
}

/** test, [ and [[ : `name` stands before complaints. */
export function test(name: string, system: SystemCalls, argv: readonly string[], out: Output): number {
  let words = argv.slice(1);
  const closing = argv[0] === '[' ? ']' : argv[0] === '[[' ? ']]' : undefined;
  if (closing !== undefined) {
    if (words[words.length - 1] !== closing) {
      out.error(`${name}: missing ${closing}\n`);
      return 2;
    }
    words = words.slice(0, -1);
  }
  try {
    return new TestParser(system, words).evaluate() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    out.error(`${name}: ${error.message}\n`);
    return 2;
  }
}
