import { type Endpoints, isStatus, type Pod, type Service } from '../../api';
import { deepEqual, mapMatcher, meta, resources, runController, withMeta, WorkQueue } from '../../client';
import { milliseconds, type Task } from '../../kernel';
import { servicesOfPods } from '../endpointslice/services';
import { TriggerTimes } from '../endpointslice/trigger-times';
import type { Controller } from '../manager/context';
import { subsetsOf } from './subsets';

const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time';
const overCapacity = 'endpoints.kubernetes.io/over-capacity';
const headlessLabel = 'service.kubernetes.io/headless';

/** Endpoints: the older form of what EndpointSlices say, deprecated and still kept. */
export const endpointsController: Controller = {
  name: 'endpoints-controller',
  identity: 'endpoint-controller',
  *start({ kernel, client, informers, recorder }) {
    const services = informers.for<Service>(resources.services);
    const pods = informers.for<Pod>(resources.pods);
    const endpoints = informers.for<Endpoints>(resources.endpoints);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel, milliseconds(1000));
    const events = recorder('endpoint-controller');
    const times = new TriggerTimes();
    servicesOfPods(services, pods, (key) => queue.add(key));
    endpoints.addHandlers({ delete: (object) => queue.add(`${meta(object).namespace}/${meta(object).name}`) });

    function* remove(key: string): Task {
      times.forget(key);
      const object = endpoints.store.get(key);
      if (!object) return;
      try {
        yield* client.delete(resources.endpoints, meta(object).namespace, meta(object).name);
      } catch (error) {
        if (!isStatus(error, 'NotFound')) throw error;
      }
    }

    function* sync(key: string): Task {
      const service = services.store.get(key);
      if (!service) return yield* remove(key);
      if (service.spec?.type === 'ExternalName' || !service.spec?.selector) return;
      const { name, namespace } = meta(service);
      const matching = pods.store.by('namespace', namespace).filter((pod) => mapMatcher(service.spec?.selector)(pod.metadata?.labels));
      const { subsets, truncated } = subsetsOf(service, matching);
      const time = times.next(key, service, matching);
      const current = endpoints.store.get(key);
      const { [headlessLabel]: _, ...others } = service.metadata?.labels ?? {};
      const labels = { ...others, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller', ...(service.spec.clusterIP === 'None' && { [headlessLabel]: '' }) };
      const before = current?.metadata?.annotations;
      if (current && deepEqual(current.subsets ?? [], subsets) && deepEqual(current.metadata?.labels, labels) && (before?.[overCapacity] !== undefined) === truncated) return;
      const { [triggerTime]: __, [overCapacity]: ___, ...kept } = before ?? {};
      const annotations = { ...kept, ...(time && { [triggerTime]: time }), ...(truncated && { [overCapacity]: 'truncated' }) };
      const wanted: Endpoints = withMeta(
        { ...(current ?? { apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace } }), subsets },
        { labels, annotations: Object.keys(annotations).length > 0 ? annotations : undefined },
      );
      try {
        yield* current ? client.update<Endpoints>(resources.endpoints, wanted) : client.create<Endpoints>(resources.endpoints, namespace, wanted);
      } catch (error) {
        if (error instanceof Error && !isStatus(error, 'Forbidden')) {
          const reason = current ? 'FailedToUpdateEndpoint' : 'FailedToCreateEndpoint';
          events.event(wanted, 'Warning', reason, `Failed to ${current ? 'update' : 'create'} endpoint ${namespace}/${name}: ${error.message}`);
        }
        throw error;
      }
    }
    runController({ kernel, name: 'endpoints-controller', queue, workers: 5, maxRetries: 15, sync });
  },
};
