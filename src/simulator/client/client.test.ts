import { expect, test } from 'vitest';
import type { ApiHandler, ConfigMap, KubeObject, Lease, Namespace } from '../api';
import { createApiServer, stampResourceVersion } from '../apiserver';
import { createEtcd } from '../etcd';
import { createKernel, type Kernel, milliseconds, seconds, type Task } from '../kernel';
import { type Client, ConnectionError, createClient, createInformers, createRecorder, createSeriesRecorder, type EventObject, resources, retryOnConflict, runLeaderElection } from '.';

const credentials = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };

interface World {
  readonly kernel: Kernel;
  readonly handle: ApiHandler;
  readonly client: Client;
  run<T>(task: Task<T>): T;
  pass(time: number): void;
}

function world(): World {
  const kernel = createKernel();
  const { handle } = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }) });
  return {
    kernel, handle,
    client: createClient({ kernel, handler: handle, credentials, userAgent: 'test/1', latency: 0 }),
    run(task) {
      const process = kernel.spawn('test', task, null);
      process.onEnd(() => undefined);
      kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
      return process.value;
    },
    pass: (time) => void kernel.run({ to: kernel.now + time }),
  };
}

const map = (name: string, data: Record<string, string> = {}): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data });

test('requests and deliveries take their time', () => {
  const { kernel, handle, run, pass, client } = world();
  pass(seconds(1));
  const slow = createClient({ kernel, handler: handle, credentials, userAgent: 'slow/1', latency: milliseconds(20) });
  const before = kernel.now;
  run(slow.create(resources.configmaps, 'default', map('a')));
  expect(kernel.now - before).toBe(milliseconds(20));
  const arrived: [string, number][] = [];
  kernel.spawn('watcher', (function* (): Task {
    const events = yield* slow.watch<ConfigMap>(resources.configmaps, 'default', { resourceVersion: '0' });
    for (let event = yield* events.receive(); event; event = yield* events.receive()) arrived.push([event.object.metadata?.name ?? '', kernel.now]);
  })(), null);
  pass(seconds(1));
  const sent = kernel.now;
  for (const name of ['b', 'c']) run(client.create(resources.configmaps, 'default', map(name)));
  pass(seconds(1));
  expect(arrived.slice(-2)).toEqual([['b', sent + milliseconds(20)], ['c', sent + milliseconds(20)]]);
});

test('an informer follows, catches up after it was cut off, and tells each change once', () => {
  const { kernel, handle, run, pass, client } = world();
  let down = false;
  const flaky: ApiHandler = function* (request) {
    if (down) throw new ConnectionError('connection refused');
    return yield* handle(request);
  };
  const informer = createInformers(kernel, createClient({ kernel, handler: flaky, credentials, userAgent: 'informer/1' }), null).for<ConfigMap>(resources.configmaps);
  informer.store.addIndex('data', ({ data }) => Object.values(data ?? {}));
  const told: string[] = [];
  const tell = (what: string) => (object: KubeObject) => object.metadata?.namespace === 'default' && told.push(`${what} ${object.metadata.name}`);
  down = true;
  pass(seconds(5));
  run(client.create(resources.configmaps, 'default', map('a', { k: 'x' })));
  down = false;
  pass(seconds(30));
  informer.addHandlers({ add: tell('add'), update: (_, object) => tell('update')(object), delete: tell('delete') });
  run(client.update(resources.configmaps, map('a', { k: 'y' })));
  run(client.create(resources.configmaps, 'default', map('b')));
  pass(seconds(1));
  run(client.delete(resources.configmaps, 'default', 'a'));
  pass(seconds(1));
  expect(told).toEqual(['add a', 'update a', 'add b', 'delete a']);
  expect(informer.store.by('data', 'x')).toEqual([]);
  expect(informer.get('default', 'b')?.metadata?.name).toBe('b');
});

test('a conflict is tried again with what is there now', () => {
  const { run, client } = world();
  const stale = run(client.create<ConfigMap>(resources.configmaps, 'default', map('a')));
  run(client.update<ConfigMap>(resources.configmaps, { ...stale, data: { other: '1' } }));
  let tries = 0;
  const result = run(retryOnConflict(function* () {
    const current = tries++ === 0 ? stale : yield* client.get<ConfigMap>(resources.configmaps, 'default', 'a');
    return yield* client.update<ConfigMap>(resources.configmaps, { ...current, data: { ...current.data, mine: '2' } });
  }));
  expect([tries, result.data]).toEqual([2, { other: '1', mine: '2' }]);
});

test('events are counted, combined, and dropped when there are too many', () => {
  const { kernel, run, pass, client } = world();
  const about = run(client.get<Namespace>(resources.namespaces, undefined, 'default'));
  const recorder = createRecorder(kernel, client, 'test-controller', '', null);
  for (let i = 0; i < 3; i++) recorder.event(about, 'Normal', 'Same', 'the same');
  for (let i = 0; i < 40; i++) recorder.event(about, 'Warning', 'Other', `number ${i}`);
  pass(seconds(5));
  const events = run(client.list<EventObject>(resources.events, 'default')).items;
  expect(events.find(({ reason }) => reason === 'Same')).toMatchObject({ count: 3, source: { component: 'test-controller' }, reportingComponent: 'test-controller' });
  expect(events.filter(({ reason }) => reason === 'Other').map(({ message }) => message.startsWith('(combined')).filter(Boolean)).toHaveLength(1);
  expect(events.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(25);
});

test('the scheduler\'s events have an action and become a series when they repeat', () => {
  const { kernel, run, pass, client } = world();
  const regarding = run(client.create<ConfigMap>(resources.configmaps, 'default', map('a')));
  const recorder = createSeriesRecorder(kernel, client, 'default-scheduler', 'default-scheduler-host', null);
  for (let i = 0; i < 3; i++) recorder.event({ regarding, type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', note: 'no' });
  pass(seconds(1));
  const [event, ...others] = run(client.list<EventObject>(resources.events, 'default')).items;
  expect(others).toEqual([]);
  expect(event).toMatchObject({ action: 'Scheduling', reportingComponent: 'default-scheduler', reportingInstance: 'default-scheduler-host', series: { count: 3 } });
});

test('one leads at a time, and another takes over when the lease runs out', () => {
  const { kernel, run, pass, client } = world();
  const leaders: string[] = [];
  const stand = (identity: string) => kernel.spawn(identity, runLeaderElection({
    kernel, client, namespace: 'kube-system', name: 'test', identity,
    *lead() {
      leaders.push(identity);
      yield () => () => undefined;
    },
  }), null);
  const first = stand('one');
  pass(seconds(1));
  stand('two');
  pass(seconds(60));
  expect(leaders).toEqual(['one']);
  first.cancel();
  pass(seconds(30));
  expect(leaders).toEqual(['one', 'two']);
  expect(run(client.get<Lease>(resources.leases, 'kube-system', 'test')).spec?.holderIdentity).toBe('two');
});
