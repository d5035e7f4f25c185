import type { PodDisruptionBudget } from '../api';
import { type Informer, labelMatcher } from '../client';
import { parseTime, type Random } from '../kernel';
import type { NodeInfo, PodInfo } from './cache';
import { addTo, ask, askWithNominated, type Findings, type NamedFilter, removeFrom } from './cycle';
import type { Verdict } from './framework';
import { countReasons } from './message';
import type { Nominations } from './nominations';

/** What a node would cost. */
export interface Candidate {
  readonly node: NodeInfo;
  /** Most important first. */
  readonly victims: readonly PodInfo[];
  /** How many of them a budget protects. */
  readonly violations: number;
}

/** A place that can be made, or why none can. */
export type Outcome = { readonly candidate: Candidate } | { readonly message: string };

export interface PreemptionWorld {
  readonly nodes: readonly NodeInfo[];
  readonly node: (name: string) => NodeInfo | undefined;
  readonly budgets: Informer<PodDisruptionBudget>;
  readonly nominations: Nominations;
  readonly random: Random;
}

const nothing = 'No preemption victims found for incoming pod';
const pointless = 'Preemption is not helpful for scheduling';
const leastCandidates = 100;
const candidateShare = 0.1;

/** Looks for the node on which the fewest and least important Pods have to make room. */
export function preempt(pod: PodInfo, findings: Findings, world: PreemptionWorld): Outcome {
  if (pod.spec?.preemptionPolicy === 'Never') return { message: 'not eligible due to preemptionPolicy=Never.' };
  if (waitsForVictims(pod, world)) return { message: 'not eligible due to terminating pod on the nominated node.' };
  const reasons: string[] = [];
  const possible: NodeInfo[] = [];
  for (const node of world.nodes) {
    const refusal = findings.refused.get(node);
    if (refusal?.unresolvable) reasons.push(pointless);
    else possible.push(node);
  }
  const candidates = tryOut(pod, possible, findings, world, reasons);
  const candidate = cheapest(candidates);
  if (candidate) return { candidate };
  return { message: `0/${world.nodes.length} nodes are available: ${countReasons(reasons)}.` };
}

/** A Pod that has made room already does not evict more while its victims go. */
function waitsForVictims(pod: PodInfo, { node: nodeOf }: PreemptionWorld): boolean {
  const nominated = pod.pod.status?.nominatedNodeName;
  const node = nominated ? nodeOf(nominated) : undefined;
  if (!node) return false;
  for (const other of node.pods.values()) {
    if (other.priority < pod.priority && other.terminating && other.pod.status?.conditions?.some(({ type, status, reason }) => type === 'DisruptionTarget' && status === 'True' && reason === 'PreemptionByScheduler')) return true;
  }
  return false;
}

function tryOut(pod: PodInfo, possible: readonly NodeInfo[], { filters }: Findings, world: PreemptionWorld, reasons: string[]): Candidate[] {
  const enough = Math.max(Math.floor(possible.length * candidateShare), Math.min(leastCandidates, possible.length));
  const start = possible.length > enough ? world.random.int(possible.length) : 0;
  const found: Candidate[] = [];
  for (let i = 0; i < possible.length && found.length < enough; i++) {
    const result = victimsOn(pod, possible[(start + i) % possible.length] as NodeInfo, filters, world);
    if ('victims' in result) found.push(result);
    else reasons.push(...result.reasons);
  }
  return found;
}

/** Takes all less important Pods off the node, then puts back as many as fit, the most important and the protected first. */
function victimsOn(pod: PodInfo, node: NodeInfo, filters: readonly NamedFilter[], world: PreemptionWorld): Candidate | Pick<Verdict, 'reasons'> {
  const lesser = [...node.pods.values()].filter(({ priority }) => priority < pod.priority);
  if (lesser.length === 0) return { reasons: [nothing] };
  for (const other of lesser) removeFrom(filters, other, node);
  const refusal = askWithNominated(filters, pod, node, world.nominations);
  if (refusal) {
    for (const other of lesser) addTo(filters, other, node);
    return refusal;
  }
  const ordered = [...lesser].sort(moreImportant);
  const isProtected = protectedPods(ordered, world.budgets);
  const victims: PodInfo[] = [];
  let violations = 0;
  for (const other of [...ordered.filter(isProtected), ...ordered.filter((candidate) => !isProtected(candidate))]) {
    addTo(filters, other, node);
    if (!ask(filters, node)) continue;
    removeFrom(filters, other, node);
    victims.push(other);
    if (isProtected(other)) violations += 1;
  }
  for (const victim of victims) addTo(filters, victim, node);
  return { node, victims: victims.sort(moreImportant), violations };
}

const startOf = ({ pod }: PodInfo): number => (pod.status?.startTime ? (parseTime(pod.status.startTime) ?? Infinity) : Infinity);

/** Higher priority first, of equals the one that started earlier. */
const moreImportant = (a: PodInfo, b: PodInfo): number => b.priority - a.priority || (startOf(a) === startOf(b) ? 0 : startOf(a) - startOf(b));

/** The Pods whose eviction would go beyond what their budgets allow. */
function protectedPods(pods: readonly PodInfo[], budgets: Informer<PodDisruptionBudget>): (pod: PodInfo) => boolean {
  const left = new Map<PodDisruptionBudget, number>();
  const beyond = new Set<string>();
  for (const pod of pods) {
    for (const budget of budgets.store.by('namespace', pod.namespace)) {
      const { selector } = budget.spec ?? {};
      if (!selector || Object.keys(pod.labels).length === 0 || !labelMatcher(selector)(pod.labels) || budget.status?.disruptedPods?.[pod.name]) continue;
      const allowed = (left.get(budget) ?? budget.status?.disruptionsAllowed ?? 0) - 1;
      left.set(budget, allowed);
      if (allowed < 0) beyond.add(pod.uid);
    }
  }
  return ({ uid }) => beyond.has(uid);
}

const shift = 2 ** 31;

/** Fewest violations, then the least important victims, then the fewest, then those that started last. */
function cheapest(candidates: readonly Candidate[]): Candidate | undefined {
  const measures: ((candidate: Candidate) => number)[] = [
    ({ violations }) => violations,
    ({ victims }) => victims[0]?.priority ?? -shift,
    ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + shift, 0),
    ({ victims }) => victims.length,
    ({ victims }) => -Math.min(...victims.filter(({ priority }) => priority === victims[0]?.priority).map(startOf)),
  ];
  let rest = candidates;
  for (const measure of measures) {
    if (rest.length <= 1) break;
    const values = rest.map(measure);
    const lowest = Math.min(...values);
    rest = rest.filter((_, index) => values[index] === lowest);
  }
  return rest[0];
}
