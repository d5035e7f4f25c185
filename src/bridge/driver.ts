import type { Cluster } from '../simulator/cluster';
import type { Task } from '../simulator/kernel';

/** Wall milliseconds that the cluster may hold the thread at a time. */
const slice = 8;

/**
 * Lets a cluster's clock go with the wall's. Requests are carried out as they come, in the virtual present; a cluster that
 * cannot keep up falls behind and says so by its clock.
 */
export class Driver {
  private readonly wallStart = performance.now();
  private readonly start: number;
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private stopped = false;

  /** `speed`: virtual seconds per second of the wall. */
  constructor(private readonly cluster: Cluster, private readonly speed: number, private readonly failed: (error: unknown) => void) {
    this.start = cluster.kernel.now;
    this.tick();
  }

  /** Carries a task out; what it waits for comes with the clock. */
  perform<T>(name: string, task: Task<T>): Promise<T> {
    const process = this.cluster.kernel.spawn(name, task, null);
    const promise = new Promise<T>((resolve, reject) => {
      process.onEnd(() => {
        try {
          resolve(process.value);
        } catch (error) {
          reject(error);
        }
      });
    });
    this.advance(() => process.state !== 'running');
    return promise;
  }

  /** Starts a task that lives as long as it likes. */
  spawn(name: string, task: Task): () => void {
    const process = this.cluster.kernel.spawn(name, task, null);
    return () => process.cancel();
  }

  /** Lets what is due now happen: after an input. */
  poke(): void {
    this.advance(() => false);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer as NodeJS.Timeout);
    clearImmediate(this.timer as NodeJS.Immediate);
  }

  private get due(): number {
    return this.start + Math.round((performance.now() - this.wallStart) * 1000 * this.speed);
  }

  /** True when there is more to do than the slice allowed. */
  private advance(until: () => boolean): boolean {
    if (this.stopped) return false;
    const deadline = performance.now() + slice;
    try {
      const to = Math.max(this.due, this.cluster.kernel.now);
      return this.cluster.kernel.run({ to, until, interrupted: () => performance.now() > deadline }) === 'interrupted';
    } catch (error) {
      this.failed(error); // a defect ended one process of the simulated world; the others go on
      return true;
    }
  }

  private tick(): void {
    const behind = this.advance(() => false);
    if (this.stopped) return;
    this.timer = behind ? setImmediate(() => this.tick()) : setTimeout(() => this.tick(), 10);
  }
}
