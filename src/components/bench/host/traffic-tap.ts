import type { Kernel, Time } from '../../../simulator/kernel';
import type { TrafficEntry } from '../protocol';

/** Requests told of at once at most; a flood is counted, not shown. */
const largestBatch = 200;
const writes: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Leases are renewed for ever and events only report: neither is a step of what happens. */
const isNoise = (path: string): boolean => /\/(leases|events)(\/|\?|$)/.test(path);

/** Listens to the API requests in the kernel's trace. */
export class TrafficTap {
  #entries: TrafficEntry[] = [];
  #dropped = 0;
  #count = 0;
  /** How many requests have written something, leases and events aside. */
  writes = 0;

  constructor(kernel: Kernel, start: Time) {
    kernel.trace.subscribe(({ kind, detail, time }) => {
      if (kind !== 'request') return;
      const { user, verb, path, code } = detail;
      const entry: TrafficEntry = { id: ++this.#count, at: (time - start) / 1000, user: String(user), verb: String(verb), path: String(path), code: Number(code) };
      if (writes.has(entry.verb) && !isNoise(entry.path)) this.writes += 1;
      if (isNoise(entry.path)) return;
      this.#entries.push(entry);
      if (this.#entries.length > largestBatch) {
        this.#entries.shift();
        this.#dropped += 1;
      }
    });
  }

  /** What has come since the last time; undefined for nothing. */
  take(): { readonly entries: readonly TrafficEntry[]; readonly dropped: number } | undefined {
    if (this.#entries.length === 0) return undefined;
    const taken = { entries: this.#entries, dropped: this.#dropped };
    this.#entries = [];
    this.#dropped = 0;
    return taken;
  }
}
