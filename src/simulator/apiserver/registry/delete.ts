import type { CustomResourceDefinition, KubeObject, Status } from '../../api';
import type { KeyValue } from '../../etcd';
import { formatTime, seconds, type Task, type Time } from '../../kernel';
import { definitionFinalizer } from '../customresources/controller';
import { strategyContext, type ServerParts } from '../call';
import { conflict, modified, notFound, unexpected } from '../errors';
import type { Draft } from '../resources/definition';
import type { ServedResource } from '../served';
import { mutate, validate } from './admit';
import type { DeletionOptions } from './delete-options';
import { withResourceVersion } from '../storage/change';
import { askedForm } from './stored';
import { markDeleted, namespaceFinalizers } from './update';
import { admissionSubject, type WriteRequest } from './write-request';

/** Resources whose delete answers with the object rather than with a Status. */
const answersWithObject = new Set(['pods', 'services', 'serviceaccounts', 'namespaces', 'persistentvolumes', 'persistentvolumeclaims', 'podtemplates', 'resourcequotas', 'volumeattachments', 'storageclasses', 'csidrivers', 'csinodes', 'podsecuritypolicies', 'deviceclasses', 'resourceclaims', 'resourceclaimtemplates', 'resourceslices']);
/** Resources whose dependents stay unless the client says otherwise. */
const orphansByDefault = new Set(['replicationcontrollers', 'jobs.batch']);

const isNamespace = ({ info }: ServedResource) => info.group === '' && info.resource === 'namespaces';

/** What became of a deleted object: gone, or marked and still there for finalizers or its grace period. */
export interface Deletion {
  readonly object: KubeObject;
  readonly gone: boolean;
}

const attemptLimit = 20;

/** Deletes an object, or begins to. Admission hears no name where a whole collection is deleted. */
export function* deleteObject(server: ServerParts, write: WriteRequest, options: DeletionOptions, nameForAdmission = write.name): Task<Deletion> {
  const storage = write.served.storage;
  if (storage === undefined) throw unexpected('the resource is not stored');
  for (let attempt = 1; attempt <= attemptLimit; attempt++) {
    const entry = storage.entry(write.namespace, write.name);
    if (entry === undefined) throw notFound(write.served.info, write.name);
    checkPreconditions(write.served, entry, options);
    const subject = admissionSubject(write, 'DELETE', nameForAdmission);
    const old = write.served.conversion ? yield* askedForm(write.served, entry.value as KubeObject) : (entry.value as KubeObject);
    yield* mutate(server, subject, undefined, old);
    yield* validate(server, subject, undefined, old);
    const outcome = yield* attemptDelete(server, write, options, entry);
    if (outcome !== undefined) return outcome;
  }
  throw modified(write.served.info, write.name);
}

function checkPreconditions({ info }: ServedResource, entry: KeyValue, { uid, resourceVersion }: DeletionOptions): void {
  const { metadata } = entry.value as KubeObject;
  const kind = { group: info.group, resource: info.kind };
  const name = metadata?.name ?? '';
  if (info.group === '' && info.resource === 'namespaces') return checkNamespace(info, name, metadata, { uid, resourceVersion });
  if (uid !== undefined && uid !== metadata?.uid) {
    throw conflict(kind, name, `the UID in the precondition (${uid}) does not match the UID in record (${metadata?.uid}). The object might have been deleted and then recreated`);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata?.resourceVersion) {
    throw conflict(kind, name, `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata?.resourceVersion}). The object might have been modified`);
  }
}

/** Namespaces look at preconditions themselves. */
function checkNamespace(info: ServedResource['info'], name: string, metadata: KubeObject['metadata'], wanted: Pick<DeletionOptions, 'uid' | 'resourceVersion'>): void {
  for (const [field, shown] of [['uid', 'UID'], ['resourceVersion', 'ResourceVersion']] as const) {
    if (wanted[field] !== undefined && wanted[field] !== metadata?.[field]) throw conflict(info, name, `Precondition failed: ${shown} in precondition: ${wanted[field]}, ${shown} in object meta: ${metadata?.[field]}`);
  }
}

/** The finalizers that the propagation policy leaves on the object. */
function finalizersFor(write: WriteRequest, options: DeletionOptions, finalizers: readonly string[]): readonly string[] {
  const { info } = write.served;
  if (info.resource === 'events') return finalizers; // the garbage collector does not look at them
  const has = (finalizer: string) => finalizers.includes(finalizer);
  const byDefault = orphansByDefault.has(info.group === '' ? info.resource : `${info.resource}.${info.group}`) ? 'Orphan' : 'Background';
  const policy = options.propagationPolicy ?? (has('orphan') ? 'Orphan' : has('foregroundDeletion') ? 'Foreground' : byDefault);
  const rest = finalizers.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  if (policy === 'Orphan') return has('orphan') && !has('foregroundDeletion') ? finalizers : [...rest, 'orphan'];
  if (policy === 'Foreground') return has('foregroundDeletion') && !has('orphan') ? finalizers : [...rest, 'foregroundDeletion'];
  return rest.length === finalizers.length ? finalizers : rest;
}

function* attemptDelete(server: ServerParts, write: WriteRequest, options: DeletionOptions, entry: KeyValue): Task<Deletion | undefined> {
  const stored = entry.value as KubeObject;
  const { definition } = write.served;
  const draft = { ...stored, metadata: { ...stored.metadata } } as unknown as Draft;
  const grace = definition.prepareForDelete?.(draft, options.gracePeriodSeconds, strategyContext(server, write, options.dryRun)) ?? 0;
  const before = stored.metadata?.finalizers ?? [];
  const isDefinition = write.served.info.resource === 'customresourcedefinitions' && stored.metadata?.deletionTimestamp === undefined;
  const kept = finalizersFor(write, options, before);
  const finalizers = isDefinition && !kept.includes(definitionFinalizer) ? [...kept, definitionFinalizer] : kept;
  const already = stored.metadata?.deletionTimestamp !== undefined;
  const beforeGrace = stored.metadata?.deletionGracePeriodSeconds ?? 0;
  const waits = finalizers.length > 0 || grace > 0 || namespaceFinalizers(write.served, stored).length > 0;
  if (waits) {
    const shortened = already && grace < beforeGrace;
    if (already && !shortened && finalizers === before) return { object: stored, gone: false };
    const at = server.kernel.now + seconds(grace);
    if (options.dryRun) return { object: already && !shortened ? { ...stored, metadata: { ...stored.metadata, finalizers } } : wouldBe(write.served, stored, finalizers, grace, at), gone: false };
    const object = yield* already && !shortened
      ? replaceFinalizers(server, entry, finalizers)
      : markDeleted(server, entry, grace, at, (marked) => {
          if (finalizers !== before) setFinalizers(marked, finalizers);
          if (isDefinition) marked['status'] = terminating(marked['status'] as DefinitionStatus | undefined, server.kernel.now);
          if (isNamespace(write.served)) delete marked.metadata['deletionGracePeriodSeconds'];
          if (isNamespace(write.served)) marked['status'] = { ...(marked['status'] as object | undefined), phase: 'Terminating' };
          if (typeof marked.metadata['generation'] === 'number' && marked.metadata['generation'] > 0 && !already && !isNamespace(write.served)) marked.metadata['generation'] += 1;
        });
    return object && { object, gone: false };
  }
  const removed = options.dryRun ? { object: stored, gone: true } : yield* removeObject(server, write, entry);
  if (removed === undefined || definition.prepareForDelete === undefined) return removed;
  const { metadata } = removed.object;
  const generation = metadata?.generation !== undefined && metadata.generation > 0 && !already ? { generation: metadata.generation + 1 } : undefined;
  return { ...removed, object: { ...removed.object, metadata: { ...metadata, ...generation, deletionTimestamp: metadata?.deletionTimestamp ?? formatTime(server.kernel.now), deletionGracePeriodSeconds: 0 } } };
}

type DefinitionStatus = NonNullable<CustomResourceDefinition['status']>;

/** A CustomResourceDefinition says at once that its objects will go. */
function terminating(status: DefinitionStatus | undefined, now: Time): DefinitionStatus {
  const condition = { type: 'Terminating', status: 'True', lastTransitionTime: formatTime(now), reason: 'InstanceDeletionPending', message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon' };
  return { ...status, conditions: [...(status?.conditions ?? []).filter(({ type }) => type !== 'Terminating'), condition] };
}

/** What marking the object as being deleted would make of it. */
function wouldBe(served: ServedResource, stored: KubeObject, finalizers: readonly string[], grace: number, at: number): KubeObject {
  const draft = { ...stored, metadata: { ...stored.metadata, deletionTimestamp: formatTime(at), deletionGracePeriodSeconds: grace } } as unknown as Draft;
  setFinalizers(draft, finalizers);
  if (typeof draft.metadata['generation'] === 'number' && draft.metadata['generation'] > 0 && !isNamespace(served)) draft.metadata['generation'] += 1;
  if (isNamespace(served)) delete draft.metadata['deletionGracePeriodSeconds'];
  if (isNamespace(served)) draft['status'] = { ...(draft['status'] as object | undefined), phase: 'Terminating' };
  return draft as unknown as KubeObject;
}

function setFinalizers(draft: Draft, finalizers: readonly string[]): void {
  if (finalizers.length > 0) draft.metadata['finalizers'] = finalizers;
  else delete draft.metadata['finalizers'];
}

function* replaceFinalizers(server: ServerParts, entry: KeyValue, finalizers: readonly string[]): Task<KubeObject | undefined> {
  const stored = entry.value as KubeObject;
  const draft = { ...stored, metadata: { ...stored.metadata } } as unknown as Draft;
  setFinalizers(draft, finalizers);
  const result = yield* server.etcd.propose({ type: 'transaction', compare: [{ key: entry.key, target: 'mod', operator: '=', value: entry.modRevision }], success: [{ type: 'put', key: entry.key, value: draft }], failure: [] });
  return result.succeeded ? (draft as unknown as KubeObject) : undefined;
}

/** Takes an object out of the store. undefined: somebody else changed it meanwhile. */
export function* removeObject(server: ServerParts, write: Pick<WriteRequest, 'served' | 'user' | 'namespace'>, entry: KeyValue): Task<Deletion | undefined> {
  const result = yield* server.etcd.propose({ type: 'transaction', compare: [{ key: entry.key, target: 'mod', operator: '=', value: entry.modRevision }], success: [{ type: 'delete', key: entry.key }], failure: [] });
  if (!result.succeeded) return undefined;
  const object = withResourceVersion(entry.value as KubeObject, result.revision);
  write.served.definition.hooks?.afterDelete?.(object, strategyContext(server, write, false));
  return { object, gone: true };
}

/** What a delete answers with. */
export function* deletionAnswer({ served }: WriteRequest, { object, gone }: Deletion): Task<KubeObject | Status> {
  const { info } = served;
  if (!gone || answersWithObject.has(info.resource)) return served.conversion ? yield* askedForm(served, object) : object;
  const { name = '', uid = '' } = object.metadata ?? {};
  return Object.freeze({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(info.group !== '' && { group: info.group }), kind: info.resource, uid },
  }) as Status;
}
