import { type Amount, type Container, parseQuantity, type PodSpec, zeroAmount } from '../../../api';
import type { Errors, Path } from '../../field';
import { checkResources } from './resources';
import type { PodScope } from './scope';

type Quantities = Readonly<Record<string, string | number>>;

const amountIn = (amounts: Quantities | undefined, name: string): Amount => parseQuantity(String(amounts?.[name] ?? '0'));

/** What a Pod's containers request of one resource together: apps and sidecars at once, or the largest init step. */
export function containerRequests(spec: PodSpec, name: string): Amount {
  let sum: Amount = zeroAmount;
  for (const container of spec.containers ?? []) sum = sum.add(amountIn(container.resources?.requests, name));
  let sidecars: Amount = zeroAmount;
  let peak: Amount = zeroAmount;
  for (const container of spec.initContainers ?? []) {
    const own = amountIn(container.resources?.requests, name);
    if (container.restartPolicy === 'Always') sidecars = sidecars.add(own);
    const step = container.restartPolicy === 'Always' ? sidecars : sidecars.add(own);
    if (step.compare(peak) > 0) peak = step;
  }
  const total = sum.add(sidecars);
  return total.compare(peak) > 0 ? total : peak;
}

/** Checks spec.resources, which bounds all containers together (KEP-2837). */
export function checkPodResources(path: Path, { spec, errors, claims }: PodScope): void {
  const { resources } = spec;
  if (resources === undefined) return;
  checkResources(resources, path, { claims, podLevel: true }, errors);
  for (const name in resources.requests) {
    const own = amountIn(resources.requests, name);
    const total = containerRequests(spec, name);
    if (total.compare(own) > 0) {
      errors.invalid(path.child('requests').index(name), own.toString(), `must be greater than or equal to aggregate container requests of ${total.toString()}`);
    }
  }
  checkContainerLimits(spec.containers ?? [], 'containers', resources.limits, path, errors);
  checkContainerLimits(spec.initContainers ?? [], 'initContainers', resources.limits, path, errors);
}

function checkContainerLimits(containers: readonly Container[], list: string, limits: Quantities | undefined, path: Path, errors: Errors): void {
  for (const [index, { resources }] of containers.entries()) {
    for (const name in resources?.limits) {
      if (limits?.[name] === undefined) continue;
      const own = amountIn(resources.limits, name);
      const limit = amountIn(limits, name);
      if (own.compare(limit) > 0) errors.invalid(path.child(list).index(index).index(name).child('limits'), own.toString(), `must be less than or equal to pod limits of ${limit.toString()}`);
    }
  }
}
