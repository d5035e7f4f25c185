/** The smallest objects of each kind that the server takes: what generation begins from. */
type Body = Readonly<Record<string, unknown>>;

const selector = { matchLabels: { app: 'a' } };
const podSpec = { containers: [{ name: 'a', image: 'nginx:1.29' }] };
const template = { metadata: { labels: { app: 'a' } }, spec: podSpec };
const finite = { spec: { ...podSpec, restartPolicy: 'Never' } };
const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const nothing = [{ apiGroups: ['nothing.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }];
const webhook = { name: 'a.example.com', clientConfig: { url: 'https://example.com/' }, sideEffects: 'None', admissionReviewVersions: ['v1'], rules: nothing };
const certificateRequest = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHT01FSUNBUUF3RHpFTk1Bc0dBMVVFQXd3RWFtRnVaVEFxTUFVR0F5dGxjQU1oQURzR1BSeTJwZXcrVzUwcgpTVUJsQWtiVDJKY2VqWndCOUxxc2piMDdnZno1b0FBd0JRWURLMlZ3QTBFQVpQTUlYQXk2WnpVclJ0UHdRSmNCCkl4OFNNRzBpWVdhbXlHcjZRUkZHRWhHSHdXZU5xeG9MSTZibXZZSGVXZVFxQ2JKN0dsWSs0dG1TQnUzL2dEYVMKREE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K';

const seeds: Readonly<Record<string, readonly Body[]>> = {
  configmaps: [{ data: { a: '1' } }, { binaryData: { b: 'YQ==' }, immutable: true }],
  endpoints: [{ subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] }],
  limitranges: [{ spec: { limits: [{ type: 'Container', max: { cpu: '2' }, default: { cpu: '1' } }] } }, { spec: { limits: [{ type: 'Pod', min: { memory: '1Mi' } }] } }],
  namespaces: [{}],
  nodes: [{ spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }, {}],
  persistentvolumeclaims: [{ spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'none' } }],
  persistentvolumes: [{ spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' }, storageClassName: 'none' } }, { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadOnlyMany'], csi: { driver: 'csi.example.com', volumeHandle: 'v' }, storageClassName: 'none' } }],
  pods: [{ spec: { ...podSpec, automountServiceAccountToken: false } }, { metadata: { labels: { app: 'a' } }, spec: { automountServiceAccountToken: false, initContainers: [{ name: 'i', image: 'busybox', command: ['true'] }], containers: [{ name: 'a', image: 'nginx:1.29', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: '1' }], volumeMounts: [{ name: 'v', mountPath: '/v' }], resources: { requests: { cpu: '100m' }, limits: { memory: '64Mi' } } }], volumes: [{ name: 'v', emptyDir: {} }] } }],
  podtemplates: [{ template }],
  replicationcontrollers: [{ spec: { replicas: 1, selector: { app: 'a' }, template } }],
  resourcequotas: [{ spec: { hard: { 'example.com/none': '1000' } } }],
  secrets: [{ data: { a: 'YQ==' } }, { stringData: { a: 'x' }, type: 'example.com/x' }, { type: 'kubernetes.io/basic-auth', stringData: { username: 'a' } }],
  serviceaccounts: [{}],
  services: [{ spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } }, { spec: { type: 'NodePort', ports: [{ name: 'a', port: 80, targetPort: 'http' }, { name: 'b', port: 81, protocol: 'UDP' }] } }, { spec: { clusterIP: 'None' } }, { spec: { type: 'ExternalName', externalName: 'example.com' } }, { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } }],
  events: [{ involvedObject: { kind: 'Pod', name: 'a', namespace: 'fuzz' }, reason: 'A', message: 'b', type: 'Normal', source: { component: 'me' } }, { metadata: {}, eventTime: '2026-01-01T00:00:00.000000Z', reportingController: 'example.com/c', reportingInstance: 'a', action: 'A', reason: 'R', type: 'Normal' }],
  'events.k8s.io/events': [{ eventTime: '2026-01-01T00:00:00.000000Z', reportingController: 'example.com/c', reportingInstance: 'a', action: 'A', reason: 'R', type: 'Normal', regarding: { kind: 'Pod', name: 'a', namespace: 'fuzz' } }],
  controllerrevisions: [{ revision: 1, data: { a: 1 } }],
  daemonsets: [{ spec: { selector, template } }],
  deployments: [{ spec: { selector, template } }, { spec: { replicas: 3, selector, strategy: { rollingUpdate: { maxSurge: 1 } }, template } }],
  replicasets: [{ spec: { selector, template } }],
  statefulsets: [{ spec: { serviceName: 'a', selector, template } }, { spec: { serviceName: 'a', selector, template, volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }] } }],
  horizontalpodautoscalers: [{ spec: { scaleTargetRef: { kind: 'Deployment', name: 'a', apiVersion: 'apps/v1' }, maxReplicas: 3 } }],
  cronjobs: [{ spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: finite } } } }],
  jobs: [{ spec: { template: finite } }, { spec: { completionMode: 'Indexed', completions: 3, parallelism: 2, template: finite } }],
  ingressclasses: [{ spec: { controller: 'example.com/ingress' } }],
  ingresses: [{ spec: { rules: [{ host: 'example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } }] } }] } }, { spec: { defaultBackend: { service: { name: 'a', port: { name: 'http' } } } } }],
  ipaddresses: [{ spec: { parentRef: { resource: 'services', name: 'a', namespace: 'fuzz' } } }],
  networkpolicies: [{ spec: { podSelector: {} } }, { spec: { podSelector: selector, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] } }],
  servicecidrs: [{ spec: { cidrs: ['10.200.0.0/24'] } }],
  poddisruptionbudgets: [{ spec: { selector, minAvailable: 1 } }, { spec: { selector, maxUnavailable: '25%' } }],
  clusterroles: [{ rules: [rule] }, { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { none: 'none' } }] } }],
  clusterrolebindings: [{ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'User', name: 'nobody', apiGroup: 'rbac.authorization.k8s.io' }] }],
  roles: [{ rules: [rule] }],
  rolebindings: [{ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' }, subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'fuzz' }] }],
  csidrivers: [{ spec: {} }],
  csinodes: [{ spec: { drivers: [] } }, { spec: { drivers: [{ name: 'csi.example.com', nodeID: 'a', topologyKeys: ['zone'] }] } }],
  csistoragecapacities: [{ storageClassName: 'none', capacity: '1Gi' }],
  storageclasses: [{ provisioner: 'example.com/disk' }],
  volumeattachments: [{ spec: { attacher: 'csi.example.com', nodeName: 'a', source: { persistentVolumeName: 'a' } } }],
  volumeattributesclasses: [{ driverName: 'csi.example.com', parameters: { a: '1' } }],
  mutatingadmissionpolicies: [{ spec: { matchConstraints: { resourceRules: nothing }, reinvocationPolicy: 'Never', mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }] } }],
  mutatingadmissionpolicybindings: [{ spec: { policyName: 'none' } }],
  mutatingwebhookconfigurations: [{ webhooks: [webhook] }],
  validatingadmissionpolicies: [{ spec: { matchConstraints: { resourceRules: nothing }, validations: [{ expression: 'true' }] } }],
  validatingadmissionpolicybindings: [{ spec: { policyName: 'none', validationActions: ['Deny'] } }],
  validatingwebhookconfigurations: [{ webhooks: [webhook] }],
  priorityclasses: [{ value: 10 }],
  leases: [{ spec: { holderIdentity: 'me', leaseDurationSeconds: 10 } }],
  runtimeclasses: [{ handler: 'runc' }],
  endpointslices: [{ addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ name: 'http', port: 80 }] }],
  deviceclasses: [{ spec: { selectors: [{ cel: { expression: 'true' } }] } }],
  resourceclaims: [{ spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'a' } }] } } }],
  resourceclaimtemplates: [{ spec: { spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'a' } }] } } } }],
  resourceslices: [{ spec: { driver: 'gpu.example.com', nodeName: 'a', pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, devices: [{ name: 'd' }] } }],
  flowschemas: [{ spec: { priorityLevelConfiguration: { name: 'catch-all' }, matchingPrecedence: 9000 } }],
  prioritylevelconfigurations: [{ spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } } }],
  certificatesigningrequests: [{ spec: { request: certificateRequest, signerName: 'example.com/signer', usages: ['client auth'] } }],
  tokenreviews: [{ spec: { token: 'a.b.c' } }, { spec: { token: 'x', audiences: ['a'] } }],
  subjectaccessreviews: [{ spec: { user: 'u', resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'fuzz' } } }, { spec: { groups: ['system:masters'], nonResourceAttributes: { path: '/healthz', verb: 'get' } } }],
  localsubjectaccessreviews: [{ spec: { user: 'u', resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'fuzz' } } }],
  selfsubjectaccessreviews: [{ spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } }, { spec: { nonResourceAttributes: { path: '/healthz', verb: 'get' } } }],
  selfsubjectrulesreviews: [{ spec: { namespace: 'fuzz' } }],
  tokenrequests: [{ spec: { audiences: [], expirationSeconds: 3600 } }, { spec: { audiences: ['a'] } }],
  apiservices: [{ spec: { group: 'fuzzed.example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10, service: { name: 'a', namespace: 'fuzz' } } }],
};

/** Objects of these kinds change what the server says of others: the stored ones are as harmless as they are here. */
export const changingOthers: ReadonlySet<string> = new Set(['limitranges', 'resourcequotas', 'servicecidrs', 'ipaddresses', 'ingressclasses', 'storageclasses', 'priorityclasses', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', 'mutatingwebhookconfigurations', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'validatingwebhookconfigurations', 'flowschemas', 'prioritylevelconfigurations', 'apiservices', 'runtimeclasses', 'clusterroles', 'clusterrolebindings']);

/** Kinds that are only asked, never stored: they have no names. */
export const askedOnly: ReadonlySet<string> = new Set(['tokenreviews', 'subjectaccessreviews', 'localsubjectaccessreviews', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews', 'tokenrequests']);

/** Kinds that are not made up at all: those without objects of their own, and those that would start something. */
export const leftOut: ReadonlySet<string> = new Set(['bindings', 'componentstatuses', 'customresourcedefinitions']);

/** The seeds of a kind. */
export const seedsOf = ({ group, resource }: { readonly group: string; readonly resource: string }): readonly Body[] => seeds[`${group}/${resource}`] ?? seeds[resource] ?? [{}];

const fixed: Readonly<Record<string, (number: number) => string>> = {
  apiservices: (number) => `v1.f-${number}.example.com`,
  ipaddresses: (number) => `10.200.${(number >> 8) & 255}.${number & 255}`,
};

/** The name of a scenario's object. */
export const nameOf = (resource: string, number: number): string => fixed[resource]?.(number) ?? `f-${number}`;

/** What belongs to a scenario alone: an APIService's group; what is allocated to a Service, said by the client so that both servers give the same. */
export function withAllocations(resource: string, body: Record<string, unknown>, number: number): Record<string, unknown> {
  const spec = body['spec'] as Record<string, unknown> | undefined;
  if (resource === 'apiservices') return { ...body, spec: { ...spec, group: `f-${number}.example.com` } };
  if (resource !== 'services' || !spec || spec['type'] === 'ExternalName') return body;
  const external = spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer';
  const ports = (spec['ports'] as readonly object[] | undefined)?.map((port, index) => (external ? { ...port, nodePort: 30000 + ((number * 2 + index) % 2700) } : port));
  return { ...body, spec: { clusterIP: `10.96.${64 + ((number >> 8) & 127)}.${number & 255}`, ...spec, ...(ports && { ports }) } };
}
