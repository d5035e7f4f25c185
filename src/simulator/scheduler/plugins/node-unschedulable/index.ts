import { toleratesTaint } from '../../../client';
import type { PodInfo } from '../../cache';
import { type Plugin, verdict } from '../../framework';

const name = 'NodeUnschedulable';
const cordoned = verdict(name, true, 'node(s) were unschedulable');
const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

const tolerates = ({ spec }: PodInfo): boolean => spec?.tolerations?.some((toleration) => toleratesTaint(toleration, taint)) ?? false;

/** Turns away from cordoned nodes. */
export const nodeUnschedulable: Plugin = {
  name,
  prepareFilter: (pod) => (tolerates(pod) ? undefined : { filter: ({ node }) => (node.spec?.unschedulable ? cordoned : undefined) }),
  mayHelp: (event, pod) => event.kind === 'node' && event.action !== 'delete' && (!event.node.spec?.unschedulable || tolerates(pod)),
};
