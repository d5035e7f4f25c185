import type { Deployment, ReplicaSet } from '../../api';
import { meta } from '../../client';

/** Annotations that the controller keeps on ReplicaSets (and the first on Deployments). */
export const annotation = {
  revision: 'deployment.kubernetes.io/revision',
  revisionHistory: 'deployment.kubernetes.io/revision-history',
  desiredReplicas: 'deployment.kubernetes.io/desired-replicas',
  maxReplicas: 'deployment.kubernetes.io/max-replicas',
} as const;

/** The label that tells the Pods of one template from those of another. */
export const hashLabel = 'pod-template-hash';

/** How many Pods a Deployment wants. */
export const replicasOf = (deployment: Deployment): number => deployment.spec?.replicas ?? 0;

/** How many Pods a ReplicaSet wants. */
export const sizeOf = (set: ReplicaSet): number => set.spec?.replicas ?? 0;

/** How many Pods several ReplicaSets want. */
export const totalSize = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, set) => sum + sizeOf(set), 0);

/** How many available Pods several ReplicaSets have. */
export const totalAvailable = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);

/** Those that want Pods. */
export const withReplicas = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.filter((set) => sizeOf(set) > 0);

export const isRollingUpdate = (deployment: Deployment): boolean => deployment.spec?.strategy?.type === 'RollingUpdate';

function scaled(value: number | string | undefined, total: number, round: (n: number) => number): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  return round((Number.parseInt(value, 10) * total) / 100);
}

/** maxSurge and maxUnavailable in Pods: surge rounds up, unavailable down, and when both come to zero one is unavailable. */
export function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge, maxUnavailable } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, replicasOf(deployment), Math.ceil);
  const unavailable = scaled(maxUnavailable, replicasOf(deployment), Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** How many Pods more than wanted there may be. */
export const maxSurge = (deployment: Deployment): number => (isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0);

/** How many of the wanted Pods may be unavailable. */
export function maxUnavailable(deployment: Deployment): number {
  if (!isRollingUpdate(deployment) || replicasOf(deployment) === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, replicasOf(deployment));
}

/** The revision that annotations name, a number of 64 bits; 0 for none. */
export function revisionIn(annotations: Readonly<Record<string, string>> | undefined): bigint {
  const text = annotations?.[annotation.revision] ?? '';
  return /^[-+]?\d{1,19}$/.test(text) ? BigInt.asIntN(64, BigInt(text.replace('+', ''))) : 0n;
}

/** The revision of an object. */
export const revisionOf = ({ metadata }: Deployment | ReplicaSet): bigint => revisionIn(metadata?.annotations);

const byRevisionOf = (a: ReplicaSet, b: ReplicaSet): number => (revisionOf(a) < revisionOf(b) ? -1 : revisionOf(a) > revisionOf(b) ? 1 : 0);

const byTime = (a: ReplicaSet, b: ReplicaSet): number =>
  meta(a).creationTimestamp < meta(b).creationTimestamp ? -1 : meta(a).creationTimestamp > meta(b).creationTimestamp ? 1 : 0;
const byName = (a: ReplicaSet, b: ReplicaSet): number => (meta(a).name < meta(b).name ? -1 : 1);

/** Oldest first. */
export const byCreation = (sets: readonly ReplicaSet[]): ReplicaSet[] => [...sets].sort((a, b) => byTime(a, b) || byName(a, b));

/** Largest first, of equals the newer (`growing`) or the older. */
export const bySize = (sets: readonly ReplicaSet[], growing: boolean): ReplicaSet[] =>
  [...sets].sort((a, b) => sizeOf(b) - sizeOf(a) || (growing ? byTime(b, a) : byTime(a, b)) || byName(a, b));

/** Lowest revision first. */
export const byRevision = (sets: readonly ReplicaSet[]): ReplicaSet[] => [...sets].sort((a, b) => byRevisionOf(a, b) || byTime(a, b) || byName(a, b));

/** How large a new set may be when others are still there. */
export function newSetSize(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  if (!isRollingUpdate(deployment)) return replicasOf(deployment);
  const room = replicasOf(deployment) + maxSurge(deployment) - totalSize(all);
  if (room <= 0) return current;
  return current + Math.min(room, replicasOf(deployment) - current);
}

/** Half away from zero. */
const round = (n: number): number => (n < 0 ? Math.ceil(n - 0.5) : Math.floor(n + 0.5));

/** What a set gets (or gives) of `change` Pods by its share of the Deployment as it was before it was scaled. */
export function proportion(set: ReplicaSet, deployment: Deployment, change: number, given: number): number {
  if (sizeOf(set) === 0 || change === 0 || change === given) return 0;
  const left = change - given;
  const share = replicasOf(deployment) === 0 ? -sizeOf(set) : round((sizeOf(set) * (replicasOf(deployment) + maxSurge(deployment))) / formerMaximum(set, deployment)) - sizeOf(set);
  return change > 0 ? Math.min(share, left) : Math.max(share, left);
}

function formerMaximum(set: ReplicaSet, deployment: Deployment): number {
  const annotated = Number(set.metadata?.annotations?.[annotation.maxReplicas]);
  return Number.isInteger(annotated) && annotated > 0 ? annotated : deployment.status?.replicas || 1;
}
