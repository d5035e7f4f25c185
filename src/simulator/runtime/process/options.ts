import type { Handle } from './handle';
import type { Terminal } from './terminal';

/** As whom a process runs. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** What a process starts with. */
export interface ProcessOptions {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly credentials: Credentials;
  /** Descriptors by number; the process holds them from now on. */
  readonly fds: (Handle | undefined)[];
  readonly umask?: number;
  readonly group?: number;
  readonly session?: number;
  readonly terminal?: Terminal | undefined;
  /** What a process of the simulated memory holds when it starts. */
  readonly memoryBytes?: number;
}
