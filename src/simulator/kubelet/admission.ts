import type { Node, Pod } from '../api';
import { allowsNode } from '../client';
import { amount } from './downward';
import type { NodeFacts } from './facts';

/** What a Pod asks of a node, in the units that the kubelet's messages use: thousandths of a cpu, bytes. */
export type Requests = { cpu: number; memory: number };

/** The larger of the sum of containers (with sidecars) and the largest init container. (kubernetes.io: Resource sharing within init containers) */
export function requestsOf(pod: Pod): Requests {
  const total: Requests = { cpu: 0, memory: 0 };
  const largest: Requests = { cpu: 0, memory: 0 };
  const read = (requests: Readonly<Record<string, string>> | undefined): Requests => ({
    cpu: Math.round(amount(requests?.['cpu'] ?? '0') * 1000),
    memory: amount(requests?.['memory'] ?? '0'),
  });
  for (const container of pod.spec?.containers ?? []) {
    const requests = read(container.resources?.requests);
    total.cpu += requests.cpu;
    total.memory += requests.memory;
  }
  const sidecars: Requests = { cpu: 0, memory: 0 };
  for (const container of pod.spec?.initContainers ?? []) {
    const requests = read(container.resources?.requests);
    if (container.restartPolicy === 'Always') {
      sidecars.cpu += requests.cpu;
      sidecars.memory += requests.memory;
    }
    const base = container.restartPolicy === 'Always' ? { cpu: 0, memory: 0 } : requests;
    largest.cpu = Math.max(largest.cpu, base.cpu + sidecars.cpu);
    largest.memory = Math.max(largest.memory, base.memory + sidecars.memory);
  }
  return { cpu: Math.max(total.cpu + sidecars.cpu, largest.cpu), memory: Math.max(total.memory + sidecars.memory, largest.memory) };
}

/** A port of the node that a Pod's container has for itself. */
export interface HostPort {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** What a Pod keeps of a node while it is there. */
export interface Held extends Requests {
  readonly hostPorts: readonly HostPort[];
}

/** What the Pods of a node keep of it, by their UIDs, and summed up. */
export class Holdings {
  used: Requests = { cpu: 0, memory: 0 };
  private readonly pods = new Map<string, Held>();

  get size(): number {
    return this.pods.size;
  }

  values(): IterableIterator<Held> {
    return this.pods.values();
  }

  set(uid: string, held: Held): void {
    this.delete(uid);
    this.pods.set(uid, held);
    this.used = sum(this.used, held);
  }

  delete(uid: string): void {
    if (this.pods.delete(uid)) this.used = [...this.pods.values()].reduce(sum, { cpu: 0, memory: 0 });
  }
}

const sum = (one: Requests, other: Requests): Requests => ({ cpu: one.cpu + other.cpu, memory: one.memory + other.memory });

const everyAddress = '0.0.0.0';

function hostPortsOf({ spec }: Pod): HostPort[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...sidecars].flatMap(({ ports = [] }) => ports.flatMap(({ hostPort, hostIP, protocol = 'TCP' }) => (hostPort ? [{ protocol, address: hostIP || everyAddress, port: hostPort }] : [])));
}

/** What a Pod would keep of a node. */
export const heldBy = (pod: Pod): Held => ({ ...requestsOf(pod), hostPorts: hostPortsOf(pod) });

const collide = (one: HostPort, other: HostPort): boolean =>
  one.port === other.port && one.protocol === other.protocol && (one.address === other.address || one.address === everyAddress || other.address === everyAddress);

/** Why this node does not take a Pod that was bound to it all the same; undefined when it does. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Looks at a Pod before it is run: the node's selector and what is free. `held` is what each Pod here keeps already. */
export function reject(pod: Pod, facts: NodeFacts, node: Node | undefined, held: Holdings): Rejection | undefined {
  if (node && !allowsNode(pod.spec, node)) return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  const asked = heldBy(pod);
  const { used, size: pods } = held;
  const capacity: Requests & { pods: number } = { cpu: facts.capacity.cpuMillis, memory: facts.capacity.memoryBytes - 100 * 1024 * 1024, pods: facts.capacity.pods };
  const short = (resource: string, requested: number, inUse: number, whole: number): Rejection => ({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${inUse}, capacity: ${whole}`,
  });
  if (pods + 1 > capacity.pods) return short('pods', 1, pods, capacity.pods);
  if (asked.cpu > 0 && used.cpu + asked.cpu > capacity.cpu) return short('cpu', asked.cpu, used.cpu, capacity.cpu);
  if (asked.memory > 0 && used.memory + asked.memory > capacity.memory) return short('memory', asked.memory, used.memory, capacity.memory);
  if (asked.hostPorts.length > 0 && [...held.values()].some(({ hostPorts }) => hostPorts.some((taken) => asked.hostPorts.some((port) => collide(port, taken))))) return { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  return undefined;
}
