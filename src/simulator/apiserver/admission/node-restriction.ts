import type { Node, Pod } from '../../api';
import { sameValue } from '../resources/equality';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from './plugin';
import { forbidden, isFor, resources } from './request';

/** The node that a kubelet's identity is, '' for one without a name, undefined for anybody else. */
function nodeOf({ user }: AdmissionAttributes): string | undefined {
  if (!user.groups.includes('system:nodes') || !user.name.startsWith('system:node:')) return undefined;
  return user.name.slice('system:node:'.length);
}

const mirror = 'kubernetes.io/config.mirror';

function checkPodCreate(attributes: AdmissionAttributes, node: string, context: AdmissionContext): void {
  const pod = attributes.object as unknown as Pod;
  const { spec, metadata } = pod;
  if (metadata?.annotations?.[mirror] === undefined) throw forbidden(attributes, `pod does not have ${JSON.stringify(mirror)} annotation, node ${JSON.stringify(node)} can only create mirror pods`);
  if (spec?.nodeName !== node) throw forbidden(attributes, `node ${JSON.stringify(node)} can only create pods with spec.nodeName set to itself`);
  const owners = metadata.ownerReferences ?? [];
  if (owners.length > 1) throw forbidden(attributes, `node ${JSON.stringify(node)} can only create pods with a single owner reference set to itself`);
  if (owners.length === 0) throw forbidden(attributes, `node ${JSON.stringify(node)} can only create pods with an owner reference set to itself`);
  const [owner] = owners;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) throw forbidden(attributes, `node ${JSON.stringify(node)} can only create pods with an owner reference set to itself`);
  const own = context.get<Node>(resources.nodes, undefined, node);
  if (own && owner.uid !== own.metadata?.uid) throw forbidden(attributes, `node ${node} UID mismatch: expected ${owner.uid} got ${own.metadata?.uid ?? ''}`);
  if ((spec.serviceAccountName ?? '') !== '') throw forbidden(attributes, `node ${JSON.stringify(node)} can not create pods that reference a service account`);
}

function checkPodChange(attributes: AdmissionAttributes, node: string, context: AdmissionContext): void {
  const pod = (attributes.oldObject as Pod | undefined) ?? context.get<Pod>(resources.pods, attributes.namespace, attributes.name);
  if (pod && pod.spec?.nodeName !== node) {
    const verb = attributes.operation === 'DELETE' ? 'delete pods' : 'update pod status for pods';
    throw forbidden(attributes, `node ${JSON.stringify(node)} can only ${verb} with spec.nodeName set to itself`);
  }
  if (attributes.subresource === 'status' && !sameValue(attributes.object?.metadata['labels'], pod?.metadata?.labels)) {
    throw forbidden(attributes, `node ${JSON.stringify(node)} cannot update labels through pod status`);
  }
}

const ownLabels = new Set(['kubernetes.io/hostname', 'kubernetes.io/arch', 'kubernetes.io/os', 'beta.kubernetes.io/arch', 'beta.kubernetes.io/os', 'beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type', 'failure-domain.beta.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/region', 'topology.kubernetes.io/zone']);

/** Whether a label is Kubernetes' own and not a kubelet's to set. */
function isForbiddenLabel(label: string): boolean {
  const [domain = ''] = label.includes('/') ? label.split('/') : [''];
  if (domain === 'node-restriction.kubernetes.io' || domain.endsWith('.node-restriction.kubernetes.io')) return true;
  if (ownLabels.has(label) || domain === 'kubelet.kubernetes.io' || domain.endsWith('.kubelet.kubernetes.io') || domain === 'node.kubernetes.io' || domain.endsWith('.node.kubernetes.io')) return false;
  return domain === 'kubernetes.io' || domain.endsWith('.kubernetes.io') || domain === 'k8s.io' || domain.endsWith('.k8s.io');
}

function checkNode(attributes: AdmissionAttributes, node: string): void {
  if (attributes.name !== node) throw forbidden(attributes, `node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(attributes.name)}`);
  const now = attributes.object as unknown as Node | undefined;
  const old = attributes.oldObject as Node | undefined;
  if (!now || attributes.operation === 'DELETE') return;
  if (attributes.operation === 'CREATE' && now.spec?.configSource) throw forbidden(attributes, `node ${JSON.stringify(node)} is not allowed to create pods with a non-nil configSource`);
  if (old && !sameValue(now.spec?.taints, old.spec?.taints)) throw forbidden(attributes, `node ${JSON.stringify(node)} is not allowed to modify taints`);
  const changed = Object.keys({ ...now.metadata?.labels, ...old?.metadata?.labels }).filter((label) => now.metadata?.labels?.[label] !== old?.metadata?.labels?.[label] && isForbiddenLabel(label));
  if (changed.length > 0) throw forbidden(attributes, `is not allowed to ${old ? 'modify' : 'set'} the following labels: ${changed.sort().join(', ')}`);
}

/** A kubelet may only touch its own node and the Pods on it. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  handles: ({ operation, group, resource }) => operation !== 'CONNECT' && (group === '' ? resource === 'pods' || resource === 'nodes' : resource === 'leases' && group === 'coordination.k8s.io'),
  validate(attributes, context) {
    const node = nodeOf(attributes);
    if (node === undefined) return;
    const { resource, operation, subresource } = attributes;
    if (resource.group === '' && resource.resource === 'pods') {
      if (subresource === '' && operation === 'CREATE') checkPodCreate(attributes, node, context);
      else if (subresource === '' && operation === 'UPDATE') throw forbidden(attributes, `unexpected operation "UPDATE", node ${JSON.stringify(node)} can only create and delete mirror pods`);
      else if (subresource === '' || subresource === 'status') checkPodChange(attributes, node, context);
      else if (subresource !== 'eviction') throw forbidden(attributes, `unexpected pod subresource ${JSON.stringify(subresource)}, only 'status' and 'eviction' are allowed`);
    } else if (resource.group === '' && resource.resource === 'nodes') checkNode(attributes, node);
    else if (isFor(attributes, 'coordination.k8s.io', 'leases') && attributes.namespace === 'kube-node-lease' && operation !== 'DELETE' && attributes.name !== node) {
      throw forbidden(attributes, `can only access node lease with the same name as the requesting node`);
    }
  },
};
