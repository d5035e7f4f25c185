import type { CSIDriver, Node, PersistentVolume, PersistentVolumeClaim, Pod, ResourceSlice, StatusError, TokenRequest } from '../../api';
import { nodeOf } from '../authorization/node';
import { notFound } from '../errors';
import { sameValue } from '../resources/equality';
import { internalView } from '../resources/internal-view';
import { unifiedDiff } from '../resources/unified-diff';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from './plugin';
import { forbidden, resources } from './request';

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
    if (attributes.subresource === 'eviction') throw forbidden(attributes, `node ${node} can only evict pods with spec.nodeName set to itself`);
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
  if (changed.length > 0) throw forbidden(attributes, `${old ? 'is not allowed to modify labels' : `node ${JSON.stringify(node)} is not allowed to set the following labels`}: ${changed.sort().join(', ')}`);
}

/** A claim as the server's messages show it, without what a kubelet may change. */
function claimText({ metadata, spec, status }: PersistentVolumeClaim): string {
  const { resourceVersion, managedFields, ...rest } = internalView('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', metadata ?? {}) as Record<string, unknown>;
  const view = (of: string, value: object | undefined) => internalView(`io.k8s.api.core.v1.PersistentVolumeClaim${of}`, value ?? {});
  const { capacity, conditions, ...kept } = status ?? {};
  return JSON.stringify({ ...rest, Spec: view('Spec', spec), Status: view('Status', kept) }, undefined, 1);
}

function checkClaim(attributes: AdmissionAttributes, node: string): void {
  if (attributes.subresource !== 'status') throw forbidden(attributes, `unexpected resource ${JSON.stringify('persistentvolumeclaims')} and operation ${JSON.stringify(attributes.operation)}`);
  const before = claimText(attributes.oldObject as PersistentVolumeClaim);
  const after = claimText(attributes.object as unknown as PersistentVolumeClaim);
  if (before !== after) throw forbidden(attributes, `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions: ${unifiedDiff(before, after)}`);
}

/** Whether a Pod's volumes want tokens for this audience. Throws the 404 of a claim or volume that would have to say so. */
function wantsAudience(pod: Pod, audience: string, context: AdmissionContext): boolean {
  const ofDriver = (name: string): boolean => {
    const driver = context.get<CSIDriver>(resources.csidrivers, undefined, name);
    return driver?.spec?.tokenRequests?.some((request) => request.audience === audience) === true;
  };
  const ofClaim = (name: string): boolean => {
    const claim = context.get<PersistentVolumeClaim>(resources.persistentvolumeclaims, pod.metadata?.namespace, name);
    if (!claim) throw notFound({ group: '', resource: 'persistentvolumeclaim' }, name);
    const volumeName = claim.spec?.volumeName ?? '';
    const volume = volumeName === '' ? undefined : context.get<PersistentVolume>(resources.persistentvolumes, undefined, volumeName);
    return volume?.spec?.csi !== undefined && ofDriver(volume.spec.csi.driver);
  };
  return (pod.spec?.volumes ?? []).some(({ name, projected, csi, persistentVolumeClaim, ephemeral }) =>
    projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined && (serviceAccountToken.audience ?? '') === audience) === true
    || (csi !== undefined && ofDriver(csi.driver))
    || (persistentVolumeClaim !== undefined && ofClaim(persistentVolumeClaim.claimName))
    || (ephemeral !== undefined && ofClaim(`${pod.metadata?.name ?? ''}-${name}`)));
}

/** Kubelets ask for the tokens of their own Pods alone (KEP-4935). */
function checkToken(attributes: AdmissionAttributes, node: string, context: AdmissionContext): void {
  const { spec } = attributes.object as unknown as TokenRequest;
  const { apiVersion, kind, name = '', uid = '' } = spec?.boundObjectRef ?? {};
  if (apiVersion !== 'v1' || kind !== 'Pod' || name === '') throw forbidden(attributes, 'node requested token not bound to a pod');
  if (uid === '') throw forbidden(attributes, 'node requested token with a pod binding without a uid');
  const pod = context.get<Pod>(resources.pods, attributes.namespace, name);
  if (!pod) throw notFound({ group: '', resource: 'pod' }, name);
  if (uid !== pod.metadata?.uid) throw forbidden(attributes, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  if (pod.spec?.nodeName !== node) throw forbidden(attributes, 'node requested token bound to a pod scheduled on a different node');
  const audiences = spec?.audiences ?? [];
  if (audiences.length > 1) throw forbidden(attributes, 'node may only request 0 or 1 audiences');
  const [audience = ''] = audiences;
  if (audience !== '' && !allowsAudience(attributes, pod, audience, context)) {
    throw forbidden(attributes, `audience ${JSON.stringify(audience)} not found in pod spec volume, ${attributes.user.name} is not authorized to request tokens for this audience`);
  }
}

function allowsAudience(attributes: AdmissionAttributes, pod: Pod, audience: string, context: AdmissionContext): boolean {
  const { namespace = '', name, user } = attributes;
  try {
    if (wantsAudience(pod, audience, context)) return true;
  } catch (error) {
    throw forbidden(attributes, `error validating audience ${JSON.stringify(audience)}: ${(error as StatusError).message}`);
  }
  return context.authorize(user, 'request-serviceaccounts-token-audience', '', audience, '', namespace, name);
}

function checkSlice(attributes: AdmissionAttributes, node: string): void {
  const { operation, object, oldObject } = attributes;
  const nodeName = ((operation === 'CREATE' ? object : oldObject) as ResourceSlice | undefined)?.spec?.nodeName;
  if (operation !== 'UPDATE' && nodeName !== node) throw forbidden(attributes, `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`);
}

type Check = (attributes: AdmissionAttributes, node: string, context: AdmissionContext) => void;

function checkPod(attributes: AdmissionAttributes, node: string, context: AdmissionContext): void {
  const { operation, subresource } = attributes;
  if (subresource === '' && operation === 'CREATE') checkPodCreate(attributes, node, context);
  else if (subresource === '' && operation === 'UPDATE') throw forbidden(attributes, `unexpected operation "UPDATE", node ${JSON.stringify(node)} can only create and delete mirror pods`);
  else if (subresource === '' || subresource === 'status' || subresource === 'eviction') checkPodChange(attributes, node, context);
  else throw forbidden(attributes, `unexpected pod subresource ${JSON.stringify(subresource)}, only 'status' and 'eviction' are allowed`);
}

const checkOwnName = (what: string): Check => (attributes, node) => {
  if (attributes.operation !== 'DELETE' && attributes.name !== node) throw forbidden(attributes, `can only access ${what} with the same name as the requesting node`);
};

const checks: Readonly<Record<string, Check>> = {
  pods: checkPod,
  nodes: checkNode,
  persistentvolumeclaims: checkClaim,
  'serviceaccounts/token': checkToken,
  'leases.coordination.k8s.io': (attributes, ...rest) => {
    if (attributes.namespace === 'kube-node-lease') checkOwnName('node lease')(attributes, ...rest);
  },
  'csinodes.storage.k8s.io': checkOwnName('CSINode'),
  'resourceslices.resource.k8s.io': checkSlice,
};

function checkFor(group: string, resource: string, subresource: string): Check | undefined {
  const name = group === '' ? resource : `${resource}.${group}`;
  return checks[resource === 'serviceaccounts' ? `${name}/${subresource}` : name];
}

/** A kubelet may only touch its own node, the Pods on it, and what these refer to. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  handles: ({ operation, group, resource, subresource }) => operation !== 'CONNECT' && checkFor(group, resource, subresource) !== undefined,
  validate(attributes, context) {
    const node = nodeOf(attributes.user);
    if (node !== undefined) checkFor(attributes.resource.group, attributes.resource.resource, attributes.subresource)?.(attributes, node, context);
  },
};
