import { apiVersionOf, failure, type KubeList, type KubeObject, StatusError } from '../../api';
import { CompactedError, FutureRevisionError } from '../../etcd';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, expired, tooLargeResourceVersion, unexpected } from '../errors';
import { checkSelectable } from './selectable-fields';
import { decodeContinue, encodeContinue } from './continue';
import type { ServedResource } from '../served';
import type { ReadOptions } from './options';
import { type Selection, selectionOf } from './selection';

/** The selection of a list or watch request. */
export function selectionFor(call: ResourceCall, options: ReadOptions): Selection {
  // The name in the path of a watch (/api/v1/watch/…/NAME) selects like a field selector.
  const named = call.info.path.includes('/watch/') && call.info.name !== '' && options.fieldSelector === '';
  const fields = named ? `metadata.name=${call.info.name}` : options.fieldSelector;
  return selectionOf(options.labelSelector, fields, call.served, (field) => checkSelectable(call.served, field));
}

/** The revision that a resourceVersion parameter means; 0 for none. */
function revisionOf(server: ServerParts, text: string): number {
  if (text === '') return 0;
  if (!/^\d+$/.test(text)) throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  const revision = Number(text);
  if (revision > server.etcd.revision) throw tooLargeResourceVersion(revision, server.etcd.revision);
  return revision;
}

/** One page, or all, of what a list asks for. */
interface Page {
  readonly items: readonly KubeObject[];
  readonly revision: number;
  readonly next?: string;
  readonly remaining?: number;
}

/** Carries out a list. */
export function* listObjects(server: ServerParts, call: ResourceCall, options: ReadOptions): Task<KubeList> {
  const { served } = call;
  if (served.storage === undefined) throw unexpected('the resource is not stored');
  const selection = selectionFor(call, options);
  yield* server.etcd.barrier();
  const page = readPage(server, call, options, selection);
  if (served.conversion?.load) yield* loadAll(served, page.items);
  const items = served.conversion ? page.items.map((item) => served.conversion?.fromStored(item) as KubeObject) : page.items;
  return Object.freeze({
    kind: served.listKind ?? `${served.info.kind}List`,
    apiVersion: apiVersionOf(served.info.group, served.info.version),
    metadata: Object.freeze({
      resourceVersion: String(page.revision),
      ...(page.next !== undefined && { continue: page.next }),
      ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
    }),
    items: Object.freeze(items),
  });
}

/** Lets a webhook convert what a list or watch begins with; when it cannot, the list has nothing to begin with. Throws a 429. */
export function* loadAll({ info, conversion }: ServedResource, objects: readonly KubeObject[]): Task {
  try {
    if (conversion?.load) yield* conversion.load(objects);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw failure(429, 'TooManyRequests', `storage is (re)initializing: failed to list ${apiVersionOf(info.group, info.version)}, Kind=${info.kind}: ${error.message}`, { retryAfterSeconds: 1 });
  }
}

function readPage(server: ServerParts, call: ResourceCall, options: ReadOptions, selection: Selection): Page {
  const storage = call.served.storage as NonNullable<typeof call.served.storage>;
  const { limit, resourceVersion } = options;
  if (options.continue !== '') {
    const token = decodeContinue(options.continue);
    if (resourceVersion !== '' && resourceVersion !== '0') throw badRequest('specifying resource version is not allowed when using continue');
    // A list from memory knows no pages.
    return readRange(server, call, selection, token.start, resourceVersion === '0' ? 0 : limit, token.revision > 0 ? token.revision : 0, true);
  }
  const revision = revisionOf(server, resourceVersion);
  // A page of a version that is named, and of which nothing else is said, is one of exactly that version.
  const exact = options.resourceVersionMatch === 'Exact' || (options.resourceVersionMatch === '' && limit > 0) ? revision : 0;
  if (exact === 0) {
    const fast = fastPath(call, selection);
    if (fast) return { items: fast, revision: server.etcd.revision };
    const paged = limit > 0 && resourceVersion !== '0';
    if (!paged) {
      const all = storage.list(call.namespace);
      return { items: selection.matches ? all.filter(selection.matches) : all, revision: server.etcd.revision };
    }
  }
  return readRange(server, call, selection, '', limit, exact, false);
}

/** What an index answers: one object by name, a node's objects. */
function fastPath({ served, namespace }: ResourceCall, { name, nodeName, matches }: Selection): KubeObject[] | undefined {
  const { storage } = served;
  if (name !== undefined && storage !== undefined && (namespace !== undefined || !storage.namespaced)) {
    const object = storage.get(namespace, name);
    return object !== undefined && (matches === undefined || matches(object)) ? [object] : [];
  }
  if (nodeName === undefined) return undefined;
  return storage?.listOfNode(nodeName)?.filter((object) => (namespace === undefined || object.metadata?.namespace === namespace) && (matches === undefined || matches(object)));
}

/** Reads up to `limit` selected objects after `start` as of a revision. */
function readRange(server: ServerParts, { served, namespace }: ResourceCall, selection: Selection, start: string, limit: number, revision: number, continued: boolean): Page {
  const storage = served.storage as NonNullable<typeof served.storage>;
  const prefix = storage.prefixOf(namespace);
  const end = storage.endOf(prefix);
  const at = revision === 0 ? server.etcd.revision : revision;
  const items: KubeObject[] = [];
  let from = prefix + start;
  try {
    for (;;) {
      const chunk = storage.etcd.range(from, end, { revision: at, ...(limit > 0 && { limit: limit - items.length }) });
      for (const { value } of chunk.entries) if (!selection.matches || selection.matches(value as KubeObject)) items.push(value as KubeObject);
      if (chunk.remaining === 0) return { items, revision: at };
      const last = chunk.entries[chunk.entries.length - 1];
      if (last === undefined) return { items, revision: at };
      from = `${last.key}\0`;
      if (items.length < limit) continue;
      const next = encodeContinue({ revision: at, start: from.slice(prefix.length) });
      return { items, revision: at, next, ...(!selection.matches && { remaining: chunk.remaining }) };
    }
  } catch (error) {
    if (error instanceof FutureRevisionError) throw tooLargeResourceVersion(at, server.etcd.revision);
    if (!(error instanceof CompactedError)) throw error;
    if (!continued) throw expired('The resourceVersion for the provided list is too old.');
    throw staleContinue(start);
  }
}

function staleContinue(start: string) {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  return Object.assign(error, { status: { ...error.status, metadata: { continue: encodeContinue({ revision: -1, start }) } } });
}
