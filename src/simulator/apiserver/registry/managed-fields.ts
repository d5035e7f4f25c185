import { decodeValue, deepFreeze, type KubeObject, trackUpdate, type TypeSchema, type WriteIdentity } from '../../api';
import { formatTime } from '../../kernel';
import type { ServerParts } from '../call';
import { written } from './empties';
import { fieldSignature } from './field-signature';
import type { Draft } from '../resources/definition';
import type { ServedResource } from '../served';
import { apiVersionOfServed, type WriteRequest } from './write-request';

type JsonObject = Readonly<Record<string, unknown>>;

const empties = new WeakMap<TypeSchema, JsonObject>();

function emptyOf(type: TypeSchema): JsonObject {
  let known = empties.get(type);
  if (known === undefined) {
    known = decodeValue(type, {}).object;
    empties.set(type, known);
  }
  return known;
}

const statusReset = { 'f:status': {} };

/** What a write of the object itself leaves alone. */
const objectResets = ({ served: { definition } }: WriteRequest): unknown =>
  definition.keptFields ? { ...statusReset, ...Object.fromEntries(definition.keptFields.map((name) => [`f:${name}`, {}])) } : statusReset;

/** What a write of the status subresource leaves alone: everything but status and metadata. */
const allButStatus = (type: TypeSchema): JsonObject => Object.fromEntries([...type.fields.keys()].filter((name) => name !== 'status' && name !== 'metadata').map((name) => [`f:${name}`, {}]));

/** What a write of the status does not change, of metadata too where the kind says so. */
function statusResets({ served }: WriteRequest): unknown {
  const others = allButStatus(served.info.type);
  const kept = served.definition.subresources?.['status']?.keptMetadata ?? [];
  if (kept === 'all') return { ...others, 'f:metadata': {} };
  return kept.length === 0 ? others : { ...others, 'f:metadata': Object.fromEntries(kept.map((field) => [`f:${field}`, {}])) };
}

const resetsKnown = new WeakMap<ServedResource, Map<string, unknown>>();

/** FieldsV1 of what a write cannot mean to change: frozen, and the same for all writes of a kind. */
function resetsOf(write: WriteRequest): unknown {
  let known = resetsKnown.get(write.served);
  if (known === undefined) resetsKnown.set(write.served, (known = new Map()));
  if (!known.has(write.subresource)) known.set(write.subresource, deepFreeze(findResets(write)));
  return known.get(write.subresource);
}

function findResets(write: WriteRequest): unknown {
  const { subresource, served: { definition, info } } = write;
  if (subresource === 'status') return statusResets(write);
  if (subresource === '') return info.subresources.some(({ name }) => name === 'status') ? objectResets(write) : undefined;
  const strategy = definition.subresources?.[subresource];
  return strategy?.keptMetadata === 'all' ? { 'f:metadata': {} } : strategy?.resets;
}

/** How a write is recorded: who, when, and which fields it cannot have meant. */
export function identityOf(server: ServerParts, write: WriteRequest): WriteIdentity {
  const reset = resetsOf(write);
  return {
    manager: write.manager,
    apiVersion: apiVersionOfServed(write.served),
    time: formatTime(server.kernel.now),
    ...(write.subresource !== '' && { subresource: write.subresource }),
    ...(reset !== undefined && { reset }),
  };
}

function put(draft: Draft, managedFields: readonly unknown[] | undefined): void {
  if (managedFields === undefined || managedFields.length === 0) delete draft.metadata['managedFields'];
  else draft.metadata['managedFields'] = managedFields;
}

/** The draft without the changes that its write cannot make: status by the object, the rest by status. */
function effective(write: WriteRequest, draft: Draft, old: KubeObject): JsonObject {
  const before = old as unknown as JsonObject;
  if (write.subresource === 'status') return { ...before, metadata: draft.metadata, status: draft['status'] };
  if (write.subresource !== '' || !write.served.info.subresources.some(({ name }) => name === 'status')) return draft;
  return { ...draft, status: before['status'] };
}

interface Entry {
  readonly fieldsV1: unknown;
}

/** Field sets of new objects by signature: most objects are made many times from one template. */
const fieldSets = new Map<string, unknown>();
const rememberedSets = 5_000;

/** Records who set which fields of a new object. */
export function managedFieldsOnCreate(server: ServerParts, write: WriteRequest, draft: Draft): void {
  delete draft.metadata['managedFields'];
  const { info, custom } = write.served;
  const identity = identityOf(server, write);
  if (custom) {
    put(draft, trackUpdate(info.type, {}, draft, identity));
    return;
  }
  put(draft, managersOfNew(info.type, written(info.type, draft), identity));
}

/** managedFields of an object that this write made, which has none yet. */
export function managersOfNew(type: TypeSchema, object: JsonObject, identity: WriteIdentity): readonly unknown[] | undefined {
  const { manager, apiVersion, time, subresource } = identity;
  const signature = `${apiVersion} ${type.name} ${fieldSignature(type, object)}`;
  if (!fieldSets.has(signature)) {
    const made = trackUpdate(type, emptyOf(type), object, identity) as readonly Entry[] | undefined;
    if (fieldSets.size >= rememberedSets) fieldSets.clear();
    fieldSets.set(signature, deepFreeze(made?.[0]?.fieldsV1));
  }
  const fieldsV1 = fieldSets.get(signature);
  return fieldsV1 === undefined ? undefined : [{ manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1, ...(subresource && { subresource }) }];
}

/** Records that a client sends are taken if they are such (kubernetes.io: managedFields); else those that were there stay. */
const areRecords = (given: readonly unknown[]): boolean => given.every((one) => ['Apply', 'Update'].includes((one as { readonly operation?: string }).operation ?? ''));

const isReset = (given: readonly unknown[] | undefined): boolean => given?.length === 1 && Object.keys(given[0] as object).length === 0;

/** A draft as it will be shown: what is stored in another version may come back in other fields. */
function asShown({ served: { info, conversion } }: WriteRequest, draft: Draft): Draft {
  const seen = written(info.type, draft);
  if (!conversion?.asAsked) return seen;
  const copy = JSON.parse(JSON.stringify(seen)) as Draft;
  conversion.toStored(copy);
  return conversion.asAsked(copy);
}

/** Records who changed which fields of an object. An object without records gets none (kubernetes.io: clearing managedFields). */
export function managedFieldsOnUpdate(server: ServerParts, write: WriteRequest, draft: Draft, old: KubeObject): void {
  const before = old.metadata?.managedFields;
  const given = draft.metadata['managedFields'] as readonly unknown[] | undefined;
  if (before === undefined || (write.subresource === '' && (given?.length === 0 || isReset(given)))) {
    delete draft.metadata['managedFields'];
    return;
  }
  if (given === undefined || given.length === 0 || !areRecords(given)) draft.metadata['managedFields'] = before;
  put(draft, trackUpdate(write.served.info.type, old as unknown as JsonObject, effective(write, asShown(write, draft), old), identityOf(server, write)));
}
