import { type KubeObject, networkContains, parseCidr, parseIp, type Service } from '../../../../api';
import { Errors, type FieldError, type Path } from '../../../field';
import { internalError, invalid, unexpected } from '../../../errors';
import type { Draft, StrategyContext } from '../../definition';
import { specPath } from '../../strategy';
import { defaultFamilies, portsOf } from './defaults';
import { checkClusterIps, checkEachIp, checkFamilies } from './validate';

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
    if (!range || !address || !networkContains(range, address)) complain(context.dryRun ? `the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${clusterIpRange}` : 'the provided network does not match the current range');
    if (!context.dryRun && taken.ips.has(asked)) complain('provided IP is already allocated');
    return;
  }
  const ip = freeAddress(taken.ips, context);
  if (ip === undefined) return refuse(draft, (errors) => errors.internal(specPath.child('clusterIPs'), `failed to allocate a serviceIP: range is full`));
  spec['clusterIP'] = ip;
  spec['clusterIPs'] = [ip];
}

const facesNodes = (spec: Readonly<Spec>): boolean => spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer';
const needsNodePorts = (spec: Readonly<Spec>): boolean => spec['type'] === 'NodePort' || (spec['type'] === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);

interface Ports {
  /** Those of other Services. */
  readonly taken: ReadonlySet<number>;
  /** Those that the Service has had before. */
  readonly old: ReadonlySet<number>;
  /** Those that are given out in this request. */
  readonly mine: Set<number>;
}

/** Takes a port that the client asks for. A dry run reserves nothing, so it minds only its own. */
function takePort(draft: Draft, nodePort: number, path: Path, { taken, old, mine }: Ports, context: StrategyContext): void {
  const complain = (reason: string) => refuse(draft, (errors) => errors.invalid(path, nodePort, reason));
  if (mine.has(nodePort)) complain('provided port is already allocated');
  if (!context.dryRun && !old.has(nodePort)) {
    if (nodePort < ports.first || nodePort > ports.last) complain(`provided port is not in the valid range. The range of valid ports is ${ports.first}-${ports.last}`);
    if (taken.has(nodePort)) complain('provided port is already allocated');
  }
  mine.add(nodePort);
}

/** A new Service's ports of one number, of several protocols, share a node port. */
function allocateNewPorts(draft: Draft, spec: Spec, reserved: Ports, context: StrategyContext): void {
  const known = new Map<number, number>();
  const all = portsOf(spec);
  for (const [index, port] of all.entries()) {
    const path = specPath.child('ports').index(index).child('nodePort');
    const asked = port.nodePort ?? 0;
    const shared = known.get(port.port);
    if (shared !== undefined) {
      if (asked === 0) port.nodePort = shared;
      else if (asked !== shared) takePort(draft, asked, path, reserved, context);
      continue;
    }
    const wanted = asked !== 0 ? asked : (all.find((other) => other.port === port.port && (other.nodePort ?? 0) !== 0)?.nodePort ?? 0);
    if (wanted !== 0) takePort(draft, wanted, path, reserved, context);
    else if (!needsNodePorts(spec)) continue;
    port.nodePort = wanted !== 0 ? wanted : anyPort(draft, reserved, context);
    known.set(port.port, port.nodePort);
  }
}

function anyPort(draft: Draft, { taken, mine }: Ports, context: StrategyContext): number {
  const found = freePort(new Set([...taken, ...mine]), context);
  if (found === undefined) return refuse(draft, (errors) => errors.internal(specPath.child('ports'), 'failed to allocate a nodePort: range is full'));
  mine.add(found);
  return found;
}

/** An updated Service's ports may share a node port if their protocols differ. */
function allocateChangedPorts(draft: Draft, spec: Spec, reserved: Ports, context: StrategyContext): void {
  const used = new Map<number, Set<string>>();
  for (const [index, { nodePort = 0, protocol = 'TCP' }] of portsOf(spec).entries()) {
    if (nodePort === 0) continue;
    const shared = used.get(nodePort);
    if (shared?.has(protocol)) throw unexpected(`duplicate nodePort: {${protocol} ${nodePort}}`);
    if (!shared) takePort(draft, nodePort, specPath.child('ports').index(index).child('nodePort'), reserved, context);
    used.set(nodePort, (shared ?? new Set()).add(protocol));
  }
  if (!needsNodePorts(spec)) return;
  for (const port of portsOf(spec)) {
    if ((port.nodePort ?? 0) !== 0) continue;
    const { protocol = 'TCP' } = port;
    const sibling = portsOf(spec).find((other) => other.port === port.port && (other.nodePort ?? 0) !== 0 && !used.get(other.nodePort ?? 0)?.has(protocol));
    port.nodePort = sibling?.nodePort ?? anyPort(draft, reserved, context);
    used.set(port.nodePort, (used.get(port.nodePort) ?? new Set()).add(protocol));
  }
}

function allocateHealthCheck(spec: Spec, old: number | undefined, taken: Taken, context: StrategyContext): void {
  if (spec['type'] !== 'LoadBalancer' || spec['externalTrafficPolicy'] !== 'Local') return;
  const own = new Set(portsOf(spec).map(({ nodePort = 0 }) => nodePort));
  const asked = spec['healthCheckNodePort'] as number | undefined;
  if (!asked) spec['healthCheckNodePort'] = freePort(new Set([...taken.ports, ...own]), context);
  else if (asked !== old && (own.has(asked) || (!context.dryRun && taken.ports.has(asked)))) throw internalError(`failed to allocate requested HealthCheck NodePort ${asked}: provided port is already allocated`);
}

/** What this cluster, which has IPv4 alone, cannot give. `given`: whether the families were asked for, or are those of the addresses. */
function refuseFamilies(draft: Draft, spec: Spec, given: boolean): void {
  if (spec['type'] === 'ExternalName') return;
  const families = (spec['ipFamilies'] ?? []) as readonly string[];
  const policy = spec['ipFamilyPolicy'] as string;
  const selectorless = spec['clusterIP'] === 'None' && Object.keys((spec['selector'] ?? {}) as object).length === 0;
  if (selectorless) return;
  const errors = new Errors();
  const refuseFamily = (family: string, index: number) =>
    given ? errors.invalid(specPath.child('ipFamilies').index(index), family, 'not configured on this cluster') : errors.invalid(specPath.child('clusterIPs').index(index), spec['clusterIPs'], `${family} is not configured on this cluster`);
  if (policy === 'SingleStack' && families.length > 1) {
    errors.invalid(specPath.child('ipFamilyPolicy'), policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
  }
  if (policy === 'RequireDualStack') errors.invalid(specPath.child('ipFamilyPolicy'), policy, 'this cluster is not configured for dual-stack services');
  if (policy !== 'SingleStack' || families.length === 1) for (const [index, family] of families.entries()) if (family !== 'IPv4') refuseFamily(family, index);
  if (errors.length > 0) throw invalid('', 'Service', draft.metadata['name'] as string, errors.list);
}

/** Agrees on the families of a Service's addresses. Throws what is wrong with the addresses that it asks for: nothing else is looked at then. */
function checkAddresses(draft: Draft, spec: Spec): void {
  if (spec['type'] === 'ExternalName') return;
  const errors = new Errors();
  checkClusterIps(spec, errors);
  checkFamilies(spec, errors);
  checkEachIp(spec, errors);
  if (errors.length > 0) throw invalid('', 'Service', draft.metadata['name'] as string, errors.list);
  const given = ((spec['ipFamilies'] ?? []) as readonly string[]).length > 0;
  defaultFamilies(spec);
  refuseFamilies(draft, spec, given);
}

/** Gives a new Service its addresses and ports. Throws a StatusError when they are not to be had. */
export function beginCreate(draft: Draft, context: StrategyContext): void {
  const spec = draft['spec'] as Spec;
  checkAddresses(draft, spec);
  const taken = takenBy(context, draft);
  allocateIps(draft, spec, taken, context);
  if (facesNodes(spec)) allocateNewPorts(draft, spec, { taken: taken.ports, old: new Set(), mine: new Set() }, context);
  allocateHealthCheck(spec, undefined, taken, context);
}

/** The same for an update: what the Service has already stays its own. */
export function beginUpdate(draft: Draft, old: Service, context: StrategyContext): void {
  const spec = draft['spec'] as Spec;
  checkAddresses(draft, spec);
  const taken = takenBy(context, draft);
  const oldIps = old.spec?.type === 'ExternalName' ? [] : (old.spec?.clusterIPs ?? []);
  const now = (spec['clusterIPs'] ?? []) as readonly string[];
  if (now.length === 0 || now[0] !== oldIps[0]) allocateIps(draft, spec, taken, context);
  const before = new Set((old.spec?.ports ?? []).map(({ nodePort = 0 }) => nodePort));
  if (facesNodes(spec)) allocateChangedPorts(draft, spec, { taken: taken.ports, old: before, mine: new Set() }, context);
  allocateHealthCheck(spec, old.spec?.healthCheckNodePort, taken, context);
}
