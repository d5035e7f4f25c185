import type { Taint } from '../../../api';
import { deepEqual, toleratesTaint, untoleratedTaint } from '../../../client';
import { normalizeByHighest, type Plugin, verdict } from '../../framework';

const name = 'TaintToleration';
const tainted = verdict(name, true, 'node(s) had untolerated taint(s)');
const forbidding = ['NoSchedule', 'NoExecute'];

/** Turns away from taints that a Pod does not tolerate, and prefers nodes with fewer of those that only put off. */
export const taintToleration: Plugin = {
  name,
  weight: 3,
  prepareFilter: ({ spec }) => ({
    filter: ({ node }) => (node.spec?.taints && untoleratedTaint(node.spec.taints, spec?.tolerations, forbidding) ? tainted : undefined),
  }),
  prepareScore({ spec }, nodes) {
    const puttingOff = (taints: readonly Taint[] | undefined) => {
      let count = 0;
      for (const taint of taints ?? []) if (taint.effect === 'PreferNoSchedule' && !spec?.tolerations?.some((toleration) => toleratesTaint(toleration, taint))) count += 1;
      return count;
    };
    if (!nodes.some(({ node }) => node.spec?.taints?.some(({ effect }) => effect === 'PreferNoSchedule'))) return undefined;
    return { score: ({ node }) => puttingOff(node.spec?.taints), normalize: (scores) => normalizeByHighest(scores, true) };
  },
  mayHelp(event, { spec }) {
    if (event.kind === 'the pod itself') return !deepEqual(event.old.spec?.tolerations, event.pod.spec?.tolerations);
    return event.kind === 'node' && event.action !== 'delete' && !untoleratedTaint(event.node.spec?.taints, spec?.tolerations, forbidding);
  },
};
