import { deepFreeze, type KubeObject, type Scale } from '../../api';
import type { KeyValue } from '../../etcd';
import { formatTime, type Task } from '../../kernel';
import { checkEscalation } from '../authorization/escalation';
import { strategyContext, type ServerParts } from '../call';
import { conflict, invalid, modified, notFound, unexpected } from '../errors';
import type { Draft, UpdateStrategy } from '../resources/definition';
import { type AdmissionSubject, mutate, validate } from './admit';
import { createObject } from './create';
import { partStrategy } from './generic-definition';
import { dropEmpties } from './empties';
import { forgetEmptyLists } from './empty-lists';
import { shareUnchanged } from './equal';
import type { ServedResource } from '../served';
import { scaleKind, scaleOf, setReplicas } from '../subresources/scale-object';
import { managedFieldsOnUpdate } from './managed-fields';
import { dropDisabledFields } from './gates';
import { dedupeOwners, keepOldMetadata } from './metadata';
import { updateErrors } from './metadata-checks';
import { askedForm, storedForm } from './stored';
import { admissionSubject, type WriteRequest } from './write-request';

/** How an update comes about. */
export interface UpdateSource {
  /** Makes the wanted object of the existing one (in the asked version); called again when somebody else was faster. */
  readonly make: (existing: KubeObject) => Draft;
  /** Instead of a missing object: creates this one (PUT on resources that allow it, apply). */
  readonly create?: () => Draft;
  /** Replaces the bookkeeping of who changed what (server-side apply does its own). */
  readonly keepsManagedFields?: boolean;
  /** Instead of the resource's own for this subresource. */
  readonly strategy?: UpdateStrategy;
  /** A patch: only a resourceVersion that it sets itself is a condition. */
  readonly patch?: boolean;
  /** The server's own change (binding, eviction): no strategy, no admission. */
  readonly internal?: boolean;
}

/** Resources whose objects may only be updated by those who know their resourceVersion. */
const conditionalOnly = new Set([
  'apiservices', 'csidrivers', 'csinodes', 'csistoragecapacities', 'customresourcedefinitions', 'leases', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', 'mutatingwebhookconfigurations', 'runtimeclasses', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'validatingwebhookconfigurations', 'volumeattachments',
]);

/** Times that an update without a resourceVersion of its own is tried against concurrent writers. */
const attemptLimit = 20;

/** Updates an object or one of its subresources. Gives what is stored then, and whether it was created. */
export function* updateObject(server: ServerParts, write: WriteRequest, source: UpdateSource): Task<{ object: KubeObject; created: boolean }> {
  const storage = write.served.storage;
  if (storage === undefined) throw unexpected('the resource is not stored');
  for (let attempt = 1; ; attempt++) {
    const entry = storage.entry(write.namespace, write.name);
    if (entry === undefined) {
      if (source.create === undefined) throw notFound(write.served.info, write.name);
      return { object: yield* createObject(server, { ...write, subresource: '' }, source.create(), source.keepsManagedFields), created: true };
    }
    const outcome = yield* attemptUpdate(server, write, source, entry);
    if (outcome !== undefined) return { object: outcome, created: false };
    if (attempt >= attemptLimit) throw modified(write.served.info, write.name);
  }
}

/** One try. undefined: somebody else changed the object meanwhile. */
function* attemptUpdate(server: ServerParts, write: WriteRequest, source: UpdateSource, entry: KeyValue): Task<KubeObject | undefined> {
  const { served, options } = write;
  const { definition, info, conversion } = served;
  const stored = entry.value as KubeObject;
  const old = conversion ? yield* askedForm(served, stored) : stored;
  const draft = source.make(old);
  if (!source.patch && !source.internal) dedupeOwners(draft, write.warnings);
  if (!source.patch) checkUid(write, draft, old);
  const conditional = source.internal || (source.patch && draft.metadata['resourceVersion'] === old.metadata?.resourceVersion) ? false : checkVersion(write, draft, entry);
  if (!source.keepsManagedFields) managedFieldsOnUpdate(server, write, draft, old);
  const subject = source.internal ? undefined : admissionSubject(write, 'UPDATE');
  if (subject) yield* admitted(server, write, subject, draft, old, mutate);
  if (!source.internal) dedupeOwners(draft, write.warnings, ' after mutating admission happens');
  if (!source.internal) checkEscalation(server, write, draft as unknown as KubeObject, old);
  const strategy = source.internal ? {} : source.strategy ?? (write.subresource === '' ? definition : (definition.subresources?.[write.subresource] ?? subresourceStrategy(write.subresource)));
  const context = strategyContext(server, write, options.dryRun);
  keepOldMetadata(draft, old);
  dropDisabledFields(info.type, draft);
  strategy.prepareForUpdate?.(draft, old, context);
  if (write.subresource === '' && !source.internal) definition.hooks?.beginUpdate?.(draft, old, context);
  draft.metadata['resourceVersion'] = old.metadata?.resourceVersion;
  const object = draft as unknown as KubeObject;
  const errors = updateErrors(served, source.strategy ? '' : write.subresource, object, old, definition.validateName, { whole: strategy.validateWhole?.(object) ?? [], change: strategy.validateUpdate?.(object, old, context) ?? [] });
  if (errors.length > 0) throw invalid(definition.errorGroup ?? info.group, info.kind, write.name, errors);
  if (write.subresource === '' && !source.internal) for (const warning of server.served.warningsOf(write.served, object, old)) write.warnings.add(warning);
  dropEmpties(info.type, draft);
  if (subject) yield* admitted(server, write, subject, draft, old, validate);
  forgetEmptyLists(served, draft);
  if (shareUnchanged(draft, old)) return old;
  return yield* commit(server, write, draft, entry, old, conditional);
}

/** One half of admission. Of a change of the scale it sees the Scale, not the object that has it. */
function* admitted(server: ServerParts, write: WriteRequest, subject: AdmissionSubject, draft: Draft, old: KubeObject, half: typeof mutate): Task {
  if (write.subresource !== 'scale') return yield* half(server, subject, draft, old);
  const { served } = write;
  const shown = JSON.parse(JSON.stringify(scaleOf(served, draft as unknown as KubeObject))) as Draft & Scale;
  const before = shown.spec?.replicas;
  yield* half(server, { ...subject, kind: scaleKind }, shown, scaleOf(served, old));
  if (shown.spec?.replicas !== before) setReplicas(served, draft, shown.spec?.replicas ?? 0);
}

function* commit(server: ServerParts, write: WriteRequest, draft: Draft, entry: KeyValue, old: KubeObject, conditional: boolean): Task<KubeObject | undefined> {
  const { served, options } = write;
  if (options.dryRun) {
    if (!served.conversion) return deepFreeze(draft) as unknown as KubeObject;
    return yield* askedForm(served, deepFreeze(yield* storedForm(served, draft)) as unknown as KubeObject);
  }
  delete draft.metadata['selfLink'];
  const finished = old.metadata?.deletionTimestamp !== undefined && !draft.metadata['finalizers']?.length && !draft.metadata['deletionGracePeriodSeconds'] && !namespaceFinalizers(served, draft).length;
  const compare = [{ key: entry.key, target: 'mod', operator: '=', value: entry.modRevision }] as const;
  const value = served.conversion ? yield* storedForm(served, draft) : draft;
  if (finished) {
    const result = yield* server.etcd.propose({ type: 'transaction', compare, success: [{ type: 'delete', key: entry.key }], failure: [] });
    if (!result.succeeded) return retry(write, conditional);
    value.metadata['resourceVersion'] = String(result.revision);
    const last = deepFreeze(value) as unknown as KubeObject;
    served.definition.hooks?.afterDelete?.(last, strategyContext(server, write, false));
    return served.conversion ? yield* askedForm(served, last) : last;
  }
  const result = yield* server.etcd.propose({ type: 'transaction', compare, success: [{ type: 'put', key: entry.key, value, ...(entry.lease !== 0 && { lease: entry.lease }) }], failure: [] });
  if (!result.succeeded) return retry(write, conditional);
  const last = value as unknown as KubeObject;
  return served.conversion ? yield* askedForm(served, last) : last;
}

/** Namespaces wait for finalizers of their own, in spec. */
export const namespaceFinalizers = ({ info }: ServedResource, object: object): readonly string[] =>
  info.group === '' && info.resource === 'namespaces' ? ((object as { spec?: { finalizers?: readonly string[] } }).spec?.finalizers ?? []) : [];

function retry(write: WriteRequest, conditional: boolean): undefined {
  if (conditional) throw modified(write.served.info, write.name);
  return undefined;
}

function checkUid(write: WriteRequest, draft: Draft, old: KubeObject): void {
  const uid = draft.metadata['uid'] as string | undefined;
  if (uid === undefined || uid === '' || uid === old.metadata?.uid) return;
  const stored = write.served.storage?.key(write.namespace, write.name);
  const key = write.options.dryRun ? stored?.replace('/registry', '') : stored; // a dry run has no place of its own in etcd
  throw conflict(write.served.info, write.name, `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata?.uid}`);
}

/** Whether the client named the version it wants to change. Throws when that is not the one that is stored. */
function checkVersion(write: WriteRequest, draft: Draft, entry: KeyValue): boolean {
  const given = (draft.metadata['resourceVersion'] as string | undefined) ?? '';
  if (given === '' || given === '0') {
    const { definition, info, custom } = write.served;
    const unconditional = definition.allowUnconditionalUpdate ?? (custom === undefined && !conditionalOnly.has(info.resource));
    if (unconditional) return false;
    throw invalid(info.group, info.resource, write.name, [{ type: 'FieldValueInvalid', field: 'metadata.resourceVersion', message: 'Invalid value: 0: must be specified for an update' }]);
  }
  if (!/^\d+$/.test(given)) throw unexpected(`strconv.ParseUint: parsing ${JSON.stringify(given)}: invalid syntax`);
  if (Number(given) !== entry.modRevision) throw modified(write.served.info, write.name);
  return true;
}

const parts: Readonly<Record<string, UpdateStrategy>> = { status: partStrategy('status'), finalize: partStrategy('spec'), approval: partStrategy('status') };

/** How a subresource behaves of which nothing else is said. */
const subresourceStrategy = (subresource: string): UpdateStrategy => parts[subresource] ?? {};

/** Marks an object as being deleted. Gives the object as stored. */
export function* markDeleted(server: ServerParts, entry: KeyValue, seconds: number, at: number, change: (draft: Draft) => void): Task<KubeObject | undefined> {
  const stored = entry.value as KubeObject;
  const draft = { ...stored, metadata: { ...stored.metadata } } as unknown as Draft;
  draft.metadata['deletionTimestamp'] = formatTime(at);
  draft.metadata['deletionGracePeriodSeconds'] = seconds;
  change(draft);
  const result = yield* server.etcd.propose({
    type: 'transaction',
    compare: [{ key: entry.key, target: 'mod', operator: '=', value: entry.modRevision }],
    success: [{ type: 'put', key: entry.key, value: draft, ...(entry.lease !== 0 && { lease: entry.lease }) }],
    failure: [],
  });
  return result.succeeded ? (draft as unknown as KubeObject) : undefined;
}
