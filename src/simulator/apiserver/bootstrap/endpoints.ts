import type { ApiHandler, Endpoints, EndpointSlice } from '../../api';
import type { Etcd } from '../../etcd';
import { type Kernel, seconds, sleep, type Task } from '../../kernel';

export interface EndpointKeeper {
  readonly kernel: Kernel;
  readonly etcd: Etcd;
  /** Requests under the server's own identity. */
  readonly loopback: ApiHandler;
  /** Where clients reach this server. */
  readonly advertise: { readonly address: string; readonly port: number };
}

const prefix = '/registry/masterleases/';
/** How long a server counts as alive that says nothing, and how often it says something. */
const leaseTime = seconds(15);
const interval = seconds(10);
const credentials = { certificate: { commonName: 'system:apiserver', organizations: ['system:masters'] } };
const headers = { 'user-agent': 'kube-apiserver/v1.36.3' };
const endpointsPath = '/api/v1/namespaces/default/endpoints/kubernetes';
const slicePath = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes';

/**
 * Keeps this server among the endpoints of the Service `kubernetes` for as long as the task runs, and those out of it that are
 * no longer there: --endpoint-reconciler-type=lease.
 */
export function* keepEndpoint(keeper: EndpointKeeper): Task {
  const { kernel, etcd, advertise } = keeper;
  const key = prefix + advertise.address;
  let lease = 0;
  try {
    for (;;) {
      if (!etcd.keepAlive(lease)) {
        lease = yield* etcd.grantLease(leaseTime);
        const value = { apiVersion: 'v1', kind: 'Endpoints', metadata: {}, subsets: [{ addresses: [{ ip: advertise.address }] }] };
        yield* etcd.propose({ type: 'transaction', compare: [], success: [{ type: 'put', key, value, lease }], failure: [] });
      }
      yield* reconcile(keeper);
      yield* sleep(interval);
    }
  } finally {
    kernel.spawn('apiserver leaves its endpoints', leave(keeper, lease), null);
  }
}

function* leave(keeper: EndpointKeeper, lease: number): Task {
  yield* keeper.etcd.revokeLease(lease);
  yield* reconcile(keeper);
}

/** Writes the servers that are alive into Endpoints and EndpointSlice; the last one that leaves changes nothing. */
function* reconcile({ etcd, loopback, advertise: { port } }: EndpointKeeper): Task {
  const addresses = etcd.range(prefix, `${prefix.slice(0, -1)}0`).entries.map(({ key }) => key.slice(prefix.length));
  if (addresses.length === 0) return;
  const read = function* <T>(url: string): Task<T> {
    return (yield* loopback({ method: 'GET', url, credentials, headers })).body as T;
  };
  const ports = [{ name: 'https', port, protocol: 'TCP' }];
  const endpoints = yield* read<Endpoints>(endpointsPath);
  const inEndpoints = endpoints.subsets?.flatMap(({ addresses: some = [] }) => some.map(({ ip }) => ip)) ?? [];
  if (!same(inEndpoints, addresses)) yield* loopback({ method: 'PUT', url: endpointsPath, credentials, headers, body: { ...endpoints, subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports }] } });
  const slice = yield* read<EndpointSlice>(slicePath);
  const inSlice = slice.endpoints?.flatMap(({ addresses: some }) => some) ?? [];
  if (!same(inSlice, addresses)) yield* loopback({ method: 'PUT', url: slicePath, credentials, headers, body: { ...slice, endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })), ports } });
}

const same = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && one.every((address) => other.includes(address));
