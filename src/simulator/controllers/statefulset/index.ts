import type { ControllerRevision, PersistentVolumeClaim, Pod, StatefulSet } from '../../api';
import { deepEqual, keyOf, labelMatcher, meta, resources, runController, WorkQueue } from '../../client';
import { seconds, type Task } from '../../kernel';
import type { Controller } from '../manager/context';
import { claim, indexByController, watchPodsOf } from '../pods';
import { currentRevision, dropOldRevisions, hashOf, type RevisionParts, revisionsOf } from '../revisions';
import { StatefulPodControl } from './control';
import { ordinalOf, revisionOf } from './identity';
import { advance, statusOf, type StatefulSync } from './sync';

/** StatefulSets: Pods with a name and claims of their own, one after the other. */
export const statefulSetController: Controller = {
  name: 'statefulset-controller',
  *start(context) {
    const { kernel, client, informers } = context;
    const sets = informers.for<StatefulSet>(resources.statefulsets);
    const pods = informers.for<Pod>(resources.pods);
    const claims = informers.for<PersistentVolumeClaim>(resources.persistentvolumeclaims);
    const revisions = informers.for<ControllerRevision>(resources.controllerrevisions);
    indexByController(pods);
    indexByController(revisions);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const recorder = context.recorder('statefulset-controller');
    const control = new StatefulPodControl(client, recorder, claims);
    sets.addHandlers({ add: (set) => queue.add(keyOf(set)), update: (_, set) => queue.add(keyOf(set)), delete: (set) => queue.add(keyOf(set)) });
    watchPodsOf({
      pods, owners: sets, kind: 'StatefulSet',
      enqueue: (key) => queue.add(key),
      enqueueAfter: (key, delay) => queue.addAfter(key, delay),
      minReadySeconds: (key) => sets.store.get(key)?.spec?.minReadySeconds ?? 0,
      orphan: (pod) => {
        for (const set of sets.store.by('namespace', meta(pod).namespace)) if (labelMatcher(set.spec?.selector)(pod.metadata?.labels)) queue.add(keyOf(set));
      },
    });

    function* sync(key: string): Task {
      const set = sets.store.get(key);
      if (!set) return;
      const own = yield* claim({
        client, informer: pods, owner: set, ownerKind: resources.statefulsets, matches: labelMatcher(set.spec?.selector),
        eligible: (pod) => ordinalOf(set, pod) !== undefined,
      });
      const parts: RevisionParts<StatefulSet> = { client, revisions, owner: set, kind: resources.statefulsets };
      const known = yield* revisionsOf(parts);
      const update = yield* currentRevision(parts, known, 'name');
      const current = known.find((revision) => meta(revision).name === set.status?.currentRevision) ?? update;
      const step: StatefulSync = { set, pods: own, current, update, control, recorder, now: kernel.now };
      const status = statusOf(step, yield* advance(step));
      if (!deepEqual({ replicas: 0, ...set.status }, status)) yield* client.updateStatus<StatefulSet>(resources.statefulsets, { ...set, status });
      const live = new Set([hashOf(current), hashOf(update), ...own.map(revisionOf)]);
      yield* dropOldRevisions(parts, known, live);
      const wait = set.spec?.minReadySeconds ?? 0;
      if (wait > 0 && (status.readyReplicas ?? 0) > (status.availableReplicas ?? 0)) queue.addAfter(key, seconds(wait));
    }
    runController({ kernel, name: 'statefulset-controller', queue, workers: 5, sync });
  },
};
