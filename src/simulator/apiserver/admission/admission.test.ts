import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ApiRequest, ApiResponse, Credentials, Pod, PodSpec, Status } from '../../api';
import { createEtcd } from '../../etcd';
import { createKernel, seconds } from '../../kernel';
import { createApiServer, stampResourceVersion } from '..';

const admin: Credentials = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };
const merge = { 'content-type': 'application/merge-patch+json' };

function cluster() {
  const kernel = createKernel();
  const server = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }) });
  const request = (method: ApiRequest['method'], url: string, body?: object, headers: Readonly<Record<string, string>> = {}, credentials = admin): ApiResponse => {
    const process = kernel.spawn('client', server.handle({ method, url, credentials, headers, ...(body && { body }) }), null);
    kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
    return process.value;
  };
  const namespace = (name: string, labels: Record<string, string> = {}) => {
    request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    request('POST', `/api/v1/namespaces/${name}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
  };
  const create = (path: string, object: object) => request('POST', path, object);
  const pod = (name: string, spec: object, in_ = 'a') => create(`/api/v1/namespaces/${in_}/pods`, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }], ...spec } });
  namespace('a');
  return { request, namespace, create, pod };
}

const message = ({ status, body }: ApiResponse) => `${status} ${(body as Status).message ?? ''}`;
const specOf = ({ body }: ApiResponse) => (body as Pod).spec as PodSpec;

test('a Pod gets its account, the account’s token, a priority and five minutes on a lost node', () => {
  const spec = specOf(cluster().pod('p', {}));
  const volume = spec.volumes?.[0];
  expect(spec).toMatchObject({ serviceAccountName: 'default', serviceAccount: 'default', priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  expect(volume?.name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(volume?.projected?.sources?.map((source) => Object.keys(source)[0])).toEqual(['serviceAccountToken', 'configMap', 'downwardAPI']);
  expect(spec.containers[0]?.volumeMounts).toEqual([{ name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }]);
  expect(spec.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds])).toEqual([['node.kubernetes.io/not-ready', 300], ['node.kubernetes.io/unreachable', 300]]);
});

test('an account, a priority class or a runtime class that is not there is named', () => {
  const { pod } = cluster();
  expect(message(pod('p', { serviceAccountName: 'ghost' }))).toBe('403 pods "p" is forbidden: error looking up service account a/ghost: serviceaccount "ghost" not found');
  expect(message(pod('p', { priorityClassName: 'ghost' }))).toBe('403 pods "p" is forbidden: no PriorityClass with name ghost was found');
  expect(message(pod('p', { runtimeClassName: 'ghost' }))).toBe('403 pods "p" is forbidden: pod rejected: RuntimeClass "ghost" not found');
  expect(message(pod('p', { overhead: { cpu: '1' } }))).toBe('403 pods "p" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
});

test('a namespace must be there, and three may not go', () => {
  const { pod, request } = cluster();
  expect(message(pod('p', {}, 'ghost'))).toBe('404 namespaces "ghost" not found');
  expect(message(request('DELETE', '/api/v1/namespaces/default'))).toBe('403 namespaces "default" is forbidden: this namespace may not be deleted');
  request('DELETE', '/api/v1/namespaces/a');
  expect(message(pod('p', {}))).toBe('403 pods "p" is forbidden: unable to create new content in namespace a because it is being terminated');
});

test('a limit range fills in and bounds', () => {
  const { create, pod } = cluster();
  create('/api/v1/namespaces/a/limitranges', {
    apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l' },
    spec: { limits: [{ type: 'Container', default: { cpu: '500m', memory: '256Mi' }, defaultRequest: { cpu: '100m' }, max: { cpu: '1' }, min: { cpu: '50m' }, maxLimitRequestRatio: { cpu: '10' } }, { type: 'Pod', max: { cpu: '1500m' } }] },
  });
  const made = pod('p', {});
  expect(specOf(made).containers[0]?.resources).toEqual({ limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '256Mi' } });
  expect((made.body as Pod).metadata?.annotations).toEqual({ 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu, memory request for container app; cpu, memory limit for container app' });
  const limited = (resources: object) => message(pod('q', { containers: [{ name: 'x', image: 'i', resources }] }));
  expect(limited({ limits: { cpu: '2' } })).toBe('403 pods "q" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum cpu usage per Pod is 1500m, but limit is 2]');
  expect(limited({ limits: { cpu: '40m' } })).toBe('403 pods "q" is forbidden: minimum cpu usage per Container is 50m, but request is 40m');
  expect(limited({ requests: { cpu: '50m' }, limits: { cpu: '1' } })).toBe('403 pods "q" is forbidden: cpu max limit to request ratio per Container is 10, but provided ratio is 20.000000');
});

test('a quota counts what is created and refuses what is too much', () => {
  const { create, pod, request } = cluster();
  const path = '/api/v1/namespaces/a/resourcequotas';
  const hard = { pods: '2', 'requests.cpu': '1', 'count/secrets': '1' };
  create(path, { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec: { hard } });
  request('PATCH', `${path}/q/status`, { status: { hard, used: { pods: '0', 'requests.cpu': '0', 'count/secrets': '0' } } }, merge);
  const cpu = (amount: string) => ({ containers: [{ name: 'x', image: 'i', resources: { requests: { cpu: amount } } }] });
  expect(message(pod('a', {}))).toBe('403 pods "a" is forbidden: failed quota: q: must specify requests.cpu for: app');
  expect(message(pod('a', cpu('2')))).toBe('403 pods "a" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1');
  expect(pod('a', cpu('600m')).status).toBe(201);
  expect((request('GET', `${path}/q`).body as { status: { used: object } }).status.used).toEqual({ pods: '1', 'requests.cpu': '600m', 'count/secrets': '0' });
  expect(message(pod('b', cpu('600m')))).toBe('403 pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1');
});

test('a kubelet may touch its own node and the Pods on it', () => {
  const { request, pod } = cluster();
  const kubelet: Credentials = { certificate: { commonName: 'system:node:n1', organizations: ['system:nodes'] } };
  const node = (name: string, labels: object = {}) => request('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } }, {}, kubelet);
  expect(message(node('n2'))).toContain('node "n1" is not allowed to modify node "n2"');
  expect(node('n1').status).toBe(201);
  pod('p', { nodeName: 'n2' });
  const answer = request('PATCH', '/api/v1/namespaces/a/pods/p/status', { status: { phase: 'Running' } }, merge, kubelet);
  expect(message(answer)).toBe('403 pods "p" is forbidden: node "n1" can only update pod status for pods with spec.nodeName set to itself');
});

const levels = ['baseline', 'restricted'] as const;
const blocks = readFileSync(new URL('./testdata/pod-security.txt', import.meta.url), 'utf8').split('\n\n').slice(1);

test.each(blocks.map((block) => [block.split('\n')[0]?.slice(0, 120) ?? '', block] as const))('Pod Security: %s', (_title, block) => {
  const [given = '', ...answers] = block.trim().split('\n');
  const { namespace, request } = cluster();
  for (const [index, level] of levels.entries()) {
    namespace(level, { 'pod-security.kubernetes.io/enforce': level });
    const spec = { automountServiceAccountToken: false, ...(JSON.parse(given.slice(2)) as object) };
    const answer = request('POST', `/api/v1/namespaces/${level}/pods?dryRun=All`, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec });
    expect(`${level}: ${answer.status === 201 ? 'admitted' : ((answer.body as Status).message ?? '')}`).toBe(answers[index]);
  }
});

test('a stricter level warns of Pods that are there, and of templates', () => {
  const { pod, request, create } = cluster();
  pod('plain', { automountServiceAccountToken: false });
  const labelled = request('PATCH', '/api/v1/namespaces/a', { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } }, merge);
  expect(labelled.headers?.['warning']).toBe(
    '299 - "existing pods in namespace \\"a\\" violate the new PodSecurity enforce level \\"restricted:latest\\"", 299 - "plain: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile"',
  );
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'app', image: 'i' }] } };
  const made = create('/apis/apps/v1/namespaces/a/deployments', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } });
  expect(made.status).toBe(201);
  expect(made.headers?.['warning']).toMatch(/^299 - "would violate PodSecurity \\"restricted:latest\\": allowPrivilegeEscalation != false \(container \\"app\\"/);
  const wrong = request('PATCH', '/api/v1/namespaces/a', { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'strict' } } }, merge);
  expect(message(wrong)).toBe('422 Namespace "a" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted');
});

const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] };
const policy = (name: string, spec: object) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name }, spec: { matchConstraints: { resourceRules: [rule] }, ...spec } });
const binding = (name: string, spec: object = {}) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicyBinding', metadata: { name }, spec: { policyName: name, validationActions: ['Deny'], ...spec } });

test('a policy in CEL refuses with its own words, by old object, variables and conditions', () => {
  const { create, request } = cluster();
  const path = '/apis/admissionregistration.k8s.io/v1';
  create(`${path}/validatingadmissionpolicies`, policy('a', { validations: [{ expression: "object.metadata.name.startsWith('ok')", message: 'the name has to start with ok' }, { expression: 'has(object.data) && size(object.data) < 3', messageExpression: "'too much or no data in ' + object.metadata.name", reason: 'Forbidden' }] }));
  create(`${path}/validatingadmissionpolicies`, policy('b', {
    variables: [{ name: 'k', expression: "object.data[?'k'].orValue('none')" }],
    matchConditions: [{ name: 'only-updates', expression: "request.operation == 'UPDATE'" }],
    validations: [{ expression: "oldObject.data[?'k'].orValue('none') == variables.k", messageExpression: "'k must stay, not become ' + variables.k" }],
  }));
  for (const name of ['a', 'b']) create(`${path}/validatingadmissionpolicybindings`, binding(name, { matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } } } }));
  const config = (name: string, data?: object) => create('/api/v1/namespaces/a/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...(data && { data }) });
  expect(message(config('nope', {}))).toBe('422 configmaps "nope" is forbidden: ValidatingAdmissionPolicy \'a\' with binding \'a\' denied request: the name has to start with ok');
  expect(message(config('ok'))).toBe('403 configmaps "ok" is forbidden: ValidatingAdmissionPolicy \'a\' with binding \'a\' denied request: too much or no data in ok');
  expect(config('ok3', { k: '1' }).status).toBe(201);
  const patched = request('PATCH', '/api/v1/namespaces/a/configmaps/ok3', { data: { k: '2' } }, merge);
  expect(message(patched)).toBe('422 configmaps "ok3" is forbidden: ValidatingAdmissionPolicy \'b\' with binding \'b\' denied request: k must stay, not become 2');
  expect((patched.body as Status).details?.causes).toEqual([{ message: "ValidatingAdmissionPolicy 'b' with binding 'b' denied request: k must stay, not become 2" }]);
  expect(request('PATCH', '/api/v1/namespaces/a/configmaps/ok3', { data: { l: '2' } }, merge).status).toBe(200);
});

test('a mutating policy adds what its expressions make', () => {
  const { create } = cluster();
  const path = '/apis/admissionregistration.k8s.io/v1';
  const mutations = [
    { patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"made-by": request.userInfo.username}}}' } },
    { patchType: 'JSONPatch', jsonPatch: { expression: '[JSONPatch{op: "add", path: "/data/added", value: object.metadata.name}]' } },
  ];
  const made = create(`${path}/mutatingadmissionpolicies`, { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingAdmissionPolicy', metadata: { name: 'm' }, spec: { matchConstraints: { resourceRules: [rule] }, mutations, reinvocationPolicy: 'Never' } });
  expect(made.status).toBe(201);
  create(`${path}/mutatingadmissionpolicybindings`, { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingAdmissionPolicyBinding', metadata: { name: 'm' }, spec: { policyName: 'm' } });
  expect(create('/api/v1/namespaces/a/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { k: 'v' } }).body).toMatchObject({ metadata: { labels: { 'made-by': 'admin' } }, data: { k: 'v', added: 'c' } });
});
