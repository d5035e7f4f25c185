import { type Task, utf8Decode } from '../../kernel';
import { SystemError } from '../interface';
import { errorText } from '../files/errors';
import { LinuxProcess } from '../process/process';
import { command, Output } from '../process/program';
import type { SystemCalls } from '../process/system';
import { registerBuiltins } from './builtins';
import { evaluate } from './execute';
import { runInteractive } from './interactive';
import { Parser, ShellSyntaxError } from './parser';
import { parseScript } from './script';
import { applyOptions } from './setting-builtins';
import { Shell } from './shell';
import { ShellError } from './variables';

registerBuiltins();

/** Sets what every shell starts with. */
function initialize(shell: Shell, system: SystemCalls): void {
  const { variables } = shell;
  variables.importEnvironment(system.env);
  variables.set('IFS', ' \t\n');
  variables.set('OPTIND', '1');
  variables.set('PPID', String(system.parentPid));
  for (const [name, value] of [['PS1', '\\w \\$ '], ['PS2', '> '], ['PS4', '+ '], ['PATH', '/sbin:/usr/sbin:/bin:/usr/bin']] as const) if (variables.get(name) === undefined) variables.set(name, value);
  variables.set('PWD', system.cwd);
  variables.mark('PWD', { exported: true });
  variables.set('SHLVL', String((Number(system.env['SHLVL'] ?? 0) || 0) + 1));
  variables.mark('SHLVL', { exported: true });
}

interface Start {
  readonly commandText: string | undefined;
  readonly interactive: boolean;
  readonly standardInput: boolean;
  readonly login: boolean;
  readonly words: readonly string[];
}

/** The command line of sh. */
function parseStart(shell: Shell, argv: readonly string[], out: Output): Start {
  let index = 1;
  let commandMode = false;
  let interactive = false;
  let standardInput = false;
  let login = (argv[0] ?? '').startsWith('-');
  for (; index < argv.length; index++) {
    const word = argv[index] as string;
    if (word === '--' || word === '-') {
      index += 1;
      break;
    }
    if (!/^[-+]./.test(word)) break;
    let rest = word[0] as string;
    let takesName = false;
    for (const letter of word.slice(1)) {
      if (letter === 'c' && word.startsWith('-')) commandMode = true;
      else if (letter === 'i') interactive = true;
      else if (letter === 's') standardInput = true;
      else if (letter === 'l') login = true;
      else {
        rest += letter;
        if (letter === 'o') takesName = true;
      }
    }
    if (rest.length > 1) applyOptions(shell, takesName ? [rest, argv[(index += 1)] ?? ''] : [rest], out);
  }
  const words = argv.slice(index);
  if (commandMode && words.length === 0) throw new ShellError('-c requires an argument');
  return { commandText: commandMode ? words[0] : undefined, interactive, standardInput, login, words: commandMode ? words.slice(1) : words };
}

function shellProgram(system: SystemCalls): Task<number> {
  const shell = new Shell(system.process, evaluate);
  shell.name = system.argv[0] ?? 'sh';
  initialize(shell, system);
  const out = new Output();
  try {
    const start = parseStart(shell, system.argv, out);
    for (const { fd, text } of out.pieces) system.process.fd(fd).tryWrite(text);
    return shell.untilExit(begin(shell, start));
  } catch (error) {
    const status = shell.report(error);
    return shell.untilExit(ended(status));
  }
}

 
function* ended(status: number): Task<number> {
  return status;
}

/** What the command line asks for: a text, a file, a terminal, or standard input. */
function begin(shell: Shell, start: Start): Task<number> {
  const { words, commandText } = start;
  if (commandText !== undefined) {
    if (words.length > 0) shell.name = words[0] as string;
    shell.parameters = words.slice(1);
    if (start.interactive) shell.becomeInteractive();
    return /(^|\W)alias\s/.test(commandText) ? shell.runWithAliases(commandText, 0) : shell.runText(parseScript(commandText, 0), true);
  }
  if (words.length > 0 && !start.standardInput) return runFile(shell, words);
  shell.parameters = [...words];
  if (start.interactive || (shell.process.fd(0).isTerminal && shell.process.fd(1).isTerminal)) return runInteractive(shell, start.login);
  return runInput(shell);
}

function* runFile(shell: Shell, words: readonly string[]): Task<number> {
  const [file = ''] = words;
  let text: string;
  try {
    text = utf8Decode(shell.process.files.readFile(file));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    shell.complain(`can't open '${file}': ${errorText(error.code)}`);
    return 2;
  }
  shell.name = file;
  shell.scriptName = file;
  shell.parameters = words.slice(1);
  if (/(^|\W)alias\s/.test(text)) return yield* shell.runWithAliases(text, 1);
  return yield* shell.runText(parseScript(text), true);
}

/** Runs what comes on standard input, each command as soon as it is whole. */
function* runInput(shell: Shell): Task<number> {
  const input = shell.process.fd(0);
  let text = '';
  let line = 1;
  let ended = false;
  for (;;) {
    const parser = new Parser(text, line, shell.aliases);
    let whole = false;
    try {
      const node = parser.next();
      const used = text.length - parser.left;
      if (node && (ended || text[used - 1] === '\n')) {
        whole = true;
        line = parser.line;
        text = text.slice(used);
        shell.status = yield* evaluate(shell, node, false);
        if (shell.skip) return shell.status;
      } else if (!node && ended) return shell.status;
    } catch (error) {
      if (!(error instanceof ShellSyntaxError) || !error.incomplete || ended) throw error;
    }
    if (whole) continue;
    const bytes = yield* input.read();
    if (bytes === undefined) ended = true;
    else text += utf8Decode(bytes);
  }
}

/** sh and ash. */
export const shellCommand = command(shellProgram);

/** Starts a shell function's worth of text as a process; used by programs that call system(3). */
export function startShell(parent: LinuxProcess, text: string): LinuxProcess {
  const child = new LinuxProcess(parent.world, parent, { argv: ['sh', '-c', text], env: { ...parent.env }, cwd: parent.cwd, credentials: parent.credentials, fds: parent.inheritFds() });
  child.start(shellCommand);
  return child;
}
