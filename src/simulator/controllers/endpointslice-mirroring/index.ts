import type { Endpoint, EndpointAddress, Endpoints, EndpointSlice, Service } from '../../api';
import { controllerReference, deepEqual, keyOf, meta, resources, runController, withMeta, WorkQueue } from '../../client';
import type { Task } from '../../kernel';
import { planSlices, portsKey, type WantedSlices } from '../endpointslice/plan';
import type { Controller } from '../manager/context';

const managedBy = 'endpointslicemirroring-controller.k8s.io';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const serviceLabel = 'kubernetes.io/service-name';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
const notCopied = ['endpoints.kubernetes.io/last-change-trigger-time', 'kubectl.kubernetes.io/last-applied-configuration', 'endpoints.kubernetes.io/over-capacity'];
/** Of each subset at most so many addresses are mirrored. */
const maxPerSubset = 1000;

/** Whether Endpoints are to be mirrored: made by hand, for a Service without a selector, and not told to be skipped. */
const isMirrored = (endpoints: Endpoints, service: Service | undefined): boolean =>
  service !== undefined && !service.spec?.selector && endpoints.metadata?.labels?.[skipLabel] !== 'true'
  && endpoints.metadata?.annotations?.['control-plane.alpha.kubernetes.io/leader'] === undefined && endpoints.metadata?.labels?.['endpoints.kubernetes.io/managed-by'] === undefined;

const endpointOf = ({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [ip], conditions: { ready }, ...(hostname && { hostname }), ...(nodeName && { nodeName }), ...(targetRef && { targetRef }),
});

function wantedSlices({ subsets = [] }: Endpoints): WantedSlices[] {
  const groups = new Map<string, WantedSlices & { readonly endpoints: Endpoint[] }>();
  for (const subset of subsets) {
    const ports = (subset.ports ?? []).map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({ name, port, protocol, ...(appProtocol && { appProtocol }) }));
    const all = [...(subset.addresses ?? []).map((address) => endpointOf(address, true)), ...(subset.notReadyAddresses ?? []).map((address) => endpointOf(address, false))];
    for (const endpoint of all.slice(0, maxPerSubset)) {
      const addressType = endpoint.addresses[0]?.includes(':') ? 'IPv6' : 'IPv4';
      const key = `${addressType}|${portsKey(ports)}`;
      const group = groups.get(key);
      if (group) group.endpoints.push(endpoint);
      else groups.set(key, { addressType, ports, endpoints: [endpoint] });
    }
  }
  return [...groups.values()];
}

/** Mirrors Endpoints that were made by hand into EndpointSlices. */
export const endpointSliceMirroringController: Controller = {
  name: 'endpointslice-mirroring-controller',
  identity: 'endpointslicemirroring-controller',
  *start({ kernel, client, informers }) {
    const endpoints = informers.for<Endpoints>(resources.endpoints);
    const services = informers.for<Service>(resources.services);
    const slices = informers.for<EndpointSlice>(resources.endpointslices);
    slices.store.addIndex('service', (slice) => [`${slice.metadata?.namespace ?? ''}/${slice.metadata?.labels?.[serviceLabel] ?? ''}`]);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const look = (object: Endpoints | Service) => queue.add(keyOf(object));
    endpoints.addHandlers({ add: look, update: (_, object) => look(object), delete: look });
    services.addHandlers({ add: look, update: (_, object) => look(object), delete: look });

    function* sync(key: string): Task {
      const existing = slices.store.by('service', key).filter((slice) => slice.metadata?.labels?.[managedByLabel] === managedBy);
      const source = endpoints.store.get(key);
      if (!source || !isMirrored(source, services.store.get(key))) {
        for (const slice of existing) yield* client.delete(resources.endpointslices, meta(slice).namespace, meta(slice).name);
        return;
      }
      const { name, namespace } = meta(source);
      const plan = planSlices(existing, wantedSlices(source));
      const { [skipLabel]: _, ...copied } = source.metadata?.labels ?? {};
      const labels = { ...copied, [managedByLabel]: managedBy, [serviceLabel]: name };
      const annotations = Object.fromEntries(Object.entries(source.metadata?.annotations ?? {}).filter(([annotation]) => !notCopied.includes(annotation)));
      const metadata = { labels, ...(Object.keys(annotations).length > 0 && { annotations }) };
      for (const { addressType, ports, endpoints: addresses } of plan.create) {
        yield* client.create<EndpointSlice>(resources.endpointslices, namespace, {
          apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType, ports, endpoints: addresses,
          metadata: { generateName: `${name}-`, namespace, ...metadata, ownerReferences: [controllerReference(source, resources.endpoints)] },
        });
      }
      const updates = new Map(plan.update.map(({ slice, endpoints: addresses }) => [keyOf(slice), { ...slice, endpoints: addresses }]));
      for (const slice of existing) {
        const update = updates.get(keyOf(slice));
        if (plan.remove.includes(slice) || (!update && deepEqual(slice.metadata?.labels, labels))) continue;
        yield* client.update<EndpointSlice>(resources.endpointslices, withMeta(update ?? slice, metadata));
      }
      for (const slice of plan.remove) yield* client.delete(resources.endpointslices, namespace, meta(slice).name);
    }
    runController({ kernel, name: 'endpointslice-mirroring', queue, workers: 5, sync });
  },
};
