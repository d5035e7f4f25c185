import type { KubeObject, ManagedFieldsEntry, Scale } from '../../api';
import type { ServedResource } from '../served';
import { scaleOf } from './scale-object';

type Fields = Readonly<Record<string, unknown>>;

const ofSpec = (entry: ManagedFieldsEntry): Fields => ((entry.fieldsV1 as Fields | undefined)?.['f:spec'] ?? {}) as Fields;
const ownsReplicas = (entry: ManagedFieldsEntry): boolean => 'f:replicas' in ofSpec(entry);
const replicas = Object.freeze({ 'f:spec': Object.freeze({ 'f:replicas': Object.freeze({}) }) });

/** Equal for the entries of one manager in an object and in its Scale. */
const ownerOf = ({ manager, operation, subresource, time }: ManagedFieldsEntry): string => JSON.stringify([manager, operation, subresource ?? '', time]);

/** The scale of an object with those who own its replicas, as patches and configurations meet it. */
export function managedScale(served: ServedResource, object: KubeObject): Scale {
  const scale = scaleOf(served, object);
  const managedFields = ((object.metadata?.managedFields ?? []) as readonly ManagedFieldsEntry[]).filter(ownsReplicas).map((entry) => ({ ...entry, apiVersion: 'autoscaling/v1', fieldsV1: replicas }));
  return managedFields.length === 0 ? scale : { ...scale, metadata: { ...scale.metadata, managedFields } };
}

function withoutReplicas(entry: ManagedFieldsEntry): ManagedFieldsEntry[] {
  const { 'f:replicas': _, ...spec } = ofSpec(entry);
  const { 'f:spec': __, ...others } = entry.fieldsV1 as Fields;
  const fieldsV1 = Object.keys(spec).length === 0 ? others : { ...others, 'f:spec': spec };
  return Object.keys(fieldsV1).length === 0 ? [] : [{ ...entry, fieldsV1 }];
}

/** managedFields of an object whose Scale now has these: who lost the replicas loses them here, who got them is added. */
export function withScaleManagers(own: readonly unknown[] | undefined, ofScale: readonly unknown[] | undefined, apiVersion: string): readonly ManagedFieldsEntry[] {
  const owners = new Map(((ofScale ?? []) as readonly ManagedFieldsEntry[]).map((entry) => [ownerOf(entry), entry]));
  const kept = ((own ?? []) as readonly ManagedFieldsEntry[]).flatMap((entry) => {
    if (!ownsReplicas(entry)) return [entry];
    return owners.delete(ownerOf(entry)) ? [entry] : withoutReplicas(entry);
  });
  const added = [...owners.values()].map((entry) => ({ ...entry, apiVersion, fieldsV1: replicas }));
  const appliers = (entry: ManagedFieldsEntry) => (entry.operation === 'Apply' ? 0 : 1);
  return [...kept, ...added].sort((a, b) => appliers(a) - appliers(b));
}
