import type { ContainerStatus, Pod, PodCondition } from '../../api';
import { formatTime, type Time } from '../../kernel';
import { isSidecar } from './phase';

/** What the kubelet says of the Pod as a whole, before times are put to it. */
type Verdict = { readonly type: string; readonly status: 'True' | 'False'; readonly reason?: string; readonly message?: string };

export interface ConditionInput {
  readonly pod: Pod;
  readonly phase: string;
  readonly statuses: ReadonlyMap<string, ContainerStatus>;
  readonly sandboxReady: boolean;
  /** Conditions that others set (readiness gates, DisruptionTarget …) and those of the last time. */
  readonly before: readonly PodCondition[];
  readonly now: Time;
}

function initialized({ pod, phase, statuses }: ConditionInput): Verdict {
  const inits = pod.spec?.initContainers ?? [];
  if (phase === 'Succeeded') return { type: 'Initialized', status: 'True', reason: 'PodCompleted' };
  const incomplete = inits.filter((c) => {
    const status = statuses.get(c.name);
    return isSidecar(c) ? status?.started !== true : status?.state?.terminated?.exitCode !== 0;
  });
  if (incomplete.length === 0) return { type: 'Initialized', status: 'True' };
  if (phase === 'Failed' && incomplete.every((c) => statuses.get(c.name) === undefined)) return { type: 'Initialized', status: 'True' };
  return { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${incomplete.map((c) => c.name).join(' ')}]` };
}

function containersReady({ pod, phase, statuses }: ConditionInput): Verdict {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const all = [...(pod.spec?.initContainers ?? []).filter(isSidecar), ...(pod.spec?.containers ?? [])];
  const unknown = all.filter((c) => !statuses.has(c.name)).map((c) => c.name);
  const unready = all.filter((c) => statuses.get(c.name)?.ready === false).map((c) => c.name);
  const parts = [
    ...(unknown.length ? [`containers with unknown status: [${unknown.join(' ')}]`] : []),
    ...(unready.length ? [`containers with unready status: [${unready.join(' ')}]`] : []),
  ];
  return parts.length === 0 ? { type, status: 'True' } : { type, status: 'False', reason: 'ContainersNotReady', message: parts.join(', ') };
}

function ready(input: ConditionInput, containers: Verdict): Verdict {
  if (containers.status === 'False') return { ...containers, type: 'Ready' };
  const missing = (input.pod.spec?.readinessGates ?? []).flatMap((gate) => {
    const condition = input.before.find((c) => c.type === gate.conditionType);
    if (!condition) return [`corresponding condition of pod readiness gate "${gate.conditionType}" does not exist.`];
    return condition.status === 'True' ? [] : [`the status of pod readiness gate "${gate.conditionType}" is not "True", but ${condition.status}`];
  });
  return missing.length === 0 ? { type: 'Ready', status: 'True' } : { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
}

/** The Pod's conditions, in the order in which the kubelet writes them; a condition that did not change keeps its time. */
export function conditionsOf(input: ConditionInput): PodCondition[] {
  const containers = containersReady(input);
  const verdicts: Verdict[] = [
    { type: 'PodReadyToStartContainers', status: input.sandboxReady ? 'True' : 'False' },
    initialized(input),
    ready(input, containers),
    containers,
    { type: 'PodScheduled', status: 'True' },
  ];
  const generation = input.pod.metadata?.generation;
  const own = verdicts.map((verdict): PodCondition => {
    const old = input.before.find((c) => c.type === verdict.type);
    return {
      type: verdict.type,
      ...(generation !== undefined && { observedGeneration: generation }),
      status: verdict.status,
      lastProbeTime: null as unknown as string,
      lastTransitionTime: old?.status === verdict.status && old.lastTransitionTime ? old.lastTransitionTime : formatTime(input.now),
      ...(verdict.reason !== undefined && { reason: verdict.reason }),
      ...(verdict.message !== undefined && { message: verdict.message }),
    };
  });
  return [...own, ...input.before.filter((c) => !own.some((mine) => mine.type === c.type))];
}
