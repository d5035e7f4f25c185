import { expect, test } from 'vitest';
import { createKernel, seconds, sleep } from '../kernel';
import { type Change, type Command, CompactedError, createEtcd, FutureRevisionError, MvccStore, type Snapshot } from '.';

const put = (key: string, value: object, lease?: number) => ({ type: 'transaction' as const, compare: [], success: [{ type: 'put' as const, key, value, ...(lease !== undefined && { lease }) }], failure: [] });
const remove = (key: string, end?: string) => ({ type: 'transaction' as const, compare: [], success: [{ type: 'delete' as const, key, ...(end !== undefined && { end }) }], failure: [] });
const names = (store: MvccStore, revision?: number) => store.range('/a/', '/a0', revision === undefined ? {} : { revision }).entries.map((entry) => entry.key);

test('a key carries its create and mod revision and its version', () => {
  const store = new MvccStore();
  store.apply(put('/a/x', { n: 1 }));
  store.apply(put('/a/y', { n: 2 }));
  store.apply(put('/a/x', { n: 3 }));
  expect(store.get('/a/x')).toMatchObject({ value: { n: 3 }, createRevision: 2, modRevision: 4, version: 2 });
  store.apply(remove('/a/x'));
  store.apply(put('/a/x', { n: 4 }));
  expect(store.get('/a/x')).toMatchObject({ createRevision: 6, modRevision: 6, version: 1 });
});

test('a transaction compares first, and a failed one without operations makes no revision', () => {
  const store = new MvccStore();
  const create = { type: 'transaction' as const, compare: [{ key: '/a/x', target: 'mod' as const, operator: '=' as const, value: 0 }], success: [{ type: 'put' as const, key: '/a/x', value: {} }], failure: [] };
  expect(store.apply(create)).toMatchObject({ succeeded: true, revision: 2 });
  expect(store.apply(create)).toMatchObject({ succeeded: false, revision: 2 });
});

test('a range can be read as of an older revision, until that is compacted', () => {
  const store = new MvccStore();
  store.apply(put('/a/x', {}));
  store.apply(put('/a/y', {}));
  store.apply(remove('/a/x'));
  expect(names(store)).toEqual(['/a/y']);
  expect(names(store, 3)).toEqual(['/a/x', '/a/y']);
  expect(names(store, 2)).toEqual(['/a/x']);
  expect(store.range('/a/', '/a0', { limit: 1, revision: 3 })).toMatchObject({ remaining: 1 });
  store.apply({ type: 'compact', revision: 3 });
  expect(names(store, 3)).toEqual(['/a/x', '/a/y']);
  expect(() => names(store, 2)).toThrow(CompactedError);
  expect(() => names(store, 99)).toThrow(FutureRevisionError);
  store.apply({ type: 'compact', revision: 4 });
  expect(store.size).toBe(1);
});

test('watchers see each change with what was there before, and history repeats it', () => {
  const store = new MvccStore();
  const seen: Change[] = [];
  const stop = store.watch('/a/', (change) => seen.push(change));
  store.apply(put('/a/x', { n: 1 }));
  store.apply(put('/b/x', { n: 1 }));
  store.apply(put('/a/x', { n: 2 }));
  store.apply(remove('/a/', '/a0'));
  stop();
  store.apply(put('/a/z', {}));
  expect(seen.map((change) => [change.revision, (change.previous?.value as { n?: number })?.n, (change.current?.value as { n?: number })?.n])).toEqual([[2, undefined, 1], [4, 1, 2], [5, 2, undefined]]);
  expect(store.history('/a/', 2).slice(0, 2)).toEqual(seen.slice(1));
});

test('a stored value is stamped with its revision and frozen', () => {
  const store = new MvccStore((value, revision) => Object.assign(value, { revision }));
  store.apply(put('/a/x', { n: 1 }));
  expect(store.get('/a/x')?.value).toEqual({ n: 1, revision: 2 });
  expect(Object.isFrozen(store.get('/a/x')?.value)).toBe(true);
});

test('many keys stay in order whatever order they come in', () => {
  const store = new MvccStore();
  const keys = Array.from({ length: 3000 }, (_, i) => `/a/${(i * 7919) % 3000}`);
  for (const key of keys) store.apply(put(key, {}));
  expect(names(store)).toEqual([...keys].sort());
});

test('a lease deletes its keys when it runs out, unless it is kept alive', () => {
  const kernel = createKernel();
  const etcd = createEtcd({ kernel });
  kernel.spawn('client', (function* () {
    const lease = yield* etcd.grantLease(seconds(10));
    yield* etcd.propose(put('/a/x', {}, lease));
    yield* sleep(seconds(8));
    etcd.keepAlive(lease);
  })());
  kernel.run({ to: kernel.now + seconds(15) });
  expect(etcd.get('/a/x')).toBeDefined();
  kernel.run({ to: kernel.now + seconds(5) });
  expect(etcd.get('/a/x')).toBeUndefined();
});

test('a member that is made again from what was kept goes on as if it had never stopped', () => {
  const kernel = createKernel();
  const journal: Command[] = [];
  const etcd = createEtcd({ kernel, journal: (command) => void journal.push(structuredClone(command)) });
  let snapshot: Snapshot | undefined;
  kernel.spawn('client', (function* () {
    const lease = yield* etcd.grantLease(seconds(10));
    yield* etcd.propose(put('/a/leased', {}, lease));
    yield* etcd.propose(put('/a/x', { n: 1 }));
    yield* etcd.propose(put('/a/gone', {}));
    snapshot = structuredClone(etcd.snapshot());
    journal.length = 0;
    yield* etcd.propose(put('/a/x', { n: 2 }));
    yield* etcd.propose(remove('/a/gone'));
    yield* etcd.propose(remove('/a/never'));
  })());
  kernel.run({ to: kernel.now + seconds(1) });
  expect(journal).toHaveLength(2);

  const later = createKernel();
  const again = createEtcd({ kernel: later, kept: { snapshot, commands: journal } });
  expect(again.snapshot()).toEqual(etcd.snapshot());
  expect(again.get('/a/x')).toMatchObject({ value: { n: 2 }, createRevision: 3, modRevision: 5, version: 2 });
  expect(again.history('/a/', 4).map(({ key }) => key)).toEqual(['/a/x', '/a/gone']);
  expect(() => again.history('/a/', 2)).toThrow(CompactedError);
  later.spawn('client', (function* () {
    expect(yield* again.grantLease(seconds(99))).toBe(2);
  })());
  later.run({ to: later.now + seconds(11) });
  expect(again.get('/a/leased')).toBeUndefined();
});
