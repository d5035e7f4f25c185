import { type ApiHandler, type ApiRequest, type ApiResponse, type Credentials, deepFreeze, failure, type GroupVersionResource, type KubeList, type KubeObject, type Method, type Status, StatusError, type WatchEvent } from '../api';
import { type Channel, type Duration, type Kernel, milliseconds, sleep, type Task } from '../kernel';
import type { Client, DeleteOptions, ListOptions, WriteOptions } from './client';
import { DelayedChannel } from './delayed-channel';

export interface ClientOptions {
  readonly kernel: Kernel;
  readonly handler: ApiHandler;
  readonly credentials: Credentials;
  /** As in the header: 'kube-scheduler/v1.36.3 (linux/amd64) …'; the part before the slash becomes the field manager. */
  readonly userAgent: string;
  /** Virtual time that each request, and each delivery of a watch, takes on its way. Default 1 ms; 0 is allowed. */
  readonly latency?: Duration;
}

/** /api/v1/namespaces/a/pods/b/status and the like, without a query. */
export function pathOf(resource: GroupVersionResource, namespace?: string, name?: string, subresource?: string): string {
  let path = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  if (namespace !== undefined) path += `/namespaces/${namespace}`;
  path += `/${resource.resource}`;
  if (name !== undefined) path += `/${name}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

type QueryValue = string | number | boolean | undefined;

function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  let separator = '?';
  let url = path;
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    url += `${separator}${key}=${encodeURIComponent(String(value))}`;
    separator = '&';
  }
  return url;
}

const withWriteQuery = (path: string, options: WriteOptions | undefined): string => (options === undefined ? path : withQuery(path, {
  dryRun: options.dryRun ? 'All' : undefined,
  fieldManager: options.fieldManager,
  fieldValidation: options.fieldValidation,
  force: options.force,
}));

const listQuery = ({ labelSelector, fieldSelector, limit, continue: token, resourceVersion, resourceVersionMatch }: ListOptions = {}) =>
  ({ labelSelector, fieldSelector, limit, continue: token, resourceVersion, resourceVersionMatch });

function deleteBody({ gracePeriodSeconds, propagationPolicy, preconditions, dryRun }: DeleteOptions = {}): unknown {
  const body = {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(propagationPolicy && { propagationPolicy }),
    ...(preconditions && { preconditions }),
    ...(dryRun && { dryRun: ['All'] }),
  };
  return Object.keys(body).length === 0 ? undefined : { apiVersion: 'v1', kind: 'DeleteOptions', ...body };
}

function nameOf(object: KubeObject): string {
  const name = object.metadata?.name;
  if (name === undefined || name === '') throw failure(500, undefined, 'resource name may not be empty');
  return name;
}

/** A REST client of the API server that `handler` stands for. See Client for its methods. */
export function createClient({ kernel, handler, credentials, userAgent, latency = milliseconds(1) }: ClientOptions): Client {
  const agent = Object.freeze({ 'user-agent': userAgent });
  const patchHeaders = new Map<string, Readonly<Record<string, string>>>();

  /** One request on its way: the answer, or what failed. */
  function* exchange(request: ApiRequest): Task<ApiResponse> {
    if (latency > 0) yield* sleep(latency);
    const response = yield* handler(request);
    if (response.status < 400) return response;
    const body = response.body as Status | undefined;
    if (body?.kind === 'Status') throw new StatusError(body);
    throw failure(response.status, undefined, response.text ?? `the server answered with ${response.status}`);
  }

  const request = (partial: Omit<ApiRequest, 'credentials'>): Task<ApiResponse> =>
    exchange({ ...partial, headers: partial.headers ? { ...agent, ...partial.headers } : agent, credentials });

  function* send<T>(method: Method, url: string, body?: unknown, headers: Readonly<Record<string, string>> = agent): Task<T> {
    const response = yield* exchange({ method, url, headers, credentials, body: deepFreeze(body) });
    return response.body as T;
  }

  const headersOfPatch = (type: string) => {
    let headers = patchHeaders.get(type);
    if (!headers) patchHeaders.set(type, (headers = Object.freeze({ ...agent, 'content-type': type })));
    return headers;
  };

  return {
    get: (resource, namespace, name, subresource) => send('GET', pathOf(resource, namespace, name, subresource)),
    list: <T extends KubeObject>(resource: GroupVersionResource, namespace?: string, options?: ListOptions) =>
      send<KubeList<T>>('GET', withQuery(pathOf(resource, namespace), listQuery(options))),
    create: (resource, namespace, object, options) =>
      send('POST', withWriteQuery(pathOf(resource, namespace, options?.name, options?.subresource), options), object),
    update: (resource, object, options) =>
      send('PUT', withWriteQuery(pathOf(resource, object.metadata?.namespace, nameOf(object), options?.subresource), options), object),
    updateStatus: (resource, object) => send('PUT', pathOf(resource, object.metadata?.namespace, nameOf(object), 'status'), object),
    patch: (resource, namespace, name, type, patch, options) =>
      send('PATCH', withWriteQuery(pathOf(resource, namespace, name, options?.subresource), options), patch, headersOfPatch(type)),
    delete: (resource, namespace, name, options) => send('DELETE', pathOf(resource, namespace, name), deleteBody(options)),
    deleteCollection: (resource, namespace, options) =>
      send('DELETE', withQuery(pathOf(resource, namespace), listQuery(options)), deleteBody(options)),
    *watch<T extends KubeObject>(resource: GroupVersionResource, namespace?: string, options: ListOptions & Record<string, QueryValue> = {}): Task<Channel<WatchEvent<T>>> {
      const { allowWatchBookmarks, sendInitialEvents, timeoutSeconds } = options;
      const query = { watch: true, ...listQuery(options), allowWatchBookmarks, sendInitialEvents, timeoutSeconds };
      const response = yield* request({ method: 'GET', url: withQuery(pathOf(resource, namespace), query) });
      const events = response.events as Channel<WatchEvent<T>> | undefined;
      if (!events) throw failure(500, undefined, 'the server did not answer with a watch');
      return latency > 0 ? new DelayedChannel(kernel, events, latency) : events;
    },
    request,
  };
}
