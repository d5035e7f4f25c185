import { podInfo, type NodeInfo, type PodInfo } from '../../cache';
import { type Plugin, type PreparedFilter, type PreparedScore, verdict, type World } from '../../framework';
import { type Constraint, constraintsOf, defaultConstraints } from './constraint';

const name = 'PodTopologySpread';
const skewed = verdict(name, false, "node(s) didn't match pod topology spread constraints");
const unlabelled = verdict(name, true, "node(s) didn't match pod topology spread constraints (missing required label)");
const hostname = 'kubernetes.io/hostname';

/** How many matching Pods each domain has. */
function domainsOf(constraint: Constraint, nodes: Iterable<NodeInfo>, eligible: (node: NodeInfo) => boolean): Map<string, number> {
  const domains = new Map<string, number>();
  for (const node of nodes) {
    const domain = node.labels[constraint.topologyKey];
    if (domain === undefined || !eligible(node) || !constraint.counts(node)) continue;
    domains.set(domain, (domains.get(domain) ?? 0) + (constraint.perNode.get(node.name) ?? 0));
  }
  return domains;
}

function least({ minDomains }: Constraint, domains: ReadonlyMap<string, number>): number {
  if (domains.size < minDomains) return 0;
  let smallest = Infinity;
  for (const count of domains.values()) if (count < smallest) smallest = count;
  return smallest === Infinity ? 0 : smallest;
}

function prepareHard(constraints: readonly Constraint[], { cluster }: World): PreparedFilter {
  const keyed = (node: NodeInfo) => constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);
  const prepared = constraints.map((constraint) => {
    const domains = domainsOf(constraint, cluster.nodes.values(), keyed);
    return { constraint, domains, smallest: least(constraint, domains) };
  });
  const change = (pod: PodInfo, node: NodeInfo, by: number) => {
    for (const entry of prepared) {
      const domain = node.labels[entry.constraint.topologyKey];
      if (domain === undefined || !entry.domains.has(domain) || !entry.constraint.matches(pod) || !entry.constraint.counts(node)) continue;
      entry.domains.set(domain, (entry.domains.get(domain) ?? 0) + by);
      entry.smallest = least(entry.constraint, entry.domains);
    }
  };
  return {
    filter(node) {
      for (const { constraint, domains, smallest } of prepared) {
        const domain = node.labels[constraint.topologyKey];
        if (domain === undefined) return unlabelled;
        if ((domains.get(domain) ?? 0) + constraint.selfMatch - smallest > constraint.maxSkew) return skewed;
      }
      return undefined;
    },
    addPod: (pod, node) => change(pod, node, 1),
    removePod: (pod, node) => change(pod, node, -1),
  };
}

function prepareSoft(constraints: readonly Constraint[], nodes: readonly NodeInfo[], { cluster }: World, allKeys: boolean): PreparedScore {
  const ignored = new Set(allKeys ? nodes.filter((node) => constraints.some(({ topologyKey }) => node.labels[topologyKey] === undefined)) : []);
  const prepared = constraints.map((constraint) => {
    const wanted = new Set<string>();
    for (const node of nodes) if (!ignored.has(node) && node.labels[constraint.topologyKey] !== undefined) wanted.add(node.labels[constraint.topologyKey] as string);
    const byNode = constraint.topologyKey === hostname;
    const size = byNode ? nodes.length - ignored.size : wanted.size;
    const domains = byNode ? undefined : domainsOf(constraint, cluster.nodes.values(), (node) => wanted.has(node.labels[constraint.topologyKey] ?? ''));
    return { constraint, domains, weight: Math.log(size + 2) };
  });
  return {
    score(node) {
      if (ignored.has(node)) return 0;
      let score = 0;
      for (const { constraint, domains, weight } of prepared) {
        const domain = node.labels[constraint.topologyKey];
        if (domain === undefined) continue;
        const count = domains ? (domains.get(domain) ?? 0) : (constraint.perNode.get(node.name) ?? 0);
        score += count * weight + (constraint.maxSkew - 1);
      }
      return Math.round(score);
    },
    normalize(scores, scoredNodes) {
      let lowest = Infinity;
      let highest = 0;
      for (let i = 0; i < scores.length; i++) {
        if (ignored.size > 0 && ignored.has(scoredNodes[i] as NodeInfo)) continue;
        const score = scores[i] as number;
        if (score < lowest) lowest = score;
        if (score > highest) highest = score;
      }
      for (let i = 0; i < scores.length; i++) {
        if (ignored.size > 0 && ignored.has(scoredNodes[i] as NodeInfo)) scores[i] = 0;
        else scores[i] = highest === 0 ? 100 : Math.floor((100 * (highest + lowest - (scores[i] as number))) / highest);
      }
    },
  };
}

/** Spreads Pods over domains of nodes: constraints that forbid, constraints that prefer, and the defaults. */
export const topologySpread: Plugin = {
  name,
  weight: 2,
  prepareFilter(pod, world) {
    if (!pod.spec?.topologySpreadConstraints) return undefined;
    const constraints = constraintsOf(pod, world, 'DoNotSchedule');
    return constraints.length === 0 ? undefined : prepareHard(constraints, world);
  },
  prepareScore(pod, nodes, world) {
    const own = (pod.spec?.topologySpreadConstraints?.length ?? 0) > 0;
    const constraints = own ? constraintsOf(pod, world, 'ScheduleAnyway') : defaultConstraints(pod, world);
    return constraints.length === 0 ? undefined : prepareSoft(constraints, nodes, world, own);
  },
  mayHelp(event, pod, world) {
    const constraints = constraintsOf(pod, world, 'DoNotSchedule');
    if (event.kind === 'assigned pod') return constraints.some(({ matches }) => matches(podInfo(event.pod)) || (event.old !== undefined && matches(podInfo(event.old))) || event.action === 'delete');
    if (event.kind === 'the pod itself') return event.old.metadata?.labels !== event.pod.metadata?.labels;
    if (event.kind !== 'node') return false;
    return constraints.every(({ topologyKey }) => event.node.metadata?.labels?.[topologyKey] !== undefined || event.old?.metadata?.labels?.[topologyKey] !== undefined);
  },
};
