import { expect, test } from 'vitest';
import type { Pod } from '../api';
import { resources } from '../client';
import { createCluster } from '../cluster';
import { minutes, seconds } from '../kernel';

test('a hook sends its request, without TLS to whom speaks none, and takes any answer for one', () => {
  const cluster = createCluster({ nodes: 1 });
  cluster.settle(minutes(3));
  cluster.command('kubectl run server --image=nginx:1.27');
  cluster.settle(minutes(2));
  const host = cluster.objects<Pod>(resources.pods, 'default')[0]?.status?.podIP ?? '';
  const pod = (name: string, postStart: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '3600'], lifecycle: { postStart: { httpGet: { host, port: 80, path: '/hello', httpHeaders: [{ name: 'X-Own', value: 'yes' }], ...postStart } } } }] } });
  cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/pods', body: pod('plain', {}) });
  cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/pods', body: pod('secure', { scheme: 'HTTPS', path: '/secure' }) });
  cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/pods', body: pod('nobody', { port: 81 }) });
  cluster.run({ atMost: seconds(8) });
  const { output } = cluster.command('kubectl logs server');
  expect(output).toMatch(/"GET \/hello HTTP\/1\.1" 404 \d+ "-" "kube-lifecycle\/1\.36"/);
  expect(output).toContain('"GET /secure HTTP/1.1" 404');
  const ready = (name: string): unknown => cluster.objects<Pod>(resources.pods, 'default').find(({ metadata }) => metadata?.name === name)?.status?.containerStatuses?.[0]?.ready;
  expect([ready('plain'), ready('secure'), ready('nobody')]).toEqual([true, true, false]);
  expect(cluster.command('kubectl get events').output).toContain('PostStartHook failed');
});
