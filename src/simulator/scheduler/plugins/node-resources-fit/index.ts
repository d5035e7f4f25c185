import { deepEqual } from '../../../client';
import { NodeInfo, podInfo, type PodInfo } from '../../cache';
import { type Plugin, verdict, type Verdict } from '../../framework';

const name = 'NodeResourcesFit';
const verdicts = new Map<string, Verdict>();

/** One object for each set of reasons: they are given out a thousand times. */
function tooLittle(reasons: readonly string[], unresolvable: boolean): Verdict {
  const key = `${unresolvable}|${reasons.join('|')}`;
  let known = verdicts.get(key);
  if (!known) verdicts.set(key, (known = verdict(name, unresolvable, ...reasons)));
  return known;
}

/** What is too little on the node for this Pod; undefined when it fits. */
function lacking({ requests }: PodInfo, node: NodeInfo): Verdict | undefined {
  const { allocatable, requested } = node;
  const full = node.pods.size + 1 > node.maxPods;
  const cpu = requests.cpu > 0 && requests.cpu > allocatable.cpu - requested.cpu;
  const memory = requests.memory > 0 && requests.memory > allocatable.memory - requested.memory;
  const ephemeral = requests.ephemeral > 0 && requests.ephemeral > allocatable.ephemeral - requested.ephemeral;
  if (!full && !cpu && !memory && !ephemeral && !requests.others) return undefined;
  const reasons: string[] = [];
  let never = false;
  const lacks = (resource: string, wanted: number, total: number) => {
    reasons.push(`Insufficient ${resource}`);
    never ||= wanted > total;
  };
  if (full) reasons.push('Too many pods');
  if (cpu) lacks('cpu', requests.cpu, allocatable.cpu);
  if (memory) lacks('memory', requests.memory, allocatable.memory);
  if (ephemeral) lacks('ephemeral-storage', requests.ephemeral, allocatable.ephemeral);
  for (const [resource, wanted] of requests.others ?? []) {
    const total = allocatable.others?.get(resource) ?? 0;
    if (wanted > 0 && wanted > total - (requested.others?.get(resource) ?? 0)) lacks(resource, wanted, total);
  }
  return reasons.length === 0 ? undefined : tooLittle(reasons, never);
}

const free = (allocatable: number, used: number): number => (allocatable === 0 || used > allocatable ? 0 : Math.floor(((allocatable - used) * 100) / allocatable));

/** What a Pod requests must be there; nodes with the most left, by share of CPU and memory, are preferred. */
export const nodeResourcesFit: Plugin = {
  name,
  weight: 1,
  prepareFilter: (pod) => ({ filter: (node) => lacking(pod, node) }),
  prepareScore: ({ scored }) => ({
    score({ allocatable, scored: used }) {
      const cpu = allocatable.cpu > 0 ? 1 : 0;
      const memory = allocatable.memory > 0 ? 1 : 0;
      if (cpu + memory === 0) return 0;
      return Math.floor((free(allocatable.cpu, used.cpu + scored.cpu) + free(allocatable.memory, used.memory + scored.memory)) / (cpu + memory));
    },
  }),
  mayHelp(event, pod) {
    if (event.kind === 'assigned pod') {
      if (event.action === 'delete') return true;
      return event.action === 'update' && event.old !== undefined && !deepEqual(podInfo(event.old).requests, podInfo(event.pod).requests);
    }
    if (event.kind === 'the pod itself') return !deepEqual(podInfo(event.old).requests, podInfo(event.pod).requests);
    if (event.kind !== 'node' || event.action === 'delete') return false;
    if (event.old && deepEqual(event.old.status?.allocatable, event.node.status?.allocatable)) return false;
    return !lacking(pod, new NodeInfo(event.node));
  },
};
