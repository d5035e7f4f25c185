import { parseAllDocuments } from 'yaml';
import { deepFreeze, type KubeObject, parseApiVersion, resourceForKind } from '../../../simulator/api';
import { pathOf } from '../../../simulator/client';
import type { Cluster } from '../../../simulator/cluster';

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
