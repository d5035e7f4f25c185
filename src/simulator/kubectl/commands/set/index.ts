import type { Command } from '../../command';
import { env } from './env';
import { image } from './image';
import { resources, selector, serviceAccount, subject } from './others';

/** kubectl set */
export const set: Command = {
  name: 'set',
  short: 'Set specific features on objects',
  long: 'Change what runs: images, variables, resources, accounts.',
  use: 'SUBCOMMAND',
  bareHelpOnStderr: true,
  commands: [env, image, resources, selector, serviceAccount, subject],
};
