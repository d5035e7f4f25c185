import type { Task } from '../../../kernel';
import type { Command, Context } from '../../command';
import { CommandError, throwAll, UsageError } from '../../errors';
import { type Fields } from '../../fields';
import { allFlag, dryRunFlag, fileFlags, flag, printFlags, selectorFlag } from '../../flags';
import { indentedJson } from '../../print/json';
import { dryRunOf, resultPrinter } from '../../print/printer';
import { toYaml } from '../../print/yaml';
import { gatherInfos, type Info } from '../../resources/builder';
import { lastAppliedAnnotation, patchObject, withLastApplied } from '../../resources/write';
import { lastApplied } from './client-side';

function missing(info: Info): CommandError {
  return new CommandError(`no last-applied-configuration annotation found on resource: ${info.name}`);
}

function* view(context: Context): Task<void> {
  const { flags, out } = context;
  const format = flags.string('output');
  if (!['', 'yaml', 'json'].includes(format)) throw new UsageError(`Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`);
  const { infos, errors } = yield* gatherInfos(context);
  const found = infos.flatMap((info): Fields[] => {
    const object = lastApplied(info.object);
    return object ? [object] : [];
  });
  for (const object of found) out(format === 'json' ? `${indentedJson(object, '  ')}\n` : toYaml(object));
  throwAll(errors);
}

function* set(context: Context): Task<void> {
  const { flags } = context;
  const { infos, errors } = yield* gatherInfos(context, { validated: true });
  const wanted = yield* gatherInfos({ ...context }, { latest: false, validated: true });
  const print = resultPrinter(context, 'configured');
  for (const info of infos) {
    const own = wanted.infos.find((one) => one.name === info.name && one.mapping === info.mapping);
    if (!own) continue;
    if (!lastApplied(info.object) && !flags.bool('create-annotation')) throw new CommandError(`${missing(info).message}, to create the annotation, run the command with --create-annotation`);
    const annotated = withLastApplied(own.object);
    const text = (annotated['metadata'] as { annotations: Record<string, string> }).annotations[lastAppliedAnnotation];
    const patch = { metadata: { annotations: { [lastAppliedAnnotation]: text } } };
    print(dryRunOf(flags) === 'client' ? info.object : yield* patchObject(context, info.mapping, info.namespace, info.name, 'application/merge-patch+json', patch));
  }
  throwAll(errors);
}

/** kubectl apply view-last-applied */
export const viewLastApplied: Command = {
  name: 'view-last-applied',
  short: 'View the latest last-applied-configuration annotations of a resource/object',
  use: '(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  flags: [allFlag, ...fileFlags('to view'), flag("-o, --output='yaml'", 'yaml or json.'), selectorFlag],
  run: view,
};

/** kubectl apply set-last-applied */
export const setLastApplied: Command = {
  name: 'set-last-applied',
  short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  use: '-f FILENAME',
  flags: [flag('--create-annotation=false', 'Make the annotation when there is none.'), dryRunFlag, ...fileFlags('to set', { kustomize: false }), ...printFlags()],
  run: set,
};
