import { expect, test } from 'vitest';
import { minutes, seconds } from '../../kernel';
import { bundle, certificate, said, ServedCluster } from './cluster.test-support';

test('agnhost answers reviews behind a Service, once an HTTPS probe found it ready', () => {
  const world = new ServedCluster({});
  const args = ['webhook', '--tls-cert-file=/certificates/tls.crt', '--alsologtostderr', '-v=4', '--port=8444'];
  const container = { name: 'c', image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0', args, readinessProbe: { httpGet: { scheme: 'HTTPS', port: 8444, path: '/readyz' }, periodSeconds: 1 }, volumeMounts: [{ name: 'c', mountPath: '/certificates' }] };
  world.post('/api/v1/namespaces/a/configmaps', { metadata: { name: 'c' }, data: { 'tls.crt': certificate('good') } });
  world.post('/api/v1/namespaces/a/pods', { metadata: { name: 'w', labels: { app: 'w' } }, spec: { containers: [container], volumes: [{ name: 'c', configMap: { name: 'c' } }] } });
  world.post('/api/v1/namespaces/a/services', { metadata: { name: 'hook' }, spec: { selector: { app: 'w' }, ports: [{ port: 443, targetPort: 8444 }] } });
  expect(world.cluster.settle(minutes(2))).toBe(true);
  world.cluster.run({ atMost: seconds(2) });
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps', 'pods/attach'] }];
  const configure = (kind: string, path: string): void => void world.post(`/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}webhookconfigurations`, {
    apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration`, metadata: { name: path.slice(1).replace('/', '-') },
    webhooks: [{ name: 'h.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], clientConfig: { service: { name: 'hook', namespace: 'a', path }, caBundle: bundle('ca1') }, rules }],
  });
  configure('Mutating', '/mutating-configmaps');
  expect(world.cluster.command('kubectl -n a create configmap x --from-literal=mutation-start=yes && kubectl -n a get configmap x -o jsonpath={.data}').output).toContain('"mutation-stage-1":"yes"');
  configure('Validating', '/always-deny');
  expect(said(world.request('POST', '/api/v1/namespaces/a/configmaps', { metadata: { name: 'y' } }))).toBe('400  | admission webhook "h.example.com" denied the request: this webhook denies all requests');
  expect(world.cluster.command('kubectl -n a attach w').output).toContain('admission webhook "h.example.com" denied the request: this webhook denies all requests\n');
});
