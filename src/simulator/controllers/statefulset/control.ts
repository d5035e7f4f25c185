import { isStatus, type OwnerReference, type PersistentVolumeClaim, type Pod, type StatefulSet } from '../../api';
import { type Client, controllerReference, deepEqual, type EventRecorder, type Informer, isApiFailure, isDeleting, meta, resources, withMeta } from '../../client';
import type { Task } from '../../kernel';
import { claimsOf, podNameLabel } from './identity';

/** Makes, mends and deletes the Pods of StatefulSets with their claims, and says so in events. */
export class StatefulPodControl {
  constructor(private readonly client: Client, private readonly recorder: EventRecorder, private readonly claims: Informer<PersistentVolumeClaim>) {}

  *create(set: StatefulSet, pod: Pod, ordinal: number): Task<Pod> {
    yield* this.createClaims(set, pod, ordinal);
    return yield* this.told(set, 'Create', meta(pod).name, () => this.client.create<Pod>(resources.pods, meta(set).namespace, pod));
  }

  *delete(set: StatefulSet, pod: Pod): Task {
    yield* this.told(set, 'Delete', meta(pod).name, () => this.client.delete(resources.pods, meta(pod).namespace, meta(pod).name));
  }

  /** Puts right the identity of a Pod and the owners of its claims. True when something was not right. */
  *mend(set: StatefulSet, pod: Pod, ordinal: number): Task<boolean> {
    const { name } = meta(pod);
    const claims = claimsOf(set, ordinal).flatMap((wanted) => this.claims.get(meta(set).namespace, meta(wanted).name) ?? []).filter((claim) => !isDeleting(claim));
    const wrong = claims.filter((claim) => !deepEqual(claim.metadata?.ownerReferences ?? [], ownersOf(set, claim, undefined)));
    const nameless = pod.metadata?.labels?.[podNameLabel] !== name;
    if (wrong.length === 0 && !nameless) return false;
    yield* this.told(set, 'Update', name, () => this.write(set, pod, wrong, nameless));
    return true;
  }

  /** Before a Pod is scaled away its claims become its own, so that they go with it, if the set says so. */
  *handOver(set: StatefulSet, pod: Pod, ordinal: number): Task {
    if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return;
    for (const wanted of claimsOf(set, ordinal)) {
      const claim = this.claims.get(meta(set).namespace, meta(wanted).name);
      if (!claim || isDeleting(claim)) continue;
      const ownerReferences = ownersOf(set, claim, pod);
      if (!deepEqual(claim.metadata?.ownerReferences ?? [], ownerReferences)) yield* this.client.update<PersistentVolumeClaim>(resources.persistentvolumeclaims, withMeta(claim, { ownerReferences }));
    }
  }

  private *write(set: StatefulSet, pod: Pod, wrong: readonly PersistentVolumeClaim[], nameless: boolean): Task {
    for (const claim of wrong) yield* this.client.update<PersistentVolumeClaim>(resources.persistentvolumeclaims, withMeta(claim, { ownerReferences: ownersOf(set, claim, undefined) }));
    if (nameless) yield* this.client.update<Pod>(resources.pods, withMeta(pod, { labels: { ...pod.metadata?.labels, [podNameLabel]: meta(pod).name } }));
  }

  private *createClaims(set: StatefulSet, pod: Pod, ordinal: number): Task {
    for (const claim of claimsOf(set, ordinal)) {
      const { name, namespace } = meta(claim);
      if (this.claims.get(namespace, name)) continue;
      try {
        yield* this.client.create<PersistentVolumeClaim>(resources.persistentvolumeclaims, namespace, claim);
      } catch (error) {
        if (isStatus(error, 'AlreadyExists')) continue;
        if (isApiFailure(error)) this.recorder.event(set, 'Warning', 'FailedCreate', `Create Claim ${name} for Pod ${meta(pod).name} in StatefulSet ${meta(set).name} failed error: ${error.message}`);
        throw error;
      }
      this.recorder.event(set, 'Normal', 'SuccessfulCreate', `Create Claim ${name} Pod ${meta(pod).name} in StatefulSet ${meta(set).name} success`);
    }
  }

  private *told<T>(set: StatefulSet, verb: 'Create' | 'Update' | 'Delete', name: string, act: () => Task<T>): Task<T> {
    try {
      const result = yield* act();
      this.recorder.event(set, 'Normal', `Successful${verb}`, `${verb} Pod ${name} in StatefulSet ${meta(set).name} successful`);
      return result;
    } catch (error) {
      if (isApiFailure(error)) this.recorder.event(set, 'Warning', `Failed${verb}`, `${verb} Pod ${name} in StatefulSet ${meta(set).name} failed error: ${error.message}`);
      throw error;
    }
  }
}

/** Whose a claim is by the set's retention policy; `leaving` is its Pod, when that is being scaled away. */
function ownersOf(set: StatefulSet, claim: PersistentVolumeClaim, leaving: Pod | undefined): OwnerReference[] {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const others = (claim.metadata?.ownerReferences ?? []).filter(({ kind, uid }) => uid !== meta(set).uid && kind !== 'Pod');
  if (leaving && whenScaled === 'Delete') return [...others, controllerReference(leaving, resources.pods)];
  return whenDeleted === 'Delete' ? [...others, controllerReference(set, resources.statefulsets)] : others;
}
