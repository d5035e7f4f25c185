import type { Channel, Duration, Random, Task, Time } from '../kernel';
import type { NetworkNamespace } from '../network';

// ---- files ------------------------------------------------------------------------------------------------------

/** A file system tree that can be mounted into containers: an image's layer copy, a volume. Paths in it start with '/'. */
export interface FileTree {
  /** Replaces or makes a regular file, with its parents. For kubelet's volumes and image builders. */
  writeFile(path: string, data: Uint8Array | string, options?: { readonly mode?: number; readonly uid?: number; readonly gid?: number }): void;
  readFile(path: string): Uint8Array;
  makeFolder(path: string, options?: { readonly mode?: number; readonly uid?: number; readonly gid?: number }): void;
  /** Atomically replaces what stands at `path` (how ..data is swapped). */
  symlink(target: string, path: string): void;
  rename(from: string, to: string): void;
  remove(path: string, options?: { readonly recursive?: boolean }): void;
  exists(path: string): boolean;
  list(path: string): readonly string[];
  /** Bytes held, for size limits and df. */
  readonly usedBytes: number;
  /** Throws ENOSPC on writes beyond it. */
  sizeLimit: number | undefined;
}

export interface Mount {
  readonly path: string;
  readonly tree: FileTree;
  /** A folder or file within the tree; made (as a folder) when missing. */
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

// ---- containers: what a kubelet asks of a runtime (the shape of CRI) -------------------------------------------------

export interface ImageStatus {
  /** docker.io/library/nginx:1.27, as status.containerStatuses[].image shows it. */
  readonly name: string;
  /** docker.io/library/nginx@sha256:… */
  readonly id: string;
  readonly sizeBytes: number;
  /** Numeric user that the image asks for, if any; a name when it names one. */
  readonly user?: string;
}

/** Why an image cannot be had: the texts that events and waiting messages carry. */
export class ImageError extends Error {
  override readonly name = 'ImageError';

  /** `reason`: ErrImagePull, InvalidImageName, ErrImageNeverPull, RegistryUnavailable. */
  constructor(readonly reason: string, message: string) {
    super(message);
  }
}

export interface SandboxOptions {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly hostname: string;
  readonly network: NetworkNamespace;
  /** shareProcessNamespace: containers see each other's processes; PID 1 is the pause. */
  readonly shareProcesses?: boolean;
  readonly sysctls?: Readonly<Record<string, string>>;
}

export interface ContainerOptions {
  readonly name: string;
  readonly attempt: number;
  readonly image: string;
  /** Absent: the image's own entry point and arguments, by Docker's rules. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly tty?: boolean;
  readonly user?: { readonly uid?: number; readonly gid?: number; readonly supplementalGroups?: readonly number[] };
  readonly readOnlyRoot?: boolean;
  readonly privileged?: boolean;
  readonly limits?: { readonly memoryBytes?: number; readonly cpuMillis?: number };
}

export type ContainerState =
  | { readonly status: 'created' }
  | { readonly status: 'running'; readonly startedAt: Time }
  | { readonly status: 'exited'; readonly startedAt: Time; readonly finishedAt: Time; readonly exitCode: number; readonly signal?: number; readonly reason: 'Completed' | 'Error' | 'OOMKilled' | 'StartError' | 'ContainerCannotRun' | ''; readonly message?: string };

/** One line of a container's log. */
export interface LogLine {
  readonly time: Time;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** false: the program has not ended the line (yet). */
  readonly complete: boolean;
}

/** What a started program offers to whoever attached to it or exec'd it. */
export interface ProgramStreams {
  readonly stdout: Channel<Uint8Array>;
  readonly stderr: Channel<Uint8Array>;
  /** Undefined when stdin is not open. Close it for end of file. */
  readonly stdin: Channel<Uint8Array> | undefined;
  resize(columns: number, rows: number): void;
  /** The exit code; 128 + signal when killed. */
  readonly exit: () => Task<number>;
  /** Hangs up: the client is gone. */
  close(): void;
}

/** Thrown by start and exec: the program cannot be run at all (no such file, not executable, bad user). The text is runc's. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(message: string, readonly exitCode = 128) {
    super(message);
  }
}

export interface Container {
  readonly id: string;
  readonly options: ContainerOptions;
  readonly image: ImageStatus;
  readonly state: ContainerState;
  /** The user that process 1 runs as, as status.containerStatuses[].user shows it. */
  readonly user: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
  /** Throws StartError; the state is then exited with 128 and reason StartError. */
  start(): Task;
  /** TERM (or the image's stop signal), then KILL after `grace`; comes back when it has exited. */
  stop(grace: Duration): Task;
  signal(name: string): void;
  /** Comes back when it has exited, with the final state. */
  wait(): Task<ContainerState & { status: 'exited' }>;
  exec(command: readonly string[], options: { readonly stdin: boolean; readonly tty: boolean }): Task<ProgramStreams>;
  attach(): ProgramStreams;
  /** Lines kept so far; the newest `capacity` bytes are, as with log rotation. */
  readonly log: readonly LogLine[];
  /** Called with each further line; gives the function that stops it. */
  followLog(listener: (line: LogLine) => void): () => void;
  /** The end of what the program wrote to its termination message path. */
  terminationMessage(path: string): string;
  readonly usage: { readonly cpuNanoseconds: number; readonly memoryBytes: number };
  /** Frees everything; it must have exited or never run. */
  remove(): void;
}

export interface Sandbox {
  readonly id: string;
  readonly options: SandboxOptions;
  createContainer(options: ContainerOptions): Container;
  /** Kills what runs and frees everything. */
  remove(): void;
}

/** One node's container runtime. */
export interface ContainerRuntime {
  createSandbox(options: SandboxOptions): Sandbox;
  /** Takes virtual time. Throws ImageError with containerd's text. */
  pullImage(name: string): Task<ImageStatus>;
  /** Undefined when it is not on the node. */
  imageStatus(name: string): ImageStatus | undefined;
  readonly images: readonly ImageStatus[];
  /** `memory`: a tmpfs, as df and mount show it. */
  createTree(options?: { readonly memory?: boolean }): FileTree;
}

// ---- programs: what an image's program asks of its container (system calls) -------------------------------------------

export type SignalName = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'USR1' | 'USR2' | 'PIPE' | 'ALRM' | 'TERM' | 'CHLD' | 'CONT' | 'STOP' | 'TSTP' | 'TTIN' | 'TTOU' | 'WINCH';

/** A failed system call: ENOENT, EACCES, EROFS, ENOSPC, EISDIR … Programs turn it into their own words. */
export class SystemError extends Error {
  override readonly name = 'SystemError';

  constructor(readonly code: string, readonly path?: string) {
    super(path === undefined ? code : `${code}: ${path}`);
  }
}

/** An open file, pipe, terminal or socket end. */
export interface FileHandle {
  /** The next bytes; undefined at the end of file. Waits for pipes and terminals. */
  read(limit?: number): Task<Uint8Array | undefined>;
  /** Waits while a pipe is full. Throws EPIPE (after SIGPIPE), ENOSPC, EBADF. */
  write(data: Uint8Array | string): Task;
  readonly isTerminal: boolean;
  /** Regular files only. */
  seek(offset: number, from: 'start' | 'current' | 'end'): number;
  close(): void;
}

export interface FileStatus {
  readonly type: 'file' | 'folder' | 'symlink' | 'fifo' | 'device' | 'socket';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly inode: number;
  readonly modifiedAt: Time;
}

/** File system calls, relative to the caller's folder, with its permissions. All throw SystemError. */
export interface FileSystem {
  open(path: string, flags: { readonly read?: boolean; readonly write?: boolean; readonly create?: boolean; readonly exclusive?: boolean; readonly truncate?: boolean; readonly append?: boolean; readonly mode?: number }): FileHandle;
  readFile(path: string): Uint8Array;
  readText(path: string): string;
  writeFile(path: string, data: Uint8Array | string): void;
  appendFile(path: string, data: Uint8Array | string): void;
  status(path: string, options?: { readonly followLinks?: boolean }): FileStatus;
  exists(path: string): boolean;
  list(path: string): readonly string[];
  makeFolder(path: string, options?: { readonly parents?: boolean; readonly mode?: number }): void;
  remove(path: string): void;
  removeFolder(path: string): void;
  rename(from: string, to: string): void;
  symlink(target: string, path: string): void;
  link(existing: string, path: string): void;
  readLink(path: string): string;
  changeMode(path: string, mode: number): void;
  changeOwner(path: string, uid: number, gid: number): void;
  /** The absolute path without links. */
  realPath(path: string): string;
  /** Calls `listener` after anything at or right below `path` changed (inotify); gives the function that stops it. */
  watch(path: string, listener: () => void): () => void;
  /** df: the mount that holds the path. */
  mountOf(path: string): { readonly path: string; readonly usedBytes: number; readonly sizeBytes: number; readonly readOnly: boolean };
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: FileHandle;
  readonly stdout?: FileHandle;
  readonly stderr?: FileHandle;
  /** setuid and setgid before exec; only root may. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface ChildProcess {
  readonly pid: number;
  /** Exit code; 128 + signal when killed. */
  wait(): Task<number>;
  kill(signal: SignalName): void;
}

/** Everything a program can do: its only way to the world. */
export interface System {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  cwd: string;
  readonly pid: number;
  readonly parentPid: number;
  readonly uid: number;
  readonly gid: number;
  readonly hostname: string;
  readonly stdin: FileHandle;
  readonly stdout: FileHandle;
  readonly stderr: FileHandle;
  readonly files: FileSystem;
  readonly network: NetworkNamespace;
  readonly random: Random;
  readonly now: Time;
  sleep(duration: Duration): Task;
  /** Looks `argv[0]` up in PATH. Throws SystemError ENOENT, EACCES; EAGAIN when there are too many processes. */
  spawn(argv: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Two ends of a pipe. */
  pipe(): { readonly reader: FileHandle; readonly writer: FileHandle };
  /** Sends to a process of this container's PID namespace. Throws ESRCH, EPERM. */
  kill(pid: number, signal: SignalName): void;
  /** Replaces the default action; undefined brings it back; 'ignore' ignores. */
  onSignal(signal: SignalName, handler: (() => void) | 'ignore' | undefined): void;
  /** setproctitle: what ps shows instead of argv from now on. */
  setTitle?(title: string): void;
  /** What ps shows. */
  processes(): readonly { readonly pid: number; readonly parentPid: number; readonly user: string; readonly argv: readonly string[]; readonly state: string; readonly startedAt: Time }[];
  /** Says how much memory the program holds now; over the container's limit the process is killed (OOM). */
  useMemory(bytes: number): void;
  /** Accounts CPU time: the clock moves accordingly when the container has a CPU limit. */
  useCpu(duration: Duration): Task;
  /** Starts a part of this program that runs beside it (a thread); dies with the program. */
  thread(name: string, task: Task): void;
  /** Raw: keys come as they are typed, without echo and signals. Does nothing without a terminal. */
  setRawTerminal?(raw: boolean): void;
  /** Columns and rows when stdout is a terminal. */
  readonly terminalSize: { readonly columns: number; readonly rows: number } | undefined;
}

/** A program: gives its exit code. An uncaught SystemError or NetworkError is a defect of the program. */
export type Program = (system: System) => Task<number>;

/** The files and the programs of a distribution, which its images share. */
export interface Userland {
  readonly files: NonNullable<Image['files']>;
  /** Each program once, under all its names. */
  readonly programs: readonly { readonly key: string; readonly program: Program; readonly paths: readonly string[] }[];
}

/** An image: where it is, what it holds, what it starts. One folder each under images/. */
export interface Image {
  /** Repository without tag: docker.io/library/nginx. */
  readonly repository: string;
  /** Tags that exist; others fail as a missing tag does. */
  readonly tags: readonly string[];
  readonly sizeBytes: number;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly user?: string;
  readonly stopSignal?: SignalName;
  readonly exposedPorts?: readonly string[];
  /** Programs by absolute path: /usr/sbin/nginx. Those of busybox come by `base`. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Files by absolute path: contents, or a folder with a trailing '/'. */
  readonly files?: Readonly<Record<string, string | { readonly data: string; readonly mode?: number; readonly uid?: number; readonly gid?: number } | { readonly symlink: string }>>;
  /** What lies under it; without, nothing does (FROM scratch). */
  readonly base?: Userland;
}
