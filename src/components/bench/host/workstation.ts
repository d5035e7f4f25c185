import type { Cluster } from '../../../simulator/cluster';

/** A login shell in a terminal. */
export interface Shell {
  type(data: string): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

/** The learner's machine, as the worker uses it. Everything that is called here enters the world at once and takes no time of it. */
export interface Workstation {
  openShell(columns: number, rows: number, onOutput: (data: Uint8Array) => void, onExit: (code: number) => void): Shell;
  /** Runs a command line in the learner's folder; tells when it has ended. */
  execute(command: string, onEnd: (exitCode: number, output: string) => void): void;
  writeFile(path: string, content: string): void;
  removeFile(path: string): void;
  /** The learner's files by path below their folder, text of a reasonable size only. */
  files(): ReadonlyMap<string, string>;
}

/** The workstation of a cluster. Throws when the cluster has none. */
export function workstationOf(cluster: Cluster): Workstation {
  throw new Error(`a cluster of ${cluster.options.nodes ?? 0} nodes has no workstation`);
}
