import type { Kernel, Random } from '../../kernel';
import type { NetworkNamespace } from '../../network';
import type { MountTable } from '../files/mounts';
import type { LinuxProcess } from './process';
import type { Executable } from './program';

/** The processes that see each other, by number. */
export class PidNamespace {
  readonly processes = new Map<number, LinuxProcess>();
  private last = 0;

  constructor(readonly limit = 1024) {}

  /** The next number. */
  next(): number {
    do this.last = this.last >= 32_767 ? 2 : this.last + 1;
    while (this.processes.has(this.last));
    return this.last;
  }

  get full(): boolean {
    return this.processes.size >= this.limit;
  }

  get init(): LinuxProcess | undefined {
    return this.processes.get(1);
  }
}

/** What the processes of one container (or host) share. */
export interface World {
  readonly kernel: Kernel;
  readonly random: Random;
  hostname: string;
  readonly network: NetworkNamespace;
  readonly mounts: MountTable;
  readonly pids: PidNamespace;
  readonly limits: { readonly memoryBytes?: number; readonly cpuMillis?: number };
  readonly usage: { cpuMicroseconds: number; memoryBytes: number };
  readonly privileged: boolean;
  readonly sysctls: Readonly<Record<string, string>>;
  /** The program that a file which begins with \x7fELF names. */
  program(key: string): Executable | undefined;
  /** The container holds more memory than it may: everything in it is killed. */
  outOfMemory(process: LinuxProcess): void;
}
