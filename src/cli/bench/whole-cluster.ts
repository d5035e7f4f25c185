import type { KubeObject, Pod } from '../../simulator/api';
import { resources } from '../../simulator/client';
import { type Cluster, createCluster } from '../../simulator/cluster';
import { hours, minutes, seconds } from '../../simulator/kernel';
import { gradeCluster, judge } from '../../grading';
import { openLab } from '../lab-cluster';
import { readLab } from '../labs';
import { atMost, type Figure, median, timed } from './measure';
import { sizeFigures } from './size';

function up(nodes = 2): Cluster {
  const cluster = createCluster({ nodes });
  if (!cluster.settle(minutes(3))) throw new Error('the cluster did not come up');
  return cluster;
}

function idleHour(): Figure {
  const cluster = up(2);
  cluster.run({ atMost: hours(1) });
  return atMost('replaying one idle hour of a 3-node cluster', median(3, () => void cluster.fork()), 150, 'ms');
}

/** A thousand containers that each write the date once a second. */
function loops(): Figure {
  const cluster = up(10);
  const deployment = {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'loop' },
    spec: { replicas: 1000, selector: { matchLabels: { app: 'loop' } }, template: { metadata: { labels: { app: 'loop' } }, spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'while true; do date; sleep 1; done'] }] } } },
  } as KubeObject;
  cluster.request({ method: 'POST', url: '/apis/apps/v1/namespaces/default/deployments', body: deployment });
  const running = (): number => cluster.objects<Pod>(resources.pods, 'default').filter(({ status }) => status?.phase === 'Running').length;
  cluster.run({ until: () => cluster.kernel.happened % 1000 === 0 && running() === 1000, atMost: minutes(10) });
  const count = running();
  const took = timed(() => cluster.run({ atMost: seconds(600) })) / 1000;
  return atMost(`one process loop, ${count} containers × 600 s`, took, 3, 's');
}

/** One wget after the other from a Pod: a process, a DNS query, a connection through the Service to one of two nginx each. 100,000 should take 4 s. */
function requests(count: number): Figure {
  const cluster = up();
  cluster.command('kubectl create deployment web --image=nginx:1.27 --replicas=2 && kubectl expose deployment web --port=80 && kubectl rollout status deployment web');
  let output = '';
  const loop = `i=0; while [ $i -lt ${count} ]; do wget -q -O /dev/null http://web || exit 1; i=$((i+1)); done`;
  const took = timed(() => {
    cluster.workstation.execute(`kubectl run asker --image=busybox:1.36 --restart=Never -- sh -c '${loop}'; kubectl wait pod/asker --for=jsonpath={.status.phase}=Succeeded --timeout=2h`, (_, text) => (output = text));
    cluster.run({ until: () => output !== '', atMost: hours(2) });
  }) / 1000;
  if (!output.includes('condition met')) throw new Error(output);
  return atMost(`${count} HTTP requests through a Service`, took, count / 25_000, 's');
}

async function grading(): Promise<Figure[]> {
  const lab = await readLab('patterns/sidecar-log');
  const cluster = openLab(lab);
  judge(cluster, lab, lab.checks, lab.solution);
  const grade = (): void => void gradeCluster(cluster, lab.checks, lab.solution);
  const prepare = (): void => void cluster.prepareFork(() => false);
  const prepared = Array.from({ length: 5 }, () => (prepare(), timed(grade))).sort((a, b) => a - b)[2] as number;
  return [atMost('grading a lab, as in the page', prepared, 200, 'ms'), { what: '… with no copy of the cluster prepared', target: '', measured: `${median(3, grade).toFixed(0)} ms`, holds: undefined }];
}

/** Everything that needs a whole cluster, or the built course. */
export async function wholeClusterFigures(quick: boolean): Promise<Figure[]> {
  return [
    atMost('cluster up, system Pods Ready', median(5, () => void up()), 30, 'ms'),
    idleHour(),
    ...(await grading()),
    ...(await sizeFigures()),
    ...(quick ? [] : [loops(), requests(10_000)]),
  ];
}
