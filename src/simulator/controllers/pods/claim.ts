import { type GroupVersionKind, isStatus, type KubeObject } from '../../api';
import { type Client, controllerOf, controllerReference, type Informer, isDeleting, keyOf, type LabelMatcher, meta, type Resource, withoutOwner } from '../../client';
import type { Task } from '../../kernel';

const controllerIndex = 'controller';

/** Indexes an informer by the UID of the controller, and what has none by namespace. */
export function indexByController<T extends KubeObject>(informer: Informer<T>): void {
  informer.store.addIndex(controllerIndex, (object) => [controllerOf(object)?.uid ?? `orphans of ${object.metadata?.namespace ?? ''}`]);
}

/** The objects that the controller with this UID owns. */
export const ownedBy = <T extends KubeObject>(informer: Informer<T>, uid: string): T[] => informer.store.by(controllerIndex, uid);

/** The objects of a namespace that no controller owns. */
export const orphansOf = <T extends KubeObject>(informer: Informer<T>, namespace: string): T[] => informer.store.by(controllerIndex, `orphans of ${namespace}`);

/** Whether any object of a namespace has no controller. */
export const hasOrphans = (informer: Informer, namespace: string): boolean => informer.store.count(controllerIndex, `orphans of ${namespace}`) > 0;

/** What decides whose an object is. */
export interface Claim<T extends KubeObject> {
  readonly client: Client;
  readonly informer: Informer<T>;
  readonly owner: KubeObject;
  readonly ownerKind: Resource & GroupVersionKind;
  readonly matches: LabelMatcher;
  /** Objects that may be claimed besides the labels; default: all. */
  readonly eligible?: (object: T) => boolean;
  /** Finalizers that an adopted object gets. */
  readonly finalizers?: readonly string[];
}

/**
 * What belongs to `owner`: what it owns and still selects. It adopts what it selects and nobody owns (after asking the
 * server whether it still exists itself), and lets go of what it no longer selects.
 */
export function* claim<T extends KubeObject>(request: Claim<T>): Task<T[]> {
  const { informer, owner, matches, eligible } = request;
  const claimed: T[] = [];
  const strangers: T[] = [];
  for (const object of ownedBy(informer, meta(owner).uid)) (matches(object.metadata?.labels) && (eligible?.(object) ?? true) ? claimed : strangers).push(object);
  return claimed.concat(yield* settleClaims(request, strangers));
}

/** The half of `claim` that asks for something: lets go of `strangers`, which it owns, and adopts. Gives what it adopted. */
export function* settleClaims<T extends KubeObject>(request: Claim<T>, strangers: readonly T[]): Task<T[]> {
  const { informer, owner, matches, eligible } = request;
  if (isDeleting(owner)) return [];
  for (const object of strangers) yield* release(request, object);
  const claimed: T[] = [];
  let allowed: boolean | undefined;
  for (const object of orphansOf(informer, meta(owner).namespace)) {
    if (!matches(object.metadata?.labels) || !(eligible?.(object) ?? true) || isDeleting(object)) continue;
    allowed ??= yield* mayAdopt(request);
    if (!allowed) break;
    const adopted = yield* adopt(request, object);
    if (adopted) claimed.push(adopted);
  }
  return claimed;
}

function* mayAdopt<T extends KubeObject>({ client, owner, ownerKind }: Claim<T>): Task<boolean> {
  const { namespace, name, uid } = meta(owner);
  const fresh = yield* client.get<KubeObject>(ownerKind, namespace, name);
  return meta(fresh).uid === uid && !isDeleting(fresh);
}

function* adopt<T extends KubeObject>({ client, informer, owner, ownerKind, finalizers }: Claim<T>, object: T): Task<T | undefined> {
  const patch = { metadata: { ownerReferences: [controllerReference(owner, ownerKind)], uid: meta(object).uid, ...(finalizers && { finalizers }) } };
  try {
    return yield* client.patch<T>(informer.resource, meta(object).namespace, meta(object).name, 'application/strategic-merge-patch+json', patch);
  } catch (error) {
    if (isStatus(error, 'NotFound')) return undefined;
    throw error;
  }
}

function* release<T extends KubeObject>({ client, informer, owner }: Claim<T>, object: T): Task {
  try {
    yield* client.patch(informer.resource, meta(object).namespace, meta(object).name, 'application/strategic-merge-patch+json', withoutOwner(object, owner));
  } catch (error) {
    // Gone, or another with its name: nothing is left to let go of.
    if (!isStatus(error, 'NotFound') && !isStatus(error, 'Invalid')) throw error;
  }
}

/** The key of the object that controls `object`, if it is of this kind and the informer knows it under this UID. */
export function controllerKey(object: KubeObject, kind: string, informer: Informer): string | undefined {
  const reference = controllerOf(object);
  if (reference?.kind !== kind) return undefined;
  const owner = informer.get(meta(object).namespace, reference.name);
  return owner && meta(owner).uid === reference.uid ? keyOf(owner) : undefined;
}
