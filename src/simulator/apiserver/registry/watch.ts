import { apiVersionOf, type KubeObject, StatusError, type WatchEvent } from '../../api';
import { CompactedError } from '../../etcd';
import { Channel, minutes, seconds, type Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { expired, unexpected } from '../errors';
import { StoredChange } from '../storage/change';
import { Watcher } from '../storage/watchers';
import type { Conversion } from './conversion';
import { loadAll, selectionFor } from './list';
import type { ReadOptions } from './options';

/** Events that may wait for a client that does not take them; after that its watch ends. */
const backlog = 20_000;
/** A watch without a time-out of its own ends after a random time between this and twice this (--min-request-timeout). */
const shortest = minutes(30);
/** How often a quiet watch hears how far the world has come. */
const bookmarkInterval = minutes(1);

/** Opens a watch. `shape` turns each object into what the client accepts (a Table, metadata only). */
export function* watchObjects(server: ServerParts, call: ResourceCall, options: ReadOptions, shape?: (object: KubeObject) => unknown): Task<Channel<WatchEvent>> {
  const { served, namespace } = call;
  const { storage, conversion } = served;
  if (storage === undefined) throw unexpected('the resource is not stored');
  const selection = selectionFor(call, options);
  const from = startRevision(options.resourceVersion);
  yield* server.etcd.barrier();
  if (conversion?.load) yield* loadAll(served, storage.list(namespace));
  const convert = conversion && !conversion.load ? (object: KubeObject) => conversion.fromStored(object) : undefined;
  const transform = conversion?.load ? undefined : shape && convert ? (object: KubeObject) => shape(convert(object)) : (shape ?? convert);
  const events = new Channel<WatchEvent>(backlog);
  const inNamespace = storage.namespaced && namespace !== undefined ? namespace : undefined;
  const { matches } = selection;
  const within = inNamespace === undefined ? matches : (object: KubeObject) => object.metadata?.namespace === inNamespace && (matches === undefined || matches(object));
  const scope = selection.nodeName !== undefined ? { nodeName: selection.nodeName } : selection.name !== undefined ? { name: selection.name } : { namespace: inNamespace };
  const filter = scope.namespace !== undefined && matches === undefined ? undefined : within;
  const watcher = new Watcher(events, scope, filter, transform, options.allowWatchBookmarks, server.etcd.revision);
  try {
    start(server, call, options, watcher, from);
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    const { status } = expired(`too old resource version: ${from} (${server.etcd.revision})`);
    events.send(Object.freeze({ type: 'ERROR', object: status as unknown as KubeObject }));
    events.close();
    return events;
  }
  storage.open(watcher);
  limitTime(server, watcher, options.timeoutSeconds);
  if (options.allowWatchBookmarks) sendBookmarks(server, call, watcher);
  return conversion?.load ? convertEvents(server, conversion, watcher, shape) : events;
}

/** The events of a watch whose objects a webhook converts, one after another. */
function convertEvents({ kernel }: ServerParts, conversion: Conversion, watcher: Watcher, shape: ((object: KubeObject) => unknown) | undefined): Channel<WatchEvent> {
  const converted = new Channel<WatchEvent>(backlog);
  const one = function* ({ type, object }: WatchEvent): Task<WatchEvent> {
    if (type === 'ERROR') return { type, object };
    if (type !== 'BOOKMARK') yield* (conversion.load as NonNullable<typeof conversion.load>)([object]);
    const asked = type === 'BOOKMARK' ? object : conversion.fromStored(object);
    return { type, object: (shape ? shape(asked) : asked) as KubeObject };
  };
  kernel.spawn('converted watch', (function* (): Task {
    const { events } = watcher;
    for (let event = yield* events.receive(); event !== undefined; event = yield* events.receive()) {
      try {
        if (!converted.send(Object.freeze(yield* one(event)))) break;
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        converted.send(Object.freeze({ type: 'ERROR', object: error.status as unknown as KubeObject }));
        break;
      }
    }
    watcher.stop();
    events.close();
    converted.close();
  })(), null);
  return converted;
}

/** The revision after which events are wanted; one that is still to come is waited for. */
function startRevision(text: string): number {
  if (text === '') return 0;
  if (!/^\d+$/.test(text)) throw unexpected(`resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

/** Sends what the watch begins with: what exists, or what happened since. */
function start(server: ServerParts, call: ResourceCall, options: ReadOptions, watcher: Watcher, from: number): void {
  const storage = call.served.storage as NonNullable<typeof call.served.storage>;
  const initial = options.sendInitialEvents ?? from === 0;
  if (initial) {
    for (const object of storage.list(call.namespace)) {
      watcher.notify(new StoredChange({ key: '', revision: server.etcd.revision, current: { key: '', value: object, createRevision: 0, modRevision: 0, version: 1, lease: 0 }, previous: undefined }));
    }
    if (options.sendInitialEvents === true && options.allowWatchBookmarks) bookmark(server, call, watcher, { 'k8s.io/initial-events-end': 'true' });
    return;
  }
  if (from === 0 || from > server.etcd.revision) return;
  for (const change of server.etcd.history(storage.prefixOf(call.namespace), from)) watcher.notify(new StoredChange(change));
}

function bookmark(server: ServerParts, { served }: ResourceCall, watcher: Watcher, annotations?: Readonly<Record<string, string>>): void {
  watcher.revision = server.etcd.revision;
  watcher.send('BOOKMARK', Object.freeze({
    kind: served.info.kind,
    apiVersion: apiVersionOf(served.info.group, served.info.version),
    metadata: Object.freeze({ resourceVersion: String(server.etcd.revision), ...(annotations && { annotations: Object.freeze(annotations) }) }),
  }));
}

function limitTime(server: ServerParts, watcher: Watcher, timeoutSeconds: number | undefined): void {
  const limit = timeoutSeconds !== undefined && timeoutSeconds > 0 ? seconds(timeoutSeconds) : shortest + Math.floor(server.random.float() * shortest);
  const timer = server.kernel.after(limit, () => {
    watcher.stop();
    watcher.events.close();
  });
  const { stop } = watcher;
  watcher.stop = () => {
    server.kernel.cancel(timer);
    stop();
  };
}

function sendBookmarks(server: ServerParts, call: ResourceCall, watcher: Watcher): void {
  const tick = () => {
    if (watcher.events.closed) {
      watcher.stop();
      return;
    }
    if (watcher.revision < server.etcd.revision) bookmark(server, call, watcher);
    timer = server.kernel.after(bookmarkInterval, tick);
  };
  let timer = server.kernel.after(bookmarkInterval, tick);
  const { stop } = watcher;
  watcher.stop = () => {
    server.kernel.cancel(timer);
    stop();
  };
}
