import { expect, test } from 'vitest';
import { typeForKind } from '../catalog';
import { applySchemaDefaults, decodeValue } from '../decode';
import type { JsonObject } from '../patch';
import type { TypeSchema } from '../schema';
import { answerOf } from '../testdata/answers';
import { applyConfiguration, lastAppliedAnnotation, trackUpdate, upgradeManagedFields } from '.';

const typeOf = (group: string, kind: string): TypeSchema => {
  const type = typeForKind({ group, version: 'v1', kind });
  if (!type) throw new Error(kind);
  return type;
};
const configMap = typeOf('', 'ConfigMap');
const deployment = typeOf('apps', 'Deployment');
type Live = JsonObject & { metadata: { managedFields?: readonly { manager: string; operation: string; time?: string; fieldsV1: unknown }[] } };

let clock = 0;
const write = (manager: string, force = false) => ({ manager, apiVersion: 'v1', time: `2026-01-01T00:00:${String(++clock % 60).padStart(2, '0')}Z`, force });

function apply(type: TypeSchema, live: Live | undefined, config: JsonObject, manager: string, force = false): Live {
  const { object, managedFields } = applyConfiguration(type, live, config, write(manager, force));
  const decoded = decodeValue(type, object).object as unknown as Live;
  return { ...decoded, metadata: { ...decoded.metadata, ...(managedFields && { managedFields: managedFields as never }) } };
}

const data = (values: JsonObject | undefined): JsonObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...(values && { data: values }) });
const owners = (live: Live) => Object.fromEntries((live.metadata.managedFields ?? []).map((entry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]));

test('another value of an owned field is a conflict, an equal one is shared, a given-up one goes', () => {
  let live = apply(configMap, undefined, data({ k: '1', l: '1' }), 'one');
  expect(answerOf(() => apply(configMap, live, data({ k: '2' }), 'two'))).toEqual({ error: 'Apply failed with 1 conflict: conflict with "one": .data.k' });
  expect(answerOf(() => apply(configMap, live, data({ k: '2', l: '2' }), 'two'))).toEqual({ error: 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.k\n- .data.l' });
  live = apply(configMap, live, data({ k: '1' }), 'two');
  expect(owners(live)).toEqual({ 'two Apply': { 'f:data': { 'f:k': {} } }, 'one Apply': { 'f:data': { 'f:k': {}, 'f:l': {} } } });
  expect(live.metadata.managedFields?.[0]?.time).toBeUndefined();
  live = apply(configMap, live, data({ l: '1' }), 'one');
  expect(live['data']).toEqual({ k: '1', l: '1' });
  live = apply(configMap, live, data(undefined), 'two');
  expect(live['data']).toEqual({ l: '1' });
  expect(owners(live)).toEqual({ 'one Apply': { 'f:data': { 'f:l': {} } } });
  live = apply(configMap, live, data({ l: '5' }), 'two', true);
  expect(owners(live)).toEqual({ 'two Apply': { 'f:data': { 'f:l': {} } } });
});

test('plain writes own what they change', () => {
  const empty = decodeValue(configMap, {}).object;
  const made = decodeValue(configMap, data({ k: '1' })).object as unknown as Live;
  const first = trackUpdate(configMap, empty, made, write('create'));
  let live = { ...made, metadata: { ...made.metadata, managedFields: first } } as Live;
  expect(owners(live)).toEqual({ 'create Update': { 'f:data': { '.': {}, 'f:k': {} } } });
  const next = { ...live, data: { k: '2' } };
  live = { ...next, metadata: { ...next.metadata, managedFields: trackUpdate(configMap, live, next, write('patch')) } } as Live;
  expect(owners(live)).toEqual({ 'create Update': { 'f:data': {} }, 'patch Update': { 'f:data': { 'f:k': {} } } });
  expect(answerOf(() => apply(configMap, live, data({ k: '5' }), 'two'))).toEqual({ error: 'Apply failed with 1 conflict: conflict with "patch" using v1: .data.k' });
});

const spec = (containers: unknown, more: JsonObject = {}): JsonObject => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { template: { spec: { containers } }, ...more } });
const named = (...names: string[]) => names.map((name) => ({ name, image: name }));

test.each([
  [['a', 'b', 'c'], ['c', 'd'], ['a', 'b', 'c', 'd']],
  [['a', 'b', 'c', 'd'], ['d', 'a'], ['b', 'c', 'd', 'a']],
  [['b', 'c', 'd', 'a'], ['b', 'x', 'a'], ['b', 'c', 'd', 'x', 'a']],
  [['b', 'c', 'd', 'x', 'a'], ['e', 'c', 'f'], ['b', 'e', 'c', 'd', 'x', 'a', 'f']],
  [['b', 'e', 'c', 'd', 'x', 'a', 'f'], ['c', 'b', 'a'], ['e', 'c', 'd', 'x', 'f', 'b', 'a']],
  [['e', 'c', 'd', 'x', 'f', 'b', 'a'], ['y', 'b', 'z'], ['e', 'c', 'd', 'x', 'f', 'y', 'b', 'a', 'z']],
])('%j with %j applied gives the order %j', (before, config, after) => {
  const live = apply(deployment, undefined, spec(named(...before)), 'one');
  const result = apply(deployment, live, spec(named(...config)), 'two') as unknown as { spec: { template: { spec: { containers: { name: string }[] } } } };
  expect(result.spec.template.spec.containers.map((container) => container.name)).toEqual(after);
});

test.each([
  [spec(named('a'), { replicas: 'x' }), '.spec.replicas: expected numeric (int or float), got string'],
  [spec(named('a'), { paused: 'x' }), '.spec.paused: expected boolean, got &{x}'],
  [spec(named('a'), { strategy: [] }), '.spec.strategy: expected map, got &{[]}'],
  [spec({ a: 1 }), '.spec.template.spec.containers: expected list, got &{map[a:1]}'],
  [spec(named('a', 'a')), '.spec.template.spec.containers: duplicate entries for key [name="a"]'],
  [spec(['x']), '.spec.template.spec.containers: element 0: associative list with keys may not have non-map elements'],
  [spec([{ name: 'a', env: [null] }]), '.spec.template.spec.containers[name="a"].env: element 0: associative list with keys may not have a null element'],
  [spec([{ name: 1 }]), '.spec.template.spec.containers[name=1].name: expected string, got &value.valueUnstructured{Value:1}'],
])('%j does not fit the schema', (config, error) => {
  expect(answerOf(() => applyConfiguration(deployment, undefined, config, write('one')))).toEqual({ error });
});

test('a created object owns everything but the structs that are always there', () => {
  const object = decodeValue(deployment, { metadata: { labels: { x: 'y' } }, spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }, template: { spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } } } }).object;
  applySchemaDefaults(deployment, object);
  const [entry] = trackUpdate(deployment, decodeValue(deployment, {}).object, object, write('up')) as readonly { fieldsV1: unknown }[];
  expect(entry?.fieldsV1).toEqual({
    'f:metadata': { 'f:labels': { '.': {}, 'f:x': {} } },
    'f:spec': {
      'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {} }, 'f:type': {} },
      'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:ports': { '.': {}, 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} } }, 'f:resources': {} } } } },
    },
  });
});

test('kubectl takes over on the server what it applied on the client', () => {
  const last = JSON.stringify(data({ a: '1', b: '2' }));
  const made = decodeValue(configMap, { ...data({ a: '1', b: '2' }), metadata: { name: 'a', annotations: { [lastAppliedAnnotation]: last } } }).object as unknown as Live;
  const first = trackUpdate(configMap, decodeValue(configMap, {}).object, made, write('kubectl-client-side-apply'));
  const live = { ...made, metadata: { ...made.metadata, managedFields: first } } as Live;
  expect(answerOf(() => apply(configMap, live, data({ a: '9' }), 'other'))).toEqual({ error: 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a' });
  const taken = apply(configMap, live, data({ a: '9', c: '3' }), 'kubectl');
  expect(taken.metadata).toMatchObject({ annotations: { [lastAppliedAnnotation]: '{"apiVersion":"v1","data":{"a":"9","c":"3"},"kind":"ConfigMap","metadata":{"name":"a"}}\n' } });
  const elsewhere = { ...live, data: { a: '1', b: '7' } };
  expect(answerOf(() => apply(configMap, elsewhere, data({ b: '5' }), 'kubectl')).error).toContain('.data.b');
  expect(upgradeManagedFields(first, ['kubectl-client-side-apply'], 'kubectl')).toMatchObject([{ manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} } } }]);
});
