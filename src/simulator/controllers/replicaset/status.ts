import type { Pod, ReplicaSetCondition, ReplicaSetStatus } from '../../api';
import { deepEqual, meta } from '../../client';
import { formatTime, type Time } from '../../kernel';
import { isReady, untilAvailable } from '../pods';
import type { ReplicaOwner } from './replicas';

export interface Observation {
  readonly set: ReplicaOwner;
  readonly active: readonly Pod[];
  readonly terminating: number;
  /** Why Pods could not be made or deleted, if they could not. */
  readonly failure: Error | undefined;
  readonly wantedMore: boolean;
  readonly now: Time;
}

function hasLabels({ metadata }: Pod, names: readonly string[], labels: Readonly<Record<string, string>>): boolean {
  const own = metadata?.labels;
  for (const name of names) if (own?.[name] !== labels[name]) return false;
  return true;
}

/** The status that a set has by what was seen; numbers that are zero are left out where the server leaves them out. */
export function replicaStatus({ set, active, terminating, failure, wantedMore, now }: Observation): ReplicaSetStatus {
  // Every change of a Pod of the set comes here and looks at all of them: nothing is made in the loop.
  const labels: Readonly<Record<string, string>> = set.spec?.template?.metadata?.labels ?? {};
  const names = Object.keys(labels);
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  let labelled = 0;
  let ready = 0;
  let available = 0;
  for (const pod of active) {
    if (hasLabels(pod, names, labels)) labelled += 1;
    if (!isReady(pod)) continue;
    ready += 1;
    if (minReadySeconds === 0 || untilAvailable(pod, minReadySeconds, now) === 0) available += 1;
  }
  const conditions = conditionsAfter(set.status?.conditions ?? [], failure, wantedMore, now);
  return {
    replicas: active.length,
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
