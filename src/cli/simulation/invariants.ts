import { type Deployment, type Node, parseQuantity, type Pod, type ReplicaSet } from '../../simulator/api';
import { resources } from '../../simulator/client';
import type { Shaken } from './world';

const isReady = (pod: Pod): boolean => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** Every Deployment has what it was told to have, ready and counted. */
function settled({ cluster, wanted, complaints }: Shaken): void {
  const deployments = cluster.objects<Deployment>(resources.deployments, 'default');
  for (const [name, replicas] of wanted) {
    const object = deployments.find(({ metadata }) => metadata?.name === name);
    const pods = cluster.objects<Pod>(resources.pods, 'default').filter(({ metadata }) => metadata?.labels?.['app'] === name && metadata.deletionTimestamp === undefined);
    if (!object) complaints.push(`deployment ${name} is gone`);
    else if (pods.length !== replicas || !pods.every(isReady)) complaints.push(`deployment ${name} has ${pods.filter(isReady).length} ready of ${pods.length} Pods, not ${replicas}`);
    else if ((object.status?.readyReplicas ?? 0) !== replicas || (object.status?.updatedReplicas ?? 0) !== replicas) complaints.push(`deployment ${name} counts ${JSON.stringify(object.status)}`);
  }
}

/** Nothing outlives its owner, nothing is still being deleted. */
function noOrphans({ cluster, complaints }: Shaken): void {
  const owners = new Set([...cluster.objects<Deployment>(resources.deployments), ...cluster.objects<ReplicaSet>(resources.replicasets)].map(({ metadata }) => metadata?.uid));
  for (const object of [...cluster.objects<ReplicaSet>(resources.replicasets), ...cluster.objects<Pod>(resources.pods)]) {
    const { name, ownerReferences = [], deletionTimestamp } = object.metadata ?? {};
    for (const owner of ownerReferences) if (!owners.has(owner.uid)) complaints.push(`${name} outlives its owner ${owner.kind} ${owner.name}`);
    if (deletionTimestamp !== undefined) complaints.push(`${name} is still being deleted`);
  }
}

/** No node holds more than it has. */
function nobodyCrowded({ cluster, complaints }: Shaken): void {
  for (const node of cluster.objects<Node>(resources.nodes)) {
    const pods = cluster.objects<Pod>(resources.pods).filter(({ spec, status }) => spec?.nodeName === node.metadata?.name && status?.phase !== 'Failed' && status?.phase !== 'Succeeded');
    const asked = pods.flatMap(({ spec }) => spec?.containers ?? []).reduce((sum, { resources: needs }) => sum + parseQuantity(String(needs?.requests?.['cpu'] ?? '0')).toNumber(), 0);
    const has = parseQuantity(String(node.status?.allocatable?.['cpu'] ?? '0')).toNumber();
    if (asked > has + 1e-9) complaints.push(`node ${node.metadata?.name} holds ${asked} cpu of ${has}`);
  }
}

/** A watch from the beginning and the store tell the same. */
function watchAgrees({ cluster, believed, complaints }: Shaken): void {
  const stored = new Map(cluster.objects<Pod>(resources.pods).map((pod) => [`${pod.metadata?.namespace}/${pod.metadata?.name}/${pod.metadata?.uid}`, pod]));
  for (const [key, pod] of stored) if (believed.get(key)?.metadata?.resourceVersion !== pod.metadata?.resourceVersion) complaints.push(`watch: ${key} is at ${believed.get(key)?.metadata?.resourceVersion}, not ${pod.metadata?.resourceVersion}`);
  for (const key of believed.keys()) if (!stored.has(key)) complaints.push(`watch: ${key} is gone, and nobody said so`);
}

/** What must hold once the faults have stopped; adds to the complaints. */
export function inspect(world: Shaken): readonly string[] {
  for (const check of [settled, noOrphans, nobodyCrowded, watchAgrees]) check(world);
  return world.complaints;
}
