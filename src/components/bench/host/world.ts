import { type Cluster, createClusterAlone, type Shell, type Software, type Workstation } from '../../../simulator/cluster';
import type { Describe } from '../../../simulator/api';
import { minutes, type Time } from '../../../simulator/kernel';
import type { ClusterSetup, CommandResult, Files } from '../protocol';
import { advanceTo, type Checkpoint, type Input, Journal } from './journal';
import { applyManifest } from './manifests';

/** Wall milliseconds that replaying a checkpoint may take before the cluster is started afresh instead. */
const replayLimit = 4_000;

export interface WorldListener {
  onOutput(terminal: number, data: Uint8Array): void;
  onExit(terminal: number, exitCode: number): void;
  onResult(id: number, result: CommandResult): void;
  /** What kubectl explain says of a field. */
  readonly describe: Describe;
}

/** One cluster with the learner's workstation, and the journal of everything that came in. */
export class World {
  readonly cluster: Cluster;
  readonly workstation: Workstation;
  /** When the clock that the learner sees was at zero. */
  bootedAt: Time = 0;
  readonly #journal: Journal;
  readonly #shells = new Map<number, Shell>();

  private constructor(setup: ClusterSetup, private readonly listener: WorldListener) {
    this.cluster = createClusterAlone({ seed: setup.seed, nodes: setup.nodes, describe: listener.describe });
    this.workstation = this.cluster.workstation;
    this.#journal = new Journal(setup, this.cluster.kernel);
  }

  /** A cluster that is up, with what the lab has put there and the learner's files. */
  static async start(setup: ClusterSetup, files: Files, listener: WorldListener, software: Promise<Software>): Promise<World> {
    const world = new World(setup, listener);
    world.#boot();
    world.#furnish(setup, await software);
    for (const [path, content] of Object.entries(files)) world.enter(['file', path, content]);
    return world;
  }

  /** The cluster as a checkpoint left it; undefined when this course no longer leads there. */
  static restore(checkpoint: Checkpoint, listener: WorldListener, software: Software): World | undefined {
    const deadline = performance.now() + replayLimit;
    const late = (): boolean => performance.now() > deadline;
    const world = new World(checkpoint.setup, listener);
    const { kernel } = world.cluster;
    world.#boot();
    world.#furnish(checkpoint.setup, software);
    for (const { after, time, input } of checkpoint.entries) {
      if (!advanceTo(kernel, after, time, late)) return undefined;
      world.enter(input);
    }
    return advanceTo(kernel, checkpoint.happened, checkpoint.now, late) ? world : undefined;
  }

  /** Brings the cluster itself up: no software takes part in that. */
  #boot(): void {
    this.cluster.settle(minutes(5));
  }

  #furnish({ manifests }: ClusterSetup, software: Software): void {
    const { cluster } = this;
    cluster.install(software);
    for (const manifest of manifests) applyManifest(cluster, manifest);
    cluster.settle(minutes(2));
    this.bootedAt = cluster.kernel.now;
  }

  /** Carries out something from the page and notes it. */
  enter(input: Input): void {
    this.#journal.note(input);
    switch (input[0]) {
      case 'file': return this.workstation.writeFile(input[1], input[2]);
      case 'remove': return this.workstation.removeFile(input[1]);
      case 'shell': return this.#openShell(input[1], input[2], input[3]);
      case 'type': return this.#shells.get(input[1])?.type(input[2]);
      case 'resize': return this.#shells.get(input[1])?.resize(input[2], input[3]);
      case 'close': return this.#closeShell(input[1]);
      case 'run': return this.workstation.execute(input[2], (exitCode, output) => this.listener.onResult(input[1], { exitCode, output }));
    }
  }

  #openShell(terminal: number, columns: number, rows: number): void {
    const shell = this.workstation.openShell(columns, rows, (data) => this.listener.onOutput(terminal, data), (code) => {
      this.#shells.delete(terminal);
      this.listener.onExit(terminal, code);
    });
    this.#shells.set(terminal, shell);
  }

  #closeShell(terminal: number): void {
    this.#shells.get(terminal)?.close();
    this.#shells.delete(terminal);
  }

  /** Numbers of the terminals whose shells still run. */
  get terminals(): readonly number[] {
    return [...this.#shells.keys()];
  }

  /** How many inputs have come, so that numbers given after a restore are new. */
  get inputs(): number {
    return this.#journal.length;
  }

  checkpoint(): string | undefined {
    return this.#journal.checkpoint();
  }
}
