import { createCluster } from '../../src/simulator/cluster';
import { minutes, seconds } from '../../src/simulator/kernel';

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: hall}
spec:
  replicas: 4
  selector: {matchLabels: {app: hall}}
  template:
    metadata: {labels: {app: hall}}
    spec:
      containers:
      - {name: web, image: nginx:1.27, readinessProbe: {httpGet: {port: 80}, periodSeconds: 2}}
      - {name: log, image: busybox:1.36, command: [sh, -c, "sleep $((RANDOM % 5)); exit 1"]}
`;

/** All that happens in a small cluster under this seed, from its start: each record of the trace, and what commands print. */
export function history(seed: number): string {
  const lines: string[] = [];
  const cluster = createCluster({ seed, nodes: 2 });
  cluster.kernel.trace.subscribe((record) => lines.push(JSON.stringify(record)));
  const command = (line: string): void => void lines.push(cluster.command(line).output);
  cluster.settle(minutes(5));
  cluster.writeFile('hall.yaml', manifest);
  command('kubectl apply -f hall.yaml');
  cluster.run({ atMost: seconds(15) });
  command('kubectl delete pod --wait=false $(kubectl get pods -o name | head -n 1)');
  command('kubectl scale deployment hall --replicas=2');
  cluster.run({ atMost: seconds(15) });
  command('kubectl get pods -o yaml; kubectl get events');
  return lines.join('\n');
}
