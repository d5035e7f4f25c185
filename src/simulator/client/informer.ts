import { type GroupVersionResource, type KubeObject, StatusError, type WatchEvent } from '../api';
import { type Channel, type Duration, Future, type Kernel, milliseconds, type Process, seconds, sleep, type Task } from '../kernel';
import type { Client, ListOptions } from './client';
import { isApiFailure } from './failure';
import { keyOf, Store } from './store';

/** Told of every change, in order. They run inside the informer's process and may not wait. */
export interface InformerHandlers<T> {
  /** `initial`: the object was there when the informer began, or when the handler was added. */
  add?(object: T, initial: boolean): void;
  update?(old: T, object: T): void;
  delete?(object: T): void;
}

/** A cache of one resource that follows the API server. */
export interface Informer<T extends KubeObject = KubeObject> {
  readonly resource: GroupVersionResource;
  /** The objects; only the informer writes to it. */
  readonly store: Store<T>;
  /** Whether the first list has arrived. */
  readonly synced: boolean;
  /** Waits until the first list has arrived. */
  waitSynced(): Task;
  get(namespace: string | undefined, name: string): T | undefined;
  /** Adds handlers; what is known already is told to them at once. Gives the function that takes them back. */
  addHandlers(handlers: InformerHandlers<T>): () => void;
  /** Ends it: for resources that are no more. */
  stop(): void;
}

/** Which objects of a resource an informer holds; default all. */
export interface Selection extends Pick<ListOptions, 'labelSelector' | 'fieldSelector'> {
  readonly namespace?: string;
}

/** One informer for each resource and selection, shared by all who ask. */
export interface Informers {
  for<T extends KubeObject = KubeObject>(resource: GroupVersionResource, selection?: Selection): Informer<T>;
  /** Waits until every informer that was asked for has its first list. */
  waitSynced(): Task;
  stop(): void;
}

const backOffStart = milliseconds(800);
const backOffLimit = seconds(30);

class ReflectingInformer<T extends KubeObject> implements Informer<T> {
  readonly store = new Store<T>();
  private readonly handlers = new Set<InformerHandlers<T>>();
  private readonly first = new Future<void>();
  private readonly process: Process;
  private backOff: Duration = backOffStart;

  constructor(private readonly kernel: Kernel, private readonly client: Client, readonly resource: GroupVersionResource, private readonly selection: Selection, parent: Process | null) {
    this.process = kernel.spawn(`informer ${resource.resource}`, this.reflect(), parent);
  }

  get synced(): boolean {
    return this.first.settled;
  }

  waitSynced(): Task {
    return this.first.wait();
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.store.get(namespace === undefined ? name : `${namespace}/${name}`);
  }

  addHandlers(handlers: InformerHandlers<T>): () => void {
    this.handlers.add(handlers);
    if (handlers.add) for (const object of this.store.list()) handlers.add(object, true);
    return () => this.handlers.delete(handlers);
  }

  stop(): void {
    this.process.cancel();
  }

  private *reflect(): Task {
    const { namespace, ...selectors } = this.selection;
    for (;;) {
      let version: string | undefined;
      try {
        const list = yield* this.client.list<T>(this.resource, namespace, { ...selectors, resourceVersion: '0' });
        this.replace(list.items);
        version = list.metadata.resourceVersion ?? '';
        this.first.resolve();
        this.backOff = backOffStart;
      } catch (error) {
        if (!isApiFailure(error)) throw error;
      }
      if (version !== undefined) yield* this.follow(version);
      else yield* this.waitAfterFailure();
    }
  }

  /** Watches from `version` on, again and again, until the server no longer has what followed it. */
  private *follow(version: string): Task {
    const position = { version };
    const { namespace, ...selectors } = this.selection;
    for (;;) {
      const begin = this.kernel.now;
      let channel: Channel<WatchEvent<T>> | undefined;
      try {
        channel = yield* this.client.watch<T>(this.resource, namespace, { ...selectors, resourceVersion: position.version, allowWatchBookmarks: true });
        if (!(yield* this.consume(channel, position))) return;
      } catch (error) {
        if (!isApiFailure(error)) throw error;
        if (error instanceof StatusError && error.code === 410) return;
        yield* this.waitAfterFailure();
        continue;
      } finally {
        channel?.close();
      }
      if (this.kernel.now - begin < seconds(1)) yield* this.waitAfterFailure();
      else this.backOff = backOffStart;
    }
  }

  /** False when only a new list helps. */
  private *consume(channel: Channel<WatchEvent<T>>, position: { version: string }): Task<boolean> {
    for (;;) {
      const event = yield* channel.receive();
      if (event === undefined) return true;
      if (event.type === 'ERROR') return false;
      position.version = event.object.metadata?.resourceVersion ?? position.version;
      if (event.type === 'DELETED') this.remove(keyOf(event.object), event.object);
      else if (event.type !== 'BOOKMARK') this.put(keyOf(event.object), event.object, false);
    }
  }

  private put(key: string, object: T, initial: boolean): void {
    const old = this.store.set(key, object);
    if (old === undefined) for (const handler of this.handlers) handler.add?.(object, initial);
    else if (old.metadata?.resourceVersion !== object.metadata?.resourceVersion) {
      if (old.metadata?.uid === object.metadata?.uid) for (const handler of this.handlers) handler.update?.(old, object);
      else {
        for (const handler of this.handlers) handler.delete?.(old);
        for (const handler of this.handlers) handler.add?.(object, false);
      }
    }
  }

  private remove(key: string, last?: T): void {
    const old = this.store.delete(key);
    if (old !== undefined) for (const handler of this.handlers) handler.delete?.(last ?? old);
  }

  private replace(items: readonly T[]): void {
    const keep = new Set(items.map(keyOf));
    for (const key of [...this.store.keys()]) if (!keep.has(key)) this.remove(key);
    for (const item of items) this.put(keyOf(item), item, !this.synced);
  }

  private *waitAfterFailure(): Task {
    yield* sleep(Math.round(this.backOff * (1 + this.kernel.random.float())));
    this.backOff = Math.min(this.backOff * 2, backOffLimit);
  }
}

/** Informers that ask through `client`, as children of the process that calls this (or of `parent`). */
export function createInformers(kernel: Kernel, client: Client, parent: Process | null = kernel.process ?? null): Informers {
  const informers = new Map<string, ReflectingInformer<KubeObject>>();
  return {
    for: <T extends KubeObject>(resource: GroupVersionResource, selection: Selection = {}) => {
      const key = `${resource.group}/${resource.version}/${resource.resource}?${selection.namespace ?? ''}&${selection.labelSelector ?? ''}&${selection.fieldSelector ?? ''}`;
      let informer = informers.get(key);
      if (!informer) {
        informer = new ReflectingInformer(kernel, client, resource, selection, parent);
        const { stop } = informer;
        informer.stop = function stopAndForget() {
          informers.delete(key);
          stop.call(this);
        };
        informers.set(key, informer);
      }
      return informer as unknown as Informer<T>;
    },
    *waitSynced() {
      for (const informer of [...informers.values()]) yield* informer.waitSynced();
    },
    stop: () => {
      for (const informer of [...informers.values()]) informer.stop();
    },
  };
}
