import type { Pod } from '../../api';
import { controllerOf, type Informer, keyOf } from '../../client';
import { isActive, isReady, isTerminating } from './state';

type Labels = Readonly<Record<string, string>> | undefined;

/** Pods of one controller that have the same labels, counted. */
export interface PodGroup {
  readonly labels: Labels;
  readonly active: number;
  /** Those of the active ones that are ready. */
  readonly ready: number;
  readonly terminating: number;
}

/** A group of one. */
export function groupOf(pod: Pod): PodGroup {
  const active = isActive(pod);
  return { labels: pod.metadata?.labels, active: active ? 1 : 0, ready: active && isReady(pod) ? 1 : 0, terminating: isTerminating(pod) ? 1 : 0 };
}

interface Counted {
  readonly labels: Labels;
  pods: number;
  active: number;
  ready: number;
  terminating: number;
}

function count(into: Counted, { active, ready, terminating }: PodGroup, sign: 1 | -1): void {
  into.pods += sign;
  into.active += sign * active;
  into.ready += sign * ready;
  into.terminating += sign * terminating;
}

/** Where a Pod was counted, and as what. */
interface Place {
  readonly owner: string;
  readonly group: Counted;
  readonly pod: PodGroup;
}

/** How many Pods of each controller are in which state, kept up as they change: looking costs nothing for each Pod. */
class Census {
  private readonly owners = new Map<string, Map<string, Counted>>();
  private readonly places = new Map<string, Place>();

  constructor(pods: Informer<Pod>) {
    pods.addHandlers({ add: (pod) => this.enter(pod), update: (_, pod) => this.enter(pod), delete: (pod) => this.leave(keyOf(pod)) });
  }

  /** The Pods that the controller with this UID owns, as of now. */
  groups(uid: string): readonly PodGroup[] {
    return [...(this.owners.get(uid)?.values() ?? [])].map((group) => ({ ...group }));
  }

  private enter(pod: Pod): void {
    const key = keyOf(pod);
    this.leave(key);
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined) return;
    const groups = this.owners.get(owner) ?? new Map<string, Counted>();
    this.owners.set(owner, groups);
    const one = groupOf(pod);
    const labels = JSON.stringify(one.labels ?? {});
    const group = groups.get(labels) ?? { labels: one.labels, pods: 0, active: 0, ready: 0, terminating: 0 };
    groups.set(labels, group);
    count(group, one, 1);
    this.places.set(key, { owner, group, pod: one });
  }

  private leave(key: string): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    const { owner, group, pod } = place;
    this.places.delete(key);
    count(group, pod, -1);
    if (group.pods > 0) return;
    const groups = this.owners.get(owner);
    groups?.delete(JSON.stringify(group.labels ?? {}));
    if (groups?.size === 0) this.owners.delete(owner);
  }
}

const known = new WeakMap<Informer<Pod>, Census>();

/** Begins to count an informer's Pods, once for all who ask. */
export function countPods(pods: Informer<Pod>): void {
  if (!known.has(pods)) known.set(pods, new Census(pods));
}

/** The Pods of the controller with this UID, counted; `countPods` must have begun. */
export const countedPods = (pods: Informer<Pod>, uid: string): readonly PodGroup[] => known.get(pods)?.groups(uid) ?? [];
