import { isStatus } from '../../api';
import { seconds, sleep, type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import type { Command, Context } from '../command';
import { CommandError, throwAll } from '../errors';
import { numberAt, textAt, withAt } from '../fields';
import { allFlag, dryRunFlag, fileFlags, flag, printFlags, selectorFlag } from '../flags';
import { dryRunOf, resultPrinter, type Printer } from '../print/printer';
import { gatherInfos, type Info } from '../resources/builder';

function* scaleOne(context: Context, info: Info, print: Printer): Task<void> {
  const { flags, session } = context;
  const { mapping, name, namespace } = info;
  if (dryRunOf(flags) === 'client') return print(info.object);
  const path = resourcePath(mapping, namespace, name, 'scale');
  const replicas = flags.number('replicas');
  const expected = flags.number('current-replicas');
  const version = flags.string('resource-version');
  const dry = dryRunOf(flags) === 'server' ? '?dryRun=All' : '';
  if (expected < 0 && version === '') {
    yield* session.rest.object('PATCH', `${path}${dry}`, { body: { spec: { replicas } }, contentType: 'application/merge-patch+json' });
  } else {
    for (;;) {
      const scale = yield* session.rest.get(path);
      if (expected >= 0 && numberAt(scale, 'spec', 'replicas') !== expected) throw new CommandError(`Expected replicas to be ${expected}, was ${numberAt(scale, 'spec', 'replicas')}`);
      if (version !== '' && textAt(scale, 'metadata', 'resourceVersion') !== version) throw new CommandError(`Expected resource version to be ${version}, was ${textAt(scale, 'metadata', 'resourceVersion')}`);
      try {
        yield* session.rest.object('PUT', `${path}${dry}`, { body: withAt(scale, ['spec', 'replicas'], replicas) });
        break;
      } catch (error) {
        if (!isStatus(error, 'Conflict')) throw error;
      }
    }
  }
  if (flags.number('timeout') > 0 && dry === '') yield* waitScaled(context, info, replicas);
  print(info.object);
}

function* waitScaled({ flags, session }: Context, { mapping, name, namespace }: Info, replicas: number): Task<void> {
  const end = session.host.now() + seconds(flags.number('timeout'));
  for (;;) {
    const scale = yield* session.rest.get(resourcePath(mapping, namespace, name, 'scale'));
    if (numberAt(scale, 'status', 'replicas') === replicas) return;
    if (session.host.now() >= end) throw new CommandError(`timed out waiting for ${JSON.stringify(name)} to be synced`);
    yield* sleep(seconds(1));
  }
}

/** kubectl scale */
export const scale: Command = {
  name: 'scale',
  short: 'Set a new size for a deployment, replica set, or replication controller',
  use: '[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  examples: ['kubectl scale deployment web --replicas=3'],
  flags: [
    allFlag,
    flag('--current-replicas=-1', 'Only when this many are asked for now; -1 is any.'),
    dryRunFlag,
    ...fileFlags('to scale'),
    ...printFlags(),
    flag('--replicas=0', 'How many.', { required: true }),
    flag("--resource-version=''", 'Only when the object has this version.'),
    selectorFlag,
    flag('--timeout=0s', 'How long to wait until it is done; 0 does not wait.'),
  ],
  *run(context) {
    const { flags } = context;
    if (flags.number('replicas') < 0) throw new CommandError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    if (flags.number('current-replicas') < -1) throw new CommandError('The --current-replicas must specify an integer of -1 or greater');
    const print = resultPrinter(context, 'scaled');
    const { infos, errors } = yield* gatherInfos(context);
    const failures = [...errors];
    if (infos.length > 1 && flags.string('resource-version') !== '') throw new CommandError('cannot use --resource-version with multiple resources');
    for (const info of infos) {
      try {
        yield* scaleOne(context, info, print);
      } catch (error) {
        failures.push(error);
      }
    }
    throwAll(failures);
    if (infos.length === 0) throw new CommandError('no objects passed to scale');
  },
};
