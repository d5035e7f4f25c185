import type { Credentials, Describe } from '../api';
import type { Client } from '../client';
import type { Process, Task, Time } from '../kernel';

/** Where a program writes. Text is written as UTF-8. A host whose reader is gone cancels the program. */
export interface Output {
  write(data: string | Uint8Array): void;
  readonly isTerminal: boolean;
}

/** Where a program reads. */
export interface Input {
  /** The next bytes; undefined at the end of file. */
  read(): Task<Uint8Array | undefined>;
  readonly isTerminal: boolean;
}

/** The terminal's file system. Paths may be relative to `cwd`. Failures are errors with a `code`: ENOENT, EISDIR, EACCES … */
export interface HostFiles {
  readonly cwd: string;
  read(path: string): Uint8Array;
  write(path: string, data: Uint8Array | string): void;
  /** Undefined when nothing is there. */
  kind(path: string): 'file' | 'folder' | undefined;
  /** Permission bits of a file, for copies. */
  readonly mode?: (path: string) => number;
  /** Names in a folder, sorted. */
  list(path: string): readonly string[];
  /** With parents; fine when it is there. */
  makeFolder(path: string): void;
  remove(path: string): void;
}

/** What kubectl may know and change of the terminal it runs in. */
export interface HostTerminal {
  readonly columns: number;
  readonly rows: number;
  /** Raw: keystrokes come as they are (exec -it). */
  setRaw(raw: boolean): void;
  /** Gives the function that stops it. */
  onResize(listener: () => void): () => void;
}

/** A port of the workstation that kubectl listens on (port-forward, proxy). */
export interface HostListener {
  readonly port: number;
  accept(): Task<HostConnection | undefined>;
  close(): void;
}

export interface HostConnection {
  read(): Task<Uint8Array | undefined>;
  write(data: Uint8Array): void;
  close(): void;
}

/** Where a kubeconfig's context points, and who asks. */
export interface ConnectionTarget {
  readonly server: string;
  /** As far as the kubeconfig or flags say; undefined for anonymous. */
  readonly credentials: Credentials | undefined;
  /** The kubeconfig user as written, for hosts that know more kinds of credentials. */
  readonly user: Readonly<Record<string, unknown>>;
  readonly cluster: Readonly<Record<string, unknown>>;
}

/** Thrown by `connect` or a request when the server cannot be reached. `kind` decides on kubectl's words. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  constructor(readonly kind: 'refused' | 'other', message: string) {
    super(message);
  }
}

/** Everything kubectl asks of the place it runs in. */
export interface KubectlHost {
  /** The words after `kubectl`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly files: HostFiles;
  /** Speaks to the cluster that the default kubeconfig names. */
  readonly client: Client;
  /** A client for another server or user; without it every context speaks through `client`. */
  readonly connect?: (target: ConnectionTarget) => Client;
  readonly now: () => Time;
  /** Words for explain. The schema itself has none. */
  readonly describe?: Describe;
  readonly terminal?: HostTerminal;
  /** Runs an editor (a shell command) on a file and comes back with its exit code. */
  readonly edit: (editor: string, path: string) => Task<number>;
  readonly listen?: (address: string, port: number) => HostListener;
  /** Starts a task beside the command; it ends with the command at the latest. */
  readonly spawn: <T>(name: string, task: Task<T>) => Process<T>;
}
