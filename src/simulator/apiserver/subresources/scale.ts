import { type ApiResponse, type KubeObject, matcherForLabels, matcherForSelector, type LabelSelector, type Scale, typeForKind, type TypeSchema } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, invalid, methodNotAllowed } from '../errors';
import { readBody } from '../registry/body';
import { decodeDraft } from '../registry/decode';
import { writeOptions } from '../registry/options';
import { patchedScale } from '../registry/patch';
import { readObject } from '../registry/read-object';
import { updateObject } from '../registry/update';
import { writeRequest } from '../registry/write-request';
import type { Draft } from '../resources/definition';
import type { ServedResource } from '../served';

/** autoscaling/v1 Scale, which every workload shows as its scale subresource. */
export const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** The schema of Scale. */
export const scaleType = (): TypeSchema => typeForKind(scaleKind) as TypeSchema;

interface Scalable extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelector };
  readonly status?: { readonly replicas?: number };
}

/** Reads and writes the scale of an object. */
export function* answerScale(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const { served, info } = call;
  if (info.verb === 'get') return { status: 200, body: scaleOf(served, yield* readObject(server, call)) };
  if (info.verb === 'patch') return { status: 200, body: yield* patchedScale(server, call) };
  if (info.verb !== 'update') throw methodNotAllowed();
  const options = writeOptions(call.query, 'UpdateOptions');
  const scale = decodeDraft(scaleType(), readBody(call.request, 'Scale'), scaleKind, options, call.warnings);
  const name = (scale.metadata['name'] as string | undefined) ?? '';
  if (name === '') throw badRequest(`the name of the object (${info.name} based on URL) was undeterminable: name must be provided`);
  if (name !== info.name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  const { object } = yield* updateObject(server, writeRequest(call, options), { make: (existing) => scaled(served, existing, scale as unknown as Scale), strategy: served.definition });
  return { status: 200, body: scaleOf(served, object) };
}

/** An object with the replicas that a Scale asks for. Throws a 422. */
export function scaled(served: ServedResource, existing: KubeObject, scale: Scale): Draft {
  const replicas = scale.spec?.replicas ?? 0;
  if (replicas < 0) {
    throw invalid(scaleKind.group, scaleKind.kind, existing.metadata?.name ?? '', [{ type: 'FieldValueInvalid', field: 'spec.replicas', message: `Invalid value: ${replicas}: must be greater than or equal to 0` }]);
  }
  const { resourceVersion, uid } = scale.metadata ?? {};
  const metadata = { ...existing.metadata, resourceVersion: resourceVersion ?? '', uid: uid ?? existing.metadata?.uid };
  const draft = { ...existing, metadata } as unknown as Draft;
  if (served.custom?.scale) served.custom.scale.setReplicas(draft, replicas);
  else draft['spec'] = { ...(existing as Scalable).spec, replicas };
  return draft;
}

/** The scale of an object. */
export function scaleOf(served: ServedResource, object: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata ?? {};
  const { spec, status } = object as Scalable;
  const custom = served.custom?.scale?.read(object);
  const replicas = custom ? custom.replicas : (spec?.replicas ?? 0);
  const selector = custom ? custom.selector : selectorText(served, spec?.selector);
  return Object.freeze({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: custom ? custom.statusReplicas : (status?.replicas ?? 0), ...(selector !== '' && { selector }) },
  }) as Scale;
}

/** As selectors are written on one line. ReplicationControllers select by a plain map. */
function selectorText({ info }: ServedResource, selector: LabelSelector | undefined): string {
  if (selector === undefined) return '';
  if (info.resource === 'replicationcontrollers') return matcherForLabels(selector as Readonly<Record<string, string>>).toString();
  return matcherForSelector(selector).toString();
}
