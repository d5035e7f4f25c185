import { CommandError, UsageError } from '../errors';
import type { Command } from '../command';
import { flag, globalFlags } from '../flags';
import { optionsText } from '../help';

/** kubectl options */
export const options: Command = {
  name: 'options',
  short: 'List the global options of every command',
  hidden: true,
  *run({ out }) {
    out(`The following options can be passed to any command:\n\n${optionsText(globalFlags)}`);
  },
};

/** kubectl plugin: there are none here. */
export const plugin: Command = {
  name: 'plugin',
  short: 'Provides utilities for interacting with plugins',
  commands: [
    {
      name: 'list',
      short: "List all visible plugin executables on a user's PATH",
      flags: [flag('--name-only=false', 'Names instead of paths.')],
      *run() {
        throw new CommandError('unable to find any kubectl plugins in your PATH');
      },
    },
  ],
};

const bash = `# kubectl completion for bash
__kubectl_complete() {
    COMPREPLY=($(kubectl __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | sed '$d' | cut -f1))
}
complete -o default -F __kubectl_complete kubectl
`;

/** kubectl completion */
export const completion: Command = {
  name: 'completion',
  short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
  use: 'SHELL',
  *run({ args, out }) {
    const [shell] = args;
    if (shell === undefined) throw new UsageError('Shell not specified.');
    if (args.length > 1) throw new UsageError('Too many arguments. Expected only the shell type.');
    if (!['bash', 'zsh', 'fish', 'powershell'].includes(shell)) throw new UsageError(`Unsupported shell type ${JSON.stringify(shell)}.`);
    out(bash);
  },
};
