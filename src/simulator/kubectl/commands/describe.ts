import type { Task } from '../../kernel';
import type { Mapping } from '../api/mapper';
import type { Command, Context } from '../command';
import { describe } from '../describe';
import { CommandError, isNotFound, throwAll } from '../errors';
import { listAt, nameOf, namespaceOf } from '../fields';
import { allNamespacesFlag, chunkSizeFlag, fileFlags, flag, selectorFlag } from '../flags';
import { gatherInfos, hasFiles, listAll, parseTargets, withType, type Info } from '../resources/builder';

/** What begins with the name that was asked for, when nothing has exactly that name. */
function* byPrefix(context: Context, mapping: Mapping, prefix: string): Task<Info[]> {
  const list = yield* listAll(context, mapping, mapping.namespaced ? context.session.namespace : undefined);
  return listAt(list, 'items')
    .filter((item) => nameOf(item).startsWith(prefix))
    .map((item) => ({ mapping, namespace: namespaceOf(item) || undefined, name: nameOf(item), object: withType(item, mapping) }));
}

function* describePrefix(context: Context, original: unknown): Task<void> {
  const targets = parseTargets(yield* context.session.mapper(), context.args);
  const [target] = targets;
  if (targets.length !== 1 || target?.name === undefined) throw original;
  const infos = yield* byPrefix(context, target.mapping, target.name);
  if (infos.length === 0) throw original;
  for (const info of infos) context.out(`${yield* describe(context, info.mapping, info.object, context.flags.changed('show-events') && context.flags.bool('show-events'))}\n`);
}

function* run(context: Context): Task<void> {
  const { args, flags, session, out } = context;
  if (!hasFiles(context) && args.length === 0) throw new CommandError('You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.');
  const { infos, errors } = yield* gatherInfos(context, { allowAll: true });
  if (infos.length === 0 && errors.length === 1 && isNotFound(errors[0]) && !hasFiles(context)) return yield* describePrefix(context, errors[0]);
  const events = flags.changed('show-events') ? flags.bool('show-events') : infos.length === 1 && errors.length === 0;
  let first = true;
  for (const info of infos) {
    const text = yield* describe(context, info.mapping, info.object, events);
    out(first ? text : `\n\n${text}`);
    first = false;
  }
  if (infos.length === 0 && errors.length === 0) {
    context.err(flags.bool('all-namespaces') ? 'No resources found\n' : `No resources found in ${session.namespace} namespace.\n`);
  }
  throwAll(errors);
}

/** kubectl describe */
export const describeCommand: Command = {
  name: 'describe',
  short: 'Show details of a specific resource or group of resources',
  use: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  examples: ['# A pod, with its events', 'kubectl describe pod web', '', '# Every node', 'kubectl describe nodes'],
  flags: [allNamespacesFlag, chunkSizeFlag, ...fileFlags('to describe'), selectorFlag, flag('--show-events=true', 'Show the events of each object.')],
  run,
};
