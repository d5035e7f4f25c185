import type { Duration } from '../kernel';

/** A condition of a transaction: how a key's revision or version must be. An absent key has 0 everywhere. */
export interface Compare {
  readonly key: string;
  readonly target: 'mod' | 'create' | 'version';
  readonly operator: '=' | '!=' | '<' | '>';
  readonly value: number;
}

/** One step of a transaction. `end` makes a delete reach over [key, end). */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: object; readonly lease?: number }
  | { readonly type: 'delete'; readonly key: string; readonly end?: string };

/** All that can change a store. Plain data, so that a log can carry it to every member. */
export type Command =
  | { readonly type: 'transaction'; readonly compare: readonly Compare[]; readonly success: readonly Operation[]; readonly failure: readonly Operation[] }
  | { readonly type: 'compact'; readonly revision: number }
  | { readonly type: 'grantLease'; readonly id: number; readonly ttl: Duration }
  | { readonly type: 'revokeLease'; readonly id: number };

/** What a command came to: whether a transaction's conditions held, and the store's revision afterwards. */
export interface CommandResult {
  readonly succeeded: boolean;
  readonly revision: number;
  /** How many keys were deleted. */
  readonly deleted: number;
}

/** One version of a key. */
export interface KeyValue {
  readonly key: string;
  readonly value: object;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: number;
}

/** All that a member holds at one revision, without its history. Plain data, so that it can be kept and sent. */
export interface Snapshot {
  readonly revision: number;
  readonly entries: readonly KeyValue[];
  readonly leases: readonly { readonly id: number; readonly ttl: Duration }[];
}

/** What a member was when it stopped: a snapshot, and what was committed after it. */
export interface Kept {
  readonly snapshot: Snapshot | undefined;
  readonly commands: readonly Command[];
}

/** One change, as watchers see it. `previous` is what the key held before; `current` is absent for a delete. */
export interface Change {
  readonly key: string;
  readonly revision: number;
  readonly current: KeyValue | undefined;
  readonly previous: KeyValue | undefined;
}

export interface RangeOptions {
  /** At most so many. */
  readonly limit?: number;
  /** As of this revision; the newest by default. */
  readonly revision?: number;
}

export interface RangeResult {
  readonly entries: readonly KeyValue[];
  /** The revision that was read at. */
  readonly revision: number;
  /** How many keys the range holds beyond those returned. */
  readonly remaining: number;
}

/** Asked for a revision that was compacted away. */
export class CompactedError extends Error {
  override readonly name = 'CompactedError';

  constructor(readonly compactRevision: number) {
    super('etcdserver: mvcc: required revision has been compacted');
  }
}

/** Asked for a revision that is not there yet. */
export class FutureRevisionError extends Error {
  override readonly name = 'FutureRevisionError';

  constructor() {
    super('etcdserver: mvcc: required revision is a future revision');
  }
}
