import { apiVersionOf, type ApiResponse, DecodeError, decodeValue, failure, type GroupVersionKind, isJsonObject, kindOfValue, type KubeObject, type Scale, type TypeSchema } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, conflict, invalid, invalidOptions } from '../errors';
import type { Draft } from '../resources/definition';
import type { CustomServing } from '../served';
import { scaled, scaleKind, scaleOf, scaleType } from '../subresources/scale-object';
import { managedScale } from '../subresources/scale-managers';
import { applyObject } from './apply';
import { appliedScale } from './apply-scale';
import { mediaTypeOf } from './body';
import { ConversionError, converted } from './converted';
import { finish, kindProblem, setDefaults, statusOf } from './decode';
import { anomaly, noteEmpties, plainCopy, statusCopy } from './draft';
import { dedupeOwners } from './metadata';
import { writeOptions, type WriteRequestOptions } from './options';
import { applyPatch, type PatchKind, quotedPatch, type ReadPatch, readPatch } from './patch-document';
import { updateObject } from './update';
import { kindOf, matchNamespace, writeRequest } from './write-request';

const kinds: Readonly<Record<string, PatchKind | 'apply'>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** The kind of patch that a request carries. Throws a 415. */
function kindOfPatch(call: ResourceCall): PatchKind | 'apply' {
  const kind = kinds[mediaTypeOf(call.request)];
  if (kind === 'strategic' && call.served.custom) {
    throw failure(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml');
  }
  if (kind === undefined) throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  return kind;
}

function patchOptions(call: ResourceCall, kind: PatchKind | 'apply'): WriteRequestOptions {
  const options = writeOptions(call.query, 'PatchOptions');
  if (kind === 'apply') {
    if (options.fieldManager === '') throw invalidOptions('PatchOptions', [{ type: 'FieldValueRequired', field: 'fieldManager', message: 'Required value: is required for apply patch' }]);
  } else if (options.force !== undefined) {
    throw invalidOptions('PatchOptions', [{ type: 'FieldValueForbidden', field: 'force', message: 'Forbidden: may not be specified for non-apply patch' }]);
  }
  return options;
}

/** PATCH of an object or one of its subresources. */
export function* answerPatch(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const kind = kindOfPatch(call);
  const options = patchOptions(call, kind);
  const write = writeRequest(call, options);
  if (kind === 'apply') {
    const { object, created } = yield* applyObject(server, call, write);
    return { status: created ? 201 : 200, body: object };
  }
  const patch = readPatch(kind, call.request.body);
  const { served } = call;
  const make = (existing: KubeObject): Draft => {
    const shared = statusOf(served, call.info.subresource, existing);
    const draft = served.custom
      ? patchedCustom(patch, served.custom, served.info.type, existing, options, call.warnings)
      : patchedDraft(patch, served.info.type, kindOf(served), existing, options, call.warnings, shared);
    matchNamespace(draft, call.namespace);
    checkName(draft, call);
    setDefaults(served, draft, shared);
    return draft;
  };
  const { object } = yield* updateObject(server, write, { make, patch: true });
  return { status: 200, body: object };
}

/** PATCH of the scale subresource: the patch is for the Scale, the change for the object. */
export function* patchedScale(server: ServerParts, call: ResourceCall): Task<Scale> {
  const kind = kindOfPatch(call);
  const options = patchOptions(call, kind);
  const write = writeRequest(call, options);
  if (kind === 'apply') return yield* appliedScale(server, call, write);
  const { served } = call;
  const patch = readPatch(kind, call.request.body);
  const make = (existing: KubeObject): Draft => {
    const draft = patchedDraft(patch, scaleType(), scaleKind, managedScale(served, existing), options, call.warnings);
    matchNamespace(draft, call.namespace);
    checkName(draft, call);
    checkScaleUid(draft, existing, call);
    dedupeOwners(draft, call.warnings, ' after mutating admission happens');
    return scaled(served, existing, draft as unknown as Scale);
  };
  const { object } = yield* updateObject(server, write, { make, strategy: served.definition, patch: true });
  return scaleOf(served, object);
}

/** A patch of a scale that names another object than the one there is. */
function checkScaleUid({ metadata }: Draft, existing: KubeObject, { served: { info }, info: { name } }: ResourceCall): void {
  const uid = metadata['uid'] as string | undefined;
  const own = existing.metadata?.uid;
  if (uid !== undefined && uid !== own) throw conflict({ group: info.group, resource: `${info.resource}/scale` }, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${own}`);
}

function checkName({ metadata }: Draft, { info }: ResourceCall): void {
  const name = (metadata['name'] as string | undefined) ?? '';
  if (name === '') throw badRequest(`the name of the object (${info.name} based on URL) was undeterminable: name must be provided`);
  if (name !== info.name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
}

/** The existing object with the patch applied, decoded. Throws the 422 that quotes patch or result. */
function patchedDraft(patch: ReadPatch, type: TypeSchema, wanted: GroupVersionKind, existing: object, options: WriteRequestOptions, warnings: Set<string>, shared?: object): Draft {
  const patched = applyPatch(patch, type, existing);
  const refuse = (problem: string) =>
    invalid('', '', '', [{ type: 'FieldValueInvalid', field: 'patch', message: `Invalid value: ${JSON.stringify(quotedPatch(patch, type, existing, patched))}: ${problem}` }]);
  if (!isJsonObject(patched)) throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  if (patch.kind !== 'strategic' && !isOfVersion(patched, wanted, refuse)) return unversioned(patched, options, warnings, refuse);
  const plain = shared ? statusCopy(type, patched, shared) : plainCopy(type, patched);
  if (plain !== anomaly) return finish(type, plain, wanted, patched);
  try {
    const { object, strictErrors: found, empties } = decodeValue(type, patch.kind === 'strategic' ? converted(type, patched) : patched, undefined, true);
    if (empties) noteEmpties(object);
    const strictErrors = patch.kind === 'strategic' ? [...found].sort() : found;
    if (strictErrors.length > 0 && options.fieldValidation === 'Strict') throw refuse(`strict decoding error: ${strictErrors.join(', ')}`);
    if (options.fieldValidation === 'Warn') for (const warning of strictErrors) warnings.add(warning);
    return finish(type, object, wanted, patched);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof ConversionError) throw refuse(error.message);
    throw error;
  }
}

function patchedCustom(patch: ReadPatch, custom: CustomServing, type: TypeSchema, existing: object, options: WriteRequestOptions, warnings: Set<string>): Draft {
  const patched = applyPatch(patch, type, existing);
  const refuse = (problem: string) => invalid('', '', '', [{ type: 'FieldValueInvalid', field: 'patch', message: `Invalid value: ${JSON.stringify(quotedPatch(patch, type, existing, patched))}: ${problem}` }]);
  if (!isJsonObject(patched)) throw refuse('json: cannot unmarshal into Go value');
  const unknown: string[] = [];
  const draft = custom.shape(patched, unknown);
  if (unknown.length > 0 && options.fieldValidation === 'Strict') throw refuse(`strict decoding error: ${unknown.join(', ')}`);
  if (options.fieldValidation === 'Warn') for (const warning of unknown) warnings.add(warning);
  return draft;
}

/** Checks the kind that a patched document says to be of; what it leaves out is taken as said. False when it names no version. */
function isOfVersion(patched: Readonly<Record<string, unknown>>, wanted: GroupVersionKind, refuse: (problem: string) => Error): boolean {
  for (const field of ['apiVersion', 'kind']) {
    const value = patched[field] ?? '';
    if (typeof value !== 'string') throw refuse(`couldn't get version/kind; json parse error: json: cannot unmarshal ${kindOfValue(value)} into Go struct field .${field} of type string`);
  }
  const [apiVersion, kind] = [(patched['apiVersion'] ?? '') as string, (patched['kind'] ?? '') as string];
  if (apiVersion === '') return false;
  if (apiVersion.split('/').length > 2) throw refuse(`unexpected GroupVersion string: ${apiVersion}`);
  const version = apiVersionOf(wanted.group, wanted.version);
  if (apiVersion !== version || (kind !== '' && kind !== wanted.kind)) throw refuse(kindProblem({ apiVersion, kind: kind === '' ? wanted.kind : kind }, wanted, patched));
  return true;
}

/** A document without a version is one of the server's own types, whose fields have other names: nothing of it is known. */
function unversioned(patched: Readonly<Record<string, unknown>>, options: WriteRequestOptions, warnings: Set<string>, refuse: (problem: string) => Error): Draft {
  const unknown = Object.keys(patched).filter((name) => name !== 'apiVersion' && name !== 'kind' && patched[name] !== undefined).sort().map((name) => `unknown field ${JSON.stringify(name)}`);
  if (unknown.length > 0 && options.fieldValidation === 'Strict') throw refuse(`strict decoding error: ${unknown.join(', ')}`);
  if (options.fieldValidation === 'Warn') for (const warning of unknown) warnings.add(warning);
  return { metadata: {} };
}
