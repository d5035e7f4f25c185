import type { Duration, Kernel, Task, Timer } from '../kernel';
import { deepFreeze } from './freeze';
import type { Change, Command, CommandResult, Kept, KeyValue, RangeOptions, RangeResult, Snapshot } from './command';
import { MvccStore, type Stamp } from './store';
import type { ChangeListener } from './watchers';

/** The store as a client of one member sees it. */
export interface Etcd {
  /** The newest revision that this member has applied. */
  readonly revision: number;
  readonly compactRevision: number;
  /** Changes the store; comes back when the change is committed and applied here. */
  propose(command: Command): Task<CommandResult>;
  /** Comes back when this member knows everything that was committed before: reads are then linearizable. */
  barrier(): Task;
  get(key: string): KeyValue | undefined;
  /** Throws CompactedError or FutureRevisionError. */
  range(start: string, end: string, options?: RangeOptions): RangeResult;
  /** What happened under `prefix` after `revision`, oldest first. Throws CompactedError when that is forgotten. */
  history(prefix: string, revision: number): readonly Change[];
  /** `listener` runs inside the change; it must not change the store. Gives the function that stops it. */
  watch(prefix: string, listener: ChangeListener): () => void;
  /** A lease that deletes its keys after `ttl`; gives its id. */
  grantLease(ttl: Duration): Task<number>;
  revokeLease(id: number): Task;
  /** Starts the lease's time again. False if there is none. */
  keepAlive(id: number): boolean;
  /** All that is held now. */
  snapshot(): Snapshot;
}

export interface EtcdOptions {
  readonly kernel: Kernel;
  /** Writes the revision into a value about to be stored. */
  readonly stamp?: Stamp;
  /** What the member was before: it goes on from there, each lease with its whole time before it. */
  readonly kept?: Kept;
  /** Hears of each command that changed something, after it was applied: what to keep. */
  readonly journal?: (command: Command) => void;
}

/** etcd with one member: what is proposed is committed. */
export class SingleMember implements Etcd {
  private readonly store: MvccStore;
  private readonly kernel: Kernel;
  private readonly leases = new Map<number, { ttl: Duration; timer: Timer }>();
  private readonly journal: ((command: Command) => void) | undefined;
  private nextLease = 1;

  constructor({ kernel, stamp, kept, journal }: EtcdOptions) {
    this.kernel = kernel;
    this.store = new MvccStore(stamp, deepFreeze);
    this.journal = journal;
    if (kept?.snapshot) this.store.restore(kept.snapshot);
    for (const command of kept?.commands ?? []) this.store.apply(command);
    for (const { id, ttl } of this.store.leaseTimes()) this.begin(id, ttl);
  }

  get revision(): number {
    return this.store.revision;
  }

  get compactRevision(): number {
    return this.store.compactRevision;
  }

   
  *propose(command: Command): Task<CommandResult> {
    const before = this.store.revision;
    const result = this.store.apply(command);
    if (command.type !== 'transaction' || result.revision !== before) this.journal?.(command);
    return result;
  }

   
  *barrier(): Task {
    return;
  }

  get(key: string): KeyValue | undefined {
    return this.store.get(key);
  }

  range(start: string, end: string, options?: RangeOptions): RangeResult {
    return this.store.range(start, end, options);
  }

  history(prefix: string, revision: number): readonly Change[] {
    return this.store.history(prefix, revision);
  }

  watch(prefix: string, listener: ChangeListener): () => void {
    return this.store.watch(prefix, listener);
  }

  *grantLease(ttl: Duration): Task<number> {
    const id = this.nextLease++;
    yield* this.propose({ type: 'grantLease', id, ttl });
    this.begin(id, ttl);
    return id;
  }

  *revokeLease(id: number): Task {
    const lease = this.leases.get(id);
    if (lease === undefined) return;
    this.kernel.cancel(lease.timer);
    this.leases.delete(id);
    yield* this.propose({ type: 'revokeLease', id });
  }

  keepAlive(id: number): boolean {
    const lease = this.leases.get(id);
    if (lease === undefined) return false;
    this.kernel.cancel(lease.timer);
    lease.timer = this.expireAfter(id, lease.ttl);
    return true;
  }

  snapshot(): Snapshot {
    return this.store.snapshot();
  }

  private begin(id: number, ttl: Duration): void {
    this.leases.set(id, { ttl, timer: this.expireAfter(id, ttl) });
    this.nextLease = Math.max(this.nextLease, id + 1);
  }

  private expireAfter(id: number, ttl: Duration): Timer {
    return this.kernel.after(ttl, () => {
      this.kernel.spawn(`etcd lease ${id}`, this.revokeLease(id), null);
    });
  }
}

/** An empty etcd of one member. */
export const createEtcd = (options: EtcdOptions): Etcd => new SingleMember(options);
