import { apiVersionOf, type GroupVersionKind, parseApiVersion, resourceForKind, typeForKind, type TypeSchema } from '../../api';
import { badRequest } from '../errors';
import type { Draft } from '../resources/definition';
import { anomaly, plainCopy } from './draft';
import type { WriteRequestOptions } from './options';

/** The Go package in which the server keeps a group's internal types, as conversion errors name it. */
const internalPackage = (group: string): string => (group === '' ? 'core' : (group.split('.')[0] as string));

const scheme = 'in scheme "pkg/runtime/scheme.go:111"';

/** Checks that an object says to be of the wanted kind; what it leaves out is taken as said. */
export function checkKind(object: { readonly apiVersion?: unknown; readonly kind?: unknown }, wanted: GroupVersionKind): void {
  const wantedVersion = apiVersionOf(wanted.group, wanted.version);
  const { apiVersion = '', kind = '' } = object as { apiVersion?: string; kind?: string };
  const given = { apiVersion: apiVersion === '' ? wantedVersion : apiVersion, kind: kind === '' ? wanted.kind : kind };
  if (given.apiVersion === wantedVersion && given.kind === wanted.kind) return;
  const { group, version } = parseApiVersion(given.apiVersion);
  const prefix = `${given.kind} in version "${wanted.version}" cannot be handled as a ${wanted.kind}`;
  if (given.kind === wanted.kind && group === wanted.group && resourceForKind({ group, version, kind: given.kind })) {
    throw badRequest(`the API version in the data (${given.apiVersion}) does not match the expected API version (${wantedVersion})`);
  }
  if (typeForKind({ group, version, kind: given.kind }) !== undefined && resourceForKind({ group, version, kind: given.kind })) {
    throw badRequest(`${given.kind} in version "${version}" cannot be handled as a ${wanted.kind}: converting (${version}.${given.kind}) to (${internalPackage(wanted.group)}.${wanted.kind}): unknown conversion`);
  }
  throw badRequest(`${prefix.replace(`"${wanted.version}"`, `"${version}"`)}: no kind "${given.kind}" is registered for version "${given.apiVersion}" ${scheme}`);
}

/** A private mutable copy of a request's object as one of this type, with apiVersion and kind. Throws a 400. */
export function decodeDraft(type: TypeSchema, body: unknown, wanted: GroupVersionKind, _options: WriteRequestOptions, _warnings: Set<string>): Draft {
  if (typeof body !== 'object' || body === null) throw badRequest(`the object provided is unrecognized (must be of type ${wanted.kind}): couldn't get version/kind; json parse error: unexpected end of JSON input ()`);
  checkKind(body, wanted);
  const copy = plainCopy(type, body);
  if (copy === anomaly) throw badRequest(`${wanted.kind} in version "${wanted.version}" cannot be handled as a ${wanted.kind}: it does not decode`);
  copy['kind'] = wanted.kind;
  copy['apiVersion'] = apiVersionOf(wanted.group, wanted.version);
  copy['metadata'] ??= {};
  return copy as Draft;
}
