import type { ApiResponse, KubeList, WatchEvent } from '../api';
import { createEtcd } from '../etcd';
import { type Channel, createKernel, type Kernel, type Task } from '../kernel';
import { type ApiServer, createApiServer, stampResourceVersion } from '.';

const credentials = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };
const path = '/api/v1/namespaces/default/pods';

/** A server with the namespace that the measurements work in. */
export interface Bench {
  readonly kernel: Kernel;
  readonly server: ApiServer;
}

function run<T>(kernel: Kernel, task: Task<T>): T {
  const process = kernel.spawn('bench', task, null);
  kernel.run({ until: () => process.state !== 'running' });
  return process.value;
}

const request = (server: ApiServer, method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown): Task<ApiResponse> => server.handle({ method, url, credentials, ...(body !== undefined && { body }) });

const pod = (index: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `pod-${index}`, labels: { app: 'web', group: String(index % 10) } },
  spec: {
    containers: [{ name: 'app', image: 'nginx:1.29', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: 'b' }], resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
    automountServiceAccountToken: false,
  },
});

/** Starts a server; not measured. */
export function prepare(): Bench {
  const kernel = createKernel();
  const server = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }) });
  run(kernel, request(server, 'POST', '/api/v1/namespaces', { metadata: { name: 'default' } }));
  run(kernel, request(server, 'POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } }));
  return { kernel, server };
}

/** Creates and reads `count` Pods. Target: 30,000 pairs a second, at most 12 KB for each stored Pod. */
export function createAndGet({ kernel, server }: Bench, count: number): void {
  run(kernel, (function* () {
    for (let index = 0; index < count; index++) {
      yield* request(server, 'POST', path, pod(index));
      yield* request(server, 'GET', `${path}/pod-${index}`);
    }
  })());
}

/** Lists all Pods; gives how many there are. Target: 10,000 in 150 ms. */
export const list = ({ kernel, server }: Bench): number => (run(kernel, request(server, 'GET', path)).body as KubeList).items.length;

/** Opens `count` watches over all namespaces. */
export function watch({ kernel, server }: Bench, count: number): Channel<WatchEvent>[] {
  const { resourceVersion } = (run(kernel, request(server, 'GET', path)).body as KubeList).metadata;
  return Array.from({ length: count }, () => run(kernel, request(server, 'GET', `/api/v1/pods?watch=1&resourceVersion=${resourceVersion}`)).events as Channel<WatchEvent>);
}

/** Changes one Pod, which every watch hears of. Target: 20 ms for 1,000 of them. */
export function changeOne({ kernel, server }: Bench, label: string): void {
  const object = run(kernel, request(server, 'GET', `${path}/pod-0`)).body as { metadata: object };
  run(kernel, request(server, 'PUT', `${path}/pod-0`, { ...object, metadata: { ...object.metadata, labels: { changed: label } } }));
}
