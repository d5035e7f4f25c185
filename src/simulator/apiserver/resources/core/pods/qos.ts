import { type Amount, parseQuantity, type PodSpec, zeroAmount } from '../../../../api';

type Quantities = Readonly<Record<string, string | number>>;

function positive(amounts: Quantities | undefined, sums: Map<string, Amount>): Set<string> {
  const found = new Set<string>();
  for (const name of ['cpu', 'memory']) {
    const text = amounts?.[name];
    if (text === undefined) continue;
    const amount = parseQuantity(String(text));
    if (amount.sign <= 0) continue;
    found.add(name);
    sums.set(name, (sums.get(name) ?? zeroAmount).add(amount));
  }
  return found;
}

/** Guaranteed, Burstable or BestEffort, by cpu and memory of all containers, or of the Pod where it says them itself. */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const whole = spec.resources && (spec.resources.requests || spec.resources.limits) ? [{ resources: spec.resources }] : undefined;
  const parts = whole ?? [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  if (parts.every(({ resources }) => !resources?.requests && !resources?.limits)) return 'BestEffort';
  const requests = new Map<string, Amount>();
  const limits = new Map<string, Amount>();
  let guaranteed = true;
  for (const { resources } of parts) {
    positive(resources?.requests, requests);
    if (positive(resources?.limits, limits).size < 2) guaranteed = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  if (!guaranteed || requests.size !== limits.size) return 'Burstable';
  for (const [name, limit] of limits) if (requests.get(name)?.compare(limit) !== 0) return 'Burstable';
  return 'Guaranteed';
}
