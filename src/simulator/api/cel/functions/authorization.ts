import type { CelObject } from '../values';
import { type Library, method } from './function';

const own = (name: string): string => `kubernetes.authorization.${name}`;
const [authorizer, path, group, resource, decision] = ['Authorizer', 'PathCheck', 'GroupCheck', 'ResourceCheck', 'Decision'].map(own) as [string, string, string, string, string];

/** The host's object answers. */
const ask = (name: string) => (object: CelObject, ...args: unknown[]) => object.call(name, args);
const asks = (name: string, params: string, result: string) => method(params, result, ask(name));

/** What may be asked of the authorizer (KEP-3488). */
export const authorization: Library = {
  path: [asks('path', `${authorizer} string`, path)],
  group: [asks('group', `${authorizer} string`, group)],
  serviceAccount: [asks('serviceAccount', `${authorizer} string string`, authorizer)],
  resource: [asks('resource', `${group} string`, resource)],
  subresource: [asks('subresource', `${resource} string`, resource)],
  namespace: [asks('namespace', `${resource} string`, resource)],
  name: [asks('name', `${resource} string`, resource)],
  fieldSelector: [asks('fieldSelector', `${resource} string`, resource)],
  labelSelector: [asks('labelSelector', `${resource} string`, resource)],
  check: [asks('check', `${path} string`, decision), asks('check', `${resource} string`, decision)],
  errored: [asks('errored', decision, 'bool')],
  error: [asks('error', decision, 'string')],
  allowed: [asks('allowed', decision, 'bool')],
  reason: [asks('reason', decision, 'string')],
};
