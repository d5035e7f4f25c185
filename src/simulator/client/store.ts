import { assert } from '../kernel';
import type { KubeObject } from '../api';

/** 'namespace/name', or 'name' for what has no namespace. */
export function keyOf(object: KubeObject): string {
  const { namespace, name } = object.metadata ?? {};
  return namespace === undefined || namespace === '' ? (name ?? '') : `${namespace}/${name ?? ''}`;
}

/** The parts of a key that keyOf made. */
export function keyParts(key: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: undefined, name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The values under which an index finds an object. */
export type IndexFunction<T> = (object: T) => readonly string[];

interface Index<T> {
  values(object: T): readonly string[];
  readonly buckets: Map<string, Map<string, T>>;
}

const none: readonly never[] = Object.freeze([]);

/** What an informer knows of one resource: frozen objects by key, and by the values of its indexes. */
export class Store<T extends KubeObject = KubeObject> {
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, Index<T>>();

  constructor() {
    this.addIndex('namespace', (object) => [object.metadata?.namespace ?? '']);
  }

  get size(): number {
    return this.objects.size;
  }

  /** Adds an index; the same name twice keeps the first, whose function must mean the same. */
  addIndex(name: string, values: IndexFunction<T>): void {
    if (this.indexes.has(name)) return;
    const index: Index<T> = { values, buckets: new Map() };
    this.indexes.set(name, index);
    for (const [key, object] of this.objects) for (const value of values(object)) put(index, value, key, object);
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  /** All objects, or those of one namespace, in the order in which they came. */
  list(namespace?: string): T[] {
    return namespace === undefined ? [...this.objects.values()] : this.by('namespace', namespace);
  }

  /** All objects, without a copy: not to be held over a wait. */
  values(): IterableIterator<T> {
    return this.objects.values();
  }

  keys(): IterableIterator<string> {
    return this.objects.keys();
  }

  /** The objects that an index has under `value`. */
  by(indexName: string, value: string): T[] {
    const bucket = this.bucket(indexName, value);
    return bucket ? [...bucket.values()] : (none as readonly T[] as T[]);
  }

  /** The values that an index has objects under. */
  valuesOf(indexName: string): string[] {
    const index = this.indexes.get(indexName);
    assert(index, `the store has an index ${indexName}`);
    return [...index.buckets.keys()];
  }

  /** How many objects an index has under `value`. */
  count(indexName: string, value: string): number {
    return this.bucket(indexName, value)?.size ?? 0;
  }

  /** Puts or replaces; gives what was there before. */
  set(key: string, object: T): T | undefined {
    const old = this.objects.get(key);
    this.objects.set(key, object);
    for (const index of this.indexes.values()) reindex(index, key, old, object);
    return old;
  }

  delete(key: string): T | undefined {
    const old = this.objects.get(key);
    if (old === undefined) return undefined;
    this.objects.delete(key);
    for (const index of this.indexes.values()) reindex(index, key, old, undefined);
    return old;
  }

  private bucket(indexName: string, value: string): Map<string, T> | undefined {
    const index = this.indexes.get(indexName);
    assert(index, `the store has an index ${indexName}`);
    return index.buckets.get(value);
  }
}

function put<T>(index: Index<T>, value: string, key: string, object: T): void {
  const bucket = index.buckets.get(value);
  if (bucket) bucket.set(key, object);
  else index.buckets.set(value, new Map([[key, object]]));
}

function reindex<T>(index: Index<T>, key: string, old: T | undefined, object: T | undefined): void {
  const values = object === undefined ? none : index.values(object);
  if (old !== undefined) {
    for (const value of index.values(old)) {
      if (values.includes(value as never)) continue;
      const bucket = index.buckets.get(value);
      bucket?.delete(key);
      if (bucket?.size === 0) index.buckets.delete(value);
    }
  }
  for (const value of values) put(index, value, key, object as T);
}
