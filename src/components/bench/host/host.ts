import { checks as labChecks } from '@generated/kube-dojang-labs/default/checks.mjs';
import { gradeCluster } from '../../../grading';
import type { Software } from '../../../simulator/cluster';
import { formatTime, type Time } from '../../../simulator/kernel';
import type { Locale } from '../../text/text';
import type { BenchEvent, BenchListener, CheckTitle, ClusterWorker, CommandResult, Files, GradeResult, Opened, OpenOptions, Speed } from '../protocol';
import { editorSchema, type SchemaWords } from './editor-schema';
import { type Checkpoint, parseCheckpoint } from './journal';
import { MapWatcher } from './map-watcher';
import { Pump } from './pump';
import { gradeResult } from './report';
import { Screens } from './screens';
import { TrafficTap } from './traffic-tap';
import { World, type WorldListener } from './world';

/** Wall milliseconds between two pictures of the map, the traffic, the clock and the files. */
const frame = 100;
/** Microseconds of the world's time that a command typed while the clock is stopped may take. */
const allowance = 1_000_000;
/** The longest that one step of the clock may be, in the world's microseconds. */
const longestStep = 10_000_000;
/** Pauses of the step between slices, in wall milliseconds. */
const breath = 8;

type Check = Awaited<ReturnType<(typeof labChecks)[string]>>['default'][number];

/** Bytes from which on the workstation does not list a file: it is there, but nobody is told of its changes. */
const largeFile = 1_000_000;
const isLarge = (content: string): boolean => content.length * 3 >= largeFile && new TextEncoder().encode(content).length >= largeFile;

/** Words for fields in the reader's language; none when they cannot be had. */
async function wordsIn(locale: Locale): Promise<SchemaWords> {
  const docs = await import('../../../field-docs').catch(() => undefined);
  return { locale, describe: docs?.describeIn(locale) ?? (() => undefined) };
}

/** A checkpoint that this course's simulator stumbles over is none. */
function restore(checkpoint: Checkpoint, listener: WorldListener, software: Software): World | undefined {
  try {
    return World.restore(checkpoint, listener, software);
  } catch (error) {
    console.warn('the checkpoint could not be restored', error);
    return undefined;
  }
}

/** The cluster behind one bench: runs it in slices, tells the page what changes, carries out what the page asks. */
export class Host implements ClusterWorker {
  #world!: World;
  #pump!: Pump;
  #map!: MapWatcher;
  #tap!: TrafficTap;
  #checks: readonly Check[] = [];
  #words!: SchemaWords;
  #listener: BenchListener = () => undefined;
  #start: Time = 0;
  #lastFrame = 0;
  #nextTerminal = 1;
  #nextRun = 1;
  #files = new Map<string, string>();
  readonly #screens = new Screens();
  readonly #results = new Map<number, (result: CommandResult) => void>();

  async open(options: OpenOptions, listener: BenchListener): Promise<Opened> {
    this.#listener = listener;
    const checks = options.lab === undefined ? undefined : labChecks[options.lab]?.();
    const restored = await this.#makeWorld(options);
    this.#checks = (await checks)?.default ?? [];
    const { kernel } = this.#world.cluster;
    this.#pump = new Pump({ kernel, isFull: () => this.#screens.isFull, onSlice: () => this.#afterSlice(), onIdle: () => this.#prepareGrading(), onCrash: (error) => this.#crash(error) });
    this.#map = new MapWatcher(this.#world.cluster);
    this.#tap = new TrafficTap(kernel, this.#start);
    this.#frame(true);
    this.#pump.start();
    return { restored, checks: this.#checks.map(({ id, title }): CheckTitle => ({ id, title })) };
  }

  /** True when the cluster goes on from the checkpoint. The cluster comes up while its software is still on its way. */
  async #makeWorld({ cluster, files, checkpoint, locale }: OpenOptions): Promise<boolean> {
    const words = wordsIn(locale);
    const software = import('../../../simulator/cluster/software').then(async (loaded) => {
      this.#words = await words;
      return loaded.software;
    });
    const listener: WorldListener = {
      describe: (...field) => this.#words.describe(...field),
      onOutput: (terminal: number, data: Uint8Array) => this.#screens.show(terminal, data),
      onExit: (terminal: number, exitCode: number) => this.#screens.end(terminal, exitCode),
      onResult: (id: number, result: CommandResult) => {
        this.#results.get(id)?.(result);
        this.#results.delete(id);
      },
    };
    const known = parseCheckpoint(checkpoint, cluster);
    const restored = known === undefined ? undefined : restore(known, listener, await software);
    this.#screens.goLive(restored !== undefined);
    this.#world = restored ?? (await World.start(cluster, files, listener, software));
    this.#start = this.#world.bootedAt;
    this.#nextTerminal = Math.max(0, ...this.#world.terminals) + 1;
    this.#nextRun = 1_000_000 + this.#world.inputs;
    this.#files = new Map(this.#world.workstation.files());
    if (restored !== undefined) for (const [path, content] of Object.entries(files)) if (this.#files.get(path) !== content) restored.enter(['file', path, content]);
    return restored !== undefined;
  }

  #crash(error: unknown): void {
    void this.#listener([{ type: 'crashed', message: error instanceof Error ? error.message : String(error) }]);
  }

  #afterSlice(): void {
    const events = this.#screens.take();
    if (events.length > 0) this.#pump.hold(Promise.resolve(this.#listener(events)));
    if (performance.now() - this.#lastFrame >= frame) this.#frame(false);
  }

  /** Grading works on a fork of the cluster: a copy that follows in idle moments makes that quick. */
  #prepareGrading(): void {
    if (this.#checks.length === 0) return;
    const deadline = performance.now() + breath;
    this.#world.cluster.prepareFork(() => performance.now() > deadline);
  }

  #frame(always: boolean): void {
    this.#lastFrame = performance.now();
    const events: BenchEvent[] = [];
    const change = this.#map.look();
    if (change !== undefined) events.push({ type: 'map', change });
    const traffic = this.#tap.take();
    if (traffic !== undefined) events.push({ type: 'traffic', ...traffic });
    if (always || !this.#pump.paused || events.length > 0) events.push({ type: 'clock', clock: this.#clock() });
    events.push(...this.#fileEvents());
    if (events.length > 0) void this.#listener(events);
  }

  #fileEvents(): BenchEvent[] {
    const now = this.#world.workstation.files();
    const events: BenchEvent[] = [];
    for (const [path, content] of now) if (this.#files.get(path) !== content) events.push({ type: 'file', path, content });
    for (const [path, content] of this.#files) if (!now.has(path) && !isLarge(content)) events.push({ type: 'file', path, content: null });
    if (events.length > 0) this.#files = new Map([...[...this.#files].filter(([, content]) => isLarge(content)), ...now]);
    return events;
  }

  #clock(): { readonly paused: boolean; readonly speed: Speed; readonly elapsed: number; readonly now: string } {
    const { now } = this.#world.cluster.kernel;
    return { paused: this.#pump.paused, speed: this.#pump.speed, elapsed: (now - this.#start) / 1000, now: formatTime(now) };
  }

  async openTerminal(columns: number, rows: number): Promise<number> {
    const kept = this.#screens.adopt(this.#world.terminals);
    if (kept !== undefined) {
      this.#world.enter(['resize', kept, columns, rows]);
      this.#pump.nudge(allowance);
      return kept;
    }
    const terminal = this.#nextTerminal++;
    this.#world.enter(['shell', terminal, columns, rows]);
    this.#pump.nudge(allowance);
    return terminal;
  }

  async writeTerminal(terminal: number, data: string): Promise<void> {
    this.#world.enter(['type', terminal, data]);
    this.#pump.nudge(/[\r\n\t]/.test(data) ? allowance : 0);
  }

  async resizeTerminal(terminal: number, columns: number, rows: number): Promise<void> {
    this.#world.enter(['resize', terminal, columns, rows]);
    this.#pump.nudge(0);
  }

  async closeTerminal(terminal: number): Promise<void> {
    this.#world.enter(['close', terminal]);
    this.#pump.nudge(0);
  }

  run(command: string): Promise<CommandResult> {
    const id = this.#nextRun++;
    return new Promise((resolve) => {
      this.#results.set(id, resolve);
      this.#world.enter(['run', id, command]);
      this.#pump.nudge(allowance);
    });
  }

  async writeFile(path: string, content: string): Promise<void> {
    this.#files.set(path, content);
    this.#world.enter(['file', path, content]);
    this.#pump.nudge(0);
  }

  async removeFile(path: string): Promise<void> {
    this.#files.delete(path);
    this.#world.enter(['remove', path]);
    this.#pump.nudge(0);
  }

  async setClock({ paused, speed }: { readonly paused?: boolean; readonly speed?: Speed }): Promise<void> {
    if (paused !== undefined) this.#pump.paused = paused;
    if (speed !== undefined) this.#pump.speed = speed;
    this.#frame(true);
  }

  async step(): Promise<void> {
    this.#pump.paused = true;
    const { kernel } = this.#world.cluster;
    const { writes } = this.#tap;
    const to = kernel.now + longestStep;
    for (let end = 'interrupted'; end === 'interrupted';) {
      const deadline = performance.now() + breath;
      end = kernel.run({ to, until: () => this.#tap.writes > writes, interrupted: () => performance.now() > deadline });
      if (end === 'interrupted') await new Promise((resolve) => setTimeout(resolve, 0));
    }
    this.#afterSlice();
    this.#frame(true);
  }

  async setVisible(visible: boolean): Promise<void> {
    if (this.#pump !== undefined) this.#pump.visible = visible;
  }

  async grade(files: Files): Promise<GradeResult> {
    const began = performance.now();
    return gradeResult(gradeCluster(this.#world.cluster, this.#checks, files), performance.now() - began);
  }

  async editorSchema(): Promise<object> {
    return editorSchema(this.#words);
  }

  async checkpoint(): Promise<string | undefined> {
    return this.#world.checkpoint();
  }
}
