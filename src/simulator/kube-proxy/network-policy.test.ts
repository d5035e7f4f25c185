import { expect, test } from 'vitest';
import { createCluster } from '../cluster';
import { minutes, seconds } from '../kernel';

const pods = ['one', 'two'].map((name) => `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: ${name}}}, spec: {containers: [{name: main, image: 'busybox:1.36', command: [sleep, '9999']}]}}`);
const manifest = `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {containers: [{name: main, image: 'nginx:1.27', ports: [{name: http, containerPort: 80}], readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}}]}}
- {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}
- ${pods.join('\n- ')}
`;

test('a policy isolates what it selects, lets in whom it names, and leaves probes and answers alone', () => {
  const cluster = createCluster({ seed: 5, nodes: 2, manifests: [manifest] });
  cluster.settle(minutes(5));
  cluster.run({ atMost: seconds(20) });
  const get = (from: string) => cluster.command(`kubectl exec ${from} -- wget -qO- -T 2 http://web 2>&1 | grep -o -e '<h1>.*</h1>' -e 'timed out'`).output.trim();
  expect([get('one'), get('two')]).toEqual(['<h1>Welcome to nginx!</h1>', '<h1>Welcome to nginx!</h1>']);
  cluster.writeFile('policy.yaml', "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: one}}}], ports: [{port: http}]}]}\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: closed}\nspec: {podSelector: {matchLabels: {app: one}}, policyTypes: [Ingress]}\n");
  cluster.command('kubectl apply -f policy.yaml');
  cluster.run({ atMost: seconds(10) });
  expect([get('one'), get('two')]).toEqual(['<h1>Welcome to nginx!</h1>', 'timed out']);
  expect(cluster.command("kubectl get pod web -o jsonpath='{.status.containerStatuses[0].ready}'").output).toBe('true');
  cluster.command('kubectl delete networkpolicy web closed');
  cluster.run({ atMost: seconds(2) });
  expect(get('two')).toBe('<h1>Welcome to nginx!</h1>');
});
