import type { KubeObject, WatchEvent, WatchEventType } from '../../api';
import type { Channel } from '../../kernel';
import type { StoredChange } from './change';

/** Whether an object is one that a list or watch asks for. */
export type Matcher = (object: KubeObject) => boolean;

/** What a watcher wants to see; the narrowest of these decides under which index it waits. */
export interface WatchScope {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly nodeName?: string | undefined;
}

/** One open watch: turns changes of the store into events of its own selection. */
export class Watcher {
  /** The newest revision that this watcher was told of. */
  revision: number;
  stop: () => void = () => undefined;

  constructor(
    readonly events: Channel<WatchEvent>,
    readonly scope: WatchScope,
    private readonly matches: Matcher | undefined,
    private readonly transform: ((object: KubeObject) => unknown) | undefined,
    readonly bookmarks: boolean,
    revision: number,
  ) {
    this.revision = revision;
  }

  /** Tells of a change if it concerns this watcher; ends the watch when nobody takes its events any more. */
  notify(change: StoredChange): void {
    this.revision = change.revision;
    const { matches } = this;
    if (matches === undefined) {
      if (this.transform === undefined) this.put(change.event);
      else this.send(change.type, change.object);
      return;
    }
    const is = change.type !== 'DELETED' && matches(change.object);
    const was = change.previous !== undefined && matches(change.previous);
    if (is) this.send(was ? 'MODIFIED' : 'ADDED', change.object);
    else if (was) this.send('DELETED', change.lastSeen);
  }

  /** Sends an event about an object, shaped as the client asked. */
  send(type: WatchEventType, object: KubeObject): void {
    this.put(Object.freeze({ type, object: (this.transform === undefined ? object : this.transform(object)) as KubeObject }));
  }

  private put(event: WatchEvent): void {
    if (this.events.send(event)) return;
    this.events.close();
    this.stop();
  }
}

/** The open watches of one resource, found by what they watch: one change costs only those that it may concern. */
export class WatcherIndex {
  private readonly all = new Set<Watcher>();
  private readonly byKey = new Map<string, Set<Watcher>>();

  /** Every open watch. */
  readonly open = new Set<Watcher>();

  add(watcher: Watcher): void {
    const { scope } = watcher;
    const key = scope.nodeName !== undefined ? `node ${scope.nodeName}` : scope.name !== undefined ? `name ${scope.name}` : scope.namespace !== undefined ? `namespace ${scope.namespace}` : undefined;
    let place = this.all;
    if (key !== undefined) {
      place = this.byKey.get(key) ?? new Set();
      this.byKey.set(key, place);
    }
    place.add(watcher);
    this.open.add(watcher);
    watcher.stop = () => {
      this.open.delete(watcher);
      place.delete(watcher);
      if (key !== undefined && place.size === 0) this.byKey.delete(key);
    };
  }

  dispatch(change: StoredChange, nodeName: string | undefined, previousNodeName: string | undefined): void {
    if (this.open.size === 0) return;
    for (const watcher of this.all) watcher.notify(change);
    if (this.byKey.size === 0) return;
    const { metadata } = change.object;
    if (metadata?.namespace !== undefined) this.notify(`namespace ${metadata.namespace}`, change);
    this.notify(`name ${metadata?.name}`, change);
    if (nodeName !== undefined) this.notify(`node ${nodeName}`, change);
    if (previousNodeName !== undefined && previousNodeName !== nodeName) this.notify(`node ${previousNodeName}`, change);
  }

  private notify(key: string, change: StoredChange): void {
    const watchers = this.byKey.get(key);
    if (watchers !== undefined) for (const watcher of watchers) watcher.notify(change);
  }
}
