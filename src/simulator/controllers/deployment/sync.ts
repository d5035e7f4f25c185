import type { Deployment, DeploymentCondition, DeploymentStatus, Pod, ReplicaSet } from '../../api';
import { type Client, deepEqual, type EventRecorder, type Informer, meta, resources } from '../../client';
import { type Duration, type Kernel, seconds, type Task } from '../../kernel';
import { condition, countedStatus, deadlineOf, findCondition, hasProgressDeadline, hasTimedOut, isComplete, isProgressing, setCondition, withoutCondition } from './conditions';
import { annotation, byRevision, maxSurge, replicasOf, revisionOf, sizeOf } from './rules';

/** What one sync of one Deployment works with. */
export interface Sync {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly pods: Informer<Pod>;
  /** Changes as the sync writes it. */
  deployment: Deployment;
  readonly sets: readonly ReplicaSet[];
  again(delay: Duration): void;
}

/** The sets of a Deployment: the one of its template, if there is one, and the others. */
export interface Sets {
  readonly newSet: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export const allOf = ({ newSet, old }: Sets): ReplicaSet[] => (newSet ? [...old, newSet] : [...old]);

/** Writes a status and goes on with what the server stored. */
export function* writeStatus(sync: Sync, status: DeploymentStatus): Task {
  sync.deployment = yield* sync.client.updateStatus<Deployment>(resources.deployments, { ...sync.deployment, status });
}

/** Puts a condition into the stored status, if it is not there. */
export function* writeCondition(sync: Sync, next: DeploymentCondition): Task {
  const conditions = sync.deployment.status?.conditions ?? [];
  const changed = setCondition(conditions, next);
  if (changed !== conditions) yield* writeStatus(sync, { ...sync.deployment.status, conditions: changed });
}

/** Gives a set another size, with an event. The set as it is afterwards. */
export function* scaleSet(sync: Sync, set: ReplicaSet, size: number): Task<ReplicaSet> {
  const { deployment } = sync;
  const annotations = {
    ...set.metadata?.annotations,
    [annotation.desiredReplicas]: String(replicasOf(deployment)),
    [annotation.maxReplicas]: String(replicasOf(deployment) + maxSurge(deployment)),
  };
  const before = sizeOf(set);
  if (before === size && deepEqual(annotations, set.metadata?.annotations)) return set;
  const scaled = yield* sync.client.update<ReplicaSet>(resources.replicasets, {
    ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas: size },
  } as ReplicaSet);
  if (before !== size) announceScaling(sync, meta(set).name, before, size);
  return scaled;
}

/** The event that says how a set's size changed. */
export function announceScaling(sync: Sync, name: string, before: number, size: number): void {
  const direction = size > before ? 'up' : 'down';
  sync.recorder.event(sync.deployment, 'Normal', 'ScalingReplicaSet', `Scaled ${direction} replica set ${name} from ${before} to ${size}`);
}

/** Writes the counts alone: for paused Deployments and such that are being scaled or deleted. */
export function* syncCounts(sync: Sync, sets: Sets): Task {
  const status = countedStatus(sync.deployment, allOf(sets), sets.newSet, sync.kernel.now);
  if (!deepEqual(status, sync.deployment.status)) yield* writeStatus(sync, status);
}

/** Writes the counts and how the rollout gets on. */
export function* syncRolloutStatus(sync: Sync, sets: Sets): Task {
  const { deployment, kernel } = sync;
  const counted = countedStatus(deployment, allOf(sets), sets.newSet, kernel.now);
  let conditions = counted.conditions ?? [];
  if (!hasProgressDeadline(deployment)) conditions = withoutCondition(conditions, 'Progressing');
  const current = findCondition(deployment.status, 'Progressing');
  const wasComplete = (counted.replicas ?? 0) === (counted.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (hasProgressDeadline(deployment) && !wasComplete) conditions = progressAfter(sync, sets, { ...counted, conditions });
  conditions = withFailure(conditions, sets);
  const status: DeploymentStatus = { ...counted, conditions };
  if (deepEqual(status, deployment.status)) return waitForDeadline(sync, status);
  yield* writeStatus(sync, status);
}

function progressAfter({ deployment, kernel: { now } }: Sync, { newSet }: Sets, status: DeploymentStatus): readonly DeploymentCondition[] {
  const conditions = status.conditions ?? [];
  const who = newSet ? `ReplicaSet "${meta(newSet).name}"` : `Deployment "${meta(deployment).name}"`;
  if (isComplete(deployment, status)) return setCondition(conditions, condition('Progressing', 'True', 'NewReplicaSetAvailable', `${who} has successfully progressed.`, now));
  if (isProgressing(deployment, status)) {
    const next = condition('Progressing', 'True', 'ReplicaSetUpdated', `${who} is progressing.`, now);
    const current = findCondition(status, 'Progressing');
    const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
    return [...withoutCondition(conditions, 'Progressing'), since ? { ...next, lastTransitionTime: since } : next];
  }
  if (hasTimedOut(deployment, status, now)) return setCondition(conditions, condition('Progressing', 'False', 'ProgressDeadlineExceeded', `${who} has timed out progressing.`, now));
  return conditions;
}

function withFailure(conditions: readonly DeploymentCondition[], { newSet, old }: Sets): readonly DeploymentCondition[] {
  for (const set of newSet ? [newSet, ...old] : old) {
    const failure = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    if (!failure) continue;
    const { lastTransitionTime, ...rest } = failure;
    return setCondition(conditions, { ...rest, ...(lastTransitionTime && { lastUpdateTime: lastTransitionTime, lastTransitionTime }) });
  }
  return withoutCondition(conditions, 'ReplicaFailure');
}

/** Looks again when the deadline has passed, if one is running. */
function waitForDeadline(sync: Sync, status: DeploymentStatus): void {
  const { deployment, kernel } = sync;
  const progress = findCondition(deployment.status, 'Progressing');
  if (!hasProgressDeadline(deployment) || !progress || progress.reason === 'ProgressDeadlineExceeded') return;
  if (isComplete(deployment, status) || progress.reason === 'NewReplicaSetAvailable') return;
  const deadline = deadlineOf(deployment, deployment.status ?? {});
  if (deadline !== undefined) sync.again(Math.max(0, deadline - kernel.now) + seconds(1));
}

/** Deletes the oldest revisions beyond the history limit that have no Pods left. */
export function* cleanUp(sync: Sync, old: readonly ReplicaSet[]): Task {
  const limit = sync.deployment.spec?.revisionHistoryLimit;
  if (limit === undefined || limit === 2_147_483_647) return;
  const alive = old.filter((set) => set.metadata?.deletionTimestamp === undefined);
  for (const set of byRevision(alive).slice(0, Math.max(0, alive.length - limit))) {
    if ((set.status?.replicas ?? 0) !== 0 || sizeOf(set) !== 0 || (meta(set).generation ?? 0) > (set.status?.observedGeneration ?? 0)) continue;
    yield* sync.client.delete(resources.replicasets, meta(set).namespace, meta(set).name);
  }
}

/** The highest revision of these sets. */
export const highestRevision = (sets: readonly ReplicaSet[]): bigint => sets.reduce((highest, set) => (revisionOf(set) > highest ? revisionOf(set) : highest), 0n);
