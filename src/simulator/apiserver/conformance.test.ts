// What Kubernetes' conformance specs found; each answer was seen on Kubernetes 1.36.3.
import { expect, test } from 'vitest';
import { type ApiRequest, type ApiResponse, base64Encode, type KubeList, type KubeObject, type Status } from '../api';
import { createEtcd } from '../etcd';
import { createKernel, seconds, utf8Encode } from '../kernel';
import { createApiServer, stampResourceVersion } from '.';

function server() {
  const kernel = createKernel();
  const { handle } = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }) });
  const credentials = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };
  return (method: ApiRequest['method'], url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): ApiResponse => {
    const process = kernel.spawn('client', handle({ method, url, credentials, headers, ...(body !== undefined && { body }) }), null);
    kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
    kernel.run({ to: kernel.now });
    return process.value;
  };
}

test('events are selected by the names that their version has for fields', () => {
  const request = server();
  const event = { metadata: { name: 'one', namespace: 'default' }, eventTime: '2026-01-01T00:00:00.000000Z', reportingController: 'ctl', reportingInstance: 'i', action: 'Do', reason: 'R', type: 'Normal', regarding: { kind: 'Pod', namespace: 'default', name: 'x' } };
  expect(request('POST', '/apis/events.k8s.io/v1/namespaces/default/events', event).status).toBe(201);
  const found = (path: string, selector: string): unknown => {
    const { status, body } = request('GET', `${path}/namespaces/default/events?fieldSelector=${selector}`);
    return status === 200 ? (body as KubeList).items.length : (body as Status).message;
  };
  for (const selector of ['reportingController=ctl', 'regarding.name=x']) {
    expect(found('/apis/events.k8s.io/v1', selector)).toBe(1);
    expect(found('/api/v1', selector)).toBe(`field label not supported: ${selector.split('=')[0]}`);
  }
  for (const selector of ['reportingComponent=ctl', 'source=ctl', 'involvedObject.name=x']) {
    expect(found('/api/v1', selector)).toBe(1);
    expect(found('/apis/events.k8s.io/v1', selector)).toBe(`field label not supported: ${selector.split('=')[0]}`);
  }
  expect(found('/apis/events.k8s.io/v1', 'regarding.name=y')).toBe(0);
});

test('a review has no table, but metadata of its own', () => {
  const request = server();
  const review = { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } };
  const ask = (as: string): ApiResponse => request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, { accept: `application/json;as=${as};v=v1;g=meta.k8s.io` });
  expect(ask('Table')).toMatchObject({ status: 406, body: { reason: 'NotAcceptable', message: 'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf' } });
  expect(ask('PartialObjectMetadata').status).toBe(201);
});

test('the status of a certificate request takes conditions in any order, and none that is a decision', () => {
  const request = server();
  const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const pem = '-----BEGIN CERTIFICATE REQUEST-----\nMIGOMEICAQAwDzENMAsGA1UEAwwEamFuZTAqMAUGAytlcAMhADsGPRy2pew+W50rSUBlAkbT2JcejZwB9Lqsjb07gfz5oAAwBQYDK2VwA0EAZPMIXAy6ZzUrRtPwQJcBIx8SMG0iYWamyGr6QRFGEhGHwWeNqxoLI6bmvYHeWeQqCbJ7GlY+4tmSBu3/gDaSDA==\n-----END CERTIFICATE REQUEST-----\n';
  request('POST', path, { metadata: { name: 'a' }, spec: { request: base64Encode(utf8Encode(pem)), signerName: 'example.com/x', usages: ['digital signature'] } });
  const put = (subresource: string, ...types: string[]): unknown => {
    const current = request('GET', `${path}/a`).body as KubeObject;
    const { status, body } = request('PUT', `${path}/a/${subresource}`, { ...current, status: { conditions: types.map((type) => ({ type, status: 'True', reason: 'r' })) } });
    return status === 200 ? ((body as { status: { conditions?: { type: string }[] } }).status.conditions ?? []).map(({ type }) => type) : (body as Status).message?.replace(/^.*is invalid: /, '');
  };
  const removed = (type: string): string => `status.conditions: Forbidden: updates may not remove a condition of type "${type}"`;
  const added = (type: string): string => `status.conditions: Forbidden: updates may not add a condition of type "${type}"`;
  expect(put('status', 'Approved')).toBe(added('Approved'));
  expect(put('approval', 'Mine', 'Approved')).toEqual(['Mine', 'Approved']);
  expect(put('status', 'Mine', 'Approved', 'Last')).toEqual(['Mine', 'Approved', 'Last']);
  expect(put('status', 'Mine')).toBe(removed('Approved'));
  expect(put('status', 'Denied')).toBe(`[${removed('Approved')}, ${added('Denied')}]`);
  expect(put('status', 'Approved', 'Failed')).toEqual(['Approved', 'Failed']);
  expect(put('approval', 'Approved')).toBe(removed('Failed'));
});

const specSchema = {
  type: 'object', description: 'what is wanted',
  properties: {
    maybe: { type: 'string', nullable: true, description: 'perhaps' }, either: { 'x-kubernetes-int-or-string': true }, one: { type: 'string', default: 'x', enum: ['x'], anyOf: [{ minLength: 1 }] },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { k: { type: 'string' } } }, list: { type: 'array', items: { type: 'string', nullable: true } },
    pod: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: { type: 'object' } } },
  },
};

test('custom resources are published, in OpenAPI 2.0 as far as it has words for them', () => {
  const request = server();
  const define = (plural: string, kind: string, openAPIV3Schema: object): void => {
    const body = { metadata: { name: `${plural}.example.com` }, spec: { group: 'example.com', scope: 'Namespaced', names: { plural, kind }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }] } };
    expect(request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', body).status).toBe(201);
    request('GET', '/version');
  };
  define('closeds', 'Closed', { type: 'object', description: 'closed', properties: { spec: specSchema } });
  define('opens', 'Open', { type: 'object', description: 'open', 'x-kubernetes-preserve-unknown-fields': true, properties: { spec: { type: 'object' } } });
  const { definitions } = JSON.parse(request('GET', '/openapi/v2').text ?? '') as { definitions: Record<string, { properties?: Record<string, { properties: Record<string, unknown> }> }> };
  expect(definitions['com.example.v1.Open']).toEqual({ type: 'object', 'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Open', version: 'v1' }] });
  expect(definitions['com.example.v1.OpenList']?.properties).toMatchObject({ items: { type: 'array', items: { $ref: '#/definitions/com.example.v1.Open' } } });
  const { pod, ...old } = definitions['com.example.v1.Closed']?.properties?.['spec']?.properties ?? {};
  expect(old).toEqual({
    maybe: { description: 'perhaps' }, either: { 'x-kubernetes-int-or-string': true }, one: { type: 'string', enum: ['x'] }, open: { 'x-kubernetes-preserve-unknown-fields': true }, list: { type: 'array', items: {} },
  });
  expect(pod).toMatchObject({ type: 'object', required: ['kind', 'apiVersion'], properties: { metadata: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }, spec: { type: 'object' } } });
  const { components } = JSON.parse(request('GET', '/openapi/v3/apis/example.com/v1').text ?? '') as { components: { schemas: Record<string, { properties: Record<string, { properties: Record<string, unknown> }> }> } };
  expect(components.schemas['com.example.v1.Closed']?.properties['spec']?.properties).toMatchObject({ maybe: { type: 'string', nullable: true }, either: { anyOf: [{ type: 'integer' }, { type: 'string' }] }, open: specSchema.properties.open });
});

test('what a custom resource keeps without declaring it may be applied, and is owned; below it, what is pruned is owned as well', () => {
  const request = server();
  request('POST', '/api/v1/namespaces', { metadata: { name: 'n' } });
  const spec = { type: 'object', properties: { a: { type: 'string' }, ports: { type: 'array', 'x-kubernetes-list-map-keys': ['p'], 'x-kubernetes-list-type': 'map', items: { type: 'object', required: ['p'], properties: { p: { type: 'integer' } } } } } };
  const open = { 'x-kubernetes-preserve-unknown-fields': true };
  const schemas = { Rooted: { type: 'object', ...open, properties: { spec } }, Inner: { type: 'object', properties: { spec: { ...spec, ...open } } }, Closed: { type: 'object', properties: { spec } } };
  for (const [kind, openAPIV3Schema] of Object.entries(schemas)) {
    const plural = `${kind.toLowerCase()}s`;
    request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { metadata: { name: `${plural}.example.com` }, spec: { group: 'example.com', scope: 'Namespaced', names: { plural, kind }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }] } });
  }
  const apply = (kind: string, more: object): unknown => {
    const { status, body } = request('PATCH', `/apis/example.com/v1/namespaces/n/${kind.toLowerCase()}s/x?fieldManager=a&force=true`, { apiVersion: 'example.com/v1', kind, metadata: { name: 'x' }, ...more }, { 'content-type': 'application/apply-patch+yaml' });
    if (status >= 300) return (body as Status).message?.replace(/^.*: errors?:\s*|^.*?\): /s, '');
    const { spec: kept, zz, metadata } = body as { spec?: unknown; zz?: unknown; metadata: { managedFields: { fieldsV1: unknown }[] } };
    return [kept ?? zz, metadata.managedFields[0]?.fieldsV1];
  };
  const unknown = { spec: { a: 'x', unk: { b: [{ c: 1 }] } } };
  const nested = { spec: { ports: [{ p: 1, unk: 2 }] } };
  const ownsUnknown = { 'f:spec': { 'f:a': {}, 'f:unk': { '.': {}, 'f:b': {} } } };
  const ownsNested = { 'f:spec': { 'f:ports': { 'k:{"p":1}': { '.': {}, 'f:p': {}, 'f:unk': {} } } } };
  expect(apply('Rooted', { zz: { y: [1] } })).toEqual([{ y: [1] }, { 'f:zz': { '.': {}, 'f:y': {} } }]);
  expect(apply('Rooted', unknown)).toEqual([{ a: 'x' }, ownsUnknown]);
  expect(apply('Inner', unknown)).toEqual([unknown.spec, ownsUnknown]);
  for (const kind of ['Rooted', 'Inner']) expect(apply(kind, nested)).toEqual([{ ports: [{ p: 1 }] }, ownsNested]);
  expect(apply('Inner', { zz: 1 })).toBe('.zz: field not declared in schema');
  expect(apply('Closed', unknown)).toBe('.spec.unk: field not declared in schema');
  expect(apply('Closed', nested)).toBe('.spec.ports[p=1].unk: field not declared in schema');
});

test('keys that an applied configuration sets twice are told with their lines', () => {
  const request = server();
  const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: d\ndata:\n  a: "1"\n  b: "2"\n  a: "3"\nmetadata:\n  name: d\n  labels: {x: y, x: z}\n';
  const apply = (validation: string, text: string): ApiResponse => request('PATCH', `/api/v1/namespaces/default/configmaps/d?fieldManager=a&dryRun=All&fieldValidation=${validation}`, utf8Encode(text), { 'content-type': 'application/apply-patch+yaml' });
  const lines = ['line 8: key "a" already set in map', 'line 11: key "x" already set in map', 'line 10: key "metadata" already set in map'];
  expect(apply('Strict', yaml)).toMatchObject({ status: 400, body: { reason: 'BadRequest', message: `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n${lines.map((line) => `  ${line}`).join('\n')}` } });
  expect(apply('Warn', yaml)).toMatchObject({ status: 201, headers: { warning: lines.map((line) => `299 - ${JSON.stringify(line)}`).join(', ') }, body: { data: { a: '3' }, metadata: { labels: { x: 'z' } } } });
  expect(apply('Ignore', yaml).headers?.['warning']).toBeUndefined();
  const json = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d","labels":{"x":"1","x":"2"}},\n"data":{"a":"1",\n"a":"2"}}';
  expect((apply('Strict', json).body as Status).message).toContain('\n  line 1: key "x" already set in map\n  line 3: key "a" already set in map');
  expect(apply('Strict', `${yaml}other: 1\n`)).toMatchObject({ status: 500, body: { message: expect.stringContaining('.other: field not declared in schema') as string } });
});
