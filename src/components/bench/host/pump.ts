import type { Kernel, Time } from '../../../simulator/kernel';
import type { Speed } from '../protocol';

/** Wall milliseconds that the world may run at a stretch. */
const slice = 8;
/** Wall milliseconds between two looks when nothing is late. */
const rest = 16;
/** Wall milliseconds that the world may be late before it gives up catching up. */
const patience = 250;

export interface PumpOptions {
  readonly kernel: Kernel;
  /** So much is waiting to be told that the slice ends here. */
  readonly isFull: () => boolean;
  /** After every slice. */
  readonly onSlice: () => void;
  /** Nothing is late: there is time for something else, about as long as a slice. */
  readonly onIdle?: () => void;
  /** The world broke: an invariant does not hold. */
  readonly onCrash: (error: unknown) => void;
}

/** Lets the world's time pass with the wall's: at a chosen speed, stopped, or for a moment at full speed. */
export class Pump {
  paused = false;
  visible = true;
  speed: Speed = 1;
  #target: Time;
  #last = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Time that passes although the clock is stopped, so that a command typed meanwhile is answered. */
  #allowance: Time = 0;
  #stopped = false;
  /** How many batches the page is still drawing. */
  #held = 0;

  constructor(private readonly options: PumpOptions) {
    this.#target = options.kernel.now;
  }

  start(): void {
    this.#target = this.options.kernel.now;
    this.#last = performance.now();
    this.#turn();
  }

  /** The page has not drawn yet what it was told: the world stands still until it has, so that nothing piles up in between. */
  hold(drawn: Promise<unknown>): void {
    this.#held += 1;
    const release = (): void => {
      this.#held -= 1;
      if (this.#held === 0) this.#turn();
    };
    drawn.then(release, release);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Something came from outside: it is looked at now, also when the clock stands still, which may take `allowance` of its time. */
  nudge(allowance: number): void {
    if (this.paused) this.#allowance = Math.max(this.#allowance, this.options.kernel.now + allowance);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#turn(), 0);
  }

  #advanceTarget(): void {
    const now = performance.now();
    const passed = now - this.#last;
    this.#last = now;
    const { kernel } = this.options;
    if (this.paused) this.#target = Math.max(kernel.now, this.#allowance);
    else if (this.visible) this.#target = Math.min(this.#target + passed * 1000 * this.speed, kernel.now + patience * 1000 * this.speed);
  }

  #turn(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#held > 0) return;
    this.#advanceTarget();
    const { kernel, isFull, onSlice, onIdle, onCrash } = this.options;
    const deadline = performance.now() + slice;
    try {
      const end = kernel.run({ to: Math.max(this.#target, kernel.now), interrupted: () => isFull() || performance.now() > deadline });
      onSlice();
      if (end !== 'interrupted' && this.visible) onIdle?.();
      this.#timer = setTimeout(() => this.#turn(), end === 'interrupted' ? 0 : rest);
    } catch (error) {
      this.stop();
      onCrash(error);
    }
  }
}
