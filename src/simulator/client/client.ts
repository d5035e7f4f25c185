import type { ApiRequest, GroupVersionResource, KubeList, KubeObject, WatchEvent } from '../api';
import type { Channel, Task } from '../kernel';

export type PatchType = 'application/json-patch+json' | 'application/merge-patch+json' | 'application/strategic-merge-patch+json' | 'application/apply-patch+yaml';

export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

export interface WatchOptions extends ListOptions {
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  readonly subresource?: string;
  /** Only with server-side apply. */
  readonly force?: boolean;
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

/**
 * A typed REST client of the API server under one identity. Every method is a task and throws a StatusError as the
 * server sent it. `namespace` is undefined for cluster-scoped resources (and, in list and watch, for all namespaces).
 */
export interface Client {
  get<T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, name: string, subresource?: string): Task<T>;
  list<T extends KubeObject>(resource: GroupVersionResource, namespace?: string, options?: ListOptions): Task<KubeList<T>>;
  create<T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, object: T | KubeObject, options?: WriteOptions & { readonly name?: string }): Task<T>;
  update<T extends KubeObject>(resource: GroupVersionResource, object: T | KubeObject, options?: WriteOptions): Task<T>;
  updateStatus<T extends KubeObject>(resource: GroupVersionResource, object: T | KubeObject): Task<T>;
  patch<T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, name: string, type: PatchType, patch: unknown, options?: WriteOptions): Task<T>;
  delete(resource: GroupVersionResource, namespace: string | undefined, name: string, options?: DeleteOptions): Task<KubeObject>;
  deleteCollection(resource: GroupVersionResource, namespace: string | undefined, options?: ListOptions & DeleteOptions): Task<KubeObject>;
  /** The events from `resourceVersion` on. The caller closes the channel when it has enough; a process's end does not. */
  watch<T extends KubeObject>(resource: GroupVersionResource, namespace?: string, options?: WatchOptions): Task<Channel<WatchEvent<T>>>;
  /** Anything else: raw paths, subresources that answer with text, streams. Throws only StatusErrors of failed requests. */
  request(request: Omit<ApiRequest, 'credentials'>): ReturnType<import('../api').ApiHandler>;
}
