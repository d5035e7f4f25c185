import type { Task } from '../../kernel';
import { SystemError } from '../interface';
import { errorText } from '../files/errors';
import { NullHandle } from '../process/handle';
import { LinuxProcess, ProcessEnded } from '../process/process';
import { Output } from '../process/program';
import type { Found } from '../process/execute';
import { signalText } from '../process/signals';
import type { Node, SimpleCommand, Word } from './ast';
import { type Builtin, builtins } from './registry';
import { matchesPattern, NeedsCommand } from './expand';
import { runForeground, runPipeline, startBackground } from './pipeline';
import { keep, redirect, RedirectError, restore, type Saved } from './redirect';
import { Interrupted, Shell } from './shell';
import { captureCommand } from './substitute';
import { traceCommand } from './trace';
import { ShellError, ShellExit } from './variables';

const stepCost = 5;
const deepest = 400;

/** Runs a node; gives its exit status. `tail`: nothing comes after it in this process, so a program may take the shell's place. */
export function* evaluate(shell: Shell, node: Node, tail: boolean): Task<number> {
  if (shell.process.charge(stepCost)) yield* shell.process.settle();
  if (shell.interrupted) interrupt(shell);
  switch (node.type) {
    case 'simple': {
      const quick = runQuickly(shell, node);
      const status = quick ?? (yield* simple(shell, node, tail));
      if (shell.pendingTraps.length > 0) yield* withStatus(shell, status);
      return checkExit(shell, status);
    }
    case 'pipeline':
      return yield* pipeline(shell, node, tail);
    case 'and':
    case 'or': {
      shell.tested += 1;
      let left: number;
      try {
        left = yield* evaluate(shell, node.left, false);
      } finally {
        shell.tested -= 1;
      }
      shell.status = left;
      if (shell.skip || (left === 0) !== (node.type === 'and')) return left;
      return yield* evaluate(shell, node.right, tail);
    }
    case 'list':
      return yield* list(shell, node, tail);
    case 'if':
      return yield* ifClause(shell, node, tail);
    case 'while':
      return yield* whileLoop(shell, node);
    case 'for':
      return yield* forLoop(shell, node);
    case 'case':
      return yield* caseClause(shell, node, tail);
    case 'group':
      return yield* evaluate(shell, node.body, tail);
    case 'subshell':
      if (tail && shell.isSubshell && shell.traps.size === 0) return yield* evaluate(shell, node.body, true);
      return checkExit(shell, yield* subshell(shell, node.body));
    case 'function':
      shell.functions.set(node.name, node.body);
      return 0;
    case 'redirected':
      return yield* redirected(shell, node);
  }
}

function interrupt(shell: Shell): never {
  shell.interrupted = false;
  throw new Interrupted();
}

function* withStatus(shell: Shell, status: number): Task {
  shell.status = status;
  yield* shell.runTraps();
}

/** With -e a failure outside a condition ends the shell. */
function checkExit(shell: Shell, status: number): number {
  shell.status = status;
  if (status !== 0 && shell.options.errexit && shell.tested === 0 && !shell.skip) throw new ShellExit(status);
  return status;
}

function* list(shell: Shell, node: Node & { type: 'list' }, tail: boolean): Task<number> {
  let status = 0;
  const last = node.items.length - 1;
  for (let index = 0; index <= last; index++) {
    const item = node.items[index] as (typeof node.items)[number];
    if (item.background) {
      status = startBackground(shell, item.node, item.source);
      yield* shell.process.settle(200);
    } else status = runNow(shell, item.node) ?? (yield* evaluate(shell, item.node, tail && index === last));
    shell.status = status;
    if (shell.skip) break;
  }
  return status;
}

/** Runs a simple command at once when it needs no waiting; undefined when it has to be evaluated. */
function runNow(shell: Shell, node: Node): number | undefined {
  if (node.type !== 'simple' || shell.interrupted || shell.pendingTraps.length > 0 || shell.process.charge(stepCost)) return undefined;
  const status = runQuickly(shell, node);
  return status === undefined ? undefined : checkExit(shell, status);
}

function* condition(shell: Shell, node: Node): Task<number> {
  shell.tested += 1;
  try {
    const quick = runNow(shell, node);
    if (quick !== undefined) return quick;
    return (shell.status = yield* evaluate(shell, node, false));
  } finally {
    shell.tested -= 1;
  }
}

function* ifClause(shell: Shell, node: Node & { type: 'if' }, tail: boolean): Task<number> {
  for (const branch of node.branches) {
    const status = yield* condition(shell, branch.condition);
    if (shell.skip) return status;
    if (status === 0) return yield* evaluate(shell, branch.body, tail);
  }
  return node.otherwise ? yield* evaluate(shell, node.otherwise, tail) : 0;
}

/** After a loop's body: whether the loop ends. */
function leavesLoop(shell: Shell): boolean {
  if (!shell.skip) return false;
  if (shell.skip === 'return') return true;
  shell.skipLevels -= 1;
  if (shell.skipLevels > 0) return true;
  const goesOn = shell.skip === 'continue';
  shell.skip = undefined;
  return !goesOn;
}

function* whileLoop(shell: Shell, node: Node & { type: 'while' }): Task<number> {
  let status = 0;
  shell.loopDepth += 1;
  try {
    for (;;) {
      const test = yield* condition(shell, node.condition);
      if (shell.skip) {
        if (leavesLoop(shell)) break;
        continue;
      }
      if ((test === 0) === node.until) break;
      status = runNow(shell, node.body) ?? (yield* evaluate(shell, node.body, false));
      if (leavesLoop(shell)) break;
      if (shell.process.charge(1)) yield* shell.process.settle();
    }
  } finally {
    shell.loopDepth -= 1;
  }
  return status;
}

function* forLoop(shell: Shell, node: Node & { type: 'for' }): Task<number> {
  shell.line = node.line;
  const values = node.words ? yield* expandWords(shell, node.words) : [...shell.parameters];
  let status = 0;
  shell.loopDepth += 1;
  try {
    for (const value of values) {
      shell.variables.set(node.name, value);
      status = runNow(shell, node.body) ?? (yield* evaluate(shell, node.body, false));
      if (leavesLoop(shell)) break;
    }
  } finally {
    shell.loopDepth -= 1;
  }
  return status;
}

function* caseClause(shell: Shell, node: Node & { type: 'case' }, tail: boolean): Task<number> {
  shell.line = node.line;
  const value = yield* expandText(shell, node.word);
  for (const clause of node.clauses) {
    for (const pattern of clause.patterns) {
      const matched = yield* expanding(shell, () => matchesPattern(shell.expander, pattern, value));
      if (matched) return clause.body ? yield* evaluate(shell, clause.body, tail) : 0;
    }
  }
  return 0;
}

function* subshell(shell: Shell, body: Node): Task<number> {
  const child = shell.fork();
  child.run(evaluate(child, body, true));
  return yield* runForeground(shell, [child.process]);
}

function* redirected(shell: Shell, node: Node & { type: 'redirected' }): Task<number> {
  const saved: Saved[] = [];
  shell.line = node.line;
  try {
    const failed = yield* tryRedirect(shell, node.redirects, saved);
    if (failed) return checkExit(shell, 1);
    return yield* evaluate(shell, node.node, false);
  } finally {
    restore(shell, saved);
  }
}

function* pipeline(shell: Shell, node: Node & { type: 'pipeline' }, tail: boolean): Task<number> {
  const [only] = node.commands;
  let status: number;
  if (node.negated) shell.tested += 1;
  try {
    status = node.commands.length === 1 && only ? yield* evaluate(shell, only, tail && !node.negated) : yield* runPipeline(shell, node);
  } finally {
    if (node.negated) shell.tested -= 1;
  }
  if (node.negated) return (shell.status = status === 0 ? 1 : 0);
  return checkExit(shell, status);
}

// ---- expansion

/** Does an expansion, running the commands that it needs and trying again. */
export function* expanding<T>(shell: Shell, expand: () => T): Task<T> {
  try {
    for (;;) {
      try {
        return expand();
      } catch (error) {
        if (!(error instanceof NeedsCommand)) throw error;
        shell.expander.provide(error.part, yield* captureCommand(shell, error.part.script));
      }
    }
  } finally {
    shell.expander.forget();
  }
}

export function* expandText(shell: Shell, word: Word): Task<string> {
  return word.runs ? yield* expanding(shell, () => shell.expander.text(word)) : shell.expander.text(word);
}

function* expandWords(shell: Shell, words: readonly Word[]): Task<string[]> {
  const out: string[] = [];
  for (const word of words) {
    if (!word.runs) shell.expander.fields(word, out);
    else {
      const fields = yield* expanding(shell, () => {
        const some: string[] = [];
        shell.expander.fields(word, some);
        return some;
      });
      out.push(...fields);
    }
  }
  return out;
}

/** Redirects; true when that failed, which is then said. */
function* tryRedirect(shell: Shell, redirects: SimpleCommand['redirects'], saved: Saved[]): Task<boolean> {
  try {
    for (const item of redirects) {
      const word = item.body ?? item.target;
      if (word.runs) yield* expanding(shell, () => redirect(shell, [item], saved));
      else redirect(shell, [item], saved);
    }
    return false;
  } catch (error) {
    if (!(error instanceof RedirectError)) throw error;
    shell.complain(error.message);
    return true;
  }
}

// ---- simple commands

const quiet = (shell: Shell): boolean => !shell.options.xtrace && !shell.interrupted;

/** Runs a command that needs no waiting at all; undefined when it might. */
function runQuickly(shell: Shell, node: SimpleCommand): number | undefined {
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
    const argv: string[] = [];
    for (let i = 0; i < words.length; i++) shell.expander.fields(words[i] as Word, argv);
    const out = new Output();
    const status = builtin.run(shell, argv, out);
    return writeNow(shell, out, status) ? status : undefined;
  }
  return instantProgram(shell, name, words);
}

function instantProgram(shell: Shell, name: string, words: readonly Word[]): number | undefined {
  let found: Found;
  try {
    found = shell.find([name]);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
  const run = found.program.instant;
  if (!run || found.argv.length !== 1) return undefined;
  const argv: string[] = [];
  for (let i = 0; i < words.length; i++) shell.expander.fields(words[i] as Word, argv);
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

function* simple(shell: Shell, node: SimpleCommand, tail: boolean): Task<number> {
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
    const status = yield* evaluate(shell, body, false);
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
  let env: Record<string, string>;
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
  if (pause !== undefined) return yield* pauseAs(shell, newChild(shell, realArgv, env, []), pause);
  const child = newChild(shell, realArgv, { ...env }, shell.process.inheritFds());
  child.start(program);
  return yield* runForeground(shell, [child]);
}

/** A file without a header is a script for this very shell. */
function scriptProgram(shell: Shell): Found['program'] {
  return shell.find(['sh']).program;
}

function newChild(shell: Shell, argv: readonly string[], env: Record<string, string>, fds: LinuxProcess['fds']): LinuxProcess {
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
export function become(shell: Shell, program: Found['program'], argv: readonly string[], env: Record<string, string>): never {
  return shell.process.replace(program, argv, { ...env });
}

/** A sleep in the foreground: a process in the table, no task of its own. */
function* pauseAs(shell: Shell, child: LinuxProcess, duration: number): Task<number> {
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
      child.startTask(child.pause(Math.max(0, until - shell.process.now)));
    }
  }
  child.reap();
  if (child.signal) shell.writeError(child.signal === 'INT' ? '\n' : child.signal === 'PIPE' ? '' : `${signalText(child.signal)}\n`);
  return child.exitCode;
}

/** What a background command reads when it has no terminal of its own. */
export const noInput = (): NullHandle => new NullHandle();
