import type { ApiHandler } from '../api';
import { createClient } from '../client';
import type { Kernel, Process } from '../kernel';
import { createKubelet, type Kubelet, type NodeFacts } from '../kubelet';
import { createKubeProxy, type KubeProxy } from '../kube-proxy';
import type { NetworkNode } from '../network';
import type { ContainerRuntime, FileTree } from '../runtime';
import { identities, identity, userAgent } from './identities';

export interface MachineOptions {
  readonly kernel: Kernel;
  readonly handler: ApiHandler;
  readonly network: NetworkNode;
  readonly runtime: ContainerRuntime;
  /** The machine's own file system. */
  readonly host: FileTree;
  readonly facts: NodeFacts;
  readonly storage: (handle: string) => FileTree;
  /** As which program the kubelet names itself. Default kubelet. */
  readonly program?: string;
}

/** One node: a kubelet over a container runtime, and kube-proxy writing the rules of its network. */
export interface Machine {
  readonly name: string;
  readonly network: NetworkNode;
  readonly runtime: ContainerRuntime;
  readonly host: FileTree;
  readonly kubelet: Kubelet;
  /** Starts kube-proxy on this node (what its DaemonSet's container does); gives its process. */
  startProxy(): Process;
  readonly proxy: KubeProxy | undefined;
}

/** A machine whose kubelet has not been started yet. */
export function createMachine({ kernel, handler, network, runtime, host, facts, storage, program = 'kubelet' }: MachineOptions): Machine {
  const client = createClient({ kernel, handler, credentials: identities.kubelet(facts.name), userAgent: userAgent(program) });
  const kubelet = createKubelet({ kernel, client, runtime, node: network, facts, host, storage });
  let proxy: KubeProxy | undefined;
  return {
    name: facts.name,
    network,
    runtime,
    host,
    kubelet,
    startProxy() {
      const proxyClient = createClient({ kernel, handler, credentials: identity('system:serviceaccount:kube-system:kube-proxy'), userAgent: userAgent('kube-proxy') });
      proxy = createKubeProxy({ kernel, client: proxyClient, node: network, nodeName: facts.name });
      return kernel.spawn(`kube-proxy ${facts.name}`, proxy.run());
    },
    get proxy() {
      return proxy;
    },
  };
}
