import { parseAllDocuments } from 'yaml';
import { deepFreeze, type KubeObject, type Node, parseApiVersion, type Pod, resourceForKind } from '../../../simulator/api';
import { pathOf, resources } from '../../../simulator/client';
import type { Cluster } from '../../../simulator/cluster';

/** True for an object whose Ready condition holds. */
const isReady = ({ status }: Node | Pod): boolean => status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True') ?? false;

/** A Pod that is as it should be: ready, or done. */
const isFine = (pod: Pod): boolean => isReady(pod) || pod.status?.phase === 'Succeeded';

/** Every node is there and ready, and so are the cluster's own Pods. */
export function isUp(cluster: Cluster): boolean {
  const nodes = cluster.objects<Node & KubeObject>(resources.nodes);
  return nodes.length >= cluster.machines.size && nodes.length > 0 && nodes.every(isReady) && isSettled(cluster);
}

/** No Pod is still starting. */
export const isSettled = (cluster: Cluster): boolean => cluster.objects<Pod & KubeObject>(resources.pods).every(isFine);

/** Creates what a manifest holds. Throws with the API server's message when it refuses. */
export function applyManifest(cluster: Cluster, manifest: string): void {
  for (const document of parseAllDocuments(manifest)) {
    const object = deepFreeze(document.toJS() as KubeObject | null);
    if (object === null) continue;
    const info = resourceForKind({ ...parseApiVersion(object.apiVersion ?? ''), kind: object.kind ?? '' });
    if (info === undefined) throw new Error(`no kind ${object.apiVersion ?? ''} ${object.kind ?? ''}`);
    const url = pathOf(info, info.namespaced ? (object.metadata?.namespace ?? 'default') : undefined);
    const { status, body } = cluster.request({ method: 'POST', url, body: object });
    if (status >= 400) throw new Error((body as { readonly message?: string }).message ?? `${url} answered ${status}`);
  }
}
