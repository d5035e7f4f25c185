import { type Applied, applyConfiguration, apiVersionOf, ConflictError, convertUnstructured, DecodeError, decodeValue, doubleKeys, failure, type GroupVersionKind, isJsonObject, JsonError, type KubeObject, parseJson, parseYaml, plainJson, TypedError, type TypeSchema, UntypableError, type WriteIdentity, YamlError } from '../../api';
import { utf8Decode } from '../../kernel';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, conflict, modified, unexpected } from '../errors';
import type { Draft } from '../resources/definition';
import { finish } from './decode';
import { noteEmpties } from './draft';
import { identityOf } from './managed-fields';
import { updateObject } from './update';
import { kindOf, matchNamespace, type WriteRequest } from './write-request';

/** A part of an object, as its applier wants it. */
export type Config = Readonly<Record<string, unknown>> & { readonly metadata?: Readonly<Record<string, unknown>> };

/** PATCH with application/apply-patch+yaml: server-side apply (kubernetes.io: Server-Side Apply). */
export function* applyObject(server: ServerParts, call: ResourceCall, write: WriteRequest): Task<{ object: KubeObject; created: boolean }> {
  const config = readConfig(call, kindOf(write.served));
  const make = (existing: KubeObject | undefined): Draft => appliedDraft(server, call, write, config, existing);
  const create = (): Draft => {
    const draft = make(undefined);
    if ((config.metadata?.['name'] ?? '') === '') throw badRequest(`the name of the object (${write.name} based on URL) was undeterminable: name must be provided`);
    const version = config.metadata?.['resourceVersion'];
    if (typeof version === 'string' && version !== '') checkVersion(write, version, undefined);
    return draft;
  };
  return yield* updateObject(server, write, { make, ...(write.subresource === '' && { create }), keepsManagedFields: true, patch: true });
}

/** The configuration that a request applies. Throws a 400 for what is none of this kind. */
export function readConfig(call: ResourceCall, { group, version, kind }: GroupVersionKind): Config {
  const value = readYaml(call.request.body);
  if (!isJsonObject(value)) throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`);
  const said = (field: string): string => (typeof value[field] === 'string' ? value[field] : '');
  const given = { apiVersion: said('apiVersion'), kind: said('kind') };
  if (given.apiVersion !== apiVersionOf(group, version) || given.kind !== kind) {
    const [givenGroup, givenVersion] = given.apiVersion.includes('/') ? given.apiVersion.split('/') : ['', given.apiVersion];
    throw badRequest(`invalid object type: ${givenGroup}/${givenVersion}, Kind=${given.kind}`);
  }
  const metadata = (isJsonObject(value['metadata']) ? value['metadata'] : {}) as Readonly<Record<string, unknown>>;
  if (metadata['managedFields'] !== undefined && metadata['managedFields'] !== null) throw badRequest('metadata.managedFields must be nil');
  return value as Config;
}

function readYaml(body: unknown): unknown {
  if (!(body instanceof Uint8Array) && body !== undefined) return body;
  const text = utf8Decode(body ?? new Uint8Array());
  try {
    return plainJson(text.trimStart().startsWith('{') ? parsedJson(text) : parseYaml(text));
  } catch (error) {
    if (error instanceof YamlError) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    throw error;
  }
}

/** JSON is YAML; what is not quite JSON may still be YAML. */
function parsedJson(text: string): unknown {
  try {
    return parseJson(text).value;
  } catch (error) {
    if (error instanceof JsonError) return parseYaml(text);
    throw error;
  }
}

function appliedDraft(server: ServerParts, call: ResourceCall, write: WriteRequest, config: Config, existing: KubeObject | undefined): Draft {
  const { served } = write;
  const wanted = kindOf(served);
  const { object, managedFields } = applied(served.info.type, wanted, config, existing, { ...identityOf(server, write), force: write.options.force === true });
  const version = config.metadata?.['resourceVersion'];
  reportDoubleKeys(call, write);
  const draft = served.custom ? served.custom.shape(object, []) : decodedAs(served.info.type, wanted, converted(served.info.type, wanted, config, object));
  const uid = config.metadata?.['uid'];
  if (existing === undefined && typeof uid === 'string' && uid !== '') throw conflict(served.info, write.name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
  matchNamespace(draft, call.namespace);
  draft.metadata['name'] ??= write.name;
  if (draft.metadata['name'] !== write.name) throw badRequest(`the name of the object (${String(draft.metadata['name'])}) does not match the name on the URL (${write.name})`);
  if (existing === undefined) for (const field of ['uid', 'resourceVersion']) delete draft.metadata[field];
  if (existing !== undefined && typeof version === 'string' && version !== '') checkVersion(write, version, existing.metadata?.resourceVersion);
  served.definition.applyDefaults?.(draft);
  if (managedFields === undefined) delete draft.metadata['managedFields'];
  else draft.metadata['managedFields'] = managedFields;
  return draft;
}

/** Checks the version that a configuration says to be of. */
function checkVersion({ served, name }: WriteRequest, version: string, stored: string | undefined): void {
  if (!/^\d+$/.test(version)) throw unexpected(`strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  if (stored !== undefined && Number(version) !== 0 && version !== stored) throw modified(served.info, name);
}

/** Keys that the configuration sets twice: refused or warned of, as the client wishes; only once the rest has been found right. */
function reportDoubleKeys({ request: { body } }: ResourceCall, { options: { fieldValidation }, warnings }: WriteRequest): void {
  if (fieldValidation === 'Ignore' || !(body instanceof Uint8Array)) return;
  const text = utf8Decode(body);
  if (isCleanJson(text)) return;
  const found = doubleKeys(text);
  if (found.length > 0 && fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n${found.map((line) => `  ${line}`).join('\n')}`);
  for (const line of found) warnings.add(line);
}

/** Most configurations are JSON without double keys: they need no second look. */
function isCleanJson(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    return parseJson(text).duplicates === undefined;
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}

const subjectOf = ({ namespace, name }: { readonly namespace?: unknown; readonly name?: unknown }): string => [namespace, name].map((one) => (typeof one === 'string' ? one : '')).join('/');

/** What applying gave, with values of its kind. Throws the 500 of what cannot have them, which names what was applied. */
function converted(type: TypeSchema, { group, version, kind }: GroupVersionKind, config: Config, object: Config): Config {
  try {
    return convertUnstructured(type, object);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const what = `${group}/${version}, Kind=${kind}`;
    throw unexpected(`failed to convert new object (${subjectOf(config.metadata ?? {})}; ${what}) to proper version: unable to convert unstructured object to ${what}: ${error.message}`);
  }
}

const textOf = (object: object | undefined, field: 'namespace' | 'name'): string => (object as KubeObject | undefined)?.metadata?.[field] ?? '';

/** Server-side apply to an object or a part of one (a Scale). Throws the 409 of conflicts and the 500 of what does not fit the schema. */
export function applied(type: TypeSchema, { group, version, kind }: GroupVersionKind, config: Config, existing: object | undefined, write: WriteIdentity & { readonly force: boolean }): Applied {
  try {
    return applyConfiguration(type, existing as Config | undefined, config, write);
  } catch (error) {
    if (error instanceof ConflictError) {
      throw failure(409, 'Conflict', error.message, { causes: error.conflicts.map(({ field, message }) => ({ reason: 'FieldManagerConflict', message, field })) });
    }
    if (error instanceof UntypableError) throw unexpected(`failed to create manager for existing fields: failed to convert new object (${textOf(existing, 'namespace')}/${textOf(existing, 'name')}; ${group}/${version}, Kind=${kind}) to smd typed: ${error.message}`);
    if (!(error instanceof TypedError)) throw error;
    throw unexpected(`failed to create typed patch object (${subjectOf(config.metadata ?? {})}; ${group}/${version}, Kind=${kind}): ${error.message}`);
  }
}

/** What applying gave, as an object of its kind. Throws a 400. */
export function decodedAs(type: TypeSchema, wanted: GroupVersionKind, object: object): Draft {
  try {
    const { object: draft, empties } = decodeValue(type, object, undefined, true);
    if (empties) noteEmpties(draft);
    return finish(type, draft, wanted);
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${wanted.kind} in version "${wanted.version}" cannot be handled as a ${wanted.kind}: ${error.message}`);
    throw error;
  }
}
