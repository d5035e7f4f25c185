import { createKernel, type Kernel, milliseconds, minutes, type Task, utf8Decode } from '../../kernel';
import { createNetwork, type Network, type NetworkNode } from '../../network';
import { createContainerRuntime } from '../container/runtime';
import { catalogue } from './index';
import type { Container, ContainerOptions, ContainerRuntime, FileTree } from '../interface';

/** One node with its runtime, for tests of images: pods of containers, without a cluster around them. */
export interface Rig {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly node: NetworkNode;
  readonly runtime: ContainerRuntime;
  /** Makes a pod and starts its containers; the address is its. */
  pod(name: string, containers: Readonly<Record<string, Partial<ContainerOptions> & { readonly image: string }>>, files?: Readonly<Record<string, Readonly<Record<string, string>>>>): RigPod;
  /** Lets so much time pass. */
  pass(duration: number): void;
}

export interface RigPod {
  readonly address: string;
  readonly containers: Readonly<Record<string, Container>>;
  /** Volumes by mount path. */
  readonly volumes: Readonly<Record<string, FileTree>>;
  /** Runs a shell command in a container: what it printed (both streams, standard output first) and its exit code. */
  run(container: string, command: string): { readonly output: string; readonly code: number };
  log(container: string): string;
}

/** A rig; `hosts` are names that all its pods know. */
export function createRig(hosts: Record<string, string> = {}): Rig {
  const kernel = createKernel();
  const network = createNetwork({ kernel });
  const node = network.addNode('node-1', '172.18.0.2');
  node.podRange = '10.244.1.0/24';
  const runtime = createContainerRuntime({ kernel, node: 'node-1', images: () => catalogue });
  const settle = <T>(task: Task<T>): T => {
    const process = kernel.spawn('rig', task, null);
    let ended = false;
    process.onEnd(() => (ended = true));
    kernel.run({ until: () => ended, to: kernel.now + minutes(10) });
    return process.value;
  };
  const pod: Rig['pod'] = (name, wanted, files = {}) => {
    const namespace = node.createPodNamespace(name);
    const address = namespace.addresses[0] as string;
    const sandbox = runtime.createSandbox({ name, namespace: 'default', uid: name, hostname: name, network: namespace });
    const etc = runtime.createTree();
    const known = { localhost: '127.0.0.1', [name]: address, ...hosts };
    etc.writeFile('/hosts', Object.entries(known).map(([host, at]) => `${at}\t${host}\n`).join(''));
    const volumes = Object.fromEntries(Object.entries(files).map(([path, contents]) => {
      const tree = runtime.createTree();
      for (const [file, text] of Object.entries(contents)) tree.writeFile(`/${file}`, text);
      return [path, tree];
    }));
    const containers: Record<string, Container> = {};
    for (const [container, options] of Object.entries(wanted)) {
      settle(runtime.pullImage(options.image));
      const mounts = [{ path: '/etc/hosts', tree: etc, subPath: 'hosts' }, ...Object.entries(volumes).map(([path, tree]) => ({ path, tree })), ...(options.mounts ?? [])];
      containers[container] = sandbox.createContainer({ name: container, attempt: 0, env: [], ...options, mounts });
      settle((containers[container] as Container).start());
    }
    const log = (container: string) => (containers[container] as Container).log.map(({ text }) => `${text}\n`).join('');
    return { address, containers, volumes, log, run: (container, command) => settle(runIn(containers[container] as Container, command)) };
  };
  return { kernel, network, node, runtime, pod, pass: (duration) => void kernel.run({ to: kernel.now + duration }) };
}

function* runIn(container: Container, command: string): Task<{ output: string; code: number }> {
  const streams = yield* container.exec(['sh', '-c', command], { stdin: false, tty: false });
  const code = yield* streams.exit();
  let output = '';
  for (const channel of [streams.stdout, streams.stderr]) for (let part = yield* channel.receive(); part; part = yield* channel.receive()) output += utf8Decode(part);
  return { output, code };
}

/** How long servers get to start. */
export const startTime = milliseconds(500);
