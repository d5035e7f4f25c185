import type { Kernel, Task } from '../kernel';
import { isApiFailure } from './failure';
import type { WorkQueue } from './workqueue';

export interface ControllerLoop {
  readonly kernel: Kernel;
  readonly name: string;
  readonly queue: WorkQueue;
  readonly workers: number;
  /** Brings what the key names nearer to what is wanted. An API failure that it throws makes the key come again. */
  sync(key: string): Task;
  /** After so many failures the key is dropped until something changes. Default: never. */
  readonly maxRetries?: number;
  /** Told of each failure. */
  failed?(key: string, error: Error): void;
}

/** Starts the workers of a controller, as children of the process that calls it: they die with it. */
export function runController({ kernel, name, queue, workers, sync, maxRetries = Infinity, failed }: ControllerLoop): void {
  function* work(): Task {
    for (;;) {
      const key = yield* queue.get();
      if (key === undefined) return;
      try {
        yield* sync(key);
        queue.forget(key);
      } catch (error) {
        if (!isApiFailure(error)) throw error;
        failed?.(key, error);
        if (queue.retries(key) < maxRetries) queue.addRateLimited(key);
        else queue.forget(key);
      } finally {
        queue.done(key);
      }
    }
  }
  for (let worker = 0; worker < workers; worker++) kernel.spawn(name, work());
}
