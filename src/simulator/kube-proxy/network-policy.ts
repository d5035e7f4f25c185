import type { Namespace, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, Pod } from '../api';
import { type Client, createInformers, type Informer, labelMatcher, resources } from '../client';
import { Channel, type Kernel, type Task } from '../kernel';
import { type FlowQuery, type Network, parseRange, rangeHolds } from '../network';

type Direction = 'Ingress' | 'Egress';

interface Rule {
  readonly ports?: readonly NetworkPolicyPort[];
  readonly peers?: readonly NetworkPolicyPeer[];
}

const inRange = (cidr: string, address: string): boolean => {
  const range = parseRange(cidr);
  return range !== undefined && rangeHolds(range, address);
};

/** The directions that a policy isolates: as it says, else ingress, and egress when it has such rules. */
const typesOf = ({ spec }: NetworkPolicy): readonly string[] => spec?.policyTypes ?? (spec?.egress ? ['Ingress', 'Egress'] : ['Ingress']);

/** Decides about flows by the policies, as kubernetes.io/docs/concepts/services-networking/network-policies has it. */
export class PolicyFilter {
  constructor(private readonly policies: Informer<NetworkPolicy>, private readonly pods: Informer<Pod>, private readonly namespaces: Informer<Namespace>) {
    pods.store.addIndex('address', (pod) => (pod.status?.podIP === undefined || pod.spec?.hostNetwork ? [] : [pod.status.podIP]));
  }

  allows(flow: FlowQuery): boolean {
    const source = this.podAt(flow.from);
    const target = this.podAt(flow.to.address);
    if (target && target.spec?.nodeName === flow.source && !source) return true; // a node always reaches its own pods
    if (source && !this.passes('Egress', source, target, flow.to.address, target, flow)) return false;
    return !target || this.passes('Ingress', target, source, flow.from, target, flow);
  }

  private podAt(address: string): Pod | undefined {
    return this.pods.store.by('address', address).find(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  }

  private passes(direction: Direction, isolated: Pod, peer: Pod | undefined, peerAddress: string, listener: Pod | undefined, flow: FlowQuery): boolean {
    const selecting = this.policies.store.list(isolated.metadata?.namespace ?? '').filter((policy) => typesOf(policy).includes(direction) && labelMatcher(policy.spec?.podSelector ?? {})(isolated.metadata?.labels));
    if (selecting.length === 0) return true;
    return selecting.some(({ spec, metadata }) => {
      const rules: readonly Rule[] = direction === 'Ingress' ? (spec?.ingress ?? []).map(({ ports, from }) => ({ ...(ports && { ports }), ...(from && { peers: from }) })) : (spec?.egress ?? []).map(({ ports, to }) => ({ ...(ports && { ports }), ...(to && { peers: to }) }));
      return rules.some(({ ports, peers }) => this.portMatches(ports, listener, flow) && (!peers || peers.length === 0 || peers.some((one) => this.peerMatches(one, metadata?.namespace ?? '', peer, peerAddress))));
    });
  }

  private portMatches(ports: readonly NetworkPolicyPort[] | undefined, listener: Pod | undefined, { protocol, to }: FlowQuery): boolean {
    if (!ports || ports.length === 0) return true;
    return ports.some(({ protocol: wanted = 'TCP', port, endPort }) => {
      if (wanted !== protocol) return false;
      if (port === undefined) return true;
      if (typeof port === 'number') return endPort === undefined ? to.port === port : to.port >= port && to.port <= endPort;
      return listener?.spec?.containers?.some((container) => container.ports?.some((one) => one.name === port && one.containerPort === to.port && (one.protocol ?? 'TCP') === protocol)) ?? false;
    });
  }

  private peerMatches({ ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer, own: string, peer: Pod | undefined, address: string): boolean {
    if (ipBlock) return inRange(ipBlock.cidr, address) && !(ipBlock.except ?? []).some((cidr) => inRange(cidr, address));
    if (!peer) return false;
    const namespace = peer.metadata?.namespace ?? '';
    if (namespaceSelector ? !labelMatcher(namespaceSelector)(this.namespaces.get(undefined, namespace)?.metadata?.labels) : namespace !== own) return false;
    return !podSelector || labelMatcher(podSelector)(peer.metadata?.labels);
  }
}

export interface PolicyEnforcerOptions {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly network: Network;
}

/** Enforces NetworkPolicies as a network plugin does. It looks at pods and namespaces only once there is a policy. */
export function* runPolicyEnforcer({ kernel, client, network }: PolicyEnforcerOptions): Task {
  const parent = kernel.process ?? null;
  const policies = createInformers(kernel, client, parent).for<NetworkPolicy>(resources.networkpolicies);
  const first = new Channel<true>(1);
  policies.addHandlers({ add: () => void first.send(true) });
  yield* first.receive();
  const others = createInformers(kernel, client, parent);
  const pods = others.for<Pod>(resources.pods);
  const namespaces = others.for<Namespace>(resources.namespaces);
  const filter = new PolicyFilter(policies, pods, namespaces);
  yield* others.waitSynced();
  network.setFilter((flow) => policies.store.size === 0 || filter.allows(flow));
  yield* new Channel<never>().receive(); // its informers die with it
}
