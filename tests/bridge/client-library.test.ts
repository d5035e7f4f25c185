import './node-20';
import { createServer } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { AppsV1Api, CoreV1Api, Exec, KubeConfig, KubernetesObjectApi, makeInformer, PatchStrategy, PortForward, type V1Deployment, type V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FullCluster, startFullCluster } from './full-cluster';

let cluster: FullCluster;
const config = new KubeConfig();

beforeAll(async () => {
  cluster = await startFullCluster();
  config.loadFromFile(cluster.kubeconfig);
}, 120_000);

afterAll(async () => {
  expect(cluster.defects).toEqual([]);
  await cluster.close();
});

const pod = (name: string, image: string, command?: string[]): V1Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec: { containers: [{ name, image, ...(command && { command }) }] } });

/** Comes back when it is true, looked at every 50 ms. */
async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await happened())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const isReady = async (name: string): Promise<boolean> => {
  const { status } = await config.makeApiClient(CoreV1Api).readNamespacedPod({ namespace: 'default', name });
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
};

test('an informer sees what is there and what changes', { timeout: 30_000 }, async () => {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespacedPod({ namespace: 'default', body: pod('first', 'nginx:1.27') });
  const informer = makeInformer<V1Pod>(config, '/api/v1/namespaces/default/pods', () => core.listNamespacedPod({ namespace: 'default' }));
  const seen: string[] = [];
  informer.on('add', (one) => seen.push(`add ${one.metadata?.name}`));
  informer.on('delete', (one) => seen.push(`delete ${one.metadata?.name}`));
  await informer.start();
  await core.createNamespacedPod({ namespace: 'default', body: pod('second', 'nginx:1.27') });
  await until(() => isReady('second'));
  await core.deleteNamespacedPod({ namespace: 'default', name: 'first', gracePeriodSeconds: 0 });
  await until(() => seen.includes('delete first'));
  await informer.stop();
  expect(seen).toEqual(['add first', 'add second', 'delete first']);
});

test('exec over a WebSocket: input, output, exit code', { timeout: 30_000 }, async () => {
  await config.makeApiClient(CoreV1Api).createNamespacedPod({ namespace: 'default', body: pod('shell', 'busybox:1.37', ['sleep', '1000']) });
  await until(() => isReady('shell'));
  const texts = { out: '', err: '' };
  const into = (name: 'out' | 'err') => new Writable({
    write(chunk: Buffer, _encoding, done) {
      texts[name] += String(chunk);
      done();
    },
  });
  const input = new PassThrough();
  input.end('three\nshort\nlines\n');
  const status = await new Promise<{ status?: string; details?: { causes?: { message?: string }[] } }>((resolve, reject) => {
    new Exec(config).exec('default', 'shell', 'shell', ['sh', '-c', 'head -n 2; echo bad >&2; exit 4'], into('out'), into('err'), input, false, (ended) => resolve(ended as never)).catch(reject);
  });
  expect(texts).toEqual({ out: 'three\nshort\n', err: 'bad\n' });
  expect([status.status, status.details?.causes?.[0]?.message]).toEqual(['Failure', '4']);
});

test('port-forward over a WebSocket', { timeout: 30_000 }, async () => {
  const forward = new PortForward(config);
  const server = createServer((socket) => void forward.portForward('default', 'second', [80], socket, null, socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const page = await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
  server.close();
  expect(page).toContain('Welcome to nginx!');
});

test('apply on the server, read back, patch, conflict', { timeout: 30_000 }, async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const deployment: V1Deployment = {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } } },
  };
  await objects.patch(deployment, undefined, undefined, 'one', true, PatchStrategy.ServerSideApply);
  const apps = config.makeApiClient(AppsV1Api);
  const { metadata } = await apps.readNamespacedDeployment({ namespace: 'default', name: 'web' });
  expect(metadata?.managedFields?.some(({ manager, operation }) => manager === 'one' && operation === 'Apply')).toBe(true);
  expect(metadata?.creationTimestamp).toBeInstanceOf(Date);
  const other = { ...deployment, spec: { ...deployment.spec, replicas: 2 } } as V1Deployment;
  await expect(objects.patch(other, undefined, undefined, 'two', false, PatchStrategy.ServerSideApply)).rejects.toMatchObject({ code: 409 });
});
