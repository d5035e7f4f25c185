interface Component {
  readonly name: string;
  readonly image: string;
  readonly cpu: string;
  readonly memory?: string;
  readonly command: readonly string[];
  readonly folders: readonly string[];
}

const version = 'v1.36.3';
export const etcdVersion = '3.6.8-0';

/** What kubeadm puts into /etc/kubernetes/manifests, flag by flag as far as they mean something here. */
const components = (node: string, address: string, etcd: string): readonly Component[] => [
  {
    name: 'etcd',
    image: `registry.k8s.io/etcd:${etcdVersion}`,
    cpu: '100m',
    memory: '100Mi',
    command: ['etcd', `--advertise-client-urls=https://${address}:2379`, '--data-dir=/var/lib/etcd', `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`, `--name=${node}`, `--initial-cluster=${node}=https://${address}:2380`],
    folders: ['/var/lib/etcd', '/etc/kubernetes/pki/etcd'],
  },
  {
    name: 'kube-apiserver',
    image: `registry.k8s.io/kube-apiserver:${version}`,
    cpu: '250m',
    command: ['kube-apiserver', `--advertise-address=${address}`, '--allow-privileged=true', '--authorization-mode=Node,RBAC', '--client-ca-file=/etc/kubernetes/pki/ca.crt', '--enable-admission-plugins=NodeRestriction', '--enable-bootstrap-token-auth=true', `--etcd-servers=https://${etcd}:2379`, '--secure-port=6443', '--service-account-issuer=https://kubernetes.default.svc.cluster.local', '--service-account-key-file=/etc/kubernetes/pki/sa.pub', '--service-cluster-ip-range=10.96.0.0/16'],
    folders: ['/etc/kubernetes/pki'],
  },
  {
    name: 'kube-controller-manager',
    image: `registry.k8s.io/kube-controller-manager:${version}`,
    cpu: '200m',
    command: ['kube-controller-manager', '--allocate-node-cidrs=true', '--bind-address=127.0.0.1', '--cluster-cidr=10.244.0.0/16', '--controllers=*,bootstrapsigner,tokencleaner', '--kubeconfig=/etc/kubernetes/controller-manager.conf', '--leader-elect=true', '--root-ca-file=/etc/kubernetes/pki/ca.crt', '--service-account-private-key-file=/etc/kubernetes/pki/sa.key', '--use-service-account-credentials=true'],
    folders: ['/etc/kubernetes/pki'],
  },
  {
    name: 'kube-scheduler',
    image: `registry.k8s.io/kube-scheduler:${version}`,
    cpu: '100m',
    command: ['kube-scheduler', '--bind-address=127.0.0.1', '--kubeconfig=/etc/kubernetes/scheduler.conf', '--leader-elect=true'],
    folders: [],
  },
];

const volumeName = (folder: string): string => folder.slice(1).replaceAll('/', '-');

function manifest({ name, image, cpu, memory, command, folders }: Component, address: string): string {
  const requests = { cpu, ...(memory && { memory }) };
  return `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'kube-system', labels: { component: name, tier: 'control-plane' }, ...(name === 'kube-apiserver' && { annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:6443` } }) },
    spec: {
      containers: [{ name, image, command, resources: { requests }, ...(folders.length > 0 && { volumeMounts: folders.map((folder) => ({ name: volumeName(folder), mountPath: folder, ...(folder.includes('pki') && { readOnly: true }) })) }) }],
      hostNetwork: true,
      priority: 2000001000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      ...(folders.length > 0 && { volumes: folders.map((folder) => ({ name: volumeName(folder), hostPath: { path: folder, type: 'DirectoryOrCreate' } })) }),
    },
  }, null, 2)}\n`;
}

/** The manifests of a control-plane node, by file name. `etcd`: where etcd runs; its own when absent. */
export const controlPlaneManifests = (node: string, address: string, etcd?: string): Readonly<Record<string, string>> =>
  Object.fromEntries(components(node, address, etcd ?? '127.0.0.1').filter(({ name }) => name !== 'etcd' || etcd === undefined).map((component) => [`${component.name}.yaml`, manifest(component, address)]));
