import type { EndpointSlice, Node, Service } from '../api';
import { type Client, createInformers, type Informer, keyOf, resources } from '../client';
import { Channel, type Kernel, milliseconds, sleep, type Task, type Time } from '../kernel';
import type { Endpoint, NetworkNode } from '../network';
import { HealthServers } from './health';
import { type IptablesTable, iptablesSave } from './listing';
import { isProxied, ruleOf, type ServicePortInfo, servicePorts } from './service-port';

export interface KubeProxyOptions {
  readonly kernel: Kernel;
  readonly client: Client;
  /** The machine whose rules it writes. */
  readonly node: NetworkNode;
  readonly nodeName: string;
  /** Range of all pods. Default 10.244.0.0/16. */
  readonly clusterCIDR?: string;
}

/** A node's proxy: run it as a process of the node's. */
export interface KubeProxy {
  run(): Task;
  /** What iptables-save prints on this node now. */
  iptablesSave(table: IptablesTable): string;
  readonly ports: readonly ServicePortInfo[];
}

/** iptables' minSyncPeriod is a second, with bursts of two. */
const syncPeriod = milliseconds(1000);
const sliceService = 'kubernetes.io/service-name';
const text = ({ address, port }: Endpoint): string => `${address}:${port}`;

class Proxy implements KubeProxy {
  private readonly known = new Map<string, readonly ServicePortInfo[]>();
  private readonly dirty = new Set<string>();
  private readonly signal = new Channel<true>(1);
  private readonly health: HealthServers;
  private healthChecks = false;
  private lastSync: Time = 0;
  private zone: string | undefined;
  private nodeEligible = true;
  private tokens = 2;
  private refilled: Time = 0;

  constructor(private readonly options: KubeProxyOptions) {
    this.health = new HealthServers(options.kernel, options.node.host, () => ({ lastSync: this.lastSync, nodeEligible: this.nodeEligible }));
  }

  get ports(): readonly ServicePortInfo[] {
    return [...this.known.values()].flat();
  }

  iptablesSave(table: IptablesTable): string {
    return iptablesSave({ ports: this.ports, clusterCIDR: this.options.clusterCIDR ?? '10.244.0.0/16', now: this.options.kernel.now }, table);
  }

  *run(): Task {
    const { kernel, client, nodeName } = this.options;
    const informers = createInformers(kernel, client);
    const services = informers.for<Service>(resources.services);
    const slices = informers.for<EndpointSlice>(resources.endpointslices);
    const nodes = informers.for<Node>(resources.nodes, { fieldSelector: `metadata.name=${nodeName}` });
    slices.store.addIndex('service', (slice) => [ownerOf(slice)]);
    services.addHandlers({ add: (service) => this.mark(keyOf(service)), update: (_, service) => this.mark(keyOf(service)), delete: (service) => this.mark(keyOf(service)) });
    const slice = (one: EndpointSlice) => this.mark(ownerOf(one));
    slices.addHandlers({ add: slice, update: (old, next) => (slice(old), slice(next)), delete: slice });
    nodes.addHandlers({ add: (node) => this.see(node), update: (_, node) => this.see(node) });
    yield* informers.waitSynced();
    this.health.start();
    for (;;) {
      yield* this.signal.receive();
      yield* this.throttle();
      this.sync(services, slices);
    }
  }

  private mark(key: string): void {
    this.dirty.add(key);
    this.signal.send(true);
  }

  private see(node: Node): void {
    const zone = node.metadata?.labels?.['topology.kubernetes.io/zone'];
    this.nodeEligible = node.metadata?.deletionTimestamp === undefined && !node.spec?.taints?.some(({ key }) => key === 'ToBeDeletedByClusterAutoscaler');
    if (zone === this.zone) return;
    this.zone = zone;
    for (const key of this.known.keys()) this.mark(key);
  }

  private *throttle(): Task {
    const { kernel } = this.options;
    const periods = Math.floor((kernel.now - this.refilled) / syncPeriod);
    if (periods > 0) {
      this.tokens = Math.min(2, this.tokens + periods);
      this.refilled = kernel.now;
    }
    if (this.tokens === 0) {
      yield* sleep(this.refilled + syncPeriod - kernel.now);
      this.refilled = kernel.now;
      this.tokens = 1;
    }
    this.tokens -= 1;
  }

  private sync(services: Informer<Service>, slices: Informer<EndpointSlice>): void {
    const { kernel, node, nodeName } = this.options;
    this.signal.poll();
    for (const key of this.dirty) {
      const service = services.store.get(key);
      const before = this.known.get(key) ?? [];
      const after = service && isProxied(service) ? servicePorts(service, slices.store.by('service', key), { nodeName, zone: this.zone }) : [];
      const kept = new Set(after.map((info) => `${info.name} ${info.protocol}`));
      for (const info of before) if (!kept.has(`${info.name} ${info.protocol}`)) node.rules.update(info.name, info.protocol, undefined);
      for (const info of after) node.rules.update(info.name, info.protocol, ruleOf(info));
      for (const info of before) if (info.protocol === 'UDP') this.forgetFlows(info, after);
      if (after.length > 0) this.known.set(key, after);
      else this.known.delete(key);
      this.healthChecks ||= after.some((info) => info.healthCheckNodePort !== undefined);
    }
    this.dirty.clear();
    this.lastSync = kernel.now;
    if (this.healthChecks) this.updateHealthChecks();
  }

  /** Tracked UDP flows to endpoints that are gone would lead nowhere until they time out. */
  private forgetFlows(before: ServicePortInfo, after: readonly ServicePortInfo[]): void {
    const { node } = this.options;
    const now = after.find(({ name, protocol }) => name === before.name && protocol === before.protocol);
    const still = new Set([...(now?.cluster ?? []), ...(now?.local ?? [])].map(text));
    for (const endpoint of [...before.cluster, ...before.local]) {
      if (still.has(text(endpoint))) continue;
      for (const address of [before.clusterIP, ...before.externalIPs, ...before.loadBalancerIPs]) node.rules.forgetDatagramFlows({ address, port: before.port }, endpoint);
      if (before.nodePort !== undefined) for (const address of node.host.addresses) node.rules.forgetDatagramFlows({ address, port: before.nodePort }, endpoint);
    }
  }

  private updateHealthChecks(): void {
    const wanted = new Map<number, { service: string; count: number }>();
    for (const [service, ports] of this.known) {
      const port = ports.find(({ healthCheckNodePort }) => healthCheckNodePort !== undefined)?.healthCheckNodePort;
      if (port === undefined) continue;
      const addresses = new Set(ports.flatMap((info) => info.local.map(({ address }) => address)));
      wanted.set(port, { service, count: addresses.size });
    }
    this.health.update(wanted);
    this.healthChecks = wanted.size > 0;
  }
}

const ownerOf = (slice: EndpointSlice): string => `${slice.metadata?.namespace ?? ''}/${slice.metadata?.labels?.[sliceService] ?? ''}`;

/** The proxy of one node; nothing happens until it is run. */
export const createKubeProxy = (options: KubeProxyOptions): KubeProxy => new Proxy(options);
