import { expect, test } from 'vitest';
import type { ApiRequest, ApiResponse, ConfigMap, Status } from '../../../api';
import { createEtcd } from '../../../etcd';
import { Channel, createKernel, seconds, sleep, utf8Decode, utf8Encode } from '../../../kernel';
import { createApiServer, stampResourceVersion } from '../..';
import type { Dialler } from '../../nodes';

interface Answer { readonly status?: number; readonly text?: string; readonly response?: (uid: string) => object | undefined; readonly hangs?: boolean }

/** What the webhook says, by the name of the object. The expected texts are a 1.36.3 API server's. */
const answers: Readonly<Record<string, Answer>> = {
  d1: { response: (uid) => ({ uid, allowed: false }) },
  d2: { response: (uid) => ({ uid, allowed: false, status: { message: 'no way' } }) },
  d3: { response: (uid) => ({ uid, allowed: false, status: { message: 'teapot', code: 418, reason: 'Teapot' } }) },
  d4: { response: (uid) => ({ uid, allowed: false, status: { reason: 'Forbidden' } }) },
  d5: { response: () => ({ uid: 'x', allowed: true }) },
  d6: { status: 500, text: 'boom' },
  d7: { text: 'nope' },
  d8: { response: () => undefined },
  d9: { hangs: true },
  w1: { response: (uid) => ({ uid, allowed: true, warnings: ['careful'] }) },
  p1: { response: (uid) => ({ uid, allowed: true, patchType: 'JSONPatch', patch: btoa(JSON.stringify([{ op: 'add', path: '/data', value: { x: 'y' } }])) }) },
  p2: { response: (uid) => ({ uid, allowed: true, patch: btoa('[]') }) },
  p3: { response: (uid) => ({ uid, allowed: true, patchType: 'JSONPatch', patch: btoa('[{"op":"remove","path":"/nope"}]') }) },
};

function cluster(kind: 'Mutating' | 'Validating', more: object = {}) {
  const kernel = createKernel();
  const dialled: string[] = [];
  const dialler: Dialler = {
    *http({ address, port, serverName }, { url, body }) {
      dialled.push(`${address}:${port} ${serverName ?? ''} ${url}`);
      const { request } = JSON.parse(utf8Decode(body ?? new Uint8Array())) as { request: { uid: string; name: string } };
      const { status = 200, text, response, hangs } = answers[request.name] ?? { response: (uid: string) => ({ uid, allowed: true }) };
      if (hangs) yield* sleep(seconds(100));
      const channel = new Channel<Uint8Array>();
      channel.send(utf8Encode(text ?? JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: response?.(request.uid) })));
      channel.close();
      return { status, headers: {}, body: channel };
    },
  };
  const server = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }), dialler });
  const request = (method: ApiRequest['method'], url: string, body?: object): ApiResponse => {
    const process = kernel.spawn('client', server.handle({ method, url, credentials: { certificate: { commonName: 'admin', organizations: ['system:masters'] } }, ...(body && { body }) }), null);
    kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
    return process.value;
  };
  request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } });
  request('POST', '/api/v1/namespaces/a/services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'hook' }, spec: { clusterIP: '10.96.5.5', ports: [{ port: 443 }] } });
  const webhook = {
    name: 'hook.val.example.com', clientConfig: { service: { name: 'hook', namespace: 'a', path: '/x' } }, sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 1,
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }], ...more,
  };
  request('POST', `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}webhookconfigurations`, { apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration`, metadata: { name: 'h' }, webhooks: [webhook] });
  const create = (name: string) => request('POST', '/api/v1/namespaces/a/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
  return { create, dialled };
}

const said = ({ status, body }: ApiResponse) => `${status} ${(body as Status).reason ?? ''} ${(body as Status).message ?? ''}`.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'UID');
const failed = (reason: string) => `500 InternalError Internal error occurred: failed calling webhook "hook.val.example.com": ${reason}`;

test.each([
  ['d1', '400  admission webhook "hook.val.example.com" denied the request without explanation'],
  ['d2', '400  admission webhook "hook.val.example.com" denied the request: no way'],
  ['d3', '418 Teapot admission webhook "hook.val.example.com" denied the request: teapot'],
  ['d4', '400 Forbidden admission webhook "hook.val.example.com" denied the request: Forbidden'],
  ['d5', failed('received invalid webhook response: expected response.uid="UID", got "x"')],
  ['d6', failed('failed to call webhook: an error on the server ("boom") has prevented the request from succeeding')],
  ['d7', failed('failed to call webhook: couldn\'t get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }')],
  ['d8', failed('received invalid webhook response: webhook response was absent')],
  ['d9', failed('failed to call webhook: Post "https://hook.a.svc:443/x?timeout=1s": context deadline exceeded')],
  ['p1', failed('received invalid webhook response: validating webhook may not return response.patch')],
])('a validating webhook that answers %s', (name, expected) => {
  expect(said(cluster('Validating').create(name))).toBe(expected);
});

test('a validating webhook may warn, and is reached by its Service', () => {
  const { create, dialled } = cluster('Validating');
  expect(create('w1').headers?.['warning']).toBe('299 - "careful"');
  expect(dialled).toEqual(['10.96.5.5:443 hook.a.svc /x?timeout=1s']);
});

test('a mutating webhook patches the object', () => {
  expect((cluster('Mutating').create('p1').body as ConfigMap).data).toEqual({ x: 'y' });
  expect(said(cluster('Mutating').create('p2'))).toBe(failed('received invalid webhook response: webhook returned response.patch but not response.patchType'));
  expect(said(cluster('Mutating').create('p3'))).toBe("500 InternalError Internal error occurred: error in remove for path: '/nope': Unable to remove nonexistent key: nope: missing value");
});

test('a webhook that fails open is passed over; a missing Service is named', () => {
  expect(cluster('Validating', { failurePolicy: 'Ignore' }).create('d6').status).toBe(201);
  const { create } = cluster('Validating', { clientConfig: { service: { name: 'ghost', namespace: 'a' } } });
  expect(said(create('x'))).toBe(failed('failed to call webhook: Post "https://ghost.a.svc:443/?timeout=1s": service "ghost" not found'));
});
