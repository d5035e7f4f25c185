import { badRequest } from '../errors';
import type { ServedResource } from '../served';

/** The fields besides name and namespace by which the real server selects objects of a resource (kubernetes.io: Field Selectors). */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: ['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP', 'status.podIPs', 'status.nominatedNodeName'],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  events: ['involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid', 'involvedObject.apiVersion', 'involvedObject.resourceVersion', 'involvedObject.fieldPath', 'reason', 'reportingComponent', 'source', 'type'],
  'events.events.k8s.io': ['regarding.kind', 'regarding.namespace', 'regarding.name', 'regarding.uid', 'regarding.apiVersion', 'regarding.resourceVersion', 'regarding.fieldPath', 'reason', 'reportingController', 'type'],
  'jobs.batch': ['status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
  'resourceslices.resource.k8s.io': ['spec.nodeName', 'spec.driver'],
};

/** Kinds that refuse in words of their own. */
const refusals: Readonly<Record<string, (field: string) => string>> = {
  Job: (field) => `field label ${JSON.stringify(field)} not supported for Job`,
  ResourceSlice: (field) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
};

/** Throws the 400 of a field selector that names a field which cannot be selected on. */
export function checkSelectable({ info, custom }: ServedResource, field: string): void {
  if (field === 'metadata.name' || field === 'metadata.namespace') return;
  const fields = selectable[info.group === '' ? info.resource : `${info.resource}.${info.group}`] ?? custom?.selectableFields;
  if (fields?.includes(field)) return;
  if (fields) throw badRequest(refusals[info.kind]?.(field) ?? `field label not supported: ${field}`);
  throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}
