import { expect, test } from 'vitest';
import type { ApiRequest, ApiResponse, KubeList, KubeObject, Status, WatchEvent } from '../api';
import { createEtcd } from '../etcd';
import { type Channel, createKernel, minutes, seconds } from '../kernel';
import { createApiServer, stampResourceVersion } from '.';

const admin = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };

function cluster() {
  const kernel = createKernel();
  const server = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }) });
  const request = (method: ApiRequest['method'], url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): ApiResponse => {
    const process = kernel.spawn('client', server.handle({ method, url, credentials: admin, headers, ...(body !== undefined && { body }) }), null);
    kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
    return process.value;
  };
  for (const name of ['default', 'other']) {
    request('POST', '/api/v1/namespaces', { metadata: { name } });
    request('POST', `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
  }
  return { kernel, server, request };
}

const configMap = (name: string, data?: Record<string, string>, metadata: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, ...(data && { data }) });
const path = '/api/v1/namespaces/default/configmaps';
const names = (response: ApiResponse) => (response.body as KubeList).items.map((item) => item.metadata?.name);
const drain = (events: Channel<WatchEvent>) => {
  const out: string[] = [];
  for (let event = events.poll(); event; event = events.poll()) out.push(`${event.type} ${event.object.metadata?.name ?? ''}`.trim());
  return out;
};

test('an object is created with what the server owns, and read back as the same frozen object', () => {
  const { request } = cluster();
  const created = request('POST', path, configMap('a', { k: 'v' }, { uid: 'mine', selfLink: '/x' }));
  expect(created.status).toBe(201);
  const object = created.body as KubeObject;
  expect(object.metadata).toMatchObject({ name: 'a', namespace: 'default', resourceVersion: expect.stringMatching(/^\d+$/), creationTimestamp: '2026-01-01T00:00:00Z' });
  expect(object.metadata?.uid).not.toBe('mine');
  expect(Object.isFrozen(object.metadata)).toBe(true);
  expect(request('GET', `${path}/a`).body).toBe(object);
});

test('what a change leaves alone stays the same object in every version', () => {
  const { request } = cluster();
  type Parts = Readonly<Record<'metadata' | 'spec' | 'status', Readonly<Record<string, unknown>>>>;
  const pods = '/api/v1/namespaces/default/pods';
  const made = request('POST', pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }).body as Parts;
  const condition = { type: 'Ready', status: 'False' };
  const patched = request('PATCH', `${pods}/p/status`, { status: { conditions: [condition] } }, { 'content-type': 'application/strategic-merge-patch+json' }).body as Parts;
  expect(patched.status['conditions']).toMatchObject([condition]);
  expect(patched.spec).toBe(made.spec);
  expect(patched.metadata['labels']).toBe(made.metadata['labels']);
  // A copy that says the same is as good; what else such a write says is ignored.
  const sent = JSON.parse(JSON.stringify(patched)) as Parts;
  const put = request('PUT', `${pods}/p/status`, { ...sent, spec: { ...sent.spec, nodeName: 'elsewhere' }, status: { ...sent.status, phase: 'Running' } }).body as Parts;
  expect(put.status).toMatchObject({ phase: 'Running' });
  expect(put.spec).toBe(made.spec);
  expect(put.status['conditions']).toBe(patched.status['conditions']);
  const again = request('PUT', `${pods}/p/status`, { ...put, status: { ...put.status, phase: 'Failed' } }).body as Parts;
  expect(again.status['phase']).toBe('Failed');
  expect(again.metadata['managedFields']).toBe(put.metadata['managedFields']);
});

test('errors are real Status objects', () => {
  const { request } = cluster();
  request('POST', path, configMap('a'));
  const message = (response: ApiResponse) => [response.status, (response.body as Status).reason, (response.body as Status).message];
  expect(message(request('POST', path, configMap('a')))).toEqual([409, 'AlreadyExists', 'configmaps "a" already exists']);
  expect(message(request('GET', `${path}/b`))).toEqual([404, 'NotFound', 'configmaps "b" not found']);
  expect(message(request('POST', path, configMap('')))).toEqual([422, 'Invalid', 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required']);
  expect(message(request('PUT', `${path}/a`, configMap('a', {}, { resourceVersion: '1' })))[2]).toMatch(/^Operation cannot be fulfilled on configmaps "a": the object has been modified/);
  expect(message(request('POST', path, { kind: 'Secret', apiVersion: 'v1' }))[2]).toBe('Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion');
  expect(message(request('POST', path, { kind: 'ConfigMap', apiVersion: 'v2' }))[2]).toBe('ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"');
  expect(message(request('POST', path, configMap('x', {}, { resourceVersion: '5' })))).toEqual([500, undefined, 'resourceVersion should not be set on objects to be created']);
  expect(message(request('DELETE', '/api/v1/namespaces'))[0]).toBe(405);
  expect(message(request('GET', '/api/v1/namespaces/default/nope'))[2]).toBe('the server could not find the requested resource');
  expect(request('GET', '/apis/nope/v1/things')).toMatchObject({ status: 404, text: '404 page not found\n' });
});

test('an update without change keeps the resourceVersion, one with change moves it', () => {
  const { request } = cluster();
  const version = (response: ApiResponse) => (response.body as KubeObject).metadata?.resourceVersion;
  const created = request('POST', path, configMap('a', { k: '1' }));
  expect(version(request('PUT', `${path}/a`, configMap('a', { k: '1' })))).toBe(version(created));
  expect(version(request('PUT', `${path}/a`, configMap('a', { k: '2' })))).not.toBe(version(created));
});

test('lists select by labels and fields, and go on page by page as of one revision', () => {
  const { request } = cluster();
  for (const name of ['d', 'b', 'a', 'c']) request('POST', path, configMap(name, undefined, { labels: { odd: String(name > 'b') } }));
  request('POST', '/api/v1/namespaces/other/configmaps', configMap('z'));
  expect(names(request('GET', path))).toEqual(['a', 'b', 'c', 'd']);
  expect(names(request('GET', `${path}?labelSelector=odd%3Dtrue`))).toEqual(['c', 'd']);
  expect(names(request('GET', '/api/v1/configmaps?fieldSelector=metadata.name%3Dz'))).toEqual(['z']);
  const first = request('GET', `${path}?limit=3`);
  const { metadata } = first.body as KubeList;
  expect(names(first)).toEqual(['a', 'b', 'c']);
  expect(metadata.remainingItemCount).toBe(1);
  request('POST', path, configMap('e'));
  expect(names(request('GET', `${path}?limit=3&continue=${metadata.continue}`))).toEqual(['d']);
});

test('a watch shows what exists, then each change, through its selector', () => {
  const { request } = cluster();
  request('POST', path, configMap('a'));
  const all = request('GET', `${path}?watch=1`).events as Channel<WatchEvent>;
  const labelled = request('GET', `${path}?watch=1&labelSelector=x`).events as Channel<WatchEvent>;
  const other = request('GET', '/api/v1/namespaces/other/configmaps?watch=1').events as Channel<WatchEvent>;
  request('PUT', `${path}/a`, configMap('a', {}, { labels: { x: '1' } }));
  request('PUT', `${path}/a`, configMap('a', {}, { labels: { y: '1' } }));
  request('DELETE', `${path}/a`);
  expect(drain(all)).toEqual(['ADDED a', 'MODIFIED a', 'MODIFIED a', 'DELETED a']);
  expect(drain(labelled)).toEqual(['ADDED a', 'DELETED a']);
  expect(drain(other)).toEqual([]);
});

test('a watch goes on from a revision, sends bookmarks and ends after its time', () => {
  const { kernel, request } = cluster();
  const created = request('POST', path, configMap('a')).body as KubeObject;
  request('PUT', `${path}/a`, configMap('a', { k: '2' }));
  const events = request('GET', `${path}?watch=1&resourceVersion=${created.metadata?.resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=90`).events as Channel<WatchEvent>;
  expect(drain(events)).toEqual(['MODIFIED a']);
  request('POST', '/api/v1/namespaces/other/configmaps', configMap('z'));
  kernel.run({ to: kernel.now + seconds(70) });
  expect(drain(events)).toEqual(['BOOKMARK']);
  kernel.run({ to: kernel.now + seconds(30) });
  expect(events.closed).toBe(true);
});

test('after compaction an old revision is gone', () => {
  const { kernel, request } = cluster();
  for (let i = 0; i < 3; i++) request('POST', path, configMap(`a${i}`));
  kernel.run({ to: kernel.now + minutes(11) });
  const events = request('GET', `${path}?watch=1&resourceVersion=2`).events as Channel<WatchEvent>;
  expect(events.poll()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  expect((request('GET', `${path}?resourceVersion=2&resourceVersionMatch=Exact`).body as Status).code).toBe(410);
});

test('finalizers hold a deleted object back until the last one is gone', () => {
  const { request } = cluster();
  request('POST', path, configMap('a', {}, { finalizers: ['example.com/hold'] }));
  expect((request('DELETE', `${path}/a`).body as KubeObject).metadata).toMatchObject({ deletionGracePeriodSeconds: 0, deletionTimestamp: '2026-01-01T00:00:00Z' });
  expect((request('POST', path, configMap('a')).body as Status).message).toBe('object is being deleted: configmaps "a" already exists');
  expect(request('PUT', `${path}/a`, configMap('a')).status).toBe(200);
  expect(request('GET', `${path}/a`).status).toBe(404);
});

test('the status subresource changes status alone, and events live in two groups', () => {
  const { request } = cluster();
  const pods = '/api/v1/namespaces/default/pods';
  request('POST', pods, { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'x' }] } });
  const changed = request('PUT', `${pods}/p/status`, { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'y' }] }, status: { phase: 'Running' } }).body;
  expect(changed).toMatchObject({ spec: { containers: [{ image: 'x' }] }, status: { phase: 'Running' } });
  request('POST', '/api/v1/namespaces/default/events', { metadata: { name: 'e' }, message: 'hi', involvedObject: { kind: 'Pod', namespace: 'default' } });
  expect(request('GET', '/apis/events.k8s.io/v1/namespaces/default/events/e').body).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: 'hi', regarding: { kind: 'Pod' } });
});
