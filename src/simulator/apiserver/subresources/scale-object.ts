import { type KubeObject, type LabelSelector, matcherForLabels, matcherForSelector, type Scale, typeForKind, type TypeSchema } from '../../api';
import { invalid } from '../errors';
import type { FieldError } from '../field';
import { metadataErrors, pathSegmentRule } from '../registry/metadata';
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

/** An object with the replicas that a Scale asks for. Throws a 422. */
export function scaled(served: ServedResource, existing: KubeObject, scale: Scale): Draft {
  const replicas = scale.spec?.replicas ?? 0;
  const errors: FieldError[] = served.custom ? [] : metadataErrors(scale.metadata ?? {}, pathSegmentRule, true);
  if (replicas < 0) errors.push({ type: 'FieldValueInvalid', field: 'spec.replicas', message: `Invalid value: ${replicas}: must be greater than or equal to 0` });
  if (errors.length > 0) throw invalid(scaleKind.group, scaleKind.kind, existing.metadata?.name ?? '', errors);
  const { resourceVersion, uid } = scale.metadata ?? {};
  const metadata = { ...existing.metadata, resourceVersion: resourceVersion ?? '', uid: uid ?? existing.metadata?.uid };
  const draft = { ...existing, metadata } as unknown as Draft;
  setReplicas(served, draft, replicas);
  return draft;
}

/** Gives a draft so many replicas. */
export function setReplicas(served: ServedResource, draft: Draft, replicas: number): void {
  if (served.custom?.scale) served.custom.scale.setReplicas(draft, replicas);
  else draft['spec'] = { ...(draft as Scalable).spec, replicas };
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
