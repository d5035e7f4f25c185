import { parseAllDocuments } from 'yaml';
import { deepFreeze, isStatus, type KubeObject, parseApiVersion } from '../../api';
import { type Client, isApiFailure, resourceList, resources } from '../../client';
import { milliseconds, sleep, type Task } from '../../kernel';
import { addonManifests } from './manifests';

/** Objects of a stream of YAML documents, Lists opened. */
export function objectsOf(manifests: string): KubeObject[] {
  return parseAllDocuments(manifests, { version: '1.1', merge: true }).flatMap((document) => {
    if ('empty' in document) return [];
    const object = document.toJS() as (KubeObject & { readonly items?: readonly KubeObject[] }) | null;
    return object?.kind === 'List' ? (object.items ?? []) : object ? [object] : [];
  });
}

/** Creates objects of built-in kinds one after the other; waits for the API server, leaves alone what is there. */
export function* createAll(client: Client, objects: readonly KubeObject[]): Task {
  for (const object of objects) {
    const { group, version } = parseApiVersion(object.apiVersion ?? '');
    const resource = resourceList.find((entry) => entry.group === group && entry.version === version && entry.kind === object.kind);
    if (!resource) throw new Error(`no resource holds ${object.apiVersion} ${object.kind}`);
    const namespace = resource.namespaced ? (object.metadata?.namespace ?? 'default') : undefined;
    for (;;) {
      try {
        yield* client.create(resource, namespace, object);
        break;
      } catch (error) {
        if (isStatus(error, 'AlreadyExists')) break;
        if (!isApiFailure(error) || (isStatus(error) && error.code !== 403 && error.code !== 404 && error.code < 500)) throw error;
        yield* sleep(milliseconds(100)); // not up yet, or the namespace's service account is still to come
      }
    }
  }
}

/** kubeadm's mark-control-plane: the labels that a kubelet may not set itself. Waits for the node. */
function* markControlPlane(client: Client, node: string): Task {
  const labels = { 'node-role.kubernetes.io/control-plane': '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
  for (;;) {
    try {
      yield* client.patch(resources.nodes, undefined, node, 'application/merge-patch+json', { metadata: { labels } });
      return;
    } catch (error) {
      if (!isApiFailure(error)) throw error;
    }
    yield* sleep(milliseconds(100));
  }
}

/** The addons' objects: read once, then shared by all clusters. */
let addons: readonly KubeObject[] | undefined;

/** kubeadm's last steps; `nodes` are those of the control plane. */
export function* installAddons(client: Client, nodes: readonly string[]): Task {
  for (const node of nodes) yield* markControlPlane(client, node);
  addons ??= deepFreeze(objectsOf(addonManifests));
  yield* createAll(client, addons);
}
