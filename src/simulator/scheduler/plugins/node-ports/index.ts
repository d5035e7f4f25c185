import { podInfo } from '../../cache';
import { type Plugin, verdict } from '../../framework';

const name = 'NodePorts';
const taken = verdict(name, false, "node(s) didn't have free ports for the requested pod ports");

/** Host ports: each once on a node, by protocol and address. */
export const nodePorts: Plugin = {
  name,
  prepareFilter: ({ ports }) => (ports.length === 0 ? undefined : { filter: (node) => (ports.some((port) => node.isTaken(port)) ? taken : undefined) }),
  mayHelp(event, { ports }) {
    if (event.kind === 'node') return event.action === 'add';
    if (event.kind !== 'assigned pod' || event.action !== 'delete') return false;
    return podInfo(event.pod).ports.some((freed) => ports.some((port) => port.port === freed.port && port.protocol === freed.protocol));
  },
};
