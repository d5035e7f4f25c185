import { expect, test } from 'vitest';
import type { KubeObject } from '../api';
import { createCluster } from '../cluster';
import { minutes, seconds } from '../kernel';

test('a Pod may go while its image is being pulled, even when there is no such image', () => {
  const cluster = createCluster({ nodes: 1 });
  cluster.settle(minutes(2));
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'brief' }, spec: { nodeName: 'worker-1', containers: [{ name: 'c', image: 'registry.example.com/none:1' }] } } as KubeObject;
  for (let wait = 0; wait < 40; wait++) {
    const path = '/api/v1/namespaces/default/pods';
    expect(cluster.request({ method: 'POST', url: path, body: pod }).status).toBe(201);
    cluster.run({ atMost: seconds(wait / 20) });
    cluster.request({ method: 'DELETE', url: `${path}/brief?gracePeriodSeconds=0` });
    cluster.run({ atMost: seconds(5) });
  }
});
