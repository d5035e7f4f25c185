import { proxy, type Remote, wrap } from 'comlink';
import type { Locale } from '../text/text';
import type { BenchEvent, BenchListener, CheckTitle, ClockState, ClusterSetup, ClusterWorker, CommandResult, Files, GradeResult, NodeView, PodView, Speed, TrafficEntry, Undrawn } from './protocol';

/** The newest requests that are kept for the traffic list. */
const trafficKept = 500;

export interface SessionState {
  readonly phase: 'starting' | 'ready' | 'failed' | 'crashed';
  /** Why it failed or crashed, as the worker said it. */
  readonly problem: string | undefined;
  readonly clock: ClockState;
  readonly nodes: ReadonlyMap<string, NodeView>;
  readonly pods: ReadonlyMap<string, PodView>;
  readonly undrawn: readonly Undrawn[];
  readonly traffic: readonly TrafficEntry[];
  readonly droppedTraffic: number;
  readonly checks: readonly CheckTitle[];
  readonly restored: boolean;
}

const initial: SessionState = {
  phase: 'starting',
  problem: undefined,
  clock: { paused: false, speed: 1, elapsed: 0, now: '' },
  nodes: new Map(),
  pods: new Map(),
  undrawn: [],
  traffic: [],
  droppedTraffic: 0,
  checks: [],
  restored: false,
};

export interface SessionOptions {
  readonly lab: string | undefined;
  readonly cluster: ClusterSetup;
  readonly files: Files;
  readonly locale: Locale;
  readonly checkpoint?: string | undefined;
}

export type FileListener = (path: string, content: string | null) => void;
/** Takes output; what it gives back settles when that is drawn. */
type TerminalListener = (data: Uint8Array | { readonly exitCode: number }) => void | Promise<void>;

function merged<T>(old: ReadonlyMap<string, T>, changed: readonly T[], gone: readonly string[], key: (view: T) => string): ReadonlyMap<string, T> {
  if (changed.length === 0 && gone.length === 0) return old;
  const next = new Map(old);
  for (const name of gone) next.delete(name);
  for (const view of changed) next.set(key(view), view);
  return next;
}

/**
 * One cluster in one worker, as the page sees it: a state that is replaced when it changes, and the things that can be
 * asked of the cluster. Starts when made; `dispose` ends the worker.
 */
export class Session {
  #state = initial;
  readonly #listeners = new Set<() => void>();
  readonly #fileListeners = new Set<FileListener>();
  readonly #terminals = new Map<number, TerminalListener>();
  /** Output that came before its terminal's listener did. */
  readonly #early = new Map<number, (Uint8Array | { readonly exitCode: number })[]>();
  /** What terminals have still to draw of the events that are being taken. */
  #drawn: (void | Promise<void>)[] = [];
  readonly #worker: Worker;
  readonly #cluster: Remote<ClusterWorker>;
  readonly #visibility = () => void this.#cluster.setVisible(document.visibilityState === 'visible');
  /** Settles once the cluster is open; never rejects. */
  readonly opened: Promise<void>;

  constructor(options: SessionOptions) {
    this.#worker = new Worker(new URL('./cluster.worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('error', (event) => this.#fail(event.message || 'the worker could not be loaded'));
    this.#cluster = wrap<ClusterWorker>(this.#worker);
    this.opened = this.#open(options);
    document.addEventListener('visibilitychange', this.#visibility);
  }

  get state(): SessionState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async #open(options: SessionOptions): Promise<void> {
    try {
      const listener: BenchListener = (events) => this.#take(events);
      const opened = await this.#cluster.open({ checkpoint: undefined, ...options }, proxy(listener));
      this.#update({ phase: 'ready', checks: opened.checks, restored: opened.restored });
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(problem: string): void {
    if (this.#state.phase === 'starting') this.#update({ phase: 'failed', problem });
    else this.#update({ phase: 'crashed', problem });
  }

  #update(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  async #take(events: readonly BenchEvent[]): Promise<void> {
    this.#drawn = [];
    let change: Partial<SessionState> = {};
    for (const event of events) change = { ...change, ...this.#changeOf(event, { ...this.#state, ...change }) };
    if (Object.keys(change).length > 0) this.#update(change);
    await Promise.all(this.#drawn);
  }

  #changeOf(event: BenchEvent, state: SessionState): Partial<SessionState> {
    switch (event.type) {
      case 'terminal': return this.#toTerminal(event.terminal, event.data);
      case 'terminal-closed': return this.#toTerminal(event.terminal, { exitCode: event.exitCode });
      case 'map': {
        const { nodes, goneNodes, pods, gonePods, undrawn } = event.change;
        return {
          nodes: merged(state.nodes, nodes, goneNodes, (node) => node.name),
          pods: merged(state.pods, pods, gonePods, (pod) => pod.uid),
          undrawn,
        };
      }
      case 'traffic': {
        const traffic = [...state.traffic, ...event.entries];
        const excess = Math.max(0, traffic.length - trafficKept);
        return { traffic: traffic.slice(excess), droppedTraffic: state.droppedTraffic + event.dropped + excess };
      }
      case 'clock': return { clock: event.clock };
      case 'file':
        for (const listener of this.#fileListeners) listener(event.path, event.content);
        return {};
      case 'crashed': return { phase: 'crashed', problem: event.message };
    }
  }

  #toTerminal(terminal: number, data: Uint8Array | { readonly exitCode: number }): Partial<SessionState> {
    const listener = this.#terminals.get(terminal);
    if (listener === undefined) this.#early.set(terminal, [...(this.#early.get(terminal) ?? []), data]);
    else this.#drawn.push(listener(data));
    return {};
  }

  /** Opens a shell; its output goes to the listener until the session ends. */
  async openTerminal(columns: number, rows: number, listener: TerminalListener): Promise<number> {
    const terminal = await this.#cluster.openTerminal(columns, rows);
    for (const data of this.#early.get(terminal) ?? []) void listener(data);
    this.#early.delete(terminal);
    this.#terminals.set(terminal, listener);
    return terminal;
  }

  writeTerminal(terminal: number, data: string): void {
    void this.#cluster.writeTerminal(terminal, data);
  }

  resizeTerminal(terminal: number, columns: number, rows: number): void {
    void this.#cluster.resizeTerminal(terminal, columns, rows);
  }

  closeTerminal(terminal: number): void {
    this.#terminals.delete(terminal);
    void this.#cluster.closeTerminal(terminal);
  }

  /** Told of files that something in the terminal changed. */
  onFile(listener: FileListener): () => void {
    this.#fileListeners.add(listener);
    return () => this.#fileListeners.delete(listener);
  }

  run(command: string): Promise<CommandResult> {
    return this.#cluster.run(command);
  }

  /** What is written while the cluster still starts arrives once it is open. */
  async writeFile(path: string, content: string): Promise<void> {
    await this.opened;
    if (this.#state.phase === 'ready') await this.#cluster.writeFile(path, content);
  }

  setClock(change: { readonly paused?: boolean; readonly speed?: Speed }): void {
    this.#update({ clock: { ...this.#state.clock, ...change } });
    void this.#cluster.setClock(change);
  }

  step(): void {
    void this.#cluster.step();
  }

  grade(files: Files): Promise<GradeResult> {
    return this.#cluster.grade(files);
  }

  editorSchema(): Promise<object> {
    return this.#cluster.editorSchema();
  }

  checkpoint(): Promise<string | undefined> {
    return this.#cluster.checkpoint();
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this.#visibility);
    this.#listeners.clear();
    this.#terminals.clear();
    this.#worker.terminate();
  }
}
