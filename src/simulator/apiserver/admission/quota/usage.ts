import { type Amount, amountOf, type KubeObject, parseQuantity, type PersistentVolumeClaim, type Pod, type ResourceRequirements, type Service, zeroAmount } from '../../../api';
import { containerRequests, isExtendedResource, isHugePages } from '../../resources/pod-spec';

/** Amounts by the names that quotas use. */
export type Usage = Map<string, Amount>;

const one = amountOf(1);

/** What counts under a short name of its own besides count/…. */
const shortNames = new Set(['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas', 'services', 'persistentvolumeclaims', 'pods']);

const add = (usage: Usage, name: string, amount: Amount): void => void usage.set(name, (usage.get(name) ?? zeroAmount).add(amount));

type Amounts = ResourceRequirements['requests'];

function totals(pod: Pod, kind: 'requests' | 'limits'): Map<string, Amount> {
  const { spec } = pod;
  const out = new Map<string, Amount>();
  if (!spec) return out;
  const asRequests = (list: typeof spec.containers | undefined) => (list ?? []).map((container) => ({ ...container, resources: { requests: container.resources?.limits ?? {} } }));
  const source = kind === 'requests' ? spec : { ...spec, containers: asRequests(spec.containers), initContainers: asRequests(spec.initContainers) };
  const names = new Set<string>();
  for (const { resources } of [...source.containers, ...(source.initContainers ?? [])]) for (const name in resources?.requests) names.add(name);
  for (const name of names) out.set(name, containerRequests(source, name));
  const podLevel: Amounts = spec.resources?.[kind];
  for (const name in podLevel) out.set(name, parseQuantity(String(podLevel[name])));
  for (const name in spec.overhead) out.set(name, (out.get(name) ?? zeroAmount).add(parseQuantity(String(spec.overhead[name]))));
  return out;
}

function podUsage(pod: Pod): Usage {
  const usage: Usage = new Map([['pods', one], ['count/pods', one]]);
  if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') return new Map([['count/pods', one]]);
  for (const [name, amount] of totals(pod, 'requests')) {
    if (isExtendedResource(name)) add(usage, `requests.${name}`, amount);
    else {
      add(usage, name, amount);
      add(usage, `requests.${name}`, amount);
    }
    if (isHugePages(name)) add(usage, `requests.${name}`, zeroAmount);
  }
  for (const [name, amount] of totals(pod, 'limits')) if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage') add(usage, `limits.${name}`, amount);
  return usage;
}

function serviceUsage({ spec }: Service): Usage {
  const usage: Usage = new Map([['services', one], ['count/services', one], ['services.nodeports', zeroAmount], ['services.loadbalancers', zeroAmount]]);
  const ports = amountOf((spec?.ports ?? []).length);
  if (spec?.type === 'NodePort') usage.set('services.nodeports', ports);
  if (spec?.type === 'LoadBalancer') {
    usage.set('services.loadbalancers', one);
    if (spec.allocateLoadBalancerNodePorts !== false) usage.set('services.nodeports', ports);
    else usage.set('services.nodeports', amountOf((spec.ports ?? []).filter(({ nodePort = 0 }) => nodePort !== 0).length));
  }
  return usage;
}

function claimUsage({ metadata, spec }: PersistentVolumeClaim): Usage {
  const usage: Usage = new Map([['persistentvolumeclaims', one], ['count/persistentvolumeclaims', one]]);
  const storage = spec?.resources?.requests?.['storage'];
  const amount = storage === undefined ? undefined : parseQuantity(String(storage));
  if (amount) usage.set('requests.storage', amount);
  const name = metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
  if (name !== '') {
    usage.set(`${name}.storageclass.storage.k8s.io/persistentvolumeclaims`, one);
    if (amount) usage.set(`${name}.storageclass.storage.k8s.io/requests.storage`, amount);
  }
  return usage;
}

/** What an object counts against quotas. */
export function usageOf(group: string, resource: string, object: KubeObject): Usage {
  if (group === '' && resource === 'pods') return podUsage(object as Pod);
  if (group === '' && resource === 'services') return serviceUsage(object as Service);
  if (group === '' && resource === 'persistentvolumeclaims') return claimUsage(object as PersistentVolumeClaim);
  const usage: Usage = new Map([[`count/${resource}${group === '' ? '' : `.${group}`}`, one]]);
  if (group === '' && shortNames.has(resource)) usage.set(resource, one);
  return usage;
}

const mustBeSaid = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** What a quota counts and a Pod's containers do not say: name and containers. */
export function unsaid(pod: Pod, counted: ReadonlySet<string>): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const name of [...counted].sort()) {
    if (!mustBeSaid.includes(name)) continue;
    const [kind, resource] = name.startsWith('limits.') ? (['limits', name.slice(7)] as const) : (['requests', name.replace('requests.', '')] as const);
    if (pod.spec?.resources?.[kind]?.[resource] !== undefined) continue;
    const silent = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].filter(({ resources }) => resources?.[kind]?.[resource] === undefined).map((container) => container.name);
    if (silent.length > 0) out.set(name, silent.sort());
  }
  return out;
}
