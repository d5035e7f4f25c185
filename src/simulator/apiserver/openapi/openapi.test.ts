import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../../../tools/oracle/openapi-digest.mjs';
import { createCluster } from '../../cluster';

const digests = JSON.parse(readFileSync(path.join(import.meta.dirname, 'testdata/digests.json'), 'utf8')) as Readonly<Record<string, string>>;

function server() {
  const cluster = createCluster({ bare: true, nodes: 0 });
  return (url: string, headers: Readonly<Record<string, string>> = {}) => cluster.request({ method: 'GET', url, headers });
}

interface Path { readonly parameters?: readonly { readonly name: string }[]; readonly [method: string]: unknown }
interface Swagger { readonly paths: Readonly<Record<string, Path>>; readonly definitions: Readonly<Record<string, unknown>>; readonly info: unknown }

test('every document of OpenAPI 3 says what the real one does, but for the words', () => {
  const get = server();
  const { paths } = get('/openapi/v3').body as { readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>> };
  expect(Object.keys(paths)).toEqual(Object.keys(digests));
  const differing = Object.entries(paths).filter(([name, { serverRelativeURL }]) => digestOf(JSON.parse(get(serverRelativeURL).text ?? '')) !== digests[name]);
  expect(differing.map(([name]) => name)).toEqual([]);
});

test('OpenAPI 2 has the same operations, and whatever it refers to', () => {
  const get = server();
  const text = get('/openapi/v2').text ?? '';
  const { paths, definitions, info } = JSON.parse(text) as Swagger;
  expect(info).toEqual({ title: 'Kubernetes', version: '1.36' });
  expect(Object.keys(paths)).toHaveLength(Object.keys(digests).reduce((sum, name) => sum + Object.keys((JSON.parse(get(`/openapi/v3/${name}`).text ?? '') as Swagger).paths).length, 0));
  expect(paths['/api/v1/namespaces/{namespace}/pods/{name}']?.['patch']).toMatchObject({ operationId: 'patchCoreV1NamespacedPod', consumes: ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'] });
  expect(paths['/api/v1/namespaces/{namespace}/bindings']?.parameters?.map(({ name }) => name)).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'namespace', 'pretty']);
  for (const [, name] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) expect(definitions).toHaveProperty([name ?? '']);
});

test('a document is not sent again to who has it, and one with another hash has moved', () => {
  const get = server();
  const url = '/openapi/v3/apis/apps/v1';
  const { etag = '' } = get(url).headers ?? {};
  const hash = etag.slice(1, -1);
  expect(hash).toMatch(/^[0-9A-F]{64,}$/);
  expect(get(url, { 'if-none-match': etag })).toMatchObject({ status: 304, headers: { etag } });
  expect(get(url, { 'if-none-match': etag }).text).toBeUndefined();
  expect(get(`${url}?hash=${hash}`)).toMatchObject({ status: 200, headers: { 'cache-control': 'public, immutable' } });
  expect(get(`${url}?hash=OLD`)).toMatchObject({ status: 301, headers: { location: `${url}?hash=${hash}` } });
  expect(get(url, { accept: 'text/html' }).status).toBe(406);
  expect(get('/openapi/v3/').status).toBe(404);
  expect(get('/openapi/v3/apis/no.such/v1').status).toBe(404);
});
