import type { Change } from './command';

/** Runs inside `apply`; must not change the store. */
export type ChangeListener = (change: Change) => void;

/** Who listens to which prefix: finding the listeners of a key costs its number of slashes, not their number. */
export class Watchers {
  private readonly byPrefix = new Map<string, Set<ChangeListener>>();

  /** `prefix` is a whole key or ends in '/'. Gives the function that stops it. */
  add(prefix: string, listener: ChangeListener): () => void {
    const listeners = this.byPrefix.get(prefix) ?? new Set();
    this.byPrefix.set(prefix, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.byPrefix.delete(prefix);
    };
  }

  notify(change: Change): void {
    if (this.byPrefix.size === 0) return;
    const { key } = change;
    for (let at = key.indexOf('/'); at >= 0; at = key.indexOf('/', at + 1)) this.call(key.slice(0, at + 1), change);
    this.call(key, change);
  }

  private call(prefix: string, change: Change): void {
    const listeners = this.byPrefix.get(prefix);
    if (listeners !== undefined) for (const listener of listeners) listener(change);
  }
}
