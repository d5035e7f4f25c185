import { expect, test } from 'vitest';
import type { Deployment, Job, KubeObject, Node, Pod, ReplicaSet, StatefulSet } from '../../src/simulator/api';
import { isApiFailure, meta, resources } from '../../src/simulator/client';
import { type Random, seconds } from '../../src/simulator/kernel';
import { deployment, job, pod, requests, statefulSet } from './objects';
import { createWorld, type World } from './world';

const onNodes = { schedulerName: 'default-scheduler', terminationGracePeriodSeconds: 1 };

/** One random thing that somebody does. */
function act(world: World, random: Random, step: number): void {
  const attempt = (task: () => void) => {
    try {
      task();
    } catch (error) {
      if (!isApiFailure(error)) throw error;
    }
  };
  const any = <T extends KubeObject>(resource: typeof resources.pods): T | undefined => {
    const items = world.list<T>(resource, 'default');
    return items.length === 0 ? undefined : random.pick(items);
  };
  const remove = (resource: typeof resources.pods) => {
    const object = any(resource);
    if (object) attempt(() => world.run(world.client.delete(resource, 'default', meta(object).name, { propagationPolicy: random.pick(['Background', 'Foreground'] as const) })));
  };
  const actions: (() => void)[] = [
    () => attempt(() => world.create(deployment(`web-${step}`, random.int(6), {}, 'web:1', { ...onNodes, containers: [{ name: 'c', image: 'web:1', ...requests('100m', '64Mi') }] }))),
    () => attempt(() => world.create(job(`job-${step}`, { completions: 1 + random.int(4), parallelism: 2, completionMode: 'Indexed', template: { spec: { ...onNodes, restartPolicy: 'Never', containers: [{ name: 'c', image: 'c' }] } } }))),
    () => attempt(() => world.create(statefulSet(`db-${step}`, random.int(4), { template: { metadata: { labels: { app: `db-${step}` } }, spec: { ...onNodes, containers: [{ name: 'c', image: 'db:1' }] } } }))),
    () => attempt(() => world.create(pod(`bare-${step}`, onNodes, requests('500m')))),
    () => {
      const target = any<Deployment>(resources.deployments as never);
      if (target) attempt(() => world.run(world.client.patch(resources.deployments, 'default', meta(target).name, 'application/merge-patch+json', { spec: { replicas: random.int(8) } })));
    },
    () => {
      const target = any<Deployment>(resources.deployments as never);
      if (target) attempt(() => world.run(world.client.patch(resources.deployments, 'default', meta(target).name, 'application/strategic-merge-patch+json', { spec: { template: { spec: { containers: [{ name: 'c', image: `web:${step}` }] } } } })));
    },
    () => {
      const target = any<StatefulSet>(resources.statefulsets as never);
      if (target) attempt(() => world.run(world.client.patch(resources.statefulsets, 'default', meta(target).name, 'application/merge-patch+json', { spec: { replicas: random.int(4) } })));
    },
    () => remove(resources.pods),
    () => remove(random.pick([resources.deployments, resources.jobs, resources.statefulsets, resources.replicasets]) as never),
    () => {
      world.manager.stop();
      world.pass(seconds(random.int(3)));
      world.manager.start();
    },
    () => {
      world.scheduler.stop();
      world.pass(seconds(random.int(3)));
      world.scheduler.start();
    },
    () => {
      const target = any<Pod>(resources.pods);
      if (target) attempt(() => world.run(world.client.patch(resources.pods, 'default', meta(target).name, 'application/merge-patch+json', { metadata: { annotations: { touched: String(step) } } })));
    },
  ];
  random.pick(actions)();
  world.pass(random.int(1_500_000));
}

/** What holds whenever things have settled. */
function check(world: World): void {
  const pods = world.pods();
  const uids = new Set([...pods, ...[resources.deployments, resources.replicasets, resources.statefulsets, resources.jobs].flatMap((resource) => world.list(resource, 'default'))].map(({ metadata }) => metadata?.uid));
  for (const { metadata } of [...pods, ...world.list<ReplicaSet>(resources.replicasets, 'default')]) {
    for (const owner of metadata?.ownerReferences ?? []) expect([metadata?.name, uids.has(owner.uid)]).toEqual([metadata?.name, true]);
  }
  const owned = (uid: string | undefined) => pods.filter((candidate) => candidate.metadata?.ownerReferences?.some((owner) => owner.uid === uid));
  for (const { metadata, spec, status } of world.list<Deployment>(resources.deployments, 'default')) {
    const sets = world.list<ReplicaSet>(resources.replicasets, 'default').filter((set) => set.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid));
    const count = sets.flatMap((set) => owned(set.metadata?.uid)).length;
    expect([metadata?.name, count, status?.availableReplicas ?? 0]).toEqual([metadata?.name, spec?.replicas, spec?.replicas]);
  }
  for (const { metadata, spec } of world.list<StatefulSet>(resources.statefulsets, 'default')) {
    expect(owned(metadata?.uid).map((candidate) => candidate.metadata?.name).sort()).toEqual(Array.from({ length: spec?.replicas ?? 0 }, (_, index) => `${metadata?.name}-${index}`));
  }
  for (const { metadata } of world.list<Job>(resources.jobs, 'default')) {
    const indexes = owned(metadata?.uid).filter(({ status }) => status?.phase !== 'Failed').map((candidate) => candidate.metadata?.annotations?.['batch.kubernetes.io/job-completion-index']);
    expect([metadata?.name, new Set(indexes).size]).toEqual([metadata?.name, indexes.length]);
  }
  for (const { metadata } of world.list<Node>(resources.nodes)) {
    const here = pods.filter(({ spec, status }) => spec?.nodeName === metadata?.name && status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
    expect(here.length).toBeLessThanOrEqual(20);
    const cpu = here.flatMap(({ spec }) => spec?.containers ?? []).reduce((sum, { resources: own }) => sum + Number.parseInt(own?.requests?.['cpu'] ?? '0', 10), 0);
    expect(cpu).toBeLessThanOrEqual(4000);
  }
}

const seeds = Number(process.env['SEEDS'] ?? 6);
const first = Number(process.env['SEED'] ?? 1);

for (let seed = first; seed < first + seeds; seed++) {
  test(`whatever is done, everything settles (seed ${seed})`, () => {
    const world = createWorld({ seed, nodes: 0 });
    for (const name of ['a', 'b', 'c']) world.addNode(name, { allocatable: { cpu: '4', memory: '8Gi', pods: '20' } });
    world.pass(seconds(2));
    const random = world.kernel.random.fork('chaos');
    for (let step = 0; step < 40; step++) act(world, random, step);
    world.pass(seconds(180));
    check(world);
  });
}

test('the same seed makes the same history', () => {
  const history = () => {
    const world = createWorld({ seed: 7 });
    const random = world.kernel.random.fork('chaos');
    for (let step = 0; step < 12; step++) act(world, random, step);
    return JSON.stringify(world.kernel.trace.since(0));
  };
  expect(history()).toBe(history());
});
