import type { Affinity, LabelSelector, NodeSelectorTerm, PodAffinityTerm, PodSpec, TopologySpreadConstraint } from '../../../api';

const renamed: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** Labels of Nodes that have other names today, in a selector by labels. */
export function nodeLabelWarnings(labels: Readonly<Record<string, string>> | undefined, path: (label: string) => string, out: string[]): void {
  for (const key in labels) if (renamed[key] !== undefined) out.push(`${path(key)}: ${renamed[key]}`);
}

function keyWarning(key: string, path: string, out: string[]): void {
  if (renamed[key] !== undefined) out.push(`${path}: ${key} is ${renamed[key]}`);
}

/** The same in a term of a node selector. */
export function termWarnings({ matchExpressions = [] }: NodeSelectorTerm, path: string, out: string[]): void {
  for (const [index, { key }] of matchExpressions.entries()) keyWarning(key, `${path}.matchExpressions[${index}].key`, out);
}

/** The same in all that says on which Nodes a Pod may run. */
export function nodeSelectorWarnings({ nodeSelector, affinity }: PodSpec, path: string, out: string[]): void {
  nodeLabelWarnings(nodeSelector, (label) => `${path}.nodeSelector[${label}]`, out);
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = affinity?.nodeAffinity ?? {};
  const at = `${path}.affinity.nodeAffinity`;
  for (const [index, term] of (required?.nodeSelectorTerms ?? []).entries()) termWarnings(term, `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`, out);
  for (const [index, { preference }] of preferred.entries()) termWarnings(preference, `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`, out);
}

function selectorWarning(selector: LabelSelector | undefined, path: string, out: string[]): void {
  if (selector === undefined) out.push(`${path}.labelSelector: a null labelSelector results in matching no pod`);
}

/** Constraints by old labels, or that count no Pods. */
export function spreadWarnings(constraints: readonly TopologySpreadConstraint[] | undefined, path: string, out: string[]): void {
  for (const [index, { topologyKey, labelSelector }] of (constraints ?? []).entries()) {
    keyWarning(topologyKey, `${path}[${index}].topologyKey`, out);
    selectorWarning(labelSelector, `${path}[${index}]`, out);
  }
}

/** Terms of affinity that match no Pods. */
export function affinityWarnings(affinity: Affinity | undefined, path: string, out: string[]): void {
  if (!affinity) return;
  const look = ({ labelSelector }: PodAffinityTerm, at: string) => selectorWarning(labelSelector, at, out);
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const { requiredDuringSchedulingIgnoredDuringExecution: required = [], preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = affinity[kind] ?? {};
    for (const [index, term] of required.entries()) look(term, `${path}.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`);
    for (const [index, { podAffinityTerm }] of preferred.entries()) look(podAffinityTerm, `${path}.${kind}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm`);
  }
}
