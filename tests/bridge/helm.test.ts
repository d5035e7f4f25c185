import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FullCluster, startFullCluster } from './full-cluster';

let cluster: FullCluster;
const helm = (...args: string[]) => cluster.run('helm', args);
const kubectl = (...args: string[]) => cluster.run('kubectl', args);

beforeAll(async () => {
  cluster = await startFullCluster();
}, 120_000);

afterAll(async () => {
  expect(cluster.defects).toEqual([]);
  await cluster.close();
});

test('helm create, install, upgrade, rollback, test, uninstall', { timeout: 120_000 }, async () => {
  await helm('create', 'shop');
  const image = ['--set', 'image.tag=1.27'];
  expect((await helm('install', 'shop', './shop', ...image, '--wait', '--timeout', '60s')).stdout).toContain('STATUS: deployed');
  expect((await kubectl('get', 'deployment', 'shop', '-o', 'jsonpath={.status.readyReplicas}')).stdout).toBe('1');
  expect((await helm('upgrade', 'shop', './shop', ...image, '--set', 'replicaCount=2', '--wait', '--timeout', '60s')).stdout).toContain('REVISION: 2');
  expect((await kubectl('get', 'deployment', 'shop', '-o', 'jsonpath={.status.readyReplicas}')).stdout).toBe('2');
  await helm('rollback', 'shop', '1', '--wait', '--timeout', '60s');
  expect((await kubectl('get', 'deployment', 'shop', '-o', 'jsonpath={.spec.replicas}')).stdout).toBe('1');
  expect((await helm('test', 'shop', '--timeout', '60s')).stdout).toContain('Succeeded');
  expect((await helm('history', 'shop', '-o', 'json')).stdout).toContain('"revision":3');
  await helm('uninstall', 'shop', '--wait', '--timeout', '60s');
  // helm leaves the Pods of its tests behind
  expect((await kubectl('get', 'all,secrets', '-o', 'name')).stdout.trim().split('\n')).toEqual(['pod/shop-test-connection', 'service/kubernetes']);
});
