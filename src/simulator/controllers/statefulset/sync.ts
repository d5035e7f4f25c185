import type { ControllerRevision, Pod, StatefulSet, StatefulSetStatus } from '../../api';
import { type EventRecorder, isDeleting, meta } from '../../client';
import type { Task, Time } from '../../kernel';
import { isReady, isTerminal, untilAvailable } from '../pods';
import { hashOf, ownerAt } from '../revisions';
import type { StatefulPodControl } from './control';
import { makePod, ordinalOf, revisionOf, startOf } from './identity';

export interface StatefulSync {
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly control: StatefulPodControl;
  readonly recorder: EventRecorder;
  readonly now: Time;
}

const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);
const isAvailable = ({ set, now }: StatefulSync, pod: Pod): boolean => isRunningAndReady(pod) && untilAvailable(pod, set.spec?.minReadySeconds ?? 0, now) === 0;
const isHealthy = (pod: Pod | undefined): boolean => pod !== undefined && isRunningAndReady(pod) && !isDeleting(pod);
const isOrdered = ({ spec }: StatefulSet): boolean => spec?.podManagementPolicy !== 'Parallel';

/** The Pods by ordinal, and those beyond the last (highest first). */
function sortPods({ set, pods }: StatefulSync): { slots: (Pod | undefined)[]; condemned: Pod[] } {
  const first = startOf(set);
  const slots = new Array<Pod | undefined>(set.spec?.replicas ?? 0).fill(undefined);
  const condemned: Pod[] = [];
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod) ?? -1;
    if (ordinal >= first && ordinal < first + slots.length) slots[ordinal - first] = pod;
    else if (ordinal >= 0) condemned.push(pod);
  }
  condemned.sort((a, b) => (ordinalOf(set, b) ?? 0) - (ordinalOf(set, a) ?? 0));
  return { slots, condemned };
}

/** The Pod of an ordinal as it is to be made now: below the partition it stays what it was. */
function podFor({ set, current, update }: StatefulSync, ordinal: number): Pod {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  const old = type === 'RollingUpdate' && (rollingUpdate?.partition !== undefined
    ? ordinal < startOf(set) + rollingUpdate.partition
    : ordinal < startOf(set) + (set.status?.currentReplicas ?? 0));
  const revision = old ? current : update;
  return makePod(ownerAt(set, revision), ordinal, hashOf(revision));
}

/** Takes the next steps for a set; gives its Pods as they are afterwards. */
export function* advance(sync: StatefulSync): Task<readonly Pod[]> {
  const { set } = sync;
  const { slots, condemned } = sortPods(sync);
  const pods = () => [...slots.flatMap((pod) => pod ?? []), ...condemned];
  if (isDeleting(set)) return pods();
  if (!(yield* fill(sync, slots))) return pods();
  if (!(yield* shrink(sync, slots, condemned))) return pods();
  if (set.spec?.updateStrategy?.type !== 'OnDelete') yield* roll(sync, slots);
  return pods();
}

/** Makes what is missing and mends what is there; false when an ordered set has to wait. */
function* fill(sync: StatefulSync, slots: (Pod | undefined)[]): Task<boolean> {
  const { set, control } = sync;
  const ordered = isOrdered(set);
  for (let i = 0; i < slots.length; i++) {
    const ordinal = startOf(set) + i;
    let pod = slots[i];
    if (pod && isTerminal(pod)) {
      yield* remake(sync, pod);
      pod = slots[i];
      if (ordered) return false;
      continue;
    }
    if (!pod) {
      slots[i] = yield* control.create(set, podFor(sync, ordinal), ordinal);
      if (ordered) return false;
      continue;
    }
    if (ordered && (isDeleting(pod) || !isRunningAndReady(pod) || !isAvailable(sync, pod))) return false;
    if (!isDeleting(pod)) yield* control.mend(set, pod, ordinal);
  }
  return true;
}

/** An ended Pod goes, so that another may come in its place. */
function* remake({ set, control, recorder }: StatefulSync, pod: Pod): Task {
  const failed = pod.status?.phase === 'Failed';
  const what = `StatefulSet ${meta(set).namespace}/${meta(set).name} is recreating ${failed ? 'failed' : 'terminated'} Pod ${meta(pod).name}`;
  recorder.event(set, failed ? 'Warning' : 'Normal', failed ? 'RecreatingFailedPod' : 'RecreatingTerminatedPod', what);
  if (!isDeleting(pod)) yield* control.delete(set, pod);
}

/** Deletes Pods beyond the last, from the top; false when an ordered set has to wait. */
function* shrink({ set, control }: StatefulSync, slots: readonly (Pod | undefined)[], condemned: readonly Pod[]): Task<boolean> {
  const ordered = isOrdered(set);
  const firstUnhealthy = [...slots, ...[...condemned].reverse()].find((pod) => !isHealthy(pod));
  for (const pod of condemned) {
    if (isDeleting(pod)) {
      if (ordered) return false;
      continue;
    }
    if (ordered && !isRunningAndReady(pod) && pod !== firstUnhealthy) return false;
    yield* control.handOver(set, pod, ordinalOf(set, pod) ?? 0);
    yield* control.delete(set, pod);
    if (ordered) return false;
  }
  return true;
}

/** Replaces Pods of older revisions, one at a time from the top down to the partition. */
function* roll({ set, control, update }: StatefulSync, slots: readonly (Pod | undefined)[]): Task {
  const lowest = set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let i = slots.length - 1; i >= lowest; i--) {
    const pod = slots[i];
    if (!pod) return;
    if (revisionOf(pod) !== hashOf(update) && !isDeleting(pod)) return yield* control.delete(set, pod);
    if (!isHealthy(pod)) return;
  }
}

/** The status that the set has with these Pods; a finished rollout makes the update revision the current one. */
export function statusOf(sync: StatefulSync, pods: readonly Pod[]): StatefulSetStatus {
  const { set, current, update } = sync;
  const count = (holds: (pod: Pod) => boolean) => pods.filter(holds).length;
  const alive = (pod: Pod) => !isDeleting(pod);
  const readyReplicas = count(isRunningAndReady);
  const availableReplicas = count((pod) => isAvailable(sync, pod));
  let currentReplicas = count((pod) => alive(pod) && revisionOf(pod) === hashOf(current));
  const updatedReplicas = count((pod) => alive(pod) && revisionOf(pod) === hashOf(update));
  let currentRevision = meta(current).name;
  const done = set.spec?.updateStrategy?.type === 'RollingUpdate' && updatedReplicas === pods.length && readyReplicas === pods.length && pods.length === (set.spec.replicas ?? 0);
  if (done) {
    currentReplicas = updatedReplicas;
    currentRevision = meta(update).name;
  }
  return {
    observedGeneration: meta(set).generation ?? 0,
    replicas: pods.length,
    ...(readyReplicas > 0 && { readyReplicas }),
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(updatedReplicas > 0 && { updatedReplicas }),
    currentRevision, updateRevision: meta(update).name,
    collisionCount: set.status?.collisionCount ?? 0,
    availableReplicas,
  };
}
