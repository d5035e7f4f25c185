import { isValidLabelValue } from '../../api';
import type { Task } from '../../kernel';
import type { Command, Context } from '../command';
import { CommandError, throwAll } from '../errors';
import { fieldsAt, mapAt, sameJson, withAt, type Fields } from '../fields';
import { allFlag, allNamespacesFlag, dryRunFlag, fieldManagerFlag, fieldSelectorFlag, fileFlags, flag, localFlag, printFlags, selectorFlag } from '../flags';
import { dryRunOf, resultPrinter } from '../print/printer';
import { gatherInfos, hasFiles, type Info } from '../resources/builder';
import { patchObject } from '../resources/write';

type Which = 'labels' | 'annotations';

interface Change {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

const isChange = (word: string): boolean => word.indexOf('=') > 0 || (word.endsWith('-') && !word.includes('='));

/** Splits the words: first what names resources, then the changes. */
function splitWords(args: readonly string[], isLabel: boolean): { resources: string[]; changes: string[] } {
  const resources: string[] = [];
  const changes: string[] = [];
  let inChanges = false;
  for (const word of args) {
    if (isChange(word)) {
      inChanges = true;
      changes.push(word);
    } else if (inChanges) throw new CommandError(`all resources must be specified before ${isLabel ? 'label' : 'annotation'} changes: ${word}`);
    else resources.push(word);
  }
  return { resources, changes };
}

function parseChanges(words: readonly string[], which: Which): Change {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  const bad: string[] = [];
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) {
      const [key, value] = [word.slice(0, equals), word.slice(equals + 1)];
      if (which === 'labels') {
        const valueErrors = isValidLabelValue(value);
        if (valueErrors.length > 0) throw new CommandError(`invalid label value: ${JSON.stringify(word)}: ${valueErrors.join(';')}`);
      }
      set[key] = value;
    } else if (word.endsWith('-') && equals < 0) remove.push(word.slice(0, -1));
    else bad.push(word);
  }
  if (bad.length > 0) throw new CommandError(which === 'labels' ? `unknown label spec: ${bad[0]}` : `invalid annotation format: ${bad.join(', ')}`);
  const both = remove.find((key) => key in set);
  if (both !== undefined) throw new CommandError(which === 'labels' ? 'can not both modify and remove a label in the same command' : `can not both modify and remove the following annotation(s) in the same command: ${remove.filter((key) => key in set).join(', ')}`);
  return { set, remove };
}

function refuseOverwrite(object: Fields, which: Which, { set }: Change): void {
  const current = fieldsAt(object, 'metadata', which) ?? {};
  const taken = Object.keys(set).filter((key) => current[key] !== undefined && (which === 'annotations' || current[key] !== set[key]));
  if (taken.length === 0) return;
  const texts = taken.map((key) => `'${key}' already has a value (${String(current[key])})`);
  throw new CommandError(which === 'labels' ? `${texts[0]}, and --overwrite is false` : `--overwrite is false but found the following declared annotation(s): ${texts.sort().join('; ')}`);
}

function changed(object: Fields, which: Which, { remove, set }: Change): Fields {
  const current = fieldsAt(object, 'metadata', which) ?? {};
  const kept = Object.fromEntries(Object.entries(current).filter(([key]) => !remove.includes(key)));
  const next = { ...kept, ...set };
  return withAt(object, ['metadata', which], Object.keys(next).length === 0 ? undefined : next);
}

/** What happened to the labels, in one word. */
function labelOutcome(before: Fields, after: Fields, { remove, set }: Change): string {
  if (sameJson(before, after)) return 'not labeled';
  const labels = fieldsAt(before, 'metadata', 'labels') ?? {};
  const removed = remove.some((key) => labels[key] !== undefined);
  const modified = Object.entries(set).some(([key, value]) => labels[key] !== value);
  return removed && !modified ? 'unlabeled' : 'labeled';
}

function* changeOne(context: Context, info: Info, which: Which, change: Change): Task<void> {
  const { flags, out } = context;
  const { object } = info;
  if (!flags.bool('overwrite')) refuseOverwrite(object, which, change);
  if (which === 'labels') {
    const current = fieldsAt(object, 'metadata', 'labels') ?? {};
    for (const key of change.remove) if (current[key] === undefined) out(`label ${JSON.stringify(key)} not found.\n`);
  }
  const after = changed(object, which, change);
  const outcome = which === 'labels' ? labelOutcome(object, after, change) : 'annotated';
  const version = flags.string('resource-version');
  const print = resultPrinter(context, outcome);
  if (flags.bool('local') || dryRunOf(flags) === 'client' || (sameJson(object, after) && which === 'labels')) return print(after);
  const patch = {
    metadata: {
      [which]: { ...Object.fromEntries(change.remove.map((key) => [key, null])), ...change.set },
      ...(version !== '' && { resourceVersion: version }),
    },
  };
  print(yield* patchObject(context, info.mapping, info.namespace, info.name, 'application/merge-patch+json', patch));
}

const command = (which: Which): Command => {
  const isLabel = which === 'labels';
  const name = isLabel ? 'label' : 'annotate';
  return {
    name,
    short: isLabel ? 'Update the labels on a resource' : 'Update the annotations on a resource',
    use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
    examples: isLabel ? ['kubectl label pods web tier=front', 'kubectl label pods web tier-'] : ["kubectl annotate deployment web kubernetes.io/change-cause='new image'"],
    flags: [
      allFlag,
      allNamespacesFlag,
      dryRunFlag,
      fieldManagerFlag(`kubectl-${name}`),
      fieldSelectorFlag,
      ...fileFlags(`to ${name}`),
      flag('--list=false', isLabel ? 'Show the labels.' : 'Show the annotations.'),
      localFlag,
      flag('--overwrite=false', 'Replace values that are there.'),
      ...printFlags(),
      flag("--resource-version=''", 'Only when the object has this version.'),
      selectorFlag,
    ],
    *run(context) {
      const { args, flags } = context;
      const { changes, resources } = splitWords(args, isLabel);
      if (resources.length === 0 && !hasFiles(context)) throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
      if (changes.length === 0 && !flags.bool('list')) throw new CommandError(`at least one ${isLabel ? 'label' : 'annotation'} update is required`);
      const change = parseChanges(changes, which);
      const { infos, errors } = yield* gatherInfos(context, { args: resources, latest: !flags.bool('local') });
      const failures = [...errors];
      const several = infos.length > 1;
      if (flags.bool('list')) {
        for (const info of infos) {
          if (several) context.out(`Listing ${which} for ${info.mapping.kind}.${info.mapping.group}/${info.name}:\n`);
          for (const [key, value] of mapAt(info.object, 'metadata', which)) context.out(`${several ? ' ' : ''}${key}=${value}\n`);
        }
        return throwAll(failures);
      }
      for (const info of infos) {
        try {
          yield* changeOne(context, info, which, change);
        } catch (error) {
          failures.push(error);
        }
      }
      throwAll(failures);
    },
  };
};

/** kubectl label */
export const label = command('labels');
/** kubectl annotate */
export const annotate = command('annotations');
