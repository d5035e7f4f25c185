import type { KubeObject } from '../../api';
import { type Client, createInformers, createRecorder, type Informer, type Informers, type Resource, resources, runLeaderElection } from '../../client';
import { Future, type Kernel, type Process, type Task } from '../../kernel';
import type { Controller, ControllerContext, ManagerOptions } from './context';

export interface ControllerManagerOptions {
  readonly kernel: Kernel;
  /** A client under a user's name: system:kube-controller-manager, system:serviceaccount:kube-system:… */
  clientFor(identity: string): Client;
  readonly options?: ManagerOptions;
}

/** kube-controller-manager: one process with all controllers in it. */
export interface ControllerManager {
  start(): void;
  /** Ends every loop at once, as if the process were killed. It can be started again and then knows nothing. */
  stop(): void;
  readonly running: boolean;
}

/** Never comes back: what a process does whose children do the work. */
function* forever(): Task {
  yield* new Future<void>().wait();
}

/** The same informers, waiting only for those that this view was asked for. */
function viewOf(informers: Informers): Informers {
  const used = new Set<Informer>();
  return {
    for: <T extends KubeObject>(...request: Parameters<Informers['for']>) => {
      const informer = informers.for<T>(...request);
      used.add(informer);
      return informer;
    },
    *waitSynced() {
      for (const informer of [...used]) yield* informer.waitSynced();
    },
    stop: () => informers.stop(),
  };
}

/** Whether --controllers=… starts a controller: its own name or '-name' says so first, then '*'. */
export function isSelected(name: string, selection: readonly string[]): boolean {
  if (selection.includes(name)) return true;
  return !selection.includes(`-${name}`) && selection.includes('*');
}

/** The controller manager for `controllers`, not yet started. */
export function createManager(controllers: readonly Controller[], { kernel, clientFor, options = {} }: ControllerManagerOptions): ControllerManager {
  let process: Process | undefined;

  function* runOne(controller: Controller, shared: Informers): Task {
    const identity = controller.identity ?? controller.name;
    const client = clientFor(identity.startsWith('system:') ? identity : `system:serviceaccount:kube-system:${identity}`);
    const context: ControllerContext = {
      kernel, client, options,
      informers: viewOf(shared),
      recorder: (component) => createRecorder(kernel, client, component),
    };
    yield* controller.start(context);
    yield* forever();
  }

  function* lead(): Task {
    const informers = createInformers(kernel, clientFor('system:kube-controller-manager'));
    const selection = options.controllers ?? ['*'];
    for (const controller of controllers) if (isSelected(controller.name, selection)) kernel.spawn(controller.name, runOne(controller, informers));
    yield* forever();
  }

  function* main(): Task {
    if (!options.leaderElect) return yield* lead();
    const client = clientFor('system:kube-controller-manager');
    yield* runLeaderElection({ kernel, client, namespace: 'kube-system', name: 'kube-controller-manager', identity: `${options.instance ?? 'kube-controller-manager'}_${kernel.random.uuid()}`, lead });
  }

  return {
    start() {
      if (process?.state === 'running') return;
      process = kernel.spawn('kube-controller-manager', main(), null);
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

/** The resources that can be listed and deleted, from which namespaces and owners are cleared. */
export const deletable: readonly Resource[] = Object.values(resources).filter(
  ({ resource, group }) => resource !== 'bindings' && resource !== 'componentstatuses' && !resource.endsWith('reviews') && group !== 'events.k8s.io',
);
