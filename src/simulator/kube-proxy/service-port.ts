import type { EndpointSlice, Service } from '../api';
import type { Endpoint, ServiceRule } from '../network';

type SliceEndpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** Where this proxy runs, as far as the choice of endpoints goes. */
export interface Place {
  readonly nodeName: string;
  readonly zone: string | undefined;
}

/** One port of a Service with the endpoints that this node uses for it. */
export interface ServicePortInfo {
  /** namespace/name:portName; without a colon when the port has no name. */
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  readonly clusterIP: string;
  readonly nodePort: number | undefined;
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  readonly sourceRanges: readonly string[];
  readonly externalLocal: boolean;
  readonly internalLocal: boolean;
  readonly affinitySeconds: number | undefined;
  readonly healthCheckNodePort: number | undefined;
  /** Everywhere. */
  readonly cluster: readonly Endpoint[];
  /** On this node; empty unless a policy asks for them. */
  readonly local: readonly Endpoint[];
}

/** Whether this proxy serves the Service: it has an address, and nobody else claims it. */
export function isProxied(service: Service): boolean {
  const { clusterIP, type } = service.spec ?? {};
  if (type === 'ExternalName' || clusterIP === undefined || clusterIP === '' || clusterIP === 'None') return false;
  const labels = service.metadata?.labels ?? {};
  return labels['service.kubernetes.io/service-proxy-name'] === undefined && labels['service.kubernetes.io/headless'] === undefined;
}

const text = ({ address, port }: Endpoint): string => `${address}:${port}`;
const isReady = ({ conditions }: SliceEndpoint): boolean => conditions?.ready !== false;
const isServingTerminating = ({ conditions }: SliceEndpoint): boolean => conditions?.terminating === true && (conditions.serving ?? conditions.ready) !== false;

interface Candidate {
  readonly endpoint: Endpoint;
  readonly from: SliceEndpoint;
}

function candidates(slices: readonly EndpointSlice[], portName: string, protocol: string): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const slice of slices) {
    if (slice.addressType !== 'IPv4') continue;
    for (const port of slice.ports ?? []) {
      if ((port.name ?? '') !== portName || (port.protocol ?? 'TCP') !== protocol || port.port === undefined) continue;
      for (const from of slice.endpoints ?? []) {
        const address = from.addresses[0];
        if (address === undefined) continue;
        const endpoint = { address, port: port.port };
        const known = found.get(text(endpoint));
        if (!known || (isReady(from) && !isReady(known.from))) found.set(text(endpoint), { endpoint, from });
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, candidate]) => candidate);
}

/** Ready ones; when there are none, those that still serve while they terminate. */
function usable(all: readonly Candidate[]): readonly Candidate[] {
  const ready = all.filter(({ from }) => isReady(from));
  return ready.length > 0 ? ready : all.filter(({ from }) => isServingTerminating(from));
}

/** What topology hints leave, if every endpoint carries them and at least one is for here. */
function nearby(ready: readonly Candidate[], { nodeName, zone }: Place): readonly Candidate[] {
  if (ready.length === 0 || !ready.every(({ from }) => isReady(from))) return ready;
  if (ready.every(({ from }) => (from.hints?.forNodes?.length ?? 0) > 0)) {
    const here = ready.filter(({ from }) => from.hints?.forNodes?.some(({ name }) => name === nodeName));
    if (here.length > 0) return here;
  }
  if (zone !== undefined && ready.every(({ from }) => (from.hints?.forZones?.length ?? 0) > 0)) {
    const here = ready.filter(({ from }) => from.hints?.forZones?.some(({ name }) => name === zone));
    if (here.length > 0) return here;
  }
  return ready;
}

/** The Service's ports as this node sees them. */
export function servicePorts(service: Service, slices: readonly EndpointSlice[], place: Place): ServicePortInfo[] {
  const spec = service.spec ?? {};
  const loadBalanced = spec.type === 'LoadBalancer';
  const reachable = loadBalanced || spec.type === 'NodePort';
  const externalLocal = spec.externalTrafficPolicy === 'Local' && (reachable || (spec.externalIPs?.length ?? 0) > 0);
  const internalLocal = spec.internalTrafficPolicy === 'Local';
  return (spec.ports ?? []).map((port) => {
    const protocol = port.protocol ?? 'TCP';
    const all = candidates(slices, port.name ?? '', protocol);
    const local = externalLocal || internalLocal ? usable(all.filter(({ from }) => from.nodeName === place.nodeName)) : [];
    return {
      name: `${service.metadata?.namespace ?? ''}/${service.metadata?.name ?? ''}${port.name ? `:${port.name}` : ''}`,
      protocol,
      port: port.port,
      clusterIP: spec.clusterIP ?? '',
      nodePort: reachable && port.nodePort ? port.nodePort : undefined,
      externalIPs: spec.externalIPs ?? [],
      loadBalancerIPs: loadBalanced ? (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) => (ip && ipMode !== 'Proxy' ? [ip] : [])) : [],
      sourceRanges: loadBalanced ? (spec.loadBalancerSourceRanges ?? []) : [],
      externalLocal,
      internalLocal,
      affinitySeconds: spec.sessionAffinity === 'ClientIP' ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) : undefined,
      healthCheckNodePort: externalLocal && loadBalanced && spec.healthCheckNodePort ? spec.healthCheckNodePort : undefined,
      cluster: nearby(usable(all), place).map(({ endpoint }) => endpoint),
      local: local.map(({ endpoint }) => endpoint),
    };
  });
}

/** The rule that makes a node's network do it. */
export function ruleOf(info: ServicePortInfo): ServiceRule {
  const at = (address: string): Endpoint => ({ address, port: info.port });
  const addresses = [...info.externalIPs, ...info.loadBalancerIPs].map(at);
  return {
    name: info.name,
    protocol: info.protocol,
    virtual: [at(info.clusterIP)],
    endpoints: info.cluster,
    ...(info.internalLocal && { localEndpoints: info.local }),
    ...(info.nodePort !== undefined && { nodePort: info.nodePort }),
    ...((addresses.length > 0 || info.nodePort !== undefined) && {
      external: {
        addresses,
        endpoints: info.externalLocal ? info.local : info.cluster,
        local: info.externalLocal,
        ...(info.sourceRanges.length > 0 && info.loadBalancerIPs.length > 0 && { sourceRanges: info.sourceRanges }),
      },
    }),
    ...(info.affinitySeconds !== undefined && { affinitySeconds: info.affinitySeconds }),
  };
}
