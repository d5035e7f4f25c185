import type { Task } from '../../kernel';
import { SystemError } from '../interface';
import { echo } from '../commands/echo';
import { printf } from '../commands/printf';
import { test } from '../commands/test';
import { findFile } from '../process/execute';
import { errorText } from '../files/errors';
import { normalize } from '../files/mounts';
import type { Output } from '../process/program';
import { getopts } from './getopts';
import { bg, fg, jobs, kill, wait } from './job-builtins';
import { readBuiltin } from './read';
import { exportBuiltin, local, readOnly, setBuiltin, trapBuiltin, ulimit, umask, unset } from './setting-builtins';
import { type Builtin, builtins } from './registry';
import type { Shell } from './shell';
import { evalBuiltin, execBuiltin, source } from './running-builtins';
import { quote } from './trace';
import { ShellError, ShellExit } from './variables';


/** A number that exit, return, break or shift take. Throws ShellError. */
function count(shell: Shell, argv: readonly string[], fallback: number): number {
  const [name = '', text] = argv;
  if (text === undefined) return fallback;
  if (!/^\d+$/.test(text)) throw new ShellError(failing(shell, name, `Illegal number: ${text}`));
  return Number(text);
}

/** The message of a builtin's error, already with its name; report() then prints it as it is. */
function failing(shell: Shell, name: string, message: string): string {
  shell.complain(message, name);
  return '';
}

function loopControl(kind: 'break' | 'continue'): Builtin {
  return {
    special: true,
    run: (shell, argv) => {
      const levels = count(shell, argv, 1);
      if (levels < 1) throw new ShellError(failing(shell, kind, `Illegal number: ${argv[1] ?? ''}`));
      if (shell.loopDepth > 0) {
        shell.skip = kind;
        shell.skipLevels = Math.min(levels, shell.loopDepth);
      }
      return 0;
    },
  };
}

function returnFrom(shell: Shell, argv: readonly string[]): number {
  const status = count(shell, argv, shell.status) & 0xff;
  if (shell.functionDepth > 0 || shell.sourceDepth > 0) {
    shell.skip = 'return';
    shell.status = status;
    return status;
  }
  throw new ShellExit(status);
}

function shift(shell: Shell, argv: readonly string[]): number {
  const by = count(shell, argv, 1);
  if (by > shell.parameters.length) return 1;
  shell.parameters = shell.parameters.slice(by);
  return 0;
}

function cd(shell: Shell, argv: readonly string[], out: Output): number {
  const words = argv.slice(1);
  let physical = false;
  while (/^-[LP]+$/.test(words[0] ?? '')) physical = (words.shift() as string).endsWith('P');
  if (words[0] === '--') words.shift();
  let [target = shell.variables.get('HOME') ?? ''] = words;
  let announce = false;
  if (target === '-') {
    target = shell.variables.get('OLDPWD') ?? shell.process.cwd;
    announce = true;
  }
  const { process } = shell;
  if (target === '') return 0;
  let path = normalize(process.cwd, target);
  const searchPath = shell.variables.get('CDPATH');
  if (searchPath && !/^\.{0,2}\//.test(target)) {
    for (const folder of searchPath.split(':')) {
      const candidate = normalize(process.cwd, `${folder || '.'}/${target}`);
      if (process.files.exists(candidate) && process.files.status(candidate).type === 'folder') {
        announce = announce || folder !== '';
        path = candidate;
        break;
      }
    }
  }
  try {
    if (process.files.status(path).type !== 'folder') throw new SystemError('ENOTDIR', path);
    if (!process.files.allows(path, 'x')) throw new SystemError('EACCES', path);
    if (physical) path = process.files.realPath(path);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    shell.complain(`can't cd to ${target}: ${errorText(error.code)}`, 'cd');
    return 2;
  }
  shell.variables.set('OLDPWD', shell.variables.get('PWD') ?? process.cwd);
  process.cwd = path;
  shell.variables.set('PWD', path);
  if (announce) out.write(`${path}\n`);
  return 0;
}

const keywords = new Set(['!', '{', '}', 'if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac', 'in', 'function', '[[']);

/** type and command -v: what a name is. */
function describe(shell: Shell, name: string, verbose: boolean): string | undefined {
  if (keywords.has(name) && name !== '[[') return verbose ? `${name} is a shell keyword` : name;
  const alias = shell.aliases.get(name);
  if (alias !== undefined) return verbose ? `${name} is an alias for ${alias}` : `alias ${name}='${alias}'`;
  if (shell.functions.has(name)) return verbose ? `${name} is a function` : name;
  const builtin = builtins.get(name);
  if (builtin) return verbose ? `${name} is a ${builtin.special ? 'special ' : ''}shell builtin`.replace('special ', '') : name;
  try {
    const { path } = findFile(shell.process, name, shell.variables.get('PATH'));
    return verbose ? `${name} is ${path}` : path;
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function type(shell: Shell, argv: readonly string[], out: Output): number {
  let status = 0;
  for (const name of argv.slice(1)) {
    const text = describe(shell, name, true);
    if (text === undefined) status = 127;
    out.write(`${text ?? `${name}: not found`}\n`);
  }
  return status;
}

function* commandBuiltin(shell: Shell, argv: readonly string[]): Task<number> {
  let index = 1;
  let mode = '';
  for (; /^-[pvV]+$/.test(argv[index] ?? ''); index++) mode = (argv[index] as string).slice(-1) === 'p' ? mode : (argv[index] as string).slice(-1);
  if (argv[index] === '--') index += 1;
  const words = argv.slice(index);
  if (mode !== '') {
    let status = 0;
    for (const name of words) {
      const text = describe(shell, name, mode === 'V');
      if (text === undefined) status = 127;
      if (text !== undefined || mode === 'V') yield* shell.process.fd(1).write(`${text ?? `${name}: not found`}\n`);
    }
    return status;
  }
  if (words.length === 0) return 0;
  return yield* execBuiltin.plain(shell, words);
}

function alias(shell: Shell, argv: readonly string[], out: Output): number {
  let status = 0;
  if (argv.length === 1) for (const [name, value] of shell.aliases) out.write(`${name}=${quote(value).startsWith("'") ? quote(value) : `'${value}'`}\n`);
  for (const word of argv.slice(1)) {
    const at = word.indexOf('=', 1);
    if (at > 0) shell.aliases.set(word.slice(0, at), word.slice(at + 1));
    else if (shell.aliases.has(word)) out.write(`${word}='${shell.aliases.get(word) ?? ''}'\n`);
    else {
      out.error(`${shell.prefix('alias')}${word} not found\n`);
      status = 1;
    }
  }
  return status;
}

function unalias(shell: Shell, argv: readonly string[], out: Output): number {
  let status = 0;
  for (const word of argv.slice(1)) {
    if (word === '-a') shell.aliases.clear();
    else if (!shell.aliases.delete(word)) {
      out.error(`${shell.prefix('unalias')}${word} not found\n`);
      status = 1;
    }
  }
  return status;
}

function hash(shell: Shell, argv: readonly string[], out: Output): number {
  if (argv[1] === '-r') shell.forgetCommands();
  else if (argv.length === 1) for (const path of shell.rememberedCommands) out.write(`${path}\n`);
  return 0;
}

function letBuiltin(shell: Shell, argv: readonly string[]): number {
  let value = '0';
  for (const expression of argv.slice(1)) value = shell.expander.evaluate(expression);
  return value === '0' ? 1 : 0;
}

function pwd(shell: Shell, argv: readonly string[], out: Output): number {
  out.write(`${argv[1] === '-P' ? shell.process.files.realPath('.') : shell.process.cwd}\n`);
  return 0;
}

function times(_shell: Shell, _argv: readonly string[], out: Output): number {
  out.write('0m0.00s 0m0.00s\n0m0.00s 0m0.00s\n');
  return 0;
}

const testBuiltin: Builtin = { pure: true, run: (shell, argv, out) => test(shell.name, shell.process.system, argv, out) };

const all: readonly (readonly [string, Builtin])[] = [
  [':', { special: true, run: () => 0 }],
  ['.', { special: true, task: source }],
  ['source', { special: true, task: source }],
  ['break', loopControl('break')],
  ['continue', loopControl('continue')],
  ['eval', { special: true, task: evalBuiltin }],
  ['exec', { special: true, task: execBuiltin }],
  ['exit', { special: true, run: (shell, argv) => { throw new ShellExit(count(shell, argv, shell.status) & 0xff); } }],
  ['export', { special: true, run: exportBuiltin }],
  ['readonly', { special: true, run: readOnly }],
  ['return', { special: true, run: returnFrom }],
  ['set', { special: true, run: setBuiltin }],
  ['shift', { special: true, run: shift }],
  ['times', { special: true, run: times }],
  ['trap', { special: true, run: trapBuiltin }],
  ['unset', { special: true, run: unset }],
  ['[', testBuiltin],
  ['[[', testBuiltin],
  ['test', testBuiltin],
  ['alias', { run: alias }],
  ['unalias', { run: unalias }],
  ['bg', { run: bg }],
  ['fg', { task: fg }],
  ['jobs', { run: jobs }],
  ['kill', { run: kill }],
  ['wait', { task: wait }],
  ['cd', { run: cd }],
  ['chdir', { run: cd }],
  ['command', { task: commandBuiltin }],
  ['echo', { pure: true, run: (_shell, argv, out) => echo(argv, out) }],
  ['printf', { pure: true, run: (shell, argv, out) => printf(shell.name, argv, out) }],
  ['true', { pure: true, run: () => 0 }],
  ['false', { pure: true, run: () => 1 }],
  ['getopts', { run: getopts }],
  ['hash', { run: hash }],
  ['help', { run: (_shell, _argv, out) => (out.write(`Built-in commands:\n------------------\n\t${[...builtins.keys()].sort().join(' ')}\n`), 0) }],
  ['let', { run: letBuiltin }],
  ['local', { run: local }],
  ['pwd', { pure: true, run: pwd }],
  ['read', { task: readBuiltin }],
  ['type', { pure: true, run: type }],
  ['ulimit', { run: ulimit }],
  ['umask', { run: umask }],
];

/** Makes every builtin known to the shell. */
export function registerBuiltins(): void {
  for (const [name, builtin] of all) builtins.set(name, builtin);
}
