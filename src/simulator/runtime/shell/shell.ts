import type { Task } from '../../kernel';
import { SystemError } from '../interface';
import type { Handle } from '../process/handle';
import { LinuxProcess } from '../process/process';
import { findExecutable, type Found } from '../process/execute';
import { parseSignal, type Signal } from '../process/signals';
import type { Output } from '../process/program';
import { users } from '../process/users';
import type { Node } from './ast';
import { Expander } from './expand';
import { type Job, JobTable } from './jobs';
import { Parser, ShellSyntaxError } from './parser';
import { type ParsedScript, parseScript } from './script';
import { ShellError, ShellExit, VariableTable } from './variables';

/** What `set -o` shows, by name; letters where there is one. */
export interface ShellOptions {
  errexit: boolean;
  noglob: boolean;
  ignoreeof: boolean;
  monitor: boolean;
  noexec: boolean;
  xtrace: boolean;
  verbose: boolean;
  noclobber: boolean;
  allexport: boolean;
  notify: boolean;
  nounset: boolean;
  errtrace: boolean;
  vi: boolean;
  pipefail: boolean;
}

export const optionOrder: readonly (readonly [keyof ShellOptions, string])[] = [
  ['errexit', 'e'], ['noglob', 'f'], ['ignoreeof', 'I'], ['monitor', 'm'], ['noexec', 'n'], ['xtrace', 'x'], ['verbose', 'v'],
  ['noclobber', 'C'], ['allexport', 'a'], ['notify', 'b'], ['nounset', 'u'], ['errtrace', 'E'], ['vi', 'V'], ['pipefail', ''],
];

/** Thrown through what an interactive shell runs when ^C is typed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Runs a node in a shell; execute.ts has it. Given from outside so that both files need not import each other. */
export type Evaluate = (shell: Shell, node: Node, tail: boolean) => Task<number>;

/** Stands for the words of a remembered command whose file is the program itself: it runs as it was called. */
const asCalled: readonly string[] = [];

/** A shell: what it knows, and the process it is. A subshell is a copy with a process of its own. */
export class Shell {
  variables: VariableTable;
  functions = new Map<string, Node>();
  aliases = new Map<string, string>();
  parameters: string[] = [];
  /** $0 */
  name = 'sh';
  status = 0;
  lastBackground: number | undefined;
  /** The number that $$ gives: a subshell keeps its parent's. */
  mainPid: number;
  options: ShellOptions = { errexit: false, noglob: false, ignoreeof: false, monitor: false, noexec: false, xtrace: false, verbose: false, noclobber: false, allexport: false, notify: false, nounset: false, errtrace: false, vi: false, pipefail: false };
  interactive = false;
  readonly expander = new Expander(this);
  readonly jobs = new JobTable();
  readonly traps = new Map<Signal | 'EXIT', string>();
  pendingTraps: Signal[] = [];
  interrupted = false;
  /** What an instant command printed and could not write yet, and its status. */
  pendingOutput: { out: Output; status: number } | undefined;
  /** The status of the last command substitution in the command that runs. */
  substituted: number | undefined;
  /** What unwinds: break and continue of that many loops, return of a function or sourced file. */
  skip: 'break' | 'continue' | 'return' | undefined;
  skipLevels = 0;
  loopDepth = 0;
  functionDepth = 0;
  sourceDepth = 0;
  /** Inside a condition, where a failure does not end a shell with -e. */
  tested = 0;
  line = 0;
  /** The script that error messages name; undefined for -c and standard input. */
  scriptName: string | undefined;
  isSubshell = false;
  private commandPaths = new Map<string, Found>();

  constructor(readonly process: LinuxProcess, readonly evaluate: Evaluate, from?: Shell) {
    this.variables = new VariableTable(from?.variables);
    this.mainPid = from?.mainPid ?? process.pid;
    this.variables.dynamic = (name) => this.dynamicValue(name);
    this.variables.onChange = (name) => {
      if (name === 'PATH') this.commandPaths.clear();
    };
    this.variables.onLarge = (characters) => process.system.useMemory(400_000 + characters);
    if (from) this.copyFrom(from);
  }

  private copyFrom(from: Shell): void {
    this.functions = new Map(from.functions);
    this.aliases = new Map(from.aliases);
    this.parameters = from.parameters;
    this.name = from.name;
    this.status = from.status;
    this.lastBackground = from.lastBackground;
    this.options = { ...from.options, monitor: false };
    this.loopDepth = from.loopDepth;
    this.functionDepth = from.functionDepth;
    this.sourceDepth = from.sourceDepth;
    this.tested = from.tested;
    this.line = from.line;
    this.scriptName = from.scriptName;
    this.isSubshell = true;
    for (const [signal, action] of from.traps) {
      if (action === '') this.traps.set(signal, action);
    }
  }

  private dynamicValue(name: string): string | undefined {
    if (name === 'RANDOM') return String(this.process.world.random.int(32_768));
    if (name === 'LINENO') return String(this.line);
    if (name === 'EPOCHSECONDS') return String(Math.floor(this.process.now / 1_000_000));
    return undefined;
  }

  /** $- */
  optionLetters(): string {
    return (this.interactive ? 'i' : '') + optionOrder.filter(([name, letter]) => letter !== '' && this.options[name]).map(([, letter]) => letter).join('');
  }

  homeOf(user: string): string | undefined {
    return users(this.process.files).find((entry) => entry.name === user)?.home;
  }

  // ---- messages

  /** What stands before a message: 'sh: cd: line 1: '. */
  prefix(command?: string): string {
    const named = command ?? this.scriptName;
    if (named === undefined) return `${this.name}: `;
    const where = this.interactive ? '' : `line ${this.line}: `;
    return `${this.name}: ${named === this.name ? '' : `${named}: `}${where}`;
  }

  complain(message: string, command?: string): void {
    this.writeError(`${this.prefix(command)}${message}\n`);
  }

  writeError(text: string): void {
    try {
      this.process.fd(2).tryWrite(text);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }

  // ---- processes

  /** A copy of this shell in a process of its own. Throws ShellError when there are too many. */
  fork(argv?: readonly string[]): Shell {
    const { process } = this;
    let child: LinuxProcess;
    try {
      const group = this.options.monitor && !this.isSubshell ? { group: 0 } : {};
      child = new LinuxProcess(process.world, process, { argv: argv ?? process.argv, env: process.env, cwd: process.cwd, credentials: process.credentials, fds: process.inheritFds(), umask: process.umask, ...group });
    } catch (error) {
      if (error instanceof SystemError && error.code === 'EAGAIN') throw new ShellError("can't fork: Resource temporarily unavailable");
      throw error;
    }
    process.charge(150);
    return new Shell(child, this.evaluate, this);
  }

  /** Runs a task as a forked shell's process, from its start to its EXIT trap. */
  run(task: Task<number>): void {
    this.process.startTask(this.untilExit(task));
  }

  /** Runs to the end of the shell: errors are printed, exit is obeyed, the EXIT trap runs. */
  *untilExit(task: Task<number>): Task<number> {
    let status: number;
    try {
      status = yield* task;
    } catch (error) {
      status = this.statusOf(error);
    }
    const trap = this.traps.get('EXIT');
    if (trap !== undefined && trap !== '') {
      this.traps.delete('EXIT');
      this.status = status;
      const after = yield* this.guarded(this.runTrap(trap, status));
      if (this.exitedInTrap) status = after;
    }
    return status & 0xff;
  }

  private exitedInTrap = false;

  private *runTrap(text: string, status: number): Task<number> {
    this.exitedInTrap = false;
    try {
      yield* this.runText(parseScript(text), false);
    } catch (error) {
      if (error instanceof ShellExit) this.exitedInTrap = true;
      throw error;
    }
    return status;
  }

  private *guarded(task: Task<number>): Task<number> {
    try {
      return yield* task;
    } catch (error) {
      return this.statusOf(error);
    }
  }

  /** The status of a shell that an error or exit ended; what is neither is thrown on. */
  private statusOf(error: unknown): number {
    if (error instanceof ShellExit) return error.status;
    if (error instanceof Interrupted) return 130;
    return this.report(error);
  }

  /** Prints an error that ends what runs; gives the status. What is no shell's error is thrown on. */
  report(error: unknown, command?: string): number {
    if (error instanceof ShellError) {
      if (error.message !== '') this.complain(error.message, command);
      return error.status;
    }
    if (error instanceof ShellSyntaxError) {
      const { line } = this;
      this.line = error.line;
      this.complain(error.message, command);
      this.line = line;
      return 2;
    }
    if (error instanceof RangeError) {
      this.process.deliver('SEGV');
      return 139;
    }
    if (error instanceof SystemError && error.code === 'ENOMEM') {
      this.complain('out of memory');
      return 2;
    }
    throw error;
  }

  /** Runs a script's commands in order. `tail`: the last may replace the shell. */
  *runText(script: ParsedScript, tail: boolean): Task<number> {
    if (this.aliases.size > 0) return yield* this.runNodes(script);
    for (let index = 0; ; index++) {
      const node = script.at(index);
      if (!node) return this.status;
      const last = tail && script.endsAbruptly && this.traps.size === 0 && script.hasNoMore(index);
      this.status = yield* this.evaluate(this, node, last);
      if (this.pendingTraps.length > 0) yield* this.runTraps();
      if (this.skip) return this.status;
      if (this.aliases.size > 0 && index === 0) return yield* this.runNodes(script, 1);
    }
  }

  private *runNodes(script: ParsedScript, from = 0): Task<number> {
    for (let index = from; ; index++) {
      const node = script.at(index);
      if (!node) return this.status;
      this.status = yield* this.evaluate(this, node, false);
      if (this.skip) return this.status;
    }
  }

  /** Runs a text line by line with the aliases that hold then. */
  *runWithAliases(text: string, firstLine: number): Task<number> {
    const parser = new Parser(text, firstLine, this.aliases);
    for (let node = parser.next(); node; node = parser.next()) {
      this.status = yield* this.evaluate(this, node, false);
      if (this.skip) break;
    }
    return this.status;
  }

  // ---- commands

  /** The program of a command, remembered as by `hash`. Throws SystemError. */
  find(argv: readonly string[]): Found {
    const name = argv[0] as string;
    if (name.includes('/')) return findExecutable(this.process, argv, this.variables.get('PATH'));
    const known = this.commandPaths.get(name);
    if (known) return known.argv === asCalled ? { path: known.path, program: known.program, argv } : findExecutable(this.process, argv, this.variables.get('PATH'));
    const found = findExecutable(this.process, argv, this.variables.get('PATH'));
    this.commandPaths.set(name, found.argv === argv ? { ...found, argv: asCalled } : found);
    return found;
  }

  forgetCommands(): void {
    this.commandPaths.clear();
  }

  get rememberedCommands(): readonly string[] {
    return [...this.commandPaths.values()].map((found) => found.path);
  }

  // ---- traps

  /** Sets, ignores or takes back what a signal does. */
  trap(name: string, action: string | undefined): boolean {
    if (name === '0' || name === 'EXIT') {
      if (action === undefined) this.traps.delete('EXIT');
      else this.traps.set('EXIT', action);
      return true;
    }
    const signal = parseSignal(name);
    if (!signal) return false;
    if (action === undefined) {
      this.traps.delete(signal);
      this.process.handle(signal, this.ownHandler(signal));
    } else {
      this.traps.set(signal, action);
      this.process.handle(signal, action === '' ? 'ignore' : () => this.pendingTraps.push(signal));
    }
    return true;
  }

  /** What an interactive shell does about a signal that has no trap. */
  private ownHandler(signal: Signal): (() => void) | 'ignore' | undefined {
    if (!this.interactive || this.isSubshell) return undefined;
    if (signal === 'INT') {
      return () => {
        this.interrupted = true;
      };
    }
    return signal === 'TERM' || signal === 'QUIT' || signal === 'TSTP' || signal === 'TTOU' || signal === 'TTIN' ? 'ignore' : undefined;
  }

  becomeInteractive(): void {
    this.interactive = true;
    for (const signal of ['INT', 'TERM', 'QUIT', 'TSTP', 'TTOU', 'TTIN'] as const) this.process.handle(signal, this.ownHandler(signal));
  }

  /** Runs the traps of signals that came meanwhile. */
  *runTraps(): Task {
    while (this.pendingTraps.length > 0) {
      const signal = this.pendingTraps.shift() as Signal;
      const text = this.traps.get(signal);
      if (text === undefined || text === '') continue;
      const { status } = this;
      yield* this.runText(parseScript(text), false);
      this.status = status;
    }
  }

  /** Remembers a background job. */
  addJob(job: Omit<Job, 'number'>): Job {
    return this.jobs.add(job);
  }

  /** The handle of a file descriptor for a redirection; EBADF when it is not open. */
  openFd(number: number): Handle {
    const handle = this.process.fds[number];
    if (!handle) throw new SystemError('EBADF');
    return handle;
  }
}
