import type { BenchEvent } from '../protocol';

/** Bytes of a terminal's output that are kept for a page that is reloaded. */
const kept = 64_000;

/** Bytes of output that are told at once: what is on its way when Ctrl-C comes is drawn before the prompt. */
const drawnAtOnce = 32_000;

/** What terminals have shown and not yet told; of restored ones also what they showed before the reload. */
export class Screens {
  #pending: BenchEvent[] = [];
  #size = 0;
  readonly #restored = new Map<number, Uint8Array[]>();
  /** Restoring is over: from now on the page hears of everything. */
  #live = false;

  show(terminal: number, data: Uint8Array): void {
    if (this.#live) {
      this.#pending.push({ type: 'terminal', terminal, data });
      this.#size += data.length;
      return;
    }
    const shown = [...(this.#restored.get(terminal) ?? []), data];
    let size = shown.reduce((sum, part) => sum + part.length, 0);
    while (size > kept && shown.length > 1) size -= shown.shift()?.length ?? 0;
    this.#restored.set(terminal, shown);
  }

  end(terminal: number, exitCode: number): void {
    this.#restored.delete(terminal);
    if (this.#live) this.#pending.push({ type: 'terminal-closed', terminal, exitCode });
  }

  /** Restoring is over; when nothing came of it, what was shown meanwhile never happened. */
  goLive(restored: boolean): void {
    if (!restored) this.#restored.clear();
    this.#live = true;
  }

  /** A restored terminal whose shell still runs, for a page that opens one: what it showed is told again. */
  adopt(running: readonly number[]): number | undefined {
    const terminal = running.find((candidate) => this.#restored.has(candidate));
    if (terminal !== undefined) for (const data of this.#restored.get(terminal) ?? []) this.#pending.push({ type: 'terminal', terminal, data });
    this.#restored.clear();
    return terminal;
  }

  /** More than a page draws in a moment is waiting. */
  get isFull(): boolean {
    return this.#size > drawnAtOnce;
  }

  take(): readonly BenchEvent[] {
    if (this.#pending.length === 0) return this.#pending;
    const taken = this.#pending;
    this.#pending = [];
    this.#size = 0;
    return taken;
  }
}
