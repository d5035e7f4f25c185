import { expect, test } from 'vitest';
import { deepFreeze, type KubeObject, type Pod } from '../../../simulator/api';
import { createCluster } from '../../../simulator/cluster';
import { minutes, seconds } from '../../../simulator/kernel';
import { MapWatcher } from './map-watcher';
import { TrafficTap } from './traffic-tap';
import { podView } from './views';

const pod = deepFreeze({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] } });

function upCluster() {
  const cluster = createCluster({ nodes: 2, bare: true });
  cluster.settle(minutes(2));
  return cluster;
}

test('the first look shows the nodes, a later one only what has changed', () => {
  const cluster = upCluster();
  const map = new MapWatcher(cluster);
  expect(map.look()?.nodes.map(({ name, status }) => `${name} ${status}`).sort()).toEqual(['node-0 Ready', 'node-1 Ready']);
  expect(map.look()).toBeUndefined();

  cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/pods', body: pod });
  cluster.run({ atMost: seconds(5) });
  const change = map.look();
  expect(change?.pods).toMatchObject([{ name: 'web', status: 'Running', tone: 'good', ready: 1, node: expect.stringMatching(/^node-/) as string, system: false }]);

  cluster.request({ method: 'DELETE', url: '/api/v1/namespaces/default/pods/web' });
  cluster.run({ atMost: seconds(60) });
  expect(map.look()?.gonePods).toEqual([change?.pods[0]?.uid]);
});

test('of many Pods on one node some are drawn and the rest are counted; who is drawn stays until it is gone', () => {
  const cluster = upCluster();
  const map = new MapWatcher(cluster);
  const make = (name: string) => cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/pods', body: { ...pod, metadata: { name }, spec: { ...pod.spec, nodeSelector: { no: 'where' } } } });
  for (let index = 10; index < 55; index += 1) make(`m${index}`);
  const first = map.look();
  expect(first?.pods).toHaveLength(40);
  expect(first?.undrawn).toEqual([{ node: undefined, system: false, count: 5 }]);

  make('a-first-by-name');
  expect(map.look()).toMatchObject({ pods: [], gonePods: [], undrawn: [{ count: 6 }] });

  cluster.request({ method: 'DELETE', url: '/api/v1/namespaces/default/pods/m10' });
  const later = map.look();
  expect(later?.gonePods).toEqual([first?.pods.find(({ name }) => name === 'm10')?.uid]);
  expect(later?.pods.map(({ name }) => name)).toContain('a-first-by-name');
  expect(later?.undrawn).toMatchObject([{ count: 5 }]);
});

test('the traffic names who asked for what, without leases and events', () => {
  const cluster = upCluster();
  const tap = new TrafficTap(cluster.kernel, cluster.kernel.now);
  cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/pods', body: pod });
  cluster.run({ atMost: seconds(5) });
  const entries = tap.take()?.entries ?? [];
  expect(entries.find(({ verb, path }) => verb === 'create' && path.endsWith('/binding'))).toMatchObject({ user: 'system:kube-scheduler', code: 201 });
  expect(entries.some(({ path }) => /leases|events/.test(path))).toBe(false);
  expect(tap.writes).toBeGreaterThanOrEqual(2);
  expect(tap.take()).toBeUndefined();
});

const waitingFor = (reason: string): Pod & KubeObject => ({ metadata: { name: 'p', namespace: 'default', uid: 'u' }, spec: { containers: [{ name: 'a' }] }, status: { phase: 'Pending', containerStatuses: [{ name: 'a', ready: false, restartCount: 3, image: '', imageID: '', state: { waiting: { reason } } }] } });

test('a Pod is shown in the words of kubectl get pods', () => {
  expect(podView(waitingFor('CrashLoopBackOff'))).toMatchObject({ status: 'CrashLoopBackOff', tone: 'failing', restarts: 3 });
  expect(podView(waitingFor('ContainerCreating'))).toMatchObject({ status: 'ContainerCreating', tone: 'waiting' });
  expect(podView({ metadata: { name: 'p' }, spec: { containers: [{ name: 'a' }] } })).toMatchObject({ status: 'Pending', tone: 'waiting', ready: 0 });
  const leaving = waitingFor('ContainerCreating');
  expect(podView({ ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } })).toMatchObject({ status: 'Terminating', tone: 'leaving' });
});

test('init containers hold a Pod up visibly', () => {
  const view = podView({
    metadata: { name: 'p' },
    spec: { initContainers: [{ name: 'first' }, { name: 'helper', restartPolicy: 'Always' }], containers: [{ name: 'a' }] },
    status: { phase: 'Pending', initContainerStatuses: [{ name: 'first', ready: true, restartCount: 0, image: '', imageID: '', state: { terminated: { exitCode: 0, reason: 'Completed' } } }, { name: 'helper', ready: false, restartCount: 0, image: '', imageID: '', started: false, state: { waiting: { reason: 'PodInitializing' } } }], containerStatuses: [{ name: 'a', ready: false, restartCount: 0, image: '', imageID: '', state: { waiting: { reason: 'PodInitializing' } } }] },
  });
  expect(view.status).toBe('Init:1/2');
  expect(view.containers.map(({ role }) => role)).toEqual(['init', 'sidecar', 'main']);
});
