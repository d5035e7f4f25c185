import { expect, test } from 'vitest';
import type { ApiResponse, APIService, Status } from '../../api';
import { seconds } from '../../kernel';
import { bundle, certificate, said, type Serve, ServedCluster } from './cluster.test-support';

const asked: Readonly<Record<string, string>>[] = [];
let healthy = true;

const resources = [{ name: 'gadgets', singularName: 'gadget', namespaced: true, kind: 'Gadget', verbs: ['get', 'list', 'create', 'watch'], shortNames: ['gd'] }, { name: 'gadgets/status', singularName: '', namespaced: true, kind: 'Gadget', verbs: ['get'] }];
const json = (status: number, body: object, headers: readonly (readonly [string, string])[] = []) => ({ status, headers: [['Content-Type', 'application/json'] as const, ...headers], body: JSON.stringify(body) });

const serve: Serve = function* ({ method, headers, target }, path) {
  const groups = headers.filter(([name]) => name.toLowerCase() === 'x-remote-group').map(([, value]) => value).join(' ');
  asked.push({ ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])), groups, line: `${method} ${target}` });
  if (!healthy) return json(500, {});
  if (path === '/apis/agg.ex.io/v1') return json(200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'agg.ex.io/v1', resources });
  if (path.endsWith('/hangup')) return undefined;
  if (path.endsWith('/redirected')) return { status: 302, headers: [['Location', '/elsewhere']] };
  if (path.endsWith('/text')) return { status: 418, headers: [['Content-Type', 'text/plain'], ['X-Own', 'yes']], body: 'teapot' };
  if (path.endsWith('/gadgets')) return json(200, { kind: 'GadgetList', apiVersion: 'agg.ex.io/v1', metadata: { resourceVersion: '5' }, items: [{ metadata: { name: 'g1', namespace: 'a' } }] }, [['Warning', '299 - "w"']]);
  return json(404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404, message: `not here ${path}` });
};

const world = new ServedCluster({ hook: serve, other: serve });
const services = '/apis/apiregistration.k8s.io/v1/apiservices';

/** Registers the version, gives the condition that it comes to have. */
function register(spec: object): readonly string[] {
  world.request('DELETE', `${services}/v1.agg.ex.io`);
  world.post(services, { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.agg.ex.io' }, spec: { group: 'agg.ex.io', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 10, ...spec } });
  world.cluster.run({ atMost: seconds(8) });
  return condition();
}

function condition(): readonly string[] {
  const { status } = world.request('GET', `${services}/v1.agg.ex.io`).body as APIService;
  return (status?.conditions ?? []).map(({ type, status: own, reason, message }) => `${type} ${own} ${reason} ${message}`);
}

const aggregated = (): unknown => (world.request('GET', '/apis', undefined, { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' }).body as { items: readonly { metadata: { name: string }; versions: unknown }[] }).items.find(({ metadata }) => metadata.name === 'agg.ex.io')?.versions;
const hook = { service: { name: 'hook', namespace: 'a' }, caBundle: bundle('ca1') };

test('what an APIService says of a Service that leads nowhere', () => {
  world.post('/api/v1/namespaces/a/services', { metadata: { name: 'nobody' }, spec: { clusterIP: '10.96.77.77', selector: { app: 'nobody' }, ports: [{ port: 443, name: 'https' }] } });
  world.post('/api/v1/namespaces/a/services', { metadata: { name: 'lonely' }, spec: { clusterIP: '10.96.77.78', ports: [{ port: 443 }] } });
  expect(register({ service: { name: 'ghost', namespace: 'a' } })).toEqual(['Available False ServiceNotFound service/ghost in "a" is not present']);
  expect(register({ service: { name: 'nobody', namespace: 'a', port: 80 } })).toEqual(['Available False ServicePortError service/nobody in "a" is not listening on port 80']);
  expect(register({ service: { name: 'lonely', namespace: 'a' } })).toEqual(['Available False EndpointsNotFound cannot find endpointslices for service/lonely in "a"']);
  expect(register({ service: { name: 'nobody', namespace: 'a' } })).toEqual(['Available False MissingEndpoints endpointslices for service/nobody in "a" have no addresses with port name "https"']);
  const { status, headers, text } = world.request('GET', '/apis/agg.ex.io/v1/namespaces/a/gadgets');
  expect([status, headers?.['content-type'], text]).toEqual([503, 'text/plain; charset=utf-8', 'service unavailable\n']);
  expect(aggregated()).toEqual([{ version: 'v1', freshness: 'Stale' }]);
  expect(world.cluster.command('kubectl get apiservice v1.agg.ex.io').output).toMatch(/v1\.agg\.ex\.io\s+a\/nobody\s+False \(MissingEndpoints\)/);
});

test('what it says of a server that is not the right one', () => {
  const { clusterIP } = (world.request('GET', '/api/v1/namespaces/a/services/other').body as unknown as { spec: { clusterIP: string } }).spec;
  const failing = `Available False FailedDiscoveryCheck failing or missing response from https://${clusterIP}:443/apis/agg.ex.io/v1: Get "https://${clusterIP}:443/apis/agg.ex.io/v1": tls: failed to verify certificate: x509: certificate`;
  expect(register({ ...hook, service: { name: 'other', namespace: 'a' } })).toEqual([`${failing} is valid for localhost, hook.a.svc, hook.b.svc, not other.a.svc`]);
  expect(register({ service: { name: 'other', namespace: 'a' }, insecureSkipTLSVerify: true })).toEqual(['Available True Passed all checks passed']);
  expect(register({ ...hook, caBundle: bundle('self') })[0]).toContain('x509: certificate signed by unknown authority');
});

test('a version that another server serves is found and asked like any other', () => {
  expect(register(hook)).toEqual(['Available True Passed all checks passed']);
  expect(aggregated()).toEqual([{
    version: 'v1', freshness: 'Current',
    resources: [{ resource: 'gadgets', responseKind: { group: '', version: '', kind: 'Gadget' }, scope: 'Namespaced', singularResource: 'gadget', verbs: ['get', 'list', 'create', 'watch'], shortNames: ['gd'], subresources: [{ subresource: 'status', responseKind: { group: '', version: '', kind: 'Gadget' }, verbs: ['get'] }] }],
  }]);
  expect((world.request('GET', '/apis/agg.ex.io').body as { preferredVersion: object }).preferredVersion).toEqual({ groupVersion: 'agg.ex.io/v1', version: 'v1' });
  asked.length = 0;
  const answer = world.request('GET', '/apis/agg.ex.io/v1/namespaces/a/gadgets?limit=5', undefined, { authorization: 'Bearer secret', 'x-remote-user': 'evil', 'x-custom': '1' });
  expect([answer.status, answer.headers?.['warning'], (answer.body as { kind: string }).kind]).toEqual([200, '299 - "w"', 'GadgetList']);
  expect(asked[0]).toMatchObject({ line: 'GET /apis/agg.ex.io/v1/namespaces/a/gadgets?limit=5', 'x-remote-user': 'kubernetes-admin', 'x-custom': '1', 'x-forwarded-proto': 'https', 'x-forwarded-uri': '/apis/agg.ex.io/v1/namespaces/a/gadgets' });
  expect(asked[0]?.['groups']).toContain('system:authenticated');
  expect(asked[0]).not.toHaveProperty('authorization');
  expect(world.cluster.command('kubectl get --raw /apis/agg.ex.io/v1/namespaces/a/nothing').output).toContain('not here /apis/agg.ex.io/v1/namespaces/a/nothing');
  expect(world.request('GET', '/apis/agg.ex.io/v2').status).toBe(404);
});

test('answers that are no JSON, that lead away, or that break off', () => {
  const say = ({ status, text }: ApiResponse) => [status, text];
  const tea = world.request('GET', '/apis/agg.ex.io/v1/namespaces/a/text');
  expect([tea.status, tea.headers?.['content-type'], tea.headers?.['x-own']]).toEqual([418, 'text/plain', 'yes']);
  expect(say(world.request('GET', '/apis/agg.ex.io/v1/namespaces/a/redirected'))).toEqual([502, 'the backend attempted to redirect this request, which is not permitted']);
  expect(say(world.request('GET', '/apis/agg.ex.io/v1/namespaces/a/hangup'))).toEqual([503, 'error trying to reach service: EOF\n']);
});

test('who may not is not passed on', () => {
  asked.length = 0;
  expect(said(world.request('GET', '/apis/agg.ex.io/v1/namespaces/a/gadgets', undefined, { 'impersonate-user': 'bob' }))).toBe('403 Forbidden | gadgets.agg.ex.io is forbidden: User "bob" cannot list resource "gadgets" in API group "agg.ex.io" in the namespace "a"');
  expect(asked).toEqual([]);
});

test('a server that falls ill becomes unavailable, and comes back', () => {
  healthy = false;
  world.cluster.run({ atMost: seconds(40) });
  expect(condition()[0]).toMatch(/^Available False FailedDiscoveryCheck failing or missing response from (https:\S+): bad status from \1: 500$/);
  healthy = true;
  world.cluster.run({ atMost: seconds(40) });
  expect(condition()).toEqual(['Available True Passed all checks passed']);
  expect((world.request('DELETE', `${services}/v1.agg.ex.io`).body as Status).status).toBe('Success');
  expect(world.request('GET', '/apis/agg.ex.io').status).toBe(404);
});

test('the sample server keeps objects, and tells of them', () => {
  const container = { name: 'c', image: 'registry.k8s.io/e2e-test-images/sample-apiserver:1.29.2', args: ['--tls-cert-file=/certificates/tls.crt'], readinessProbe: { httpGet: { scheme: 'HTTPS', port: 443, path: '/readyz' }, periodSeconds: 1 }, volumeMounts: [{ name: 'c', mountPath: '/certificates' }] };
  world.post('/api/v1/namespaces/a/configmaps', { metadata: { name: 'c' }, data: { 'tls.crt': certificate('good') } });
  world.request('DELETE', '/api/v1/namespaces/a/pods/hook');
  world.post('/api/v1/namespaces/a/pods', { metadata: { name: 'sample', labels: { app: 'hook' } }, spec: { containers: [container], volumes: [{ name: 'c', configMap: { name: 'c' } }] } });
  world.cluster.run({ atMost: seconds(40) });
  world.post(services, { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1alpha1.wardle.example.com' }, spec: { group: 'wardle.example.com', version: 'v1alpha1', groupPriorityMinimum: 2000, versionPriority: 200, ...hook } });
  world.cluster.run({ atMost: seconds(10) });
  world.cluster.writeFile('flunder.yaml', 'apiVersion: wardle.example.com/v1alpha1\nkind: Flunder\nmetadata: {name: one, namespace: a, labels: {x: w}}\n');
  const { output } = world.cluster.command('kubectl create -f flunder.yaml && kubectl -n a get flunders -o name && kubectl -n a label flunder one x=z --overwrite && kubectl -n a get flunder one -o jsonpath={.metadata.labels.x} && kubectl -n a delete flunder one --wait=false');
  expect(output).toBe('flunder.wardle.example.com/one created\nflunder.wardle.example.com/one\nflunder.wardle.example.com/one labeled\nzflunder.wardle.example.com "one" deleted from a namespace\n');
});
