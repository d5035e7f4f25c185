import { type Task, utf8Decode } from '../../kernel';
import { SystemError } from '../interface';
import { errorText } from '../files/errors';
import { Output } from '../process/program';
import { builtins } from './registry';
import { cannotRun, become } from './simple';
import { runForeground } from './pipeline';
import { ShellSyntaxError } from './parser';
import { parseScript } from './script';
import type { Shell } from './shell';
import { LinuxProcess } from '../process/process';
import { ShellError, ShellExit } from './variables';

/** eval: its words as a script. */
export function* evalBuiltin(shell: Shell, argv: readonly string[]): Task<number> {
  const text = argv.slice(1).join(' ');
  if (text.trim() === '') return 0;
  try {
    if (shell.aliases.size > 0) return yield* shell.runWithAliases(text, shell.line);
    return yield* shell.runText(parseScript(text, shell.line), false);
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    shell.complain(error.message, 'eval');
    throw new ShellError('', 2);
  }
}

/** The file of `.`: with a slash as given, else in PATH, else here. */
function sourcePath(shell: Shell, name: string): string {
  if (name.includes('/')) return name;
  for (const folder of (shell.variables.get('PATH') ?? '').split(':')) {
    const path = `${folder === '' ? '.' : folder}/${name}`;
    if (shell.process.files.exists(path)) return path;
  }
  return name;
}

/** . and source: runs a file in this shell. */
export function* source(shell: Shell, argv: readonly string[]): Task<number> {
  const [command = '.', name, ...rest] = argv;
  if (name === undefined) throw new ShellError('', (shell.complain('filename argument required', command), 2));
  let text: string;
  try {
    text = utf8Decode(shell.process.files.readFile(sourcePath(shell, name)));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    shell.complain(`can't open '${name}': ${errorText(error.code)}`, command);
    throw new ShellError('', 2);
  }
  const { parameters, scriptName, line } = shell;
  if (rest.length > 0) shell.parameters = rest;
  shell.scriptName = name;
  shell.sourceDepth += 1;
  try {
    shell.status = 0;
    let status = shell.aliases.size > 0 || /(^|\W)alias\s/.test(text) ? yield* shell.runWithAliases(text, 1) : yield* shell.runText(parseScript(text), false);
    if (shell.skip === 'return') {
      shell.skip = undefined;
      ({ status } = shell);
    }
    return status;
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    throw new ShellError('', shell.report(error));
  } finally {
    shell.sourceDepth -= 1;
    shell.scriptName = scriptName;
    shell.line = line;
    if (rest.length > 0) shell.parameters = parameters;
  }
}

/** exec: the program takes the shell's place. (Without words its redirections stay, which the caller sees to.) */
export const execBuiltin = Object.assign(
  function* exec(shell: Shell, argv: readonly string[]): Task<number> {
    let words = argv.slice(1);
    let name: string | undefined;
    if (words[0] === '-a') {
      name = words[1];
      words = words.slice(2);
    }
    if (words[0] === '--') words = words.slice(1);
    if (words.length === 0) return 0;
    try {
      const found = shell.find(words);
      return become(shell, found.program, name === undefined ? found.argv : [name, ...found.argv.slice(1)], shell.variables.exported());
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      throw new ShellExit(cannotRun(shell, words[0] as string, error, 'exec'));
    }
  },
  {
    /** Runs a command without looking at functions. */
    plain: function* plain(shell: Shell, argv: readonly string[]): Task<number> {
      const builtin = builtins.get(argv[0] as string);
      if (builtin) {
        try {
          if (builtin.task) return yield* builtin.task(shell, argv);
          const out = new Output();
          const status = builtin.run?.(shell, argv, out) ?? 0;
          yield* out.flush(shell.process.system);
          return status;
        } catch (error) {
          if (error instanceof ShellError) return shell.report(error);
          throw error;
        }
      }
      try {
        const found = shell.find(argv);
        const { process } = shell;
        const child = new LinuxProcess(process.world, process, { argv: found.argv, env: { ...shell.variables.exported() }, cwd: process.cwd, credentials: process.credentials, fds: process.inheritFds(), umask: process.umask });
        child.start(found.program);
        return yield* runForeground(shell, [child]);
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        return cannotRun(shell, argv[0] as string, error);
      }
    },
  },
);
