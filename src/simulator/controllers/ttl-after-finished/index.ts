import { isStatus, type Job } from '../../api';
import { isDeleting, keyOf, meta, resources, runController, WorkQueue } from '../../client';
import { parseTime, seconds, type Time } from '../../kernel';
import { isFinished } from '../job/conditions';
import type { Controller } from '../manager/context';

/** When the Job's time is over; undefined when it has none. */
function expiry(job: Job): Time | undefined {
  const ttl = job.spec?.ttlSecondsAfterFinished;
  if (ttl === undefined || !isFinished(job) || isDeleting(job)) return undefined;
  const end = job.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
  const time = end?.lastTransitionTime ? parseTime(end.lastTransitionTime) : undefined;
  return time === undefined ? undefined : time + seconds(ttl);
}

/** Deletes Jobs a while after they have finished, if they say so. */
export const ttlAfterFinishedController: Controller = {
  name: 'ttl-after-finished-controller',
  *start({ kernel, client, informers }) {
    const jobs = informers.for<Job>(resources.jobs);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const look = (job: Job) => {
      const time = expiry(job);
      if (time !== undefined) queue.addAfter(keyOf(job), time - kernel.now);
    };
    jobs.addHandlers({ add: look, update: (_, job) => look(job) });
    runController({
      kernel, name: 'ttl-after-finished-controller', queue, workers: 5,
      *sync(key) {
        const job = jobs.store.get(key);
        const time = job && expiry(job);
        if (!job || time === undefined) return;
        if (time > kernel.now) return queue.addAfter(key, time - kernel.now);
        try {
          yield* client.delete(resources.jobs, meta(job).namespace, meta(job).name, { propagationPolicy: 'Foreground', preconditions: { uid: meta(job).uid } });
        } catch (error) {
          if (!isStatus(error, 'NotFound')) throw error;
        }
      },
    });
  },
};
