import type { Kernel, Time } from '../../../simulator/kernel';
import type { ClusterSetup } from '../protocol';

/** Everything that can come from the page into the world, as data. */
export type Input =
  | readonly ['file', path: string, content: string]
  | readonly ['remove', path: string]
  | readonly ['shell', terminal: number, columns: number, rows: number]
  | readonly ['type', terminal: number, data: string]
  | readonly ['resize', terminal: number, columns: number, rows: number]
  | readonly ['close', terminal: number]
  | readonly ['run', id: number, command: string];

interface Entry {
  /** Events that had happened, and the time. */
  readonly after: number;
  readonly time: Time;
  readonly input: Input;
}

/** Where a cluster stands: how it was made, what came in, and where that leads. */
export interface Checkpoint {
  readonly version: 1;
  readonly setup: ClusterSetup;
  readonly entries: readonly Entry[];
  readonly happened: number;
  readonly now: Time;
}

/** A checkpoint with more text than this is not kept: replaying would take longer than starting afresh. */
const largest = 2_000_000;

/** Notes what comes in, so that the same world can be made again after a reload. */
export class Journal {
  readonly #entries: Entry[] = [];
  #size = 0;

  constructor(private readonly setup: ClusterSetup, private readonly kernel: Kernel) {}

  get length(): number {
    return this.#entries.length;
  }

  note(input: Input): void {
    this.#entries.push({ after: this.kernel.happened, time: this.kernel.now, input });
    this.#size += 40 + input.reduce<number>((sum, part) => sum + String(part).length, 0);
  }

  /** Undefined when it has grown too large. */
  checkpoint(): string | undefined {
    if (this.#size > largest) return undefined;
    const checkpoint: Checkpoint = { version: 1, setup: this.setup, entries: this.#entries, happened: this.kernel.happened, now: this.kernel.now };
    return JSON.stringify(checkpoint);
  }
}

/** The checkpoint in a text, if it is one and was made from the same setup. */
export function parseCheckpoint(text: string | undefined, setup: ClusterSetup): Checkpoint | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Checkpoint;
    return value.version === 1 && JSON.stringify(value.setup) === JSON.stringify(setup) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Lets a fresh world happen up to a point of the old one. False when it turns out to be another world (another version of the course). */
export function advanceTo(kernel: Kernel, happened: number, now: Time, interrupted: () => boolean): boolean {
  kernel.run({ until: () => kernel.happened >= happened || kernel.now > now, interrupted });
  if (kernel.happened !== happened) return false;
  if (kernel.now < now) kernel.run({ to: now, until: () => kernel.happened > happened });
  return kernel.happened === happened && kernel.now === now;
}
