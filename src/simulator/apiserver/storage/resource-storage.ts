import type { KubeObject } from '../../api';
import type { Etcd, KeyValue } from '../../etcd';
import { StoredChange } from './change';
import { type Watcher, WatcherIndex } from './watchers';

export interface StorageOptions {
  readonly etcd: Etcd;
  /** Ends in '/'. */
  readonly prefix: string;
  readonly namespaced: boolean;
  /** For resources that are bound to nodes: lists and watches of one node's objects are then indexed. */
  readonly nodeNameOf?: (object: KubeObject) => string | undefined;
}

/** Where the objects of one resource live, whatever version they are asked for in: etcd, indexes and open watches. */
export class ResourceStorage {
  readonly watchers = new WatcherIndex();
  readonly etcd: Etcd;
  readonly prefix: string;
  readonly namespaced: boolean;
  private readonly nodeNameOf: ((object: KubeObject) => string | undefined) | undefined;
  private readonly byNode = new Map<string, Map<string, KubeObject>>();
  /** Lists that were asked for, by prefix, until something under it changes: most are asked for far more often than they change. */
  private readonly lists = new Map<string, readonly KubeObject[]>();
  private readonly stopWatching: () => void;

  constructor({ etcd, prefix, namespaced, nodeNameOf }: StorageOptions) {
    this.etcd = etcd;
    this.prefix = prefix;
    this.namespaced = namespaced;
    this.nodeNameOf = nodeNameOf;
    if (nodeNameOf) for (const entry of etcd.range(prefix, this.endOf(prefix)).entries) this.index(entry.key, undefined, entry.value as KubeObject);
    this.stopWatching = etcd.watch(prefix, (change) => {
      this.forgetLists(change.key);
      const stored = new StoredChange(change);
      const current = change.current?.value as KubeObject | undefined;
      const node = nodeNameOf && current && nodeNameOf(current);
      const previousNode = nodeNameOf && stored.previous && nodeNameOf(stored.previous);
      if (nodeNameOf) this.index(change.key, stored.previous, current);
      this.watchers.dispatch(stored, node, previousNode);
    });
  }

  /** The key of an object. */
  key(namespace: string | undefined, name: string): string {
    return this.namespaced ? `${this.prefix}${namespace}/${name}` : this.prefix + name;
  }

  entry(namespace: string | undefined, name: string): KeyValue | undefined {
    return this.etcd.get(this.key(namespace, name));
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.entry(namespace, name)?.value as KubeObject | undefined;
  }

  /** The prefix under which a namespace's objects are; of all when it is undefined. */
  prefixOf(namespace: string | undefined): string {
    return this.namespaced && namespace !== undefined && namespace !== '' ? `${this.prefix}${namespace}/` : this.prefix;
  }

  /** The first key after all that start with `prefix`. */
  endOf(prefix: string): string {
    return `${prefix.slice(0, -1)}0`;
  }

  /** All objects, or a namespace's, in the order of their keys. */
  list(namespace?: string): readonly KubeObject[] {
    const prefix = this.prefixOf(namespace);
    let list = this.lists.get(prefix);
    if (list === undefined) {
      list = Object.freeze(this.etcd.range(prefix, this.endOf(prefix)).entries.map((entry) => entry.value as KubeObject));
      this.lists.set(prefix, list);
    }
    return list;
  }

  /** The objects bound to a node, in the order of their keys. Only with `nodeNameOf`. */
  listOfNode(nodeName: string): KubeObject[] | undefined {
    if (this.nodeNameOf === undefined) return undefined;
    const found = this.byNode.get(nodeName);
    return found === undefined ? [] : [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** The same, in no order that means anything. */
  ofNode(nodeName: string): Iterable<KubeObject> {
    return this.byNode.get(nodeName)?.values() ?? [];
  }

  open(watcher: Watcher): void {
    this.watchers.add(watcher);
  }

  /** Ends every watch: the resource is no longer served. */
  close(): void {
    this.stopWatching();
    for (const watcher of [...this.watchers.open]) {
      watcher.events.close();
      watcher.stop();
    }
  }

  /** Forgets the lists that an object is in. */
  private forgetLists(key: string): void {
    if (this.lists.size === 0) return;
    this.lists.delete(this.prefix);
    if (this.namespaced) this.lists.delete(key.slice(0, key.lastIndexOf('/') + 1));
  }

  private index(key: string, previous: KubeObject | undefined, current: KubeObject | undefined): void {
    const before = previous && this.nodeNameOf?.(previous);
    const after = current && this.nodeNameOf?.(current);
    if (before !== undefined && before !== after) {
      const objects = this.byNode.get(before);
      objects?.delete(key);
      if (objects?.size === 0) this.byNode.delete(before);
    }
    if (after === undefined || current === undefined) return;
    const objects = this.byNode.get(after) ?? new Map<string, KubeObject>();
    this.byNode.set(after, objects);
    objects.set(key, current);
  }
}
