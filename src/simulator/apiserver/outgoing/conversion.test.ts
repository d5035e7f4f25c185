import { expect, test } from 'vitest';
import type { ApiResponse, KubeList, KubeObject } from '../../api';
import { seconds, sleep } from '../../kernel';
import { bodyOf, bundle, said, type Serve, ServedCluster } from './cluster.test-support';

type Thing = KubeObject & { spec?: Record<string, unknown> };
interface Review { readonly apiVersion: string; readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: readonly Thing[] } }

/** What the webhook does besides converting. */
let mode = 'good';
const asked: string[] = [];

/** v1 has spec.a, v2 has spec.b instead. */
function converted({ spec = {}, ...rest }: Thing, apiVersion: string): Thing {
  const { a, b, ...others } = spec;
  const value = a ?? b;
  return { ...rest, apiVersion, spec: { ...others, ...(value !== undefined && { [apiVersion.endsWith('v2') ? 'b' : 'a']: value }) } } as Thing;
}

const changes: Readonly<Record<string, (thing: Thing) => object>> = {
  version: (thing) => ({ ...thing, apiVersion: 'x.io/v9' }),
  kind: (thing) => ({ ...thing, kind: 'Zork' }),
  name: (thing) => ({ ...thing, metadata: { ...thing.metadata, name: 'other' } }),
  namespace: (thing) => ({ ...thing, metadata: { ...thing.metadata, namespace: 'zz' } }),
  label: (thing) => ({ ...thing, metadata: { ...thing.metadata, labels: { 'a/b/c': 'x' } } }),
  labels: (thing) => ({ ...thing, metadata: { ...thing.metadata, labels: { x: 'y' }, annotations: { p: 'q' }, finalizers: ['a/b'], generation: 77 } }),
  unknown: (thing) => ({ ...thing, spec: { ...thing.spec, zork: 1 } }),
};

const serve: Serve = function* (request) {
  const { apiVersion, request: { uid, desiredAPIVersion, objects } } = bodyOf(request) as unknown as Review;
  asked.push(`${desiredAPIVersion} ${objects.map(({ metadata }) => metadata?.name).join(' ')}`);
  if (mode === 'r500') return { status: 500, body: 'boom' };
  if (mode === 'hang') yield* sleep(seconds(100));
  const made = objects.map((object) => converted(object, desiredAPIVersion)).map((object) => changes[mode]?.(object) ?? object);
  const responses: Readonly<Record<string, object | undefined>> = {
    fail: { uid, result: { status: 'Failure', message: 'cannot do' } }, failed: { uid, result: { status: 'Failure' } }, nostatus: { uid, convertedObjects: made }, few: { uid, convertedObjects: [], result: { status: 'Success' } },
    uid: { uid: 'zz', convertedObjects: made, result: { status: 'Success' } }, none: undefined,
  };
  const response = mode in responses ? responses[mode] : { uid, convertedObjects: made, result: { status: 'Success' } };
  return { status: 200, body: JSON.stringify({ apiVersion, kind: 'ConversionReview', response }) };
};

const world = new ServedCluster({ hook: serve });
const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } } } } };
const version = (name: string, storage: boolean) => ({ name, served: true, storage, schema });
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
world.post(definitions, {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'things.ex.io' },
  spec: {
    group: 'ex.io', scope: 'Namespaced', names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' }, versions: [version('v1', true), version('v2', false)],
    conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig: { service: { name: 'hook', namespace: 'a' }, caBundle: bundle('ca1') } } },
  },
});
world.cluster.run({ atMost: seconds(3) });

const path = (of: string): string => `/apis/ex.io/${of}/namespaces/a/things`;
const thing = (of: string, name: string, spec: object) => ({ apiVersion: `ex.io/${of}`, kind: 'Thing', metadata: { name }, spec });
const specOf = (answer: ApiResponse): unknown => (answer.body as Thing).spec;
const merge = { 'content-type': 'application/merge-patch+json' };

/** What is said while the webhook does something wrong. */
function during<T>(what: string, act: () => T): T {
  mode = what;
  try {
    return act();
  } finally {
    mode = 'good';
  }
}

test('objects are stored in one version and shown in both', () => {
  expect(specOf(world.request('POST', path('v1'), thing('v1', 'one', { a: 'x' })))).toEqual({ a: 'x' });
  expect(specOf(world.request('POST', path('v2'), thing('v2', 'two', { b: 'y' })))).toEqual({ b: 'y' });
  expect(specOf(world.request('GET', `${path('v2')}/one`))).toEqual({ b: 'x' });
  expect(specOf(world.request('GET', `${path('v1')}/two`))).toEqual({ a: 'y' });
  const list = world.request('GET', path('v2')).body as KubeList;
  expect(list.items.map((item) => [item.apiVersion, (item as Thing).spec])).toEqual([['ex.io/v2', { b: 'x' }], ['ex.io/v2', { b: 'y' }]]);
  asked.length = 0;
  world.request('GET', path('v2'));
  world.request('GET', path('v1'));
  expect(asked).toEqual([]);
});

test('patches and server-side apply change what the asked version shows', () => {
  expect(specOf(world.request('PATCH', `${path('v2')}/one`, { spec: { b: 'z' } }, merge))).toEqual({ b: 'z' });
  expect(specOf(world.request('GET', `${path('v1')}/one`))).toEqual({ a: 'z' });
  const applied = world.request('PATCH', `${path('v2')}/one?fieldManager=ap&force=true`, thing('v2', 'one', { b: 'applied' }), { 'content-type': 'application/apply-patch+yaml' });
  expect([applied.status, specOf(applied)]).toEqual([200, { b: 'applied' }]);
  expect(specOf(world.request('POST', `${path('v2')}?dryRun=All`, thing('v2', 'dry', { b: 'y' })))).toEqual({ b: 'y' });
  expect(world.request('DELETE', `${path('v2')}/two`).status).toBe(200);
});

test('a watch of the other version shows converted objects, in order', () => {
  const seen: unknown[] = [];
  const task = world.cluster.kernel.spawn('watch', (function* () {
    const { events } = yield* world.cluster.handle({ method: 'GET', url: `${path('v2')}?watch=1`, credentials: { certificate: { commonName: 'admin', organizations: ['system:masters'] } } });
    for (let event = yield* events!.receive(); event; event = yield* events!.receive()) seen.push([event.type, event.object.apiVersion, (event.object as Thing).spec]);
  })(), null);
  world.cluster.run({ atMost: seconds(1) });
  world.request('PATCH', `${path('v1')}/one`, { spec: { a: 'q' } }, merge);
  world.request('PATCH', `${path('v1')}/one`, { spec: { a: 'r' } }, merge);
  world.cluster.run({ atMost: seconds(1) });
  expect(seen).toEqual([['ADDED', 'ex.io/v2', { b: 'applied' }], ['MODIFIED', 'ex.io/v2', { b: 'q' }], ['MODIFIED', 'ex.io/v2', { b: 'r' }]]);
  expect(task.state).toBe('running');
});

const head = 'conversion webhook for ex.io/v1, Kind=Thing';

test.each([
  ['fail', `${head} failed: cannot do`], ['failed', `${head} failed: response.result.status was 'Failure', not 'Success'`], ['nostatus', `${head} failed: response.result.status was '', not 'Success'`],
  ['few', `${head} returned 0 objects, expected 1`], ['none', `${head} failed: no response provided`], ['r500', `${head} failed: an error on the server ("boom") has prevented the request from succeeding`],
  ['version', `${head} returned invalid object at index 0: invalid groupVersion (expected ex.io/v2, received x.io/v9)`], ['kind', `${head} returned invalid object at index 0: invalid kind (expected Thing, received Zork)`],
  ['name', `${head} returned invalid object: must have the same name: one != other`], ['namespace', `${head} returned invalid object: must have the same namespace: a != zz`],
  ['hang', `${head} failed: Post "https://hook.a.svc:443/?timeout=30s": net/http: request canceled (Client.Timeout exceeded while awaiting headers)`],
])('a webhook that answers wrongly: %s', (what, message) => {
  during(what, () => {
    expect(said(world.request('GET', `${path('v2')}/one`))).toBe(`500  | ${message}`);
    if (what !== 'fail') return;
    world.request('PATCH', `${path('v1')}/one`, { metadata: { labels: { changed: 'yes' } } }, merge); // what was converted before is known
    const { status, headers, body } = world.request('GET', path('v2'));
    expect([status, headers?.['retry-after'], (body as unknown as { message: string }).message]).toEqual([429, '1', `storage is (re)initializing: failed to list ex.io/v2, Kind=Thing: ${message}`]);
    expect(said(world.request('POST', path('v2'), thing('v2', 'new', { b: 'x' })))).toBe('500  | conversion webhook for ex.io/v2, Kind=Thing failed: cannot do');
    expect(said(world.request('PATCH', `${path('v2')}/one`, { spec: { b: 'q' } }, merge))).toBe(`500  | ${message}`);
    expect(said(world.request('DELETE', `${path('v2')}/one?dryRun=All`))).toBe(`500  | ${message}`);
    expect(world.request('GET', `${path('v1')}/one`).status).toBe(200);
  });
});

test('a webhook may change labels and annotations, nothing else of the metadata; what the schema does not know goes', () => {
  const { metadata } = during('labels', () => world.request('GET', `${path('v2')}/one`)).body as Thing;
  expect([metadata?.labels, metadata?.annotations, metadata?.finalizers]).toEqual([{ x: 'y' }, { p: 'q' }, undefined]);
  expect(during('label', () => said(world.request('GET', `${path('v2')}/one`)))).toContain(`${head} returned invalid metadata: metadata.labels: Invalid value: "a/b/c": `);
  expect(specOf(during('unknown', () => world.request('GET', `${path('v2')}/one`)))).toEqual({ b: 'r' });
});

test('a definition and its objects go even when nobody converts', () => {
  during('fail', () => {
    world.request('DELETE', `${definitions}/things.ex.io`);
    world.cluster.run({ atMost: seconds(30) });
    expect(world.request('GET', `${definitions}/things.ex.io`).status).toBe(404);
  });
});
