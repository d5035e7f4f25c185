import { expect, test } from 'vitest';
import type { Deployment, Pod } from '../../src/simulator/api';
import { createInformers, resources } from '../../src/simulator/client';
import { deployment } from './objects';
import { createWorld } from './world';

test('300 replicas are made and scheduled', () => {
  const world = createWorld({ hollow: false, nodes: 10 });
  const pods = createInformers(world.kernel, world.client, null).for<Pod>(resources.pods);
  world.pass(2_000_000);
  const begin = performance.now();
  world.create(deployment('web', 300, {}, 'web:1', { schedulerName: 'default-scheduler' }));
  let scheduled = 0;
  pods.addHandlers({ update: (old, pod) => { if (!old.spec?.nodeName && pod.spec?.nodeName) scheduled += 1; } });
  world.until(() => scheduled === 300);
  console.log('300 scheduled after', performance.now() - begin, 'ms; virtual', world.kernel.now);
});

test('5000 pods on 500 nodes', () => {
  const world = createWorld({ hollow: false, nodes: 500 });
  const pods = createInformers(world.kernel, world.client, null).for<Pod>(resources.pods);
  world.pass(20_000_000);
  const begin = performance.now();
  let scheduled = 0;
  pods.addHandlers({ update: (old, pod) => { if (!old.spec?.nodeName && pod.spec?.nodeName) scheduled += 1; } });
  for (let i = 0; i < 10; i++) world.create(deployment(`web-${i}`, 500, {}, 'web:1', { schedulerName: 'default-scheduler' }));
  world.until(() => scheduled === 5000);
  console.log('5000 scheduled after', performance.now() - begin, 'ms');
  expect(world.list<Deployment>(resources.deployments, 'default')).toHaveLength(10);
});

test('an idle hour of three nodes', () => {
  const world = createWorld({ nodes: 3 });
  world.create(deployment('web', 6, {}, 'web:1', { schedulerName: 'default-scheduler' }));
  world.pass(600_000_000);
  const begin = performance.now();
  const mark = world.kernel.trace.since(0).at(-1)?.id ?? 0;
  world.pass(3_600_000_000);
  const kinds = new Map<string, number>();
  for (const { detail } of world.kernel.trace.since(mark)) kinds.set(`${detail['user']} ${detail['verb']}`, (kinds.get(`${detail['user']} ${detail['verb']}`) ?? 0) + 1);
  console.log('idle hour', performance.now() - begin, 'ms', [...kinds]);
});
