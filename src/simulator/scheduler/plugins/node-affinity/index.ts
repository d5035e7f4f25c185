import type { NodeSelectorTerm } from '../../../api';
import { allowsNode, matchesTerm } from '../../../client';
import type { PodInfo } from '../../cache';
import { normalizeByHighest, type Plugin, verdict } from '../../framework';

const name = 'NodeAffinity';
const mismatch = verdict(name, true, "node(s) didn't match Pod's node affinity/selector");
const conflict = verdict(name, true, 'pod affinity terms conflict');

const required = ({ spec }: PodInfo) => spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;

/** The names that a term's fields allow; undefined when it does not name any. */
function namesIn({ matchFields = [] }: NodeSelectorTerm): Set<string> | undefined {
  let names: Set<string> | undefined;
  for (const { key, operator, values = [] } of matchFields) {
    if (key !== 'metadata.name' || operator !== 'In') continue;
    names = new Set(names ? values.filter((value) => names?.has(value)) : values);
  }
  return names;
}

/** Nodes that all terms name: what daemon Pods are pinned by. */
function onlyNodes(pod: PodInfo): Set<string> | undefined {
  const terms = required(pod)?.nodeSelectorTerms;
  if (!terms || terms.length === 0) return undefined;
  const all = new Set<string>();
  for (const term of terms) {
    const names = namesIn(term);
    if (!names) return undefined;
    for (const node of names) all.add(node);
  }
  return all;
}

/** nodeSelector and node affinity: where a Pod may and would rather be. */
export const nodeAffinity: Plugin = {
  name,
  weight: 2,
  prepareFilter(pod) {
    if (!required(pod) && !pod.spec?.nodeSelector) return undefined;
    const only = onlyNodes(pod);
    if (only?.size === 0) return conflict;
    return { filter: ({ node }) => (allowsNode(pod.spec, node) ? undefined : mismatch), ...(only && { only }) };
  },
  prepareScore({ spec }) {
    const preferred = spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    if (!preferred || preferred.length === 0) return undefined;
    return {
      score: (node) => preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node.labels, node.name) ? weight : 0), 0),
      normalize: (scores) => normalizeByHighest(scores),
    };
  },
  mayHelp: (event, { spec }) => event.kind === 'node' && event.action !== 'delete' && allowsNode(spec, event.node) && (!event.old || !allowsNode(spec, event.old)),
};
