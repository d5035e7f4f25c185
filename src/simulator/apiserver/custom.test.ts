import { expect, test } from 'vitest';
import type { ApiRequest, ApiResponse, KubeList, KubeObject, Status } from '../api';
import { createEtcd } from '../etcd';
import { createKernel, seconds } from '../kernel';
import { createApiServer, stampResourceVersion } from '.';

const admin = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };

function cluster() {
  const kernel = createKernel();
  const server = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }) });
  const request = (method: ApiRequest['method'], url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): ApiResponse => {
    const process = kernel.spawn('client', server.handle({ method, url, credentials: admin, headers, ...(body !== undefined && { body }) }), null);
    kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
    kernel.run({ to: kernel.now });
    return process.value;
  };
  request('POST', '/api/v1/namespaces', { metadata: { name: 'default' } });
  return { kernel, request };
}

const definition = {
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [{
      name: 'v1', served: true, storage: true, subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
      additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer', minimum: 1 }, color: { type: 'string', default: 'red' } } }, status: { type: 'object', properties: { size: { type: 'integer' } } } } } },
    }],
  },
};
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const widgets = '/apis/example.com/v1/namespaces/default/widgets';
const widget = (name: string, spec: object) => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec });

test('a definition is established and its objects are pruned, defaulted, checked and printed', () => {
  const { request } = cluster();
  expect(request('GET', widgets)).toMatchObject({ status: 404, text: '404 page not found\n' });
  request('POST', definitions, definition);
  const conditions = (request('GET', `${definitions}/widgets.example.com`).body as { status: { conditions: { type: string; status: string }[] } }).status.conditions;
  expect(conditions.map(({ type, status }) => `${type}=${status}`)).toEqual(['NamesAccepted=True', 'Established=True']);
  expect(request('POST', widgets, widget('a', { size: 3, odd: 1 })).body).toMatchObject({ spec: { size: 3, color: 'red' }, metadata: { generation: 1 } });
  expect((request('GET', `${widgets}/a`).body as { spec: object }).spec).not.toHaveProperty('odd');
  expect((request('POST', widgets, widget('b', { size: 0 })).body as Status).message).toContain('spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1');
  expect((request('GET', widgets, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }).body as { rows: { cells: unknown[] }[] }).rows[0]?.cells).toEqual(['a', 3]);
  expect(request('GET', '/apis/apiregistration.k8s.io/v1/apiservices/v1.example.com').status).toBe(200);
});

test('status and scale are subresources, and the definition takes its objects with it', () => {
  const { kernel, request } = cluster();
  request('POST', definitions, definition);
  request('POST', widgets, widget('a', { size: 3 }));
  expect(request('GET', `${widgets}/a/scale`).body).toMatchObject({ kind: 'Scale', spec: { replicas: 3 } });
  request('PATCH', `${widgets}/a/scale`, { spec: { replicas: 5 } }, { 'content-type': 'application/merge-patch+json' });
  request('PATCH', `${widgets}/a/status`, { status: { size: 4 }, spec: { size: 9 } }, { 'content-type': 'application/merge-patch+json' });
  expect(request('GET', `${widgets}/a`).body).toMatchObject({ spec: { size: 5 }, status: { size: 4 } });
  request('PATCH', `${widgets}/b?fieldManager=me`, widget('b', { size: 1 }), { 'content-type': 'application/apply-patch+yaml' });
  expect((request('GET', widgets).body as KubeList).items.map((item: KubeObject) => item.metadata?.name)).toEqual(['a', 'b']);
  request('DELETE', `${definitions}/widgets.example.com`);
  kernel.run({ to: kernel.now + seconds(5) });
  expect(request('GET', `${definitions}/widgets.example.com`).status).toBe(404);
  expect(request('GET', widgets).text).toBe('404 page not found\n');
  expect(request('GET', '/apis/apiregistration.k8s.io/v1/apiservices/v1.example.com').status).toBe(404);
});

test('what was stored before is read by the schema of today', () => {
  const { request } = cluster();
  request('POST', definitions, definition);
  request('POST', widgets, widget('a', { size: 3 }));
  const spec = definition.spec.versions[0]?.schema.openAPIV3Schema.properties.spec;
  const properties = { size: spec?.properties.size, shape: { type: 'string', default: 'round' } };
  const versions = [{ ...definition.spec.versions[0], schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } } }];
  request('PATCH', `${definitions}/widgets.example.com`, { spec: { versions } }, { 'content-type': 'application/merge-patch+json' });
  const read = request('GET', `${widgets}/a`).body as { spec: object };
  expect(read.spec).toEqual({ size: 3, shape: 'round' });
  expect((request('GET', widgets).body as KubeList).items).toMatchObject([{ spec: { size: 3, shape: 'round' } }]);
});
