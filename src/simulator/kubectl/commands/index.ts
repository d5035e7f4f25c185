import type { Command } from '../command';
import { get } from './get';

/** The tree of all commands. */
export const root: Command = {
  name: 'kubectl',
  short: 'kubectl controls a Kubernetes cluster.',
  commands: [get],
};
