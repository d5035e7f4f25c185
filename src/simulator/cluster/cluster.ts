import type { ApiHandler, ApiRequest, ApiResponse, GroupVersionResource, KubeObject, Node, Pod } from '../api';
import { type ApiServer, createApiServerAlone, stampResourceVersion } from '../apiserver';
import { type Client, createClient, resources } from '../client';
import { createEtcd, type Etcd, type Snapshot } from '../etcd';
import { createKernel, type Duration, type Kernel, minutes, type Process, type RunEnd, type Task } from '../kernel';
import { createNetwork, type Network } from '../network';
import { createDialler } from './dialler';
import { identities, userAgent } from './identities';
import { InputLog } from './inputs';
import type { Machine } from './machine';
import type { ClusterOptions } from './options';
import { type Composition, composeBare } from './compose-bare';
import { composeFull } from './compose-full';
import { type ControlPlaneNode, controlPlaneNodes } from './control-plane';
import type { Software } from './software';
import { Workstation } from './workstation';

export interface RunUntil {
  /** Stops as soon as this holds. */
  readonly until?: () => boolean;
  /** The longest that it may take in virtual time. Default 10 min. */
  readonly atMost?: Duration;
}

type Conditioned = KubeObject & { readonly status?: { readonly phase?: string; readonly conditions?: readonly { readonly type: string; readonly status: string }[] } };

const isReady = (object: Conditioned): boolean => object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
const isDone = ({ status }: Conditioned): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** A Kubernetes cluster on a clock of its own. Everything is synchronous: time passes in `run` and in requests that wait. */
export class Cluster {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly machines = new Map<string, Machine>();
  readonly workstation: Workstation;
  private readonly etcd: Etcd;
  private readonly servers: readonly [ApiServer, ...ApiServer[]];
  private readonly inputs: InputLog<Cluster>;
  private readonly parts: Composition;
  private software: Software | undefined;
  private spare: Cluster | undefined;

  /** Made by createCluster and createClusterAlone. */
  constructor(readonly options: ClusterOptions) {
    this.kernel = createKernel({ seed: options.seed ?? 1, ...(options.start !== undefined && { start: options.start }) });
    const { kernel } = this;
    this.inputs = new InputLog(kernel);
    this.network = createNetwork({ kernel });
    const { kept, journal } = options.etcdFiles ?? {};
    this.etcd = createEtcd({ kernel, stamp: stampResourceVersion, ...(kept && { kept }), ...(journal && { journal }) });
    const [first, ...others] = options.bare ? [{ name: 'control-plane', address: '10.0.0.10' }] : controlPlaneNodes(options.controlPlanes ?? 1);
    const serverOf = ({ name, address }: ControlPlaneNode, bootstrap: boolean): ApiServer => createApiServerAlone({
      kernel, bootstrap,
      etcd: this.etcd,
      ...(options.signingKey !== undefined && { signingKey: options.signingKey }),
      ...(options.tokens && { tokens: options.tokens as never }),
      ...(options.clientCa !== undefined && { clientCa: options.clientCa }),
      ...(options.describe && { describe: options.describe }),
      nodes: {
        kubeletFor: (name) => {
          const kubelet = this.machines.get(name)?.kubelet;
          return kubelet?.running ? kubelet.server : undefined;
        },
      },
      dialler: createDialler({ kernel, network: () => (this.machines.get(name) ?? [...this.machines.values()][0])?.network.host, certificateProblem: () => this.software?.certificateProblem }),
      kubernetesEndpoints: !options.bare,
      advertise: options.advertise ?? { address, port: 6443 },
    });
    this.servers = [serverOf(first, true), ...others.map((node) => serverOf(node, false))];
    this.parts = (options.bare ? composeBare : composeFull)({ kernel, network: this.network, servers: this.servers, options, machines: this.machines, registries: () => this.software?.images ?? [], checkPolicy: (policy) => this.software?.server.policyWarnings(policy) ?? [] });
    this.workstation = new Workstation({ kernel, handler: this.parts.handle, network: this.network.addHost('workstation', '10.0.0.2'), describe: options.describe }, (apply) => this.inputs.enter(this, (cluster) => apply(cluster.workstation)));
  }

  /** The API server as clients reach it, for hosts that bring requests in as tasks of their own. What comes this way is not logged for forks. */
  get handle(): ApiHandler {
    return this.parts.handle;
  }

  /** Lets time pass. 'until': the condition held; 'time': `atMost` is over; 'idle': nothing is left to happen. */
  run({ until, atMost = minutes(10) }: RunUntil): RunEnd {
    return this.kernel.run({ ...(until && { until }), to: this.kernel.now + atMost });
  }

  /** Every node is there and Ready, every Pod Ready or done, and no Deployment's Pod is still to come. */
  get settled(): boolean {
    const nodes = this.objects<Node & Conditioned>(resources.nodes);
    if (nodes.length < this.machines.size || !nodes.every(isReady)) return false;
    return this.parts.complete() && this.objects<Pod & Conditioned>(resources.pods).every((pod) => isReady(pod) || isDone(pod));
  }

  /** Lets time pass until the cluster has settled, at most `limit`. */
  settle(limit: Duration): boolean {
    let seen = -1;
    return this.run({
      until: () => {
        if (this.kernel.happened < seen + 20) return false;
        seen = this.kernel.happened;
        return this.settled;
      },
      atMost: limit,
    }) === 'until';
  }

  /** One API request from outside; comes back when it is answered. A part of the cluster's history: forks have it as well. */
  request(request: Omit<ApiRequest, 'credentials'> & Partial<Pick<ApiRequest, 'credentials'>>): ApiResponse {
    return this.inputs.enter(this, (cluster) => cluster.perform('request', () => cluster.handle({ credentials: identities.admin, ...request }), minutes(1)));
  }

  /** Puts a file into the learner's folder on the workstation. */
  writeFile(path: string, content: string): void {
    this.workstation.writeFile(path, content);
  }

  /** Runs a command line on the workstation to its end (a minute at most). */
  command(line: string): { readonly exitCode: number; readonly output: string } {
    let result: { readonly exitCode: number; readonly output: string } | undefined;
    this.workstation.execute(line, (exitCode, output) => (result = { exitCode, output }));
    this.run({ until: () => result !== undefined, atMost: minutes(1) });
    return result ?? { exitCode: 124, output: 'the command did not end within a minute' };
  }

  /** A client with all rights and no delay, for tasks that run in this cluster. */
  adminClient(): Client {
    return createClient({ kernel: this.kernel, handler: this.handle, credentials: identities.admin, userAgent: userAgent('kubectl'), latency: 0 });
  }

  /** Carries a task out, letting as much time pass as it needs. Throws what it throws, or an Error after `limit`. */
  perform<T>(name: string, task: () => Task<T>, limit: Duration): T {
    const process: Process<T> = this.kernel.spawn(name, task(), null);
    let ended = false;
    process.onEnd(() => (ended = true));
    this.run({ until: () => ended, atMost: limit });
    if (process.state === 'running') {
      process.cancel();
      throw new Error(`${name} took longer than ${limit / 1_000_000} s`);
    }
    return process.value;
  }

  /** What the API server holds, seen from outside the world: looking changes nothing. */
  objects<T extends KubeObject>(resource: GroupVersionResource, namespace?: string): readonly T[] {
    return this.servers[0].peek<T>(resource, namespace);
  }

  /** All that etcd holds now, for who keeps it. */
  etcdSnapshot(): Snapshot {
    return this.etcd.snapshot();
  }

  /** The same cluster as of now, on its own: made anew from the options, fed with everything that came in. */
  fork(): Cluster {
    const copy = this.spare ?? this.anew();
    this.spare = undefined;
    this.inputs.replayInto(copy, copy.kernel, copy.inputs);
    return copy;
  }

  /**
   * Lets a copy of this cluster happen in advance, until it has caught up or `interrupted` says so: the next fork is that
   * copy and has little left to do. True when it has caught up.
   */
  prepareFork(interrupted: () => boolean): boolean {
    this.spare ??= this.anew();
    return this.inputs.replayInto(this.spare, this.spare.kernel, this.spare.inputs, interrupted);
  }

  private anew(): Cluster {
    const { etcdFiles, ...options } = this.options;
    return new Cluster({ ...options, ...(etcdFiles?.kept && { etcdFiles: { kept: etcdFiles.kept } }) }); // what a fork does is kept nowhere
  }

  /** Fills the registries, completes the API servers and sets up the workstation: once, before anything of it is used. */
  install(software: Software): void {
    this.inputs.enter(this, (cluster) => {
      cluster.software = software;
      for (const server of cluster.servers) server.install(software.server);
      cluster.workstation.install(software);
    });
  }

  /** Starts the controller manager of a bare cluster again. */
  startControllers(): void {
    this.inputs.enter(this, (cluster) => cluster.parts.startControllers());
  }

  /** Kills the controller manager of a bare cluster: every loop stops at once. */
  stopControllers(): void {
    this.inputs.enter(this, (cluster) => cluster.parts.stopControllers());
  }
}

/** A new cluster that still needs its software; time has not passed yet. */
export const createClusterAlone = (options: ClusterOptions = {}): Cluster => new Cluster(options);

