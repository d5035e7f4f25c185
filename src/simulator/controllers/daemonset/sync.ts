import { type DaemonSet, type DaemonSetStatus, isStatus, type Node, type Pod, scaledValue } from '../../api';
import { type EventRecorder, type Expectations, isDeleting, keyOf, meta } from '../../client';
import { type Duration, type Kernel, minutes, seconds, type Task } from '../../kernel';
import { inParallel, isReady, type PodControl, slowStart, untilAvailable } from '../pods';
import { revisionLabel } from '../revisions';
import { makePod, nodeOf, placement } from './placement';

export interface DaemonSync {
  readonly kernel: Kernel;
  readonly control: PodControl;
  readonly recorder: EventRecorder;
  readonly expectations: Expectations;
  /** When failed Pods of a node may be replaced again. */
  readonly failures: Map<string, { count: number; until: number }>;
  readonly set: DaemonSet;
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  /** Of the present template. */
  readonly hash: string;
  again(delay: Duration): void;
}

const burst = 250;

/** The Pods of a set by node; those that no node is known for have their own list. */
export function byNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const out = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = nodeOf(pod) ?? '';
    const there = out.get(node);
    if (there) there.push(pod);
    else out.set(node, [pod]);
  }
  return out;
}

const isAvailable = ({ set, kernel }: DaemonSync, pod: Pod): boolean => untilAvailable(pod, set.spec?.minReadySeconds ?? 0, kernel.now) === 0;
const isNew = ({ hash }: DaemonSync, pod: Pod): boolean => pod.metadata?.labels?.[revisionLabel] === hash;
const older = (a: Pod, b: Pod): number => (meta(a).creationTimestamp < meta(b).creationTimestamp ? -1 : meta(a).creationTimestamp > meta(b).creationTimestamp ? 1 : 0);

function limits({ set, nodes }: DaemonSync): { readonly surge: number; readonly unavailable: number } {
  const desired = nodes.filter((node) => placement(set, node).run).length;
  const { maxSurge = 0, maxUnavailable = 1 } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, desired, true);
  const unavailable = scaledValue(maxUnavailable, desired, true);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Brings a Pod to each node that is to have one, and takes away the others. */
export function* manage(sync: DaemonSync): Task {
  const { set, nodes } = sync;
  const pods = byNode(sync.pods);
  const known = new Set(nodes.map((node) => meta(node).name));
  const create: string[] = [];
  const remove: Pod[] = [];
  for (const node of nodes) {
    const { name } = meta(node);
    const there = pods.get(name) ?? [];
    const { run, stay } = placement(set, node);
    if (run && there.length === 0) create.push(name);
    else if (stay) remove.push(...superfluous(sync, name, there));
    else remove.push(...there.filter((pod) => !isDeleting(pod)));
  }
  for (const [node, there] of pods) if (!known.has(node)) remove.push(...there.filter((pod) => !pod.spec?.nodeName && !isDeleting(pod)));
  yield* apply(sync, create, remove);
}

/** Ended Pods, and all but the oldest of several. */
function superfluous(sync: DaemonSync, node: string, pods: readonly Pod[]): Pod[] {
  const out: Pod[] = [];
  const running: Pod[] = [];
  for (const pod of pods) {
    if (isDeleting(pod)) continue;
    const { phase } = pod.status ?? {};
    if (phase !== 'Failed' && phase !== 'Succeeded') running.push(pod);
    else if (phase === 'Succeeded' || mayReplace(sync, node)) {
      const failed = phase === 'Failed';
      sync.recorder.event(sync.set, failed ? 'Warning' : 'Normal', failed ? 'FailedDaemonPod' : 'SucceededDaemonPod',
        `Found ${failed ? 'failed' : 'succeeded'} daemon pod ${meta(pod).namespace}/${meta(pod).name} on node ${node}, will try to ${failed ? 'kill' : 'delete'} it`);
      out.push(pod);
    }
  }
  if (running.length <= 1) return out;
  const { surge } = limits(sync);
  const keep = surge > 0 ? new Set([running.filter((pod) => isNew(sync, pod)).sort(older)[0], running.filter((pod) => !isNew(sync, pod)).sort(older)[0]]) : new Set([[...running].sort(older)[0]]);
  return [...out, ...running.filter((pod) => !keep.has(pod))];
}

/** Failed Pods of a node are replaced at once, then after 1 s, 2 s … 15 minutes. */
function mayReplace({ failures, kernel, set, again }: DaemonSync, node: string): boolean {
  const key = `${keyOf(set)}/${node}`;
  const last = failures.get(key);
  if (last && kernel.now < last.until) {
    again(last.until - kernel.now);
    return false;
  }
  const count = (last?.count ?? 0) + 1;
  failures.set(key, { count, until: kernel.now + Math.min(seconds(1) * 2 ** (count - 1), minutes(15)) });
  return true;
}

function* apply({ kernel, control, expectations, set, hash }: DaemonSync, create: readonly string[], remove: readonly Pod[]): Task {
  const key = keyOf(set);
  const wanted = create.slice(0, burst);
  const doomed = remove.slice(0, burst);
  expectations.expectCreations(key, wanted.length);
  expectations.expectDeletions(key, doomed.map(keyOf));
  const made = yield* slowStart(kernel, 'daemonset', wanted, (node) => control.create(meta(set).namespace, makePod(set, node, hash), set));
  for (let missing = wanted.length - made.done; missing > 0; missing--) expectations.creationObserved(key);
  const gone = yield* inParallel(kernel, 'daemonset', doomed, function* remove(pod) {
    try {
      yield* control.delete(meta(pod).namespace, meta(pod).name, set);
    } catch (error) {
      expectations.deletionObserved(key, keyOf(pod));
      if (!isStatus(error, 'NotFound')) throw error;
    }
  });
  const failure = made.failure ?? gone.failure;
  if (failure) throw failure;
}

/** Replaces Pods of older templates, as many at a time as may be unavailable (or as may be there twice). */
export function* rollOut(sync: DaemonSync): Task {
  const { set, nodes } = sync;
  const { surge, unavailable } = limits(sync);
  const pods = byNode(sync.pods);
  const remove: Pod[] = [];
  const candidates: Pod[] = [];
  const doubles: string[] = [];
  let missing = 0;
  let surging = 0;
  for (const node of nodes) {
    const there = pods.get(meta(node).name) ?? [];
    const fresh = there.find((pod) => isNew(sync, pod) && !isDeleting(pod));
    const old = there.find((pod) => !isNew(sync, pod));
    if (!fresh && !old) {
      if (placement(set, node).run) missing += 1;
    } else if (fresh && old) {
      if (surge > 0 && isAvailable(sync, fresh) && !isDeleting(old)) remove.push(old);
      else surging += 1;
    } else if (fresh) missing += isAvailable(sync, fresh) ? 0 : 1;
    else if (old && (isDeleting(old) || !isAvailable(sync, old))) {
      missing += 1;
      if (surge > 0 && !isDeleting(old)) doubles.push(meta(node).name);
      else if (!isDeleting(old)) remove.push(old);
    } else if (old) {
      if (surge > 0) doubles.push(meta(node).name);
      else candidates.push(old);
    }
  }
  const free = Math.max(0, unavailable - missing);
  yield* apply(sync, surge > 0 ? doubles.slice(0, Math.max(0, surge - surging)) : [], [...remove, ...candidates.slice(0, free)]);
}

/** The status of a set with these Pods. */
export function statusOf(sync: DaemonSync): DaemonSetStatus {
  const { set, nodes } = sync;
  const pods = byNode(sync.pods);
  let desired = 0;
  let current = 0;
  let misscheduled = 0;
  let ready = 0;
  let updated = 0;
  let available = 0;
  for (const node of nodes) {
    const there = pods.get(meta(node).name) ?? [];
    const { run, stay } = placement(set, node);
    if (!run && !(stay && there.length > 0)) {
      if (there.length > 0) misscheduled += 1;
      continue;
    }
    desired += 1;
    if (there.length === 0) continue;
    current += 1;
    const alive = there.filter((pod) => !isDeleting(pod)).sort(older);
    if (alive.some(isReady)) ready += 1;
    if (alive.some((pod) => isAvailable(sync, pod))) available += 1;
    if (alive.some((pod) => isNew(sync, pod))) updated += 1;
  }
  return {
    currentNumberScheduled: current, numberMisscheduled: misscheduled, desiredNumberScheduled: desired, numberReady: ready,
    observedGeneration: meta(set).generation ?? 0,
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(available > 0 && { numberAvailable: available }),
    ...(desired > available && { numberUnavailable: desired - available }),
    ...(set.status?.collisionCount !== undefined && { collisionCount: set.status.collisionCount }),
  };
}
