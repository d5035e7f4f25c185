import type { TopologySpreadConstraint } from '../../../api';
import { allowsNode, controllerOf, labelMatcher, mapMatcher, untoleratedTaint } from '../../../client';
import type { NodeInfo, PodInfo } from '../../cache';
import type { World } from '../../framework';

/** A constraint, ready to be asked. */
export interface Constraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly minDomains: number;
  readonly matches: (pod: PodInfo) => boolean;
  /** Whether the Pod counts itself. */
  readonly selfMatch: number;
  /** Whether a node's Pods count. */
  readonly counts: (node: NodeInfo) => boolean;
  readonly perNode: ReadonlyMap<string, number>;
}

const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';

function prepare(pod: PodInfo, world: World, constraint: TopologySpreadConstraint): Constraint {
  const { matchLabelKeys = [], labelSelector, nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = constraint;
  const own = matchLabelKeys.filter((key) => pod.labels[key] !== undefined).map((key) => [key, pod.labels[key]] as const);
  const matcher = labelMatcher(labelSelector);
  const matches = (other: PodInfo) =>
    other.namespace === pod.namespace && !other.terminating && matcher(other.labels) && own.every(([key, value]) => other.labels[key] === value);
  return {
    maxSkew: constraint.maxSkew, topologyKey: constraint.topologyKey, minDomains: constraint.minDomains ?? 1, matches,
    selfMatch: matches(pod) ? 1 : 0,
    counts: (node) => (nodeAffinityPolicy !== 'Honor' || allowsNode(pod.spec, node.node))
      && (nodeTaintsPolicy !== 'Honor' || !untoleratedTaint(node.node.spec?.taints, pod.spec?.tolerations, ['NoSchedule', 'NoExecute'])),
    perNode: world.cluster.counts.of(`spread ${JSON.stringify([pod.namespace, labelSelector, own])}`, matches),
  };
}

/** The constraints of a Pod of one severity. */
export const constraintsOf = (pod: PodInfo, world: World, severity: 'DoNotSchedule' | 'ScheduleAnyway'): Constraint[] =>
  (pod.spec?.topologySpreadConstraints ?? []).filter(({ whenUnsatisfiable }) => whenUnsatisfiable === severity).map((constraint) => prepare(pod, world, constraint));

/** The default constraints: Pods of one Service or set are spread over nodes and zones, as far as it goes. */
export function defaultConstraints(pod: PodInfo, world: World): Constraint[] {
  const selectors = selectorsOf(pod, world);
  if (selectors.length === 0) return [];
  const matches = (other: PodInfo) => other.namespace === pod.namespace && !other.terminating && selectors.every(({ matches: one }) => one(other.labels));
  const perNode = world.cluster.counts.of(`default ${pod.namespace} ${selectors.map(({ key }) => key).join(' ')}`, matches);
  const common = { minDomains: 1, matches, selfMatch: 1, counts: (node: NodeInfo) => allowsNode(pod.spec, node.node), perNode };
  return [{ ...common, topologyKey: hostname, maxSkew: 3 }, { ...common, topologyKey: zone, maxSkew: 5 }];
}

interface Selector {
  readonly key: string;
  readonly matches: ReturnType<typeof labelMatcher>;
}

function selectorsOf(pod: PodInfo, world: World): Selector[] {
  const out: Selector[] = [];
  for (const service of world.services.store.by('namespace', pod.namespace)) {
    const selector = service.spec?.selector;
    const matches = mapMatcher(selector);
    if (matches(pod.labels)) out.push({ key: JSON.stringify(selector), matches });
  }
  const owner = controllerOf(pod.pod);
  if (owner?.kind === 'ReplicationController') {
    const selector = world.replicationControllers.get(pod.namespace, owner.name)?.spec?.selector;
    if (selector) out.push({ key: JSON.stringify(selector), matches: mapMatcher(selector) });
  } else if (owner?.kind === 'ReplicaSet' || owner?.kind === 'StatefulSet') {
    const selector = (owner.kind === 'ReplicaSet' ? world.replicaSets : world.statefulSets).get(pod.namespace, owner.name)?.spec?.selector;
    if (selector) out.push({ key: JSON.stringify(selector), matches: labelMatcher(selector) });
  }
  return out;
}
