import type { Endpoint, Node, Pod, Service, ServicePort } from '../../api';
import { isDeleting, meta } from '../../client';
import { isReady, isTerminal } from '../pods';

export type AddressType = 'IPv4' | 'IPv6';
export type Protocol = 'SCTP' | 'TCP' | 'UDP';

/** One port of a slice, as the Pod that was asked has it. */
export interface SlicePort {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly appProtocol?: string;
}

/** Whether a Pod belongs among a Service's endpoints at all, ready or not. */
export const hasEndpoint = (pod: Pod, terminating: boolean): boolean => !isTerminal(pod) && !!pod.status?.podIP && (terminating || !isDeleting(pod));

/** The address types of a Service. */
export const addressTypes = (service: Service): readonly AddressType[] => (service.spec?.ipFamilies as readonly AddressType[] | undefined) ?? ['IPv4'];

/** The number behind a Service's port in this Pod; undefined when the Pod has no port of that name. */
export function targetPort(pod: Pod, { port, targetPort: target, protocol = 'TCP' }: ServicePort): number | undefined {
  if (target === undefined || target === '' || target === 0) return port;
  if (typeof target === 'number') return target;
  const sidecars = pod.spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always') ?? [];
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    for (const declared of container.ports ?? []) {
      if (declared.name === target && (declared.protocol ?? 'TCP') === protocol) return declared.containerPort;
    }
  }
  return undefined;
}

/** The ports that a Service has in this Pod. */
export function portsOf(service: Service, pod: Pod): SlicePort[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(pod, port);
    if (number === undefined) return [];
    return [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP', ...(port.appProtocol && { appProtocol: port.appProtocol }) }];
  });
}

/** The Pod's addresses of one type. */
export function addressesOf(pod: Pod, type: AddressType): string[] {
  const ips = pod.status?.podIPs?.map(({ ip }) => ip) ?? (pod.status?.podIP ? [pod.status.podIP] : []);
  return ips.filter((ip) => ip.includes(':') === (type === 'IPv6'));
}

/** The endpoint that a Pod makes in a slice. */
export function endpointOf(service: Service, pod: Pod, node: Node | undefined, type: AddressType): Endpoint {
  const serving = isReady(pod);
  const terminating = isDeleting(pod);
  const { name, namespace, uid } = meta(pod);
  const zone = node?.metadata?.labels?.['topology.kubernetes.io/zone'];
  const hostname = pod.spec?.hostname && pod.spec.subdomain === service.metadata?.name ? pod.spec.hostname : undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const nodeName = pod.spec?.nodeName;
  return {
    addresses: addressesOf(pod, type),
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(nodeName && { nodeName }),
    ...(zone && { zone }),
    ...hintsFor(service, zone, nodeName),
  };
}

function hintsFor(service: Service, zone: string | undefined, nodeName: string | undefined): Pick<Endpoint, 'hints'> {
  const wish = service.spec?.trafficDistribution;
  if (wish === 'PreferSameNode' && nodeName) return { hints: { ...(zone && { forZones: [{ name: zone }] }), forNodes: [{ name: nodeName }] } };
  if ((wish === 'PreferClose' || wish === 'PreferSameZone') && zone) return { hints: { forZones: [{ name: zone }] } };
  return {};
}
