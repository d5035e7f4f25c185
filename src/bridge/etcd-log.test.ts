import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../simulator/cluster';
import { minutes, seconds } from '../simulator/kernel';
import { EtcdLog } from './etcd-log';

let folder = '';
let file = '';
const logs: EtcdLog[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kube-dojang-data-'));
  file = path.join(folder, 'etcd.jsonl');
});
afterEach(() => {
  for (const log of logs.splice(0)) log.flush(); // or they would write when the folder is gone
  rmSync(folder, { recursive: true });
});

const configMaps = '/api/v1/namespaces/default/configmaps';

function start(): { cluster: Cluster; log: EtcdLog } {
  const earlier = EtcdLog.read(file);
  const log = new EtcdLog(file, () => cluster.etcdSnapshot(), () => cluster.kernel.now);
  logs.push(log);
  const cluster: Cluster = createCluster({
    bare: true, nodes: 1, seed: 1 + (earlier?.revision ?? 0), ...(earlier && { start: earlier.time }),
    etcdFiles: { ...(earlier && { kept: earlier.kept }), journal: (command) => log.note(command) },
  });
  cluster.settle(minutes(1));
  return { cluster, log };
}

const create = (cluster: Cluster, name: string, text = ''): void => {
  expect(cluster.request({ method: 'POST', url: configMaps, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text } } })).toMatchObject({ status: 201 });
};
const read = (cluster: Cluster, name: string): unknown => cluster.request({ method: 'GET', url: `${configMaps}/${name}` }).body;

test('objects outlive the process that held them, word for word, and so does the clock', () => {
  const { cluster, log } = start();
  create(cluster, 'one', '한글');
  log.flush();
  create(cluster, 'two');
  log.flush();
  const before = [read(cluster, 'one'), read(cluster, 'two')];
  const { cluster: again } = start();
  expect([read(again, 'one'), read(again, 'two')]).toEqual(before);
  expect(again.kernel.now).toBeGreaterThanOrEqual(cluster.kernel.now);
  create(again, 'three');
  expect(Number((read(again, 'three') as { metadata: { resourceVersion: string } }).metadata.resourceVersion)).toBeGreaterThan(cluster.etcdSnapshot().revision);
});

test('a line that was cut short counts for nothing, and what follows is written after the whole ones', () => {
  const { cluster, log } = start();
  create(cluster, 'one');
  log.flush();
  appendFileSync(file, '[1234,{"type":"transac');
  const second = start();
  create(second.cluster, 'two');
  second.log.flush();
  const { cluster: third } = start();
  expect([read(third, 'one'), read(third, 'two')]).toMatchObject([{ metadata: { name: 'one' } }, { metadata: { name: 'two' } }]);
});

test('a log that has grown long is written anew', () => {
  const { cluster, log } = start();
  log.flush();
  for (let number = 0; number < 12; number++) {
    create(cluster, `large-${number}`, 'x'.repeat(1_000_000));
    if (number > 0) expect(cluster.request({ method: 'DELETE', url: `${configMaps}/large-${number}` })).toMatchObject({ status: 200 });
    log.flush();
  }
  create(cluster, 'last');
  log.flush();
  expect(statSync(file).size).toBeLessThan(9_000_000);
  expect(existsSync(`${file}.new`)).toBe(false);
  const { cluster: again } = start();
  expect(read(again, 'large-0')).toEqual(read(cluster, 'large-0'));
  expect(read(again, 'last')).toEqual(read(cluster, 'last'));
  again.run({ atMost: seconds(1) });
});
