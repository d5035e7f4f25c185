import type { KubeObject, Pod, UserInfo } from '../../api';
import type { AccessRequest, Decision } from './authorizer';

/** What the node authoriser needs of the store. */
export interface NodeView {
  podsOf(nodeName: string): Iterable<KubeObject>;
  get(group: string, resource: string, namespace: string | undefined, name: string): KubeObject | undefined;
  list(group: string, resource: string, namespace?: string): readonly KubeObject[];
  /** The role system:node, which says what every kubelet may do. */
  staticRules(request: AccessRequest): boolean;
}

const prefix = 'system:node:';
const noOpinion: Decision = Object.freeze({ allowed: false, reason: '' });
const allow: Decision = Object.freeze({ allowed: true, reason: '' });
const deny = (reason: string): Decision => ({ allowed: false, reason });

/** The node that a member of system:nodes is, '' for one without a name; undefined for others. */
export function nodeOf({ name, groups }: UserInfo): string | undefined {
  return name.startsWith(prefix) && groups.includes('system:nodes') ? name.slice(prefix.length) : undefined;
}

interface References {
  readonly secrets: Set<string>;
  readonly configmaps: Set<string>;
  readonly claims: Set<string>;
  readonly serviceAccounts: Set<string>;
}

/** What each Pod refers to, worked out once for each version of it. */
const known = new WeakMap<KubeObject, References>();

function referencesOf(pod: KubeObject): References {
  let found = known.get(pod);
  if (!found) {
    found = { secrets: new Set(), configmaps: new Set(), claims: new Set(), serviceAccounts: new Set() };
    addReferences(pod as Pod, found);
    known.set(pod, found);
  }
  return found;
}

function some<T>(values: Iterable<T>, holds: (value: T) => boolean): boolean {
  for (const value of values) if (holds(value)) return true;
  return false;
}

/** Whether a Pod of the node refers to it (kubernetes.io: Using Node Authorization). */
const refer = (pods: Iterable<KubeObject>, kind: keyof References, key: string): boolean => some(pods, (pod) => referencesOf(pod)[kind].has(key));

function addReferences(pod: Pod, found: References): void {
  const namespace = pod.metadata?.namespace ?? '';
  const add = (set: Set<string>, name: string | undefined) => {
    if (name !== undefined && name !== '') set.add(`${namespace}/${name}`);
  };
  const spec = pod.spec;
  add(found.serviceAccounts, spec?.serviceAccountName);
  for (const secret of spec?.imagePullSecrets ?? []) add(found.secrets, secret.name);
  for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])]) {
    for (const { valueFrom } of container.env ?? []) {
      add(found.secrets, valueFrom?.secretKeyRef?.name);
      add(found.configmaps, valueFrom?.configMapKeyRef?.name);
    }
    for (const { secretRef, configMapRef } of container.envFrom ?? []) {
      add(found.secrets, secretRef?.name);
      add(found.configmaps, configMapRef?.name);
    }
  }
  for (const volume of spec?.volumes ?? []) {
    add(found.secrets, volume.secret?.secretName);
    add(found.configmaps, volume.configMap?.name);
    add(found.claims, volume.persistentVolumeClaim?.claimName);
    if (volume.ephemeral) add(found.claims, `${pod.metadata?.name ?? ''}-${volume.name}`);
    for (const source of volume.projected?.sources ?? []) {
      add(found.secrets, source.secret?.name);
      add(found.configmaps, source.configMap?.name);
    }
    add(found.secrets, volume.csi?.nodePublishSecretRef?.name);
  }
}

const reading = new Set(['get', 'list', 'watch']);

/** What kubelets may do: their own objects, and those that their own Pods refer to. */
export class NodeAuthorizer {
  constructor(private readonly view: NodeView) {}

  /** `selectedNode`: the node that the request's field selector pins (spec.nodeName, or metadata.name through the name). */
  authorize(request: AccessRequest, selectedNode: string | undefined): Decision {
    const node = nodeOf(request.user);
    if (node === undefined) return noOpinion;
    if (node === '') return deny(`unknown node for user ${JSON.stringify(request.user.name)}`);
    if (request.isResource) {
      const special = this.special(request, node, selectedNode);
      if (special !== undefined) return special;
    }
    return this.view.staticRules(request) ? allow : noOpinion;
  }

  private special(request: AccessRequest, node: string, selectedNode: string | undefined): Decision | undefined {
    const { resource, subresource } = request;
    switch (request.group === '' ? resource : `${resource}.${request.group}`) {
      case 'secrets':
      case 'configmaps':
        return this.readRelated(request, node, true);
      case 'persistentvolumeclaims':
        if (subresource === 'status') return request.verb === 'update' || request.verb === 'patch' ? this.related(request, node) : deny('can only get/update/patch this type');
        return this.getRelated(request, node);
      case 'persistentvolumes':
      case 'volumeattachments.storage.k8s.io':
      case 'resourceclaims.resource.k8s.io':
        return this.getRelated(request, node);
      case 'serviceaccounts':
        return this.account(request, node);
      case 'leases.coordination.k8s.io':
        return lease(request, node);
      case 'csinodes.storage.k8s.io':
        return csiNode(request, node);
      case 'nodes':
        return ownNode(request, node);
      case 'pods':
        return this.pods(request, node, selectedNode);
      case 'resourceslices.resource.k8s.io':
        return this.slice(request, node, selectedNode);
      default:
        return undefined;
    }
  }

  private readRelated(request: AccessRequest, node: string, namespaced: boolean): Decision {
    if (!reading.has(request.verb)) return deny('can only read resources of this type');
    if (request.subresource !== '') return deny('cannot read subresource');
    if (namespaced && request.namespace === '') return deny('can only read namespaced object of this type');
    return this.related(request, node);
  }

  private getRelated(request: AccessRequest, node: string): Decision {
    if (request.verb !== 'get') return deny('can only get individual resources of this type');
    if (request.subresource !== '') return deny('cannot get subresource');
    return this.related(request, node);
  }

  private account(request: AccessRequest, node: string): Decision {
    if (request.subresource !== '' && request.subresource !== 'token') return deny('can only create token subresource of serviceaccount');
    if (request.verb !== (request.subresource === 'token' ? 'create' : 'get')) return deny('can only create tokens for individual service accounts');
    return this.related(request, node);
  }

  private slice(request: AccessRequest, node: string, selectedNode: string | undefined): Decision {
    if (request.subresource !== '') return deny('cannot authorize ResourceSlice subresources');
    if (['list', 'watch', 'deletecollection'].includes(request.verb)) return selectedNode === node ? allow : deny('can only list/watch/deletecollection resourceslices with nodeName field selector');
    if (request.verb === 'create') return allow;
    return ['get', 'update', 'patch', 'delete'].includes(request.verb) ? this.related(request, node) : deny("only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection");
  }

  private pods(request: AccessRequest, node: string, selectedNode: string | undefined): Decision | undefined {
    if (request.subresource !== '') return undefined;
    if (request.verb === 'get') return this.related(request, node);
    if (request.verb !== 'list' && request.verb !== 'watch') return undefined;
    return selectedNode === node ? allow : deny('can only list/watch pods with spec.nodeName field selector');
  }

  private related(request: AccessRequest, node: string): Decision {
    if (request.name === '') return deny('No Object name found');
    return this.isRelated(request, node) ? allow : deny(`no relationship found between node '${node}' and this object`);
  }

  private isRelated({ resource, namespace, name }: AccessRequest, node: string): boolean {
    const pods = this.view.podsOf(node);
    const key = `${namespace}/${name}`;
    switch (resource) {
      case 'pods':
        return (this.view.get('', 'pods', namespace, name) as Pod | undefined)?.spec?.nodeName === node;
      case 'secrets':
        return refer(pods, 'secrets', key);
      case 'configmaps':
        return refer(pods, 'configmaps', key);
      case 'serviceaccounts':
        return refer(pods, 'serviceAccounts', key);
      case 'persistentvolumeclaims':
        return refer(pods, 'claims', key);
      case 'persistentvolumes':
        return some(pods, (pod) => some(referencesOf(pod).claims, (claim) => {
          const [ns, claimName] = claim.split('/') as [string, string];
          return (this.view.get('', 'persistentvolumeclaims', ns, claimName) as { spec?: { volumeName?: string } } | undefined)?.spec?.volumeName === name;
        }));
      case 'volumeattachments':
        return (this.view.get('storage.k8s.io', 'volumeattachments', undefined, name) as { spec?: { nodeName?: string } } | undefined)?.spec?.nodeName === node;
      case 'resourceslices':
        return (this.view.get('resource.k8s.io', 'resourceslices', undefined, name) as { spec?: { nodeName?: string } } | undefined)?.spec?.nodeName === node;
      case 'resourceclaims':
        return some(pods, (pod) => pod.metadata?.namespace === namespace && (pod as Pod).status?.resourceClaimStatuses?.some((claim) => claim.resourceClaimName === name) === true);
      default:
        return false;
    }
  }
}

function lease(request: AccessRequest, node: string): Decision {
  if (request.namespace !== 'kube-node-lease') return deny('can only access leases in the "kube-node-lease" system namespace');
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(request.verb)) return deny('can only get, create, update, patch, or delete a node lease');
  if (request.verb !== 'create' && request.name !== node) return deny('can only access node lease with the same name as the requesting node');
  return allow;
}

function csiNode(request: AccessRequest, node: string): Decision {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(request.verb)) return deny('can only get, create, update, patch, or delete a CSINode');
  if (request.subresource !== '') return deny('cannot authorize CSINode subresources');
  if (request.verb !== 'create' && request.name !== node) return deny('can only access CSINode with the same name as the requesting node');
  return allow;
}

function ownNode(request: AccessRequest, node: string): Decision | undefined {
  if (!reading.has(request.verb) || request.subresource !== '') return undefined;
  if (request.name === node) return allow;
  return deny(request.name === '' ? `node '${node}' cannot read all nodes, only its own Node object` : `node '${node}' cannot read '${request.name}', only its own Node object`);
}
