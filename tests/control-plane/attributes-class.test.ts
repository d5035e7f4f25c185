import { expect, test } from 'vitest';
import { createCluster } from '../../src/simulator/cluster';
import { seconds } from '../../src/simulator/kernel';

const classes = '/apis/storage.k8s.io/v1/volumeattributesclasses';
const claims = '/api/v1/namespaces/default/persistentvolumeclaims';

test('a class of attributes that is deleted stays until no claim names it', () => {
  const cluster = createCluster({ bare: true, nodes: 0 });
  const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): number => {
    const { status } = cluster.request({ method, url, ...(body && { body }) });
    cluster.run({ atMost: seconds(2) });
    return status;
  };
  cluster.run({ atMost: seconds(5) });
  expect(ask('POST', classes, { metadata: { name: 'fast' }, driverName: 'x.io', parameters: { k: 'v' } })).toBe(201);
  expect(ask('POST', claims, { metadata: { name: 'own' }, spec: { accessModes: ['ReadWriteOnce'], volumeAttributesClassName: 'fast', resources: { requests: { storage: '1Gi' } } } })).toBe(201);
  ask('DELETE', `${classes}/fast`);
  expect(ask('GET', `${classes}/fast`)).toBe(200);
  ask('DELETE', `${claims}/own`);
  expect(ask('GET', `${classes}/fast`)).toBe(404);
});
