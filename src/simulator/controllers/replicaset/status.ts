import type { Pod, ReplicaSetCondition, ReplicaSetStatus } from '../../api';
import { deepEqual, meta } from '../../client';
import { formatTime, type Time } from '../../kernel';
import { type PodGroup, untilAvailable } from '../pods';
import type { ReplicaOwner } from './replicas';

/** The Pods of a set, counted. */
export interface PodCounts {
  readonly active: number;
  /** Active ones that have the labels of the set's template. */
  readonly labelled: number;
  readonly ready: number;
  readonly terminating: number;
}

export interface Observation {
  readonly set: ReplicaOwner;
  readonly pods: PodCounts;
  /** The active Pods themselves, where how long they are ready matters. */
  readonly active: readonly Pod[];
  /** Why Pods could not be made or deleted, if they could not. */
  readonly failure: Error | undefined;
  readonly wantedMore: boolean;
  readonly now: Time;
}

/** Adds up groups of Pods. Every change of a Pod of the set comes here. */
export function countsOf(set: ReplicaOwner, groups: readonly PodGroup[]): PodCounts {
  const wanted = Object.entries(set.spec?.template?.metadata?.labels ?? {});
  const counts = { active: 0, labelled: 0, ready: 0, terminating: 0 };
  for (const { labels, active, ready, terminating } of groups) {
    counts.active += active;
    counts.ready += ready;
    counts.terminating += terminating;
    if (wanted.every(([name, value]) => labels?.[name] === value)) counts.labelled += active;
  }
  return counts;
}

/** The status that a set has by what was seen; numbers that are zero are left out where the server leaves them out. */
export function replicaStatus({ set, pods, active, failure, wantedMore, now }: Observation): ReplicaSetStatus {
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const { labelled, ready, terminating } = pods;
  const available = minReadySeconds === 0 ? ready : active.filter((pod) => untilAvailable(pod, minReadySeconds, now) === 0).length;
  const conditions = conditionsAfter(set.status?.conditions ?? [], failure, wantedMore, now);
  return {
    replicas: pods.active,
    ...(labelled > 0 && { fullyLabeledReplicas: labelled }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    ...(set.kind === 'ReplicaSet' && { terminatingReplicas: terminating }),
    observedGeneration: meta(set).generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

function conditionsAfter(conditions: readonly ReplicaSetCondition[], failure: Error | undefined, wantedMore: boolean, now: Time): readonly ReplicaSetCondition[] {
  const known = conditions.some(({ type }) => type === 'ReplicaFailure');
  if (!failure) return known ? conditions.filter(({ type }) => type !== 'ReplicaFailure') : conditions;
  if (known) return conditions;
  return [...conditions, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: formatTime(now), reason: wantedMore ? 'FailedCreate' : 'FailedDelete', message: failure.message }];
}

/** Whether writing `status` would change anything. */
export const statusDiffers = (set: ReplicaOwner, status: ReplicaSetStatus): boolean => !deepEqual({ replicas: 0, ...set.status }, status);
