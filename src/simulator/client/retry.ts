import { isStatus } from '../api';
import { milliseconds, sleep, type Task } from '../kernel';

/** Runs `attempt` up to five times while it fails with a conflict, 10 ms apart. It is to read afresh each time. */
export function* retryOnConflict<T>(attempt: () => Task<T>): Task<T> {
  for (let tries = 1; ; tries++) {
    try {
      return yield* attempt();
    } catch (error) {
      if (!isStatus(error, 'Conflict') || tries === 5) throw error;
    }
    yield* sleep(milliseconds(10));
  }
}
