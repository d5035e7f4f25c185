import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from '../../api';
import { deepEqual, type Informer, keyOf, meta, resources, runController, WorkQueue } from '../../client';
import { minutes, seconds, type Task } from '../../kernel';
import type { Controller } from '../manager/context';
import { customResources } from '../manager';
import { isTerminal } from '../pods';
import { usageOf } from './usage';

/** What is used is counted again this often, in case anything was missed. */
const resync = minutes(5);
/** Deletions in a row are counted together. */
const gather = seconds(1) / 10;

/** Counts what a namespace uses of its quotas, when things end and go; what comes is counted at admission. */
export const resourceQuotaController: Controller = {
  name: 'resourcequota-controller',
  *start({ kernel, client, informers }) {
    const quotas = informers.for<ResourceQuota>(resources.resourcequotas);
    const pods = informers.for<Pod>(resources.pods);
    const services = informers.for<Service>(resources.services);
    const claims = informers.for<PersistentVolumeClaim>(resources.persistentvolumeclaims);
    const served = customResources(informers);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const followed = new Map<string, Informer>();
    const recount = (namespace: string) => {
      for (const quota of quotas.store.by('namespace', namespace)) {
        queue.addAfter(keyOf(quota), gather);
      }
    };
    /** Only what some quota counts is followed. */
    const follow = (group: string, resource: string): Informer | undefined => {
      const key = `${group}/${resource}`;
      const known = followed.get(key);
      if (known) return known;
      const found = served.all().find((candidate) => candidate.group === group && candidate.resource === resource && candidate.namespaced);
      if (!found) return undefined;
      const informer = informers.for(found);
      followed.set(key, informer);
      informer.addHandlers({ delete: (object) => recount(meta(object).namespace) });
      return informer;
    };
    quotas.addHandlers({
      add: (quota) => queue.add(keyOf(quota)),
      update(old, quota) {
        if (!deepEqual(old.spec, quota.spec)) queue.add(keyOf(quota));
      },
    });
    pods.addHandlers({
      update: (old, pod) => !isTerminal(old) && isTerminal(pod) && recount(meta(pod).namespace),
      delete: (pod) => recount(meta(pod).namespace),
    });
    services.addHandlers({
      update: (old, service) => !deepEqual(old.spec, service.spec) && recount(meta(service).namespace),
      delete: (service) => recount(meta(service).namespace),
    });
    claims.addHandlers({ delete: (claim) => recount(meta(claim).namespace) });

    function* sync(key: string): Task {
      const quota = quotas.store.get(key);
      if (!quota) return;
      const { namespace } = meta(quota);
      for (const name of Object.keys(quota.spec?.hard ?? {})) {
        const [, resource, group = ''] = /^(?:count\/)?([^./]+)(?:\.(.+))?$/.exec(name) ?? [];
        const informer = resource === undefined ? undefined : follow(group, resource);
        if (informer) yield* informer.waitSynced();
      }
      const used = usageOf(quota.spec ?? {}, {
        pods: () => pods.store.by('namespace', namespace),
        services: () => services.store.by('namespace', namespace),
        claims: () => claims.store.by('namespace', namespace),
        count: (group, resource) => follow(group, resource)?.store.count('namespace', namespace),
      });
      const status = { hard: quota.spec?.hard ?? {}, used };
      if (!deepEqual(status, quota.status)) yield* client.updateStatus<ResourceQuota>(resources.resourcequotas, { ...quota, status });
      queue.addAfter(key, resync);
    }
    runController({ kernel, name: 'resourcequota-controller', queue, workers: 5, sync });
  },
};
