import type { ControllerRevision, DaemonSet, Node, Pod } from '../../api';
import { deepEqual, Expectations, isApiFailure, isDeleting, keyOf, labelMatcher, meta, resources, runController, WorkQueue } from '../../client';
import { seconds, type Task } from '../../kernel';
import type { Controller } from '../manager/context';
import { claim, createPodControl, indexByController, watchPodsOf } from '../pods';
import { currentRevision, dropOldRevisions, hashOf, revisionLabel, type RevisionParts, revisionsOf } from '../revisions';
import { placement, revisionAnnotations } from './placement';
import { type DaemonSync, manage, rollOut, statusOf } from './sync';

/** What the API server refused of a task; other errors are thrown. */
function* refused(task: Task): Task<Error | undefined> {
  try {
    yield* task;
    return undefined;
  } catch (error) {
    if (!isApiFailure(error)) throw error;
    return error;
  }
}

/** DaemonSets: a Pod on each node that it selects. */
export const daemonSetController: Controller = {
  name: 'daemonset-controller',
  identity: 'daemon-set-controller',
  *start(context) {
    const { kernel, client, informers } = context;
    const sets = informers.for<DaemonSet>(resources.daemonsets);
    const pods = informers.for<Pod>(resources.pods);
    const nodes = informers.for<Node>(resources.nodes);
    const revisions = informers.for<ControllerRevision>(resources.controllerrevisions);
    indexByController(pods);
    indexByController(revisions);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const expectations = new Expectations(kernel);
    const recorder = context.recorder('daemonset-controller');
    const control = createPodControl(client, recorder);
    const failures: DaemonSync['failures'] = new Map();
    sets.addHandlers({
      add: (set) => queue.add(keyOf(set)),
      update: (_, set) => queue.add(keyOf(set)),
      delete(set) {
        expectations.forget(keyOf(set));
        queue.add(keyOf(set));
      },
    });
    watchPodsOf({
      pods, owners: sets, kind: 'DaemonSet', expectations,
      enqueue: (key) => queue.add(key),
      enqueueAfter: (key, delay) => queue.addAfter(key, delay),
      minReadySeconds: (key) => sets.store.get(key)?.spec?.minReadySeconds ?? 0,
      orphan: (pod) => {
        for (const set of sets.store.by('namespace', meta(pod).namespace)) if (labelMatcher(set.spec?.selector)(pod.metadata?.labels)) queue.add(keyOf(set));
      },
    });
    const differs = (set: DaemonSet, old: Node | undefined, node: Node) => !old || !deepEqual(placement(set, old), placement(set, node));
    const nodeChanged = (old: Node | undefined, node: Node) => {
      for (const set of sets.store.values()) if (differs(set, old, node)) queue.add(keyOf(set));
    };
    nodes.addHandlers({
      add: (node) => nodeChanged(undefined, node),
      update: (old, node) => {
        if (old.metadata?.labels !== node.metadata?.labels || old.spec !== node.spec) nodeChanged(old, node);
      },
      delete: (node) => nodeChanged(undefined, node),
    });

    function* sync(key: string): Task {
      const set = sets.store.get(key);
      if (!set) return;
      const parts: RevisionParts<DaemonSet> = { client, revisions, owner: set, kind: resources.daemonsets, annotations: revisionAnnotations(set) };
      const own = yield* claim({ client, informer: pods, owner: set, ownerKind: resources.daemonsets, matches: labelMatcher(set.spec?.selector) });
      const known = yield* revisionsOf(parts);
      if (isDeleting(set)) return;
      const revision = yield* currentRevision(parts, known, 'hash');
      const step: DaemonSync = {
        kernel, control, recorder, expectations, failures, set, pods: own, nodes: nodes.store.list(), hash: hashOf(revision),
        again: (delay) => queue.addAfter(key, delay),
      };
      let failure: Error | undefined;
      if (expectations.satisfied(key)) {
        failure = yield* refused(manage(step)); // the status still says what is wanted
        if (expectations.satisfied(key) && set.spec?.updateStrategy?.type !== 'OnDelete') yield* rollOut(step);
        yield* dropOldRevisions(parts, known, new Set([hashOf(revision), ...own.map((pod) => pod.metadata?.labels?.[revisionLabel] ?? '')]));
      }
      const status = statusOf(step);
      const none = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
      if (!deepEqual({ ...none, ...set.status }, status)) yield* client.updateStatus<DaemonSet>(resources.daemonsets, { ...set, status });
      if (failure) throw failure;
      const wait = set.spec?.minReadySeconds ?? 0;
      if (wait > 0 && status.numberReady !== (status.numberAvailable ?? 0)) queue.addAfter(key, seconds(wait));
    }
    runController({ kernel, name: 'daemonset-controller', queue, workers: 2, sync });
  },
};
