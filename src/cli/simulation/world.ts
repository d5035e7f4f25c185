import type { KubeObject, Node, Pod, WatchEvent } from '../../simulator/api';
import { resources } from '../../simulator/client';
import { type Cluster, createCluster } from '../../simulator/cluster';
import { type Channel, createRandom, minutes, type Random, seconds } from '../../simulator/kernel';

/** A cluster that is being shaken, with what has been watched of it. */
export interface Shaken {
  readonly cluster: Cluster;
  readonly random: Random;
  /** Names of Deployments and how many replicas each was last told to have. */
  readonly wanted: Map<string, number>;
  /** What a client that watches Pods from the beginning believes. */
  readonly believed: Map<string, Pod>;
  /** What went wrong on the way. */
  readonly complaints: string[];
}

const path = '/apis/apps/v1/namespaces/default/deployments';

const deployment = (name: string, replicas: number, random: Random): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { terminationGracePeriodSeconds: random.int(5), containers: [{ name: 'c', image: `image:${random.int(3)}`, resources: { requests: { cpu: `${10 + random.int(40)}m`, memory: '16Mi' } } }] } },
  },
}) as KubeObject;

type Action = (world: Shaken) => void;

const anyDeployment = ({ wanted, random }: Shaken): string | undefined => (wanted.size === 0 ? undefined : random.pick([...wanted.keys()]));

const patch = (world: Shaken, name: string, body: unknown) =>
  world.cluster.request({ method: 'PATCH', url: `${path}/${name}`, headers: { 'content-type': 'application/merge-patch+json' }, body });

/** What may happen to a cluster, each as likely as it stands here often. */
const actions: readonly Action[] = [
  function create(world) {
    const name = `d${world.random.int(6)}`;
    const replicas = world.random.int(8);
    if (world.cluster.request({ method: 'POST', url: path, body: deployment(name, replicas, world.random) }).status === 201) world.wanted.set(name, replicas);
  },
  function scale(world) {
    const name = anyDeployment(world);
    const replicas = world.random.int(10);
    if (name !== undefined && patch(world, name, { spec: { replicas } }).status === 200) world.wanted.set(name, replicas);
  },
  function roll(world) {
    const name = anyDeployment(world);
    if (name !== undefined) patch(world, name, { spec: { template: { metadata: { annotations: { roll: String(world.random.int(5)) } } } } });
  },
  function removeDeployment(world) {
    const name = anyDeployment(world);
    if (name === undefined || world.random.int(3) > 0) return;
    world.cluster.request({ method: 'DELETE', url: `${path}/${name}` });
    world.wanted.delete(name);
  },
  function killPods(world) {
    for (const pod of world.cluster.objects<Pod>(resources.pods, 'default')) {
      if (world.random.int(4) === 0) world.cluster.request({ method: 'DELETE', url: `/api/v1/namespaces/default/pods/${pod.metadata?.name}` });
    }
  },
  function stopKubelet(world) {
    world.random.pick([...world.cluster.machines.values()]).kubelet.stop();
  },
  function startKubelets(world) {
    for (const machine of world.cluster.machines.values()) machine.kubelet.start();
  },
  function stopManager(world) {
    world.cluster.stopControllers();
  },
  function startManager(world) {
    world.cluster.startControllers();
  },
  function cordon(world) {
    const name = world.random.pick([...world.cluster.machines.keys()]);
    world.cluster.request({ method: 'PATCH', url: `/api/v1/nodes/${name}`, headers: { 'content-type': 'application/merge-patch+json' }, body: { spec: { unschedulable: world.random.int(2) === 0 } } });
  },
];

function follow(world: Shaken): void {
  const answer = world.cluster.perform('watch', () => world.cluster.handle({ method: 'GET', url: '/api/v1/pods?watch=true&resourceVersion=0', credentials: { certificate: { commonName: 'watcher', organizations: ['system:masters'] } } }), seconds(5));
  const events = answer.events as Channel<WatchEvent<Pod>>;
  world.cluster.kernel.spawn('watcher', (function* () {
    for (let event = yield* events.receive(); event; event = yield* events.receive()) note(world, event);
  })(), null);
}

/** No gaps and no doubles: what is added was not there, what changes or goes was, and it is newer than before. */
function note({ believed, complaints }: Shaken, { type, object }: WatchEvent<Pod>): void {
  const key = `${object.metadata?.namespace}/${object.metadata?.name}/${object.metadata?.uid}`;
  const before = believed.get(key);
  if (type === 'ADDED' && before) complaints.push(`watch: ${key} was added twice`);
  if ((type === 'MODIFIED' || type === 'DELETED') && !before) complaints.push(`watch: ${key} was ${type} before it was added`);
  if (before && Number(object.metadata?.resourceVersion) <= Number(before.metadata?.resourceVersion)) complaints.push(`watch: ${key} went from revision ${before.metadata?.resourceVersion} to ${object.metadata?.resourceVersion}`);
  if (type === 'DELETED') believed.delete(key);
  else believed.set(key, object);
}

/** Shakes a small cluster for a while, lets the faults stop and everything settle. */
export function shake(seed: number): Shaken {
  const random = createRandom(seed, 'simulation');
  const cluster = createCluster({ seed, bare: true, nodes: 2 + random.int(3) });
  const world: Shaken = { cluster, random, wanted: new Map(), believed: new Map(), complaints: [] };
  const up = (node: Node): boolean => node.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
  cluster.run({ until: () => cluster.objects<Node>(resources.nodes).filter(up).length === cluster.machines.size, atMost: minutes(2) });
  follow(world);
  const steps = 10 + random.int(20);
  for (let step = 0; step < steps; step++) {
    random.pick(actions)(world);
    cluster.run({ atMost: random.int(seconds(20)) });
  }
  cluster.startControllers();
  for (const machine of cluster.machines.values()) {
    machine.kubelet.start();
    cluster.request({ method: 'PATCH', url: `/api/v1/nodes/${machine.name}`, headers: { 'content-type': 'application/merge-patch+json' }, body: { spec: { unschedulable: false } } });
  }
  cluster.run({ atMost: minutes(12) });
  return world;
}
