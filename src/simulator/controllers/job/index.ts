import type { Job, Pod } from '../../api';
import { controllerOf, Expectations, type Informer, keyOf, labelMatcher, meta, resources, runController, WorkQueue } from '../../client';
import { seconds, type Task } from '../../kernel';
import type { Controller } from '../manager/context';
import { claim, createPodControl, indexByController, ownedBy, watchPodsOf } from '../pods';
import { isFinished } from './conditions';
import { BackOff, isTracked, trackingFinalizer } from './observe';
import { syncJob, untrack } from './sync';

/** Changes of Pods are gathered for so long before a Job looks at them. */
const batchPeriod = seconds(1);

/** Jobs: Pods that run until enough of them have succeeded. */
export const jobController: Controller = {
  name: 'job-controller',
  *start(context) {
    const { kernel, client, informers } = context;
    const jobs = informers.for<Job>(resources.jobs);
    const pods = informers.for<Pod>(resources.pods);
    indexByController(pods);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel, seconds(1));
    const orphans = new WorkQueue(kernel);
    const expectations = new Expectations(kernel);
    const backOffs = new Map<string, BackOff>();
    const recorder = context.recorder('job-controller');
    const control = createPodControl(client, recorder);
    const backOffOf = (uid: string) => {
      let backOff = backOffs.get(uid);
      if (!backOff) backOffs.set(uid, (backOff = new BackOff()));
      return backOff;
    };
    jobs.addHandlers({
      add: (job) => queue.add(keyOf(job)),
      update: (_, job) => queue.add(keyOf(job)),
      delete(job) {
        backOffs.delete(meta(job).uid);
        expectations.forget(keyOf(job));
        for (const pod of ownedBy(pods, meta(job).uid)) if (isTracked(pod)) orphans.add(keyOf(pod));
      },
    });
    watchPodsOf({
      pods, owners: jobs, kind: 'Job', expectations,
      enqueue: (key) => queue.addAfter(key, batchPeriod),
      orphan: (pod) => {
        for (const job of jobs.store.by('namespace', meta(pod).namespace)) if (labelMatcher(job.spec?.selector)(pod.metadata?.labels)) queue.add(keyOf(job));
      },
    });
    followOrphans(pods, jobs, orphans);
    runController({
      kernel, name: 'job-controller', queue, workers: 5,
      *sync(key) {
        const job = jobs.store.get(key);
        if (!job || isFinished(job) || (job.spec?.managedBy !== undefined && job.spec.managedBy !== 'kubernetes.io/job-controller')) return;
        const settled = expectations.satisfied(key);
        const own = yield* claim({ client, informer: pods, owner: job, ownerKind: resources.jobs, matches: labelMatcher(job.spec?.selector), finalizers: [trackingFinalizer] });
        yield* syncJob({ kernel, client, recorder, control, expectations, backOff: backOffOf(meta(job).uid), again: (delay) => queue.addAfter(key, delay) }, job, own, settled);
      },
    });
    runController({ kernel, name: 'job-controller orphans', queue: orphans, workers: 1, sync: (key) => release(key) });

    function* release(key: string): Task {
      const pod = pods.store.get(key);
      if (pod && isTracked(pod) && isOrphan(pod, jobs)) yield* untrack(client, pod);
    }
  },
};

/** Whether a Pod's finalizer waits for a Job that will never take it away. */
function isOrphan(pod: Pod, jobs: Informer<Job>): boolean {
  const owner = controllerOf(pod);
  if (!owner || owner.kind !== 'Job') return true;
  const job = jobs.get(meta(pod).namespace, owner.name);
  return !job || meta(job).uid !== owner.uid || isFinished(job);
}

function followOrphans(pods: Informer<Pod>, jobs: Informer<Job>, orphans: WorkQueue): void {
  const look = (pod: Pod) => {
    if (isTracked(pod) && isOrphan(pod, jobs)) orphans.add(keyOf(pod));
  };
  pods.addHandlers({ add: look, update: (_, pod) => look(pod) });
  jobs.addHandlers({
    update(old, job) {
      if (isFinished(job) && !isFinished(old)) for (const pod of ownedBy(pods, meta(job).uid)) look(pod);
    },
  });
}
