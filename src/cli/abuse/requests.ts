import type { Chance } from '../fuzz/chance';
import { type Attack, ground, pause, request, session } from './target';

const json = { 'content-type': 'application/json' };
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const configMaps = `${ground}/configmaps`;
const garbage = (chance: Chance, length: number): Buffer => Buffer.from(Array.from({ length }, () => chance.below(256)));
const configMap = (chance: Chance, size = 20): string => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: chance.pick(names) }, data: { text: 'x'.repeat(size) } });

/** What any client does. */
const honestWork: Attack = (target, chance) => {
  const name = chance.pick(names);
  return request(target, chance.pick([
    { method: 'POST', path: configMaps, body: configMap(chance), headers: json },
    { method: 'GET', path: `${configMaps}/${name}` },
    { method: 'GET', path: configMaps, headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io', 'accept-encoding': 'gzip' } },
    { method: 'PATCH', path: `${configMaps}/${name}`, body: JSON.stringify({ data: { n: String(chance.below(1000)) } }), headers: { 'content-type': 'application/merge-patch+json' } },
    { method: 'PATCH', path: `${configMaps}/${name}?fieldManager=x&force=true`, body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data: { m: String(chance.below(1000)) } }), headers: { 'content-type': 'application/apply-patch+yaml' } },
    { method: 'DELETE', path: `${configMaps}/${name}` },
    { method: 'GET', path: '/openapi/v2', headers: { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' } },
    { method: 'GET', path: '/apis', headers: { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' } },
  ]));
};

const brokenBody: Attack = (target, chance) => {
  const whole = configMap(chance);
  const body = chance.pick<string | Buffer>([
    whole.slice(0, chance.below(whole.length)), garbage(chance, 200), '['.repeat(20_000), `{"metadata":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`, '{"metadata":{"name":"a","name":"b"}}', '{"data":{"n":1e999999}}', '"', '\u0000', 'null',
    Buffer.concat([Buffer.from('{"metadata":{"name":"'), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from('"}}')]), 'a: &a [*a, *a]\n', `a: &a [1]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n`,
  ]);
  const type = chance.pick(['application/json', 'application/yaml', 'application/merge-patch+json', 'application/json-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml', 'text/plain', '', 'application/json; charset=utf-16']);
  return request(target, { method: chance.pick(['POST', 'PUT', 'PATCH', 'DELETE']), path: chance.pick([configMaps, `${configMaps}/a`, `${ground}/pods`, '/apis/apps/v1/namespaces/abuse/deployments']), body, headers: { 'content-type': type } });
};

const badProtobuf: Attack = (target, chance) => {
  const body = Buffer.concat([Buffer.from('k8s\0'), chance.happens(0.5) ? garbage(chance, chance.below(3000)) : Buffer.from([0x0a, 0x0f, 0x0a, 0x02, 0x76, 0x31, 0x12, 0x09, ...Buffer.from('ConfigMap'), 0x12, chance.below(256), chance.below(256)])]);
  return request(target, { method: 'POST', path: configMaps, body, headers: { 'content-type': 'application/vnd.kubernetes.protobuf', accept: 'application/vnd.kubernetes.protobuf' } });
};

const strangeAddress: Attack = (target, chance) =>
  request(target, {
    method: chance.pick(['GET', 'OPTIONS', 'HEAD', 'TRACE', 'PUT', 'DELETE']),
    path: chance.pick(['/%zz', '/api/v1/%2e%2e/%2e%2e/x', `/${'a'.repeat(12_000)}`, '/api/v1/namespaces/abuse/configmaps?watch=1&timeoutSeconds=-1', '/api/v1/pods?limit=abc', '/api/v1/pods?continue=%00', '/api/v1/pods?labelSelector=%28%28', '/api/v1/pods?fieldSelector=,,,', '/api//v1///pods', '/api/v1/pods?resourceVersion=99999999999', '/proxy', '//', '/?']),
    headers: { authorization: chance.pick([`Bearer ${target.token}`, 'Bearer', 'Bearer x', 'Basic eA==', `Bearer ${'x.'.repeat(3000)}`, 'Negotiate abc']), 'impersonate-user': chance.pick(['a', 'system:admin', '%00']) },
  });

const hugeBody: Attack = (target, chance) => request(target, { method: 'POST', path: configMaps, body: configMap(chance, 1024 * 1024 * (1 + chance.below(12))), headers: json });

/** A watch, or a long list, that nobody reads to its end. */
const cutAnswer: Attack = (target, chance) => request(target, { method: 'GET', path: chance.pick([`${configMaps}?watch=1`, '/api/v1/pods?watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan', '/openapi/v2', '/api/v1/namespaces/honest/configmaps?watch=1']), hangUpAfter: chance.below(2000) });

/** Streams that are opened, left, reset and abandoned with their connection. */
const streams: Attack = (target, chance) => session(target, async (made) => {
  for (let left = 1 + chance.below(30); left > 0 && !made.closed && !made.destroyed; left--) {
    const stream = made.request({ ':method': chance.pick(['GET', 'POST']), ':path': chance.pick([`${configMaps}?watch=1`, configMaps, '/healthz']), authorization: `Bearer ${target.token}` }, { endStream: chance.happens(0.7) });
    stream.on('error', () => undefined);
    if (chance.happens(0.5)) stream.resume();
    if (chance.happens(0.4)) setTimeout(() => stream.close(8), chance.below(50));
  }
  await pause(chance.below(300));
  if (chance.happens(0.5)) made.destroy();
  else made.close();
});

/** Everything that is HTTP, by name. */
export const requestAttacks: Readonly<Record<string, Attack>> = { honestWork, brokenBody, badProtobuf, strangeAddress, hugeBody, cutAnswer, streams };
