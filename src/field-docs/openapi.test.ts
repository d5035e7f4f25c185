import { expect, test } from 'vitest';
import { createCluster } from '../simulator/cluster';
import { describeIn } from '.';

type Schema = { readonly description?: string; readonly properties?: Readonly<Record<string, Schema>> };

const widgets = {
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', description: 'A widget.', properties: { spec: { type: 'object', description: 'What it is like.' } } } } }],
  },
};

function published(describe = describeIn('en')) {
  const cluster = createCluster({ bare: true, describe });
  expect(cluster.request({ method: 'POST', url: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', body: widgets }).status).toBe(201);
  cluster.request({ method: 'GET', url: '/version' });
  const get = (url: string) => JSON.parse(cluster.request({ method: 'GET', url }).text ?? '') as { readonly definitions: Record<string, Schema>; readonly components: { readonly schemas: Record<string, Schema> } };
  return { old: get('/openapi/v2').definitions, core: get('/openapi/v3/api/v1').components.schemas, custom: get('/openapi/v3/apis/example.com/v1').components.schemas };
}

test('OpenAPI says of types and fields what the field documentation does, in both versions', () => {
  const { old, core } = published();
  const words = describeIn('en');
  for (const schemas of [old, core]) {
    for (const type of ['io.k8s.api.core.v1.Pod', 'io.k8s.api.core.v1.Container', 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', 'io.k8s.apimachinery.pkg.api.resource.Quantity']) {
      expect(schemas[type]?.description, type).toBe(words(type));
      for (const [field, { description }] of Object.entries(schemas[type]?.properties ?? {})) expect(description, `${type} ${field}`).toBe(words(type, field));
    }
  }
});

test('of custom resources it says what every object has; the rest stands in their definitions', () => {
  const { old, custom } = published();
  for (const schemas of [old, custom]) {
    const { description, properties } = schemas['com.example.v1.Widget'] ?? {};
    expect(description).toBe('A widget.');
    expect(properties?.['spec']?.description).toBe('What it is like.');
    for (const field of ['apiVersion', 'kind', 'metadata']) expect(properties?.[field]?.description).toBe(describeIn('en')('', field));
    expect(schemas['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta']?.properties?.['name']?.description).toContain('unique');
  }
});

test('without words it says nothing', () => {
  const { old, custom } = published(() => undefined);
  expect(old['io.k8s.api.core.v1.Pod']).not.toHaveProperty('description');
  expect(custom['com.example.v1.Widget']?.properties?.['kind']).toEqual({ type: 'string' });
});

test('the words that conformance specs look for are there', () => {
  const words = describeIn('en');
  expect(words('', 'apiVersion')).toMatch(/^APIVersion defines /);
  expect(words('', 'metadata')).toMatch(/^Standard object's metadata/);
  expect(words('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', 'creationTimestamp')).toMatch(/^CreationTimestamp is a timestamp/);
});
