import { expect, test } from 'vitest';
import type { Pod } from '../../src/simulator/api';
import { createInformers, resources } from '../../src/simulator/client';
import { hours, minutes, seconds } from '../../src/simulator/kernel';
import { deployment } from './objects';
import { createWorld, type World } from './world';

/** Requests since a record, by who sent them and what they did. */
function requests(world: World, after: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, detail } of world.kernel.trace.since(after)) {
    if (kind !== 'request') continue;
    const key = `${String(detail['user'])} ${String(detail['verb'])}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
const newest = (world: World) => world.kernel.trace.since(0).at(-1)?.id ?? 0;
const served = (name: string, replicas: number) => deployment(name, replicas, {}, 'web:1', { schedulerName: 'default-scheduler' });

test('an idle cluster asks nothing and writes nothing but its heartbeats', () => {
  const world = createWorld({ nodes: 3 });
  world.create(served('web', 6));
  world.pass(minutes(10));
  const mark = newest(world);
  world.pass(hours(1));
  // 'admin' is the hollow nodes; watches are begun anew when the server ends them.
  const others = [...requests(world, mark)].filter(([key]) => !key.startsWith('admin ') && !key.endsWith(' watch'));
  expect(others).toEqual([]);
});

test('a Pod costs few requests, however many there are', () => {
  const world = createWorld({ hollow: false, nodes: 10 });
  world.pass(seconds(2));
  const mark = newest(world);
  world.create(served('web', 300));
  world.pass(seconds(10));
  expect(world.pods().every(({ spec }) => spec?.nodeName)).toBe(true);
  const counts = requests(world, mark);
  expect(counts.get('system:serviceaccount:kube-system:replicaset-controller create')).toBeLessThanOrEqual(300 + 25);
  // A binding and an event each.
  expect(counts.get('system:kube-scheduler create')).toBe(600);
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBeLessThan(1500);
});

test('2,000 Pods find their place on 200 nodes, and none is overfull', () => {
  const world = createWorld({ hollow: false, nodes: 200 });
  const pods = createInformers(world.kernel, world.client, null).for<Pod>(resources.pods);
  let scheduled = 0;
  pods.addHandlers({ update: (old, pod) => { if (!old.spec?.nodeName && pod.spec?.nodeName) scheduled += 1; } });
  world.pass(seconds(10));
  for (let i = 0; i < 4; i++) world.create(served(`web-${i}`, 500));
  world.until(() => scheduled === 2000, seconds(30));
  const perNode = new Map<string, number>();
  for (const { spec } of pods.store.values()) perNode.set(spec?.nodeName ?? '', (perNode.get(spec?.nodeName ?? '') ?? 0) + 1);
  expect(perNode.size).toBe(200);
  expect(Math.max(...perNode.values())).toBeLessThanOrEqual(16);
});
