import type { EndpointSlice, Node, Pod, Service } from '../../api';
import { controllerReference, deepEqual, type Informer, isDeleting, keyOf, mapMatcher, meta, resources, runController, withMeta, WorkQueue } from '../../client';
import { milliseconds, type Task } from '../../kernel';
import type { Controller, ControllerContext } from '../manager/context';
import { addressesOf, addressTypes, endpointOf, hasEndpoint, portsOf } from './endpoint';
import { planSlices, portsKey, type WantedSlices } from './plan';
import { servicesOfPods } from './services';
import { TriggerTimes } from './trigger-times';

const managedBy = 'endpointslice-controller.k8s.io';
const serviceLabel = 'kubernetes.io/service-name';
const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time';

/** EndpointSlices: the addresses and ports behind each Service that has a selector. */
export const endpointSliceController: Controller = {
  name: 'endpointslice-controller',
  *start(context) {
    const { kernel, informers, client } = context;
    const services = informers.for<Service>(resources.services);
    const pods = informers.for<Pod>(resources.pods);
    const nodes = informers.for<Node>(resources.nodes);
    const slices = informers.for<EndpointSlice>(resources.endpointslices);
    slices.store.addIndex('service', (slice) => [`${slice.metadata?.namespace ?? ''}/${slice.metadata?.labels?.[serviceLabel] ?? ''}`]);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel, milliseconds(1000));
    servicesOfPods(services, pods, (key) => queue.add(key));
    slices.addHandlers({
      delete: (slice) => {
        const name = slice.metadata?.labels?.[serviceLabel];
        if (name && slice.metadata?.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy) queue.add(`${meta(slice).namespace}/${name}`);
      },
    });
    const recorder = context.recorder('endpoint-slice-controller');
    const times = new TriggerTimes();
    runController({
      kernel, name: 'endpointslice-controller', queue, workers: 5, maxRetries: 15,
      *sync(key) {
        const service = services.store.get(key);
        if (!service || service.spec?.type === 'ExternalName' || !service.spec?.selector) return times.forget(key);
        const matching = pods.store.by('namespace', meta(service).namespace).filter((pod) => mapMatcher(service.spec?.selector)(pod.metadata?.labels));
        const lost = yield* new Reconciliation(client, service, slices, nodes).run(matching, times.next(key, service, matching));
        if (lost) queue.addRateLimited(key);
      },
      failed: (key, error) => {
        const service = services.store.get(key);
        if (service) recorder.event(service, 'Warning', 'FailedToUpdateEndpointSlices', `Error updating Endpoint Slices for Service ${key}: ${error.message}`);
      },
    });
  },
};

class Reconciliation {
  constructor(private readonly client: ControllerContext['client'], private readonly service: Service, private readonly slices: Informer<EndpointSlice>, private readonly nodes: Informer<Node>) {}

  /** True when a Pod's Node is not known (yet). */
  *run(pods: readonly Pod[], time: string | undefined): Task<boolean> {
    const { service, client } = this;
    const { namespace } = meta(service);
    const existing = this.slices.store.by('service', keyOf(service)).filter((slice) => slice.metadata?.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy && !isDeleting(slice));
    const { wanted, lost } = this.wanted(pods);
    const plan = planSlices(existing, wanted);
    const metadata = { labels: this.labels(), ...(time && { annotations: { [triggerTime]: time } }) };
    for (const { addressType, ports, endpoints } of plan.create) {
      yield* client.create<EndpointSlice>(resources.endpointslices, namespace, {
        apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
        metadata: { generateName: `${meta(service).name}-`, namespace, ...metadata, ownerReferences: [controllerReference(service, resources.services)] },
        addressType, endpoints, ports,
      });
    }
    for (const { slice, endpoints } of plan.update) yield* this.write({ ...slice, endpoints }, metadata);
    const touched = new Set([...plan.update.map(({ slice }) => keyOf(slice)), ...plan.remove.map(keyOf)]);
    for (const slice of existing) {
      if (!touched.has(keyOf(slice)) && !deepEqual(slice.metadata?.labels, metadata.labels)) yield* this.write(slice, metadata);
    }
    for (const slice of plan.remove) yield* client.delete(resources.endpointslices, namespace, meta(slice).name);
    return lost;
  }

  private *write(slice: EndpointSlice, { labels, annotations }: { readonly labels: Record<string, string>; readonly annotations?: Record<string, string> }): Task {
    const { [triggerTime]: _, ...others } = slice.metadata?.annotations ?? {};
    const all = { ...others, ...annotations };
    yield* this.client.update<EndpointSlice>(resources.endpointslices, withMeta(slice, { labels, annotations: Object.keys(all).length > 0 ? all : undefined }));
  }

  private labels(): Record<string, string> {
    const { metadata, spec } = this.service;
    const { 'service.kubernetes.io/headless': _, [serviceLabel]: __, 'endpointslice.kubernetes.io/managed-by': ___, ...labels } = metadata?.labels ?? {};
    return {
      ...labels, 'endpointslice.kubernetes.io/managed-by': managedBy, [serviceLabel]: metadata?.name ?? '',
      ...(spec?.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
    };
  }

  private wanted(pods: readonly Pod[]): { wanted: WantedSlices[]; lost: boolean } {
    const { service } = this;
    const groups = new Map<string, WantedSlices & { endpoints: EndpointSlice['endpoints'] & object[] }>();
    let lost = false;
    for (const addressType of addressTypes(service)) {
      for (const pod of pods) {
        if (!hasEndpoint(pod, true) || addressesOf(pod, addressType).length === 0) continue;
        const node = pod.spec?.nodeName ? this.nodes.get(undefined, pod.spec.nodeName) : undefined;
        if (!node && pod.spec?.nodeName) {
          lost = true;
          continue;
        }
        const ports = portsOf(service, pod);
        const key = `${addressType}|${portsKey(ports)}`;
        const group = groups.get(key);
        const endpoint = endpointOf(service, pod, node, addressType);
        if (group) (group.endpoints as object[]).push(endpoint);
        else groups.set(key, { addressType, ports, endpoints: [endpoint] });
      }
      if (![...groups.values()].some((group) => group.addressType === addressType)) groups.set(`${addressType}|`, { addressType, ports: [], endpoints: [] });
    }
    return { wanted: [...groups.values()], lost };
  }
}
