import { isStatus, type KubeObject, type Pod, type PodTemplateSpec, type ReplicaSetStatus } from '../../api';
import { controllerOf, Expectations, type Informer, isDeleting, keyOf, type LabelMatcher, meta, type Resource, resources, runController, WorkQueue } from '../../client';
import { seconds, type Task } from '../../kernel';
import type { Controller, ControllerContext } from '../manager/context';
import { byDeletionOrder, countedPods, countPods, createPodControl, groupOf, hasOrphans, inParallel, indexByController, isActive, namespaceIsTerminating, ownedBy, type PodControl, podFromTemplate, settleClaims, slowStart, watchPodsOf } from '../pods';
import { countsOf, type PodCounts, replicaStatus, statusDiffers } from './status';

/** What ReplicaSet and ReplicationController have in common. */
export interface ReplicaOwner extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly minReadySeconds?: number; readonly template?: PodTemplateSpec };
  readonly status?: ReplicaSetStatus;
}

/** How the two differ. */
export interface ReplicaKind<T extends ReplicaOwner> {
  readonly name: string;
  readonly component: string;
  readonly identity: string;
  readonly resource: Resource;
  matches(set: T): LabelMatcher;
  hasSelector(set: T): boolean;
}

/** So many Pods at most are made or deleted in one sync. */
const burst = 500;

/** The controller that keeps as many Pods as a set of this kind wants. */
export function replicaController<T extends ReplicaOwner>(kind: ReplicaKind<T>): Controller {
  return {
    name: kind.name,
    identity: kind.identity,
    *start(context) {
      const sets = context.informers.for<T>(kind.resource);
      const pods = context.informers.for<Pod>(resources.pods);
      indexByController(pods);
      countPods(pods);
      indexByController(sets);
      yield* context.informers.waitSynced();
      new Replicas(kind, context, sets, pods).run();
    },
  };
}

class Replicas<T extends ReplicaOwner> {
  private readonly queue: WorkQueue;
  private readonly expectations: Expectations;
  private readonly control: PodControl;

  constructor(private readonly kind: ReplicaKind<T>, private readonly context: ControllerContext, private readonly sets: Informer<T>, private readonly pods: Informer<Pod>) {
    this.queue = new WorkQueue(context.kernel);
    this.expectations = new Expectations(context.kernel);
    this.control = createPodControl(context.client, context.recorder(kind.component));
  }

  run(): void {
    const { queue, sets, kind } = this;
    sets.addHandlers({
      add: (set) => queue.add(keyOf(set)),
      update: (_, set) => queue.add(keyOf(set)),
      delete: (set) => {
        this.expectations.forget(keyOf(set));
        queue.add(keyOf(set));
      },
    });
    watchPodsOf({
      pods: this.pods, owners: sets, kind: kind.resource.kind, expectations: this.expectations,
      enqueue: (key) => queue.add(key),
      enqueueAfter: (key, delay) => queue.addAfter(key, delay),
      minReadySeconds: (key) => sets.store.get(key)?.spec?.minReadySeconds ?? 0,
      orphan: (pod) => {
        for (const set of sets.store.by('namespace', meta(pod).namespace)) if (kind.hasSelector(set) && kind.matches(set)(pod.metadata?.labels)) queue.add(keyOf(set));
      },
    });
    runController({ kernel: this.context.kernel, name: kind.name, queue, workers: 5, sync: (key) => this.sync(key) });
  }

  private *sync(key: string): Task {
    const set = this.sets.store.get(key);
    if (!set) return this.expectations.forget(key);
    const settled = this.expectations.satisfied(key);
    const { pods, active } = yield* this.claim(set);
    const result = settled && !isDeleting(set) ? yield* this.manage(key, set, pods.active, active) : undefined;
    const minReadySeconds = set.spec?.minReadySeconds ?? 0;
    const status = replicaStatus({ set, pods, active, failure: result?.failure, wantedMore: (result?.difference ?? 0) < 0, now: this.context.kernel.now });
    const stored = statusDiffers(set, status) ? yield* this.updateStatus(set, status) : set;
    if (minReadySeconds > 0 && (status.readyReplicas ?? 0) > (status.availableReplicas ?? 0)) this.queue.addAfter(keyOf(stored), seconds(minReadySeconds));
    if (result?.failure) throw result.failure;
  }

  /** The set's Pods as of now, counted; the active ones themselves only where counts are not enough: some change hands, are to go, or grow old enough. */
  private *claim(set: T): Task<{ pods: PodCounts; active: readonly Pod[] }> {
    const { kind, pods: informer, context: { client } } = this;
    const { namespace, uid } = meta(set);
    const matches = kind.matches(set);
    const groups = countedPods(informer, uid);
    const own = groups.filter(({ labels }) => matches(labels));
    const { replicas = 0, minReadySeconds = 0 } = set.spec ?? {};
    const looked = own.length < groups.length || hasOrphans(informer, namespace) || countsOf(set, own).active > replicas || minReadySeconds > 0;
    const owned = looked ? ownedBy(informer, uid) : [];
    const adopted = yield* settleClaims({ client, informer, owner: set, ownerKind: kind.resource, matches }, owned.filter(({ metadata }) => !matches(metadata?.labels)));
    return {
      pods: countsOf(set, [...own, ...adopted.map(groupOf)]),
      active: [...owned.filter(({ metadata }) => matches(metadata?.labels)), ...adopted].filter(isActive),
    };
  }

  private *updateStatus(set: T, status: ReplicaSetStatus): Task<T> {
    const { client } = this.context;
    const { kind: { resource } } = this;
    try {
      return yield* client.updateStatus<T>(resource, { ...set, status });
    } catch (error) {
      if (!isStatus(error, 'Conflict')) throw error;
    }
    const fresh = yield* client.get<T>(resource, meta(set).namespace, meta(set).name);
    if (meta(fresh).uid !== meta(set).uid) return fresh;
    return yield* client.updateStatus<T>(resource, { ...fresh, status });
  }

  private *manage(key: string, set: T, count: number, active: readonly Pod[]): Task<{ difference: number; failure: Error | undefined }> {
    const difference = count - (set.spec?.replicas ?? 0);
    if (difference < 0) return { difference, failure: yield* this.createPods(key, set, Math.min(-difference, burst)) };
    if (difference > 0) return { difference, failure: yield* this.deletePods(key, set, active, Math.min(difference, burst)) };
    return { difference, failure: undefined };
  }

  private *createPods(key: string, set: T, count: number): Task<Error | undefined> {
    this.expectations.expectCreations(key, count);
    const { namespace } = meta(set);
    const pod = podFromTemplate(set.spec?.template, set, this.kind.resource);
    const wanted = Array.from({ length: count }, () => pod);
    const { done, failure } = yield* slowStart(this.context.kernel, this.kind.name, wanted, (next) => this.control.create(namespace, next, set));
    for (let missing = count - done; missing > 0; missing--) this.expectations.creationObserved(key);
    return failure && namespaceIsTerminating(failure) ? undefined : failure;
  }

  private *deletePods(key: string, set: T, active: readonly Pod[], count: number): Task<Error | undefined> {
    const doomed = count < active.length ? byDeletionOrder(active, this.context.kernel.now, this.relatedOnNode(set)).slice(0, count) : active;
    this.expectations.expectDeletions(key, doomed.map(keyOf));
    const { failure } = yield* inParallel(this.context.kernel, this.kind.name, doomed, (pod) => this.delete(key, set, pod));
    return failure;
  }

  private *delete(key: string, set: T, pod: Pod): Task {
    try {
      yield* this.control.delete(meta(pod).namespace, meta(pod).name, set);
    } catch (error) {
      this.expectations.deletionObserved(key, keyOf(pod));
      if (!isStatus(error, 'NotFound')) throw error;
    }
  }

  /** How many active Pods of this set, and of the sets that share its controller, a node has. */
  private relatedOnNode(set: T): (pod: Pod) => number {
    const controller = controllerOf(set);
    const related = controller ? ownedBy(this.sets, controller.uid) : [set];
    const counts = new Map<string, number>();
    for (const { metadata } of related) {
      for (const pod of ownedBy(this.pods, metadata?.uid ?? '')) {
        const node = pod.spec?.nodeName;
        if (node && isActive(pod)) counts.set(node, (counts.get(node) ?? 0) + 1);
      }
    }
    return (pod) => counts.get(pod.spec?.nodeName ?? '') ?? 0;
  }
}
