import type { Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod, PodDisruptionBudget, ReplicaSet, ReplicationController, Service, StatefulSet, StorageClass } from '../api';
import { type Client, createInformers, createSeriesRecorder, resources, runLeaderElection } from '../client';
import { type Duration, Future, type Kernel, milliseconds, type Process, type Task } from '../kernel';
import { Cluster } from './cache';
import { follow } from './follow';
import type { World } from './framework';
import { Nominations } from './nominations';
import { defaultPlugins } from './plugins';
import { SchedulingQueue } from './queue';
import { Scheduler } from './scheduler';

export type { NodeVerdict } from './trace';

export interface SchedulerOptions {
  readonly kernel: Kernel;
  /** As system:kube-scheduler. */
  readonly client: Client;
  /** The schedulerNames that it serves. Default ['default-scheduler']. */
  readonly profiles?: readonly string[];
  /** Host name, which events end in. Default 'control-plane'. */
  readonly host?: string;
  /** Virtual time that one decision takes. Default 1 ms. */
  readonly decisionTime?: Duration;
  /** 0: by the size of the cluster. */
  readonly percentageOfNodesToScore?: number;
  /** Stand for election by the Lease kube-system/kube-scheduler. Default false. */
  readonly leaderElect?: boolean;
}

/** kube-scheduler, as one process. */
export interface SchedulerProcess {
  start(): void;
  /** Ends it at once, as if it were killed; it can be started again. */
  stop(): void;
  readonly running: boolean;
}

function* schedule({ kernel, client, profiles = ['default-scheduler'], host = 'control-plane', decisionTime = milliseconds(1), percentageOfNodesToScore = 0 }: SchedulerOptions): Task {
  const informers = createInformers(kernel, client);
  const cluster = new Cluster();
  const world: World = {
    cluster,
    namespaces: informers.for<Namespace>(resources.namespaces),
    services: informers.for<Service>(resources.services),
    replicaSets: informers.for<ReplicaSet>(resources.replicasets),
    replicationControllers: informers.for<ReplicationController>(resources.replicationcontrollers),
    statefulSets: informers.for<StatefulSet>(resources.statefulsets),
    claims: informers.for<PersistentVolumeClaim>(resources.persistentvolumeclaims),
    volumes: informers.for<PersistentVolume>(resources.persistentvolumes),
    classes: informers.for<StorageClass>(resources.storageclasses),
  };
  const budgets = informers.for<PodDisruptionBudget>(resources.poddisruptionbudgets);
  informers.for<Pod>(resources.pods);
  informers.for<Node>(resources.nodes);
  const [profile = 'default-scheduler'] = profiles;
  const recorder = createSeriesRecorder(kernel, client, profile, `${profile}-${host}`);
  yield* informers.waitSynced();
  const queue = new SchedulingQueue(kernel);
  const nominations = new Nominations();
  const plugins = defaultPlugins(kernel, client);
  follow({ informers, world, queue, nominations, plugins, isOurs: ({ spec }) => profiles.includes(spec?.schedulerName ?? 'default-scheduler') });
  const scheduler = new Scheduler({ kernel, client, informers, recorder, plugins, world, queue, nominations, budgets, decisionTime, percentageOfNodesToScore });
  try {
    yield* scheduler.run();
  } finally {
    queue.stop();
  }
}

/** A scheduler, not yet started. */
export function createScheduler(options: SchedulerOptions): SchedulerProcess {
  const { kernel, client, host = 'control-plane' } = options;
  let process: Process | undefined;
  function* lead(): Task {
    yield* schedule(options);
    yield* new Future<void>().wait();
  }
  return {
    start() {
      if (process?.state === 'running') return;
      const main = options.leaderElect
        ? runLeaderElection({ kernel, client, namespace: 'kube-system', name: 'kube-scheduler', identity: `${host}_${kernel.random.uuid()}`, lead })
        : lead();
      process = kernel.spawn('kube-scheduler', main, null);
    },
    stop() {
      process?.cancel();
      process = undefined;
    },
    get running() {
      return process?.state === 'running';
    },
  };
}
