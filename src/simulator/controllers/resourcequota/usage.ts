import { type Amount, amountOf, parseQuantity, type PersistentVolumeClaim, type Pod, type PodSpec, type ResourceQuotaSpec, type Service, zeroAmount } from '../../api';
import { isTerminal } from '../pods';

/** What can be asked of the objects of a namespace. */
export interface Countable {
  pods(): readonly Pod[];
  services(): readonly Service[];
  claims(): readonly PersistentVolumeClaim[];
  /** How many objects of a resource there are; undefined for one that is not served. */
  count(group: string, resource: string): number | undefined;
}

type Amounts = Map<string, Amount>;
type Kind = 'requests' | 'limits';

function add(to: Amounts, from: Iterable<readonly [string, Amount]>): void {
  for (const [name, amount] of from) to.set(name, (to.get(name) ?? zeroAmount).add(amount));
}

function raise(to: Amounts, from: Amounts): void {
  for (const [name, amount] of from) if ((to.get(name) ?? zeroAmount).compare(amount) < 0) to.set(name, amount);
}

const amounts = (quantities: Readonly<Record<string, string>> | undefined): Amounts => new Map(Object.entries(quantities ?? {}).map(([name, text]) => [name, parseQuantity(text)]));

/** What a Pod asks for, or may have: its containers, or its largest init step, with sidecars and overhead. */
function ofPod(spec: PodSpec | undefined, kind: Kind): Amounts {
  const total: Amounts = new Map();
  const sidecars: Amounts = new Map();
  const init: Amounts = new Map();
  for (const { resources } of spec?.containers ?? []) add(total, amounts(resources?.[kind]));
  for (const { resources, restartPolicy } of spec?.initContainers ?? []) {
    const own = amounts(resources?.[kind]);
    if (restartPolicy === 'Always') {
      add(total, own);
      add(sidecars, own);
    } else {
      const step = new Map(sidecars);
      add(step, own);
      raise(init, step);
    }
  }
  raise(total, init);
  for (const [name, amount] of amounts(spec?.resources?.[kind])) total.set(name, amount);
  if (total.size > 0 || kind === 'requests') add(total, amounts(spec?.overhead));
  return total;
}

const isBestEffort = ({ spec }: Pod): boolean => [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].every(({ resources }) => ['cpu', 'memory'].every((name) => !resources?.requests?.[name] && !resources?.limits?.[name]));

/** Whether a Pod falls under a quota's scopes. */
function inScope(pod: Pod, { scopes = [], scopeSelector }: ResourceQuotaSpec): boolean {
  const requirements = [...scopes.map((scopeName) => ({ scopeName, operator: 'Exists', values: [] as readonly string[] })), ...(scopeSelector?.matchExpressions ?? [])];
  return requirements.every(({ scopeName, operator, values = [] }) => {
    switch (scopeName) {
      case 'Terminating':
        return pod.spec?.activeDeadlineSeconds !== undefined;
      case 'NotTerminating':
        return pod.spec?.activeDeadlineSeconds === undefined;
      case 'BestEffort':
        return isBestEffort(pod);
      case 'NotBestEffort':
        return !isBestEffort(pod);
      case 'PriorityClass': {
        const name = pod.spec?.priorityClassName;
        if (operator === 'In') return name !== undefined && values.includes(name);
        if (operator === 'NotIn') return name === undefined || !values.includes(name);
        return (operator === 'Exists') === (name !== undefined);
      }
      case 'CrossNamespacePodAffinity':
        return [pod.spec?.affinity?.podAffinity, pod.spec?.affinity?.podAntiAffinity].some((affinity) => [...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm)].some(({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined));
      default:
        return false;
    }
  });
}

const own: Readonly<Record<string, readonly [group: string, resource: string]>> = {
  configmaps: ['', 'configmaps'], secrets: ['', 'secrets'], persistentvolumeclaims: ['', 'persistentvolumeclaims'], services: ['', 'services'],
  replicationcontrollers: ['', 'replicationcontrollers'], resourcequotas: ['', 'resourcequotas'],
};

function ofPods(name: string, pods: readonly Pod[]): Amount | undefined {
  if (name === 'pods') return amountOf(pods.length);
  const [, kind = 'requests', resource = name] = /^(?:(requests|limits)\.)?(.+)$/.exec(name) ?? [];
  const known = resource === 'cpu' || resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-') || resource.includes('/');
  if (!known) return undefined;
  return pods.reduce((sum, { spec }) => sum.add(ofPod(spec, kind as Kind).get(resource) ?? zeroAmount), zeroAmount);
}

function ofServices(name: string, services: readonly Service[]): Amount | undefined {
  if (name === 'services.loadbalancers') return amountOf(services.filter(({ spec }) => spec?.type === 'LoadBalancer').length);
  if (name !== 'services.nodeports') return undefined;
  const ports = services.filter(({ spec }) => spec?.type === 'NodePort' || (spec?.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)).flatMap(({ spec }) => spec?.ports ?? []);
  return amountOf(ports.length);
}

function ofClaims(name: string, claims: readonly PersistentVolumeClaim[]): Amount | undefined {
  const [, className, what] = /^(?:(.+)\.storageclass\.storage\.k8s\.io\/)?(requests\.storage|persistentvolumeclaims)$/.exec(name) ?? [];
  if (what === undefined) return undefined;
  const those = className === undefined ? claims : claims.filter(({ spec }) => spec?.storageClassName === className);
  if (what === 'persistentvolumeclaims') return amountOf(those.length);
  return those.reduce((sum, { spec }) => sum.add(parseQuantity(spec?.resources?.requests?.['storage'] ?? '0')), zeroAmount);
}

/** How much of each resource of a quota is used; those that nobody counts are left out. */
export function usageOf(spec: ResourceQuotaSpec, objects: Countable): Record<string, string> {
  const used: Record<string, string> = {};
  const pods = objects.pods().filter((pod) => !isTerminal(pod) && inScope(pod, spec));
  for (const name of Object.keys(spec.hard ?? {}).sort()) {
    const [, resource = '', group = ''] = /^count\/([^.]+)(?:\.(.+))?$/.exec(name) ?? [];
    const [ownGroup, ownResource] = own[name] ?? [group, resource];
    const count = ownResource === '' ? undefined : objects.count(ownGroup, ownResource);
    const amount = ownResource === '' ? (ofClaims(name, objects.claims()) ?? ofServices(name, objects.services()) ?? ofPods(name, pods)) : count === undefined ? undefined : amountOf(count);
    if (amount) used[name] = amount.toString();
  }
  return used;
}

