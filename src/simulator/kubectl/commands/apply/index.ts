import { parseLabelSelector } from '../../../api';
import type { Task } from '../../../kernel';
import type { Command, Context } from '../../command';
import { CommandError, throwAll, UsageError } from '../../errors';
import { at, textAt, type Fields } from '../../fields';
import { allFlag, cascadeFlag, dryRunFlag, fieldManagerFlag, fileFlags, flag, gracePeriodFlag, printFlags, selectorFlag, subresourceFlag, validateFlag } from '../../flags';
import { dryRunOf, dryRunSuffix, namePrinter, outputFormat, structuredPrinter, unknownFormat } from '../../print/printer';
import { hasFiles, infosOfFiles, type Info } from '../../resources/builder';
import { fieldValidation } from '../../resources/write';
import { applyClientSide, type Applied } from './client-side';
import { setLastApplied, viewLastApplied } from './last-applied';
import { prune, pruneMappings } from './prune';
import { applyServerSide } from './server-side';

function* checkFlags(context: Context): Task<void> {
  const { args, flags, session } = context;
  if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
  if (!hasFiles(context)) throw new CommandError('must specify one of -f and -k');
  if (flags.bool('server-side') && dryRunOf(flags) === 'client') throw new CommandError('--dry-run=client doesn\'t work with --server-side (did you mean --dry-run=server instead?)');
  if (flags.bool('force') && flags.bool('server-side')) throw new CommandError('--force cannot be used with --server-side');
  if (flags.bool('force-conflicts') && !flags.bool('server-side')) throw new CommandError('--force-conflicts only works with --server-side');
  if (!flags.bool('prune')) return;
  if (flags.string('selector') === '' && !flags.bool('all')) throw new CommandError('all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector');
  if (flags.list('prune-allowlist').length > 0) pruneMappings(yield* session.mapper(), flags.list('prune-allowlist'));
}

function selected(infos: readonly Info[], selector: string): Info[] {
  if (selector === '') return [...infos];
  const matcher = parseLabelSelector(selector);
  return infos.filter((info) => matcher.matches((at(info.object, 'metadata', 'labels') as Record<string, string> | undefined) ?? {}));
}

/** Prints each object as it is applied, or, for structured formats, all at the end. */
function resultsPrinter(context: Context): { one: (applied: Applied) => void; end: () => void } {
  const format = outputFormat(context.flags);
  if (format === '' || format === 'name') {
    return {
      one: ({ object, operation }) => namePrinter(context.out, `${operation}${dryRunSuffix(context.flags)}`, format === 'name')(object),
      end: () => undefined,
    };
  }
  const printer = structuredPrinter(context, format);
  if (!printer) throw unknownFormat(format);
  const objects: Fields[] = [];
  return {
    one: ({ object }) => objects.push(object),
    end: () => {
      if (objects.length === 1) printer(objects[0] as Fields);
      else if (objects.length > 1) printer({ apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } });
    },
  };
}

function* run(context: Context): Task<void> {
  const { flags } = context;
  dryRunOf(flags);
  const validated = fieldValidation(context) !== 'Ignore';
  yield* checkFlags(context);
  const printer = resultsPrinter(context);
  const { infos, errors } = yield* infosOfFiles(context, validated);
  const chosen = selected(infos, flags.string('selector'));
  if (chosen.length === 0 && errors.length === 0) throw new CommandError('no objects passed to apply');
  const uids = new Set<string>();
  const namespaces = new Set<string>();
  for (const info of chosen) {
    try {
      const applied = flags.bool('server-side') ? yield* applyServerSide(context, info) : yield* applyClientSide(context, info);
      uids.add(textAt(applied.object, 'metadata', 'uid'));
      if (info.namespace !== undefined) namespaces.add(info.namespace);
      if (info.mapping.kind === 'CustomResourceDefinition') context.session.forgetMapper();
      printer.one(applied);
    } catch (error) {
      errors.push(error);
    }
  }
  printer.end();
  throwAll(errors);
  if (flags.bool('prune')) yield* prune(context, uids, namespaces);
}

/** kubectl apply */
export const apply: Command = {
  name: 'apply',
  short: 'Apply a configuration to a resource by file name or stdin',
  use: '(-f FILENAME | -k DIRECTORY)',
  examples: ['# What a file says', 'kubectl apply -f app.yaml', '', '# A folder with a kustomization', 'kubectl apply -k overlay'],
  flags: [
    allFlag,
    cascadeFlag,
    dryRunFlag,
    fieldManagerFlag('kubectl-client-side-apply'),
    ...fileFlags('to apply'),
    flag('--force=false', 'Delete and create again what cannot be changed.'),
    flag('--force-conflicts=false', 'Take over fields of other managers (server-side apply).'),
    gracePeriodFlag,
    flag('--openapi-patch=true', "Compute patches with the server's schema."),
    flag('--overwrite=true', 'Resolve conflicts with the file.'),
    ...printFlags(),
    flag('--prune=false', 'Delete what was applied before and is not any more; with --all or -l.'),
    flag('--prune-allowlist=[]', 'Which kinds to prune: group/version/kind.', { kind: 'list' }),
    selectorFlag,
    flag('--server-side=false', 'Let the server merge.'),
    subresourceFlag,
    flag('--timeout=0s', 'How long to wait for deletions.'),
    validateFlag,
    flag('--wait=false', 'Wait until the objects are gone.'),
  ],
  commands: [setLastApplied, viewLastApplied],
  run,
};
