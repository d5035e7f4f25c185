import { apiVersionOf, type GroupVersionKind, type UserInfo } from '../../api';
import type { AdmissionSubject } from './admit';
import type { Operation } from '../admission/plugin';
import type { ResourceCall } from '../call';
import { badRequest } from '../errors';
import type { Draft } from '../resources/definition';
import type { ServedResource } from '../served';
import type { WriteRequestOptions } from './options';

/** A write as the registry carries it out, whoever asked for it. */
export interface WriteRequest {
  readonly served: ServedResource;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string;
  readonly user: UserInfo;
  readonly manager: string;
  readonly options: WriteRequestOptions;
  readonly warnings: Set<string>;
}

/** The field manager of a request: as it says, else the beginning of its user agent. */
export function managerOf(call: ResourceCall, options: WriteRequestOptions): string {
  if (options.fieldManager !== '') return options.fieldManager;
  const agent = call.request.headers?.['user-agent'] ?? '';
  const slash = agent.indexOf('/');
  const manager = slash < 0 ? agent : agent.slice(0, slash);
  return manager === '' ? 'unknown' : manager.slice(0, 128);
}

/** The write that a call asks for. */
export const writeRequest = (call: ResourceCall, options: WriteRequestOptions): WriteRequest => ({
  served: call.served,
  namespace: call.namespace,
  name: call.info.name,
  subresource: call.info.subresource,
  user: call.user,
  manager: managerOf(call, options),
  options,
  warnings: call.warnings,
});

/** The kind of the resource's own objects. */
export const kindOf = ({ info }: ServedResource): GroupVersionKind => ({ group: info.group, version: info.version, kind: info.kind });

/** apps/v1 of a served resource. */
export const apiVersionOfServed = ({ info }: ServedResource): string => apiVersionOf(info.group, info.version);

const optionKinds = { CREATE: 'Create', UPDATE: 'Update', DELETE: 'Delete', CONNECT: 'Connect' } as const;

/** Most writes have no options: what is said of them then. */
const withoutOptions = new Map(Object.entries(optionKinds).map(([operation, kind]) => [operation, Object.freeze({ kind: `${kind}Options`, apiVersion: apiVersionOf('meta.k8s.io', 'v1') })]));

function optionsOf({ dryRun, fieldManager }: WriteRequestOptions, operation: Operation): Readonly<Record<string, unknown>> {
  const plain = withoutOptions.get(operation) as object as Readonly<Record<string, unknown>>;
  return dryRun || fieldManager !== '' ? { ...plain, ...(dryRun && { dryRun: ['All'] }), ...(fieldManager !== '' && { fieldManager }) } : plain;
}

/** What admission is told about a write. */
export const admissionSubject = (write: WriteRequest, operation: Operation, name = write.name): AdmissionSubject => ({
  served: write.served,
  operation,
  namespace: write.namespace,
  name,
  subresource: write.subresource,
  user: write.user,
  dryRun: write.options.dryRun,
  options: optionsOf(write.options, operation),
  warnings: write.warnings,
});

/** Gives the object the request's namespace, or refuses another one. */
export function matchNamespace(draft: Draft, namespace: string | undefined): void {
  const own = (draft.metadata['namespace'] as string | undefined) ?? '';
  if (namespace === undefined) {
    if (own !== '') delete draft.metadata['namespace'];
    return;
  }
  if (own !== '' && own !== namespace) throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  draft.metadata['namespace'] = namespace;
}
