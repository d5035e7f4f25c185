import { StatusError } from '../../../api';
import type { Task } from '../../../kernel';
import type { Context } from '../../command';
import { CommandError, SeveralErrors, throwAll } from '../../errors';
import type { Fields } from '../../fields';
import { allFlag, dryRunFlag, fieldManagerFlag, fileFlags, localFlag, printFlags, selectorFlag, type FlagDefinition } from '../../flags';
import { twoWayPatch } from '../../patching';
import { dryRunOf, resultPrinter } from '../../print/printer';
import { gatherInfos, hasFiles, type Info } from '../../resources/builder';
import { patchObject } from '../../resources/write';

/** The flags that every `kubectl set` has. */
export const setFlags: readonly FlagDefinition[] = [allFlag, dryRunFlag, fieldManagerFlag('kubectl-set'), ...fileFlags('to update'), localFlag, ...printFlags(), selectorFlag];

/** Splits words into those that name resources and those of the form key=value or key-. */
export function splitPairs(args: readonly string[]): { resources: string[]; pairs: string[] } {
  const isPair = (word: string) => word.includes('=') || (word.endsWith('-') && word.length > 1);
  return { resources: args.filter((word) => !isPair(word)), pairs: args.filter(isPair) };
}

/** What is said of an object that runs no Pods. */
export const withoutTemplate = ({ mapping, name }: Info): CommandError => new CommandError(`${mapping.resource}/${name} the object is not a pod or does not have a pod template: *${mapping.version}.${mapping.kind}`);

/** The objects of a `kubectl set`; with --local as the files say. */
export function* setInfos(context: Context, args: readonly string[]): Task<Info[]> {
  const { flags } = context;
  const local = flags.has('local') && flags.bool('local');
  if (args.length === 0 && !hasFiles(context)) throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  const { infos, errors } = yield* gatherInfos(context, { args, latest: !local });
  throwAll(errors);
  return infos;
}

/** Changes each object and says so. What did not change is passed over, unless `always`. */
export function* updateEach(context: Context, infos: readonly Info[], operation: string, change: (info: Info) => Fields, options: { always?: boolean; failure?: string } = {}): Task<void> {
  const { flags } = context;
  const print = resultPrinter(context, operation);
  const failures: unknown[] = [];
  for (const info of infos) {
    try {
      const after = change(info);
      const { kind, patch } = twoWayPatch(info.mapping, info.object, after);
      const local = flags.has('local') && flags.bool('local');
      if (local || dryRunOf(flags) === 'client') {
        print(after);
        continue;
      }
      if (Object.keys(patch).length === 0 && options.always !== true) continue;
      try {
        print(yield* patchObject(context, info.mapping, info.namespace, info.name, kind, patch));
      } catch (error) {
        if (error instanceof StatusError && options.failure !== undefined) throw new CommandError(`${options.failure} ${error.message}`);
        throw error;
      }
    } catch (error) {
      if (error instanceof SeveralErrors) failures.push(...error.errors);
      else failures.push(error);
    }
  }
  throwAll(failures);
}
