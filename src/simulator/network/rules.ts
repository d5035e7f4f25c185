import { type Kernel, seconds, type Time } from '../kernel';
import { parseRange, rangeHolds } from './addresses';
import { DatagramTracking, endpointKey } from './conntrack';
import type { Endpoint, IpAddress, NodeRules, ServiceRule } from './interface';

/** Where a new flow comes from, seen from the node whose rules it meets. */
export type Origin = 'pod' | 'node' | 'outside';

/** What the rules make of a flow: another destination, or an end of it; undefined lets it pass unchanged. */
export type Verdict = { readonly endpoint: Endpoint; readonly masquerade: boolean } | 'refuse' | 'drop' | undefined;

type Protocol = 'TCP' | 'UDP';

interface Entry {
  readonly rule: ServiceRule;
  readonly external: boolean;
}

interface Affinity {
  readonly endpoint: string;
  readonly until: Time;
}

interface HostPort {
  readonly address: IpAddress | undefined;
  readonly to: Endpoint;
}

/** One node's translation rules, indexed by what a packet is addressed to. */
export class Rules implements NodeRules {
  readonly tracking = new DatagramTracking();
  private readonly rules = new Map<string, ServiceRule>();
  private readonly byAddress = new Map<string, Entry>();
  private readonly byNodePort = new Map<string, Entry>();
  private readonly hostPorts = new Map<string, HostPort[]>();
  private readonly affinities = new Map<string, Map<IpAddress, Affinity>>();

  constructor(private readonly kernel: Kernel) {}

  get services(): readonly ServiceRule[] {
    return [...this.rules.values()];
  }

  replace(rules: readonly ServiceRule[]): void {
    const names = new Set(rules.map((rule) => `${rule.name} ${rule.protocol}`));
    for (const [key, rule] of this.rules) if (!names.has(key)) this.update(rule.name, rule.protocol, undefined);
    for (const rule of rules) if (this.rules.get(`${rule.name} ${rule.protocol}`) !== rule) this.update(rule.name, rule.protocol, rule);
  }

  update(name: string, protocol: ServiceRule['protocol'], rule: ServiceRule | undefined): void {
    const key = `${name} ${protocol}`;
    const before = this.rules.get(key);
    if (before) this.unindex(before);
    if (rule) {
      this.rules.set(key, rule);
      for (const at of rule.virtual) this.byAddress.set(`${protocol} ${endpointKey(at)}`, { rule, external: false });
      for (const at of rule.external?.addresses ?? []) this.byAddress.set(`${protocol} ${endpointKey(at)}`, { rule, external: true });
      if (rule.nodePort !== undefined) this.byNodePort.set(`${protocol} ${rule.nodePort}`, { rule, external: true });
    } else {
      this.rules.delete(key);
      this.affinities.delete(key);
    }
  }

  forgetDatagramFlows(virtual: Endpoint, endpoint: Endpoint): void {
    this.tracking.forget(virtual, endpoint);
  }

  addHostPort(protocol: Protocol, at: { readonly address?: IpAddress; readonly port: number }, to: Endpoint): () => void {
    const key = `${protocol} ${at.port}`;
    const entry: HostPort = { address: at.address === '0.0.0.0' ? undefined : at.address, to };
    this.hostPorts.set(key, [...(this.hostPorts.get(key) ?? []), entry]);
    return () => {
      const rest = (this.hostPorts.get(key) ?? []).filter((other) => other !== entry);
      if (rest.length > 0) this.hostPorts.set(key, rest);
      else this.hostPorts.delete(key);
    };
  }

  /** Whether the address leads somewhere from outside the cluster, and whether this node would have an endpoint for it. */
  servesExternal(protocol: Protocol, to: Endpoint): 'yes' | 'empty' | 'no' {
    const entry = this.byAddress.get(`${protocol} ${endpointKey(to)}`);
    if (!entry?.external) return 'no';
    return (entry.rule.external?.endpoints.length ?? 0) > 0 ? 'yes' : 'empty';
  }

  /** What becomes of a new flow. `local`: the destination is an address of this node itself. */
  translate(protocol: Protocol, from: IpAddress, to: Endpoint, origin: Origin, local: boolean): Verdict {
    if (this.byAddress.size > 0) {
      const entry = this.byAddress.get(`${protocol} ${endpointKey(to)}`);
      if (entry) return this.lead(entry, from, origin, true);
    }
    if (!local) return undefined;
    const hostPort = this.hostPorts.get(`${protocol} ${to.port}`)?.find((at) => at.address === undefined || at.address === to.address);
    if (hostPort) return { endpoint: hostPort.to, masquerade: origin === 'node' || hostPort.to.address === from };
    const entry = this.byNodePort.get(`${protocol} ${to.port}`);
    return entry && this.lead(entry, from, origin, false);
  }

  private lead({ rule, external }: Entry, from: IpAddress, origin: Origin, byAddress: boolean): Verdict {
    if (external && rule.external) {
      const { local, endpoints, sourceRanges } = rule.external;
      if (sourceRanges && byAddress && origin !== 'node' && !sourceRanges.some((text) => holds(text, from))) return 'drop';
      if (local && origin === 'outside') {
        if (endpoints.length === 0) return rule.endpoints.length === 0 ? 'refuse' : 'drop';
        return this.choose(rule, endpoints, from, false);
      }
      if (local) return rule.endpoints.length === 0 ? 'refuse' : this.choose(rule, rule.endpoints, from, origin === 'node');
      return endpoints.length === 0 ? 'refuse' : this.choose(rule, endpoints, from, true);
    }
    if (rule.localEndpoints) {
      if (rule.localEndpoints.length === 0) return rule.endpoints.length === 0 ? 'refuse' : 'drop';
      return this.choose(rule, rule.localEndpoints, from, external || origin !== 'pod');
    }
    if (rule.endpoints.length === 0) return 'refuse';
    return this.choose(rule, rule.endpoints, from, external || origin !== 'pod');
  }

  private choose(rule: ServiceRule, endpoints: readonly Endpoint[], from: IpAddress, masquerade: boolean): Verdict {
    let endpoint: Endpoint | undefined;
    if (rule.affinitySeconds !== undefined) {
      const key = `${rule.name} ${rule.protocol}`;
      let known = this.affinities.get(key);
      if (!known) this.affinities.set(key, (known = new Map()));
      const sticky = known.get(from);
      if (sticky && sticky.until >= this.kernel.now) endpoint = endpoints.find((one) => endpointKey(one) === sticky.endpoint);
      endpoint ??= this.kernel.random.pick(endpoints);
      known.set(from, { endpoint: endpointKey(endpoint), until: this.kernel.now + seconds(rule.affinitySeconds) });
    }
    endpoint ??= endpoints.length === 1 ? (endpoints[0] as Endpoint) : this.kernel.random.pick(endpoints);
    return { endpoint, masquerade: masquerade || endpoint.address === from };
  }

  private unindex(rule: ServiceRule): void {
    const remove = (index: Map<string, Entry>, key: string) => {
      if (index.get(key)?.rule === rule) index.delete(key);
    };
    for (const at of [...rule.virtual, ...(rule.external?.addresses ?? [])]) remove(this.byAddress, `${rule.protocol} ${endpointKey(at)}`);
    if (rule.nodePort !== undefined) remove(this.byNodePort, `${rule.protocol} ${rule.nodePort}`);
  }
}

function holds(text: string, address: IpAddress): boolean {
  const range = parseRange(text);
  return range !== undefined && rangeHolds(range, address);
}
