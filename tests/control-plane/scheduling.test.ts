import { expect, test } from 'vitest';
import type { Node, PersistentVolumeClaim, Pod } from '../../src/simulator/api';
import { resources } from '../../src/simulator/client';
import { minutes, seconds } from '../../src/simulator/kernel';
import { daemonSet, pod, requests } from './objects';
import { createWorld, type World } from './world';

const small = { cpu: '4', memory: '4Gi', pods: '20' };
function world(nodes: Record<string, { labels?: Record<string, string>; allocatable?: Record<string, string>; spec?: object }>): World {
  const created = createWorld({ hollow: false, nodes: 0 });
  for (const [name, changes] of Object.entries(nodes)) created.addNode(name, { allocatable: small, ...changes });
  created.pass(seconds(2));
  return created;
}
const place = (w: World, object: object): string => {
  const { metadata } = w.create<Pod>(object);
  w.pass(seconds(1));
  return where(w, metadata?.name ?? '');
};
/** The node's name, or why there is none. */
const where = (w: World, name: string): string => {
  const { spec, status } = w.get<Pod>(resources.pods, name);
  return spec?.nodeName ?? status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? 'not looked at';
};
const remove = (w: World, name: string) => {
  w.run(w.client.delete(resources.pods, 'default', name, { gracePeriodSeconds: 0 }));
  w.pass(seconds(1));
};
const patchNode = (w: World, name: string, change: object, subresource?: string) => {
  w.run(w.client.patch<Node>(resources.nodes, undefined, name, 'application/strategic-merge-patch+json', change, subresource ? { subresource } : {}));
  w.pass(seconds(12));
};
const rest = 'no new claims to deallocate, preemption:';

test('each node refuses for its own reason: the exact sentence', () => {
  const labels = { disk: 'ssd' };
  const w = world({
    full: { labels, allocatable: { cpu: '100m', memory: '64Mi', pods: '20' } }, tainted: { labels, spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] } },
    cordoned: { labels, spec: { unschedulable: true } }, unlabelled: {}, taken: { labels },
  });
  const ports = { ports: [{ containerPort: 80, hostPort: 80 }] };
  expect(place(w, pod('holder', { nodeSelector: { 'kubernetes.io/hostname': 'taken' } }, ports))).toBe('taken');
  expect(place(w, pod('web', { nodeSelector: labels }, { ...ports, ...requests('1', '1Gi') }))).toBe(
    `0/5 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. ${rest} 0/5 nodes are available: 1 No preemption victims found for incoming pod, 4 Preemption is not helpful for scheduling.`);
  const [event] = w.events('Pod').filter((text) => text.includes('FailedScheduling'));
  expect(event).toContain('Warning FailedScheduling: 0/5 nodes are available:');
});

test('the node with the most left is taken', () => {
  const w = world({ small: { allocatable: { cpu: '2', memory: '2Gi', pods: '50' } }, large: { allocatable: { cpu: '16', memory: '16Gi', pods: '50' } }, medium: { allocatable: { cpu: '8', memory: '8Gi', pods: '50' } } });
  const asked = [['one', '1', '1Gi', 'large'], ['two', '4', '4Gi', 'large'], ['three', '4', '4Gi', 'medium'], ['four', '2', '2Gi', 'large'], ['five', '1', '1Gi', 'small'], ['six', '1900m', '100Mi', 'large'], ['seven', '7', '7Gi', 'large']] as const;
  for (const [name, cpu, memory, node] of asked) expect([name, place(w, pod(name, {}, requests(cpu, memory)))]).toEqual([name, node]);
});

test('node affinity: what matches, and pinned Pods', () => {
  const w = world({ a: { labels: { disk: 'ssd', size: '10' } }, b: { labels: { disk: 'hdd', size: '5' } } });
  const required = (...nodeSelectorTerms: object[]) => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } });
  const expression = (key: string, operator: string, ...values: string[]) => ({ matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }] });
  const none = `0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. ${rest} 0/2 nodes are available: 2 Preemption is not helpful for scheduling.`;
  const cases: [object, string][] = [
    [{ nodeSelector: { disk: 'tape' } }, none], [required(expression('disk', 'In', 'hdd', 'tape')), 'b'], [required(expression('disk', 'NotIn', 'ssd')), 'b'], [required(expression('disk', 'DoesNotExist')), none],
    [required(expression('size', 'Gt', '5')), 'a'], [required(expression('none', 'Exists'), expression('disk', 'In', 'hdd')), 'b'],
    [required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }), 'b'],
    [required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['z'] }] }), none.replace("match Pod's node affinity/selector", 'satisfy plugin(s) [NodeAffinity]')],
    [{ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 30, preference: expression('disk', 'In', 'hdd') }] } } }, 'b'],
  ];
  for (const [index, [spec, expected]] of cases.entries()) {
    expect([index, place(w, pod(`p-${index}`, spec))]).toEqual([index, expected]);
    remove(w, `p-${index}`);
  }
});

test('a Pod is tried again when something changes that may help, not otherwise', () => {
  const w = world({ small: { allocatable: { cpu: '1', memory: '1Gi', pods: '20' } } });
  expect(place(w, pod('big', {}, requests('2')))).toMatch(/^0\/1 nodes are available: 1 Insufficient cpu\./);
  patchNode(w, 'small', { metadata: { labels: { any: 'label' } } });
  expect(w.events('Pod')).toHaveLength(1);
  w.addNode('large', { allocatable: small });
  w.pass(seconds(12));
  expect(where(w, 'big')).toBe('large');
  expect(place(w, pod('last', {}, requests('3')))).toContain('2 Insufficient cpu');
  remove(w, 'big');
  w.pass(seconds(12));
  expect(where(w, 'last')).toBe('large');
});

test('gates, cordons and taints hold a Pod until they go', () => {
  const w = world({ a: {} });
  w.run(w.client.create(resources.pods, 'default', pod('gated', { schedulingGates: [{ name: 'example.com/one' }] })));
  w.pass(seconds(5));
  expect(w.get<Pod>(resources.pods, 'gated').spec?.nodeName).toBeUndefined();
  expect(w.events('Pod')).toEqual([]);
  w.run(w.client.patch(resources.pods, 'default', 'gated', 'application/json-patch+json', [{ op: 'remove', path: '/spec/schedulingGates' }]));
  w.pass(seconds(1));
  expect(where(w, 'gated')).toBe('a');
  patchNode(w, 'a', { spec: { unschedulable: true } });
  expect(place(w, pod('waits'))).toBe(`0/1 nodes are available: 1 node(s) were unschedulable. ${rest} 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`);
  expect(place(w, pod('tolerates', { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] }))).toBe('a');
  patchNode(w, 'a', { spec: { unschedulable: null } });
  expect(where(w, 'waits')).toBe('a');
});

test('Pods are kept near others, away from them, and spread', () => {
  const w = world({ a: { labels: { zone: 'north' } }, b: { labels: { zone: 'north' } }, c: { labels: { zone: 'south' } }, d: {} });
  const near = (app: string, more: object = {}, topologyKey = 'zone') => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: { matchLabels: { app } }, ...more }] } } });
  expect(place(w, pod('lonely', near('cache')))).toBe(`0/4 nodes are available: 4 node(s) didn't match pod affinity rules. ${rest} 0/4 nodes are available: 4 Preemption is not helpful for scheduling.`);
  expect(place(w, pod('cache', { nodeSelector: { 'kubernetes.io/hostname': 'a' } }, {}, { app: 'cache' }))).toBe('a');
  w.pass(seconds(2));
  expect(['a', 'b']).toContain(where(w, 'lonely'));
  expect(place(w, pod('same-host', near('cache', {}, 'kubernetes.io/hostname')))).toBe('a');
  expect(['a', 'b', 'c']).toContain(place(w, pod('first-of-itself', near('group'), {}, { app: 'group' })));
  expect(place(w, pod('elsewhere', near('cache', { namespaces: ['kube-system'] })))).toContain("4 node(s) didn't match pod affinity rules");
  expect(['a', 'b']).toContain(place(w, pod('anywhere', near('cache', { namespaceSelector: {} }))));
  const away = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'solo' } } }] } } };
  const places = ['s1', 's2', 's3', 's4', 's5'].map((name) => place(w, pod(name, away, {}, { app: 'solo' })));
  expect(places.slice(0, 4).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(places[4]).toBe(`0/4 nodes are available: 4 node(s) didn't match pod anti-affinity rules. ${rest} 0/4 nodes are available: 4 No preemption victims found for incoming pod.`);
  expect(place(w, pod('repelled', {}, {}, { app: 'solo' }))).toContain("4 node(s) didn't satisfy existing pods anti-affinity rules");
});

test('topology spread by zone, hard and soft', () => {
  const w = world({ a: { labels: { zone: 'north' } }, b: { labels: { zone: 'south' } }, c: {} });
  const spread = (more: object = {}) => ({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } }, ...more }] });
  const web = { app: 'web' };
  expect(place(w, pod('start', { nodeSelector: { zone: 'north' } }, {}, web))).toBe('a');
  expect(place(w, pod('one', spread(), {}, web))).toBe('b');
  patchNode(w, 'b', { spec: { unschedulable: true } });
  expect(place(w, pod('two', spread(), {}, web))).toBe('a');
  expect(place(w, pod('three', spread(), {}, web))).toBe(
    `0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label), 1 node(s) were unschedulable. ${rest} 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.`);
  expect(place(w, pod('honours', spread({ nodeTaintsPolicy: 'Honor' }), {}, web))).toBe('a');
  patchNode(w, 'b', { spec: { unschedulable: null } });
  expect(where(w, 'three')).toBe('b');
  const soft = world({ x: { labels: { zone: 'x' } }, y: { labels: { zone: 'y' } }, z: { labels: { zone: 'z' } } });
  const counts = new Map<string, number>();
  for (let i = 0; i < 6; i++) {
    const node = place(soft, pod(`web-${i}`, spread({ whenUnsatisfiable: 'ScheduleAnyway' }), {}, web));
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  expect([...counts.values()]).toEqual([2, 2, 2]);
});

test('a more important Pod takes the place of the least important ones', () => {
  const w = world({ a: { allocatable: { cpu: '2', memory: '4Gi', pods: '20' } }, b: { allocatable: { cpu: '2', memory: '4Gi', pods: '20' } } });
  for (const value of [10, 20, 100]) w.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: `p${value}` }, value });
  w.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'never' }, value: 100, preemptionPolicy: 'Never' });
  for (const [name, priority, node] of [['a-low', 10, 'a'], ['a-mid', 20, 'a'], ['b-mid-1', 20, 'b'], ['b-mid-2', 20, 'b']] as const) {
    expect(place(w, pod(name, { priorityClassName: `p${priority}`, terminationGracePeriodSeconds: 30, nodeSelector: { 'kubernetes.io/hostname': node } }, requests('1')))).toBe(node);
  }
  expect(place(w, pod('urgent', { priorityClassName: 'p100' }, requests('1')))).toBe('0/2 nodes are available: 2 Insufficient cpu.');
  expect(w.get<Pod>(resources.pods, 'urgent').status?.nominatedNodeName).toBe('a');
  const victim = w.get<Pod>(resources.pods, 'a-low');
  expect(victim.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({ reason: 'PreemptionByScheduler', message: 'default-scheduler: preempting to accommodate a higher priority pod' });
  expect(w.events('Pod')).toContain(`Normal Preempted: Preempted by pod ${w.get<Pod>(resources.pods, 'urgent').metadata?.uid} on node a`);
  remove(w, 'a-low');
  w.pass(seconds(3));
  expect(where(w, 'urgent')).toBe('a');
  expect(place(w, pod('equal', { priorityClassName: 'p20' }, requests('2')))).toContain('preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.');
  expect(place(w, pod('never', { priorityClassName: 'never' }, requests('2')))).toContain('preemption: not eligible due to preemptionPolicy=Never.');
});

test('volumes hold a Pod, and bind where it goes', () => {
  const w = world({ a: {} });
  for (const [name, volumeBindingMode] of [['now', 'Immediate'], ['later', 'WaitForFirstConsumer']] as const) {
    w.create({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode });
    w.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'default' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: name, resources: { requests: { storage: '1Gi' } } } });
  }
  const using = (name: string, claimName: string) => pod(name, { volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] });
  expect(place(w, using('missing', 'nowhere'))).toBe('0/1 nodes are available: persistentvolumeclaim "nowhere" not found. not found');
  expect(place(w, using('unbound', 'now'))).toBe('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found');
  expect(place(w, using('waiting', 'later'))).toBe(`0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind. ${rest} 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`);
  const volume = (name: string, storageClassName: string, node: string) => w.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName, local: { path: '/x' }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } } } });
  volume('one', 'later', 'elsewhere');
  volume('two', 'later', 'a');
  w.pass(seconds(30));
  expect(where(w, 'waiting')).toBe('a');
  expect(w.get<PersistentVolumeClaim>(resources.persistentvolumeclaims, 'later')).toMatchObject({ spec: { volumeName: 'two' }, status: { phase: 'Bound' } });
  volume('three', 'now', 'elsewhere');
  w.pass(minutes(1));
  expect(where(w, 'unbound')).toContain("1 node(s) didn't match PersistentVolume's node affinity");
});

test('a daemon Pod on a node without room names the plugin that pinned it', () => {
  const w = world({ a: {}, tiny: { allocatable: { cpu: '4', memory: '8Gi', pods: '0' } } });
  w.create(daemonSet('agent'));
  w.pass(seconds(3));
  const [waiting] = w.pods().filter(({ spec }) => !spec?.nodeName);
  expect(where(w, waiting?.metadata?.name ?? '')).toBe(`0/2 nodes are available: 1 Too many pods, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. ${rest} 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.`);
});

test('every decision can be explained', () => {
  const w = world({ a: {}, b: { spec: { unschedulable: true } } });
  place(w, pod('p', {}, requests('1', '1Gi')));
  const record = w.kernel.trace.since(0).filter(({ kind }) => kind === 'schedule').at(-1);
  expect(record?.detail).toMatchObject({ pod: 'default/p', chosen: 'a', feasible: 1, refused: 1, nodes: [{ node: 'a' }, { node: 'b', plugin: 'NodeUnschedulable', reasons: ['node(s) were unschedulable'] }] });
});
