import type { Container, PodSpec, ResourceRequirements } from '../../api';
import { milliValue, wholeValue } from './quantity';

/** Amounts of resources: CPU in thousandths, the rest in whole units. */
export interface Amounts {
  cpu: number;
  memory: number;
  ephemeral: number;
  /** Everything else, by name. */
  others: Map<string, number> | undefined;
}

export const noAmounts = (): Amounts => ({ cpu: 0, memory: 0, ephemeral: 0, others: undefined });

type Quantities = Readonly<Record<string, string>> | undefined;

/** Quantities as numbers. */
export function amountsOf(quantities: Quantities): Amounts {
  const amounts = noAmounts();
  for (const name in quantities) {
    const value = quantities[name];
    if (name === 'cpu') amounts.cpu = milliValue(value);
    else if (name === 'memory') amounts.memory = wholeValue(value);
    else if (name === 'ephemeral-storage') amounts.ephemeral = wholeValue(value);
    else if (name !== 'pods') (amounts.others ??= new Map()).set(name, wholeValue(value));
  }
  return amounts;
}

/** Adds `b` to `a`, `sign` times. */
export function addAmounts(a: Amounts, b: Amounts, sign = 1): void {
  a.cpu += sign * b.cpu;
  a.memory += sign * b.memory;
  a.ephemeral += sign * b.ephemeral;
  if (b.others) {
    a.others ??= new Map();
    for (const [name, value] of b.others) a.others.set(name, (a.others.get(name) ?? 0) + sign * value);
  }
}

function raiseTo(a: Amounts, b: Amounts): void {
  a.cpu = Math.max(a.cpu, b.cpu);
  a.memory = Math.max(a.memory, b.memory);
  a.ephemeral = Math.max(a.ephemeral, b.ephemeral);
  if (b.others) {
    a.others ??= new Map();
    for (const [name, value] of b.others) a.others.set(name, Math.max(a.others.get(name) ?? 0, value));
  }
}

/** What a Pod asks for: its containers together or its largest init step, sidecars and overhead added (KEP-753), pod-level requests instead (KEP-2837). */
export function podAmounts(spec: PodSpec | undefined, amountsOfContainer: (resources: ResourceRequirements | undefined) => Amounts): Amounts {
  const total = noAmounts();
  for (const container of spec?.containers ?? []) addAmounts(total, amountsOfContainer(container.resources));
  const sidecars = noAmounts();
  const init = noAmounts();
  for (const container of spec?.initContainers ?? []) {
    const own = amountsOfContainer(container.resources);
    if (container.restartPolicy === 'Always') {
      addAmounts(sidecars, own);
      addAmounts(total, own);
      raiseTo(init, copyOf(sidecars));
    } else {
      const step = copyOf(sidecars);
      addAmounts(step, own);
      raiseTo(init, step);
    }
  }
  raiseTo(total, init);
  const whole = spec?.resources?.requests;
  if (whole) {
    const level = amountsOf(whole);
    if (whole['cpu'] !== undefined) total.cpu = level.cpu;
    if (whole['memory'] !== undefined) total.memory = level.memory;
    for (const [name, value] of level.others ?? []) (total.others ??= new Map()).set(name, value);
  }
  if (spec?.overhead) addAmounts(total, amountsOf(spec.overhead));
  return total;
}

const copyOf = (amounts: Amounts): Amounts => ({ ...amounts, others: amounts.others && new Map(amounts.others) });

const defaultCpu = 100;
const defaultMemory = 200 * 1024 * 1024;

/** What a Pod asks for when containers that ask for no CPU or memory count as small ones: what scores go by. */
export const scoredAmounts = (spec: PodSpec | undefined): Amounts => podAmounts(spec, (resources) => {
  const amounts = amountsOf(resources?.requests);
  if (resources?.requests?.['cpu'] === undefined) amounts.cpu = defaultCpu;
  if (resources?.requests?.['memory'] === undefined) amounts.memory = defaultMemory;
  return amounts;
});

/** The containers that run when a Pod has started: the main ones and the sidecars. */
export const runningContainers = (spec: PodSpec | undefined): readonly Container[] =>
  [...(spec?.containers ?? []), ...(spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always') ?? [])];
