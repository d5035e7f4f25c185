import type { Describe } from '../api';
import type { ManagerOptions } from '../controllers';
import type { Command, Kept } from '../etcd';
import type { Duration, Time } from '../kernel';
import type { NodeFacts } from '../kubelet';

/** Where etcd's content is kept beyond the life of a cluster. */
export interface EtcdFiles {
  /** What was kept of an earlier life: the machines come up as after a power cut. */
  readonly kept?: Kept;
  /** Hears of each change of etcd. */
  readonly journal?: (command: Command) => void;
}

/** What a cluster is made from. The same options (and inputs) make the same cluster. */
export interface ClusterOptions {
  /** Determines all chance. Default 1. */
  readonly seed?: number;
  /** Workers. Default 2. */
  readonly nodes?: number;
  /** Control-plane nodes, each with an API server, a controller manager and a scheduler; at most 7. Not for bare clusters. Default 1. */
  readonly controlPlanes?: number;
  /** No control-plane node, no addons, hollow workers node-0 … Default false. */
  readonly bare?: boolean;
  /** Virtual time at the start. Default 2026-01-01T00:00:00Z. */
  readonly start?: Time;
  /** YAML that is created once the cluster's own things are. */
  readonly manifests?: readonly string[];
  /** Bearer tokens that the API server knows, as --token-auth-file does. */
  readonly tokens?: Readonly<Record<string, { readonly name: string; readonly uid?: string; readonly groups: readonly string[] }>>;
  /** Where the API server says that it is. Default 10.0.0.10:6443. */
  readonly advertise?: { readonly address: string; readonly port: number };
  /** PEM of the authority that signs client certificates, for clients that come over a port. */
  readonly clientCa?: string;
  /** Makes certificates (base64 of PEM) of approved CertificateSigningRequests, or says why not; without it they stay unissued. */
  readonly sign?: ManagerOptions['sign'];
  /** Signs the tokens of service accounts: any secret text. */
  readonly signingKey?: string;
  /** By default a cluster is forgotten with its process. */
  readonly etcdFiles?: EtcdFiles;
  /** Virtual time that a component's request takes. Default 1 ms. */
  readonly latency?: Duration;
  /** What OpenAPI, and kubectl explain on the workstation, say of types and fields; the schema itself has no words. */
  readonly describe?: Describe;
}

const gibi = 1024 ** 3;

/** Facts of a worker or control-plane machine of a kubeadm cluster. */
export function factsOf(name: string, address: string, control: boolean): NodeFacts {
  return {
    name,
    address,
    capacity: { cpuMillis: control ? 2000 : 4000, memoryBytes: (control ? 4 : 8) * gibi, storageBytes: 100 * gibi, pods: 110 },
    labels: {}, // a kubelet may not give itself a role: kubeadm marks the control plane
    taints: control ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : [],
    osImage: 'Debian GNU/Linux 12 (bookworm)',
    kernelVersion: '6.12.48',
    runtimeVersion: 'containerd://2.3.7',
    kubeletVersion: 'v1.36.3',
    clusterDns: '10.96.0.10',
    clusterDomain: 'cluster.local',
    manifests: '/etc/kubernetes/manifests',
  };
}

/** Facts of a hollow node, as Kubernetes' own hollow nodes report them. */
export function hollowFacts(name: string): NodeFacts {
  return {
    ...factsOf(name, '192.0.2.2', false),
    capacity: { cpuMillis: 1000, memoryBytes: 3840 * 1024 * 1024, storageBytes: 0, pods: 110 },
    osImage: 'Debian GNU/Linux 7 (wheezy)',
    kernelVersion: '3.16.0-0.bpo.4-amd64',
    runtimeVersion: 'fakeRuntime://0.1.0',
    hollow: true,
    podAddress: '192.168.192.168',
  };
}
