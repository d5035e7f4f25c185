import { formatTime, type Task } from '../../../kernel';
import { resourceName } from '../../api/mapper';
import type { Command, Context } from '../../command';
import { CommandError, throwAll } from '../../errors';
import { at, withAt, type Fields } from '../../fields';
import { fieldManagerFlag, fileFlags, printFlags, selectorFlag } from '../../flags';
import { twoWayPatch } from '../../patching';
import { resultPrinter } from '../../print/printer';
import { gatherInfos, hasFiles, type Info } from '../../resources/builder';
import { patchObject } from '../../resources/write';

const flags = (purpose: string) => [fieldManagerFlag('kubectl-rollout'), ...fileFlags(purpose), ...printFlags(), selectorFlag];

/** Changes each object by a patch. `change` throws for objects that are not to be changed. */
function* patchEach(context: Context, operation: string, change: (info: Info) => Fields): Task<void> {
  if (context.args.length === 0 && !hasFiles(context)) throw new CommandError('required resource not specified');
  const { infos, errors } = yield* gatherInfos(context, { allowAll: true });
  const failures = [...errors];
  const print = resultPrinter(context, operation);
  for (const info of infos) {
    try {
      const { kind, patch } = twoWayPatch(info.mapping, info.object, change(info));
      if (Object.keys(patch).length === 0) throw new CommandError(`failed to create patch for ${info.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`);
      print(yield* patchObject(context, info.mapping, info.namespace, info.name, kind, patch));
    } catch (error) {
      failures.push(error);
    }
  }
  throwAll(failures);
  if (infos.length === 0) context.err(`No resources found in ${context.session.namespace} namespace.\n`);
}

const named = ({ mapping, name }: Info): string => `${resourceName(mapping)} ${JSON.stringify(name)}`;

function setPaused(info: Info, paused: boolean): Fields {
  if (info.mapping.kind !== 'Deployment') throw new CommandError(`${named(info)} ${paused ? 'pausing' : 'resuming'} is not supported`);
  const isPaused = at(info.object, 'spec', 'paused') === true;
  if (paused && isPaused) throw new CommandError(`${named(info)} is already paused`);
  if (!paused && !isPaused) throw new CommandError(`${named(info)} is not paused`);
  return withAt(info.object, ['spec', 'paused'], paused ? true : undefined);
}

/** kubectl rollout pause */
export const pause: Command = {
  name: 'pause',
  short: 'Mark the provided resource as paused',
  use: 'RESOURCE',
  flags: flags('to pause'),
  run: (context) => patchEach(context, 'paused', (info) => setPaused(info, true)),
};

/** kubectl rollout resume */
export const resume: Command = {
  name: 'resume',
  short: 'Resume a paused resource',
  use: 'RESOURCE',
  flags: flags('to resume'),
  run: (context) => patchEach(context, 'resumed', (info) => setPaused(info, false)),
};

/** kubectl rollout restart */
export const restart: Command = {
  name: 'restart',
  short: 'Restart a resource',
  use: 'RESOURCE',
  flags: flags('to restart'),
  run: (context) =>
    patchEach(context, 'restarted', (info) => {
      if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(info.mapping.kind)) throw new CommandError(`${named(info)} restarting is not supported`);
      if (at(info.object, 'spec', 'paused') === true) throw new CommandError(`${named(info)} can't restart paused deployment (run rollout resume first)`);
      return withAt(info.object, ['spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt'], formatTime(context.session.host.now()));
    }),
};
