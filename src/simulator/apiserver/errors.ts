import { failure, type StatusCause, StatusError } from '../api';
import type { FieldError } from './field';

/** What a resource is called in messages and details: deployments.apps, pods. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** pods, deployments.apps */
export const qualifiedResource = ({ group, resource }: GroupResource): string => (group === '' ? resource : `${resource}.${group}`);

/** A Go %q of a text as far as names and messages need it. */
export const quote = (text: string): string => JSON.stringify(text);

const detailsOf = ({ group, resource }: GroupResource, name: string) => ({ ...(name !== '' && { name }), ...(group !== '' && { group }), kind: resource });

/** 404: the object is not there. */
export const notFound = (resource: GroupResource, name: string): StatusError =>
  failure(404, 'NotFound', `${qualifiedResource(resource)} ${quote(name)} not found`, detailsOf(resource, name));

/** 409: create over an existing object; `prefix` tells of one being deleted. */
export const alreadyExists = (resource: GroupResource, name: string, prefix = ''): StatusError =>
  failure(409, 'AlreadyExists', `${prefix}${qualifiedResource(resource)} ${quote(name)} already exists`, detailsOf(resource, name));

/** 409: something about the stored object is not as the request wants it. */
export const conflict = (resource: GroupResource, name: string, message: string): StatusError =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${qualifiedResource(resource)} ${quote(name)}: ${message}`, detailsOf(resource, name));

/** The 409 of a stale resourceVersion. */
export const modified = (resource: GroupResource, name: string): StatusError =>
  conflict(resource, name, 'the object has been modified; please apply your changes to the latest version and try again');

/** 403 with the words of authorisation or of a plugin. */
export const forbidden = (resource: GroupResource, name: string, message: string): StatusError =>
  failure(403, 'Forbidden', `${qualifiedResource(resource)}${name === '' ? '' : ` ${quote(name)}`} is forbidden: ${message}`, detailsOf(resource, name));

/** 400 */
export const badRequest = (message: string): StatusError => failure(400, 'BadRequest', message);

/** 500 without a reason: an error that the real server's code did not expect. */
export const unexpected = (message: string): StatusError => failure(500, undefined, message);

/** 500 with the reason InternalError. */
export const internalError = (message: string): StatusError =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

/** 405 */
export const methodNotAllowed = (): StatusError => failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** 405 for an operation that the resource's storage cannot do. */
export const methodNotSupported = (resource: GroupResource, action: string): StatusError =>
  failure(405, 'MethodNotAllowed', `${action} is not supported on resources of kind "${qualifiedResource(resource)}"`, detailsOf(resource, ''));

/** 404 for a path that names no resource. */
export const noSuchResource = (): StatusError => failure(404, 'NotFound', 'the server could not find the requested resource', {});

/** 410: the revision is no longer known. */
export const expired = (message: string): StatusError => failure(410, 'Expired', message);

/** 401 */
export const unauthorized = (): StatusError => failure(401, 'Unauthorized', 'Unauthorized');

/** 504 for a revision that is not there yet. */
export const tooLargeResourceVersion = (wanted: number, current: number): StatusError =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** 422 with its causes; message lists each distinct error once, as Go's error aggregates do. */
export function invalid(group: string, kind: string, name: string, errors: readonly FieldError[]): StatusError {
  const causes: StatusCause[] = errors.map(({ type, field, message }) => ({ reason: type, message, field: field === '' ? '[]' : field }));
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const list = texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`;
  const qualified = group === '' ? kind : `${kind}.${group}`;
  return failure(422, 'Invalid', `${qualified} ${quote(name)} is invalid: ${list}`, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    ...(kind !== '' && { kind }),
    causes,
  });
}

/** 422 of a request's own options (ListOptions, DeleteOptions …). */
export const invalidOptions = (kind: string, errors: readonly FieldError[]): StatusError => invalid('meta.k8s.io', kind, '', errors);
