import type { ReplicaSet } from '../../api';
import { meta } from '../../client';
import type { Task } from '../../kernel';
import { isTerminal, ownedBy } from '../pods';
import { isComplete } from './conditions';
import { findSets } from './new-set';
import { annotation, byCreation, byRevision, bySize, isRollingUpdate, maxSurge, maxUnavailable, newSetSize, proportion, replicasOf, sizeOf, totalAvailable, totalSize, withReplicas } from './rules';
import { allOf, cleanUp, scaleSet, type Sets, type Sync, syncCounts, syncRolloutStatus } from './sync';

/** RollingUpdate: the new set grows and the old ones shrink, one step a sync, within surge and unavailability. */
export function* rollOut(sync: Sync): Task {
  const sets = yield* findSets(sync, true);
  const { newSet, old } = sets;
  if (!newSet) return;
  const scaled = yield* scaleSet(sync, newSet, newSetTarget(sync, sets, newSet));
  if (scaled !== newSet) return yield* syncRolloutStatus(sync, { newSet: scaled, old });
  const shrunk = yield* shrinkOld(sync, newSet, old);
  if (shrunk) return yield* syncRolloutStatus(sync, { newSet, old: shrunk });
  if (isComplete(sync.deployment, sync.deployment.status ?? {})) yield* cleanUp(sync, old);
  yield* syncRolloutStatus(sync, sets);
}

function newSetTarget({ deployment }: Sync, sets: Sets, newSet: ReplicaSet): number {
  if (sizeOf(newSet) > replicasOf(deployment)) return replicasOf(deployment);
  return sizeOf(newSet) === replicasOf(deployment) ? sizeOf(newSet) : newSetSize(deployment, allOf(sets), sizeOf(newSet));
}

/** The old sets after one step down; undefined when none can be taken. */
function* shrinkOld(sync: Sync, newSet: ReplicaSet, old: readonly ReplicaSet[]): Task<readonly ReplicaSet[] | undefined> {
  const { deployment } = sync;
  if (totalSize(old) === 0) return undefined;
  const leastAvailable = replicasOf(deployment) - maxUnavailable(deployment);
  const newUnavailable = sizeOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const spare = totalSize(old) + sizeOf(newSet) - leastAvailable - newUnavailable;
  // A set that tells of more available Pods than it is to have has not caught up: what it says is no ground to stand on.
  if (spare <= 0 || old.some((set) => sizeOf(set) > 0 && (set.status?.availableReplicas ?? 0) > sizeOf(set))) return undefined;
  // Pods that are not available go first: they cost nothing.
  const cleaned = yield* shrink(sync, old, spare, (set) => sizeOf(set) - (set.status?.availableReplicas ?? 0));
  const free = totalAvailable([...cleaned.sets, newSet]) - leastAvailable;
  const lowered = free > 0 ? yield* shrink(sync, cleaned.sets, free, sizeOf) : cleaned;
  return cleaned.taken > 0 || lowered.taken > 0 ? lowered.sets : undefined;
}

function* shrink(sync: Sync, sets: readonly ReplicaSet[], atMost: number, removable: (set: ReplicaSet) => number): Task<{ sets: readonly ReplicaSet[]; taken: number }> {
  let taken = 0;
  const out: ReplicaSet[] = [];
  for (const set of byCreation(sets)) {
    const count = Math.min(atMost - taken, Math.max(0, removable(set)), sizeOf(set));
    out.push(count > 0 ? yield* scaleSet(sync, set, sizeOf(set) - count) : set);
    taken += Math.max(0, count);
  }
  return { sets: out, taken };
}

/** Recreate: all old Pods are gone, terminating ones too, before the first new one is made. */
export function* recreate(sync: Sync): Task {
  const found = yield* findSets(sync, false);
  const active = withReplicas(found.old);
  if (active.length > 0) {
    const old: ReplicaSet[] = [];
    for (const set of found.old) old.push(sizeOf(set) > 0 ? yield* scaleSet(sync, set, 0) : set);
    return yield* syncRolloutStatus(sync, { newSet: found.newSet, old });
  }
  if (oldPodsRun(sync, found)) return yield* syncRolloutStatus(sync, found);
  const sets = found.newSet ? found : yield* findSets(sync, true);
  const newSet = sets.newSet && (yield* scaleSet(sync, sets.newSet, replicasOf(sync.deployment)));
  if (isComplete(sync.deployment, sync.deployment.status ?? {})) yield* cleanUp(sync, sets.old);
  yield* syncRolloutStatus(sync, { newSet, old: sets.old });
}

const oldPodsRun = ({ pods }: Sync, { old }: Sets): boolean =>
  old.some((set) => (set.status?.replicas ?? 0) > 0 || ownedBy(pods, meta(set).uid).some((pod) => !isTerminal(pod)));

/** Whether the Deployment was given another size since its sets were last scaled. */
export const wasScaled = ({ deployment, sets }: Sync): boolean => withReplicas(sets).some((set) => {
  const desired = set.metadata?.annotations?.[annotation.desiredReplicas];
  return desired !== undefined && Number(desired) !== replicasOf(deployment);
});

/** Brings the sets to the Deployment's size without going on with a rollout: when it was scaled, or is paused. */
export function* scaleOnly(sync: Sync): Task {
  const sets = yield* findSets(sync, false);
  const scaled = yield* distribute(sync, sets);
  if (sync.deployment.spec?.paused) yield* cleanUp(sync, scaled.old);
  yield* syncCounts(sync, scaled);
}

/** The only set with Pods; if none has any, the newest. */
function onlyActive({ newSet, old }: Sets): ReplicaSet | undefined {
  const active = withReplicas(newSet ? [newSet, ...old] : old);
  if (active.length === 1) return active[0];
  if (active.length > 1) return undefined;
  return newSet ?? byRevision(old).at(-1);
}

function* distribute(sync: Sync, sets: Sets): Task<Sets> {
  const { deployment } = sync;
  const only = onlyActive(sets);
  if (only) return replaced(sets, only, yield* scaleSet(sync, only, replicasOf(deployment)));
  const { newSet, old } = sets;
  if (newSet && sizeOf(newSet) === replicasOf(deployment) && (newSet.status?.availableReplicas ?? 0) === replicasOf(deployment)) {
    let result = sets;
    for (const set of withReplicas(old)) result = replaced(result, set, yield* scaleSet(sync, set, 0));
    return result;
  }
  return isRollingUpdate(deployment) ? yield* shareOut(sync, sets) : sets;
}

/** Shares a change of size among the sets in proportion to their sizes; what is left over goes to the largest. */
function* shareOut(sync: Sync, sets: Sets): Task<Sets> {
  const { deployment } = sync;
  const active = withReplicas(allOf(sets));
  const allowed = replicasOf(deployment) > 0 ? replicasOf(deployment) + maxSurge(deployment) : 0;
  const change = allowed - totalSize(active);
  const ordered = bySize(active, change > 0);
  let given = 0;
  const sizes = ordered.map((set) => {
    const share = proportion(set, deployment, change, given);
    given += share;
    return sizeOf(set) + share;
  });
  if (change !== 0 && sizes[0] !== undefined) sizes[0] = Math.max(0, sizes[0] + change - given);
  let result = sets;
  for (const [index, set] of ordered.entries()) result = replaced(result, set, yield* scaleSet(sync, set, sizes[index] ?? sizeOf(set)));
  return result;
}

const replaced = ({ newSet, old }: Sets, before: ReplicaSet, after: ReplicaSet): Sets => ({
  newSet: newSet === before ? after : newSet,
  old: old.map((set) => (set === before ? after : set)),
});
