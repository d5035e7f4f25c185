export { type Change, type Command, type CommandResult, type Compare, CompactedError, FutureRevisionError, type Kept, type KeyValue, type Operation, type RangeOptions, type RangeResult, type Snapshot } from './command';
export { createEtcd, type Etcd, type EtcdOptions } from './etcd';
export { SortedKeys } from './sorted-keys';
export { MvccStore, type Stamp } from './store';
export { type ChangeListener } from './watchers';
