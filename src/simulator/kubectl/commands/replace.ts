import type { Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import type { Command, Context } from '../command';
import { CommandError, doing, isNotFound, throwAll, UsageError } from '../errors';
import { nameOf, textAt, withAt } from '../fields';
import { cascadeFlag, dryRunFlag, fieldManagerFlag, fileFlags, flag, gracePeriodFlag, printFlags, saveConfigFlag, subresourceFlag, validateFlag } from '../flags';
import { dryRunOf, resultPrinter, type Printer } from '../print/printer';
import { hasFiles, infosOfFiles, type Info } from '../resources/builder';
import { createObject, fieldValidation, lastAppliedAnnotation, replaceObject, savedConfig, withLastApplied } from '../resources/write';
import { deletedText, deleteObject, propagationOf, waitGone } from './delete';

function* replaceOne(context: Context, info: Info, print: Printer): Task<void> {
  const { flags, session } = context;
  const { mapping, namespace, object, source } = info;
  if (dryRunOf(flags) === 'client') return print(object);
  try {
    // Objects that were applied keep telling what was applied.
    const annotated = flags.bool('save-config') ? savedConfig(context, object) : textAt(object, 'metadata', 'annotations', lastAppliedAnnotation) === '' ? object : withLastApplied(object);
    let body = annotated;
    if (textAt(object, 'metadata', 'resourceVersion') === '') {
      const current = yield* session.rest.get(resourcePath(mapping, namespace, nameOf(object)));
      body = withAt(annotated, ['metadata', 'resourceVersion'], textAt(current, 'metadata', 'resourceVersion'));
    }
    print(yield* replaceObject(context, mapping, namespace, body, flags.string('subresource')));
  } catch (error) {
    throw doing(`error when replacing ${JSON.stringify(source)}`, error);
  }
}

function* replaceByForce(context: Context, infos: readonly Info[], print: Printer): Task<void> {
  const { flags, out } = context;
  const grace = flags.number('grace-period');
  const deleted: { info: Info; uid: string }[] = [];
  for (const info of infos) {
    try {
      const answer = yield* deleteObject(context, info, { gracePeriod: grace === 0 ? 0 : grace, propagation: propagationOf(context) });
      deleted.push({ info, uid: textAt(answer, 'details', 'uid') || textAt(answer, 'metadata', 'uid') });
      out(deletedText(context, info, false));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  for (const { info, uid } of deleted) yield* waitGone(context, info, uid, flags.number('timeout'));
  for (const info of infos) {
    const fresh = withAt(withAt(info.object, ['metadata', 'resourceVersion'], undefined), ['metadata', 'uid'], undefined);
    print(yield* createObject(context, info.mapping, info.namespace, savedConfig(context, fresh)));
  }
}

/** kubectl replace */
export const replace: Command = {
  name: 'replace',
  short: 'Replace a resource by file name or stdin',
  use: '-f FILENAME',
  flags: [
    cascadeFlag,
    dryRunFlag,
    fieldManagerFlag('kubectl-replace'),
    ...fileFlags('to replace'),
    flag('--force=false', 'Delete, then create.'),
    gracePeriodFlag,
    ...printFlags(),
    flag("--raw=''", 'Path to put the file to.'),
    saveConfigFlag,
    subresourceFlag,
    flag('--timeout=0s', 'How long to wait for a deletion.'),
    validateFlag,
    flag('--wait=false', 'Wait until the objects are gone.'),
  ],
  *run(context) {
    const { args, flags } = context;
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
    if (!hasFiles(context)) throw new CommandError('must specify one of -f and -k');
    if (flags.number('grace-period') >= 0 && !flags.bool('force')) throw new CommandError('--grace-period must have --force specified');
    if (flags.number('timeout') !== 0 && !flags.bool('force')) throw new CommandError('--timeout must have --force specified');
    const validated = fieldValidation(context) !== 'Ignore';
    const print = resultPrinter(context, 'replaced');
    const { infos, errors } = yield* infosOfFiles(context, validated);
    const failures = [...errors];
    if (flags.bool('force')) yield* replaceByForce(context, infos, print);
    else {
      for (const info of infos) {
        try {
          yield* replaceOne(context, info, print);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    throwAll(failures);
    if (infos.length === 0) throw new CommandError('no objects passed to replace');
  },
};
