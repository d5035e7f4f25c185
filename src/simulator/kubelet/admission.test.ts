import { expect, test } from 'vitest';
import type { KubeObject, Pod } from '../api';
import { resources } from '../client';
import { createCluster } from '../cluster';
import { minutes, seconds } from '../kernel';

test('a Pod that wants a port of the node which another one has is refused, on the same address and protocol alone', () => {
  const cluster = createCluster({ bare: true, nodes: 1 });
  cluster.settle(minutes(1));
  const create = (name: string, port: object): void => {
    const body = { metadata: { name }, spec: { nodeName: 'node-0', containers: [{ name: 'c', image: 'busybox', ports: [{ containerPort: 80, hostPort: 8080, ...port }] }] } } as KubeObject;
    expect(cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/pods', body }).status).toBe(201);
    cluster.run({ atMost: seconds(3) });
  };
  const status = (name: string): unknown => {
    const { phase, reason, message } = cluster.objects<Pod>(resources.pods, 'default').find(({ metadata }) => metadata?.name === name)?.status ?? {};
    return phase === 'Failed' ? [reason, message] : phase;
  };
  const taken = ['NodePorts', "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"];
  create('first', { hostIP: '127.0.0.1' });
  create('same', {});
  create('elsewhere', { hostIP: '127.0.0.2' });
  create('udp', { protocol: 'UDP' });
  expect(['first', 'same', 'elsewhere', 'udp'].map(status)).toEqual(['Running', taken, 'Running', 'Running']);
  cluster.request({ method: 'DELETE', url: '/api/v1/namespaces/default/pods/first?gracePeriodSeconds=0' });
  cluster.run({ atMost: seconds(3) });
  create('after', { hostIP: '127.0.0.1' });
  expect(status('after')).toBe('Running');
});

test('a sub-path that leads out of its volume, or refers to nothing, keeps the container from being made', () => {
  const cluster = createCluster({ bare: true, nodes: 1 });
  cluster.settle(minutes(1));
  const message = (name: string, value: string, subPathExpr: string): unknown => {
    const body = { metadata: { name }, spec: { nodeName: 'node-0', volumes: [{ name: 'v', emptyDir: {} }], containers: [{ name: 'c', image: 'busybox', env: [{ name: 'VALUE', value }], volumeMounts: [{ name: 'v', mountPath: '/v', subPathExpr }] }] } } as KubeObject;
    expect(cluster.request({ method: 'POST', url: '/api/v1/namespaces/default/pods', body }).status).toBe(201);
    cluster.run({ atMost: seconds(3) });
    const waiting = cluster.objects<Pod>(resources.pods, 'default').find(({ metadata }) => metadata?.name === name)?.status?.containerStatuses?.[0]?.state?.waiting;
    return waiting && [waiting.reason, waiting.message];
  };
  const reason = 'CreateContainerConfigError';
  expect(message('absolute', '/tmp', '$(VALUE)')).toEqual([reason, 'error SubPath `/tmp` must not be an absolute path']);
  expect(message('up', '../up', '$(VALUE)')).toEqual([reason, "unable to provision SubPath `../up`: must not contain '..'"]);
  expect(message('missing', 'x', '$(NONE)/x')).toEqual([reason, 'missing value for NONE']);
  expect(message('fine', 'a..b', '$(VALUE)')).toBeUndefined();
});
