import type { ApiResponse, KubeObject } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, methodNotAllowed } from '../errors';
import { readBody, readOptionsBody } from './body';
import { createObject } from './create';
import { decodeObject, setDefaults, statusOf } from './decode';
import { deleteObject, deletionAnswer } from './delete';
import { type DeletionOptions, deletionOptions } from './delete-options';
import { dedupeOwners } from './metadata';
import { listObjects, selectionFor } from './list';
import { readOptions, writeOptions } from './options';
import { subresourceAnswer } from '../subresources';
import type { Accepted } from '../request/accept';
import { watchShape } from '../tables';
import { readObject } from './read-object';
import { answerPatch } from './patch';
import { updateObject } from './update';
import { watchObjects } from './watch';
import { matchNamespace, writeRequest } from './write-request';

/** Answers a request for a resource itself (not a subresource with a life of its own). */
export function* answerResource(server: ServerParts, call: ResourceCall, accept: Accepted): Task<ApiResponse> {
  const special = call.info.subresource === '' ? undefined : subresourceAnswer(call.info.resource, call.info.subresource);
  if (special) return yield* special(server, call);
  if (call.served.storage === undefined) return yield* server.served.software.review(server, call);
  switch (call.info.verb) {
    case 'get':
      return yield* get(server, call);
    case 'list':
      return { status: 200, body: yield* listObjects(server, call, readOptions(call.query, false)) };
    case 'watch':
      return { status: 200, events: yield* watchObjects(server, call, readOptions(call.query, true), watchShape(call.served, accept, call.query.get('includeObject'), () => server.kernel.now)) };
    case 'create':
      return yield* create(server, call);
    case 'update':
      return yield* update(server, call);
    case 'patch':
      if (call.info.name === '') throw methodNotAllowed();
      return yield* answerPatch(server, call);
    case 'delete':
      return yield* remove(server, call);
    case 'deletecollection':
      return yield* removeCollection(server, call);
    default:
      throw methodNotAllowed();
  }
}

function* get(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  if (call.served.storage === undefined) throw methodNotAllowed();
  return { status: 200, body: yield* readObject(server, call) };
}

function* create(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const { served, query, request, warnings } = call;
  const options = writeOptions(query, 'CreateOptions');
  const draft = decodeObject(served, readBody(request, served.info.kind), options, warnings);
  matchNamespace(draft, call.namespace);
  return { status: 201, body: yield* createObject(server, writeRequest(call, options), draft) };
}

function* update(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const { served, query, request, warnings, info } = call;
  if (info.name === '') throw methodNotAllowed();
  const options = writeOptions(query, 'UpdateOptions');
  const decode = (stored: KubeObject | undefined) => {
    const shared = statusOf(served, info.subresource, stored);
    const draft = decodeObject(served, readBody(request, served.info.kind), options, warnings, shared);
    matchNamespace(draft, call.namespace);
    dedupeOwners(draft, warnings);
    const name = (draft.metadata['name'] as string | undefined) ?? '';
    if (name === '') throw badRequest(`the name of the object (${info.name} based on URL) was undeterminable: name must be provided`);
    if (name !== info.name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
    setDefaults(served, draft, shared);
    return draft;
  };
  let first = decode(served.storage?.get(call.namespace, info.name)) as ReturnType<typeof decode> | undefined;
  const make = (stored?: KubeObject) => {
    const draft = first ?? decode(stored);
    first = undefined;
    return draft;
  };
  const mayCreate = served.definition.allowCreateOnUpdate === true && info.subresource === '';
  const { object, created } = yield* updateObject(server, writeRequest(call, options), { make, ...(mayCreate && { create: make }) });
  return { status: created ? 201 : 200, body: object };
}

const orphanWarning = 'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

function* remove(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const options = deletionOptions(call.query, readOptionsBody(call.request));
  const write = deletionWrite(call, options);
  if (options.propagationPolicy === undefined && call.info.group === 'batch' && call.info.resource === 'jobs') call.warnings.add(orphanWarning);
  const deletion = yield* deleteObject(server, write, options);
  return { status: deletion.gone || !options.asksForDependents ? 200 : 202, body: yield* deletionAnswer(write, deletion) };
}

const deletionWrite = (call: ResourceCall, options: DeletionOptions) =>
  writeRequest(call, { dryRun: options.dryRun, fieldManager: '', fieldValidation: 'Warn', force: undefined });

function* removeCollection(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const reading = readOptions(call.query, false);
  selectionFor(call, reading); // a selector that is none is told of before the body is looked at
  const options = deletionOptions(call.query, readOptionsBody(call.request));
  const list = yield* listObjects(server, call, reading);
  const write = deletionWrite(call, options);
  const items = [];
  for (const { metadata } of list.items) {
    try {
      const { object } = yield* deleteObject(server, { ...write, name: metadata?.name ?? '', namespace: metadata?.namespace ?? call.namespace }, options, '');
      items.push(object);
    } catch (error) {
      if (!(error instanceof Error && 'reason' in error && error.reason === 'NotFound')) throw error;
    }
  }
  return { status: 200, body: Object.freeze({ ...list, items: Object.freeze(items) }) };
}
