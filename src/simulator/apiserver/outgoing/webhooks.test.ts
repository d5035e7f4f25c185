import { expect, test } from 'vitest';
import type { ApiResponse, ConfigMap, StatusCause, Status } from '../../api';
import { base64Encode } from '../../api';
import { seconds, sleep, utf8Encode } from '../../kernel';
import { bodyOf, bundle, said, type Serve, ServedCluster } from './cluster.test-support';

interface Review { readonly apiVersion: string; readonly request: { readonly uid: string; readonly name?: string; readonly object: { readonly data?: Readonly<Record<string, string>> } | null } }

const patch = (value: unknown) => ({ allowed: true, patchType: 'JSONPatch', patch: base64Encode(utf8Encode(typeof value === 'string' ? value : JSON.stringify(value))) });

/** Responses by the name of the object; `uid` is added where it is missing. */
const responses: Readonly<Record<string, unknown>> = {
  d1: { allowed: false }, d2: { allowed: false, status: { message: 'no way' } }, codeonly: { allowed: false, status: { code: 418 } }, code301: { allowed: false, status: { message: 'm', code: 301 } },
  code401: { allowed: false, status: { message: 'm', code: 401, reason: 'Unauthorized' } }, reason: { allowed: false, status: { reason: 'Forbidden' } },
  allowedstr: { allowed: 'yes' }, statusstr: { allowed: false, status: 'x' }, warnnum: { allowed: true, warnings: [1] }, uidnum: { uid: 5, allowed: true },
  wronguid: { uid: 'x', allowed: true }, noresp: undefined, p1: patch([{ op: 'add', path: '/data', value: { x: 'y' } }]), pbad64: { allowed: true, patchType: 'JSONPatch', patch: '%%%' }, pnojson: patch('nope'), pobj: patch({ op: 'add' }),
  pnull: patch('null'), pbadop: patch([{ op: 'frob', path: '/data' }]), pnopath: patch([{ op: 'remove' }]), premove: patch([{ op: 'remove', path: '/nope' }]), ptest: patch([{ op: 'test', path: '/metadata/name', value: 'zz' }]),
  pdeep: patch([{ op: 'add', path: '/a/b/c', value: 1 }]), ptype: patch([{ op: 'add', path: '/data', value: 'str' }]), punknown: patch([{ op: 'add', path: '/zork', value: 1 }]), pname: patch([{ op: 'replace', path: '/metadata/name', value: 'other' }]),
  pns: patch([{ op: 'replace', path: '/metadata/namespace', value: 'other' }]), pkind: patch([{ op: 'replace', path: '/kind', value: 'Secret' }]), pwhole: patch([{ op: 'replace', path: '', value: {} }]), pinvalid: patch([{ op: 'add', path: '/data', value: { 'bad key': 'y' } }]),
  pnotype: { allowed: true, patch: base64Encode(utf8Encode('[]')) }, ptypeonly: { allowed: true, patchType: 'JSONPatch' }, pmergelist: { ...patch([{ op: 'remove', path: '/data' }]), patchType: 'MergePatch' }, pemptytype: { ...patch([]), patchType: '' }, stcode: { allowed: false, status: { code: 'x' } },
  pdeny: { ...patch([]), allowed: false, status: { message: 'nop' } },
};
/** Whole answers. */
const raw: Readonly<Record<string, readonly [status: number, text: string, header?: readonly [string, string]]>> = {
  r500: [500, 'boom'], r404: [404, '404 page not found\n'], r302: [302, '', ['Location', 'https://localhost:9/zz']], r204: [204, ''], r400json: [400, '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"stat msg","reason":"BadRequest","code":400}'],
  r503: [503, 'unav'], r401: [401, 'who'], r403: [403, 'no'], text: [200, 'nope'], empty: [200, ''], arr: [200, '[]'], num: [200, '5'], emptyobj: [200, '{}'], trunc: [200, '{"kind":"AdmissionReview"'],
  wrongkind: [200, '{"apiVersion":"v1","kind":"Pod"}'], wrongver: [200, '{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","response":{}}'], unknownver: [200, '{"apiVersion":"admission.k8s.io/v7","kind":"AdmissionReview","response":{}}'], yaml: [200, 'apiVersion: v1\nkind: Pod\n'],
};

const asked: string[] = [];

const serve: Serve = function* (request, path) {
  const { apiVersion, request: { uid, name = '', object } } = bodyOf(request) as unknown as Review;
  asked.push(`${path}${object?.data ? JSON.stringify(object.data) : ''}`);
  if (name === 'drop') return undefined;
  if (name === 'hang') yield* sleep(seconds(100));
  const whole = raw[name];
  if (whole) return { status: whole[0], headers: whole[2] ? [whole[2]] : [], body: whole[1] };
  const added = /^\/add-(.+)/.exec(path)?.[1];
  const addition = added === undefined || object?.data?.[added] !== undefined ? { allowed: true } : patch(object?.data ? [{ op: 'add', path: `/data/${added}`, value: '1' }] : [{ op: 'add', path: '/data', value: { [added]: '1' } }]);
  const response = name in responses ? responses[name] : path === '/warn' ? { allowed: true, warnings: ['careful', 'a\nb', '', 'careful'] } : addition;
  return { status: 200, body: JSON.stringify({ apiVersion, kind: 'AdmissionReview', response: response && { uid, ...(response as object) } }) };
};

const world = new ServedCluster({ hook: serve, nosan: serve, wrong: serve, expired: serve, self: serve, clientonly: serve, goodec: serve, plain: serve }, { nosan: 'nosan', wrong: 'wrong', expired: 'expired', self: 'self', clientonly: 'clientonly', goodec: 'goodec', plain: 'plain' });

const group = '/apis/admissionregistration.k8s.io/v1';
const webhook = (path: string, more: object = {}) => ({
  name: 'hook.example.com', clientConfig: { service: { name: 'hook', namespace: 'a', path }, caBundle: bundle('ca1') }, sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 2,
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }], namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } }, ...more,
});

/** What requests say while webhooks are there. */
function during<T>(kind: 'Mutating' | 'Validating', webhooks: readonly object[], act: () => T): T {
  const url = `${group}/${kind.toLowerCase()}webhookconfigurations`;
  world.post(url, { apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration`, metadata: { name: 'h' }, webhooks });
  asked.length = 0;
  try {
    return act();
  } finally {
    world.request('DELETE', `${url}/h`);
  }
}

/** Creates a ConfigMap and takes it away again. */
function create(name: string, more: object = {}): ApiResponse {
  const answer = world.request('POST', '/api/v1/namespaces/a/configmaps', { metadata: { name, ...more } });
  if (answer.status === 201) world.request('DELETE', `/api/v1/namespaces/a/configmaps/${(answer.body as ConfigMap).metadata?.name}`);
  return answer;
}

const tell = (answer: ApiResponse): string => said(answer).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'UID').replace('500 InternalError | Internal error occurred: failed calling webhook "hook.example.com": ', '! ').replace('failed to call webhook: Post "https://hook.a.svc:443/x?timeout=2s": ', 'P ').replace('failed to call webhook: ', 'F ');

/** What a 1.36.3 API server said, by what it was answered. */
const both: readonly (readonly [string, string])[] = [
  ['d1', '400  | admission webhook "hook.example.com" denied the request without explanation'],
  ['d2', '400  | admission webhook "hook.example.com" denied the request: no way'],
  ['codeonly', '418  | admission webhook "hook.example.com" denied the request without explanation'],
  ['code301', '400  | admission webhook "hook.example.com" denied the request: m'],
  ['code401', '401 Unauthorized | admission webhook "hook.example.com" denied the request: m'],
  ['reason', '400 Forbidden | admission webhook "hook.example.com" denied the request: Forbidden'],
  ['allowedstr', '! F json: cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool'],
  ['statusstr', '! F json: cannot unmarshal string into Go struct field AdmissionResponse.response.status of type v1.Status'],
  ['stcode', '! F json: cannot unmarshal string into Go struct field Status.response.status.code of type int32'],
  ['warnnum', '! F json: cannot unmarshal number into Go struct field AdmissionResponse.response.warnings of type string'],
  ['uidnum', '! F json: cannot unmarshal number into Go struct field AdmissionResponse.response.uid of type types.UID'],
  ['wronguid', '! received invalid webhook response: expected response.uid="UID", got "x"'],
  ['noresp', '! received invalid webhook response: webhook response was absent'],
  ['pbad64', '! F illegal base64 data at input byte 0'],
  ['r500', '! F an error on the server ("boom") has prevented the request from succeeding'],
  ['r404', '! F the server could not find the requested resource'],
  ['r302', '! F Post "https://localhost:9/zz": dial tcp 127.0.0.1:9: connect: connection refused'],
  ['r204', '! F 0-length response with status code: 204 and content type: application/json'],
  ['r400json', '! F stat msg'],
  ['r503', '! F the server is currently unable to handle the request'],
  ['r401', '! F the server has asked for the client to provide credentials'],
  ['r403', '! F no'],
  ['text', '! F couldn\'t get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'],
  ['arr', '! F couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'],
  ['num', '! F couldn\'t get version/kind; json parse error: json: cannot unmarshal number into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'],
  ['empty', '! F 0-length response with status code: 200 and content type: application/json'],
  ['emptyobj', '! received invalid webhook response: webhook response was absent'],
  ['trunc', "! F couldn't get version/kind; json parse error: unexpected end of JSON input"],
  ['wrongkind', '! F no kind "Pod" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"'],
  ['wrongver', '! F converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion'],
  ['unknownver', '! F no kind "AdmissionReview" is registered for version "admission.k8s.io/v7" in scheme "pkg/runtime/scheme.go:111"'],
  ['yaml', '! F no kind "Pod" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"'],
  ['hang', '! P context deadline exceeded'],
  ['drop', '! P EOF'],
];
const validatingAlone: readonly (readonly [string, string])[] = [
  ['p1', '! received invalid webhook response: validating webhook may not return response.patch'],
  ['ptypeonly', '! received invalid webhook response: validating webhook may not return response.patchType'],
];
const mutatingAlone: readonly (readonly [string, string])[] = [
  ['p1', '201'], ['pnull', '201'], ['punknown', '201'], ['pname', '201'],
  ['pnojson', "! received undecodable patch in webhook response: invalid character 'o' in literal null (expecting 'u')"],
  ['pobj', '! received undecodable patch in webhook response: json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
  ['pbadop', '500 InternalError | Internal error occurred: Unexpected kind: frob'],
  ['pnopath', '500 InternalError | Internal error occurred: remove operation failed to decode path: missing value'],
  ['premove', "500 InternalError | Internal error occurred: error in remove for path: '/nope': Unable to remove nonexistent key: nope: missing value"],
  ['ptest', '500 InternalError | Internal error occurred: testing value /metadata/name failed: test failed'],
  ['pdeep', '500 InternalError | Internal error occurred: add operation does not apply: doc is missing path: "/a/b/c": missing value'],
  ['ptype', '500 InternalError | Internal error occurred: json: cannot unmarshal string into Go struct field ConfigMap.data of type map[string]string'],
  ['pns', '400 BadRequest | the namespace of the provided object does not match the namespace sent on the request'],
  ['pkind', '500  | converting (v1.Secret) to (core.ConfigMap): unknown conversion'],
  ['pwhole', '422 Invalid | ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required'],
  ['pnotype', '! received invalid webhook response: webhook returned response.patch but not response.patchType'],
  ['ptypeonly', '! received invalid webhook response: webhook returned response.patchType but not response.patch'],
  ['pmergelist', '! unsupported patch type "MergePatch"'], ['pemptytype', '! received invalid webhook response: webhook returned invalid response.patchType of ""'],
  ['pdeny', '400  | admission webhook "hook.example.com" denied the request: nop'],
];

test.each([['Validating', [...both, ...validatingAlone]], ['Mutating', [...both, ...mutatingAlone]]] as const)('what a %s webhook may answer', (kind, cases) => {
  during(kind, [webhook('/x')], () => {
    expect(cases.map(([name]) => [name, tell(create(name))])).toEqual(cases);
  });
});

test('a failure has its text among the causes', () => {
  const { body } = during('Validating', [webhook('/x')], () => create('r404'));
  expect((body as Status).details).toEqual({ causes: [{ message: 'failed calling webhook "hook.example.com": failed to call webhook: the server could not find the requested resource' } as StatusCause] });
});

test('patches change the object; what they name wrongly is said of the result', () => {
  during('Mutating', [webhook('/x')], () => {
    expect((create('p1').body as ConfigMap).data).toEqual({ x: 'y' });
    expect((create('pname').body as ConfigMap).metadata?.name).toBe('other');
    expect(said(create('pinvalid'))).toContain('ConfigMap "pinvalid" is invalid: data[bad key]: Invalid value: "bad key"');
  });
});

test('a webhook that fails open is passed over, but not what its patch does', () => {
  during('Mutating', [webhook('/x', { failurePolicy: 'Ignore' })], () => {
    expect(['r500', 'd1', 'wronguid', 'pnojson'].map((name) => create(name).status)).toEqual([201, 400, 201, 201]);
    expect(said(create('pbadop'))).toBe('500 InternalError | Internal error occurred: Unexpected kind: frob');
  });
});

const head = 'tls: failed to verify certificate: x509: ';

const through = (service: string, ca?: string): string => {
  const config = { service: { name: service, namespace: 'a' }, ...(ca !== undefined && { caBundle: bundle(ca) }) };
  return tell(during('Validating', [webhook('/x', { clientConfig: config })], () => create('fine')));
};
const byUrl = (url: string): string => tell(during('Validating', [webhook('/x', { clientConfig: { url, caBundle: bundle('ca1') } })], () => create('fine')));

test('certificates are looked at as Go does', () => {
  const post = (service: string) => `! F Post "https://${service}.a.svc:443/?timeout=2s": ${head}`;
  expect(through('hook', 'ca1')).toBe('201');
  expect(through('hook', 'ca2')).toBe(`${post('hook')}certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "hook-ca")`);
  expect(through('hook')).toBe(`${post('hook')}certificate signed by unknown authority`);
  expect(through('wrong', 'ca1')).toBe(`${post('wrong')}certificate is valid for foo.example.com, *.example.org, not wrong.a.svc`);
  expect(through('nosan', 'ca1')).toBe(`${post('nosan')}certificate is not valid for any names, but wanted to match nosan.a.svc`);
  expect(through('expired', 'ca1')).toMatch(/certificate has expired or is not yet valid: current time 2027-01-01T\S+Z is after 2026-11-30T\S+Z$/);
  expect(through('plain', 'ca1')).toBe('! F Post "https://plain.a.svc:443/?timeout=2s": http: server gave HTTP response to HTTPS client');
});

test('Services and addresses that lead nowhere', () => {
  world.post('/api/v1/namespaces/a/services', { metadata: { name: 'nobody' }, spec: { clusterIP: '10.96.77.77', ports: [{ port: 443 }] } });
  world.post('/api/v1/namespaces/a/services', { metadata: { name: 'headless' }, spec: { clusterIP: 'None', ports: [{ port: 443 }] } });
  world.post('/api/v1/namespaces/a/services', { metadata: { name: 'ext' }, spec: { type: 'ExternalName', externalName: 'nosuch.example.invalid' } });
  world.cluster.run({ atMost: seconds(2) });
  expect(through('nobody', 'ca1')).toBe('! F Post "https://nobody.a.svc:443/?timeout=2s": dial tcp 10.96.77.77:443: connect: connection refused');
  expect(through('ghost', 'ca1')).toBe('! F Post "https://ghost.a.svc:443/?timeout=2s": service "ghost" not found');
  expect(through('headless', 'ca1')).toBe('! F Post "https://headless.a.svc:443/?timeout=2s": cannot route to service with ClusterIP "None"');
  expect(through('ext', 'ca1')).toBe('! F Post "https://ext.a.svc:443/?timeout=2s": dial tcp: lookup nosuch.example.invalid on 10.0.0.1:53: no such host');
  expect(byUrl('https://nosuch.example.invalid/x')).toBe('! F Post "https://nosuch.example.invalid/x?timeout=2s": dial tcp: lookup nosuch.example.invalid on 10.0.0.1:53: no such host');
  expect(byUrl('https://localhost:17199/x')).toBe('! F Post "https://localhost:17199/x?timeout=2s": dial tcp 127.0.0.1:17199: connect: connection refused');
  expect(byUrl('https://192.0.2.77/x')).toBe('! F Post "https://192.0.2.77/x?timeout=2s": context deadline exceeded');
  const port = { service: { name: 'hook', namespace: 'a', port: 8443 }, caBundle: bundle('ca1') };
  expect(tell(during('Validating', [webhook('/x', { clientConfig: port })], () => create('fine')))).toBe('! F Post "https://hook.a.svc:8443/?timeout=2s": no service port 8443 found for service "hook"');
  const garbage = { service: { name: 'hook', namespace: 'a' }, caBundle: base64Encode(utf8Encode('garbage')) };
  expect(tell(during('Validating', [webhook('/x', { clientConfig: garbage })], () => create('fine')))).toBe('! could not get REST client: unable to load root certificates: unable to parse bytes as PEM block');
});

test.each([
  ['true', 201, true], ['false', 201, false], ["object.metadata.name == 'fine'", 201, true], ["object.metadata.labels.zz == 'x'", 403, false],
] as const)('a match condition %s', (expression, status, called) => {
  for (const kind of ['Validating', 'Mutating'] as const) {
    const answer = during(kind, [webhook('/x', { matchConditions: [{ name: 'c', expression }] })], () => create('fine'));
    expect([answer.status, asked.length > 0]).toEqual([status, called]);
    if (status === 403) expect(said(answer)).toBe(`403 Forbidden | configmaps "fine" is forbidden: expression '${expression}' resulted in error: no such key: labels`);
  }
});

test.each([
  [[['a', 'IfNeeded'], ['b', 'Never']], '/add-a /add-b{"a":"1"} /add-a{"a":"1","b":"1"}'],
  [[['a', 'Never'], ['b', 'Never']], '/add-a /add-b{"a":"1"}'],
  [[['a', 'IfNeeded'], ['b', 'IfNeeded'], ['c', 'IfNeeded']], '/add-a /add-b{"a":"1"} /add-c{"a":"1","b":"1"} /add-a{"a":"1","b":"1","c":"1"} /add-b{"a":"1","b":"1","c":"1"}'],
] as const)('webhooks are asked again when later ones changed the object: %j', (hooks, expected) => {
  during('Mutating', hooks.map(([name, reinvocationPolicy]) => webhook(`/add-${name}`, { name: `${name}.example.com`, reinvocationPolicy })), () => create('again'));
  expect(asked.join(' ')).toBe(expected);
});

test('a policy that wants to is asked again after a webhook, and the webhook after it', () => {
  const [rule] = webhook('/').rules;
  const mutations = [{ patchType: 'JSONPatch', jsonPatch: { expression: 'has(object.data) && has(object.data.p) ? [JSONPatch{op: "replace", path: "/data/p", value: object.data.p + "p"}] : [JSONPatch{op: "add", path: "/data", value: {"p": "p"}}]' } }];
  const spec = (reinvocationPolicy: string) => ({ reinvocationPolicy, matchConstraints: { resourceRules: [rule], namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } } }, mutations });
  const outcome = (policy: string, hook: string): unknown => {
    world.post(`${group}/mutatingadmissionpolicies`, { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingAdmissionPolicy', metadata: { name: 'p' }, spec: spec(policy) });
    world.post(`${group}/mutatingadmissionpolicybindings`, { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingAdmissionPolicyBinding', metadata: { name: 'p' }, spec: { policyName: 'p' } });
    const { body } = during('Mutating', [webhook('/add-w', { reinvocationPolicy: hook })], () => create('both'));
    for (const kind of ['policies', 'policybindings']) world.request('DELETE', `${group}/mutatingadmission${kind}/p`);
    return [(body as ConfigMap).data, asked.length];
  };
  expect(outcome('Never', 'IfNeeded')).toEqual([{ p: 'p', w: '1' }, 1]);
  expect(outcome('IfNeeded', 'Never')).toEqual([{ p: 'pp', w: '1' }, 1]);
  expect(outcome('IfNeeded', 'IfNeeded')).toEqual([{ p: 'pp', w: '1' }, 2]);
});

test('a deletion is shown to both kinds of webhook', () => {
  world.request('POST', '/api/v1/namespaces/a/configmaps', { metadata: { name: 'd2' } });
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] }];
  for (const kind of ['Mutating', 'Validating'] as const) expect(said(during(kind, [webhook('/x', { rules })], () => world.request('DELETE', '/api/v1/namespaces/a/configmaps/d2')))).toContain('denied the request: no way');
  expect(world.request('DELETE', '/api/v1/namespaces/a/configmaps/d2').status).toBe(200);
});

test('of a change of the scale a webhook sees the Scale', () => {
  const labels = { app: 'scaled' };
  world.post('/apis/apps/v1/namespaces/a/deployments', { metadata: { name: 'scaled' }, spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'busybox:1.36' }] } } } });
  const hooks = (expression: string) => [webhook('/always', { rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['deployments/scale'] }], clientConfig: { url: 'https://localhost:17199/x' }, matchConditions: [{ name: 'c', expression }] })];
  const scale = () => world.request('PATCH', '/apis/apps/v1/namespaces/a/deployments/scaled/scale?dryRun=All', { spec: { replicas: 3 } }, { 'content-type': 'application/merge-patch+json' });
  const shown = 'object.kind == "Scale" && object.spec.replicas == 3 && object.status.selector == "app=scaled" && request.kind.kind == "Scale" && request.subResource == "scale"';
  expect(during('Validating', hooks(shown), scale).status).toBe(500);
  expect(during('Validating', hooks('object.kind != "Scale"'), scale).status).toBe(200);
});

test('validating webhooks are asked all at once, and the first refusal to come counts', () => {
  const gone = { url: 'https://localhost:17199/x', caBundle: bundle('ca1') };
  const before = world.cluster.kernel.now;
  const answer = during('Validating', [webhook('/v1', { timeoutSeconds: 5 }), webhook('/v2', { name: 'two.example.com', timeoutSeconds: 5 }), webhook('/x', { name: 'zz.example.com', clientConfig: gone })], () => create('hang'));
  expect(said(answer)).toContain('failed calling webhook "zz.example.com"');
  expect(asked).toEqual(['/v1', '/v2']);
  expect(world.cluster.kernel.now - before).toBeLessThan(seconds(6));
});

test('warnings reach the client, each once and none that is no header', () => {
  const answer = during('Validating', [webhook('/warn')], () => create('fine'));
  expect(answer.headers?.['warning']).toBe('299 - "careful"');
});

test('an equivalent version of a resource is a match, and is shown as the webhook knows it', () => {
  const rules = [{ apiGroups: ['autoscaling'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['horizontalpodautoscalers'] }];
  const scaler = { metadata: { name: 'again' }, spec: { maxReplicas: 2, scaleTargetRef: { kind: 'D', name: 'x', apiVersion: 'apps/v1' } } };
  const ask = (matchPolicy: string): number => {
    during('Validating', [webhook('/x', { rules, matchPolicy })], () => world.request('POST', '/apis/autoscaling/v2/namespaces/a/horizontalpodautoscalers?dryRun=All', scaler));
    return asked.length;
  };
  expect([ask('Equivalent'), ask('Exact')]).toEqual([1, 0]);
});
