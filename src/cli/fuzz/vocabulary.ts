import type { FieldSchema } from '../../simulator/api';

const names = ['a', 'b', 'web', 'x-1', 'a.b'];
const ports = [80, 8080, 443, 53, 1, 65535];
const quantities = ['1', '2', '100m', '1Gi', '64Mi', '500m'];
const addresses = ['10.0.0.1', '192.0.2.7', '2001:db8::1', '10.96.0.10'];
const resources = ['cpu', 'memory', 'ephemeral-storage', 'hugepages-2Mi', 'example.com/gpu', 'storage', 'pods'];
const keys = ['app', 'tier', 'example.com/role', 'kubernetes.io/hostname'];

/** Values that the server mostly accepts for a field of this name; the elements of a list have the list's name. */
export const likely: Readonly<Record<string, readonly unknown[]>> = {
  accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'],
  address: addresses, addresses, hostIP: addresses, ip: addresses, podIP: addresses, loadBalancerIP: addresses, externalIPs: addresses, nameservers: addresses, ips: ['10.0.0.1/24'],
  apiGroup: ['', 'apps', 'rbac.authorization.k8s.io', 'example.com'], apiGroups: ['', 'apps', '*'], apiVersion: ['v1', 'apps/v1'], apiVersions: ['v1', '*'],
  cidr: ['10.0.0.0/8', '192.168.0.0/16', '2001:db8::/64'], cidrs: ['10.0.0.0/8', '2001:db8::/64'], except: ['10.1.0.0/16', '192.168.1.0/24'], loadBalancerSourceRanges: ['10.0.0.0/8'], podCIDR: ['10.244.0.0/24'], podCIDRs: ['10.244.0.0/24'],
  clusterIP: ['None', '10.96.200.1', ''], clusterIPs: ['None', '10.96.200.1'], ipFamilies: ['IPv4', 'IPv6'],
  command: ['sh', '-c', 'true'], args: ['a', '--flag'], image: ['nginx:1.29', 'busybox'],
  drop: ['ALL', 'NET_RAW'], add: ['NET_ADMIN', 'SYS_TIME'],
  endPort: [8080, 65535], containerPort: ports, hostPort: ports, port: ports, number: ports, nodePort: [30100, 32000], targetPort: ports, Port: ports,
  expirationSeconds: [600, 3600], failureThreshold: [1, 3], successThreshold: [1, 1, 1, 2], periodSeconds: [1, 10, 60], timeoutSeconds: [1, 10], initialDelaySeconds: [0, 5],
  fieldPath: ['metadata.name', 'metadata.namespace', "metadata.labels['app']", 'status.podIP', 'spec.nodeName'],
  finalizers: ['example.com/guard', 'kubernetes'], scopes: ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort'], scopeName: ['Terminating', 'BestEffort', 'PriorityClass'],
  fsType: ['ext4'], generateName: ['gen-'], holderIdentity: ['me'], host: ['example.com', '*.example.com', 'a.b'], hosts: ['example.com'], hostname: names, hostnames: ['a.b', 'c'], externalName: ['example.com'],
  key: keys, topologyKey: ['kubernetes.io/hostname', 'zone'], matchLabelKeys: ['app', 'tier'], mismatchLabelKeys: ['tier'],
  kind: ['Pod', 'Deployment', 'User', 'Group', 'ServiceAccount', 'Role', 'ClusterRole'],
  labels: ['a', 'a', 'a', 'b', ''], matchLabels: ['a', 'a', 'b'], selector: ['a', 'a', 'b'], nodeSelector: ['a', 'linux'],
  maxSkew: [1, 2], minReplicas: [1, 2], maxReplicas: [3, 10], replicas: [0, 1, 3], averageUtilization: [50, 80], weight: [1, 50, 100],
  mode: [0o644, 0o400], defaultMode: [0o644, 0o400], mountPath: ['/a', '/b', '/var/data'], devicePath: ['/dev/a', '/dev/b'], path: ['/', '/healthz', 'a', 'b/c'], subPath: ['a', 'b/c'],
  name: ['a', 'a', 'a', 'b', 'web'], namespace: ['fuzz', 'default', 'a'], namespaces: ['fuzz', 'a'],
  nonResourceURLs: ['/healthz', '/metrics/*', '*'], operations: ['CREATE', 'UPDATE', '*'], resource: ['limits.cpu', 'requests.memory', 'pods'], resourceName: ['cpu', 'memory'], resources: ['pods', 'deployments', '*', 'pods/log'],
  operator: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Equal'], provisioner: ['example.com/disk'], driver: ['csi.example.com'],
  rawSelector: ['a=b'], verb: ['get', 'list', '*', 'create'], audiences: ['a', 'https://kubernetes.default.svc.cluster.local'], token: ['x', 'a.b.c', ''], user: ['u', 'system:admin', ''], groups: ['system:masters', 'g'], request: ['YQ==', 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQkhUQ0J4QUlCQURBZE1Rd3dDZ1lEVlFRS0RBTmtaWFl4RFRBTEJnTlZCQU1NQkdwaGJtVXdXVEFUQmdjcQpoa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVJkU3NzNW5nQndkVmJEUHdxd0VoS3F4aW1YdDFpdnR3bHpzK1BCCmFlSnZZSUh1SEtZdlYrcUlMZElZN1oxekN0Wi9tRGI3TW5NcW5iV3JBOUlrc3BUb29FVXdRd1lKS29aSWh2Y04KQVFrT01UWXdOREF5QmdOVkhSRUVLekFwZ2cxaExtVjRZVzF3YkdVdVkyOXRod1FLQUFBQmdRVmhRR0l1WTRZTAphSFIwY0hNNkx5OTRMM2t3Q2dZSUtvWkl6ajBFQXdJRFNBQXdSUUloQU5jdGtMY0tlRG0yOVdzNWFhYzBOYS9FCmxWM255VkpSWVQreUMrdWplWjJ4QWlBU2xuUm9PRVRRZlo3NlV3Sk8rZmtnTExwckRadVB0NEVFUlU4ZklUSWcKd2c9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K', 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQUhUQ0J4QUlCQURBZE1Rd3dDZ1lEVlFRS0RBTmtaWFl4RFRBTEJnTlZCQU1NQkdwaGJtVXdXVEFUQmdjcQpoa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVJkU3NzNW5nQndkVmJEUHdxd0VoS3F4aW1YdDFpdnR3bHpzK1BCCmFlSnZZSUh1SEtZdlYrcUlMZElZN1oxekN0Wi9tRGI3TW5NcW5iV3JBOUlrc3BUb29FVXdRd1lKS29aSWh2Y04KQVFrT01UWXdOREF5QmdOVkhSRUVLekFwZ2cxaExtVjRZVzF3YkdVdVkyOXRod1FLQUFBQmdRVmhRR0l1WTRZTAphSFIwY0hNNkx5OTRMM2t3Q2dZSUtvWkl6ajBFQXdJRFNBQXdSUUloQU5jdGtMY0tlRG0yOVdzNWFhYzBOYS9FCmxWM255VkpSWVQreUMrdWplWjJ4QWlBU2xuUm9PRVRRZlo3NlV3Sk8rZmtnTExwckRadVB0NEVFUlU4ZklUSWcKd2c9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K'], runAsUser: [0, 1000], runAsGroup: [0, 1000], fsGroup: [0, 2000], supplementalGroups: [100, 200],
  schedule: ['*/5 * * * *', '0 0 * * *', '@hourly', '30 4 1,15 * 5'], timeZone: ['Etc/UTC', 'Asia/Seoul', 'UTC'],
  serviceAccountName: ['default', 'a'], serviceName: ['web', ''], ingressClassName: ['nginx', 'a'], storageClassName: ['fast', ''], priorityClassName: ['', 'system-cluster-critical'], runtimeClassName: ['a'], schedulerName: ['default-scheduler', 'mine'],
  signerName: ['example.com/signer', 'kubernetes.io/kube-apiserver-client'], status: ['True', 'False', 'Unknown'], subdomain: names,
  terminationMessagePath: ['/dev/termination-log', '/x'], terminationGracePeriodSeconds: [0, 30], tolerationSeconds: [0, 300], trafficDistribution: ['PreferClose', 'PreferSameZone', 'PreferSameNode'],
  uid: ['1b4e28ba-2fa1-11d2-883f-0016d3cca427'], usages: ['client auth', 'digital signature'], url: ['https://example.com/a'], values: ['a', 'b'], verbs: ['get', 'list', 'watch', '*'], volumeName: ['a'], volumeHandle: ['v'], secretName: ['a', 'b'], claimName: ['a'],
  whenDeleted: ['Retain', 'Delete'], whenScaled: ['Retain', 'Delete'], workingDir: ['/', '/tmp'], policyTypes: ['Ingress', 'Egress'], fsGroupPolicy: ['File', 'None'], appProtocol: ['http', 'example.com/x', 'kubernetes.io/h2c'],
  conditionType: ['Ready', 'example.com/gate'], type: ['Ready', 'Available', 'A'], strategy: ['None', 'OldestEmulationVersion'], controller: ['example.com/ingress'], managedBy: ['example.com/jobs'],
  completedIndexes: ['0', '1,3-5'], failedIndexes: ['2'], succeededIndexes: ['0', '0-2'], maxUnavailable: [0, 1, '25%', '50%'], minAvailable: [1, '50%'], maxSurge: [0, 1, '25%'],
  repository: ['https://example.com/a.git'], restartPolicy: ['Always', 'OnFailure', 'Never'], server: ['example.com'], topologyKeys: ['zone'], selectPolicy: ['Max', 'Min', 'Disabled'], medium: ['', 'Memory', 'HugePages'],
};

const longest = 'a'.repeat(63);
const oddTexts = ['', '-a', 'Bad_Name', 'a b', 'UPPER', `${longest}a`, 'a'.repeat(254), 'example.com/name', 'a/b/c', '/abs', '../up', 'a..b', '1', '*', 'é', '"q"\\', ' a', 'a-', '$(X)', '1.2.3.4', 'a:b', '%', '12345678901234567', 'a@b', '.', '..', longest];
const oddByName: Readonly<Record<string, readonly unknown[]>> = {
  cidr: ['10.0.0.1/8', '10.0.0.0/33', '10.0.0.0', '::/0', '010.0.0.0/8'], ip: ['1.2.3', '01.2.3.4', '::ffff:1.2.3.4', '127.0.0.1', '169.254.0.1', '224.0.0.1', '0.0.0.0', '::'], address: ['1.2.3', '01.2.3.4', '::ffff:1.2.3.4', '127.0.0.1', 'fe80::1'],
  schedule: ['* * * *', '60 * * * *', '* * * * 7', '@every 1h', 'TZ=UTC * * * * *', '0 0 31 2 *', '*/0 * * * *', '5-1 * * * *'], timeZone: ['Mars/X', 'Local', '', 'utc', 'Asia/'], clusterIP: ['10.97.0.1', '::1', 'x', '10.96.0.1', '10.96.0.0'],
  fieldPath: ['metadata.uid', "metadata.labels['A b']", 'status.phase', 'spec.x', 'metadata.labels', "metadata.annotations['x']", 'status.hostIP', 'status.podIPs'], resource: ['limits.disk', 'requests.ephemeral-storage', 'limits.hugepages-2Mi'],
  path: ['', '/a/../b', 'a/../b', '..', '/a b', '/%zz', '//', 'a//b', '/a/b', '..a'], mountPath: ['', 'rel', '/a:b', '..'], completedIndexes: ['3-1', '1,1', 'x', '1-', '0-100000'], succeededIndexes: ['3-1', '1,1', 'x', '99'],
  host: ['*', '*.*.a', '1.2.3.4', '*a.b', 'UP.com', 'http://a'], key: ['a/b/c', '-', 'kubernetes.io/', '/x', 'a b', ''],
};
const oddQuantities = ['0', '-1', '1.5', 'x', '', '0.0001', '1e3', '1E', '1000000000000000000000', '1n', '-5m', '.5', 3, 1.5, '1 Gi', '0x1', '9223372036854775807', '+1'];
const oddIntegers = [-1, 0, 1, 100, 101, 32768, 65536, 2147483647, 2147483648, -2147483649, 1.5, 9007199254740991];

/** Values of a type that the field does not have. */
export const wrong: readonly unknown[] = ['text', 7, true, null, [], {}, ['a'], { a: 1 }, 1.5, [null], [[]]];

/** Values of the field's type that the server mostly accepts. */
export function fitting(field: FieldSchema): readonly unknown[] {
  switch (field.type) {
    case 'boolean': return [true, false];
    case 'integer': return likely[field.name] ?? [1, 2, 5, 10];
    case 'number': return [0, 1.5];
    case 'quantity': return quantities;
    case 'intOrString': return likely[field.name] ?? [80, 'http', '25%'];
    case 'bytes': return ['YQ==', ''];
    case 'time': case 'microTime': return ['2026-01-01T00:00:00Z', '2026-02-01T10:20:30.123456Z'];
    case 'duration': return ['5m0s', '30s'];
    case 'json': return [{ a: 1 }, {}, 'x'];
    default: return field.enum ?? likely[field.name] ?? names;
  }
}

/** Values of the field's type that the server often refuses: boundaries, malformed texts. */
export function odd(field: FieldSchema): readonly unknown[] {
  switch (field.type) {
    case 'integer': return oddIntegers;
    case 'number': return [-2, 1e300, '1'];
    case 'quantity': return oddQuantities;
    case 'intOrString': return [-1, 0, 65536, '101%', '-1%', 'a b', '', 'UP', '1', '0%', 'a--b', 'abcdefghijklmnop', 1.5];
    case 'bytes': return ['!', 'YQ', 'YQ==\n', 'YQ===', 'Y'];
    case 'time': case 'microTime': return ['2026-01-01', '', 'x', '2026-01-01T00:00:00+09:00', '2026-13-01T00:00:00Z', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z'];
    case 'duration': return ['-1s', '5', '', '1h1m', 'x'];
    case 'boolean': return ['true', 1];
    default: return [...(oddByName[field.name] ?? []), ...oddTexts];
  }
}

/** Keys of a map of this name. */
export function keysOf(field: FieldSchema): readonly string[] {
  if (field.element?.type === 'quantity') return resources;
  if (/^(data|stringData|binaryData)$/.test(field.name)) return ['a', 'b.txt', 'c-d'];
  if (/labels$|selector$/i.test(field.name)) return ['app', 'app', 'app', 'tier', 'kubernetes.io/os'];
  return ['app', 'example.com/note', 'a'];
}

export const oddKeys: readonly string[] = ['', '-a', 'A b', 'example.com/', 'a/b/c', `${longest}a`, '.', '..', 'UP', 'example.com/x', 'requests.cpu', 'limits.memory', 'count/pods', 'cpu', 'kubernetes.io/x', 'hugepages-1Gi'];
