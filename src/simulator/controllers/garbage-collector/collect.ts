import { isStatus, type KubeObject, type OwnerReference } from '../../api';
import { type Client, isDeleting, meta, type Resource } from '../../client';
import type { Task } from '../../kernel';
import { foregroundFinalizer, type Graph, type GraphNode, orphanFinalizer } from './graph';

/** What collecting works with. */
export interface Collector {
  readonly client: Client;
  readonly graph: Graph;
  check(node: GraphNode): void;
  resourceOf(reference: OwnerReference): Resource | undefined;
}

type Policy = 'Orphan' | 'Background' | 'Foreground';

const namespaceOf = (node: GraphNode): string | undefined => (node.namespace === '' ? undefined : node.namespace);

/** The stored object, if it is still the one that the graph means. */
function* live({ client }: Collector, node: GraphNode): Task<KubeObject | undefined> {
  if (!node.resource) return undefined;
  try {
    const object = yield* client.get<KubeObject>(node.resource, namespaceOf(node), node.name);
    return meta(object).uid === node.uid ? object : undefined;
  } catch (error) {
    if (isStatus(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Looks at one object: deletes it when no owner is left, takes owners that are gone out of it, or goes on with a foreground deletion. */
export function* collect(collector: Collector, node: GraphNode): Task {
  if (collector.graph.get(node.uid) !== node) return;
  if (node.virtual && !node.resource) return;
  if (node.deleting && !node.deletingDependents) return;
  if (!node.virtual && !node.deletingDependents && node.owners.length === 0) return;
  const object = yield* live(collector, node);
  // Gone without an event, or never there: its dependents must hear of it.
  if (!object) return collector.graph.remove(node.uid);
  if (node.virtual) return collector.graph.observe(object, node.resource as Resource);
  if (node.deletingDependents) return yield* deleteDependents(collector, node, object);
  const sorted = yield* sortOwners(collector, node, object.metadata?.ownerReferences ?? []);
  if (sorted.unknown) return;
  const { solid, gone, waiting } = sorted;
  if (solid.length + gone.length + waiting.length === 0) return;
  if (solid.length > 0) {
    if (gone.length + waiting.length > 0) yield* dropOwners(collector, node, object, [...gone, ...waiting]);
    return;
  }
  const blocking = waiting.length > 0 && node.dependents.size > 0;
  if (blocking && [...node.dependents].some((dependent) => dependent.deletingDependents)) yield* unblock(collector, node, object);
  yield* deleteObject(collector, node, blocking ? 'Foreground' : policyOf(object));
}

function policyOf(object: KubeObject): Policy {
  const finalizers = object.metadata?.finalizers ?? [];
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}

interface Owners {
  readonly solid: readonly OwnerReference[];
  readonly gone: readonly OwnerReference[];
  /** They wait for this object, in the foreground. */
  readonly waiting: readonly OwnerReference[];
  /** One is of a kind that is not served: nothing can be said. */
  readonly unknown: boolean;
}

function* sortOwners(collector: Collector, node: GraphNode, owners: readonly OwnerReference[]): Task<Owners> {
  const solid: OwnerReference[] = [];
  const gone: OwnerReference[] = [];
  const waiting: OwnerReference[] = [];
  for (const reference of owners) {
    const known = collector.graph.get(reference.uid);
    if (known && !known.virtual && known.namespace !== '' && known.namespace !== node.namespace) gone.push(reference);
    else if (known && !known.virtual) (known.deletingDependents ? waiting : solid).push(reference);
    else {
      const resource = collector.resourceOf(reference);
      if (!resource) return { solid, gone, waiting, unknown: true };
      const owner = yield* live(collector, { ...stub(reference, node, resource) });
      if (!owner) gone.push(reference);
      else if (isDeleting(owner) && owner.metadata?.finalizers?.includes(foregroundFinalizer)) waiting.push(reference);
      else solid.push(reference);
    }
  }
  return { solid, gone, waiting, unknown: false };
}

const stub = ({ uid, name }: OwnerReference, dependent: GraphNode, resource: Resource): GraphNode => ({
  uid, name, namespace: resource.namespaced ? dependent.namespace : '', resource,
  owners: [], dependents: new Set(), deleting: false, deletingDependents: false, virtual: true,
});

function* deleteObject({ client }: Collector, node: GraphNode, propagationPolicy: Policy): Task {
  try {
    yield* client.delete(node.resource as Resource, namespaceOf(node), node.name, { propagationPolicy, preconditions: { uid: node.uid } });
  } catch (error) {
    if (!isStatus(error, 'NotFound') && !isStatus(error, 'Conflict')) throw error;
  }
}

/** Patches of metadata carry the UID, so that they never hit another object with the same name. */
function* patchMetadata({ client }: Collector, node: GraphNode, object: KubeObject, metadata: Readonly<Record<string, unknown>>): Task {
  const patch = { metadata: { uid: node.uid, resourceVersion: meta(object).resourceVersion, ...metadata } };
  try {
    yield* client.patch(node.resource as Resource, namespaceOf(node), node.name, 'application/merge-patch+json', patch);
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}

function* dropOwners(collector: Collector, node: GraphNode, object: KubeObject, dropped: readonly OwnerReference[]): Task {
  const ownerReferences = (object.metadata?.ownerReferences ?? []).filter(({ uid }) => !dropped.some((reference) => reference.uid === uid));
  yield* patchMetadata(collector, node, object, { ownerReferences });
}

function* unblock(collector: Collector, node: GraphNode, object: KubeObject): Task {
  const ownerReferences = (object.metadata?.ownerReferences ?? []).map((reference) => ({ ...reference, blockOwnerDeletion: false }));
  yield* patchMetadata(collector, node, object, { ownerReferences });
}

function* dropFinalizer(collector: Collector, node: GraphNode, finalizer: string): Task {
  const object = yield* live(collector, node);
  const finalizers = object?.metadata?.finalizers;
  if (!object || !finalizers?.includes(finalizer)) return;
  yield* patchMetadata(collector, node, object, { finalizers: finalizers.filter((entry) => entry !== finalizer) });
}

function* deleteDependents(collector: Collector, node: GraphNode, object: KubeObject): Task {
  const blocking = [...node.dependents].filter((dependent) => dependent.owners.some(({ uid, blockOwnerDeletion }) => uid === node.uid && blockOwnerDeletion));
  if (blocking.length === 0) {
    if (object.metadata?.finalizers?.includes(foregroundFinalizer)) yield* dropFinalizer(collector, node, foregroundFinalizer);
    return;
  }
  for (const dependent of blocking) if (!dependent.deletingDependents) collector.check(dependent);
}

/** Sets the dependents of an object free, then lets it go. */
export function* orphanDependents(collector: Collector, node: GraphNode): Task {
  for (const dependent of [...node.dependents]) {
    const object = yield* live(collector, dependent);
    if (!object) continue;
    const reference = object.metadata?.ownerReferences?.find(({ uid }) => uid === node.uid);
    if (reference) yield* dropOwners(collector, dependent, object, [reference]);
  }
  yield* dropFinalizer(collector, node, orphanFinalizer);
}
