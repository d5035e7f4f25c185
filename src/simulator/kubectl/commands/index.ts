import type { Command } from '../command';
import { apiResources, apiVersions } from './api-resources';
import { apply } from './apply';
import { attach } from './attach';
import { auth } from './auth';
import { autoscale } from './autoscale';
import { certificate } from './certificate';
import { clusterInfo } from './cluster-info';
import { config } from './config';
import { cp } from './cp';
import { create } from './create';
import { debug } from './debug';
import { deleteCommand } from './delete';
import { describeCommand } from './describe';
import { diff } from './diff';
import { edit } from './edit';
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
import { portForward } from './port-forward';
import { proxy } from './proxy';
import { replace } from './replace';
import { rollout } from './rollout';
import { runCommand } from './run';
import { scale } from './scale';
import { set } from './set';
import { completion, options, plugin } from './small';
import { top } from './top';
import { version } from './version';
import { wait } from './wait';

/** The tree of all commands. */
export const root: Command = {
  name: 'kubectl',
  short: 'kubectl controls a Kubernetes cluster.',
  commands: [
    annotate, apiResources, apiVersions, apply, attach, auth, autoscale, certificate, clusterInfo, completion, config, cordon, cp, create, debug, deleteCommand, describeCommand, diff, drain, edit, events, exec, explain,
    expose, get, kustomize, label, logs, options, patch, plugin, portForward, proxy, replace, rollout, runCommand, scale, set, taint, top, uncordon, version, wait,
  ],
};
