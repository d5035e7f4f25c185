import type { Command } from '../../command';
import { history, undo } from './history';
import { pause, restart, resume } from './pause';
import { status } from './status';

/** kubectl rollout */
export const rollout: Command = {
  name: 'rollout',
  short: 'Manage the rollout of a resource',
  long: 'Manage the rollout of deployments, daemonsets and statefulsets.',
  use: 'SUBCOMMAND',
  examples: ['kubectl rollout status deployment/web', 'kubectl rollout undo deployment/web', 'kubectl rollout restart deployment/web'],
  commands: [history, pause, restart, resume, status, undo],
};
