import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, Service } from '../api';
import { type Client, createInformers, createRecorder, type EventRecorder, type Informer, isApiFailure, resources } from '../client';
import { formatTime, Future, type Kernel, type Process, type Task } from '../kernel';
import type { NetworkNode } from '../network';
import type { ContainerRuntime, FileTree } from '../runtime';
import { heldBy, Holdings, reject } from './admission';
import { createServer, type KubeletServer } from './api';
import { BackOff } from './back-off';
import type { NodeFacts } from './facts';
import { ImagePuller } from './images';
import { NodeReporter } from './node-status';
import { ObjectCache } from './object-cache';
import { PodWorker } from './pod-worker';
import { StaticPods } from './static-pods';
import type { NodeWorld } from './world';

export interface KubeletOptions {
  readonly kernel: Kernel;
  /** Under the identity system:node:<name>. */
  readonly client: Client;
  readonly runtime: ContainerRuntime;
  readonly node: NetworkNode;
  readonly facts: NodeFacts;
  /** The node's own file system. */
  readonly host: FileTree;
  /** What network storage keeps under a handle, for all nodes. */
  readonly storage: (handle: string) => FileTree;
}

const keyOfPod = (pod: Pod): string => `${pod.metadata?.namespace}/${pod.metadata?.name}`;

/** The kubelet of one node. `start` begins, `stop` leaves the containers running, as when the real one is stopped. */
export class Kubelet {
  readonly server: KubeletServer;
  private readonly workers = new Map<string, PodWorker>();
  /** Asked for by the Pods here that have not ended. */
  private readonly held = new Holdings();
  /** Static Pods whose predecessor of the same name is still being stopped. */
  private readonly waiting = new Map<string, { pod: Pod; mirror: () => Pod | undefined }>();
  private process: Process | undefined;
  private pods: Informer<Pod> | undefined;
  private ownNode: Informer<Node> | undefined;
  private recorder: EventRecorder | undefined;
  private statics: StaticPods | undefined;
  private world: NodeWorld | undefined;
  private readonly source: ObjectCache;

  constructor(private readonly options: KubeletOptions) {
    this.source = new ObjectCache(options.kernel, options.client);
    this.server = createServer(options.kernel, (namespace, name) => this.workers.get(`${namespace}/${name}`), () => this.workers.values());
  }

  get running(): boolean {
    return this.process?.state === 'running';
  }

  start(): void {
    if (this.running) return;
    this.process = this.options.kernel.spawn(`kubelet ${this.options.facts.name}`, this.run(), null);
  }

  stop(): void {
    this.process?.cancel();
    for (const worker of this.workers.values()) worker.halt();
  }

  private *run(): Task {
    const { kernel, client, facts, runtime } = this.options;
    const self = kernel.process ?? null;
    if (!facts.hollow) this.recorder = createRecorder(kernel, client, 'kubelet', facts.name, self);
    const reporter = new NodeReporter(kernel, client, facts, runtime, () => this.readiness());
    const informers = createInformers(kernel, client, self);
    this.world ??= this.makeWorld();
    this.source.follow(informers);
    for (const worker of this.workers.values()) worker.resume();
    this.recordNode('Starting', 'Starting kubelet.');
    // Static Pods need no API server: the one that it waits for may be among them.
    const pods = informers.for<Pod>(resources.pods, { fieldSelector: `spec.nodeName=${facts.name}` });
    this.pods = pods;
    this.statics = new StaticPods(kernel, client, facts, this.options.host, {
      added: (pod) => this.begin(pod, () => pods.get(pod.metadata?.namespace, pod.metadata?.name ?? '')),
      removed: (pod) => this.removeStatic(pod),
    }, pods);
    kernel.spawn('static pods', this.statics.watch());
    yield* reporter.register();
    this.ownNode = informers.for<Node>(resources.nodes, { fieldSelector: `metadata.name=${facts.name}` });
    this.ownNode.addHandlers({
      add: (node) => this.nodeChanged(node, reporter),
      update: (_, node) => this.nodeChanged(node, reporter),
    });
    kernel.spawn('lease', reporter.renewLease());
    kernel.spawn('node status', reporter.reportStatus());
    yield* this.ownNode.waitSynced();
    yield* informers.for<Service>(resources.services).waitSynced();
    yield* pods.waitSynced();
    this.clearGone(pods);
    pods.addHandlers({ add: (pod) => this.seen(pod), update: (_, pod) => this.seen(pod), delete: (pod) => this.gone(pod) });
    yield* new Future<void>().wait();
  }

  /** Pods that went away, or were made anew, while nobody looked. */
  private clearGone(pods: Informer<Pod>): void {
    for (const [key, worker] of this.workers) {
      const { namespace, name = '', uid } = worker.object.metadata ?? {};
      if (!this.statics?.owns(key) && pods.get(namespace, name)?.metadata?.uid !== uid) worker.remove();
    }
  }

  private readiness() {
    return this.options.node.podRange === undefined
      ? { ready: false, message: 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized' }
      : { ready: true, message: '' };
  }

  private recordNode(reason: string, message: string): void {
    const { name } = this.options.facts;
    this.recorder?.event({ kind: 'Node', name, uid: name }, 'Normal', reason, message);
  }

  /** The node's range of Pod addresses has come: the network is ready, and so is the node. */
  private nodeChanged(node: Node, reporter: NodeReporter): void {
    const { node: network, kernel } = this.options;
    if (network.podRange !== undefined || !node.spec?.podCIDR) return;
    network.podRange = node.spec.podCIDR;
    kernel.spawn('report readiness', reporter.report(), this.process);
    for (const worker of this.workers.values()) worker.wake();
    for (const pod of this.pods?.store.list() ?? []) this.seen(pod);
  }

  private makeWorld(): NodeWorld {
    const { kernel, client, runtime, node, facts, host, storage } = this.options;
    return {
      kernel, client, runtime, node, facts,
      source: this.source,
      volumes: {
        createTree: () => runtime.createTree(),
        host,
        storage,
        *claim(namespace, name) {
          const claim = yield* client.get<PersistentVolumeClaim>(resources.persistentvolumeclaims, namespace, name);
          const volume = claim.spec?.volumeName ? yield* client.get<PersistentVolume>(resources.persistentvolumes, undefined, claim.spec.volumeName) : undefined;
          return { claim, volume };
        },
      },
      images: new ImagePuller(kernel, runtime),
      restartBackOff: new BackOff(),
      event: (pod, fieldPath, type, reason, message) => this.recorder?.event(
        { apiVersion: 'v1', kind: 'Pod', namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '', uid: pod.metadata?.uid ?? '', ...(pod.metadata?.resourceVersion && { resourceVersion: pod.metadata.resourceVersion }), ...(fieldPath && { fieldPath }) },
        type, reason, message),
      forget: (pod) => this.forget(pod),
    };
  }

  private forget(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    this.held.delete(uid);
    if (this.workers.get(keyOfPod(pod))?.object.metadata?.uid === uid) this.workers.delete(keyOfPod(pod));
    this.world?.images.forget(uid);
    this.world?.restartBackOff.forget(`${uid}/`);
    const successor = this.waiting.get(keyOfPod(pod));
    this.waiting.delete(keyOfPod(pod));
    if (successor) return this.begin(successor.pod, successor.mirror);
    const next = this.pods?.get(pod.metadata?.namespace, pod.metadata?.name ?? '');
    if (next && next.metadata?.uid !== uid) this.seen(next);
  }

  private seen(pod: Pod): void {
    if (this.statics?.isMirror(pod)) {
      this.workers.get(keyOfPod(pod))?.republish();
      return;
    }
    const worker = this.workers.get(keyOfPod(pod));
    if (worker) {
      if (worker.object.metadata?.uid !== pod.metadata?.uid) return; // its turn comes when the old one is gone
      if (worker.object.metadata?.generation !== pod.metadata?.generation || worker.object.metadata?.annotations !== pod.metadata?.annotations) this.source.refresh(pod.metadata?.namespace ?? '');
      if (worker.finished) this.held.delete(pod.metadata?.uid ?? '');
      worker.update(pod);
    } else if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') {
      if (pod.metadata?.deletionTimestamp) this.options.kernel.spawn('delete ended pod', this.deleteEnded(pod), this.process);
    } else if (this.options.node.podRange !== undefined || pod.spec?.hostNetwork === true) {
      this.admit(pod);
    }
  }

  private *deleteEnded(pod: Pod): Task {
    try {
      yield* this.options.client.delete(resources.pods, pod.metadata?.namespace, pod.metadata?.name ?? '', { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata?.uid ?? '' } });
    } catch (error) {
      if (!isApiFailure(error)) throw error;
    }
  }

  private admit(pod: Pod): void {
    const node = this.ownNode?.get(undefined, this.options.facts.name);
    const rejection = reject(pod, this.options.facts, node, this.held);
    if (!rejection) return this.begin(pod);
    this.world?.event(pod, undefined, 'Warning', rejection.reason, rejection.message);
    this.options.kernel.spawn('reject pod', this.refuse(pod, rejection), this.process);
  }

  private *refuse(pod: Pod, { reason, message }: { reason: string; message: string }): Task {
    const { metadata } = pod;
    const status = { ...(metadata?.generation !== undefined && { observedGeneration: metadata.generation }), phase: 'Failed', reason, message: `Pod was rejected: ${message}`, startTime: formatTime(this.options.kernel.now) };
    try {
      yield* this.options.client.patch(resources.pods, metadata?.namespace, metadata?.name ?? '', 'application/strategic-merge-patch+json', { metadata: { uid: metadata?.uid }, status }, { subresource: 'status' });
    } catch (error) {
      if (!isApiFailure(error)) throw error;
    }
  }

  private begin(pod: Pod, mirror?: () => Pod | undefined): void {
    if (!this.world) return;
    const there = this.workers.get(keyOfPod(pod));
    if (there) {
      if (mirror && there.object.metadata?.uid !== pod.metadata?.uid) this.waiting.set(keyOfPod(pod), { pod, mirror });
      return;
    }
    this.held.set(pod.metadata?.uid ?? '', heldBy(pod));
    this.source.refresh(pod.metadata?.namespace ?? '');
    this.workers.set(keyOfPod(pod), new PodWorker(this.world, pod, mirror));
  }

  private removeStatic(pod: Pod): void {
    const worker = this.workers.get(keyOfPod(pod));
    this.waiting.delete(keyOfPod(pod));
    worker?.remove();
    const there = this.pods?.get(pod.metadata?.namespace, pod.metadata?.name ?? '');
    if (there) this.options.kernel.spawn('delete mirror', this.deleteEnded(there), this.process);
  }

  private gone(pod: Pod): void {
    const worker = this.workers.get(keyOfPod(pod));
    if (!worker) return;
    if (this.statics?.isMirror(pod)) {
      this.options.kernel.spawn('mirror again', this.statics.mirror(worker.object), this.process);
      return;
    }
    if (worker.object.metadata?.uid === pod.metadata?.uid) worker.remove();
  }
}

/** A kubelet that has not been started yet. */
export const createKubelet = (options: KubeletOptions): Kubelet => new Kubelet(options);
