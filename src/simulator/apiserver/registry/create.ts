import { deepFreeze, type KubeObject } from '../../api';
import { formatTime, seconds, type Task } from '../../kernel';
import { checkEscalation } from '../authorization/escalation';
import { strategyContext, type ServerParts } from '../call';
import { alreadyExists, invalid, unexpected } from '../errors';
import type { Draft } from '../resources/definition';
import { mutate, validate } from './admit';
import { dropEmpties } from './empties';
import { forgetEmptyLists } from './empty-lists';
import { managedFieldsOnCreate } from './managed-fields';
import { dropDisabledFields } from './gates';
import { dedupeOwners, fillNewMetadata, type NameRule, ruleFor } from './metadata';
import { createErrors } from './metadata-checks';
import { askedForm, storedForm } from './stored';
import { admissionSubject, matchNamespace, type WriteRequest } from './write-request';

/** How often a generated name is drawn again when it is taken. */
const generateNameAttempts = 8;

/** Metadata that a client cannot give a new object, unless it applies it. */
const serverOwned = ['selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds'];

/** Creates an object: defaults, admission, validation, store. Gives it as the asked version shows it. */
export function* createObject(server: ServerParts, write: WriteRequest, draft: Draft, keepsManagedFields = false): Task<KubeObject> {
  const { definition, info } = write.served;
  if (!keepsManagedFields) for (const field of serverOwned) delete draft.metadata[field];
  dedupeOwners(draft, write.warnings);
  if (write.served.conversion) dropEmpties(info.type, draft); // what is checked is of another type
  // What is stored in another version is checked in that one; fields are recorded as the version that was sent shows them.
  definition.applyDefaults?.(draft);
  const { conversion } = write.served;
  if (conversion && !write.served.custom) definition.applyDefaults?.(yield* storedForm(write.served, draft));
  if (!keepsManagedFields) {
    const seen = conversion?.asAsked?.(draft) ?? draft;
    managedFieldsOnCreate(server, write, seen);
    if (seen.metadata['managedFields'] !== undefined) draft.metadata['managedFields'] = seen.metadata['managedFields'];
  }
  const subject = admissionSubject(write, 'CREATE', (draft.metadata['name'] as string | undefined) ?? '');
  yield* mutate(server, subject, draft, undefined);
  matchNamespace(draft, write.namespace);
  dedupeOwners(draft, write.warnings, ' after mutating admission happens');
  checkEscalation(server, { served: write.served, user: write.user, namespace: write.namespace, name: subject.name }, draft as unknown as KubeObject, undefined);
  const context = strategyContext(server, write, write.options.dryRun);
  const givenVersion = draft.metadata['resourceVersion'];
  delete draft.metadata['resourceVersion'];
  fillNewMetadata(draft, server.random.uuid(), formatTime(server.kernel.now), write.namespace);
  const generated = !draft.metadata['name'] && draft.metadata['generateName'];
  if (generated) draft.metadata['name'] = definition.takesPrefixAsName ? generated : generatedName(server, generated as string);
  definition.prepareForCreate?.(draft, context);
  definition.hooks?.beginCreate?.(draft, context);
  dropDisabledFields(info.type, draft);
  const object = draft as unknown as KubeObject;
  const rule = ruleFor(info.group, definition.validateName);
  const named: NameRule = (name, isPrefix) => (isPrefix ? rule(name, true) : [...rule(name, false), ...(definition.nameErrors?.(name, object) ?? [])]);
  const errors = createErrors(write.served, object, named, () => definition.validateCreate?.(object, context) ?? []);
  if (errors.length > 0) throw invalid(definition.errorGroup ?? info.group, info.kind, (draft.metadata['name'] as string | undefined) ?? '', errors);
  for (const warning of server.served.warningsOf(write.served, object, undefined)) write.warnings.add(warning);
  dropEmpties(info.type, draft);
  yield* validate(server, { ...subject, name: draft.metadata['name'] as string }, draft, undefined);
  definition.hooks?.completeNew?.(draft);
  if (isVersion(givenVersion) && !write.options.dryRun) throw unexpected('resourceVersion should not be set on objects to be created');
  return yield* store(server, write, draft, generated ? generateNameAttempts : 1, givenVersion as string | undefined);
}

/** Whether a new object says to be a stored one. What is no number says nothing. */
const isVersion = (given: unknown): boolean => typeof given === 'string' && /^\d+$/.test(given) && Number(given) !== 0;

function generatedName(server: ServerParts, prefix: string): string {
  return `${prefix.slice(0, 58)}${server.random.suffix(5)}`;
}

function* store(server: ServerParts, write: WriteRequest, draft: Draft, attempts: number, givenVersion: string | undefined): Task<KubeObject> {
  const { served, namespace, options } = write;
  const storage = served.storage;
  if (storage === undefined) throw unexpected('the resource is not stored');
  const value = served.conversion ? yield* storedForm(served, draft) : draft;
  forgetEmptyLists(served, value);
  if (!options.dryRun) delete value.metadata['selfLink'];
  for (let attempt = 1; ; attempt++) {
    const name = value.metadata['name'] as string;
    const key = storage.key(namespace, name);
    const existing = storage.etcd.get(key);
    if (existing === undefined) {
      if (options.dryRun && givenVersion) value.metadata['resourceVersion'] = givenVersion;
      if (options.dryRun) return yield* askedForm(served, deepFreeze(value) as unknown as KubeObject);
      const lease = served.info.resource === 'events' ? yield* eventLease(server) : 0;
      const result = yield* storage.etcd.propose({ type: 'transaction', compare: [{ key, target: 'mod', operator: '=', value: 0 }], success: [{ type: 'put', key, value, lease }], failure: [] });
      if (result.succeeded) return served.conversion ? yield* askedForm(served, value as unknown as KubeObject) : (value as unknown as KubeObject);
    }
    if (attempt >= attempts) {
      const terminating = (existing?.value as KubeObject | undefined)?.metadata?.deletionTimestamp !== undefined;
      throw alreadyExists(served.info, name, terminating ? 'object is being deleted: ' : '');
    }
    value.metadata['name'] = generatedName(server, value.metadata['generateName'] as string);
  }
}

/** Events go after an hour (--event-ttl); those of one minute share a lease. */
const eventTtl = seconds(3600);
const leaseReuse = seconds(60);
const leases = new WeakMap<object, { readonly id: number; readonly until: number }>();

function* eventLease(server: ServerParts): Task<number> {
  const known = leases.get(server.etcd);
  if (known !== undefined && known.until > server.kernel.now) return known.id;
  const id = yield* server.etcd.grantLease(eventTtl + leaseReuse);
  leases.set(server.etcd, { id, until: server.kernel.now + leaseReuse });
  return id;
}
