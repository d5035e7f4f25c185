import { assert, type Kernel, type Process, type Task, utf8Decode, utf8Encode } from '../../kernel';
import type { Host, ProgramStreams } from '../../runtime';
import type { Software, Surroundings } from '../software';

const home = '/root';

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
  readonly kernel: Kernel;
  readonly terminals = new Map<number, ProgramStreams>();
  private next = 1;

  private installed: Host | undefined;

  constructor(private readonly surroundings: Surroundings) {
    this.kernel = surroundings.kernel;
  }

  install(software: Software): void {
    assert(this.installed === undefined, 'software is installed once');
    this.installed = software.createWorkstation(this.surroundings);
  }

  get host(): Host {
    assert(this.installed !== undefined, 'the workstation has its software');
    return this.installed;
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

/** The learner's machine, usable once its software is installed. Everything that is called here enters the world at once. */
export class Workstation {
  private readonly state: WorkstationState;
  private readonly enter: Enter;

  /** `log` and `stateOf` let what is done here be done again in forks. */
  constructor(surroundings: Omit<Surroundings, 'home'>, log: <T>(apply: (of: Workstation) => T) => T) {
    this.state = new WorkstationState({ ...surroundings, home });
    this.enter = (apply) => log((workstation) => apply(workstation.state));
  }

  /** Makes the machine's shell, commands and kubectl. Not an input by itself: the cluster's `install` is. */
  install(software: Software): void {
    this.state.install(software);
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

