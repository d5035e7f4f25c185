import type { Kernel } from '../kernel';
import { isLoopback } from './addresses';
import type { Endpoint, FlowQuery, IpAddress } from './interface';
import { Links, type LinkQuality } from './links';
import type { Namespace } from './namespace';
import type { Node } from './node';
import type { Origin } from './rules';

/** What all parts of one network share. */
export interface Wire {
  readonly kernel: Kernel;
  readonly links: Links;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly owners: Map<IpAddress, Namespace>;
  /** Grows when somebody joins or leaves. */
  topology: number;
  allow: ((flow: FlowQuery) => boolean) | undefined;
}

/** One way, in microseconds: inside a namespace, across a node's bridge, between nodes, to and from outside. */
const delays = { loopback: 10, bridge: 30, nodes: 150, outside: 500 };

/** The way from a namespace to another one, with the addresses that each end sees. */
export class Path {
  private known: LinkQuality | undefined;
  private knownAt = -1;

  constructor(
    private readonly wire: Wire,
    readonly source: Namespace,
    readonly target: Namespace,
    /** The sender, as the target sees it. */
    readonly from: Endpoint,
    /** Where it really goes. */
    readonly to: Endpoint,
    /** Nodes that translate on the way, other than the sender's. */
    private readonly via: readonly Node[] = [],
    /** The node whose connection tracking holds the translation. */
    readonly translator?: Node,
  ) {}

  /** Delay, loss and cut now; the path is cut when an end or a node on it is gone. */
  quality(): LinkQuality {
    const version = this.wire.links.version * 1_000_003 + this.wire.topology;
    if (this.known === undefined || this.knownAt !== version) {
      this.known = this.measure();
      this.knownAt = version;
    }
    return this.known;
  }

  private measure(): LinkQuality {
    const gone = this.source.closed || this.target.closed || this.via.some((node) => node.removed);
    let quality: LinkQuality = { delay: 0, loss: 0, cut: gone };
    const stops = [this.source, ...this.via.map((node) => node.host), this.target];
    for (let i = 1; i < stops.length; i++) {
      const a = stops[i - 1] as Namespace;
      const b = stops[i] as Namespace;
      if (a === b && stops.length > 2) continue;
      const leg = a === b ? { delay: delays.loopback, loss: 0, cut: false } : this.wire.links.between(a.points, b.points, baseDelay(a, b));
      quality = { delay: quality.delay + leg.delay, loss: 1 - (1 - quality.loss) * (1 - leg.loss), cut: quality.cut || leg.cut };
    }
    return quality;
  }
}

function baseDelay(a: Namespace, b: Namespace): number {
  if (a.node && a.node === b.node) return delays.bridge;
  return a.node && b.node ? delays.nodes : delays.outside;
}

/** A path, or why there is none: refused at once, swallowed, or nobody answers ARP for the address. */
export type Outcome = Path | 'refused' | 'dropped' | 'unreachable';

/** Finds where a new flow goes, through the rules on its way. */
export function resolve(wire: Wire, source: Namespace, protocol: 'TCP' | 'UDP', from: Endpoint, to: Endpoint): Outcome {
  const home = source.node;
  if (isLoopback(to.address)) {
    const verdict = home && source === home.host ? home.rules.translate(protocol, from.address, to, 'node', true) : undefined;
    if (verdict === undefined) return new Path(wire, source, source, from, to);
    if (typeof verdict === 'string') return verdict === 'refuse' ? 'refused' : 'dropped';
    return finish(wire, source, protocol, from, verdict.endpoint, home as Node, true);
  }
  if (home) {
    const origin: Origin = source === home.host ? 'node' : 'pod';
    const local = home.host.has(to.address);
    const verdict = home.rules.translate(protocol, from.address, to, origin, local);
    if (verdict === 'refuse') return 'refused';
    if (verdict === 'drop') return 'dropped';
    if (verdict) return finish(wire, source, protocol, from, verdict.endpoint, home, verdict.masquerade);
  }
  const entry = entryNode(wire, home, protocol, to);
  if (entry && entry !== home) {
    const origin: Origin = source.node && source !== source.node.host ? 'pod' : 'outside';
    const verdict = entry.rules.translate(protocol, from.address, to, origin, entry.host.has(to.address));
    if (verdict === 'refuse') return 'refused';
    if (verdict === 'drop') return 'dropped';
    if (verdict) return finish(wire, source, protocol, from, verdict.endpoint, entry, verdict.masquerade);
  }
  return finish(wire, source, protocol, from, to, undefined, false);
}

/** The node whose rules a packet from elsewhere meets: the one that has the address, or that a load balancer leads to. */
function entryNode(wire: Wire, home: Node | undefined, protocol: 'TCP' | 'UDP', to: Endpoint): Node | undefined {
  const owner = wire.owners.get(to.address);
  if (owner) return owner.node && owner === owner.node.host ? owner.node : undefined;
  if (home) return undefined;
  let best: Node[] = [];
  const spare: Node[] = [];
  for (const node of wire.nodes.values()) {
    const serves = node.rules.servesExternal(protocol, to);
    if (serves === 'yes') best.push(node);
    else if (serves === 'empty') spare.push(node);
  }
  if (best.length === 0) best = spare;
  return best.length === 0 ? undefined : wire.kernel.random.pick(best);
}

function finish(wire: Wire, source: Namespace, protocol: 'TCP' | 'UDP', from: Endpoint, to: Endpoint, translator: Node | undefined, masquerade: boolean): Outcome {
  const target = wire.owners.get(to.address) ?? (isLoopback(to.address) ? source : undefined);
  if (!target) return isOnLink(wire, to.address) ? 'unreachable' : 'dropped';
  let seen = from;
  if (translator && masquerade) seen = { address: translator.addressToward(target), port: translator.masqueradePort() };
  else if (source.node && source !== source.node.host && target.node !== source.node && (!target.node || target === target.node.host))
    seen = { address: source.node.address, port: from.port };
  else if (isLoopback(from.address) && target !== source) seen = { address: source.sourceAddress(to.address) ?? from.address, port: from.port };
  if (wire.allow && target !== source && !wire.allow({ protocol, from: seen.address, to, source: source.name, target: target.name })) return 'dropped';
  const via = translator && translator !== source.node && target !== translator.host ? [translator] : [];
  return new Path(wire, source, target, seen, to, via, translator);
}

/** Whether somebody would ask by ARP for the address: it lies in a node's pod range or beside the nodes' own addresses. */
export function isOnLink(wire: Wire, address: IpAddress): boolean {
  for (const node of wire.nodes.values()) if (node.onLink(address)) return true;
  return false;
}
