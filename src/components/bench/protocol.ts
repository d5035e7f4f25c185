/**
 * What the page and the worker that holds the cluster say to each other (through comlink). Everything here is plain
 * data that can be cloned. Times of the simulated world are RFC 3339 text or milliseconds since the cluster's start.
 */
import type { Locale, Text } from '../text/text';

/** Path relative to the learner's folder on the workstation → content. */
export type Files = Readonly<Record<string, string>>;

/** The cluster that a lab (or the home page) starts with. */
export interface ClusterSetup {
  readonly nodes: number;
  readonly seed: number;
  /** YAML that is applied before the learner comes, in order. */
  readonly manifests: readonly string[];
}

export interface OpenOptions {
  /** `<chapter>/<lab>`; undefined for a cluster without a lab (the home page, a lesson's terminal). */
  readonly lab: string | undefined;
  readonly cluster: ClusterSetup;
  readonly files: Files;
  readonly locale: Locale;
  /** What `checkpoint()` gave: the cluster goes on where it was. Dropped silently when it no longer fits. */
  readonly checkpoint?: string | undefined;
}

export interface Opened {
  /** Names of the lab's checks, in order, before anything was graded. */
  readonly checks: readonly CheckTitle[];
  /** The checkpoint was used: the cluster is where it was. */
  readonly restored: boolean;
}

export interface CheckTitle {
  readonly id: string;
  readonly title: Text;
}

// ---- the map ----------------------------------------------------------------------------------------------------

/** How a thing is doing, for colour and sign; the words are in `status`. */
export type Tone = 'good' | 'waiting' | 'failing' | 'done' | 'leaving';

export interface NodeView {
  readonly name: string;
  /** control-plane, worker. */
  readonly roles: readonly string[];
  /** What kubectl get nodes prints: Ready, NotReady, Ready,SchedulingDisabled. */
  readonly status: string;
  readonly tone: Tone;
}

export interface ContainerView {
  readonly name: string;
  readonly image: string;
  readonly role: 'init' | 'sidecar' | 'main';
  /** Running, Completed, CrashLoopBackOff, ContainerCreating … */
  readonly status: string;
  readonly tone: Tone;
  readonly ready: boolean;
  readonly restarts: number;
}

export interface PodView {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Undefined until the scheduler has chosen one. */
  readonly node: string | undefined;
  /** What kubectl get pods prints under STATUS. */
  readonly status: string;
  readonly tone: Tone;
  readonly ready: number;
  readonly restarts: number;
  readonly ip: string | undefined;
  /** The cluster's own Pods (kube-system), drawn apart. */
  readonly system: boolean;
  readonly containers: readonly ContainerView[];
}

/** Pods of one node (undefined: of none yet) that are counted, not drawn. */
export interface Undrawn {
  readonly node: string | undefined;
  readonly system: boolean;
  readonly count: number;
}

/** What has changed since the last one; the first one holds everything. A node's Pods are drawn up to a number. */
export interface MapChange {
  readonly nodes: readonly NodeView[];
  readonly goneNodes: readonly string[];
  readonly pods: readonly PodView[];
  readonly gonePods: readonly string[];
  readonly undrawn: readonly Undrawn[];
}

// ---- API traffic ------------------------------------------------------------------------------------------------

export interface TrafficEntry {
  /** Grows by one a request. */
  readonly id: number;
  /** Milliseconds of simulated time since the cluster's start. */
  readonly at: number;
  /** kubernetes-admin, system:kube-scheduler, system:node:worker-1 … */
  readonly user: string;
  readonly verb: string;
  readonly path: string;
  readonly code: number;
}

// ---- clock ------------------------------------------------------------------------------------------------------

export type Speed = 1 | 10;

export interface ClockState {
  readonly paused: boolean;
  readonly speed: Speed;
  /** Milliseconds since the cluster's start. */
  readonly elapsed: number;
  /** The cluster's wall time, RFC 3339. */
  readonly now: string;
}

// ---- grading ----------------------------------------------------------------------------------------------------

/** Where in the learner's files something stands; lines and columns start at 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly endColumn?: number;
}

export interface CheckResult {
  readonly id: string;
  readonly title: Text;
  /** Skipped: it makes no sense before an earlier one has passed. */
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly expected?: Text;
  readonly found?: Text;
  /** Why it matters. */
  readonly why?: Text;
  readonly place?: FilePlace;
  /** What the cluster itself reported, one line each. */
  readonly evidence?: readonly string[];
}

export interface GradeResult {
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
  /** Wall milliseconds that it took. */
  readonly took: number;
}

// ---- commands ---------------------------------------------------------------------------------------------------

export interface CommandResult {
  readonly exitCode: number;
  /** stdout and stderr as a terminal would show them. */
  readonly output: string;
}

/** What the worker tells the page without being asked. Map and traffic come at most ten times a second. */
export type BenchEvent =
  | { readonly type: 'terminal'; readonly terminal: number; readonly data: Uint8Array }
  | { readonly type: 'terminal-closed'; readonly terminal: number; readonly exitCode: number }
  | { readonly type: 'map'; readonly change: MapChange }
  | { readonly type: 'traffic'; readonly entries: readonly TrafficEntry[]; readonly dropped: number }
  | { readonly type: 'clock'; readonly clock: ClockState }
  /** A file of the learner's folder was changed by something in the terminal; null: removed. */
  | { readonly type: 'file'; readonly path: string; readonly content: string | null }
  /** The cluster cannot go on (a broken invariant of the simulator). */
  | { readonly type: 'crashed'; readonly message: string };

/** What it gives back settles when the page has drawn what it was told: the worker waits for that before it goes on printing. */
export type BenchListener = (events: readonly BenchEvent[]) => void | Promise<void>;

/** The worker's public face. One worker holds one cluster. */
export interface ClusterWorker {
  open(options: OpenOptions, listener: BenchListener): Promise<Opened>;
  /** A login shell on the workstation, in the learner's folder. */
  openTerminal(columns: number, rows: number): Promise<number>;
  writeTerminal(terminal: number, data: string): Promise<void>;
  resizeTerminal(terminal: number, columns: number, rows: number): Promise<void>;
  closeTerminal(terminal: number): Promise<void>;
  /** Runs one command line on the workstation beside the terminals and waits for it (at most a simulated minute). */
  run(command: string): Promise<CommandResult>;
  writeFile(path: string, content: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  setClock(change: { readonly paused?: boolean; readonly speed?: Speed }): Promise<void>;
  /** Runs on until the next request that writes (leases and events aside), at most ten simulated seconds. */
  step(): Promise<void>;
  /** The page is hidden or shown: a hidden page's clock stands still. */
  setVisible(visible: boolean): Promise<void>;
  grade(files: Files): Promise<GradeResult>;
  /** A JSON schema of everything a manifest can say, for the editor's completion, hover and squiggles. */
  editorSchema(): Promise<object>;
  /** Everything needed to go on from here after a reload; undefined when it would be too large. */
  checkpoint(): Promise<string | undefined>;
}
