import { expect, test } from 'vitest';
import type { Pod } from '../api';
import { resources } from '../client';
import { minutes, seconds } from '../kernel';
import { createCluster, createClusterAlone } from './index';
import { software } from './software';

const phases = (cluster: ReturnType<typeof createCluster>): string[] => cluster.objects<Pod>(resources.pods).map((pod) => `${pod.metadata?.name} ${pod.status?.phase} ${pod.status?.podIP}`);

test('a cluster comes up without its software, exactly as it does with it', () => {
  const alone = createClusterAlone({ nodes: 1 });
  const complete = createCluster({ nodes: 1 });
  expect(alone.settle(minutes(3))).toBe(true);
  expect(complete.settle(minutes(3))).toBe(true);
  expect(alone.kernel.now).toBe(complete.kernel.now);
  expect(phases(alone)).toEqual(phases(complete));
  expect(() => alone.command('true')).toThrow('the workstation has its software');
  const storageClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' }, provisioner: 'example.com/disk' };
  expect(() => alone.request({ method: 'POST', url: '/apis/storage.k8s.io/v1/storageclasses', body: storageClass })).toThrow('the API server has its software');
});

test('what is installed later works, and forks have it from the same moment on', () => {
  const cluster = createClusterAlone({ nodes: 1 });
  cluster.settle(minutes(3));
  cluster.install(software);
  expect(cluster.command('kubectl run web --image=nginx:1.27 && kubectl wait pod/web --for=condition=Ready')).toEqual({ exitCode: 0, output: 'pod/web created\npod/web condition met\n' });
  expect(cluster.command('kubectl autoscale deployment coredns -n kube-system --max=3 && kubectl create job one --image=busybox:1.36 -- true').exitCode).toBe(0);
  const fork = cluster.fork();
  expect(fork.command('ls -l --full-time .profile; kubectl get pods')).toEqual(cluster.command('ls -l --full-time .profile; kubectl get pods'));
});

test('a fork that was prepared in slices is the same cluster', () => {
  const cluster = createCluster({ nodes: 1 });
  let asked = 0;
  const often = (): boolean => ++asked % 3 === 0;
  cluster.settle(minutes(3));
  while (!cluster.prepareFork(often));
  cluster.command('kubectl create configmap later --from-literal=a=b');
  cluster.run({ atMost: minutes(1) });
  expect(cluster.prepareFork(() => true)).toBe(false);
  const [prepared, afresh] = [cluster.fork(), cluster.fork()];
  expect(asked).toBeGreaterThan(3);
  expect([prepared.kernel.now, prepared.kernel.happened]).toEqual([afresh.kernel.now, afresh.kernel.happened]);
  expect(prepared.objects(resources.configmaps)).toEqual(afresh.objects(resources.configmaps));
  expect(prepared.objects(resources.configmaps, 'default').map((object) => object.metadata?.name)).toContain('later');
});

test('custom resources that the store has kept are served again', () => {
  const before = createCluster({ bare: true });
  const names = { plural: 'tables', singular: 'table', kind: 'Table' };
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }];
  before.request({ method: 'POST', url: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', body: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'tables.example.com' }, spec: { group: 'example.com', scope: 'Cluster', names, versions } } as never });
  before.run({ atMost: seconds(5) });
  const tables = '/apis/example.com/v1/tables';
  expect(before.request({ method: 'POST', url: tables, body: { apiVersion: 'example.com/v1', kind: 'Table', metadata: { name: 'round' } } }).status).toBe(201);
  const after = createCluster({ bare: true, etcdFiles: { kept: { snapshot: before.etcdSnapshot(), commands: [] } } });
  expect(after.request({ method: 'GET', url: `${tables}/round` }).status).toBe(200);
});
