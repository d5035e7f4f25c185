/** Seeded chance: mulberry32. */
export class Chance {
  constructor(private state: number) {}

  /** From 0 on, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  /** From 0 on, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** One of the list, the heavier ones more often. */
  weighted<T>(list: readonly T[], weight: (one: T) => number): T {
    let left = this.next() * list.reduce((sum, one) => sum + weight(one), 0);
    for (const one of list) if ((left -= weight(one)) < 0) return one;
    return list[list.length - 1] as T;
  }
}

/** The chance of one scenario of a run: what happens in others does not change it. */
export const chanceOf = (seed: number, scenario: number): Chance => new Chance(Math.imul(seed, 0x9e3779b1) ^ Math.imul(scenario + 1, 0x85ebca6b));
