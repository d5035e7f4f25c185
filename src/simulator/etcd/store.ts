import { assert, type Duration } from '../kernel';
import { type Change, type Command, type CommandResult, type Compare, CompactedError, FutureRevisionError, type KeyValue, type Operation, type RangeOptions, type RangeResult, type Snapshot } from './command';
import { SortedKeys } from './sorted-keys';
import { type ChangeListener, Watchers } from './watchers';

/** Writes the revision into a value that is about to be frozen and stored. */
export type Stamp = (value: object, revision: number) => void;

/** A version in a key's history; `value` is undefined where the key was deleted. */
interface Version {
  readonly key: string;
  readonly value: object | undefined;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: number;
  older: Version | undefined;
}

const live = (version: Version | undefined): KeyValue | undefined => (version?.value === undefined ? undefined : (version as KeyValue));

/** What one member holds: all keys with their history since the last compaction. A function of the commands applied. */
export class MvccStore {
  private readonly newest = new Map<string, Version>();
  private readonly keys = new SortedKeys();
  private readonly watchers = new Watchers();
  private readonly leases = new Map<number, { readonly ttl: Duration; readonly keys: Set<string> }>();
  private log: Change[] = [];
  private head = 1;
  private compacted = 0;

  constructor(private readonly stamp: Stamp = () => undefined, private readonly freeze: (value: object) => void = Object.freeze) {}

  get revision(): number {
    return this.head;
  }

  get compactRevision(): number {
    return this.compacted;
  }

  /** Keys that exist now. */
  get size(): number {
    return this.keys.size;
  }

  /** The one door for changes. Deterministic; watchers are called before it returns. */
  apply(command: Command): CommandResult {
    switch (command.type) {
      case 'transaction': {
        const succeeded = command.compare.every((compare) => this.holds(compare));
        return this.change(succeeded ? command.success : command.failure, succeeded);
      }
      case 'compact':
        this.compact(command.revision);
        return this.result(true, 0);
      case 'grantLease':
        this.leases.set(command.id, { ttl: command.ttl, keys: new Set() });
        return this.result(true, 0);
      case 'revokeLease': {
        const keys = this.leases.get(command.id)?.keys ?? [];
        const result = this.change([...keys].sort().map((key) => ({ type: 'delete', key })), true);
        this.leases.delete(command.id);
        return result;
      }
    }
  }

  /** The key's newest version. */
  get(key: string): KeyValue | undefined {
    return live(this.newest.get(key));
  }

  /** The keys in [start, end) in order. Throws CompactedError or FutureRevisionError. */
  range(start: string, end: string, options: RangeOptions = {}): RangeResult {
    const revision = options.revision || this.head;
    if (revision < this.compacted) throw new CompactedError(this.compacted);
    if (revision > this.head) throw new FutureRevisionError();
    const limit = options.limit || Infinity;
    const entries: KeyValue[] = [];
    let remaining = 0;
    this.keys.walk(start, end, (key) => {
      let version = this.newest.get(key);
      while (version !== undefined && version.modRevision > revision) version = version.older;
      const entry = live(version);
      if (entry === undefined) return true;
      if (entries.length < limit) entries.push(entry);
      else remaining += 1;
      return true;
    });
    return { entries, revision, remaining };
  }

  /** Calls `listener` with each later change under `prefix` (a key, or ending in '/'); gives the function that stops it. */
  watch(prefix: string, listener: ChangeListener): () => void {
    return this.watchers.add(prefix, listener);
  }

  /** What happened under `prefix` after `revision`, oldest first. Throws CompactedError when that is forgotten. */
  history(prefix: string, revision: number): Change[] {
    if (revision < this.compacted) throw new CompactedError(this.compacted);
    const changes: Change[] = [];
    for (let at = this.logIndex(revision); at < this.log.length; at++) {
      const change = this.log[at] as Change;
      if (change.key.startsWith(prefix)) changes.push(change);
    }
    return changes;
  }

  /** The leases that have not run out, by id. */
  leaseTimes(): readonly { readonly id: number; readonly ttl: Duration }[] {
    return [...this.leases].map(([id, { ttl }]) => ({ id, ttl }));
  }

  snapshot(): Snapshot {
    const entries: KeyValue[] = [];
    this.keys.walk('', '\uffff', (name) => {
      const entry = live(this.newest.get(name));
      if (entry === undefined) return true;
      const { key, value, createRevision, modRevision, version, lease } = entry;
      return entries.push({ key, value, createRevision, modRevision, version, lease }) > 0;
    });
    return { revision: this.head, entries, leases: this.leaseTimes() };
  }

  /** Makes an empty store hold what a snapshot holds; what was before it counts as compacted. */
  restore({ revision, entries, leases }: Snapshot): void {
    assert(this.newest.size === 0, 'only an empty store can be restored');
    for (const { id, ttl } of leases) this.leases.set(id, { ttl, keys: new Set() });
    for (const entry of entries) {
      this.freeze(entry.value);
      this.newest.set(entry.key, { ...entry, older: undefined });
      this.keys.add(entry.key);
      this.leases.get(entry.lease)?.keys.add(entry.key);
    }
    this.head = revision;
    this.compacted = revision;
  }

  private holds({ key, target, operator, value }: Compare): boolean {
    const found = live(this.newest.get(key));
    const actual = found === undefined ? 0 : target === 'mod' ? found.modRevision : target === 'create' ? found.createRevision : found.version;
    switch (operator) {
      case '=':
        return actual === value;
      case '!=':
        return actual !== value;
      case '<':
        return actual < value;
      case '>':
        return actual > value;
    }
  }

  private change(operations: readonly Operation[], succeeded: boolean): CommandResult {
    const revision = this.head + 1;
    let deleted = 0;
    let changed = false;
    const changes: Change[] = [];
    for (const operation of operations) {
      if (operation.type === 'put') {
        changes.push(this.put(operation, revision));
        changed = true;
        continue;
      }
      const keys = operation.end === undefined ? [operation.key] : this.range(operation.key, operation.end).entries.map((entry) => entry.key);
      for (const key of keys) {
        const change = this.remove(key, revision);
        if (change === undefined) continue;
        changes.push(change);
        changed = true;
        deleted += 1;
      }
    }
    if (changed) this.head = revision;
    for (const change of changes) {
      this.log.push(change);
      this.watchers.notify(change);
    }
    return this.result(succeeded, deleted);
  }

  private put({ key, value, lease = 0 }: Operation & { type: 'put' }, revision: number): Change {
    const older = this.newest.get(key);
    const previous = live(older);
    if (!Object.isFrozen(value)) {
      this.stamp(value, revision);
      this.freeze(value);
    }
    const version: Version = {
      key,
      value,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      version: (previous?.version ?? 0) + 1,
      lease,
      older,
    };
    this.newest.set(key, version);
    if (older === undefined) this.keys.add(key);
    if (previous !== undefined && previous.lease !== lease) this.leases.get(previous.lease)?.keys.delete(key);
    if (lease !== 0) {
      const keys = this.leases.get(lease)?.keys;
      assert(keys, `lease ${lease} exists`);
      keys.add(key);
    }
    return { key, revision, current: version as KeyValue, previous };
  }

  private remove(key: string, revision: number): Change | undefined {
    const older = this.newest.get(key);
    const previous = live(older);
    if (previous === undefined) return undefined;
    this.newest.set(key, { key, value: undefined, createRevision: 0, modRevision: revision, version: 0, lease: 0, older });
    if (previous.lease !== 0) this.leases.get(previous.lease)?.keys.delete(key);
    return { key, revision, current: undefined, previous };
  }

  /** Forgets what is older than what was newest at `revision`. */
  private compact(revision: number): void {
    if (revision <= this.compacted) return;
    assert(revision <= this.head, 'only what has happened can be compacted');
    this.compacted = revision;
    const end = this.logIndex(revision);
    for (let at = 0; at < end; at++) this.trim((this.log[at] as Change).key, revision);
    this.log = this.log.slice(end);
  }

  private trim(key: string, revision: number): void {
    let version = this.newest.get(key);
    while (version !== undefined && version.modRevision > revision) version = version.older;
    if (version === undefined) return;
    version.older = undefined;
    if (version.value === undefined && this.newest.get(key) === version) {
      this.newest.delete(key);
      this.keys.delete(key);
    }
  }

  /** Where in the log the first change after `revision` is. */
  private logIndex(revision: number): number {
    let low = 0;
    let high = this.log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.log[middle] as Change).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private result(succeeded: boolean, deleted: number): CommandResult {
    return { succeeded, revision: this.head, deleted };
  }
}
