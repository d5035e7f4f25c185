/** What a kubelet knows of the machine it runs on. */
export interface NodeFacts {
  readonly name: string;
  readonly address: string;
  /** cpu in thousandths, memory and ephemeral storage in bytes, number of Pods. */
  readonly capacity: { readonly cpuMillis: number; readonly memoryBytes: number; readonly storageBytes: number; readonly pods: number };
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly osImage: string;
  readonly kernelVersion: string;
  readonly runtimeVersion: string;
  readonly kubeletVersion: string;
  /** Cluster DNS: what Pods with dnsPolicy ClusterFirst ask. */
  readonly clusterDns: string;
  readonly clusterDomain: string;
  /** Where static Pods' manifests lie. */
  readonly manifests: string;
  /** One of Kubernetes' own hollow nodes is imitated: no events, no reservations, no probes. */
  readonly hollow?: boolean;
  /** What a hollow node says the address of each of its Pods is. */
  readonly podAddress?: string;
}
