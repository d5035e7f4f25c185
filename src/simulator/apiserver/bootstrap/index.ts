import { type ApiHandler, type KubeObject, parseApiVersion, resourceForKind } from '../../api';
import { assert, formatTime, type Kernel, type Task } from '../../kernel';
import { apiServicesJson, objectsJson } from './data';
import { bootstrapBindings, bootstrapRoles } from './rbac';

export interface BootstrapOptions {
  readonly kernel: Kernel;
  /** Requests under the server's own identity. */
  readonly loopback: ApiHandler;
  /** The first address of the Service range: the Service `kubernetes`. */
  readonly serviceAddress: string;
  readonly serviceRange: string;
  /** Where clients reach this server; its port is what the Service leads to. */
  readonly advertise: { readonly address: string; readonly port: number };
  /** Whether to keep the Service's endpoints (--endpoint-reconciler-type). */
  readonly endpoints: boolean;
  /** PEM of the authority that signs client certificates. */
  readonly clientCa: string;
}

/** Creates what an API server makes sure is there when it starts. */
export function* bootstrap(options: BootstrapOptions): Task {
  for (const name of ['kube-system', 'kube-public', 'kube-node-lease', 'default']) {
    yield* ensure(options, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const role of bootstrapRoles()) yield* ensure(options, { ...role });
  for (const binding of bootstrapBindings()) yield* ensure(options, { ...binding });
  const objects = JSON.parse(objectsJson) as Readonly<Record<'flowschemas' | 'prioritylevelconfigurations' | 'priorityclasses', readonly (KubeObject & { status?: { conditions?: readonly object[] } })[]>>;
  for (const object of objects.priorityclasses) yield* ensure(options, { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', ...object });
  for (const object of objects.prioritylevelconfigurations) yield* ensure(options, { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'PriorityLevelConfiguration', ...object });
  for (const object of objects.flowschemas) yield* ensureWithStatus(options, { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'FlowSchema', ...object });
  for (const [name, groupPriorityMinimum, versionPriority] of JSON.parse(apiServicesJson) as readonly [string, number, number][]) {
    yield* ensureWithStatus(options, localApiService(name, groupPriorityMinimum, versionPriority));
  }
  yield* ensureWithStatus(options, {
    apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes' }, spec: { cidrs: [options.serviceRange] },
    status: { conditions: [{ type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' }] },
  });
  yield* service(options);
  yield* configMaps(options);
}

const localApiService = (name: string, groupPriorityMinimum: number, versionPriority: number) => {
  const dot = name.indexOf('.');
  const group = name.slice(dot + 1);
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
    spec: { ...(group !== '' && { group }), version: name.slice(0, dot), groupPriorityMinimum, versionPriority },
    status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local', message: 'Local APIServices are always available' }] },
  };
};

function* service(options: BootstrapOptions): Task {
  const { address, port } = options.advertise;
  yield* ensure(options, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: options.serviceAddress, clusterIPs: [options.serviceAddress], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }], sessionAffinity: 'None', type: 'ClusterIP' },
  });
  yield* ensure(options, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: { name: options.serviceAddress, labels: { 'ipaddress.kubernetes.io/ip-family': 'IPv4', 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' } },
    spec: { parentRef: { name: 'kubernetes', namespace: 'default', resource: 'services' } },
  });
  if (!options.endpoints) return;
  yield* ensure(options, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  });
  yield* ensure(options, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  });
}

function* configMaps(options: BootstrapOptions): Task {
  yield* ensure(options, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' }, data: { 'client-ca-file': options.clientCa } });
  yield* ensure(options, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-apiserver-legacy-service-account-token-tracking', namespace: 'kube-system' }, data: { since: formatTime(options.kernel.now).slice(0, 10) } });
}

/** Any object; what its kind has is not looked at here. */
type Bootstrapped = KubeObject & { readonly [field: string]: unknown };

const credentials = { certificate: { commonName: 'system:apiserver', organizations: ['system:masters'] } };
const headers = { 'user-agent': 'kube-apiserver/v1.36.3' };

function pathOf(object: KubeObject): string {
  const { group, version } = parseApiVersion(object.apiVersion as string);
  const info = resourceForKind({ group, version, kind: object.kind as string });
  assert(info, `the schema knows ${object.kind}`);
  const namespace = object.metadata?.namespace;
  return `${group === '' ? '/api' : `/apis/${group}`}/${version}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${info.resource}`;
}

/** Creates an object unless it is there. */
function* ensure({ loopback }: BootstrapOptions, object: Bootstrapped): Task<boolean> {
  const response = yield* loopback({ method: 'POST', url: pathOf(object), credentials, headers, body: object });
  assert(response.status === 201 || response.status === 409, `${object.kind} ${object.metadata?.name} can be created: ${JSON.stringify(response.body)}`);
  return response.status === 201;
}

function* ensureWithStatus(options: BootstrapOptions, object: Bootstrapped & { readonly status?: { readonly conditions?: readonly object[] } }): Task {
  if (!(yield* ensure(options, object))) return;
  const lastTransitionTime = formatTime(options.kernel.now);
  const conditions = (object.status?.conditions ?? []).map((condition) => ({ lastTransitionTime, ...condition }));
  const url = `${pathOf(object)}/${object.metadata?.name}`;
  const current = yield* options.loopback({ method: 'GET', url, credentials, headers });
  const response = yield* options.loopback({ method: 'PUT', url: `${url}/status`, credentials, headers, body: { ...(current.body as object), status: { conditions } } });
  assert(response.status === 200, `the status of ${object.kind} ${object.metadata?.name} can be written: ${JSON.stringify(response.body)}`);
}
