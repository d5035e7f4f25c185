import { matches as matchesName } from '../shell/pattern';
import { SystemError } from '../interface';
import { type Handle, wouldWait } from '../process/handle';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import type { Task } from '../../kernel';
import { basicExpression, PatternError } from './regular-expression';
import { because, LineReader, type Options, splitLines, task, UsageError } from './tool';

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** One expression for all patterns, as -E, -F, -i, -w, -x ask. Throws PatternError. */
function compile(options: Options, patterns: readonly string[]): RegExp {
  const sources = patterns.map((pattern) => (options.has('F') ? escape(pattern) : basicExpression(pattern, options.has('E')).source));
  let source = sources.map((each) => `(?:${each})`).join('|');
  if (sources.length === 0) source = '[]';
  if (options.has('x')) source = `^(?:${source})$`;
  else if (options.has('w')) source = `(?<![A-Za-z0-9_])(?:${source})(?![A-Za-z0-9_])`;
  try {
    return new RegExp(source, `gu${options.has('i') ? 'i' : ''}`);
  } catch {
    throw new PatternError('Invalid regular expression');
  }
}

interface Search {
  readonly expression: RegExp;
  readonly options: Options;
  readonly names: boolean;
  readonly before: number;
  readonly after: number;
}

/** Searches one file; gives how many lines matched. */
function* searchHandle(system: SystemCalls, handle: Handle, name: string, search: Search): Task<number> {
  const { options, expression, before, after } = search;
  const reader = new LineReader(handle, system);
  const silent = options.has('q') || options.has('l') || options.has('L') || options.has('c');
  const limit = options.number('m', Infinity);
  const kept: string[] = [];
  let number = 0;
  let count = 0;
  let trailing = 0;
  let lastShown = 0;
  let out = '';
  const label = (separator: string, line: number) => `${search.names ? `${name}${separator}` : ''}${options.has('n') ? `${line}${separator}` : ''}`;
  for (;;) {
    const line = reader.tryNext();
    if (line === wouldWait || out.length > 32_768) {
      if (out !== '') yield* system.stdout.write(out);
      out = '';
      if (line === wouldWait) {
        yield* reader.wait();
        continue;
      }
    }
    if (line === undefined) break;
    number += 1;
    expression.lastIndex = 0;
    const found = expression.test(line) !== options.has('v');
    if (system.process.charge(0.3)) yield* system.process.settle();
    if (!found) {
      if (trailing > 0 && !silent) {
        out += `${label('-', number)}${line}\n`;
        trailing -= 1;
        lastShown = number;
      } else if (before > 0) {
        kept.push(line);
        if (kept.length > before) kept.shift();
      }
      continue;
    }
    count += 1;
    if (options.has('q') || options.has('l')) break;
    if (!silent) {
      const first = number - kept.length;
      if ((before > 0 || after > 0) && lastShown > 0 && first > lastShown + 1) out += '--\n';
      for (const [index, text] of kept.entries()) out += `${label('-', first + index)}${text}\n`;
      kept.length = 0;
      if (options.has('o')) {
        expression.lastIndex = 0;
        if (!options.has('v')) for (const match of line.matchAll(expression)) if (match[0] !== '') out += `${label(':', number)}${match[0]}\n`;
      } else out += `${label(':', number)}${line}\n`;
      lastShown = number;
      trailing = after;
    }
    if (count >= limit) break;
  }
  if (options.has('q')) return count;
  if (options.has('l')) out += count > 0 ? `${name}\n` : '';
  else if (options.has('L')) out += count === 0 ? `${name}\n` : '';
  else if (options.has('c')) out += `${search.names ? `${name}:` : ''}${count}\n`;
  if (out !== '') yield* system.stdout.write(out);
  return count;
}

/** The files below a folder, for -r. */
function filesBelow(system: SystemCalls, path: string, options: Options, out: string[]): void {
  const status = system.files.status(path, { followLinks: false });
  if (status.type !== 'folder') {
    const base = path.replace(/^.*\//, '');
    const included = options.values('I').length === 0 || options.values('I').some((pattern) => matchesName(pattern, base));
    if (status.type === 'file' && included && !options.values('X').some((pattern) => matchesName(pattern, base))) out.push(path);
    return;
  }
  for (const name of system.files.list(path)) filesBelow(system, `${path.replace(/\/$/, '')}/${name}`, options, out);
}

function* searchAll(system: SystemCalls, options: Options, flavour: string): Task<number> {
  if (flavour !== '') options.set(flavour, '');
  const words = [...options.words];
  const patterns = [...options.values('e')];
  for (const path of options.values('f')) {
    try {
      patterns.push(...splitLines(system.files.readText(path)));
    } catch (error) {
      yield* system.stderr.write(`grep: ${path}: ${because(error)}\n`);
      return 2;
    }
  }
  if (!options.has('e') && !options.has('f')) {
    const pattern = words.shift();
    if (pattern === undefined) throw new UsageError('');
    patterns.push(...pattern.split('\n'));
  }
  let expression: RegExp;
  try {
    expression = compile(options, patterns.flatMap((pattern) => pattern.split('\n')));
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    yield* system.stderr.write(`grep: bad regex '${patterns[0] ?? ''}': ${error.message}\n`);
    return 2;
  }
  const recursive = options.has('r') || options.has('R');
  const both = options.number('C', 0);
  const paths = recursive && words.length === 0 ? ['.'] : words;
  const search: Search = { expression, options, names: options.has('H') || ((paths.length > 1 || recursive) && !options.has('h')), before: options.number('B', both), after: options.number('A', both) };
  let matched = false;
  let failed = false;
  if (paths.length === 0) matched = (yield* searchHandle(system, system.stdin, '(standard input)', search)) > 0;
  for (const path of paths) {
    try {
      const list: string[] = [];
      if (recursive && path !== '-') filesBelow(system, path, options, list);
      else list.push(path);
      for (const file of list) {
        const handle = file === '-' ? system.stdin.retain() : system.files.openHandle(file, { read: true });
        try {
          if ((yield* searchHandle(system, handle, file === '-' ? '(standard input)' : file, search)) > 0) matched = true;
        } finally {
          handle.close();
        }
        if (matched && options.has('q')) return 0;
      }
    } catch (error) {
      if (error instanceof SystemError && error.code === 'EPIPE') throw error;
      if (!options.has('s')) yield* system.stderr.write(`grep: ${path}: ${because(error)}\n`);
      failed = true;
    }
  }
  if (options.has('L')) return matched ? 0 : failed ? 2 : 0;
  return failed && !(matched && options.has('q')) ? 2 : matched ? 0 : 1;
}

const syntax = {
  letters: 'lLnqvscFiHhe:f:oxwrRm:A:B:C:EazI:X:',
  long: { extended: 'E', 'extended-regexp': 'E', 'fixed-strings': 'F', 'ignore-case': 'i', 'invert-match': 'v', count: 'c', 'line-number': 'n', quiet: 'q', silent: 'q', recursive: 'r', 'only-matching': 'o', 'word-regexp': 'w', 'line-regexp': 'x', 'files-with-matches': 'l', 'no-messages': 's', 'max-count': 'm', 'after-context': 'A', 'before-context': 'B', context: 'C', regexp: 'e', file: 'f', include: 'I', exclude: 'X', 'no-filename': 'h', 'with-filename': 'H', color: 'a' },
};

/** -5 is -C 5. */
function oldContext(program: Executable): Executable {
  return function* (system) {
    const argv = system.argv.map((word, index) => (index > 0 && /^-\d+$/.test(word) ? `-C${word.slice(1)}` : word));
    return yield* program((system as SystemCalls).as(argv, system.env));
  };
}

/** grep, egrep, fgrep. */
export const grepCommands: Readonly<Record<string, Executable>> = {
  grep: oldContext(task(syntax, (system, options) => searchAll(system, options, ''))),
  egrep: oldContext(task(syntax, (system, options) => searchAll(system, options, 'E'))),
  fgrep: oldContext(task(syntax, (system, options) => searchAll(system, options, 'F'))),
};
