import type { ApiHandler, Event, KubeObject, Lease, Node, Pod } from '../../src/simulator/api';
import { createApiServer, stampResourceVersion } from '../../src/simulator/apiserver';
import { type Client, createClient, createInformers, isApiFailure, meta, resources } from '../../src/simulator/client';
import { type ControllerManager, createControllerManager, type ManagerOptions } from '../../src/simulator/controllers';
import { createEtcd } from '../../src/simulator/etcd';
import { createKernel, type Duration, formatMicroTime, formatTime, type Kernel, milliseconds, minutes, seconds, sleep, type Task } from '../../src/simulator/kernel';
import { createScheduler, type SchedulerProcess } from '../../src/simulator/scheduler';

export interface WorldOptions {
  readonly seed?: number;
  readonly nodes?: number;
  readonly manager?: ManagerOptions;
  readonly latency?: Duration;
  /** Pods on nodes become Running and Ready, and go when they are deleted. Default true. */
  readonly hollow?: boolean;
}

/** A small cluster for tests: API server, controllers, scheduler, and nodes made by a few lines. */
export interface World {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly manager: ControllerManager;
  readonly scheduler: SchedulerProcess;
  /** Runs a task to its end and gives its result. */
  run<T>(task: Task<T>): T;
  /** Lets things happen until this holds; throws when it does not within `atMost` (10 virtual minutes). */
  until(condition: () => boolean, atMost?: Duration): void;
  /** Lets so much virtual time pass. */
  pass(time: Duration): void;
  list<T extends KubeObject>(resource: Parameters<Client['list']>[0], namespace?: string): readonly T[];
  get<T extends KubeObject>(resource: Parameters<Client['list']>[0], name: string, namespace?: string): T;
  create<T extends KubeObject>(object: object): T;
  /** Pods become ready, as if by their kubelet's word. */
  ready(...pods: readonly Pod[]): void;
  /** Pods end in this phase. */
  finish(phase: 'Succeeded' | 'Failed' | 'Running', ...pods: readonly Pod[]): void;
  pods(namespace?: string): readonly Pod[];
  /** 'type reason: message' of the events about objects of a kind, sorted, with generated names as HASH and ID. */
  events(kind: string): string[];
  conditions(object: KubeObject): string[];
  /** Nodes that no longer renew their lease. */
  readonly silent: Set<string>;
  addNode(name: string, changes?: { labels?: Record<string, string>; allocatable?: Record<string, string>; spec?: object }): void;
}

const admin = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };

/** A world with `nodes` hollow nodes, its controllers and scheduler running. */
export function createWorld({ seed = 1, nodes = 3, manager: managerOptions = {}, latency = milliseconds(1), hollow = true }: WorldOptions = {}): World {
  const kernel = createKernel({ seed });
  const server = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }) });
  const handler: ApiHandler = server.handle;
  const clientFor = (commonName: string) => createClient({ kernel, handler, credentials: { certificate: { commonName, organizations: commonName.startsWith('system:serviceaccount:') ? ['system:serviceaccounts', 'system:serviceaccounts:kube-system'] : [] } }, userAgent: commonName, latency });
  const client = createClient({ kernel, handler, credentials: admin, userAgent: 'test', latency: 0 });
  const manager = createControllerManager({ kernel, clientFor, options: { rootCertificates: 'PEM', ...managerOptions } });
  const scheduler = createScheduler({ kernel, client: clientFor('system:kube-scheduler') });
  const world: World = {
    kernel, client, manager, scheduler,
    run<T>(task: Task<T>): T {
      const process = kernel.spawn('test', task, null);
      // Watched, so that a failure is the test's and not the kernel's.
      process.onEnd(() => undefined);
      kernel.run({ until: () => process.state !== 'running', to: kernel.now + minutes(10) });
      return process.value;
    },
    until(condition, atMost = minutes(10)) {
      const end = kernel.run({ until: condition, to: kernel.now + atMost });
      if (end !== 'until') throw new Error(`did not come about within ${atMost / 1e6} s: ${condition.toString()}`);
    },
    pass: (time) => void kernel.run({ to: kernel.now + time }),
    list: (resource, namespace) => world.run(client.list(resource, namespace)).items as never,
    get: (resource, name, namespace = resource.resource === 'nodes' ? undefined as never : 'default') => world.run(client.get(resource, namespace, name)) as never,
    create(object) {
      const { apiVersion, kind, metadata } = object as KubeObject;
      const resource = Object.values(resources).find((r) => r.kind === kind && apiVersion === (r.group ? `${r.group}/${r.version}` : r.version));
      if (!resource) throw new Error(`no kind ${kind}`);
      return world.run(client.create(resource, resource.namespaced ? (metadata?.namespace ?? 'default') : undefined, object as KubeObject)) as never;
    },
    ready(...pods) {
      const time = formatTime(kernel.now);
      for (const pod of pods) {
        world.run(client.patch(resources.pods, meta(pod).namespace, meta(pod).name, 'application/strategic-merge-patch+json', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time }] } }, { subresource: 'status' }));
      }
      world.pass(seconds(2));
    },
    finish(phase, ...pods) {
      for (const pod of pods) world.run(client.patch(resources.pods, meta(pod).namespace, meta(pod).name, 'application/strategic-merge-patch+json', { status: { phase } }, { subresource: 'status' }));
      world.pass(seconds(3));
    },
    pods: (namespace = 'default') => world.list<Pod>(resources.pods, namespace),
    events: (kind) => world.list<Event>(resources.events).filter(({ involvedObject }) => involvedObject.kind === kind).map(({ type = '', reason = '', message = '' }) => `${type} ${reason}: ${message}`
      .replace(/-[b-df-hj-np-tv-xz24-9]{7,10}\b/g, '-HASH').replace(/-[b-df-hj-np-tv-xz24-9]{5}\b/g, '-ID')).sort(),
    conditions: (object) => ((object as { status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] } }).status?.conditions ?? [])
      .map(({ type, status, reason = '', message = '' }) => `${type} ${status} ${reason}: ${message}`).sort(),
    silent: new Set(),
    addNode(name, changes = {}) {
      const node = hollowNode(name, kernel, changes);
      world.create(node);
      world.run(client.patch(resources.nodes, undefined, name, 'application/merge-patch+json', { status: node.status }, { subresource: 'status' }));
    },
  };
  for (const name of ['default', 'kube-system']) {
    if (!world.run(client.list(resources.namespaces)).items.some((namespace) => meta(namespace).name === name)) world.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (let i = 0; i < nodes; i++) world.addNode(`node-${i}`);
  if (hollow) runHollowNodes(kernel, client);
  kernel.spawn('heartbeats', beat(kernel, client, world.silent), null);
  manager.start();
  scheduler.start();
  return world;
}

function hollowNode(name: string, kernel: Kernel, { labels = {}, allocatable = { cpu: '4', memory: '8Gi', pods: '110' }, spec = {} }: { labels?: Record<string, string>; allocatable?: Record<string, string>; spec?: object }): Node {
  const time = formatTime(kernel.now);
  return {
    apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } }, spec,
    status: { capacity: allocatable, allocatable, conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'by hand', lastHeartbeatTime: time, lastTransitionTime: time }] },
  };
}

/** Renews the leases of all nodes that are not silent, every ten seconds. */
function* beat(kernel: Kernel, client: Client, silent: ReadonlySet<string>): Task {
  for (;;) {
    const nodes = yield* client.list<Node>(resources.nodes);
    for (const { name } of nodes.items.map(meta)) {
      if (silent.has(name)) continue;
      const lease: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace: 'kube-node-lease' }, spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: formatMicroTime(kernel.now) } };
      try {
        yield* client.patch<Lease>(resources.leases, 'kube-node-lease', name, 'application/merge-patch+json', { spec: lease.spec });
      } catch {
        yield* client.create<Lease>(resources.leases, 'kube-node-lease', lease);
      }
    }
    yield* sleep(seconds(10));
  }
}

/** What a kubelet does, in the fewest lines: Pods on nodes become ready after 100 ms, deleted ones go. */
function runHollowNodes(kernel: Kernel, client: Client): void {
  const informers = createInformers(kernel, client, null);
  const pods = informers.for<Pod>(resources.pods);
  let last = 0;
  function* work(pod: Pod): Task {
    const { namespace, name, uid } = meta(pod);
    try {
      if (pod.metadata?.deletionTimestamp) return void (yield* client.delete(resources.pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } }));
      const ip = `10.244.${Math.floor(++last / 250)}.${(last % 250) + 1}`;
      const time = formatTime(kernel.now);
      const conditions = ['Ready', 'ContainersReady', 'Initialized'].map((type) => ({ type, status: 'True', lastTransitionTime: time }));
      const current = yield* client.get<Pod>(resources.pods, namespace, name);
      const kept = current.status?.conditions?.filter(({ type }) => type === 'PodScheduled') ?? [];
      yield* client.updateStatus<Pod>(resources.pods, { ...current, status: { ...current.status, phase: 'Running', podIP: ip, podIPs: [{ ip }], startTime: time, conditions: [...conditions, ...kept] } });
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      if (process.env["DEBUG"]) console.log(error.message);
      // The Pod has changed hands meanwhile; its next event comes.
    }
  }
  const started = new Set<string>();
  const look = (pod: Pod) => {
    if (!pod.spec?.nodeName) return;
    const { uid } = meta(pod);
    if (pod.metadata?.deletionTimestamp) kernel.after(milliseconds(50), () => kernel.spawn('hollow', work(pod), null));
    else if (!started.has(uid) && (pod.status?.phase ?? 'Pending') === 'Pending') {
      started.add(uid);
      kernel.after(milliseconds(100), () => kernel.spawn('hollow', work(pod), null));
    }
  };
  pods.addHandlers({ add: look, update: (_, pod) => look(pod) });
}
