import { concatBytes, type Kernel, type Task } from '../kernel';
import type { NetworkNamespace } from '../network';
import { containerMounts } from './container/mounts';
import { layersOf } from './container/layers';
import { openStreams } from './container/streams';
import type { Tree } from './files/tree';
import type { FileTree, Image, Program, ProgramStreams, Userland } from './interface';
import { findExecutable } from './process/execute';
import { LinuxProcess } from './process/process';
import type { Executable } from './process/program';
import { PidNamespace, type World } from './process/world';

/** Completes a line typed at the host's shell; undefined leaves it to commands and file names. */
export type Completer = (line: string, cursor: number) => { readonly start: number; readonly candidates: readonly string[] } | undefined;

export interface HostOptions {
  readonly kernel: Kernel;
  readonly name: string;
  readonly network: NetworkNamespace;
  /** What is installed on it. */
  readonly base: Userland;
  /** Further programs by absolute path: /usr/local/bin/kubectl. */
  readonly programs?: Readonly<Record<string, Program>>;
  /** Further files by absolute path. */
  readonly files?: NonNullable<Image['files']>;
  /** The home folder, where shells start. Default /root. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly completer?: Completer;
}

/** A machine that is no container: a file tree, a login shell, programs. */
export interface Host {
  readonly files: FileTree;
  /** A login shell at a terminal. */
  openTerminal(size?: { readonly columns: number; readonly rows: number }): ProgramStreams;
  /** Starts a program without a terminal. Throws SystemError when there is none. */
  run(argv: readonly string[], options?: { readonly stdin?: boolean; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string }): ProgramStreams;
}

/** Makes a host on a network. */
export function createHost(options: HostOptions): Host {
  const home = options.home ?? '/root';
  const image: Image = {
    repository: `host/${options.name}`,
    tags: ['latest'],
    sizeBytes: 0,
    programs: options.programs ?? {},
    files: { [`${home}/`]: { data: '', mode: 0o755 }, '/etc/hostname': `${options.name}\n`, '/etc/hosts': `127.0.0.1\tlocalhost\n127.0.1.1\t${options.name}\n`, ...options.files },
    base: options.base,
  };
  const layers = layersOf(image, options.kernel.now, false);
  const { table, root, bind } = containerMounts(options.kernel, layers.tree, [], false);
  const { kernel } = options;
  const world: World = {
    kernel,
    random: kernel.random,
    hostname: options.name,
    network: options.network,
    mounts: table,
    pids: new PidNamespace(),
    limits: {},
    usage: { cpuMicroseconds: 0, memoryBytes: 0 },
    privileged: true,
    sysctls: {},
    program: (key) => layers.programs.get(key),
    outOfMemory: (process) => process.deliver('KILL', true),
  };
  bind(world);
  return new Machine(options, world, root, home);
}

class Machine implements Host {
  private readonly init: LinuxProcess;
  private terminals = 0;

  constructor(private readonly options: HostOptions, private readonly world: World, readonly files: Tree, private readonly home: string) {
    this.init = new LinuxProcess(world, undefined, { argv: ['init'], env: {}, cwd: '/', credentials: { uid: 0, gid: 0, groups: [0] }, fds: [] });
  }

  private environment(): Record<string, string> {
    return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: this.home, USER: 'root', HOSTNAME: this.options.name, ...this.options.env };
  }

  openTerminal(size = { columns: 80, rows: 24 }): ProgramStreams {
    this.terminals += 1;
    const streams = openStreams(this.world.kernel, this.world.pids, { stdin: true, tty: true, terminalName: `/dev/pts/${this.terminals - 1}`, size });
    if (streams.terminal) streams.terminal.completer = this.options.completer;
    const env = { ...this.environment(), TERM: 'xterm-256color', SHELL: '/bin/sh', PS1: `\\[\\e[1m\\]${this.options.name}:\\w\\$\\[\\e[0m\\] ` };
    const process = new LinuxProcess(this.world, this.init, { argv: ['-sh'], env, cwd: this.home, credentials: { uid: 0, gid: 0, groups: [0] }, fds: streams.fds, terminal: streams.terminal });
    process.reapedByItself = true;
    process.start(this.shell(process));
    return streams.connect(process);
  }

  private shell(process: LinuxProcess): Executable {
    return findExecutable(process, ['/bin/sh'], undefined).program;
  }

  run(argv: readonly string[], options: { readonly stdin?: boolean; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {}): ProgramStreams {
    const streams = openStreams(this.world.kernel, this.world.pids, { stdin: options.stdin ?? false, tty: false, terminalName: '' });
    const env = { ...this.environment(), ...options.env };
    const process = new LinuxProcess(this.world, this.init, { argv, env, cwd: options.cwd ?? this.home, credentials: { uid: 0, gid: 0, groups: [0] }, fds: streams.fds });
    process.reapedByItself = true;
    try {
      const found = findExecutable(process, argv, env['PATH']);
      process.argv = found.argv;
      process.start(found.program);
    } catch (error) {
      process.deliver('KILL', true);
      throw error;
    }
    return streams.connect(process);
  }
}

/** Runs a program of a host to its end; gives what it printed. */
export function* outputOf(streams: ProgramStreams): Task<{ readonly code: number; readonly stdout: Uint8Array; readonly stderr: Uint8Array }> {
  const code = yield* streams.exit();
  const collect = (channel: ProgramStreams['stdout']): Uint8Array => {
    const chunks: Uint8Array[] = [];
    for (let chunk = channel.poll(); chunk; chunk = channel.poll()) chunks.push(chunk);
    return concatBytes(chunks);
  };
  return { code, stdout: collect(streams.stdout), stderr: collect(streams.stderr) };
}
