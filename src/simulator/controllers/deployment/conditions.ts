import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '../../api';
import { meta } from '../../client';
import { formatTime, parseTime, seconds, type Time } from '../../kernel';
import { maxUnavailable, replicasOf, totalAvailable, totalSize } from './rules';

type Conditions = readonly DeploymentCondition[];

/** The condition of a type, if it is there. */
export const findCondition = (status: DeploymentStatus | undefined, type: string): DeploymentCondition | undefined => status?.conditions?.find((condition) => condition.type === type);

/** A condition as it is written now. */
export function condition(type: string, status: string, reason: string, message: string, now: Time): DeploymentCondition {
  const time = formatTime(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/** The conditions with this one in place of its predecessor; with the same status and reason the old one stays as it is. */
export function setCondition(conditions: Conditions, next: DeploymentCondition): Conditions {
  const current = conditions.find(({ type }) => type === next.type);
  if (current && current.status === next.status && current.reason === next.reason) return conditions;
  const kept = current?.status === next.status && current.lastTransitionTime ? { ...next, lastTransitionTime: current.lastTransitionTime } : next;
  return [...conditions.filter(({ type }) => type !== next.type), kept];
}

export const withoutCondition = (conditions: Conditions, type: string): Conditions => (conditions.some((c) => c.type === type) ? conditions.filter((c) => c.type !== type) : conditions);

/** A deadline that means anything: the maximum of int32 means none. */
export const hasProgressDeadline = (deployment: Deployment): boolean =>
  deployment.spec?.progressDeadlineSeconds !== undefined && deployment.spec.progressDeadlineSeconds !== 2_147_483_647;

/** Whether the rollout that this status describes is complete. */
export const isComplete = (deployment: Deployment, status: DeploymentStatus): boolean =>
  (status.updatedReplicas ?? 0) === replicasOf(deployment) &&
  (status.replicas ?? 0) === replicasOf(deployment) &&
  (status.availableReplicas ?? 0) === replicasOf(deployment) &&
  (status.observedGeneration ?? 0) >= (meta(deployment).generation ?? 0);

/** Whether `status` is nearer to the end of the rollout than the stored one. */
export function isProgressing({ status: old = {} }: Deployment, status: DeploymentStatus): boolean {
  const n = (value: number | undefined) => value ?? 0;
  return n(status.updatedReplicas) > n(old.updatedReplicas)
    || n(status.replicas) - n(status.updatedReplicas) < n(old.replicas) - n(old.updatedReplicas)
    || n(status.readyReplicas) > n(old.readyReplicas)
    || n(status.availableReplicas) > n(old.availableReplicas);
}

/** When the deadline passes, if one is running: from the last sign of progress. */
export function deadlineOf(deployment: Deployment, status: DeploymentStatus): Time | undefined {
  const progress = findCondition(status, 'Progressing');
  const since = progress?.lastUpdateTime ? parseTime(progress.lastUpdateTime) : undefined;
  return since === undefined ? undefined : since + seconds(deployment.spec?.progressDeadlineSeconds ?? 0);
}

/** Whether there has been no progress for longer than the deadline allows. */
export function hasTimedOut(deployment: Deployment, status: DeploymentStatus, now: Time): boolean {
  const progress = findCondition(status, 'Progressing');
  if (!progress || progress.reason === 'NewReplicaSetAvailable') return false;
  if (progress.reason === 'ProgressDeadlineExceeded') return true;
  const deadline = deadlineOf(deployment, status);
  return deadline !== undefined && deadline < now;
}

/** The counts of all sets, and the Available condition that they make. */
export function countedStatus(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, now: Time): DeploymentStatus {
  const sum = (count: (set: ReplicaSet) => number | undefined) => all.reduce((total, set) => total + (count(set) ?? 0), 0);
  const available = totalAvailable(all);
  const counts = {
    replicas: sum((set) => set.status?.replicas),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: sum((set) => set.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, totalSize(all) - available),
  };
  const known = all.every((set) => set.status?.terminatingReplicas !== undefined);
  const enough = available >= replicasOf(deployment) - maxUnavailable(deployment);
  const conditions = setCondition(deployment.status?.conditions ?? [], enough
    ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.', now));
  return {
    observedGeneration: meta(deployment).generation ?? 0,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...(known && { terminatingReplicas: sum((set) => set.status?.terminatingReplicas) }),
    conditions,
    ...(deployment.status?.collisionCount !== undefined && { collisionCount: deployment.status.collisionCount }),
  };
}
