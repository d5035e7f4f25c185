import type { Command } from '../command';
import { config } from './config';
import { create } from './create';
import { deleteCommand } from './delete';
import { apply } from './apply';
import { attach } from './attach';
import { describeCommand } from './describe';
import { exec } from './exec';
import { get } from './get';
import { annotate, label } from './label';
import { patch } from './patch';
import { replace } from './replace';
import { scale } from './scale';
import { wait } from './wait';
import { logs } from './logs';
import { rollout } from './rollout';
import { runCommand } from './run';

/** The tree of all commands. */
export const root: Command = {
  name: 'kubectl',
  short: 'kubectl controls a Kubernetes cluster.',
  commands: [annotate, apply, attach, config, create, deleteCommand, describeCommand, exec, get, label, logs, patch, replace, rollout, runCommand, scale, wait],
};
