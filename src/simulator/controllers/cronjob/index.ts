import type { CronJob, Job } from '../../api';
import { keyOf, meta, resources, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';
import { controllerKey, indexByController, ownedBy } from '../pods';
import { syncCronJob } from './sync';

/** CronJobs: a Job whenever the clock says so. */
export const cronJobController: Controller = {
  name: 'cronjob-controller',
  *start({ kernel, client, informers, recorder }) {
    const crons = informers.for<CronJob>(resources.cronjobs);
    const jobs = informers.for<Job>(resources.jobs);
    indexByController(jobs);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const events = recorder('cronjob-controller');
    const look = (job: Job) => {
      const key = controllerKey(job, 'CronJob', crons);
      if (key !== undefined) queue.add(key);
    };
    crons.addHandlers({ add: (cron) => queue.add(keyOf(cron)), update: (_, cron) => queue.add(keyOf(cron)), delete: (cron) => queue.add(keyOf(cron)) });
    jobs.addHandlers({ add: look, update: (_, job) => look(job), delete: look });
    runController({
      kernel, name: 'cronjob-controller', queue, workers: 5,
      *sync(key) {
        const cron = crons.store.get(key);
        if (!cron) return;
        const again = yield* syncCronJob({ kernel, client, recorder: events, cron, jobs: ownedBy(jobs, meta(cron).uid) });
        if (again !== undefined) queue.addAfter(key, again);
      },
    });
  },
};
