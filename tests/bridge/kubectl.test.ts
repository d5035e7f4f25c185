import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FullCluster, startFullCluster, untilPrinted } from './full-cluster';

let cluster: FullCluster;
const kubectl = (...args: string[]) => cluster.run('kubectl', args);

beforeAll(async () => {
  cluster = await startFullCluster();
  await kubectl('run', 'shell', '--image=busybox:1.37', '--restart=Never', '--', 'sh', '-c', 'i=0; while true; do echo tick $i; i=$((i+1)); sleep 1; done');
  await kubectl('run', 'web', '--image=nginx:1.27', '--port=80');
  await kubectl('wait', '--for=condition=Ready', 'pod/shell', 'pod/web', '--timeout=30s');
}, 120_000);

afterAll(async () => {
  expect(cluster.defects).toEqual([]);
  await cluster.close();
});

test('exec: streams apart, exit codes, standard input', async () => {
  const { stdout, stderr } = await cluster.run('kubectl', ['exec', 'shell', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'], { code: 3 });
  expect([stdout, stderr]).toEqual(['out\n', 'err\ncommand terminated with exit code 3\n']);
  expect((await cluster.run('kubectl', ['exec', '-i', 'shell', '--', 'wc', '-c'], { input: 'x'.repeat(100_000) })).stdout.trim()).toBe('100000');
});

test('logs -f follows until it is told to stop', async () => {
  const child = cluster.start('kubectl', ['logs', '-f', '--tail=1', 'shell']);
  const [, tick] = await untilPrinted(child, /tick (\d+)\n/);
  await untilPrinted(child, new RegExp(`tick ${Number(tick) + 2}\n`));
  child.kill();
  expect((await kubectl('logs', 'shell', '--tail=2')).stdout).toMatch(/^tick \d+\ntick \d+\n$/);
});

test('attach shows what the process says from now on', async () => {
  const child = cluster.start('kubectl', ['attach', 'shell']);
  await untilPrinted(child, /tick \d+\ntick \d+\n/);
  child.kill();
});

test('cp there and back', async () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256));
  writeFileSync(path.join(cluster.folder, 'there'), bytes);
  await kubectl('cp', 'there', 'shell:/tmp/file');
  await kubectl('cp', 'shell:/tmp/file', 'back');
  expect(readFileSync(path.join(cluster.folder, 'back')).equals(bytes)).toBe(true);
});

test('port-forward to a Pod and to a Service, several connections at once', async () => {
  await kubectl('expose', 'pod', 'web', '--port=8080', '--target-port=80');
  for (const [target, port] of [['pod/web', 80], ['service/web', 8080]] as const) {
    const child = cluster.start('kubectl', ['port-forward', target, `:${port}`]);
    const [, local] = await untilPrinted(child, /Forwarding from 127\.0\.0\.1:(\d+)/);
    const pages = await Promise.all(Array.from({ length: 5 }, async () => (await fetch(`http://127.0.0.1:${local}/`)).text()));
    child.kill();
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('Welcome to nginx!');
  }
});

test('a port that nobody listens on is an error of the connection, not of the forwarding', async () => {
  const child = cluster.start('kubectl', ['port-forward', 'pod/web', ':81']);
  const [, local] = await untilPrinted(child, /Forwarding from 127\.0\.0\.1:(\d+)/);
  const failed = untilPrinted(child, /(an error occurred forwarding|error forwarding|connection refused|lost connection)/);
  await expect(fetch(`http://127.0.0.1:${local}/`)).rejects.toThrow();
  await failed;
  child.kill();
});

test('explain prints what the field documentation says, of custom resources too', async () => {
  expect((await kubectl('explain', 'deploy.spec.strategy')).stdout).toContain('DESCRIPTION:\n    How new versions take the place of old ones.\n    A way to do it, and its settings.\n');
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
  const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' }, spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions } };
  await cluster.run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(definition) });
  await kubectl('wait', '--for=condition=Established', 'crd/widgets.example.com');
  expect((await kubectl('explain', 'widgets.metadata')).stdout).toMatch(/DESCRIPTION:\n {4}Standard object's metadata[^]*creationTimestamp\t<string>\n {4}CreationTimestamp is a timestamp/);
});
