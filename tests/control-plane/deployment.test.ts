import { expect, test } from 'vitest';
import type { Deployment, Event, Pod, ReplicaSet } from '../../src/simulator/api';
import { resources } from '../../src/simulator/client';
import { createWorld, type World } from './world';

export const deployment = (name: string, replicas: number, spec: object = {}, image = 'web:1', podSpec: object = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'default', generation: 1 },
  spec: {
    replicas, selector: { matchLabels: { app: name } }, progressDeadlineSeconds: 600, revisionHistoryLimit: 10,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image }], ...podSpec } },
    ...spec,
  },
});
const eventsOf = (world: World, kind: string) => world.list<Event>(resources.events, 'default').filter((event) => event.involvedObject.kind === kind).map((event) => `${event.reason}: ${event.message ?? ''}`);

test('a Deployment gets a ReplicaSet, Pods, and says that it is complete', () => {
  const world = createWorld();
  world.create(deployment('web', 3));
  world.until(() => world.kernel.now > 0 && world.list<Pod>(resources.pods, 'default').length >= 0 || true);
  world.pass(5_000_000);
  const [set] = world.list<ReplicaSet>(resources.replicasets, 'default');
  const pods = world.list<Pod>(resources.pods, 'default');
  expect(pods.map((pod) => [pod.status?.phase, !!pod.spec?.nodeName])).toEqual(Array(3).fill(['Running', true]));
  expect(set?.metadata?.name).toBe(`web-${set?.metadata?.labels?.['pod-template-hash']}`);
  expect(world.get<Deployment>(resources.deployments, 'web').status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3 });
  expect(eventsOf(world, 'Deployment')).toEqual([`ScalingReplicaSet: Scaled up replica set ${set?.metadata?.name} from 0 to 3`]);
  expect(eventsOf(world, 'Pod')).toHaveLength(3);
});
