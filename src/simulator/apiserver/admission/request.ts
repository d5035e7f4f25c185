import type { GroupVersionResource, KubeObject, PodSpec, StatusError } from '../../api';
import { forbidden as forbiddenError } from '../errors';
import type { AdmissionAttributes, AdmissionTarget, Operation } from './plugin';

/** Whether a request is for this resource itself or, if named, its subresource. */
export const isFor = ({ resource, subresource }: AdmissionAttributes, group: string, name: string, sub = ''): boolean =>
  resource.resource === name && resource.group === group && subresource === sub;

/** What a plugin handles that looks at one resource itself, or at a subresource of it. */
export const on = (operations: readonly Operation[], group: string, resource: string, subresource = '') => (target: AdmissionTarget): boolean =>
  target.resource === resource && target.group === group && target.subresource === subresource && operations.includes(target.operation);

/** The 403 of a plugin. What has no name yet is called by the beginning of it. */
export const forbidden = ({ resource, name, object }: AdmissionAttributes, message: string): StatusError =>
  forbiddenError(resource, name === '' ? ((object?.metadata['generateName'] as string | undefined) ?? '') : name, message);

/** The object's Pod spec, mutable while mutating. */
export const podSpecOf = ({ object }: AdmissionAttributes): (PodSpec & Record<string, unknown>) | undefined => object?.['spec'] as (PodSpec & Record<string, unknown>) | undefined;

const core = (resource: string): GroupVersionResource => ({ group: '', version: 'v1', resource });

/** Resources that plugins look at. */
export const resources = {
  namespaces: core('namespaces'),
  nodes: core('nodes'),
  pods: core('pods'),
  services: core('services'),
  serviceaccounts: core('serviceaccounts'),
  limitranges: core('limitranges'),
  resourcequotas: core('resourcequotas'),
  persistentvolumes: core('persistentvolumes'),
  persistentvolumeclaims: core('persistentvolumeclaims'),
  priorityclasses: { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' },
  csidrivers: { group: 'storage.k8s.io', version: 'v1', resource: 'csidrivers' },
  storageclasses: { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' },
  ingressclasses: { group: 'networking.k8s.io', version: 'v1', resource: 'ingressclasses' },
  runtimeclasses: { group: 'node.k8s.io', version: 'v1', resource: 'runtimeclasses' },
} as const;

/** Creation time as text that sorts. */
export const createdAt = ({ metadata }: KubeObject): string => metadata?.creationTimestamp ?? '';

/** The newest of the objects that an annotation marks as the default; of equally old ones the first by name. */
export function defaultOf<T extends KubeObject>(objects: readonly T[], annotation: string): T | undefined {
  const marked = objects.filter(({ metadata }) => metadata?.annotations?.[annotation] === 'true');
  return marked.sort((a, b) => (createdAt(a) === createdAt(b) ? (((a.metadata?.name ?? '') < (b.metadata?.name ?? '')) ? -1 : 1) : createdAt(a) > createdAt(b) ? -1 : 1))[0];
}
