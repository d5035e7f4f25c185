import { expect, test } from 'vitest';
import { type Endpoints, type EndpointSlice, type KubeObject, type Pod } from '../../api';
import { resources } from '../../client';
import { minutes, seconds } from '../../kernel';
import { type Cluster, createCluster } from '..';

function up(): Cluster {
  const cluster = createCluster({ controlPlanes: 3, nodes: 2 });
  expect(cluster.settle(minutes(2))).toBe(true);
  cluster.run({ atMost: seconds(20) });
  return cluster;
}

const addresses = (cluster: Cluster): unknown => {
  const [endpoints] = cluster.objects<Endpoints>(resources.endpoints, 'default');
  const [slice] = cluster.objects<EndpointSlice>(resources.endpointslices, 'default');
  return [endpoints?.subsets?.[0]?.addresses?.map(({ ip }) => ip), slice?.endpoints?.flatMap(({ addresses: some }) => some)];
};

const holder = (cluster: Cluster, name: string): string | undefined => {
  const lease = cluster.objects<KubeObject & { readonly spec?: { readonly holderIdentity?: string } }>(resources.leases, 'kube-system').find(({ metadata }) => metadata?.name === name);
  return lease?.spec?.holderIdentity?.split('_')[0];
};

const deploy = (cluster: Cluster, name: string): void => {
  const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas: 3, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } } } };
  expect(cluster.request({ method: 'POST', url: '/apis/apps/v1/namespaces/default/deployments', body: body as KubeObject }).status).toBe(201);
};
const running = (cluster: Cluster, name: string): number => cluster.objects<Pod>(resources.pods, 'default').filter(({ metadata, status }) => metadata?.labels?.['app'] === name && status?.phase === 'Running').length;

test('three control-plane nodes: each with its components, one leader, all among the endpoints', () => {
  const cluster = up();
  const pods = cluster.objects<Pod>(resources.pods, 'kube-system').map(({ metadata }) => metadata?.name ?? '');
  for (const node of ['control-plane', 'control-plane-2', 'control-plane-3']) {
    for (const component of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) expect(pods).toContain(`${component}-${node}`);
  }
  expect(pods.filter((name) => name.startsWith('etcd-'))).toEqual(['etcd-control-plane']);
  expect(addresses(cluster)).toEqual([['10.0.0.10', '10.0.0.8', '10.0.0.9'], ['10.0.0.10', '10.0.0.8', '10.0.0.9']]);
  expect(cluster.command('kubectl get nodes').output.match(/control-plane\S*\s+Ready\s+control-plane/g)).toHaveLength(3);
});

test('when the leaders\' node loses its components, another one takes over and the cluster goes on', () => {
  const cluster = up();
  const leader = holder(cluster, 'kube-controller-manager') ?? '';
  const machine = cluster.machines.get(leader);
  for (const component of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) machine?.host.remove(`/etc/kubernetes/manifests/${component}.yaml`);
  cluster.run({ atMost: seconds(60) });
  expect(holder(cluster, 'kube-controller-manager')).not.toBe(leader);
  expect(holder(cluster, 'kube-scheduler')).not.toBe(leader);
  expect((addresses(cluster) as string[][])[0]).toHaveLength(2);
  deploy(cluster, 'after');
  cluster.run({ until: () => running(cluster, 'after') === 3, atMost: minutes(1) });
  expect(running(cluster, 'after')).toBe(3);
});
