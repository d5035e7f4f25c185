import { Channel, type Duration, type Kernel, milliseconds, sleep, type Task, within, utf8Decode } from '../../kernel';
import { bytesOf } from '../files/content';
import type { MountTable } from '../files/mounts';
import { FileSystemView } from '../files/view';
import { type Container, type ContainerOptions, type ContainerState, type Image, type ImageStatus, type LogLine, type ProgramStreams, type SandboxOptions, StartError, SystemError } from '../interface';
import { type Handle, NullHandle, SinkHandle, WaitList } from '../process/handle';
import { openPipe } from '../process/pipe';
import type { Credentials } from '../process/options';
import { LinuxProcess } from '../process/process';
import type { Executable } from '../process/program';
import { parseSignal } from '../process/signals';
import { Terminal } from '../process/terminal';
import { users } from '../process/users';
import { PidNamespace, type World } from '../process/world';
import type { ImageLayers } from './layers';
import { ContainerLog } from './log';
import { containerMounts } from './mounts';
import { newId } from './reference';
import { commandLine, createPrefix, credentialsOf, environmentOf, prepareFolder, programFor } from './start';
import { openStreams, pump, typeInto } from './streams';

/** What a container is made from. */
export interface ContainerParts {
  readonly kernel: Kernel;
  readonly sandbox: SandboxOptions;
  /** The pod's process namespace when it is shared. */
  readonly pids: PidNamespace | undefined;
  readonly image: Image;
  readonly layers: ImageLayers;
  readonly status: ImageStatus;
  readonly program: (key: string) => Executable | undefined;
  readonly onRemove: () => void;
}

type Exited = ContainerState & { status: 'exited' };

const startTime = milliseconds(30);
const execTime = milliseconds(15);
const messageLimit = 4096;
const none: never[] = [];

/** A container of the simulated runtime. */
export class RuntimeContainer implements Container {
  readonly id: string;
  state: ContainerState = { status: 'created' };
  readonly image: ImageStatus;
  private readonly world: World;
  private readonly mounts: MountTable;
  private readonly logBuffer: ContainerLog;
  private readonly ended = new WaitList();
  private attached: { stdout: Channel<Uint8Array>; stderr: Channel<Uint8Array> }[] = none;
  private readonly kernel: Kernel;
  private init: LinuxProcess | undefined;
  private terminal: Terminal | undefined;
  private input: Handle | undefined;
  private credentials: Credentials | undefined;
  private outOfMemory = false;
  private execCount = 0;

  constructor(private readonly parts: ContainerParts, readonly options: ContainerOptions) {
    const { kernel, sandbox } = parts;
    this.kernel = kernel;
    this.image = parts.status;
    this.id = newId(kernel.random);
    this.logBuffer = new ContainerLog(() => kernel.now);
    const { table, bind } = containerMounts(kernel, parts.layers.tree, options.mounts, options.readOnlyRoot ?? false);
    this.mounts = table;
    this.world = {
      kernel,
      random: kernel.random,
      hostname: sandbox.hostname,
      network: sandbox.network,
      mounts: table,
      pids: parts.pids ?? new PidNamespace(),
      limits: options.limits ?? {},
      usage: { cpuMicroseconds: 0, memoryBytes: 0 },
      privileged: options.privileged ?? false,
      sysctls: sandbox.sysctls ?? {},
      program: parts.program,
      outOfMemory: () => this.killForMemory(),
    };
    bind(this.world);
  }

  get user(): Credentials & { readonly supplementalGroups: readonly number[] } {
    const { uid, gid, groups } = (this.credentials ??= credentialsOf(this.rootFiles(), this.parts.image, this.options.user));
    return { uid, gid, groups, supplementalGroups: groups };
  }

  /** The files as root sees them, without a process. */
  private rootFiles(): FileSystemView {
    const { kernel, mounts } = this;
    const refuse = (): never => {
      throw new SystemError('EPERM');
    };
    return new FileSystemView({ pid: 0, uid: 0, gid: 0, groups: [], cwd: '/', umask: 0o022, get now() { return kernel.now; }, mounts, adopt: (handle) => handle, openSpecial: refuse });
  }

  *start(): Task {
    yield* sleep(startTime);
    const startedAt = this.kernel.now;
    try {
      this.begin();
      this.state = { status: 'running', startedAt };
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.state = { status: 'exited', startedAt: 0, finishedAt: this.kernel.now, exitCode: 128, reason: 'StartError', message: error.message };
      this.ended.wake();
      throw error;
    }
  }

  private begin(): void {
    const { image } = this.parts;
    const { options } = this;
    const argv = commandLine(image, options);
    if (argv.length === 0) throw new StartError(`failed to generate container "${this.id}" spec: failed to generate spec: no command specified`);
    const files = this.rootFiles();
    const credentials = (this.credentials ??= credentialsOf(files, image, options.user));
    const home = users(files).find((user) => user.uid === credentials.uid)?.home ?? '/';
    const env = environmentOf(image, options, this.world.hostname, home);
    const init = new LinuxProcess(this.world, undefined, { argv, env, cwd: '/', credentials: { uid: 0, gid: 0, groups: [] }, fds: [] });
    try {
      init.cwd = prepareFolder(init, options.workingDir ?? image.workingDir ?? '/');
      init.credentials = credentials;
      const found = programFor(init, argv, env['PATH'], createPrefix);
      init.argv = found.argv;
      init.fds = this.openStandardStreams();
      init.terminal = this.terminal;
      this.init = init;
      if (this.terminal) this.terminal.foreground = init.group;
      init.start(found.program);
    } catch (error) {
      init.deliver('KILL', true);
      throw error;
    }
    const { init: started } = this;
    this.kernel.spawn(`container ${options.name}`, this.awaitEnd(started as LinuxProcess, this.kernel.now), null);
  }

  private openStandardStreams(): Handle[] {
    const { options } = this;
    if (options.tty) {
      const terminal = new Terminal('/dev/pts/0', this.world.pids, (data) => this.output('stdout', data));
      this.terminal = terminal;
      const handle = terminal.open();
      return [options.stdin ? handle : handle, handle.retain(), handle.retain()];
    }
    let input: Handle = new NullHandle();
    if (options.stdin) {
      const { reader, writer } = openPipe();
      input = reader;
      this.input = writer;
    }
    return [input, new SinkHandle('pipe:[11]', (data) => this.output('stdout', data)), new SinkHandle('pipe:[12]', (data) => this.output('stderr', data))];
  }

  private output(stream: 'stdout' | 'stderr', data: Uint8Array | string): void {
    this.logBuffer.write(stream, data);
    for (const to of this.attached) to[stream].send(bytesOf(data).slice());
  }

  private *awaitEnd(init: LinuxProcess, startedAt: number): Task {
    while (!init.ended) yield* init.ends.wait();
    init.reap();
    this.killRest();
    this.logBuffer.flush();
    const exitCode = init.exitCode;
    this.state = { status: 'exited', startedAt, finishedAt: this.kernel.now, exitCode, reason: this.outOfMemory ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error' };
    for (const { stdout, stderr } of this.attached) {
      stdout.close();
      stderr.close();
    }
    this.attached = none;
    this.ended.wake();
  }

  private killRest(): void {
    for (const process of [...this.world.pids.processes.values()]) {
      if (process.world !== this.world || process.ended) continue;
      process.deliver('KILL', true);
    }
  }

  private killForMemory(): void {
    this.outOfMemory = true;
    this.killRest();
  }

  *stop(grace: Duration): Task {
    const { init } = this;
    if (!init || this.state.status !== 'running') return;
    if (grace > 0) {
      init.deliver(this.parts.image.stopSignal ?? 'TERM', true);
      yield* within(grace, () => this.wait());
    }
    if (this.state.status === 'running') init.deliver('KILL', true);
    yield* this.wait();
  }

  signal(name: string): void {
    const signal = parseSignal(name);
    if (signal) this.init?.deliver(signal, true);
  }

  *wait(): Task<Exited> {
    while (this.state.status !== 'exited') yield* this.ended.wait();
    return this.state;
  }

  *exec(command: readonly string[], options: { readonly stdin: boolean; readonly tty: boolean }): Task<ProgramStreams> {
    const { init } = this;
    if (!init || this.state.status !== 'running') throw new StartError(`failed to exec in container: container is in ${this.state.status === 'created' ? 'CONTAINER_CREATED' : 'CONTAINER_EXITED'} state`);
    yield* sleep(execTime);
    if (init.ended) throw new StartError('failed to exec in container: container is in CONTAINER_EXITED state');
    const env = environmentOf(this.parts.image, this.options, this.world.hostname, '/');
    env['HOME'] = init.env['HOME'] ?? env['HOME'] ?? '/';
    if (options.tty) env['TERM'] = 'xterm';
    this.execCount += 1;
    const streams = openStreams(this.kernel, this.world.pids, { ...options, terminalName: `/dev/pts/${this.execCount}` });
    const process = this.makeExec(command, env, init, streams.fds, streams.terminal);
    return streams.connect(process);
  }

  private makeExec(command: readonly string[], env: Readonly<Record<string, string>>, init: LinuxProcess, fds: Handle[], terminal: Terminal | undefined): LinuxProcess {
    const prefix = `failed to exec in container: failed to start exec "${newId(this.kernel.random)}": OCI runtime exec failed: exec failed: `;
    let process: LinuxProcess;
    try {
      process = new LinuxProcess(this.world, undefined, { argv: command, env, cwd: this.options.workingDir ?? this.parts.image.workingDir ?? '/', credentials: init.credentials, fds, terminal });
    } catch (error) {
      for (const handle of fds) handle.close();
      if (error instanceof SystemError) throw new StartError(`${prefix}unable to start container process: error executing setns process: Resource temporarily unavailable`);
      throw error;
    }
    try {
      const found = programFor(process, command, env['PATH'], prefix);
      process.argv = found.argv;
      process.start(found.program);
    } catch (error) {
      process.deliver('KILL', true);
      throw error;
    }
    return process;
  }

  attach(): ProgramStreams {
    const ends = { stdout: new Channel<Uint8Array>(), stderr: new Channel<Uint8Array>() };
    if (this.state.status === 'running') this.attached = [...this.attached, ends];
    else {
      ends.stdout.close();
      ends.stderr.close();
    }
    const stdin = this.options.stdin ? new Channel<Uint8Array>() : undefined;
    const { terminal, input } = this;
    if (stdin && terminal) this.kernel.spawn('typing', typeInto(stdin, terminal), null);
    else if (stdin && input) this.kernel.spawn('input', pump(stdin, input, this.options.stdinOnce ?? false), null);
    return {
      ...ends,
      stdin,
      resize: (columns, rows) => terminal?.resize(columns, rows),
      exit: () => this.exitCode(),
      close: () => {
        this.attached = this.attached.filter((other) => other !== ends);
        stdin?.close();
        ends.stdout.close();
        ends.stderr.close();
      },
    };
  }

  private *exitCode(): Task<number> {
    return (yield* this.wait()).exitCode;
  }

  get log(): readonly LogLine[] {
    return this.logBuffer.lines;
  }

  followLog(listener: (line: LogLine) => void): () => void {
    return this.logBuffer.follow(listener);
  }

  terminationMessage(path: string): string {
    try {
      const bytes = this.rootFiles().readFile(path);
      return utf8Decode(bytes.subarray(Math.max(0, bytes.length - messageLimit)));
    } catch (error) {
      if (error instanceof SystemError) return '';
      throw error;
    }
  }

  get usage(): { readonly cpuNanoseconds: number; readonly memoryBytes: number } {
    return { cpuNanoseconds: this.world.usage.cpuMicroseconds * 1000, memoryBytes: Math.max(0, this.world.usage.memoryBytes) };
  }

  /** Bytes written to the container's own layer, for ephemeral storage. */
  get writtenBytes(): number {
    return this.mounts.root.tree.usedBytes;
  }

  remove(): void {
    this.killRest();
    this.parts.onRemove();
  }
}
