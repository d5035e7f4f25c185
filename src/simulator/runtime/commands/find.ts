import { SystemError, type FileStatus } from '../interface';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import type { Task } from '../../kernel';
import { matches } from '../shell/pattern';
import { groupName, userName } from '../process/users';
import { basicExpression } from './regular-expression';
import { modeText } from './modes';
import { because, LineReader, plainComplaint, splitLines, task, UsageError } from './tool';
import { command } from '../process/program';

interface Visit {
  readonly path: string;
  readonly status: FileStatus;
  readonly depth: number;
  prune: boolean;
}

type Test = (visit: Visit) => Task<boolean>;

const typeLetters: Readonly<Record<string, FileStatus['type']>> = { f: 'file', d: 'folder', l: 'symlink', p: 'fifo', c: 'device', s: 'socket' };

/** A wrong expression. */
class FindError extends Error {}

/** Compares as +n, -n, n do. */
function compareNumber(text: string, value: number): boolean {
  const number = Number(text.replace(/^[-+]/, ''));
  return text.startsWith('+') ? value > number : text.startsWith('-') ? value < number : value === number;
}

/** Reads find's expression into a test. */
class FindParser {
  private at = 0;
  hasAction = false;
  depthFirst = false;
  maxDepth = Infinity;
  minDepth = 0;
  private readonly batches: { words: string[]; paths: string[] }[] = [];

  constructor(private readonly system: SystemCalls, private readonly words: readonly string[], private readonly print: (text: string) => Task, private readonly roots: readonly string[]) {}

  parse(): Test {
    if (this.words.length === 0) return function* () { return true; };
    const test = this.or();
    if (this.at < this.words.length) throw new FindError(`unrecognized: ${this.words[this.at] as string}`);
    return test;
  }

  /** Runs what -exec … + has gathered. */
  *finish(): Task<number> {
    let status = 0;
    for (const { words, paths } of this.batches) if (paths.length > 0 && (yield* this.run([...words, ...paths])) !== 0) status = 1;
    return status;
  }

  private or(): Test {
    let left = this.and();
    while (this.words[this.at] === '-o' || this.words[this.at] === '-or') {
      this.at += 1;
      const first = left;
      const second = this.and();
      left = function* (visit) { return (yield* first(visit)) || (yield* second(visit)); };
    }
    return left;
  }

  private and(): Test {
    let left = this.not();
    for (let word = this.words[this.at]; word !== undefined && word !== '-o' && word !== '-or' && word !== ')'; word = this.words[this.at]) {
      if (word === '-a' || word === '-and') this.at += 1;
      const first = left;
      const second = this.not();
      left = function* (visit) { return (yield* first(visit)) && (yield* second(visit)); };
    }
    return left;
  }

  private not(): Test {
    if (this.words[this.at] === '!' || this.words[this.at] === '-not') {
      this.at += 1;
      const inner = this.not();
      return function* (visit) { return !(yield* inner(visit)); };
    }
    if (this.words[this.at] === '(') {
      this.at += 1;
      const inner = this.or();
      if (this.words[this.at] !== ')') throw new FindError("unmatched '('");
      this.at += 1;
      return inner;
    }
    return this.primary();
  }

  private argument(name: string): string {
    const value = this.words[this.at];
    if (value === undefined) throw new FindError(`${name}: argument required`.replace(/^(.*): argument required$/, 'option requires an argument -- $1'));
    this.at += 1;
    return value;
  }

  private primary(): Test {
    const name = this.words[this.at] as string;
    this.at += 1;
    const { system } = this;
    const simple = (check: (visit: Visit) => boolean): Test => function* (visit) { return check(visit); };
    const base = (path: string) => path.replace(/\/+$/, '').replace(/^.*\//, '') || '/';
    switch (name) {
      case '-true':
        return simple(() => true);
      case '-name':
      case '-iname': {
        const pattern = this.argument(name);
        return name === '-name' ? simple(({ path }) => matches(pattern, base(path))) : simple(({ path }) => matches(pattern.toLowerCase(), base(path).toLowerCase()));
      }
      case '-path':
      case '-wholename':
      case '-ipath': {
        const pattern = this.argument(name);
        return simple(({ path }) => matches(pattern, path));
      }
      case '-regex': {
        const expression = new RegExp(`^(?:${basicExpression(this.argument(name), false).source})$`, 'u');
        return simple(({ path }) => expression.test(path));
      }
      case '-type': {
        const types = this.argument(name).split(',').map((letter) => typeLetters[letter]);
        return simple(({ status }) => types.includes(status.type));
      }
      case '-size': {
        const [, amount = '0', unit = 'b'] = /^([-+]?\d+)([bckwMG]?)$/.exec(this.argument(name)) ?? [];
        const bytes = { c: 1, w: 2, b: 512, '': 512, k: 1024, M: 1_048_576, G: 1024 ** 3 }[unit] ?? 512;
        return simple(({ status }) => compareNumber(amount, Math.ceil(status.size / bytes)));
      }
      case '-mtime':
      case '-mmin':
      case '-ctime':
      case '-atime': {
        const amount = this.argument(name);
        const unit = name === '-mmin' ? 60e6 : 86_400e6;
        return simple(({ status }) => compareNumber(amount, Math.floor((system.now - status.modifiedAt) / unit)));
      }
      case '-newer': {
        const reference = system.files.status(this.argument(name)).modifiedAt;
        return simple(({ status }) => status.modifiedAt > reference);
      }
      case '-empty':
        return simple(({ path, status }) => (status.type === 'folder' ? system.files.list(path).length === 0 : status.type === 'file' && status.size === 0));
      case '-perm': {
        const text = this.argument(name);
        const mode = parseInt(text.replace(/^[-/+]/, ''), 8);
        return simple(({ status }) => (text.startsWith('-') ? (status.mode & mode) === mode : text.startsWith('/') || text.startsWith('+') ? (status.mode & mode) !== 0 : status.mode === mode));
      }
      case '-user': {
        const user = this.argument(name);
        return simple(({ status }) => (userName(system.files, status.uid) ?? '') === user || String(status.uid) === user);
      }
      case '-group': {
        const group = this.argument(name);
        return simple(({ status }) => (groupName(system.files, status.gid) ?? '') === group || String(status.gid) === group);
      }
      case '-inum':
      case '-links': {
        const number = this.argument(name);
        return simple(({ status }) => compareNumber(number, name === '-inum' ? status.inode : status.links));
      }
      default:
        return this.option(name);
    }
  }

  private option(name: string): Test {
    const always: Test = function* () { return true; };
    switch (name) {
      case '-maxdepth':
        this.maxDepth = Number(this.argument(name));
        return always;
      case '-mindepth':
        this.minDepth = Number(this.argument(name));
        return always;
      case '-depth':
        this.depthFirst = true;
        return always;
      case '-xdev':
      case '-follow':
        return always;
      default:
        return this.action(name);
    }
  }

  private action(name: string): Test {
    const { system, print } = this;
    switch (name) {
      case '-print':
        this.hasAction = true;
        return function* ({ path }) { yield* print(`${path}\n`); return true; };
      case '-print0':
        this.hasAction = true;
        return function* ({ path }) { yield* print(`${path}\0`); return true; };
      case '-ls':
        this.hasAction = true;
        return function* ({ path, status }) { yield* print(`${status.inode} ${modeText(status)} ${status.links} ${status.size} ${path}\n`); return true; };
      case '-prune':
        return function* (visit) { visit.prune = true; return true; };
      case '-quit':
        return function* () { throw new FindQuit(); };
      case '-delete':
        this.hasAction = true;
        this.depthFirst = true;
        return function* ({ path, status }) {
          try {
            if (status.type === 'folder') system.files.removeFolder(path);
            else system.files.remove(path);
            return true;
          } catch (error) {
            yield* system.stderr.write(`find: ${path}: ${because(error)}\n`);
            return false;
          }
        };
      case '-exec':
      case '-ok':
        return this.exec();
      default:
        throw new FindError(`unrecognized: ${name}`);
    }
  }

  private exec(): Test {
    this.hasAction = true;
    const words: string[] = [];
    for (let word = this.argument('-exec'); word !== ';'; word = this.argument('-exec')) {
      if (word === '+' && words[words.length - 1] === '{}') {
        const batch = { words: words.slice(0, -1), paths: [] as string[] };
        this.batches.push(batch);
        return function* ({ path }) { batch.paths.push(path); return true; };
      }
      words.push(word);
    }
    const run = (argv: readonly string[]) => this.run(argv);
    return function* ({ path }) { return (yield* run(words.map((word) => word.replaceAll('{}', path)))) === 0; };
  }

  private *run(argv: readonly string[]): Task<number> {
    yield* this.print('');
    try {
      return yield* this.system.spawn(argv).wait();
    } catch (error) {
      yield* this.system.stderr.write(`find: ${argv[0]}: ${because(error)}\n`);
      return 127;
    }
  }

  get startingPoints(): readonly string[] {
    return this.roots;
  }
}

class FindQuit extends Error {}

function* walk(system: SystemCalls, path: string, depth: number, parser: FindParser, test: Test, follow: boolean): Task<number> {
  let found: FileStatus;
  try {
    found = system.files.status(path, { followLinks: follow });
  } catch (error) {
    yield* system.stderr.write(plainComplaint('find')(path, because(error)));
    return 1;
  }
  const visit: Visit = { path, status: found, depth, prune: false };
  let status = 0;
  const check = function* (): Task {
    if (depth >= parser.minDepth) yield* test(visit);
  };
  if (!parser.depthFirst) yield* check();
  if (found.type === 'folder' && !visit.prune && depth < parser.maxDepth) {
    let names: readonly string[] = [];
    try {
      names = system.files.list(path);
    } catch (error) {
      yield* system.stderr.write(`find: ${path}: ${because(error)}\n`);
      status = 1;
    }
    for (const name of names) status = Math.max(status, yield* walk(system, path.endsWith('/') ? path + name : `${path}/${name}`, depth + 1, parser, test, follow));
  }
  if (parser.depthFirst) yield* check();
  if (system.process.charge(10)) yield* system.process.settle();
  return status;
}

const find: Executable = command(function* (system) {
  let words = system.argv.slice(1);
  let follow = false;
  while (/^-[HLP]$/.test(words[0] ?? '')) {
    follow = words[0] === '-L';
    words = words.slice(1);
  }
  const end = words.findIndex((word) => word.startsWith('-') || word === '(' || word === '!');
  const roots = end === 0 || words.length === 0 ? ['.'] : words.slice(0, end < 0 ? undefined : end);
  const expression = end < 0 ? [] : words.slice(end);
  let out = '';
  const print = function* (text: string): Task {
    out += text;
    if (out !== '' && (text === '' || out.length > 8192)) {
      yield* system.stdout.write(out);
      out = '';
    }
  };
  let status = 0;
  try {
    const parser = new FindParser(system, expression, print, roots);
    const parsed = parser.parse();
    const test: Test = parser.hasAction ? parsed : function* (visit) {
      const result = yield* parsed(visit);
      if (result) yield* print(`${visit.path}\n`);
      return result;
    };
    for (const root of parser.startingPoints) status = Math.max(status, yield* walk(system, root, 0, parser, test, follow));
    yield* print('');
    status = Math.max(status, yield* parser.finish());
  } catch (error) {
    if (error instanceof FindQuit) yield* print('');
    else if (error instanceof FindError) {
      yield* system.stderr.write(`find: ${error.message}\n`);
      return 1;
    } else if (error instanceof SystemError && error.code !== 'EPIPE') {
      yield* system.stderr.write(`find: ${error.path ?? ''}: ${because(error)}\n`);
      return 1;
    } else throw error;
  }
  return status;
});

/** Splits xargs' input: blanks separate, quotes and backslashes protect. */
function inputWords(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:"[^"\n]*"|'[^'\n]*'|\\.|[^\s"'\\])+/gs)) words.push(match[0].replace(/"([^"]*)"|'([^']*)'|\\(.)/gs, (_whole, a?: string, b?: string, c?: string) => a ?? b ?? c ?? ''));
  return words;
}

const xargs: Executable = task({ letters: '+0rn:L:I:ts:P:e::E:pxa:d:', long: { 'no-run-if-empty': 'r', null: '0', 'max-args': 'n', replace: 'I', 'max-procs': 'P' } }, function* (system, options) {
  const reader = new LineReader(system.stdin, system);
  let text = '';
  const lines: string[] = [];
  for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
    lines.push(line);
    text += `${line}\n`;
  }
  const words = options.words.length > 0 ? options.words : ['echo'];
  const replace = options.value('I');
  const limit = options.number('n', 0);
  if (options.has('n') && limit < 1) throw new UsageError(`invalid number '${options.value('n') ?? ''}'`);
  const groups: string[][] = [];
  if (replace !== undefined) for (const line of lines) { if (line.trim() !== '') groups.push(words.map((word) => word.replaceAll(replace, line.trimStart()))); }
  else {
    const items = options.has('0') ? text.replace(/\n$/, '').split('\0').filter((item, index, all) => item !== '' || index < all.length - 1) : options.has('d') ? splitLines(text).join('\n').split(options.value('d') === '\\n' ? '\n' : (options.value('d') ?? '\n')) : inputWords(text);
    if (options.has('L')) for (const line of lines) groups.push([...words, ...inputWords(line)]);
    else if (limit > 0) for (let i = 0; i < items.length; i += limit) groups.push([...words, ...items.slice(i, i + limit)]);
    else if (items.length > 0) for (let i = 0; i < items.length; i += 5000) groups.push([...words, ...items.slice(i, i + 5000)]);
    if (groups.length === 0 && !options.has('r')) groups.push([...words]);
  }
  let status = 0;
  for (const argv of groups) {
    if (options.has('t')) yield* system.stderr.write(`${argv.join(' ')}\n`);
    try {
      const code = yield* system.spawn(argv, { stdin: system.files.openHandle('/dev/null', { read: true }) }).wait();
      if (code === 255) {
        yield* system.stderr.write(`xargs: ${argv[0]}: exited with status 255; aborting\n`);
        return 124;
      }
      if (code > 128) return 125;
      if (code !== 0) status = 123;
    } catch (error) {
      yield* system.stderr.write(`xargs: ${argv[0]}: ${because(error)}\n`);
      return error instanceof SystemError && error.code === 'ENOENT' ? 127 : 126;
    }
  }
  return status;
});

/** find and xargs. */
export const findCommands: Readonly<Record<string, Executable>> = { find, xargs };
