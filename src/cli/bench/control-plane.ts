import type { KubeObject, Node, Pod } from '../../simulator/api';
import { resources } from '../../simulator/client';
import { type Cluster, createCluster } from '../../simulator/cluster';
import { createKernel, minutes, seconds, sleep, type Task } from '../../simulator/kernel';
import { atLeast, atMost, type Figure, median, timed } from './measure';

type Conditioned = KubeObject & { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } };

const ready = (object: Conditioned): boolean => object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
const readyPods = (cluster: Cluster): number => cluster.objects<Pod>(resources.pods, 'default').filter(ready).length;
const readyNodes = (cluster: Cluster): number => cluster.objects<Node>(resources.nodes).filter(ready).length;

/** Looks at a condition that costs something only now and then. */
const everyNth = (cluster: Cluster, n: number, condition: () => boolean) => () => cluster.kernel.happened % n === 0 && condition();

function bare(nodes: number): Cluster {
  const cluster = createCluster({ bare: true, nodes });
  cluster.run({ until: everyNth(cluster, 50, () => readyNodes(cluster) === nodes), atMost: minutes(5) });
  return cluster;
}

const deployment = (name: string, replicas: number): KubeObject => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } } },
}) as KubeObject;

function roll(cluster: Cluster, replicas: number): void {
  cluster.request({ method: 'POST', url: '/apis/apps/v1/namespaces/default/deployments', body: deployment('web', replicas) });
  cluster.run({ until: everyNth(cluster, 1000, () => readyPods(cluster) === replicas), atMost: minutes(30) });
  if (readyPods(cluster) !== replicas) throw new Error(`${readyPods(cluster)} of ${replicas} Pods became ready`);
}

const pod = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: 'bench' } }, spec: { nodeName: 'nowhere', containers: [{ name: 'c', image: 'nginx:1.27' }] } }) as KubeObject;

function* pairs(cluster: Cluster, count: number, prefix: string): Task {
  const client = cluster.adminClient();
  for (let i = 0; i < count; i++) {
    yield* client.create(resources.pods, 'default', pod(`${prefix}${i}`));
    yield* client.get(resources.pods, 'default', `${prefix}${i}`);
  }
}

function createAndGet(): Figure[] {
  const cluster = createCluster({ bare: true, nodes: 0 });
  cluster.run({ atMost: seconds(5) });
  cluster.stopControllers();
  cluster.perform('warm up', () => pairs(cluster, 3000, 'warm-'), minutes(5));
  const count = 10_000;
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const took = timed(() => cluster.perform('pairs', () => pairs(cluster, count, 'p-'), minutes(5)));
  globalThis.gc?.();
  const kept = process.memoryUsage().heapUsed - before;
  const list = median(3, () => void cluster.perform('list', () => cluster.adminClient().list(resources.pods, 'default'), minutes(1)));
  return [
    atLeast('Pod create + get', (count / took) * 1000, 30_000, 'pairs/s'),
    atMost('memory for each stored Pod', kept / count / 1024, 12, 'KB'),
    atMost('13,000 Pods listed', list, 150, 'ms'),
  ];
}

function watchers(): Figure {
  const cluster = createCluster({ bare: true, nodes: 0 });
  cluster.run({ atMost: seconds(5) });
  let heard = 0;
  const client = cluster.adminClient();
  for (let i = 0; i < 1000; i++) {
    cluster.kernel.spawn(`watcher ${i}`, (function* (): Task {
      const events = yield* client.watch(resources.configmaps, 'default', { resourceVersion: '0' });
      for (let event = yield* events.receive(); event; event = yield* events.receive()) heard += event.object.metadata?.name === 'news' ? 1 : 0;
    })(), null);
  }
  cluster.run({ atMost: seconds(5) });
  const took = timed(() => {
    cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/configmaps', body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'news' } } });
    cluster.run({ until: () => heard >= 1000, atMost: seconds(5) });
  });
  return atMost('one change reaches 1,000 watchers', took, 20, 'ms');
}

function kernelEvents(): Figure {
  return atMost('1,000,000 timer events', median(3, () => {
    const kernel = createKernel();
    for (let i = 0; i < 1000; i++) {
      kernel.spawn(`t${i}`, (function* (): Task {
        for (let j = 0; j < 1000; j++) yield* sleep(kernel.random.int(1000));
      })());
    }
    kernel.run({});
  }), 1500, 'ms');
}

/** The longest that the thread is held while 300 Pods start and the host asks for slices of 8 ms. */
function longestHold(): Figure {
  const cluster = bare(3);
  cluster.request({ method: 'POST', url: '/apis/apps/v1/namespaces/default/deployments', body: deployment('web', 300) });
  let longest = 0;
  const end = cluster.kernel.now + seconds(60);
  while (cluster.kernel.now < end) {
    const began = performance.now();
    cluster.kernel.run({ to: end, interrupted: () => performance.now() - began > 8 });
    longest = Math.max(longest, performance.now() - began);
  }
  return atMost("longest time the host's thread is held", longest, 16, 'ms');
}

function scale(): Figure[] {
  const cluster = bare(500);
  const took = timed(() => roll(cluster, 5000));
  globalThis.gc?.();
  return [
    atMost('5,000 Pods on 500 nodes until Ready', took / 1000, 15, 's'),
    atMost('… and memory', process.memoryUsage().heapUsed / 1024 / 1024, 600, 'MiB'),
  ];
}

/** Everything that needs no containers. */
export function* controlPlaneFigures(quick: boolean): Generator<Figure> {
  yield kernelEvents();
  yield atMost('Deployment of 300 replicas until Ready', median(5, () => roll(bare(3), 300)) - median(5, () => void bare(3)), 300, 'ms');
  yield longestHold();
  yield* createAndGet();
  yield watchers();
  if (!quick) yield* scale();
}
