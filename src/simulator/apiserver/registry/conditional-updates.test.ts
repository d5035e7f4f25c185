import { expect, test } from 'vitest';
import type { ApiRequest, ApiResponse, Status } from '../../api';
import { createEtcd } from '../../etcd';
import { createKernel, seconds } from '../../kernel';
import { createApiServer, stampResourceVersion } from '..';

function client() {
  const kernel = createKernel();
  const server = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }), admission: [] });
  const credentials = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };
  return (method: ApiRequest['method'], url: string, body: object): ApiResponse => {
    const process = kernel.spawn('client', server.handle({ method, url, credentials, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) }), null);
    kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
    return process.value;
  };
}

test.each([
  ['storage.k8s.io/v1/csidrivers', { spec: {} }],
  ['storage.k8s.io/v1/namespaces/default/csistoragecapacities', { storageClassName: 'a' }],
  ['node.k8s.io/v1/runtimeclasses', { handler: 'a' }],
  ['admissionregistration.k8s.io/v1/validatingwebhookconfigurations', { webhooks: [] }],
  ['admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings', { spec: { policyName: 'none' } }],
])('an update of %s has to say which version it changes', (resource, fields) => {
  const request = client();
  const object = { metadata: { name: 'a' }, ...fields };
  expect(request('POST', `/apis/${resource}`, object).status).toBe(201);
  const answer = request('PUT', `/apis/${resource}/a`, object);
  expect(answer.status).toBe(422);
  expect((answer.body as Status).details?.causes).toEqual([{ reason: 'FieldValueInvalid', message: 'Invalid value: 0: must be specified for an update', field: 'metadata.resourceVersion' }]);
});
