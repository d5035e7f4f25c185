import type { DaemonSet, Node, NodeSelectorTerm, Pod, PodSpec, Toleration } from '../../api';
import { allowsNode, controllerReference, meta, resources, untoleratedTaint } from '../../client';
import { revisionLabel } from '../revisions';

const generationAnnotation = 'deprecated.daemonset.template.generation';
const generationLabel = 'pod-template-generation';

const exists = (key: string, effect: 'NoExecute' | 'NoSchedule'): Toleration => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect });
const standing: readonly Toleration[] = [
  exists('not-ready', 'NoExecute'), exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'), exists('memory-pressure', 'NoSchedule'), exists('pid-pressure', 'NoSchedule'), exists('unschedulable', 'NoSchedule'),
];

/** The tolerations of a daemon Pod: its template's, and those that keep it on nodes in trouble. */
function tolerationsOf(spec: PodSpec | undefined): readonly Toleration[] {
  const own = spec?.tolerations ?? [];
  const added = spec?.hostNetwork ? [...standing, exists('network-unavailable', 'NoSchedule')] : standing;
  return [...own, ...added.filter(({ key, effect }) => !own.some((toleration) => toleration.key === key && toleration.effect === effect && toleration.operator === 'Exists'))];
}

/** Whether a Pod of the set is to come to the node, and whether one that is there may stay. */
export function placement({ spec }: DaemonSet, node: Node): { readonly run: boolean; readonly stay: boolean } {
  const pod = spec?.template.spec;
  if ((pod?.nodeName && pod.nodeName !== meta(node).name) || !allowsNode(pod, node)) return { run: false, stay: false };
  const tolerations = tolerationsOf(pod);
  if (!untoleratedTaint(node.spec?.taints, tolerations, ['NoSchedule', 'NoExecute'])) return { run: true, stay: true };
  return { run: false, stay: !untoleratedTaint(node.spec?.taints, tolerations, ['NoExecute']) };
}

/** The node of a daemon Pod: where it is, or where it is pinned to. */
export function nodeOf(pod: Pod): string | undefined {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  for (const { matchFields = [] } of pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []) {
    for (const { key, values } of matchFields) if (key === 'metadata.name' && values?.length === 1) return values[0];
  }
  return undefined;
}

function pinned(spec: PodSpec, node: string): PodSpec {
  const term: NodeSelectorTerm = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  const affinity = spec.affinity?.nodeAffinity;
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms.map((own) => ({ ...own, ...term }));
  return {
    ...spec,
    tolerations: tolerationsOf(spec),
    affinity: { ...spec.affinity, nodeAffinity: { ...affinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms ?? [term] } } },
  };
}

export const templateGeneration = (set: DaemonSet): string | undefined => set.metadata?.annotations?.[generationAnnotation];

/** The annotations of a revision. */
export const revisionAnnotations = (set: DaemonSet): Readonly<Record<string, string>> => {
  const generation = templateGeneration(set);
  return generation === undefined ? {} : { [generationAnnotation]: generation };
};

/** The Pod for a node. */
export function makePod(set: DaemonSet, node: string, hash: string): Pod {
  const template = set.spec?.template ?? {};
  const generation = templateGeneration(set);
  const { annotations } = template.metadata ?? {};
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      generateName: `${meta(set).name}-`, namespace: meta(set).namespace,
      labels: { ...template.metadata?.labels, [revisionLabel]: hash, ...(generation !== undefined && { [generationLabel]: generation }) },
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(set, resources.daemonsets)],
    },
    ...(template.spec && { spec: pinned(template.spec, node) }),
  };
}
