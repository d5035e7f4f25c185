import { parseIp } from '../../../../api';
import type { Draft } from '../../definition';

type Spec = Record<string, unknown>;
interface Port { port: number; targetPort?: number | string; protocol?: string; nodePort?: number; name?: string }

/** Ports of a Service's spec, mutable. */
export const portsOf = (spec: Spec): Port[] => (spec['ports'] ?? []) as Port[];

/** Sets a Service's defaults. Mutates. */
export function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Spec;
  if (spec['sessionAffinity'] === undefined || spec['sessionAffinity'] === '') spec['sessionAffinity'] = 'None';
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (spec['sessionAffinity'] === 'ClientIP') {
    const config = (spec['sessionAffinityConfig'] ??= {}) as Record<string, Record<string, unknown> | undefined>;
    const clientIP = (config['clientIP'] ??= {});
    if (clientIP['timeoutSeconds'] === undefined) clientIP['timeoutSeconds'] = 10_800;
  }
  if (spec['type'] === undefined || spec['type'] === '') spec['type'] = 'ClusterIP';
  for (const port of portsOf(spec)) {
    if (port.protocol === undefined || port.protocol === '') port.protocol = 'TCP';
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
  }
  const { type } = spec;
  if ((type === 'NodePort' || type === 'LoadBalancer') && (spec['externalTrafficPolicy'] ?? '') === '') spec['externalTrafficPolicy'] = 'Cluster';
  if (type === 'ClusterIP' && ((spec['externalIPs'] ?? []) as readonly string[]).length > 0 && (spec['externalTrafficPolicy'] ?? '') === '') spec['externalTrafficPolicy'] = 'Cluster';
  if (type !== 'ExternalName' && spec['internalTrafficPolicy'] === undefined) spec['internalTrafficPolicy'] = 'Cluster';
  if (type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] === undefined) spec['allocateLoadBalancerNodePorts'] = true;
}

/** Makes clusterIP and the first of clusterIPs agree, as clients of either may have written. Mutates. */
export function agreeOnClusterIps(spec: Spec, old: Readonly<Spec> | undefined): void {
  const ip = (spec['clusterIP'] ?? '') as string;
  const ips = spec['clusterIPs'] as readonly string[] | undefined;
  if (old === undefined) {
    if (ip !== '' && (ips ?? []).length === 0) spec['clusterIPs'] = [ip];
    return;
  }
  const oldIp = (old['clusterIP'] ?? '') as string;
  const oldIps = (old['clusterIPs'] ?? []) as readonly string[];
  const sameIps = (ips ?? []).length === oldIps.length && oldIps.every((one, index) => one === ips?.[index]);
  if (ip !== '' && ip !== oldIp && (ips ?? []).length === 0) spec['clusterIPs'] = [ip];
  else if (oldIp !== '' && ip === '' && sameIps) delete spec['clusterIPs'];
  else if (oldIp !== ip && sameIps) spec['clusterIPs'] = [ip, ...oldIps.slice(1)].filter((one) => one !== '');
  else if (ip === '' && (ips ?? []).length > 0 && !sameIps) spec['clusterIP'] = ips?.[0];
}

/** Sets what says which families of addresses a Service has. This cluster has IPv4 alone. Mutates. */
export function defaultFamilies(spec: Spec): void {
  if (spec['type'] === 'ExternalName') return;
  const ips = (spec['clusterIPs'] ?? []) as readonly string[];
  const selectorless = Object.keys((spec['selector'] ?? {}) as object).length === 0;
  const families = (spec['ipFamilies'] ?? []) as string[];
  if (ips[0] === 'None' && selectorless && families.length < 2 && (spec['ipFamilyPolicy'] ?? '') === '') {
    spec['ipFamilyPolicy'] = 'RequireDualStack';
    spec['ipFamilies'] = families[0] === 'IPv6' ? ['IPv6', 'IPv4'] : ['IPv4', 'IPv6'];
    return;
  }
  if ((spec['ipFamilyPolicy'] ?? '') === '') spec['ipFamilyPolicy'] = 'SingleStack';
  if (families.length === 0) {
    const own = ips.map((ip) => parseIp(ip)?.family).filter((family) => family !== undefined).map((family) => (family === 4 ? 'IPv4' : 'IPv6'));
    const headlessDual = ips[0] === 'None' && selectorless && spec['ipFamilyPolicy'] !== 'SingleStack';
    spec['ipFamilies'] = own.length > 0 ? own : headlessDual ? ['IPv4', 'IPv6'] : ['IPv4'];
  }
}
