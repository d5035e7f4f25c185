import { type Kernel, minutes, type Time } from '../kernel';

interface Expectation {
  creations: number;
  deletions: Set<string>;
  since: Time;
}

const expiry = minutes(5);

/**
 * What a controller has asked for and its informer has not shown yet. While something is expected the controller does
 * not count; what has not come after five minutes is expected no longer.
 */
export class Expectations {
  private readonly byKey = new Map<string, Expectation>();

  constructor(private readonly kernel: Kernel) {}

  expectCreations(key: string, count: number): void {
    this.of(key).creations += count;
  }

  /** Expects that these objects go, by their keys. */
  expectDeletions(key: string, objects: Iterable<string>): void {
    const { deletions } = this.of(key);
    for (const object of objects) deletions.add(object);
  }

  creationObserved(key: string): void {
    const expectation = this.byKey.get(key);
    if (expectation && expectation.creations > 0) expectation.creations -= 1;
  }

  deletionObserved(key: string, object: string): void {
    this.byKey.get(key)?.deletions.delete(object);
  }

  satisfied(key: string): boolean {
    const expectation = this.byKey.get(key);
    if (!expectation) return true;
    return (expectation.creations <= 0 && expectation.deletions.size === 0) || this.kernel.now - expectation.since > expiry;
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }

  private of(key: string): Expectation {
    let expectation = this.byKey.get(key);
    if (!expectation || this.satisfied(key)) this.byKey.set(key, (expectation = { creations: 0, deletions: new Set(), since: this.kernel.now }));
    return expectation;
  }
}
