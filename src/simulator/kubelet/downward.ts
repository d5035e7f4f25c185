import { type Container, parseQuantity, type Pod } from '../api';
import { ConfigError } from './errors';
import type { NodeFacts } from './facts';

const quoted = (value: string): string => JSON.stringify(value);

const mapText = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.keys(map ?? {}).sort().map((key) => `${key}=${quoted((map as Record<string, string>)[key] as string)}`).join('\n');

/** The value of a fieldRef. Throws ConfigError for what the downward API does not offer. (kubernetes.io: Downward API) */
export function fieldOfPod(pod: Pod, path: string, facts: NodeFacts, podIPs: readonly string[]): string {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript) return (subscript[1] === 'labels' ? pod.metadata?.labels : pod.metadata?.annotations)?.[subscript[2] as string] ?? '';
  switch (path) {
    case 'metadata.name': return pod.metadata?.name ?? '';
    case 'metadata.namespace': return pod.metadata?.namespace ?? '';
    case 'metadata.uid': return pod.metadata?.uid ?? '';
    case 'metadata.labels': return mapText(pod.metadata?.labels);
    case 'metadata.annotations': return mapText(pod.metadata?.annotations);
    case 'spec.nodeName': return facts.name;
    case 'spec.serviceAccountName': return pod.spec?.serviceAccountName ?? '';
    case 'status.hostIP': return facts.address;
    case 'status.hostIPs': return facts.address;
    case 'status.podIP': return podIPs[0] ?? '';
    case 'status.podIPs': return podIPs.join(',');
    default: throw new ConfigError(`unsupported fieldPath: ${path}`);
  }
}

/** The value of a resourceFieldRef, divided by its divisor and rounded up; limits that are not set are the node's. */
export function resourceOfContainer(container: Container, resource: string, divisor: string | undefined, facts: NodeFacts): string {
  const [which = '', ...rest] = resource.split('.');
  const name = rest.join('.');
  const resources = container.resources ?? {};
  const set = which === 'limits' ? resources.limits?.[name] : resources.requests?.[name];
  const node: Record<string, number> = {
    cpu: which === 'limits' ? facts.capacity.cpuMillis / 1000 : 0,
    memory: which === 'limits' ? facts.capacity.memoryBytes : 0,
    'ephemeral-storage': which === 'limits' ? facts.capacity.storageBytes : 0,
  };
  const value = set === undefined ? (node[name] ?? 0) : amount(set);
  const by = divisor === undefined || divisor === '0' || divisor === '' ? 1 : amount(divisor);
  return String(Math.ceil(Number((value / by).toPrecision(12))));
}

/** A quantity as a number. */
export const amount = (quantity: string | number): number => parseQuantity(String(quantity)).toNumber();
