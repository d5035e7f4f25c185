import type { ApiHandler, ApiRequest, ApiResponse, GroupVersionResource, KubeObject } from '../api';
import { type ApiServer, createApiServer, stampResourceVersion } from '../apiserver';
import { type Client, createClient } from '../client';
import { type ControllerManager, createControllerManager } from '../controllers';
import { createEtcd } from '../etcd';
import { createKernel, type Duration, type Kernel, minutes, type Process, type RunEnd, type Task } from '../kernel';
import { createNetwork, type Network } from '../network';
import type { FileTree } from '../runtime';
import { createScheduler } from '../scheduler';
import { createHollowRuntime } from './hollow/runtime';
import { identities, identity, userAgent } from './identities';
import { InputLog } from './inputs';
import { createMachine, type Machine } from './machine';
import { type ClusterOptions, hollowFacts } from './options';

export interface RunUntil {
  /** Stops as soon as this holds. */
  readonly until?: () => boolean;
  /** The longest that it may take in virtual time. Default 10 min. */
  readonly atMost?: Duration;
}

/** A Kubernetes cluster on a clock of its own. Everything is synchronous: time passes in `run` and in requests that wait. */
export class Cluster {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly machines = new Map<string, Machine>();
  private readonly server: ApiServer;
  private readonly inputs: InputLog<Cluster>;
  private readonly stored = new Map<string, FileTree>();
  private readonly manager: ControllerManager;

  /** Made by createCluster alone. */
  constructor(readonly options: ClusterOptions) {
    this.kernel = createKernel({ seed: options.seed ?? 1 });
    this.inputs = new InputLog(this.kernel);
    this.network = createNetwork({ kernel: this.kernel });
    this.server = createApiServer({ kernel: this.kernel, etcd: createEtcd({ kernel: this.kernel, stamp: stampResourceVersion }) });
    this.manager = createControllerManager({ kernel: this.kernel, clientFor: (user) => this.clientOf(user) });
    if (options.bare) this.startBare(options.nodes ?? 2);
  }

  /** The API server, for hosts that bring requests in as tasks of their own. Nothing that comes this way is logged for forks. */
  get handle(): ApiHandler {
    return this.server.handle;
  }

  /** Lets time pass. 'until': the condition held; 'time': `atMost` is over; 'idle': nothing is left to happen. */
  run({ until, atMost = minutes(10) }: RunUntil): RunEnd {
    return this.kernel.run({ ...(until && { until }), to: this.kernel.now + atMost });
  }

  /** One API request from outside; comes back when it is answered. A part of the cluster's history: forks have it as well. */
  request(request: Omit<ApiRequest, 'credentials'> & Partial<Pick<ApiRequest, 'credentials'>>): ApiResponse {
    return this.inputs.enter(this, (cluster) => cluster.perform('request', () => cluster.handle({ credentials: identities.admin, ...request }), minutes(1)));
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
    return this.server.peek<T>(resource, namespace);
  }

  /** The same cluster as of now, on its own: made anew from the options, fed with everything that came in. */
  fork(): Cluster {
    const copy = new Cluster(this.options);
    this.inputs.replayInto(copy, copy.kernel, copy.inputs);
    return copy;
  }

  /** Starts the controller manager of a bare cluster again. */
  startControllers(): void {
    this.inputs.enter(this, (cluster) => cluster.manager.start());
  }

  /** Kills the controller manager of a bare cluster: every loop stops at once. */
  stopControllers(): void {
    this.inputs.enter(this, (cluster) => cluster.manager.stop());
  }

  private clientOf(user: string): Client {
    const component = user.startsWith('system:serviceaccount:') ? 'kube-controller-manager' : user.replace(/^system:/, '');
    return createClient({ kernel: this.kernel, handler: this.handle, credentials: identity(user), userAgent: userAgent(component) });
  }

  private startBare(nodes: number): void {
    const { kernel } = this;
    this.manager.start();
    createScheduler({ kernel, client: this.clientOf('system:kube-scheduler') }).start();
    for (let index = 0; index < nodes; index++) {
      const name = `node-${index}`;
      const runtime = createHollowRuntime(kernel);
      const network = this.network.addNode(name, `192.0.2.${index + 2}`);
      const machine = createMachine({ kernel, handler: this.handle, network, runtime, host: runtime.createTree(), facts: hollowFacts(name), storage: (handle) => this.storage(handle, runtime.createTree) });
      this.machines.set(name, machine);
      machine.kubelet.start();
    }
  }

  private storage(handle: string, create: () => FileTree): FileTree {
    let tree = this.stored.get(handle);
    if (!tree) this.stored.set(handle, (tree = create()));
    return tree;
  }
}

/** A new cluster; time has not passed yet. */
export const createCluster = (options: ClusterOptions = {}): Cluster => new Cluster(options);
