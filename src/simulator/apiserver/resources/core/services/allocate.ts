import { type KubeObject, networkContains, parseCidr, parseIp, type Service } from '../../../../api';
import { Errors, type FieldError, type Path } from '../../../field';
import { invalid } from '../../../errors';
import type { Draft, StrategyContext } from '../../definition';
import { specPath } from '../../strategy';
import { agreeOnClusterIps, defaultFamilies, portsOf } from './defaults';

/** --service-cluster-ip-range */
export const clusterIpRange = '10.96.0.0/16';
const range = parseCidr(clusterIpRange);
const firstAddress = (10 << 24) + (96 << 16);
const size = 65_536;
/** The first addresses are left to those who ask for one (KEP-3070). */
const reservedAddresses = 256;
const ports = { first: 30_000, last: 32_767, reserved: 86 };

const services = { group: '', version: 'v1', resource: 'services' };

type Spec = Record<string, unknown>;

interface Taken {
  readonly ips: ReadonlySet<string>;
  /** Port and protocol; a port taken for one protocol is taken for new Services of every protocol. */
  readonly ports: ReadonlySet<number>;
}

function takenBy(context: StrategyContext, self: Draft): Taken {
  const ips = new Set<string>();
  const nodePorts = new Set<number>();
  for (const { metadata, spec } of context.list<Service & KubeObject>(services)) {
    if (metadata?.name === self.metadata['name'] && metadata?.namespace === self.metadata['namespace']) continue;
    for (const ip of spec?.clusterIPs ?? []) ips.add(ip);
    for (const { nodePort } of spec?.ports ?? []) if (nodePort) nodePorts.add(nodePort);
    if (spec?.healthCheckNodePort) nodePorts.add(spec.healthCheckNodePort);
  }
  return { ips, ports: nodePorts };
}

const addressAt = (offset: number): string => {
  const value = firstAddress + offset;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
};

function freeAddress(taken: ReadonlySet<string>, context: StrategyContext): string | undefined {
  const search = (from: number, to: number): string | undefined => {
    const start = from + context.random.int(to - from);
    for (let i = 0; i < to - from; i++) {
      const ip = addressAt(from + ((start - from + i) % (to - from)));
      if (!taken.has(ip)) return ip;
    }
    return undefined;
  };
  return search(reservedAddresses + 1, size - 1) ?? search(1, reservedAddresses + 1);
}

function freePort(taken: ReadonlySet<number>, context: StrategyContext): number | undefined {
  const search = (from: number, to: number): number | undefined => {
    const start = context.random.int(to - from + 1);
    for (let i = 0; i <= to - from; i++) {
      const port = from + ((start + i) % (to - from + 1));
      if (!taken.has(port)) return port;
    }
    return undefined;
  };
  return search(ports.first + ports.reserved, ports.last) ?? search(ports.first, ports.first + ports.reserved - 1);
}

function refuse(draft: Draft, check: (errors: Errors) => void): never {
  const errors = new Errors();
  check(errors);
  throw invalid('', 'Service', draft.metadata['name'] as string, errors.list satisfies FieldError[]);
}

function allocateIps(draft: Draft, spec: Spec, taken: Taken, context: StrategyContext): void {
  if (spec['type'] === 'ExternalName' || spec['clusterIP'] === 'None') return;
  const asked = ((spec['clusterIPs'] ?? []) as readonly string[])[0];
  if (asked !== undefined && asked !== '') {
    const address = parseIp(asked);
    const path = specPath.child('clusterIPs');
    const complain = (reason: string) => refuse(draft, (errors) => errors.invalid(path, spec['clusterIPs'], `failed to allocate IP ${asked}: ${reason}`));
    if (!range || !address || !networkContains(range, address)) complain('the provided network does not match the current range');
    if (!context.dryRun && taken.ips.has(asked)) complain('provided IP is already allocated');
    return;
  }
  const ip = freeAddress(taken.ips, context);
  if (ip === undefined) return refuse(draft, (errors) => errors.internal(specPath.child('clusterIPs'), `failed to allocate a serviceIP: range is full`));
  spec['clusterIP'] = ip;
  spec['clusterIPs'] = [ip];
}

const needsNodePorts = (spec: Readonly<Spec>): boolean => spec['type'] === 'NodePort' || (spec['type'] === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);

function allocatePorts(draft: Draft, spec: Spec, old: ReadonlySet<number>, taken: Taken, context: StrategyContext): void {
  if (spec['type'] !== 'NodePort' && spec['type'] !== 'LoadBalancer') return;
  const used = new Set(taken.ports);
  const mine = new Map<number, Set<string>>();
  for (const [index, port] of portsOf(spec).entries()) {
    const { nodePort = 0, protocol = 'TCP' } = port;
    if (nodePort === 0) continue;
    const path: Path = specPath.child('ports').index(index).child('nodePort');
    const shared = mine.get(nodePort);
    if (!context.dryRun && !old.has(nodePort) && shared === undefined) {
      if (nodePort < ports.first || nodePort > ports.last) {
        refuse(draft, (errors) => errors.invalid(path, nodePort, `provided port is not in the valid range. The range of valid ports is ${ports.first}-${ports.last}`));
      }
      if (taken.ports.has(nodePort)) refuse(draft, (errors) => errors.invalid(path, nodePort, 'provided port is already allocated'));
    } else if (shared?.has(protocol)) refuse(draft, (errors) => errors.invalid(path, nodePort, 'provided port is already allocated'));
    mine.set(nodePort, (shared ?? new Set()).add(protocol));
    used.add(nodePort);
  }
  if (!needsNodePorts(spec)) return;
  const byPort = new Map<number, { nodePort: number; protocols: Set<string> }>();
  for (const { port, nodePort = 0, protocol = 'TCP' } of portsOf(spec)) if (nodePort !== 0) byPort.set(port, { nodePort, protocols: new Set([protocol]) });
  for (const port of portsOf(spec)) {
    if ((port.nodePort ?? 0) !== 0) continue;
    const { protocol = 'TCP' } = port;
    const sibling = byPort.get(port.port);
    const nodePort = sibling && !sibling.protocols.has(protocol) ? sibling.nodePort : freePort(used, context);
    if (nodePort === undefined) return refuse(draft, (errors) => errors.internal(specPath.child('ports'), 'failed to allocate a nodePort: range is full'));
    port.nodePort = nodePort;
    used.add(nodePort);
    if (sibling) sibling.protocols.add(protocol);
    else byPort.set(port.port, { nodePort, protocols: new Set([protocol]) });
  }
}

function allocateHealthCheck(spec: Spec, taken: Taken, context: StrategyContext): void {
  if (spec['type'] !== 'LoadBalancer' || spec['externalTrafficPolicy'] !== 'Local') return;
  if (spec['healthCheckNodePort']) return;
  const used = new Set([...taken.ports, ...portsOf(spec).map(({ nodePort = 0 }) => nodePort)]);
  spec['healthCheckNodePort'] = freePort(used, context);
}

/** What this cluster, which has IPv4 alone, cannot give. */
function refuseFamilies(draft: Draft, spec: Spec): void {
  if (spec['type'] === 'ExternalName') return;
  const families = (spec['ipFamilies'] ?? []) as readonly string[];
  const policy = spec['ipFamilyPolicy'] as string;
  const selectorless = spec['clusterIP'] === 'None' && Object.keys((spec['selector'] ?? {}) as object).length === 0;
  if (selectorless) return;
  const errors = new Errors();
  if (policy === 'SingleStack' && families.length > 1) {
    errors.invalid(specPath.child('ipFamilyPolicy'), policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
  }
  if (policy === 'RequireDualStack') errors.invalid(specPath.child('ipFamilyPolicy'), policy, 'this cluster is not configured for dual-stack services');
  if (policy !== 'SingleStack' || families.length === 1) for (const [index, family] of families.entries()) if (family !== 'IPv4') errors.invalid(specPath.child('ipFamilies').index(index), family, 'not configured on this cluster');
  if (errors.length > 0) throw invalid('', 'Service', draft.metadata['name'] as string, errors.list);
}

/** Gives a new Service its addresses and ports. Throws a StatusError when they are not to be had. */
export function beginCreate(draft: Draft, context: StrategyContext): void {
  const spec = draft['spec'] as Spec;
  agreeOnClusterIps(spec, undefined);
  defaultFamilies(spec);
  refuseFamilies(draft, spec);
  const taken = takenBy(context, draft);
  allocateIps(draft, spec, taken, context);
  allocatePorts(draft, spec, new Set(), taken, context);
  allocateHealthCheck(spec, taken, context);
}

/** The same for an update: what the Service has already stays its own. */
export function beginUpdate(draft: Draft, old: Service, context: StrategyContext): void {
  const spec = draft['spec'] as Spec;
  defaultFamilies(spec);
  refuseFamilies(draft, spec);
  const taken = takenBy(context, draft);
  const oldIps = old.spec?.type === 'ExternalName' ? [] : (old.spec?.clusterIPs ?? []);
  const now = (spec['clusterIPs'] ?? []) as readonly string[];
  if (now.length === 0 || now[0] !== oldIps[0]) allocateIps(draft, spec, taken, context);
  allocatePorts(draft, spec, new Set((old.spec?.ports ?? []).map(({ nodePort = 0 }) => nodePort)), taken, context);
  allocateHealthCheck(spec, taken, context);
}
