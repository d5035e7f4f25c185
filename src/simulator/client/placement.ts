import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodSpec, Taint, Toleration } from '../api';
import { meets } from './requirement';

type Labels = Readonly<Record<string, string>>;

const matchesRequirement = ({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean =>
  meets(operator, value, values) ?? compares(operator as 'Gt' | 'Lt', value, values[0]);

const integer = /^[+-]?\d+$/;

function compares(operator: 'Gt' | 'Lt', value: string | undefined, bound: string | undefined): boolean {
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) return false;
  return operator === 'Gt' ? Number(value) > Number(bound) : Number(value) < Number(bound);
}

/** Whether a term selects a Node with these labels and this name; an empty term selects none. */
export function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, labels: Labels, name: string): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return matchExpressions.every((requirement) => matchesRequirement(requirement, labels[requirement.key]))
    && matchFields.every((requirement) => requirement.key === 'metadata.name' && matchesRequirement(requirement, name));
}

/** Whether one of the selector's terms selects the Node. */
export const matchesNodeSelector = ({ nodeSelectorTerms }: NodeSelector, node: Node): boolean =>
  nodeSelectorTerms.some((term) => matchesTerm(term, node.metadata?.labels ?? {}, node.metadata?.name ?? ''));

/** Whether the Pod's nodeSelector and required node affinity allow the Node. */
export function allowsNode(spec: PodSpec | undefined, node: Node): boolean {
  const labels = node.metadata?.labels ?? {};
  for (const [key, value] of Object.entries(spec?.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || matchesNodeSelector(required, node);
}

/** Whether a toleration is for this taint; how long it lasts is not looked at. */
export function toleratesTaint({ key = '', operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  if (operator === 'Equal') return value === (taint.value ?? '');
  return compares(operator, taint.value, value);
}

/** The first taint with one of these effects that no toleration is for. */
export const untoleratedTaint = (taints: readonly Taint[] | undefined, tolerations: readonly Toleration[] | undefined, effects: readonly string[]): Taint | undefined =>
  taints?.find((taint) => effects.includes(taint.effect) && !tolerations?.some((toleration) => toleratesTaint(toleration, taint)));
