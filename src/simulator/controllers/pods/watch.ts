import type { Pod } from '../../api';
import { controllerOf, type Expectations, type Informer, isDeleting, keyOf } from '../../client';
import { deepEqual } from '../../client';
import { seconds } from '../../kernel';
import { controllerKey } from './claim';
import { isReady } from './state';

export interface PodWatch {
  readonly pods: Informer<Pod>;
  readonly owners: Informer;
  /** ReplicaSet, Job … */
  readonly kind: string;
  readonly expectations?: Expectations;
  enqueue(key: string, pod: Pod): void;
  /** A Pod without a controller came, or changed its labels or owner: who may want it? */
  orphan?(pod: Pod): void;
  /** The owner is to look again after so long: a Pod of it has become ready. */
  enqueueAfter?(key: string, delay: number): void;
  minReadySeconds?(key: string): number;
}

/** Tells the owners of one kind what happens to their Pods, and their expectations what has come and gone. */
export function watchPodsOf({ pods, owners, kind, expectations, enqueue, orphan, enqueueAfter, minReadySeconds }: PodWatch): void {
  const gone = (pod: Pod): void => {
    const key = controllerKey(pod, kind, owners);
    if (key === undefined) return;
    expectations?.deletionObserved(key, keyOf(pod));
    enqueue(key, pod);
  };
  pods.addHandlers({
    add(pod) {
      if (isDeleting(pod)) return gone(pod);
      if (controllerOf(pod)) {
        const key = controllerKey(pod, kind, owners);
        if (key === undefined) return;
        expectations?.creationObserved(key);
        enqueue(key, pod);
      } else orphan?.(pod);
    },
    update(old, pod) {
      if (isDeleting(pod)) {
        gone(pod);
        if (old.metadata?.labels !== pod.metadata?.labels) gone(old);
        return;
      }
      const before = controllerOf(old);
      const after = controllerOf(pod);
      if (before && before.uid !== after?.uid) {
        const key = controllerKey(old, kind, owners);
        if (key !== undefined) enqueue(key, old);
      }
      if (after) {
        const key = controllerKey(pod, kind, owners);
        if (key === undefined) return;
        enqueue(key, pod);
        const wait = minReadySeconds?.(key) ?? 0;
        if (wait > 0 && !isReady(old) && isReady(pod)) enqueueAfter?.(key, seconds(wait + 1));
      } else if (before || !deepEqual(old.metadata?.labels, pod.metadata?.labels)) orphan?.(pod);
    },
    delete: gone,
  });
}
