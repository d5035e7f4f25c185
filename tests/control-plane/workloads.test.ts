import { expect, test } from 'vitest';
import type { ControllerRevision, CronJob, DaemonSet, Job, Node, Pod, StatefulSet } from '../../src/simulator/api';
import { resources } from '../../src/simulator/client';
import { createCluster } from '../../src/simulator/cluster';
import { hours, minutes, parseTime, seconds } from '../../src/simulator/kernel';
import { daemonSet, job, statefulSet } from './objects';
import { createWorld, type World } from './world';

const begin = (nodes = 0): World => {
  const world = createWorld({ hollow: false, nodes });
  world.pass(seconds(2));
  return world;
};
const phases = (world: World) => world.pods().map(({ status }) => status?.phase ?? 'Pending').sort();
const theJob = (world: World) => world.get<Job>(resources.jobs, 'sum');
const started = (spec: object): World => {
  const world = begin();
  world.create(job('sum', spec));
  world.pass(seconds(3));
  return world;
};
const at = (world: World, ...indexes: number[]) => world.pods().filter((pod) => indexes.includes(Number(pod.metadata?.labels?.['batch.kubernetes.io/job-completion-index'])) && (pod.status?.phase ?? 'Pending') === 'Pending');
const waiting = (world: World) => world.pods().filter(({ status }) => (status?.phase ?? 'Pending') === 'Pending');

test('a Job runs until it has its completions, and its Pods are counted', () => {
  const world = started({ completions: 3, parallelism: 2 });
  expect(theJob(world).status).toMatchObject({ active: 2, ready: 0, uncountedTerminatedPods: {} });
  expect(world.pods()[0]?.metadata?.finalizers).toEqual(['batch.kubernetes.io/job-tracking']);
  world.finish('Succeeded', waiting(world)[0]!);
  expect(theJob(world).status).toMatchObject({ active: 2, succeeded: 1 });
  world.finish('Succeeded', ...waiting(world));
  expect(theJob(world).status).toMatchObject({ succeeded: 3, ready: 0, terminating: 0, completionTime: expect.any(String) });
  expect(theJob(world).status?.active).toBeUndefined();
  expect(world.conditions(theJob(world))).toEqual(['Complete True CompletionsReached: Reached expected number of succeeded pods', 'SuccessCriteriaMet True CompletionsReached: Reached expected number of succeeded pods']);
  expect(world.events('Job')).toEqual(['Normal Completed: Job completed', ...Array(3).fill('Normal SuccessfulCreate: Created pod: sum-ID')]);
  expect(world.pods().every((pod) => !pod.metadata?.finalizers)).toBe(true);
});

test('beyond the back-off limit a Job fails, and what still runs counts as failed', () => {
  const world = started({ completions: 3, parallelism: 3, backoffLimit: 1 });
  world.finish('Failed', ...waiting(world).slice(0, 2));
  expect(theJob(world).status).toMatchObject({ failed: 3, terminating: 0 });
  expect(phases(world)).toEqual(['Failed', 'Failed']);
  expect(world.conditions(theJob(world))).toEqual(['Failed True BackoffLimitExceeded: Job has reached the specified backoff limit', 'FailureTarget True BackoffLimitExceeded: Job has reached the specified backoff limit']);
  expect(world.events('Job').slice(-2)).toEqual(['Normal SuccessfulDelete: Deleted pod: sum-ID', 'Warning BackoffLimitExceeded: Job has reached the specified backoff limit']);
});

test('the replacement of a failed Pod waits ten seconds', () => {
  const world = started({});
  world.finish('Failed', ...waiting(world));
  expect(phases(world)).toEqual(['Failed']);
  world.pass(seconds(10));
  expect(phases(world)).toEqual(['Failed', 'Pending']);
});

test('an indexed Job has a Pod for each index; shrunk, the upper ones do not count', () => {
  const world = started({ completions: 4, parallelism: 4, completionMode: 'Indexed' });
  const [first] = at(world, 3);
  expect(first?.metadata?.generateName).toBe('sum-3-');
  expect(first?.spec?.hostname).toBe('sum-3');
  world.finish('Succeeded', ...at(world, 0, 3));
  expect(theJob(world).status).toMatchObject({ active: 2, succeeded: 2, completedIndexes: '0,3' });
  const resize = (n: number) => {
    world.run(world.client.patch(resources.jobs, 'default', 'sum', 'application/merge-patch+json', { spec: { completions: n, parallelism: n } }));
    world.pass(seconds(3));
  };
  resize(2);
  expect(theJob(world).status).toMatchObject({ active: 1, succeeded: 1, completedIndexes: '0' });
  resize(5);
  expect(theJob(world).status).toMatchObject({ active: 4, succeeded: 1, completedIndexes: '0' });
  world.finish('Succeeded', ...at(world, 1, 2, 4));
  expect(theJob(world).status).toMatchObject({ active: 1, succeeded: 4, completedIndexes: '0-2,4' });
});

test('a success policy ends a Job early, a failure policy at once', () => {
  const world = started({ completions: 4, parallelism: 4, completionMode: 'Indexed', successPolicy: { rules: [{ succeededIndexes: '0', succeededCount: 1 }, { succeededCount: 3 }] } });
  world.finish('Succeeded', ...at(world, 1, 2));
  expect(theJob(world).status).toMatchObject({ active: 2, succeeded: 2 });
  world.finish('Succeeded', ...at(world, 0));
  expect(theJob(world).status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
  expect(theJob(world).status?.failed).toBeUndefined();
  expect(world.conditions(theJob(world))[0]).toBe('Complete True SuccessPolicy: Matched rules at index 0');

  const other = started({ parallelism: 2, completions: 2, podReplacementPolicy: 'Failed', podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }, { action: 'FailJob', onExitCodes: { containerName: 'c', operator: 'In', values: [3, 42] } }] } });
  const [victim] = waiting(other);
  other.run(other.client.patch(resources.pods, 'default', victim?.metadata?.name ?? '', 'application/strategic-merge-patch+json', { status: { phase: 'Failed', containerStatuses: [{ name: 'c', image: 'c', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode: 42 } } }] } }, { subresource: 'status' }));
  other.pass(seconds(5));
  expect(other.conditions(theJob(other))[0]).toBe(`Failed True PodFailurePolicy: Container c for pod default/${victim?.metadata?.name} failed with exit code 42 matching FailJob rule at index 1`);
  expect(theJob(other).status?.failed).toBe(2);
});

test('a Job without completions is done when all have ended after a success; parallelism 0 stops it', () => {
  const world = started({ parallelism: 3 });
  const parallelism = (n: number) => {
    world.run(world.client.patch(resources.jobs, 'default', 'sum', 'application/merge-patch+json', { spec: { parallelism: n } }));
    world.pass(seconds(3));
  };
  parallelism(0);
  expect(theJob(world).status?.active).toBeUndefined();
  expect(theJob(world).status?.failed).toBeUndefined();
  parallelism(3);
  world.finish('Succeeded', waiting(world)[0]!);
  expect(theJob(world).status).toMatchObject({ active: 2, succeeded: 1 });
  world.finish('Failed', waiting(world)[0]!);
  expect(theJob(world).status).toMatchObject({ active: 1, succeeded: 1, failed: 1 });
  world.finish('Succeeded', ...waiting(world));
  expect(world.conditions(theJob(world))[0]).toMatch(/^Complete/);
});

test('a finished Job goes with its Pods when its time to live is over', () => {
  const world = started({ ttlSecondsAfterFinished: 6 });
  world.finish('Succeeded', ...waiting(world));
  expect(world.list(resources.jobs, 'default')).toHaveLength(1);
  world.pass(seconds(10));
  expect(world.list(resources.jobs, 'default')).toHaveLength(0);
  expect(world.pods()).toHaveLength(0);
});

test('the end of a Job is told once, however often its status has to be written', () => {
  const cluster = createCluster({ nodes: 2, seed: 3 });
  cluster.settle(minutes(1));
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'busybox:1.36', command: ['sleep', '2'] }] } };
  cluster.request({ method: 'POST', url: '/apis/batch/v1/namespaces/default/jobs', body: { metadata: { name: 'sum' }, spec: { parallelism: 3, template } } });
  cluster.run({ atMost: minutes(1) });
  const { items } = cluster.request({ method: 'GET', url: '/api/v1/namespaces/default/events?fieldSelector=reason=Completed' }).body as { readonly items: readonly { readonly count?: number }[] };
  expect(items.map(({ count }) => count)).toEqual([1]);
});

test('a StatefulSet starts in order, stops from the top, and rolls down', () => {
  const world = begin();
  const names = () => world.pods().map((pod) => `${pod.metadata?.name} ${pod.spec?.containers[0]?.image}`).sort();
  const one = (name: string) => world.get<Pod>(resources.pods, name);
  const patch = (change: object) => {
    world.run(world.client.patch(resources.statefulsets, 'default', 'db', 'application/strategic-merge-patch+json', change));
    world.pass(seconds(3));
  };
  world.create(statefulSet('db', 3));
  world.pass(seconds(3));
  expect(names()).toEqual(['db-0 db:1']);
  for (const name of ['db-0', 'db-1', 'db-2']) world.ready(one(name));
  expect(names()).toEqual(['db-0 db:1', 'db-1 db:1', 'db-2 db:1']);
  const { status } = world.get<StatefulSet>(resources.statefulsets, 'db');
  expect(status).toEqual({ observedGeneration: 1, replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3, availableReplicas: 3, collisionCount: 0, currentRevision: status?.updateRevision, updateRevision: status?.updateRevision });
  patch({ spec: { template: { spec: { containers: [{ name: 'c', image: 'db:2' }] } } } });
  expect(names()).toEqual(['db-0 db:1', 'db-1 db:1', 'db-2 db:2']);
  patch({ spec: { template: { spec: { containers: [{ name: 'c', image: 'db:1' }] } } } });
  expect(names()).toEqual(['db-0 db:1', 'db-1 db:1', 'db-2 db:2']);
  world.run(world.client.delete(resources.pods, 'default', 'db-2'));
  world.pass(seconds(3));
  world.ready(one('db-2'));
  expect(names()).toEqual(['db-0 db:1', 'db-1 db:1', 'db-2 db:1']);
  expect(world.list<ControllerRevision>(resources.controllerrevisions, 'default').map(({ revision }) => revision).sort()).toEqual([2, 3]);
  patch({ spec: { replicas: 1 } });
  expect(names()).toEqual(['db-0 db:1']);
  expect(world.events('StatefulSet')).toContain('Normal SuccessfulDelete: Delete Pod db-1 in StatefulSet db successful');
});

test('claims are made for each Pod, and are the set\'s or the Pod\'s as the policy says', () => {
  const world = begin();
  const claims = () => world.list(resources.persistentvolumeclaims, 'default').map(({ metadata }) => `${metadata?.name} ${metadata?.ownerReferences?.map(({ kind }) => kind).join() ?? '-'}`);
  world.create(statefulSet('db', 2, { podManagementPolicy: 'Parallel', persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Retain' }, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } } }] }));
  world.pass(seconds(3));
  expect(claims()).toEqual(['data-db-0 -', 'data-db-1 -']);
  world.ready(...world.pods());
  world.run(world.client.patch(resources.statefulsets, 'default', 'db', 'application/merge-patch+json', { spec: { replicas: 1 } }));
  world.pass(seconds(5));
  expect(claims()).toEqual(['data-db-0 -']);
});

test('a DaemonSet has a Pod on each node that it selects, and rolls node by node', () => {
  const world = begin(2);
  const where = () => world.pods().map((pod) => `${pod.spec?.nodeName} ${pod.spec?.containers[0]?.image}`).sort();
  const get = () => world.get<DaemonSet>(resources.daemonsets, 'agent').status;
  world.create(daemonSet('agent'));
  world.pass(seconds(3));
  expect(where()).toEqual(['node-0 c:1', 'node-1 c:1']);
  world.addNode('node-2', { labels: { disk: 'ssd' } });
  world.pass(seconds(3));
  expect(get()).toMatchObject({ desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 3, numberUnavailable: 3 });
  world.ready(...world.pods());
  world.run(world.client.patch(resources.daemonsets, 'default', 'agent', 'application/strategic-merge-patch+json', { spec: { template: { spec: { containers: [{ name: 'c', image: 'c:2' }] } } } }));
  world.pass(seconds(3));
  expect(where().filter((text) => text.endsWith('c:2'))).toHaveLength(1);
  expect(get()).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 2, numberUnavailable: 1 });
  for (let i = 0; i < 3; i++) world.ready(...world.pods());
  expect(where()).toEqual(['node-0 c:2', 'node-1 c:2', 'node-2 c:2']);
  world.run(world.client.patch(resources.daemonsets, 'default', 'agent', 'application/strategic-merge-patch+json', { spec: { template: { spec: { nodeSelector: { disk: 'ssd' } } } } }));
  world.pass(seconds(3));
  expect(where()).toEqual(['node-2 c:2']);
});

test('a CronJob starts Jobs by the clock and keeps the newest', () => {
  const world = begin();
  world.create({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'hourly', namespace: 'default' }, spec: { schedule: '@hourly', concurrencyPolicy: 'Allow', successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 1, jobTemplate: { spec: job('x').spec } } });
  for (let i = 0; i < 3; i++) {
    world.pass(hours(1));
    world.finish('Succeeded', ...waiting(world));
  }
  const due = (parseTime('2026-01-01T03:00:00Z') as number) / minutes(1);
  expect(world.list<Job>(resources.jobs, 'default').map(({ metadata }) => metadata?.name)).toEqual([`hourly-${due - 60}`, `hourly-${due}`]);
  expect(world.get<CronJob>(resources.cronjobs, 'hourly').status).toMatchObject({ lastScheduleTime: '2026-01-01T03:00:00Z', lastSuccessfulTime: expect.any(String) });
  // Events are kept for an hour.
  expect(world.events('CronJob')).toContain('Normal SuccessfulCreate: Created job hourly-' + due);
});

test('nodes: conditions taint, silence unreadies and evicts, NoExecute drives out', () => {
  const world = begin(3);
  const taints = (name: string) => (world.get<Node>(resources.nodes, name).spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).sort();
  expect(world.get<Node>(resources.nodes, 'node-1').spec?.podCIDR).toMatch(/^10\.244\.[012]\.0\/24$/);
  world.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec: { nodeName: 'node-1', tolerations: [{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }], containers: [{ name: 'c', image: 'c' }] } });
  world.ready(...world.pods());
  world.silent.add('node-1');
  world.pass(seconds(75));
  expect(taints('node-1')).toEqual(['node.kubernetes.io/unreachable:NoExecute', 'node.kubernetes.io/unreachable:NoSchedule']);
  expect(world.get<Pod>(resources.pods, 'p').status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False');
  expect(world.get<Pod>(resources.pods, 'p').metadata?.deletionTimestamp).toBeUndefined();
  world.pass(seconds(300));
  expect(world.get<Pod>(resources.pods, 'p').metadata?.deletionTimestamp).toBeDefined();
  expect(world.events('Pod')).toContain('Normal TaintManagerEviction: Marking for deletion Pod default/p');
  world.run(world.client.patch(resources.nodes, undefined, 'node-0', 'application/merge-patch+json', { spec: { unschedulable: true } }));
  world.pass(seconds(2));
  expect(taints('node-0')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule']);
  world.run(world.client.delete(resources.nodes, undefined, 'node-1'));
  world.pass(seconds(120));
  expect(world.pods()).toHaveLength(0);
});
