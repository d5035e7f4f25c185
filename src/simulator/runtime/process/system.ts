import { type Duration, type Random, sleep, type Task, type Time } from '../../kernel';
import type { NetworkNamespace } from '../../network';
import { type ChildProcess, type FileHandle, type SignalName, type SpawnOptions, type System, SystemError } from '../interface';
import type { FileSystemView } from '../files/view';
import { findExecutable } from './execute';
import { type Handle, NullHandle } from './handle';
import { openPipe } from './pipe';
import { ProcessEnded } from './ending';
import type { LinuxProcess } from './process';
import type { Signal } from './signals';
import { userName } from './users';

/** Whether a process may signal another: as root, or as the same user. */
const maySignal = (one: LinuxProcess, other: LinuxProcess): boolean => one.uid === 0 || one.uid === other.uid;

/** The system calls of one process. An instant command that the shell runs itself gets one of its own over the shell's process. */
export class SystemCalls implements System {
  private ownArgv: readonly string[] | undefined;
  private ownEnv: Readonly<Record<string, string>> | undefined;

  constructor(readonly process: LinuxProcess) {}

  /** The same process under another command line, for instant commands. */
  as(argv: readonly string[], env: Readonly<Record<string, string>>): SystemCalls {
    const calls = new SystemCalls(this.process);
    calls.ownArgv = argv;
    calls.ownEnv = env;
    return calls;
  }

  get argv(): readonly string[] {
    return this.ownArgv ?? this.process.argv;
  }

  get env(): Readonly<Record<string, string>> {
    return this.ownEnv ?? this.process.env;
  }

  get cwd(): string {
    return this.process.cwd;
  }

  set cwd(path: string) {
    this.process.cwd = path;
  }

  get pid(): number {
    return this.process.pid;
  }

  get parentPid(): number {
    return this.process.parent?.pid ?? 0;
  }

  get uid(): number {
    return this.process.uid;
  }

  get gid(): number {
    return this.process.gid;
  }

  get hostname(): string {
    return this.process.world.hostname;
  }

  get stdin(): Handle {
    return this.process.fd(0);
  }

  get stdout(): Handle {
    return this.process.fd(1);
  }

  get stderr(): Handle {
    return this.process.fd(2);
  }

  get files(): FileSystemView {
    return this.process.files;
  }

  get network(): NetworkNamespace {
    return this.process.network;
  }

  get random(): Random {
    return this.process.world.random;
  }

  get now(): Time {
    return this.process.now;
  }

  *sleep(duration: Duration): Task {
    yield* sleep(duration);
  }

  spawn(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const process = this.process;
    const env = options.env ? { ...options.env } : { ...this.env };
    const { program, argv: actual } = findExecutable(process, argv, env['PATH']);
    const fds: (Handle | undefined)[] = [];
    for (const [index, given] of [options.stdin, options.stdout, options.stderr].entries()) fds[index] = given ? (given as FileHandle as Handle).retain() : process.fds[index]?.retain();
    const child = process.fork({ argv: actual, env, cwd: options.cwd ?? process.cwd, credentials: options.user && process.uid === 0 ? { ...options.user, groups: [options.user.gid] } : process.credentials, fds });
    child.start(program);
    process.charge(500);
    return { pid: child.pid, wait: () => child.wait(), kill: (signal) => child.deliver(signal) };
  }

  pipe(): { readonly reader: Handle; readonly writer: Handle } {
    const { reader, writer } = openPipe();
    this.process.adopt(reader);
    this.process.adopt(writer);
    return { reader, writer };
  }

  /** Also takes signals that the interface does not name; pid 0 means the process's own group, a negative one a group, -1 all. */
  kill(pid: number, signal: Signal | 0): void {
    const { process } = this;
    const all = [...process.world.pids.processes.values()];
    let targets: LinuxProcess[];
    if (pid > 0) targets = all.filter((other) => other.pid === pid);
    else if (pid === -1) targets = all.filter((other) => other.pid !== 1 && other !== process);
    else targets = all.filter((other) => other.group === (pid === 0 ? process.group : -pid));
    if (targets.length === 0) throw new SystemError('ESRCH');
    const allowed = targets.filter((other) => maySignal(process, other));
    if (allowed.length === 0) throw new SystemError('EPERM');
    if (signal === 0) return;
    for (const target of allowed) target.deliver(signal);
    if (process.ended) throw new ProcessEnded();
  }

  onSignal(signal: SignalName, handler: (() => void) | 'ignore' | undefined): void {
    this.process.handle(signal, handler);
  }

  setTitle(title: string): void {
    this.process.title = [title];
  }

  processes(): readonly { readonly pid: number; readonly parentPid: number; readonly user: string; readonly argv: readonly string[]; readonly state: string; readonly startedAt: Time }[] {
    const { processes } = this.process.world.pids;
    return [...processes.values()]
      .sort((a, b) => a.pid - b.pid)
      .map((other) => ({
        pid: other.pid,
        parentPid: other.parent && processes.get(other.parent.pid) === other.parent ? other.parent.pid : 0,
        user: userName(this.files, other.uid) ?? String(other.uid),
        argv: other.title ?? (other === this.process ? this.argv : other.argv),
        state: other.ended ? 'Z' : other.stopped ? 'T' : other === this.process ? 'R' : 'S',
        startedAt: other.startedAt,
      }));
  }

  useMemory(bytes: number): void {
    this.process.setMemory(bytes);
    if (this.process.ended) throw new ProcessEnded();
  }

  *useCpu(duration: Duration): Task {
    if (this.process.charge(duration)) yield* this.process.settle();
  }

  thread(name: string, task: Task): void {
    this.process.thread(name, task);
  }

  setRawTerminal(raw: boolean): void {
    const modes = this.process.terminal?.modes;
    if (modes) Object.assign(modes, { canonical: !raw, echo: !raw, signals: !raw });
  }

  get terminalSize(): { readonly columns: number; readonly rows: number } | undefined {
    return this.stdout.isTerminal ? this.process.terminal?.size : undefined;
  }
}

/** A standard stream that reads nothing and swallows everything. */
export const nullHandle = (): Handle => new NullHandle();
