import { type Amount, parseQuantity, type PodSpec } from '../../../../api';
import type { Draft } from '../../definition';
import { containerRequests, defaultPodSpec, isHugePages } from '../../pod-spec';

type Quantities = Record<string, string>;
interface Resources { requests?: Quantities; limits?: Quantities }
interface MutableContainer { resources?: Resources }

/** Sets a Pod's defaults: those of its spec, and requests that follow from limits. Mutates. */
export function defaultPod(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  spec['containers'] ??= [];
  defaultPodSpec(spec);
  if (spec['enableServiceLinks'] === undefined) spec['enableServiceLinks'] = true;
  for (const list of ['containers', 'initContainers']) for (const container of (spec[list] ?? []) as MutableContainer[]) requestWhatIsLimited(container);
  defaultPodLevelRequests(spec as unknown as PodSpec);
}

function requestWhatIsLimited({ resources }: MutableContainer): void {
  if (!resources?.limits) return;
  const requests: Quantities = (resources.requests ??= {});
  for (const name in resources.limits) requests[name] ??= parseQuantity(String(resources.limits[name])).toString();
}

/** A Pod's own limits imply requests: what its containers request together, or else the limit (KEP-2837). */
function defaultPodLevelRequests(spec: PodSpec): void {
  const resources = spec.resources as Resources | undefined;
  if (!resources) return;
  const requests: Quantities = { ...resources.requests };
  for (const name of requestedNames(spec)) {
    if (requests[name] !== undefined || (name !== 'cpu' && name !== 'memory' && !isHugePages(name))) continue;
    if (isHugePages(name) && resources.limits?.[name] === undefined) continue;
    const total: Amount = containerRequests(spec, name);
    requests[name] = total.toString();
  }
  for (const name in resources.limits) requests[name] ??= resources.limits[name] as string;
  if (Object.keys(requests).length > 0) resources.requests = requests;
}

function requestedNames(spec: PodSpec): Set<string> {
  const names = new Set<string>();
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) for (const name in container.resources?.requests) names.add(name);
  return names;
}
