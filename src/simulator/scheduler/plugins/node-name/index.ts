import { type Plugin, verdict } from '../../framework';

const name = 'NodeName';
const other = verdict(name, true, "node(s) didn't match the requested node name");

/** Holds a Pod to the node that it names. */
export const nodeName: Plugin = {
  name,
  prepareFilter: ({ spec }) => (spec?.nodeName ? { filter: (node) => (node.name === spec.nodeName ? undefined : other) } : undefined),
  mayHelp: (event, { spec }) => event.kind === 'node' && event.node.metadata?.name === spec?.nodeName,
};
