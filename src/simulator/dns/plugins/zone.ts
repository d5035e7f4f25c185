import type { EndpointSlice, KubeObject, Namespace, Pod, Service } from '../../api';
import { type Client, createInformers, type Informer, resources } from '../../client';
import type { Kernel } from '../../kernel';

type SliceEndpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** One address behind a Service, by its name in the zone. */
export interface ZoneEndpoint {
  readonly name: string;
  readonly address: string;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
}

/** What the kubernetes plugin knows of the cluster. */
export interface ZoneData {
  readonly synced: boolean;
  hasNamespace(name: string): boolean;
  service(namespace: string, name: string): Service | undefined;
  endpoints(namespace: string, name: string): readonly ZoneEndpoint[];
  /** Services with this cluster IP. */
  servicesAt(address: string): readonly Service[];
  /** Endpoints with this address: Service and endpoint name. */
  endpointsAt(address: string): readonly { readonly namespace: string; readonly service: string; readonly endpoint: string }[];
  hasPod(namespace: string, address: string): boolean;
}

export interface ZoneOptions {
  readonly podNames: boolean;
  readonly verifyPods: boolean;
  readonly labelSelector?: string;
}

const serviceLabel = 'kubernetes.io/service-name';
const ownerOf = (slice: EndpointSlice): string => `${slice.metadata?.namespace ?? ''}/${slice.metadata?.labels?.[serviceLabel] ?? ''}`;

/** Follows Services, EndpointSlices and Namespaces (and Pods, if they are to be verified). */
export function followCluster(kernel: Kernel, client: Client, options: ZoneOptions): ZoneData {
  const informers = createInformers(kernel, client);
  const services = informers.for<Service>(resources.services, options.labelSelector === undefined ? {} : { labelSelector: options.labelSelector });
  const slices = informers.for<EndpointSlice>(resources.endpointslices);
  const namespaces = informers.for<Namespace>(resources.namespaces);
  const pods = options.verifyPods ? informers.for<Pod>(resources.pods) : undefined;
  services.store.addIndex('address', (service) => (service.spec?.clusterIPs ?? [service.spec?.clusterIP ?? '']).filter((ip) => ip !== '' && ip !== 'None'));
  slices.store.addIndex('service', (slice) => [ownerOf(slice)]);
  slices.store.addIndex('address', (slice) => [...new Set((slice.endpoints ?? []).flatMap(({ addresses }) => addresses))]);
  pods?.store.addIndex('address', (pod) => (pod.status?.podIP === undefined ? [] : [pod.status.podIP]));
  const all: readonly Informer<KubeObject>[] = [services, slices, namespaces, ...(pods ? [pods] : [])] as unknown as readonly Informer<KubeObject>[];
  const nameOf = (endpoint: SliceEndpoint, address: string): string => {
    if (endpoint.hostname) return endpoint.hostname;
    if (options.podNames && endpoint.targetRef?.kind === 'Pod' && endpoint.targetRef.name) return endpoint.targetRef.name;
    return address.replaceAll('.', '-');
  };
  const ready = ({ conditions }: SliceEndpoint) => conditions?.ready !== false;
  return {
    get synced() {
      return all.every((informer) => informer.synced);
    },
    hasNamespace: (name) => namespaces.store.get(name) !== undefined,
    service: (namespace, name) => services.store.get(`${namespace}/${name}`),
    endpoints: (namespace, name) =>
      slices.store.by('service', `${namespace}/${name}`).flatMap((slice) => {
        if (slice.addressType !== 'IPv4') return [];
        const ports = (slice.ports ?? []).flatMap((port) => (port.port === undefined ? [] : [{ name: port.name ?? '', port: port.port, protocol: (port.protocol ?? 'TCP').toLowerCase() }]));
        return (slice.endpoints ?? []).filter(ready).flatMap((endpoint) => endpoint.addresses.map((address) => ({ name: nameOf(endpoint, address), address, ports })));
      }),
    servicesAt: (address) => services.store.by('address', address),
    endpointsAt: (address) =>
      slices.store.by('address', address).flatMap((slice) => {
        const service = slice.metadata?.labels?.[serviceLabel];
        const endpoint = slice.endpoints?.find((one) => one.addresses.includes(address) && ready(one));
        return service && endpoint ? [{ namespace: slice.metadata?.namespace ?? '', service, endpoint: nameOf(endpoint, address) }] : [];
      }),
    hasPod: (namespace, address) => pods?.store.by('address', address).some((pod) => pod.metadata?.namespace === namespace) ?? false,
  };
}
