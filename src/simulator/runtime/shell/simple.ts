import { sleep, type Task } from '../../kernel';
import { SystemError } from '../interface';
import { errorText } from '../files/errors';
import { ProcessEnded } from '../process/ending';
import type { Found } from '../process/execute';
import { LinuxProcess } from '../process/process';
import { Output } from '../process/program';
import { signalText } from '../process/signals';
import type { Node, SimpleCommand, Word } from './ast';
import { runForeground } from './pipeline';
import { keep, restore, type Saved } from './redirect';
import { type Builtin, builtins } from './registry';
import type { Shell } from './shell';
import { traceCommand } from './trace';
import { ShellError, ShellExit } from './variables';
import { expandText, expandWords, tryRedirect } from './words';

/** With -e a failure outside a condition ends the shell. */
export function checkExit(shell: Shell, status: number): number {
  shell.status = status;
  if (status !== 0 && shell.options.errexit && shell.tested === 0 && !shell.skip) throw new ShellExit(status);
  return status;
}

const deepest = 400;

const quiet = (shell: Shell): boolean => !shell.options.xtrace && !shell.interrupted;

/** Runs a command that needs no waiting at all; undefined when it might. */
export function runQuickly(shell: Shell, node: SimpleCommand): number | undefined {
  if (node.redirects.length > 0 || shell.pendingOutput || !quiet(shell)) return undefined;
  const { assignments, words } = node;
  for (let i = 0; i < words.length; i++) if ((words[i] as Word).runs) return undefined;
  for (let i = 0; i < assignments.length; i++) if ((assignments[i] as SimpleCommand['assignments'][number]).value.runs) return undefined;
  shell.line = node.line;
  if (words.length === 0) {
    for (const { name, value } of assignments) shell.variables.set(name, shell.expander.text(value));
    return 0;
  }
  const name = (words[0] as Word).constant;
  if (name === undefined || assignments.length > 0 || shell.functions.has(name)) return undefined;
  const builtin = builtins.get(name);
  if (builtin) {
    if (!builtin.run) return undefined;
    const argv = fieldsOf(shell, node);
    const out = new Output();
    const status = builtin.run(shell, argv, out);
    return writeNow(shell, out, status) ? status : undefined;
  }
  return instantProgram(shell, name, node);
}

/** The fields of a command none of whose words runs anything. */
function fieldsOf(shell: Shell, { constant, words }: SimpleCommand): readonly string[] {
  if (constant) return constant;
  const argv: string[] = [];
  for (let i = 0; i < words.length; i++) shell.expander.fields(words[i] as Word, argv);
  return argv;
}

/** A sleep with plain words, begun without more ado, with the traps that its end lets run; undefined when the command is anything else. `cost`: CPU time besides the program's own. */
export function beginPause(shell: Shell, node: SimpleCommand, cost: number): Task<number> | undefined {
  const argv = node.constant;
  const name = argv?.[0];
  if (argv === undefined || name !== 'sleep' || node.redirects.length > 0 || node.assignments.length > 0 || shell.pendingOutput || !quiet(shell) || shell.functions.has(name)) return undefined;
  let found: Found;
  try {
    found = shell.find(argv);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
  const duration = found.program.pause?.(argv);
  if (duration === undefined) return undefined;
  shell.process.charge(cost + 400);
  return pauseAs(shell, newChild(shell, argv, shell.variables.exported(), []), duration, true);
}

function instantProgram(shell: Shell, name: string, node: SimpleCommand): number | undefined {
  let found: Found;
  try {
    found = shell.find(node.constant ?? [name]);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
  const run = found.program.instant;
  if (!run || found.argv[0] !== name) return undefined;
  const argv = fieldsOf(shell, node);
  shell.process.charge(400);
  shell.process.world.pids.next();
  const out = new Output();
  const status = run(shell.process.system.as(argv, shell.variables.exported()), out);
  return writeNow(shell, out, status) ? status : undefined;
}

/** Writes what a command printed if nothing has to be waited for; what is left is written by `simple`. */
function writeNow(shell: Shell, out: Output, status: number): boolean {
  for (let index = 0; index < out.pieces.length; index++) {
    const piece = out.pieces[index] as Output['pieces'][number];
    if (shell.process.fd(piece.fd).tryWrite(piece.text)) continue;
    out.pieces.splice(0, index);
    shell.pendingOutput = { out, status };
    return false;
  }
  return true;
}

/** Runs a simple command. */
export function* simple(shell: Shell, node: SimpleCommand, tail: boolean): Task<number> {
  const waiting = shell.pendingOutput;
  if (waiting) {
    shell.pendingOutput = undefined;
    yield* waiting.out.flush(shell.process.system);
    return waiting.status;
  }
  shell.line = node.line;
  const before = shell.status;
  shell.status = 0;
  const needsOld = node.words.length > 0 || node.assignments.length > 0;
  if (needsOld) shell.status = before;
  const argv = yield* expandWords(shell, node.words);
  const saved: Saved[] = [];
  const name = argv[0];
  try {
    if (name === undefined) return yield* assignOnly(shell, node, saved);
    const assignments: [string, string][] = [];
    for (const { name: variable, value } of node.assignments) assignments.push([variable, yield* expandText(shell, value)]);
    if (shell.options.xtrace) traceCommand(shell, assignments, argv);
    const builtin = builtins.get(name);
    const failed = yield* tryRedirect(shell, node.redirects, saved);
    if (failed) {
      if (builtin?.special && !shell.interactive) throw new ShellError('', 1);
      return 1;
    }
    const body = shell.functions.get(name);
    if (builtin?.special) return yield* runBuiltin(shell, builtin, argv, assignments, saved, true);
    if (body) return yield* callFunction(shell, body, argv, assignments);
    if (builtin) return yield* runBuiltin(shell, builtin, argv, assignments, saved, false);
    return yield* external(shell, argv, assignments, tail);
  } finally {
    restore(shell, saved);
  }
}

function* assignOnly(shell: Shell, node: SimpleCommand, saved: Saved[]): Task<number> {
  shell.expander.forget();
  const status = shell.status;
  shell.substituted = undefined;
  for (const { name, value } of node.assignments) {
    const text = yield* expandText(shell, value);
    if (shell.options.xtrace) traceCommand(shell, [[name, text]], []);
    shell.variables.set(name, text);
  }
  const failed = yield* tryRedirect(shell, node.redirects, saved);
  if (failed) return 1;
  const ran = node.words.some((word) => word.runs) || node.assignments.some(({ value }) => value.runs);
  return ran ? (shell.substituted ?? status) : 0;
}

function* runBuiltin(shell: Shell, builtin: Builtin, argv: string[], assignments: readonly (readonly [string, string])[], saved: Saved[], special: boolean): Task<number> {
  let undo: (() => void) | undefined;
  if (special) for (const [name, value] of assignments) shell.variables.set(name, value);
  else if (assignments.length > 0) undo = shell.variables.temporarily(assignments, true);
  try {
    if (argv[0] === 'exec' && argv.length === 1) {
      keep(saved);
      return 0;
    }
    if (builtin.task) return yield* builtin.task(shell, argv);
    const out = new Output();
    const status = builtin.run?.(shell, argv, out) ?? 0;
    yield* out.flush(shell.process.system);
    return status;
  } catch (error) {
    if (error instanceof SystemError && error.code !== 'EPIPE' && error.code !== 'ENOMEM') {
      shell.complain(`write error: ${errorText(error.code)}`, argv[0]);
      return 1;
    }
    throw error;
  } finally {
    undo?.();
  }
}

/** Calls a function: its own parameters, its own locals. */
export function* callFunction(shell: Shell, body: Node, argv: readonly string[], assignments: readonly (readonly [string, string])[]): Task<number> {
  if (shell.functionDepth >= deepest) {
    shell.process.deliver('SEGV');
    throw shell.process.ended ? new ProcessEnded() : new ShellExit(139);
  }
  const { parameters, loopDepth } = shell;
  const undo = assignments.length > 0 ? shell.variables.temporarily(assignments, true) : undefined;
  shell.parameters = argv.slice(1);
  shell.functionDepth += 1;
  shell.loopDepth = 0;
  shell.variables.enter();
  try {
    const status = yield* shell.evaluate(shell, body, false);
    if (shell.skip === 'return') {
      shell.skip = undefined;
      return shell.status;
    }
    return status;
  } finally {
    shell.variables.leave();
    shell.parameters = parameters;
    shell.functionDepth -= 1;
    shell.loopDepth = loopDepth;
    undo?.();
  }
}

/** Says why a command cannot be run; gives the status. */
export function cannotRun(shell: Shell, name: string, error: SystemError, command?: string): number {
  const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
  shell.complain(`${name}: ${missing ? 'not found' : errorText(error.code)}`, command);
  return missing ? 127 : 126;
}

function* external(shell: Shell, argv: readonly string[], assignments: readonly (readonly [string, string])[], tail: boolean): Task<number> {
  const undo = assignments.length > 0 ? shell.variables.temporarily(assignments, true) : undefined;
  let env: Readonly<Record<string, string>>;
  let found: Found | undefined;
  try {
    env = shell.variables.exported();
    found = shell.find(argv);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.code !== 'ENOEXEC') return cannotRun(shell, argv[0] as string, error);
    env = shell.variables.exported();
  } finally {
    undo?.();
  }
  const program = found ? found.program : scriptProgram(shell);
  const realArgv = found ? found.argv : ['sh', ...argv];
  if (tail && shell.traps.size === 0 && !shell.interactive) return become(shell, program, realArgv, env);
  shell.process.charge(400);
  const pause = program.pause?.(realArgv);
  if (pause !== undefined) return yield* pauseAs(shell, newChild(shell, realArgv, env, []), pause, false);
  const child = newChild(shell, realArgv, env, shell.process.inheritFds());
  child.start(program);
  return yield* runForeground(shell, [child]);
}

/** A file without a header is a script for this very shell. */
function scriptProgram(shell: Shell): Found['program'] {
  return shell.find(['sh']).program;
}

function newChild(shell: Shell, argv: readonly string[], env: Readonly<Record<string, string>>, fds: LinuxProcess['fds']): LinuxProcess {
  const { process } = shell;
  try {
    const child = new LinuxProcess(process.world, process, { argv, env, cwd: process.cwd, credentials: process.credentials, fds, umask: process.umask });
    if (shell.options.monitor && !shell.isSubshell) child.group = child.pid;
    return child;
  } catch (error) {
    if (error instanceof SystemError && error.code === 'EAGAIN') throw new ShellError("can't fork: Resource temporarily unavailable");
    throw error;
  }
}

/** The program takes the place of the shell in its process: the shell unwinds, its redirections stay. */
export function become(shell: Shell, program: Found['program'], argv: readonly string[], env: Readonly<Record<string, string>>): never {
  return shell.process.replace(program, argv, env);
}

/** Sleeps and ends well: what a sleep goes on with when the shell that ran it is gone. */
function* pause(duration: number): Task<number> {
  yield* sleep(duration);
  return 0;
}

/** A sleep in the foreground: a process in the table, no task of its own. `whole`: it is all there is to the command. */
function* pauseAs(shell: Shell, child: LinuxProcess, duration: number, whole: boolean): Task<number> {
  const until = shell.process.now + duration;
  const extra = shell.process.takeDebt();
  const foreground = shell.options.monitor ? shell.process.terminal : undefined;
  if (foreground) foreground.foreground = child.group;
  try {
    yield child.orAfter(duration + extra);
    if (!child.ended) child.exit(0);
  } finally {
    if (foreground) foreground.foreground = shell.process.group;
    if (!child.ended) {
      child.fds = shell.process.inheritFds();
      child.startTask(pause(Math.max(0, until - shell.process.now)));
    }
  }
  child.reap();
  if (child.signal) shell.writeError(child.signal === 'INT' ? '\n' : child.signal === 'PIPE' ? '' : `${signalText(child.signal)}\n`);
  if (!whole) return child.exitCode;
  if (shell.pendingTraps.length > 0) {
    shell.status = child.exitCode;
    yield* shell.runTraps();
  }
  return checkExit(shell, child.exitCode);
}
