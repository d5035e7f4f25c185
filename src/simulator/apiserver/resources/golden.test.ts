import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ApiRequest, ApiResponse, Status } from '../../api';
import { allResources, type ResourceInfo } from '../../api';
import { createEtcd } from '../../etcd';
import { createKernel, seconds } from '../../kernel';
import { createApiServer, stampResourceVersion } from '..';

/**
 * What a real API server said about thousands of manifests (testdata/*.txt, made by testdata/record.mjs), asked again
 * of ours with all its plugins.
 */
const folder = new URL('./testdata/', import.meta.url).pathname;

function cluster() {
  const kernel = createKernel();
  const server = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }) });
  const credentials = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };
  const request = (method: ApiRequest['method'], url: string, body?: object, type = 'application/json'): ApiResponse => {
    const process = kernel.spawn('client', server.handle({ method, url, credentials, headers: { 'content-type': type }, ...(body && { body: new TextEncoder().encode(JSON.stringify(body)) }) }), null);
    kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
    return process.value;
  };
  request('POST', '/api/v1/namespaces', { metadata: { name: 'golden' } });
  request('POST', '/api/v1/namespaces/golden/serviceaccounts', { metadata: { name: 'default' } });
  return request;
}

type Request = ReturnType<typeof cluster>;
interface Section { readonly info: ResourceInfo; readonly apiVersion: string; readonly path: string }
interface Case { readonly section: Section; readonly line: string; readonly expected: string }

function sectionOf(line: string): Section {
  const [, apiVersion = '', resource = ''] = line.split(' ');
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const info = allResources().find((one) => one.group === group && one.version === version && one.resource === resource) as ResourceInfo;
  return { info, apiVersion, path: `${group === '' ? '/api' : '/apis'}/${apiVersion}${info.namespaced ? '/namespaces/golden' : ''}/${resource}` };
}

function casesOf(file: string): Case[] {
  const out: Case[] = [];
  let section: Section | undefined;
  for (const block of readFileSync(`${folder}${file}`, 'utf8').split('\n')) {
    if (block.startsWith('@ ')) section = sectionOf(block);
    else if (block.startsWith('> ')) out.push({ section: section as Section, line: block.slice(2), expected: '' });
    else if (block !== '' && !block.startsWith('#')) {
      const last = out.pop() as Case;
      out.push({ ...last, expected: last.expected === '' ? block : `${last.expected}\n${block}` });
    }
  }
  return out;
}

const sorted = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(sorted) : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)])) : value;

const hide = (text: string): string =>
  text.replace(/10\.96\.\d+\.\d+/g, 'IP').replace(/"(n|healthCheckN)odePort":3\d{4}/g, '"$1odePort":0').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID').replace(/kube-api-access-\w{5}/g, 'kube-api-access-ID').replace(/golden-\d+(?=["\\])/g, 'NAME');

/** Maps are checked in any order there. */
const inOrder = (text: string): string => (text.startsWith('422') ? text : text.replace(/^warning: unknown field.*\n/gm, ''));

function summary({ status, body, headers }: ApiResponse, withStatus: boolean): string {
  if (status === 422) return ['422', ...((body as Status).details?.causes ?? []).map(({ field, reason, message }) => `${field ?? ''}: ${reason} ${message}`.replaceAll('\n', '\\n'))].join('\n');
  if (status >= 300) return `${status} ${(body as Status).message ?? ''}`;
  const { metadata, kind: _kind, apiVersion: _version, status: own, ...rest } = JSON.parse(JSON.stringify(body)) as Record<string, unknown> & { metadata: { generation?: number } };
  const shown = withStatus && own !== undefined ? { ...rest, status: own } : rest;
  const warnings = (headers?.['warning'] ?? '').split(/, (?=299)/).filter((one) => one !== '').map((one) => `warning: ${JSON.parse(one.replace(/^299 - /, '')) as string}`);
  return [...warnings.filter((one) => !one.startsWith('warning: unknown field')), `${status}${metadata.generation === undefined ? '' : ` generation ${metadata.generation}`} ${JSON.stringify(sorted(shown))}`].join('\n');
}

let count = 0;

function answer(request: Request, { section, line }: Case): string {
  const [base = '', patch] = line.split(' => ');
  const given = JSON.parse(base) as { readonly metadata?: { readonly name?: string } };
  const name = given.metadata?.name ?? (patch === undefined ? 'x' : `golden-${count++}`);
  const object = { apiVersion: section.apiVersion, kind: section.info.kind, ...given, metadata: { name, ...given.metadata } };
  if (patch === undefined) return summary(request('POST', `${section.path}?dryRun=All`, object), true);
  request('POST', section.path, object);
  const isStatus = patch.startsWith('status ');
  const response = request('PATCH', `${section.path}/${name}${isStatus ? '/status' : ''}?dryRun=All`, JSON.parse(patch.replace(/^status /, '')) as object, 'application/merge-patch+json');
  request('DELETE', `${section.path}/${name}?gracePeriodSeconds=0`);
  return summary(response, isStatus);
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const cases = casesOf(file);
  const request = cluster();
  test.each(cases.map((one) => [`${one.section.info.kind} ${one.line.slice(0, 140)}`, one] as const))(`${file}: %s`, (_title, one) => {
    expect(hide(answer(request, one))).toBe(hide(inOrder(one.expected)));
  });
}
