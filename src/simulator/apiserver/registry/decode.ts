import { apiVersionOf, applySchemaDefaults, DecodeError, decodeValue, type GroupVersionKind, type KubeObject, parseApiVersion, type ParsedJson, resourceForKind, typeForKind, type TypeSchema } from '../../api';
import { badRequest } from '../errors';
import { internalPackage } from '../internal-package';
import type { Draft } from '../resources/definition';
import type { ServedResource } from '../served';
import { decodeCustom } from '../customresources/decode';
import type { RequestBody } from './body';
import { anomaly, noteEmpties, plainCopy, statusCopy } from './draft';
import type { WriteRequestOptions } from './options';
import { reportStrict } from './strict';

const scheme = 'in scheme "pkg/runtime/scheme.go:111"';

/** Checks that an object says to be of the wanted kind; what it leaves out is taken as said. */
function checkKind(object: { readonly apiVersion?: unknown; readonly kind?: unknown }, wanted: GroupVersionKind): void {
  const wantedVersion = apiVersionOf(wanted.group, wanted.version);
  const { apiVersion, kind } = object as { apiVersion?: string; kind?: string };
  const given = { apiVersion: apiVersion || wantedVersion, kind: kind || wanted.kind };
  if (given.apiVersion === wantedVersion && given.kind === wanted.kind) return;
  const { group, version } = parseApiVersion(given.apiVersion);
  if (given.kind === wanted.kind && group === wanted.group && resourceForKind({ group, version, kind: given.kind })) {
    throw badRequest(`the API version in the data (${given.apiVersion}) does not match the expected API version (${wantedVersion})`);
  }
  throw badRequest(`${given.kind} in version ${JSON.stringify(version)} cannot be handled as a ${wanted.kind}: ${kindProblem(given, wanted, object)}`);
}

/** The type of a kind that stands alone: neither a part of an object nor a reference to one. */
function typeOfKind(kind: GroupVersionKind): TypeSchema | undefined {
  const type = typeForKind(kind);
  return type?.fields.has('kind') && type.fields.has('apiVersion') && !type.fields.has('name') ? type : undefined;
}

/** Why an object that says to be of one kind is not of another: it is first read as what it says to be. */
export function kindProblem(given: { readonly apiVersion: string; readonly kind: string }, wanted: GroupVersionKind, object: object): string {
  const { group, version } = parseApiVersion(given.apiVersion);
  const type = typeOfKind({ group, version, kind: given.kind });
  if (type === undefined) return `no kind ${JSON.stringify(given.kind)} is registered for version ${JSON.stringify(apiVersionOf(group, version))} ${scheme}`;
  try {
    decodeValue(type, object);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  return `converting (${version}.${given.kind}) to (${internalPackage(wanted.group)}.${wanted.kind}): unknown conversion`;
}

/** A private mutable copy of a request's object as one of this type, with apiVersion, kind and the schema's defaults; shares with `stored`, if given, as statusCopy does. Throws a 400. */
export function decodeDraft(type: TypeSchema, { value, parsed }: RequestBody, wanted: GroupVersionKind, options: WriteRequestOptions, warnings: Set<string>, stored?: object): Draft {
  checkKind(value, wanted);
  const draft = parsed !== undefined ? anomaly : stored === undefined ? plainCopy(type, value) : statusCopy(type, value, stored);
  const made = draft === anomaly ? slowly(type, value, parsed, wanted, options, warnings) : draft;
  return finish(type, made, wanted, value);
}

/** An empty list of managed fields is not as good as none: it takes all owners away (kubernetes.io: clearing managedFields). */
function forgetsOwners(source: object | undefined): boolean {
  const fields = (source as { readonly metadata?: { readonly managedFields?: unknown } | null } | undefined)?.metadata?.managedFields;
  return Array.isArray(fields) && fields.length === 0;
}

/** Puts in what a decoded object always has. */
export function finish(type: TypeSchema, draft: Record<string, unknown>, wanted: GroupVersionKind, source?: object): Draft {
  draft['kind'] = wanted.kind;
  draft['apiVersion'] = apiVersionOf(wanted.group, wanted.version);
  draft['metadata'] ??= {};
  if (forgetsOwners(source)) (draft['metadata'] as Record<string, unknown>)['managedFields'] = [];
  applySchemaDefaults(type, draft);
  return draft as Draft;
}

function slowly(type: TypeSchema, value: object, parsed: ParsedJson | undefined, wanted: GroupVersionKind, options: WriteRequestOptions, warnings: Set<string>): Record<string, unknown> {
  try {
    const { object, strictErrors, empties } = decodeValue(type, value, parsed, true);
    if (empties) noteEmpties(object);
    reportStrict(strictErrors, wanted, options, warnings);
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${wanted.kind} in version "${wanted.version}" cannot be handled as a ${wanted.kind}: ${error.message}`);
    throw error;
  }
}

/** The object whose parts a write of its status may share; undefined for other writes, and where defaults could change a part. */
export const statusOf = ({ definition }: ServedResource, subresource: string, stored: KubeObject | undefined): KubeObject | undefined =>
  subresource === 'status' && definition.defaultsSpecAlone ? stored : undefined;

/** Sets the resource's defaults, unless there is nothing but what `shared`, a stored object, has had set already. */
export function setDefaults({ definition }: ServedResource, draft: Draft, shared: KubeObject | undefined): void {
  if (shared === undefined || draft['spec'] !== (shared as { readonly spec?: unknown }).spec) definition.applyDefaults?.(draft);
}

/** Reads a request's object as one of the resource's kind. `stored`: what it may share parts with. Throws a 400. */
export function decodeObject(served: ServedResource, body: RequestBody, options: WriteRequestOptions, warnings: Set<string>, stored?: object): Draft {
  const { info, custom } = served;
  const wanted = { group: info.group, version: info.version, kind: info.kind };
  if (!custom) return decodeDraft(info.type, body, wanted, options, warnings, stored);
  return decodeCustom(custom, body, wanted, options, warnings);
}
