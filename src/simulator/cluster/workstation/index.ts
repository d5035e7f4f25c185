import type { ApiHandler } from '../../api';
import { type Kernel, type Process, type Task, utf8Decode, utf8Encode } from '../../kernel';
import type { Describe } from '../../kubectl';
import type { NetworkNamespace } from '../../network';
import { createHost, type Host, type ProgramStreams } from '../../runtime';
import { identities } from '../identities';
import { kubeconfigOf } from './kubeconfig';
import { kubectlProgram } from './kubectl-program';

const home = '/root';
const server = 'https://10.0.0.10:6443';

/** Who wants to know what happens at a terminal or with a command. In a replay nobody does. */
export interface ShellListener {
  onOutput(data: Uint8Array): void;
  onExit(code: number): void;
}

/** A login shell in a terminal. */
export interface Shell {
  type(data: string): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

/** What an input does to the workstation of whatever world it is replayed in. */
type Enter = <T>(apply: (workstation: WorkstationState) => T) => T;

/** The learner's machine as it is in one world. */
class WorkstationState {
  readonly host: Host;
  readonly terminals = new Map<number, ProgramStreams>();
  private next = 1;

  constructor(readonly kernel: Kernel, handler: ApiHandler, network: NetworkNamespace, describe: Describe | undefined) {
    this.host = createHost({
      kernel,
      name: 'workstation',
      network,
      home,
      programs: { '/usr/local/bin/kubectl': kubectlProgram({ kernel, handler, server, ...(describe && { describe }) }) },
      files: { '/root/.profile': 'alias k=kubectl\n', '/root/.kube/config': { data: kubeconfigOf(server, 'kubernetes-admin', identities.admin as never), mode: 0o600 } },
    });
  }

  open(columns: number, rows: number, listener: ShellListener | undefined): number {
    const id = this.next++;
    const streams = this.host.openTerminal({ columns, rows });
    this.terminals.set(id, streams);
    this.kernel.spawn(`terminal ${id}`, this.show(id, streams, listener), null);
    return id;
  }

  private *show(id: number, streams: ProgramStreams, listener: ShellListener | undefined): Task {
    for (let data = yield* streams.stdout.receive(); data; data = yield* streams.stdout.receive()) listener?.onOutput(data);
    this.terminals.delete(id);
    listener?.onExit(yield* streams.exit());
  }

  execute(command: string, listener: ShellListener | undefined): Process {
    const streams = this.host.run(['/bin/sh', '-c', `exec 2>&1\n${command}`]);
    return this.kernel.spawn('command', (function* (): Task {
      for (let data = yield* streams.stdout.receive(); data; data = yield* streams.stdout.receive()) listener?.onOutput(data);
      listener?.onExit(yield* streams.exit());
    })(), null);
  }
}

/** The learner's machine: a shell, kubectl with all rights, files. Everything that is called here enters the world at once. */
export class Workstation {
  private readonly state: WorkstationState;
  private readonly enter: Enter;

  /** `log` and `stateOf` let what is done here be done again in forks. */
  constructor(kernel: Kernel, handler: ApiHandler, network: NetworkNamespace, log: <T>(apply: (of: Workstation) => T) => T, describe: Describe | undefined) {
    this.state = new WorkstationState(kernel, handler, network, describe);
    this.enter = (apply) => log((workstation) => apply(workstation.state));
  }

  openShell(columns: number, rows: number, onOutput: (data: Uint8Array) => void, onExit: (code: number) => void): Shell {
    const mine = this.state;
    const id = this.enter((state) => state.open(columns, rows, state === mine ? { onOutput, onExit } : undefined));
    return {
      type: (data) => this.enter((state) => void state.terminals.get(id)?.stdin?.send(utf8Encode(data))),
      resize: (wide, high) => this.enter((state) => state.terminals.get(id)?.resize(wide, high)),
      close: () => this.enter((state) => state.terminals.get(id)?.close()),
    };
  }

  /** Runs a command line in the learner's folder; tells when it has ended. */
  execute(command: string, onEnd: (exitCode: number, output: string) => void): void {
    const mine = this.state;
    let output = '';
    this.enter((state) => state.execute(command, state === mine ? { onOutput: (data) => (output += utf8Decode(data)), onExit: (code) => onEnd(code, output) } : undefined));
  }

  writeFile(path: string, content: string): void {
    this.enter((state) => state.host.files.writeFile(`${home}/${path}`, content, { mode: 0o644 }));
  }

  removeFile(path: string): void {
    this.enter((state) => (state.host.files.exists(`${home}/${path}`) ? state.host.files.remove(`${home}/${path}`) : undefined));
  }

  /** The learner's files by path below their folder: text of a reasonable size, no hidden ones. */
  files(): ReadonlyMap<string, string> {
    const out = new Map<string, string>();
    const { files } = this.state.host;
    for (const name of files.list(home)) {
      if (name.startsWith('.')) continue;
      try {
        const data = files.readFile(`${home}/${name}`);
        if (data.length < 1_000_000 && !data.includes(0)) out.set(name, utf8Decode(data));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'SystemError') throw error; // a folder
      }
    }
    return out;
  }
}

