import { NetworkError, ownedNamespace, type OwnedNamespace } from '../../network';
import { type Process as KernelProcess, sleep, type Task, type Time, type Wait } from '../../kernel';
import { SystemError } from '../interface';
import { errorText } from '../files/errors';
import type { SpecialInode } from '../files/inode';
import type { MountTable } from '../files/mounts';
import { FileSystemView, type Viewer } from '../files/view';
import { openSpecial } from './devices';
import { ClosedHandle, type Handle, WaitList } from './handle';
import { ProcessEnded, ProcessReplaced } from './ending';
import type { Credentials, ProcessOptions } from './options';
import type { Executable } from './program';
import { defaultAction, type Signal, signalNumber } from './signals';
import { SystemCalls } from './system';
import type { Terminal } from './terminal';
import type { World } from './world';

const closed = new ClosedHandle();
/** One for all: an error of its own would hold what was on the stack. */
const replaced = new ProcessReplaced();
const baseMemory = 360 * 1024;
const pauseAfter = 1000;

/** A process as Linux has it: numbers, descriptors, signals, children. What it runs is a task of the kernel. */
export class LinuxProcess implements Viewer {
  readonly pid: number;
  readonly startedAt: Time;
  /** Woken whenever a child ends or a signal is handled. */
  readonly events = new WaitList();
  readonly ends = new WaitList();
  ended = false;
  /** Exit code, 128 + n when killed by signal n. */
  exitCode = 0;
  signal: Signal | undefined;
  stopped = false;
  argv: readonly string[];
  /** What it called itself, instead of argv. */
  title: readonly string[] | undefined;
  env: Readonly<Record<string, string>>;
  cwd: string;
  umask: number;
  credentials: Credentials;
  fds: (Handle | undefined)[];
  group: number;
  session: number;
  terminal: Terminal | undefined;
  cpu = 0;
  /** Nobody will ask for its exit code: it leaves the table when it ends. */
  reapedByItself = false;
  /** How many in the table are its children. */
  private offspring = 0;
  private debt = 0;
  private memory = 0;
  private handlers: Map<Signal, (() => void) | 'ignore'> | undefined;
  private owned: Set<Handle> | undefined;
  private threads: KernelProcess[] | undefined;
  private task: KernelProcess | undefined;
  private calls: SystemCalls | undefined;
  private view: FileSystemView | undefined;
  private sockets: OwnedNamespace | undefined;

  /** Throws EAGAIN when there are too many processes. */
  constructor(readonly world: World, public parent: LinuxProcess | undefined, options: ProcessOptions) {
    if (world.pids.full) throw new SystemError('EAGAIN');
    this.pid = world.pids.next();
    this.argv = options.argv;
    this.env = options.env;
    this.cwd = options.cwd;
    this.credentials = options.credentials;
    this.fds = options.fds;
    this.umask = options.umask ?? parent?.umask ?? 0o022;
    this.group = options.group ?? parent?.group ?? this.pid;
    this.session = options.session ?? parent?.session ?? this.pid;
    this.terminal = options.terminal ?? parent?.terminal;
    this.startedAt = world.kernel.now;
    world.pids.processes.set(this.pid, this);
    if (parent) parent.offspring += 1;
    if (parent?.handlers) for (const [signal, handler] of parent.handlers) if (handler === 'ignore') this.handle(signal, 'ignore');
    this.setMemory(options.memoryBytes ?? baseMemory);
  }

  /** From the oldest on; those that have ended and were not reaped yet as well. */
  get children(): readonly LinuxProcess[] {
    return this.offspring === 0 ? [] : [...this.world.pids.processes.values()].filter(({ parent }) => parent === this);
  }

  get uid(): number {
    return this.credentials.uid;
  }

  get gid(): number {
    return this.credentials.gid;
  }

  get groups(): readonly number[] {
    return this.credentials.groups;
  }

  get now(): Time {
    return this.world.kernel.now;
  }

  get mounts(): MountTable {
    return this.world.mounts;
  }

  get files(): FileSystemView {
    return (this.view ??= new FileSystemView(this));
  }

  get system(): SystemCalls {
    return (this.calls ??= new SystemCalls(this));
  }

  /** The container's network; what this process opens is closed with it. */
  get network(): OwnedNamespace {
    return (this.sockets ??= ownedNamespace(this.world.network));
  }

  fd(number: number): Handle {
    return this.fds[number] ?? closed;
  }

  /** The descriptors with one more holder each, for a child. */
  inheritFds(): (Handle | undefined)[] {
    return this.fds.map((handle) => handle?.retain());
  }

  setFd(number: number, handle: Handle | undefined): void {
    this.fds[number]?.close();
    this.fds[number] = handle;
  }

  adopt(handle: Handle): Handle {
    (this.owned ??= new Set()).add(handle);
    return handle;
  }

  openSpecial(inode: SpecialInode, flags: { readonly read?: boolean; readonly write?: boolean }): Handle {
    return openSpecial(this, inode, flags);
  }

  /** A process whose parent is this one. Throws EAGAIN when there are too many. */
  fork(options: ProcessOptions): LinuxProcess {
    return new LinuxProcess(this.world, this, options);
  }

  // ---- running

  /** Begins to run a program as this process. */
  start(program: Executable): void {
    this.task = this.world.kernel.spawn(this.argv[0] ?? 'process', this.main(program(this.system)), null);
  }

  /** Begins to run a task as this process: a subshell. */
  startTask(task: Task<number>): void {
    this.task = this.world.kernel.spawn(this.argv[0] ?? 'process', this.main(task), null);
  }

  /** Runs a task with what a thread of the process needs; it dies with the process. */
  thread(name: string, task: Task): void {
    if (this.ended) return;
    const thread = this.world.kernel.spawn(name, this.guard(task), null);
    (this.threads ??= []).push(thread);
  }

  private *guard(task: Task): Task {
    try {
      yield* this.stoppable(task);
    } catch (error) {
      if (error instanceof ProcessEnded) return;
      this.fail(error);
    }
  }

  private *main(task: Task<number> | undefined): Task {
    while (task) {
      try {
        const code = yield* this.stoppable(task);
        task = undefined;
        if (this.debt > 0) yield* this.settle();
        this.exit(code);
      } catch (error) {
        task = undefined; // a program that was replaced is not held any longer
        if (error instanceof ProcessEnded) return;
        if (error instanceof ProcessReplaced && this.replacement) {
          task = this.replacement(this.system);
          this.replacement = undefined;
        } else this.fail(error);
      }
    }
  }

  /** The program that takes this process over once the running one has unwound. */
  replacement: Executable | undefined;

  /** exec: another program takes over; descriptors stay, handlers go. */
  replace(program: Executable, argv: readonly string[], env: Readonly<Record<string, string>>): never {
    this.argv = argv;
    this.env = env;
    this.resetHandlers();
    this.replacement = program;
    throw replaced;
  }

  /** A system call failed and the program did not mind: it ends with the error's text. Anything else is a defect of ours. */
  private fail(error: unknown): void {
    if (error instanceof SystemError && error.code === 'EPIPE') return this.end(undefined, 'PIPE');
    if (!(error instanceof SystemError) && !(error instanceof NetworkError)) throw error;
    const path = error instanceof SystemError && error.path !== undefined ? `${error.path}: ` : '';
    const name = (this.argv[0] ?? '').replace(/^.*\//, '');
    try {
      this.fd(2).tryWrite(`${name}: ${path}${errorText(error.code)}\n`);
    } catch (second) {
      if (!(second instanceof SystemError)) throw second;
    }
    this.exit(1);
  }

  /** Drives a task, and holds it while the process is stopped. */
  private *stoppable<T>(task: Task<T>): Task<T> {
    try {
      let step = task.next();
      while (!step.done) {
        let value: unknown;
        let thrown: { error: unknown } | undefined;
        try {
          value = yield step.value;
        } catch (error) {
          thrown = { error };
        }
        while (this.stopped) yield* this.events.wait();
        step = thrown ? task.throw(thrown.error) : task.next(value);
      }
      return step.value;
    } finally {
      task.return(undefined as T);
    }
  }

  /** Accounts CPU time in microseconds; true when the process should now `settle`. */
  charge(microseconds: number): boolean {
    this.debt += microseconds;
    return this.debt >= pauseAfter;
  }

  /** Whether so much more would make it settle. */
  owes(microseconds: number): boolean {
    return this.debt + microseconds >= pauseAfter;
  }

  /** Lets the CPU time used so far pass, longer when the container is throttled. `more` passes with it. */
  *settle(more = 0): Task {
    yield* sleep(this.takeDebt() + more);
  }

  /** The wall time that the CPU time used so far takes. */
  takeDebt(): number {
    const used = Math.round(this.debt);
    this.debt = 0;
    this.cpu += used;
    this.world.usage.cpuMicroseconds += used;
    const limit = this.world.limits.cpuMillis;
    return limit !== undefined && limit < 1000 ? Math.round((used * 1000) / Math.max(limit, 1)) : used;
  }

  setMemory(bytes: number): void {
    this.world.usage.memoryBytes += bytes - this.memory;
    this.memory = bytes;
    const limit = this.world.limits.memoryBytes;
    if (limit !== undefined && this.world.usage.memoryBytes > limit && !this.ended) this.world.outOfMemory(this);
  }

  get memoryBytes(): number {
    return this.memory;
  }

  // ---- signals and the end

  handle(signal: Signal, handler: (() => void) | 'ignore' | undefined): void {
    if (handler === undefined) this.handlers?.delete(signal);
    else (this.handlers ??= new Map()).set(signal, handler);
  }

  handlerOf(signal: Signal): (() => void) | 'ignore' | undefined {
    return this.handlers?.get(signal);
  }

  /** Signals are as they were at the start, for a program that replaces this one: handlers go, ignored ones stay. */
  resetHandlers(): void {
    if (!this.handlers) return;
    for (const [signal, handler] of [...this.handlers]) if (handler !== 'ignore') this.handlers.delete(signal);
  }

  /** Takes a signal. Process 1 of a namespace is safe from what it does not handle, unless it comes from outside. */
  deliver(signal: Signal, fromOutside = false): void {
    if (this.ended) return;
    const isInit = this.pid === 1;
    const handler = this.handlers?.get(signal);
    if (signal !== 'KILL' && signal !== 'STOP') {
      if (signal === 'CONT') this.resume();
      if (handler === 'ignore') return;
      if (handler) {
        handler();
        this.events.wake();
        return;
      }
    }
    const action = defaultAction(signal);
    if (isInit && action !== 'continue' && !(fromOutside && signal === 'KILL')) return;
    if (action === 'end') this.end(undefined, signal);
    else if (action === 'stop') {
      this.stopped = true;
      this.parent?.events.wake();
    } else if (action === 'continue') this.resume();
  }

  private resume(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.events.wake();
    this.parent?.events.wake();
  }

  /** The program came to its end. */
  exit(code: number): void {
    this.end(code & 0xff, undefined);
  }

  private end(code: number | undefined, signal: Signal | undefined): void {
    if (this.ended) return;
    this.ended = true;
    this.signal = signal;
    this.exitCode = code ?? (signal ? 128 + signalNumber(signal) : 0);
    this.setMemory(0);
    if (this.threads) for (const thread of this.threads) thread.cancel();
    this.task?.cancel();
    const { fds, owned } = this;
    if (fds.length > 0) {
      this.fds = [];
      for (const handle of fds) handle?.close();
    }
    this.owned = undefined;
    if (owned) for (const handle of owned) handle.close();
    this.sockets?.closeSockets();
    this.leaveChildren();
    if (!this.parent || this.reapedByItself || this.parent.handlerOf('CHLD') === 'ignore') this.reap();
    this.ends.wake();
    this.parent?.events.wake();
    const onChild = this.parent?.handlerOf('CHLD');
    if (typeof onChild === 'function') onChild();
  }

  private leaveChildren(): void {
    const { pids } = this.world;
    if (this.pid === 1) {
      for (const other of [...pids.processes.values()]) if (other !== this && !other.ended) other.deliver('KILL', true);
      return;
    }
    if (this.offspring === 0) return;
    const init = pids.init;
    for (const child of this.children) {
      if (child.ended) child.reap();
      else {
        child.reapedByItself = true;
        this.offspring -= 1;
        if (init) init.offspring += 1;
      }
      child.parent = init;
    }
  }

  /** Takes it out of the table: its parent knows how it ended. */
  reap(): void {
    const { processes } = this.world.pids;
    if (processes.get(this.pid) !== this) return;
    processes.delete(this.pid);
    if (this.parent) this.parent.offspring -= 1;
  }

  /** Waits for a child's end; gives its exit code. */
  *wait(): Task<number> {
    while (!this.ended) yield* this.ends.wait();
    this.reap();
    return this.exitCode;
  }

  /** A wait for this process's end, or for `duration` to pass. */
  orAfter(duration: number): Wait {
    return (waker, kernel) => {
      const wake = () => waker.resolve(undefined);
      const timer = kernel.after(duration, wake);
      const stop = this.ends.listen(wake);
      return () => {
        kernel.cancel(timer);
        stop();
      };
    };
  }
}
