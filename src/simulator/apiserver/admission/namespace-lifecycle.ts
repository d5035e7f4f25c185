import { failure, type Namespace } from '../../api';
import { notFound } from '../errors';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from './plugin';
import { forbidden, resources } from './request';

const immortal = new Set(['default', 'kube-system', 'kube-public']);

function check(attributes: AdmissionAttributes, context: AdmissionContext): void {
  const { operation, resource, namespace, name } = attributes;
  const isNamespace = resource.group === '' && resource.resource === 'namespaces';
  if (operation === 'DELETE' && isNamespace && immortal.has(name)) throw forbidden(attributes, 'this namespace may not be deleted');
  if (namespace === undefined || namespace === '' || operation !== 'CREATE' || isNamespace) return;
  if (resource.group === 'authorization.k8s.io' && resource.resource === 'localsubjectaccessreviews') return;
  const found = context.get<Namespace>(resources.namespaces, undefined, namespace);
  if (!found) throw notFound(resources.namespaces, namespace);
  if (found.status?.phase !== 'Terminating') return;
  const refusal = forbidden(attributes, `unable to create new content in namespace ${namespace} because it is being terminated`);
  throw failure(403, 'Forbidden', refusal.status.message ?? '', {
    ...refusal.status.details,
    causes: [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }],
  });
}

/** What is created in a namespace needs it to be there and to stay; some namespaces may not be deleted. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  handles: ({ operation, group, resource }) => operation === 'CREATE' || (operation === 'DELETE' && group === '' && resource === 'namespaces'),
  mutate(attributes, context) {
    check(attributes, context);
  },
};
