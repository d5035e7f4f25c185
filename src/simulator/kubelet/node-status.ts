import type { KubeObject, Node } from '../api';
import { isStatus } from '../api';
import { type Client, isApiFailure, resources } from '../client';
import { formatMicroTime, formatTime, type Kernel, seconds, sleep, type Task } from '../kernel';
import type { ContainerRuntime } from '../runtime';
import type { NodeFacts } from './facts';

const leaseSeconds = 40;
const renewal = seconds(10);
const heartbeat = seconds(300);

type Condition = { readonly type: string; readonly status: 'True' | 'False'; readonly reason: string; readonly message: string };

/** Whether the node can run Pods, and if not why. */
export interface Readiness {
  readonly ready: boolean;
  readonly message: string;
}

function conditions(readiness: Readiness): Condition[] {
  return [
    { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' },
    { type: 'DiskPressure', status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
    { type: 'PIDPressure', status: 'False', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
    readiness.ready
      ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: readiness.message },
  ];
}

const kibi = (bytes: number): string => `${Math.floor(bytes / 1024)}Ki`;

function resourcesOf(facts: NodeFacts, reservedMemory: number, reservedStorage: number) {
  const { cpuMillis, memoryBytes, storageBytes, pods } = facts.capacity;
  return {
    cpu: cpuMillis % 1000 === 0 ? String(cpuMillis / 1000) : `${cpuMillis}m`,
    'ephemeral-storage': reservedStorage === 0 ? kibi(storageBytes) : String(Math.floor(storageBytes - reservedStorage)),
    ...(!facts.hollow && { 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' }),
    memory: kibi(memoryBytes - reservedMemory),
    pods: String(pods),
  };
}

/** Keeps the Node object and its Lease as the kubelet of this node does. (KEP-589: status when it changes or every 5 min, Lease every 10 s) */
export class NodeReporter {
  private readonly identifiers: { bootID: string; machineID: string };
  private written = '';

  constructor(private readonly kernel: Kernel, private readonly client: Client, private readonly facts: NodeFacts, private readonly runtime: ContainerRuntime, private readonly readiness: () => Readiness) {
    this.identifiers = facts.hollow ? { bootID: '', machineID: '' } : { bootID: kernel.random.uuid(), machineID: kernel.random.hex(32) };
  }

  /** Registers the node unless it is there; tries until the API server takes it. */
  *register(): Task {
    const { facts } = this;
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: facts.name,
        ...(!facts.hollow && { annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' } }),
        labels: { 'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': facts.name, 'kubernetes.io/os': 'linux', ...facts.labels },
      },
      spec: { ...(facts.hollow && { providerID: `kubemark://${facts.name}` }), ...(facts.taints.length > 0 && { taints: facts.taints }) },
      status: this.status([]),
    };
    for (let delay = 200_000; ; delay = Math.min(delay * 2, seconds(7))) {
      try {
        yield* this.client.create(resources.nodes, undefined, node as never);
        return;
      } catch (error) {
        if (isStatus(error, 'AlreadyExists')) return;
        if (!isApiFailure(error)) throw error;
      }
      yield* sleep(delay);
    }
  }

  /** Reports the status whenever it changed (looked at every 10 s) or is 5 min old. Runs until cancelled. */
  *reportStatus(): Task {
    let reportedAt = -Infinity;
    for (;;) {
      if (this.facet() !== this.written || this.kernel.now - reportedAt >= heartbeat) {
        if (yield* this.report()) reportedAt = this.kernel.now;
      }
      yield* sleep(renewal);
    }
  }

  /** Reports now what has changed; false when the API server could not be had. */
  *report(): Task<boolean> {
    const facet = this.facet();
    try {
      const node = yield* this.client.get<Node>(resources.nodes, undefined, this.facts.name);
      yield* this.client.patch(resources.nodes, undefined, this.facts.name, 'application/strategic-merge-patch+json', { status: this.status(node.status?.conditions ?? []) }, { subresource: 'status' });
      this.written = facet;
      return true;
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      return false;
    }
  }

  /** Renews the Lease, which it asks for only when it does not know it as it left it. Runs until cancelled. */
  *renewLease(): Task {
    const namespace = 'kube-node-lease';
    let known: KubeObject | undefined;
    for (;;) {
      try {
        const spec = { holderIdentity: this.facts.name, leaseDurationSeconds: leaseSeconds, renewTime: formatMicroTime(this.kernel.now) };
        try {
          const lease: KubeObject = known ?? (yield* this.client.get(resources.leases, namespace, this.facts.name));
          known = undefined;
          known = yield* this.client.update(resources.leases, { ...lease, spec } as never);
        } catch (error) {
          if (isStatus(error, 'Conflict')) continue;
          if (!isStatus(error, 'NotFound')) throw error;
          const node = yield* this.client.get<Node>(resources.nodes, undefined, this.facts.name);
          const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: this.facts.name, uid: node.metadata?.uid ?? '' }];
          yield* this.client.create(resources.leases, namespace, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: this.facts.name, namespace, ownerReferences }, spec } as never);
        }
      } catch (error) {
        if (!isApiFailure(error)) throw error;
      }
      yield* sleep(renewal);
    }
  }

  /** What a change of makes a report due. */
  private facet(): string {
    const { ready, message } = this.readiness();
    return `${this.runtime.images.length} ${ready} ${message}`;
  }

  private status(before: NonNullable<NonNullable<Node['status']>['conditions']>): unknown {
    const { facts } = this;
    const now = formatTime(this.kernel.now);
    return {
      addresses: [{ address: facts.address, type: 'InternalIP' }, { address: facts.name, type: 'Hostname' }],
      allocatable: facts.hollow ? resourcesOf(facts, 0, 0) : resourcesOf(facts, 100 * 1024 * 1024, facts.capacity.storageBytes * 0.1),
      capacity: resourcesOf(facts, 0, 0),
      conditions: conditions(this.readiness()).map((condition) => {
        const old = before.find((c) => c.type === condition.type);
        return { ...condition, lastHeartbeatTime: now, lastTransitionTime: old?.status === condition.status ? old.lastTransitionTime : now };
      }),
      declaredFeatures: ['ExtendWebSocketsToKubelet', 'InPlacePodLevelResourcesVerticalScaling', 'InPlacePodVerticalScalingInitContainers', 'RestartAllContainersOnContainerExits'],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      images: this.runtime.images.slice(0, 50).map((image) => ({ names: [...new Set([image.id, image.name])], ...(image.sizeBytes > 0 && { sizeBytes: image.sizeBytes }) })),
      nodeInfo: {
        architecture: 'amd64', ...this.identifiers, containerRuntimeVersion: facts.runtimeVersion, kernelVersion: facts.kernelVersion, kubeProxyVersion: '',
        kubeletVersion: facts.kubeletVersion, operatingSystem: 'linux', osImage: facts.osImage, systemUUID: this.identifiers.machineID,
      },
      ...(!facts.hollow && { runtimeHandlers: ['', 'runc'].map((name) => ({ name, features: { recursiveReadOnlyMounts: true, userNamespaces: false } })) }),
    };
  }
}
