import type { EndpointAddress, EndpointPort, EndpointSubset, Pod, Service } from '../../api';
import { meta } from '../../client';
import { addressTypes, addressesOf, hasEndpoint, portsOf, type SlicePort } from '../endpointslice/endpoint';
import { isReady } from '../pods';

/** Endpoints hold at most so many addresses. */
export const maxAddresses = 1000;

interface Entry {
  readonly port: EndpointPort | undefined;
  readonly ready: Map<string, EndpointAddress>;
  readonly notReady: Map<string, EndpointAddress>;
}

const endpointPort = ({ name, port, protocol, appProtocol }: SlicePort): EndpointPort => ({
  ...(name !== '' && { name }), port, protocol, ...(appProtocol !== undefined && { appProtocol }),
});

function addressOf(service: Service, pod: Pod, ip: string): EndpointAddress {
  const { name, namespace, uid } = meta(pod);
  return {
    ...(pod.spec?.hostname && pod.spec.subdomain === service.metadata?.name && { hostname: pod.spec.hostname }),
    ip,
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

const sorted = (addresses: Map<string, EndpointAddress>): EndpointAddress[] => [...addresses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, address]) => address);

/** The subsets of a Service: ports that the same addresses have stand together. */
export function subsetsOf(service: Service, pods: readonly Pod[]): { readonly subsets: readonly EndpointSubset[]; readonly truncated: boolean } {
  const entries = new Map<string, Entry>();
  const publishAll = service.spec?.publishNotReadyAddresses === true;
  const headless = service.spec?.clusterIP === 'None';
  const [family = 'IPv4'] = addressTypes(service);
  let count = 0;
  for (const pod of pods) {
    const [ip] = addressesOf(pod, family);
    if (ip === undefined || !hasEndpoint(pod, publishAll)) continue;
    if (++count > maxAddresses) continue;
    const ports = portsOf(service, pod);
    const none = (service.spec?.ports ?? []).length === 0 && headless;
    for (const port of none ? [undefined] : ports) {
      const key = port ? `${port.name}/${port.port}/${port.protocol}` : '';
      let entry = entries.get(key);
      if (!entry) entries.set(key, (entry = { port: port && endpointPort(port), ready: new Map(), notReady: new Map() }));
      (publishAll || isReady(pod) ? entry.ready : entry.notReady).set(`${ip}|${meta(pod).uid}`, addressOf(service, pod, ip));
    }
  }
  return { subsets: pack([...entries.values()]), truncated: count > maxAddresses };
}

function pack(entries: readonly Entry[]): EndpointSubset[] {
  const groups = new Map<string, { entry: Entry; ports: EndpointPort[] }>();
  for (const entry of entries) {
    const key = `${[...entry.ready.keys()].sort().join(',')}#${[...entry.notReady.keys()].sort().join(',')}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { entry, ports: entry.port ? [entry.port] : [] });
    else if (entry.port) group.ports.push(entry.port);
  }
  return [...groups.values()].map(({ entry, ports }) => ({
    ...(entry.ready.size > 0 && { addresses: sorted(entry.ready) }),
    ...(entry.notReady.size > 0 && { notReadyAddresses: sorted(entry.notReady) }),
    ...(ports.length > 0 && { ports }),
  }));
}
