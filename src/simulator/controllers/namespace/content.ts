import { type KubeObject, isStatus, type Pod } from '../../api';
import { type Client, isApiFailure, type Resource } from '../../client';
import type { Task } from '../../kernel';

/** What is left of a namespace after an attempt to empty it. */
export interface Remains {
  /** Objects by resource ('configmaps.', 'deployments.apps'). */
  readonly resources: ReadonlyMap<string, number>;
  /** Objects by finalizer. */
  readonly finalizers: ReadonlyMap<string, number>;
  /** Seconds that what is left may take; 0 when nothing is left. */
  readonly seconds: number;
  readonly failures: readonly string[];
}

/** What finalizers may take, in seconds. */
const finalizerPatience = 15;

/** Deletes all that a namespace holds, Pods first: as long as some are left nothing else goes (KEP-5080). */
export function* emptyNamespace(client: Client, served: readonly Resource[], namespace: string): Task<Remains> {
  const remains = { resources: new Map<string, number>(), finalizers: new Map<string, number>(), seconds: 0, failures: [] as string[] };
  const namespaced = served.filter((resource) => resource.namespaced);
  const isPods = ({ group, resource }: Resource) => group === '' && resource === 'pods';
  for (const resource of namespaced.filter(isPods)) yield* clear(client, resource, namespace, remains);
  if (remains.resources.size > 0) return remains;
  for (const resource of namespaced.filter((other) => !isPods(other))) yield* clear(client, resource, namespace, remains);
  return remains;
}

type Mutable = { resources: Map<string, number>; finalizers: Map<string, number>; seconds: number; failures: string[] };

function* clear(client: Client, resource: Resource, namespace: string, remains: Mutable): Task {
  try {
    let items = (yield* client.list<KubeObject>(resource, namespace)).items;
    if (items.length === 0) return;
    yield* client.deleteCollection(resource, namespace, { propagationPolicy: 'Background' });
    items = (yield* client.list<KubeObject>(resource, namespace)).items;
    if (items.length === 0) return;
    remains.resources.set(`${resource.resource}.${resource.group}`, items.length);
    for (const item of items) {
      const finalizers = item.metadata?.finalizers ?? [];
      for (const finalizer of finalizers) remains.finalizers.set(finalizer, (remains.finalizers.get(finalizer) ?? 0) + 1);
      const grace = resource.resource === 'pods' ? ((item as Pod).metadata?.deletionGracePeriodSeconds ?? (item as Pod).spec?.terminationGracePeriodSeconds ?? 0) : 0;
      remains.seconds = Math.max(remains.seconds, finalizers.length > 0 ? finalizerPatience : 1, grace);
    }
  } catch (error) {
    if (!isApiFailure(error)) throw error;
    if (!isStatus(error, 'NotFound') && !isStatus(error, 'MethodNotAllowed')) remains.failures.push(error.message);
  }
}
