import { type Condition, type KubeObject, type Pod, type PodDisruptionBudget, type PodDisruptionBudgetStatus, scaledValue, selectorGoText } from '../../api';
import { controllerOf, deepEqual, type Informer, isDeleting, keyOf, labelMatcher, meta, type Resource, resources, runController, WorkQueue } from '../../client';
import { type Duration, formatTime, type Kernel, minutes, parseTime, type Task, type Time } from '../../kernel';
import type { Controller } from '../manager/context';
import { isReady, isTerminal } from '../pods';

/** An eviction that was allowed and has not led to a deletion within this time is taken back. */
const deletionTimeout: Duration = minutes(2);

type Scaled = KubeObject & { readonly spec?: { readonly replicas?: number } };

/** Counts how many Pods of each budget are healthy, and how many of them may be evicted. */
export const disruptionController: Controller = {
  name: 'disruption-controller',
  *start({ kernel, client, informers, recorder }) {
    const budgets = informers.for<PodDisruptionBudget>(resources.poddisruptionbudgets);
    const pods = informers.for<Pod>(resources.pods);
    const owners = new Map<string, Informer<Scaled>>([resources.replicasets, resources.replicationcontrollers, resources.statefulsets, resources.deployments]
      .map((resource: Resource) => [resource.kind, informers.for<Scaled>(resource)]));
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const events = recorder('controllermanager');
    const look = (pod: Pod) => {
      for (const budget of budgets.store.by('namespace', meta(pod).namespace)) if (labelMatcher(budget.spec?.selector)(pod.metadata?.labels)) queue.add(keyOf(budget));
    };
    budgets.addHandlers({ add: (budget) => queue.add(keyOf(budget)), update: (_, budget) => queue.add(keyOf(budget)) });
    pods.addHandlers({
      add: look,
      update(old, pod) {
        if (old.metadata?.labels !== pod.metadata?.labels) look(old);
        look(pod);
      },
      delete: look,
    });

    function* sync(key: string): Task {
      const budget = budgets.store.get(key);
      if (!budget) return;
      const selected = pods.store.by('namespace', meta(budget).namespace).filter((pod) => labelMatcher(budget.spec?.selector)(pod.metadata?.labels));
      if (selected.length === 0) events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
      const counted = count(budget, selected, owners);
      if (counted.unmanaged) events.event(budget, 'Warning', 'UnmanagedPods', unmanagedMessage(budget));
      const { status, again } = statusOf(budget, selected, counted, kernel);
      if (!deepEqual(status, budget.status)) yield* client.updateStatus<PodDisruptionBudget>(resources.poddisruptionbudgets, { ...budget, status });
      if (again !== undefined) queue.addAfter(key, again);
    }
    runController({ kernel, name: 'disruption-controller', queue, workers: 1, sync });
  },
};

interface Counted {
  readonly expected: number;
  readonly desired: number;
  readonly unmanaged: boolean;
}

const unmanagedMessage = ({ spec }: PodDisruptionBudget): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${selectorGoText(spec?.selector ?? {})}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;

/** How many Pods there should be, by their controllers, and how many must stay healthy. */
function count({ spec }: PodDisruptionBudget, pods: readonly Pod[], owners: ReadonlyMap<string, Informer<Scaled>>): Counted {
  const { minAvailable, maxUnavailable } = spec ?? {};
  if (maxUnavailable === undefined && typeof minAvailable !== 'string') return { expected: pods.length, desired: minAvailable ?? 1, unmanaged: false };
  const { scale, unmanaged } = scaleOf(pods, owners);
  if (maxUnavailable !== undefined) return { expected: scale, desired: Math.max(0, scale - scaledValue(maxUnavailable, scale, true)), unmanaged };
  return { expected: scale, desired: scaledValue(minAvailable ?? 0, scale, true), unmanaged };
}

function scaleOf(pods: readonly Pod[], owners: ReadonlyMap<string, Informer<Scaled>>): { scale: number; unmanaged: boolean } {
  const scales = new Map<string, number>();
  let unmanaged = false;
  for (const pod of pods) {
    const reference = controllerOf(pod);
    let owner = reference && owners.get(reference.kind)?.get(meta(pod).namespace, reference.name);
    const above = owner && controllerOf(owner);
    if (above?.kind === 'Deployment') owner = owners.get('Deployment')?.get(meta(pod).namespace, above.name) ?? owner;
    if (owner) scales.set(meta(owner).uid, owner.spec?.replicas ?? 1);
    else if (!reference) unmanaged = true;
  }
  return { scale: [...scales.values()].reduce((sum, scale) => sum + scale, 0), unmanaged };
}

function statusOf(budget: PodDisruptionBudget, pods: readonly Pod[], { expected, desired }: Counted, kernel: Kernel): { status: PodDisruptionBudgetStatus; again: Duration | undefined } {
  const { disrupted, again } = stillDisrupted(budget, pods, kernel.now);
  const currentHealthy = pods.filter((pod) => !isDeleting(pod) && !isTerminal(pod) && isReady(pod) && disrupted[meta(pod).name] === undefined).length;
  const disruptionsAllowed = expected <= 0 ? 0 : Math.max(0, currentHealthy - desired);
  const observedGeneration = meta(budget).generation ?? 0;
  const value = disruptionsAllowed > 0 ? 'True' : 'False';
  const before = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const condition: Condition = {
    type: 'DisruptionAllowed', status: value, observedGeneration, reason: disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods', message: '',
    lastTransitionTime: before?.status === value ? before.lastTransitionTime : formatTime(kernel.now),
  };
  const others = budget.status?.conditions?.filter(({ type }) => type !== 'DisruptionAllowed') ?? [];
  return {
    again,
    status: {
      observedGeneration, ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
      disruptionsAllowed, currentHealthy, desiredHealthy: desired, expectedPods: expected, conditions: [...others, condition],
    },
  };
}

/** Of the evictions that were allowed, those that may still come to something. */
function stillDisrupted({ status }: PodDisruptionBudget, pods: readonly Pod[], now: Time): { disrupted: Record<string, string>; again: Duration | undefined } {
  const disrupted: Record<string, string> = {};
  let again: Duration | undefined;
  for (const [name, time] of Object.entries(status?.disruptedPods ?? {})) {
    const pod = pods.find((candidate) => meta(candidate).name === name);
    const until = (parseTime(time) ?? 0) + deletionTimeout;
    if (!pod || isDeleting(pod) || until < now) continue;
    disrupted[name] = time;
    again = Math.min(again ?? Infinity, until - now);
  }
  return { disrupted, again };
}
