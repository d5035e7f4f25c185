import type { Command } from '../command';
import { apiResources, apiVersions } from './api-resources';
import { apply } from './apply';
import { attach } from './attach';
import { auth } from './auth';
import { autoscale } from './autoscale';
import { certificate } from './certificate';
import { clusterInfo } from './cluster-info';
import { config } from './config';
import { create } from './create';
import { deleteCommand } from './delete';
import { describeCommand } from './describe';
import { events } from './events';
import { exec } from './exec';
import { explain } from './explain';
import { expose } from './expose';
import { get } from './get';
import { kustomize } from './kustomize';
import { annotate, label } from './label';
import { logs } from './logs';
import { cordon, drain, taint, uncordon } from './nodes';
import { patch } from './patch';
import { replace } from './replace';
import { rollout } from './rollout';
import { runCommand } from './run';
import { scale } from './scale';
import { set } from './set';
import { top } from './top';
import { version } from './version';
import { wait } from './wait';

/** The tree of all commands. */
export const root: Command = {
  name: 'kubectl',
  short: 'kubectl controls a Kubernetes cluster.',
  commands: [
    annotate, apiResources, apiVersions, apply, attach, auth, autoscale, certificate, clusterInfo, config, cordon, create, deleteCommand, describeCommand, drain, events, exec, explain,
    expose, get, kustomize, label, logs, patch, replace, rollout, runCommand, scale, set, taint, top, uncordon, version, wait,
  ],
};
