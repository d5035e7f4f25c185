import { type Amount, type Container, deepFreeze, parseQuantity, type Pod, type PodSpec, zeroAmount } from '../../api';

type Quantities = Readonly<Record<string, string>>;
type Kind = 'requests' | 'limits';

const namesIn = (spec: PodSpec, kind: Kind): Set<string> =>
  new Set([...(spec.initContainers ?? []), ...(spec.containers ?? [])].flatMap((container) => Object.keys(container.resources?.[kind] ?? {})));

const amountIn = (container: Container, kind: Kind, name: string): Amount => parseQuantity(String(container.resources?.[kind]?.[name] ?? '0'));

/** Apps and sidecars at once, or the largest init step. (kubernetes.io: Resource sharing within init containers) */
function together(spec: PodSpec, kind: Kind, name: string): Amount {
  let sum: Amount = zeroAmount;
  for (const container of spec.containers ?? []) sum = sum.add(amountIn(container, kind, name));
  let sidecars: Amount = zeroAmount;
  let peak: Amount = zeroAmount;
  for (const container of spec.initContainers ?? []) {
    const own = amountIn(container, kind, name);
    const step = sidecars.add(own);
    if (container.restartPolicy === 'Always') sidecars = step;
    if (step.compare(peak) > 0) peak = step;
  }
  const total = sum.add(sidecars);
  return total.compare(peak) > 0 ? total : peak;
}

function aggregate(spec: PodSpec, kind: Kind): Quantities {
  const own = (spec.resources as { readonly [kind in Kind]?: Quantities } | undefined)?.[kind] ?? {};
  return { ...Object.fromEntries([...namesIn(spec, kind)].map((name) => [name, together(spec, kind, name).toString()])), ...own };
}

interface PodResources {
  readonly resources: unknown;
  readonly allocatedResources?: Quantities;
}

/** A Pod's status is looked at far more often than its spec changes. */
const ofSpecs = new WeakMap<PodSpec, PodResources>();
const nothing: PodSpec = { containers: [] };

/** What the status says of the Pod's resources as a whole. (KEP-5419: in-place resizing of pod-level resources) */
export function resourcesOfPod({ spec = nothing }: Pod): PodResources {
  let known = ofSpecs.get(spec);
  if (known === undefined) ofSpecs.set(spec, (known = deepFreeze(resourcesOf(spec))));
  return known;
}

function resourcesOf(spec: PodSpec): PodResources {
  const requests = aggregate(spec, 'requests');
  const limits = aggregate(spec, 'limits');
  const some = (quantities: Quantities): boolean => Object.keys(quantities).length > 0;
  return {
    resources: { ...(some(requests) && { requests }), ...(some(limits) && { limits }) },
    ...(some(requests) && { allocatedResources: requests }),
  };
}
