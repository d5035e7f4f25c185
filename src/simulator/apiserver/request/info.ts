import type { Method } from '../../api';
import type { Query } from './url';

/** What a request is about, as authorisation and everything after it sees it. */
export interface RequestInfo {
  readonly path: string;
  /** get, list, watch, create, update, patch, delete, deletecollection, proxy; for other paths the lower-case method. */
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** What follows the subresource: the path that a proxy request is for. */
  readonly rest: string;
  /** More path than any resource has. */
  readonly overlong: boolean;
}

const verbs: Readonly<Record<Method, string>> = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete', OPTIONS: '' };

const namespaceSubresources = new Set(['status', 'finalize']);

const nonResource = (method: Method, path: string): RequestInfo => ({
  path,
  verb: method.toLowerCase(),
  isResource: false,
  group: '',
  version: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
  rest: '',
  overlong: false,
});

/** The name that a field selector pins: list requests for one object count as requests for it. */
function pinnedName(query: Query): string {
  const match = /(?:^|,)metadata\.name==?([^,]+)(?:,|$)/.exec(query.get('fieldSelector') ?? '');
  return match?.[1] ?? '';
}

/** Reads method, path and query as the API's paths are built: /api/v1/… and /apis/GROUP/VERSION/…. */
export function requestInfo(method: Method, path: string, query: Query): RequestInfo {
  const parts = path.split('/');
  if (parts[parts.length - 1] === '') parts.pop();
  const legacy = parts[1] === 'api';
  if ((!legacy && parts[1] !== 'apis') || parts.length < (legacy ? 4 : 5)) return nonResource(method, path);
  let at = legacy ? 3 : 4;
  const group = legacy ? '' : (parts[2] as string);
  const version = parts[at - 1] as string;
  let verb = verbs[method];
  if (parts[at] === 'watch' && parts.length > at + 1) {
    verb = 'watch';
    at += 1;
  }
  let namespace = '';
  if (parts[at] === 'namespaces' && parts.length > at + 1) {
    namespace = parts[at + 1] as string;
    if (parts.length > at + 2 && !namespaceSubresources.has(parts[at + 2] as string)) at += 2;
  }
  const resource = parts[at] ?? '';
  let name = parts[at + 1] ?? '';
  const subresource = parts[at + 2] ?? '';
  const rest = parts.length > at + 3 ? `/${parts.slice(at + 3).join('/')}${path.endsWith('/') ? '/' : ''}` : path.endsWith('/') && subresource !== '' ? '/' : '';
  if (name === '' && verb === 'get') verb = query.flag('watch') ? 'watch' : 'list';
  if (name === '' && verb === 'delete') verb = 'deletecollection';
  if (name === '' && (verb === 'list' || verb === 'watch' || verb === 'deletecollection')) name = pinnedName(query);
  return { path, verb, isResource: true, group, version, resource, subresource, namespace, name, rest, overlong: rest !== '' && subresource !== 'proxy' };
}
