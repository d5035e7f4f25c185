import { expect, test } from 'vitest';
import type { Deployment, KubeObject, ReplicaSet } from '../../src/simulator/api';
import { resources } from '../../src/simulator/client';
import { seconds } from '../../src/simulator/kernel';
import { deployment, replicaSet } from './objects';
import { createWorld, type World } from './world';

const sets = (world: World) => world.list<ReplicaSet>(resources.replicasets, 'default')
  .map(({ spec, status }) => `${spec?.template?.spec?.containers[0]?.image} ${spec?.replicas} ${status?.availableReplicas ?? 0}`).sort();
const patch = (world: World, change: object) => {
  world.run(world.client.patch(resources.deployments, 'default', 'web', 'application/strategic-merge-patch+json', change));
  world.pass(seconds(3));
};
const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'c', image: name }] } } } });
const scale = (replicas: number) => ({ spec: { replicas } });
const get = (world: World) => world.get<Deployment>(resources.deployments, 'web');
const of = (world: World, name: string) => world.pods().filter((pod) => pod.spec?.containers[0]?.image === name);

function started(replicas: number, spec: object = {}): World {
  const world = createWorld({ hollow: false, nodes: 0 });
  world.pass(seconds(2));
  world.create(deployment('web', replicas, spec));
  world.pass(seconds(3));
  return world;
}

test('a Deployment becomes Pods on nodes, and says that it is complete', () => {
  const world = createWorld();
  world.create(deployment('web', 3, {}, 'web:1', { schedulerName: 'default-scheduler' }));
  world.pass(seconds(5));
  const [set] = world.list<ReplicaSet>(resources.replicasets, 'default');
  expect(world.pods().map((pod) => [pod.status?.phase, !!pod.spec?.nodeName])).toEqual(Array(3).fill(['Running', true]));
  expect(set?.metadata?.name).toBe(`web-${set?.metadata?.labels?.['pod-template-hash']}`);
  expect(get(world).status).toMatchObject({ observedGeneration: 1, replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3, terminatingReplicas: 0 });
  expect(world.conditions(get(world)).map((text) => text.replace(set?.metadata?.name ?? '', 'SET'))).toEqual([
    'Available True MinimumReplicasAvailable: Deployment has minimum availability.',
    'Progressing True NewReplicaSetAvailable: ReplicaSet "SET" has successfully progressed.',
  ]);
  expect(world.events('Deployment')).toEqual(['Normal ScalingReplicaSet: Scaled up replica set web-HASH from 0 to 3']);
});

test('a rolling update keeps within surge and unavailability', () => {
  const world = started(10);
  world.ready(...world.pods());
  patch(world, image('web:2'));
  expect(sets(world)).toEqual(['web:1 8 8', 'web:2 5 0']);
  world.ready(of(world, 'web:2')[0]!);
  expect(sets(world)).toEqual(['web:1 7 7', 'web:2 6 1']);
  world.ready(...of(world, 'web:2'));
  expect(sets(world)).toEqual(['web:1 2 2', 'web:2 10 6']);
  expect(get(world).status).toMatchObject({ replicas: 12, updatedReplicas: 10, readyReplicas: 8, availableReplicas: 8, unavailableReplicas: 4 });
  world.ready(...of(world, 'web:2'));
  expect(sets(world)).toEqual(['web:1 0 0', 'web:2 10 10']);
});

test('a third template in the middle of a rollout, and back', () => {
  const world = started(4, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } });
  world.ready(...world.pods());
  patch(world, image('web:2'));
  expect(sets(world)).toEqual(['web:1 3 3', 'web:2 2 0']);
  patch(world, image('web:3'));
  expect(sets(world)).toEqual(['web:1 3 3', 'web:2 0 0', 'web:3 2 0']);
  world.ready(of(world, 'web:3')[0]!);
  expect(sets(world)).toEqual(['web:1 2 2', 'web:2 0 0', 'web:3 3 1']);
  patch(world, image('web:2'));
  expect(sets(world)).toEqual(['web:1 2 2', 'web:2 2 0', 'web:3 1 1']);
  expect(world.events('Deployment')[0]).toBe('Normal ScalingReplicaSet: (combined from similar events): Scaled up replica set web-HASH from 0 to 2');
  const revisions = world.list<ReplicaSet>(resources.replicasets, 'default').map((set) => set.metadata?.annotations?.['deployment.kubernetes.io/revision']).sort();
  expect(revisions).toEqual(['1', '3', '4']);
});

test('scaled in the middle of a rollout, sets share by their sizes', () => {
  const world = started(10, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } });
  world.ready(...world.pods());
  patch(world, image('web:2'));
  for (const [replicas, expected] of [[15, ['web:1 11 8', 'web:2 7 0']], [30, ['web:1 20 8', 'web:2 13 0']], [6, ['web:1 4 4', 'web:2 5 0']], [0, ['web:1 0 0', 'web:2 0 0']]] as const) {
    patch(world, scale(replicas));
    expect(sets(world)).toEqual(expected);
  }
});

test('paused, it scales and does not roll out; its deadline stands still', () => {
  const world = started(2, { progressDeadlineSeconds: 2 });
  world.ready(...world.pods());
  patch(world, { spec: { paused: true } });
  patch(world, image('web:2'));
  patch(world, scale(3));
  expect(sets(world)).toEqual(['web:1 3 2']);
  expect(world.conditions(get(world))).toEqual(['Available False MinimumReplicasUnavailable: Deployment does not have minimum availability.', 'Progressing Unknown DeploymentPaused: Deployment is paused']);
  patch(world, { spec: { paused: false, progressDeadlineSeconds: 600 } });
  expect(sets(world)).toEqual(['web:1 3 2', 'web:2 1 0']);
});

test('without progress the deadline passes, readiness takes that back', () => {
  const world = started(2, { progressDeadlineSeconds: 5 });
  world.pass(seconds(8));
  expect(world.conditions(get(world))[1]).toMatch(/^Progressing False ProgressDeadlineExceeded: ReplicaSet "web-.*" has timed out progressing\.$/);
  world.ready(world.pods()[0]!);
  expect(world.conditions(get(world))[1]).toMatch(/^Progressing True ReplicaSetUpdated/);
});

test('old sets beyond the history limit go, the oldest first', () => {
  const world = started(1, { revisionHistoryLimit: 2 });
  world.ready(...world.pods());
  for (const name of ['web:2', 'web:3', 'web:4']) {
    patch(world, image(name));
    world.ready(...of(world, name));
  }
  expect(sets(world)).toEqual(['web:2 0 0', 'web:3 0 0', 'web:4 1 1']);
});

test('Recreate waits until the last old Pod is gone', () => {
  const world = createWorld({ hollow: false, nodes: 1 });
  world.pass(seconds(2));
  world.create(deployment('web', 2, { strategy: { type: 'Recreate' } }, 'web:1', { nodeName: 'node-0' }));
  world.pass(seconds(3));
  world.ready(...world.pods());
  patch(world, image('web:2'));
  expect(sets(world)).toEqual(['web:1 0 0']);
  for (const [index, pod] of world.pods().entries()) {
    world.run(world.client.delete(resources.pods, 'default', pod.metadata?.name ?? '', { gracePeriodSeconds: 0 }));
    world.pass(seconds(2));
    expect(sets(world)).toEqual(index === 0 ? ['web:1 0 0'] : ['web:1 0 0', 'web:2 2 0']);
  }
});

test('a ReplicaSet adopts, lets go, and gives up the cheapest first', () => {
  const world = createWorld({ hollow: false, nodes: 0 });
  world.pass(seconds(2));
  world.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one', namespace: 'default', labels: { app: 'web' } }, spec: { schedulerName: 'by-hand', containers: [{ name: 'c', image: 'c' }] } });
  world.create(replicaSet('web', 3));
  world.pass(seconds(2));
  expect(world.pods().map((pod) => pod.metadata?.ownerReferences?.[0]?.name)).toEqual(['web', 'web', 'web']);
  world.run(world.client.patch(resources.pods, 'default', 'one', 'application/merge-patch+json', { metadata: { labels: { app: 'gone' } } }));
  world.pass(seconds(2));
  expect(world.pods()).toHaveLength(4);
  expect(world.get(resources.pods, 'one').metadata?.ownerReferences).toBeUndefined();
  world.ready(world.pods().filter((pod) => pod.metadata?.name !== 'one')[0]!);
  world.run(world.client.patch(resources.replicasets, 'default', 'web', 'application/merge-patch+json', { spec: { replicas: 1 } }));
  world.pass(seconds(2));
  expect(world.pods().filter((pod) => pod.metadata?.name !== 'one').map((pod) => pod.status?.phase)).toEqual(['Running']);
});

test('a ReplicaSet counts its Pods as they become ready, end, change their labels and go', () => {
  const world = createWorld({ hollow: false, nodes: 0 });
  world.pass(seconds(2));
  world.create({ ...replicaSet('web', 3), spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web', tier: 'a' } }, spec: { schedulerName: 'by-hand', containers: [{ name: 'c', image: 'c' }] } } } });
  world.pass(seconds(2));
  const counts = () => {
    const { replicas, fullyLabeledReplicas, readyReplicas, availableReplicas, terminatingReplicas } = world.get<ReplicaSet>(resources.replicasets, 'web').status ?? {};
    return [replicas, fullyLabeledReplicas, readyReplicas, availableReplicas, terminatingReplicas];
  };
  const [one, two, three] = world.pods();
  expect(counts()).toEqual([3, 3, undefined, undefined, 0]);
  world.ready(one!, two!);
  world.run(world.client.patch(resources.pods, 'default', one!.metadata?.name ?? '', 'application/merge-patch+json', { metadata: { labels: { tier: 'b' } } }));
  world.pass(seconds(2));
  expect(counts()).toEqual([3, 2, 2, 2, 0]);
  world.finish('Failed', two!);
  expect(counts()).toEqual([3, 2, 1, 1, 0]);
  world.run(world.client.patch(resources.pods, 'default', three!.metadata?.name ?? '', 'application/merge-patch+json', { metadata: { finalizers: ['test/stay'] } }));
  world.run(world.client.delete(resources.pods, 'default', three!.metadata?.name ?? ''));
  world.pass(seconds(2));
  expect(counts()).toEqual([3, 2, 1, 1, 1]);
  world.run(world.client.patch(resources.replicasets, 'default', 'web', 'application/merge-patch+json', { spec: { minReadySeconds: 60 } }));
  world.pass(seconds(2));
  expect(counts()).toEqual([3, 2, 1, undefined, 1]);
});

test('from the tenth similar event on they are combined', () => {
  const world = createWorld({ hollow: false, nodes: 0 });
  world.pass(seconds(2));
  world.create(replicaSet('web', 14));
  world.pass(seconds(5));
  const events = world.list<KubeObject & { count?: number; message?: string; involvedObject?: { kind?: string } }>(resources.events, 'default').filter(({ involvedObject }) => involvedObject?.kind === 'ReplicaSet');
  expect(events.map(({ count }) => count).sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 5]);
  expect(events.filter(({ message }) => message?.startsWith('(combined from similar events): Created pod: '))).toHaveLength(1);
});

test('revisions are numbers of 64 bits', () => {
  const world = createWorld({ hollow: false, nodes: 0 });
  world.pass(seconds(2));
  const labels = { app: 'web' };
  const container = { name: 'c', image: 'old' };
  world.create({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web-old', namespace: 'default', labels, annotations: { 'deployment.kubernetes.io/revision': '3546343826724305832' } }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } } } as KubeObject);
  world.pass(seconds(2));
  world.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ ...container, image: 'new' }] } } } } as KubeObject);
  world.pass(seconds(5));
  expect(world.get(resources.deployments, 'web').metadata?.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '3546343826724305833' });
});
