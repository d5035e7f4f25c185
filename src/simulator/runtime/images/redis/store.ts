import type { Time } from '../../../kernel';

/** What a key holds. */
export type Value =
  | { readonly type: 'string'; text: string }
  | { readonly type: 'list'; readonly items: string[] }
  | { readonly type: 'hash'; readonly fields: Map<string, string> }
  | { readonly type: 'set'; readonly members: Set<string> }
  | { readonly type: 'zset'; readonly scores: Map<string, number> };

export interface Entry {
  value: Value;
  /** Undefined: stays. */
  expiresAt: Time | undefined;
}

/** Counters that INFO shows. */
export interface KeyCounters {
  hits: number;
  misses: number;
  expired: number;
}

/** One numbered database. Keys whose time is over are taken away when somebody looks. */
export class Database {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly now: () => Time, private readonly counters: KeyCounters) {}

  get size(): number {
    this.expire();
    return this.entries.size;
  }

  /** How many keys expire, and in how many milliseconds on average. */
  get expiring(): { readonly count: number; readonly averageTtl: number } {
    let count = 0;
    let total = 0;
    for (const { expiresAt } of this.entries.values()) {
      if (expiresAt === undefined) continue;
      count += 1;
      total += expiresAt - this.now();
    }
    return { count, averageTtl: count === 0 ? 0 : Math.round(total / count / 1000) };
  }

  /** The entry, if it is there and its time is not over. */
  get(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry?.expiresAt === undefined || entry.expiresAt > this.now()) return entry;
    this.entries.delete(key);
    this.counters.expired += 1;
    return undefined;
  }

  /** As get, and counted as a hit or a miss. */
  lookUp(key: string): Entry | undefined {
    const entry = this.get(key);
    if (entry) this.counters.hits += 1;
    else this.counters.misses += 1;
    return entry;
  }

  set(key: string, value: Value, expiresAt?: Time): void {
    this.entries.delete(key);
    this.entries.set(key, { value, expiresAt });
  }

  delete(key: string): boolean {
    return this.get(key) !== undefined && this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  keys(): string[] {
    this.expire();
    return [...this.entries.keys()];
  }

  all(): readonly (readonly [string, Entry])[] {
    this.expire();
    return [...this.entries];
  }

  private expire(): void {
    for (const key of [...this.entries.keys()]) this.get(key);
  }
}

/** A rough size in memory of what the databases hold. */
export function sizeOf(databases: readonly Database[]): number {
  let total = 0;
  for (const database of databases)
    for (const [key, { value }] of database.all()) {
      total += key.length + 80;
      if (value.type === 'string') total += value.text.length;
      else if (value.type === 'list') for (const item of value.items) total += item.length + 16;
      else if (value.type === 'hash') for (const [field, text] of value.fields) total += field.length + text.length + 48;
      else if (value.type === 'set') for (const member of value.members) total += member.length + 40;
      else for (const member of value.scores.keys()) total += member.length + 64;
    }
  return total;
}
