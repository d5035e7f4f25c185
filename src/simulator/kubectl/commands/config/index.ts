import type { Command } from '../../command';
import { CommandError } from '../../errors';
import { configOf, getContexts, view } from './view';
import { deletions, renameContext, set, setCluster, setContext, setCredentials, unset, useContext } from './set';

const names = (name: string, short: string, section: 'clusters' | 'users'): Command => ({
  name,
  short,
  *run(context) {
    context.out(`NAME\n${configOf(context)[section].map((one) => `${one.name}\n`).join('')}`);
  },
});

const currentContext: Command = {
  name: 'current-context',
  short: 'Display the current-context',
  *run(context) {
    const { currentContext: name } = configOf(context);
    if (name === '') throw new CommandError('current-context is not set');
    context.out(`${name}\n`);
  },
};

/** kubectl config */
export const config: Command = {
  name: 'config',
  short: 'Modify kubeconfig files',
  use: 'SUBCOMMAND',
  bareHelpOnStderr: true,
  commands: [
    currentContext,
    ...deletions,
    names('get-clusters', 'Display clusters defined in the kubeconfig', 'clusters'),
    getContexts,
    names('get-users', 'Display users defined in the kubeconfig', 'users'),
    renameContext,
    set,
    setCluster,
    setContext,
    setCredentials,
    unset,
    useContext,
    view,
  ],
};
