import { isStatus, parseLabelSelector } from '../../api';
import { formatMicroTime, type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Command, Context } from '../command';
import { CommandError, ExitError, SeveralErrors, throwAll } from '../errors';
import { at, textAt, withAt, type Fields } from '../fields';
import { fieldManagerFlag, fileFlags, flag, selectorFlag } from '../flags';
import { threeWayPatch } from '../patching';
import { withoutManagedFields } from '../print/printer';
import { unifiedDiff } from '../print/unified-diff';
import { toYaml } from '../print/yaml';
import { hasFiles, infosOfFiles, withType, type Info } from '../resources/builder';
import { currentOf, lastApplied } from './apply/client-side';

/** What applying the object would make of it, asked with a server dry run. */
function* wouldBe(context: Context, info: Info, current: Fields | undefined): Task<Fields> {
  const { flags, session } = context;
  const base = { dryRun: 'All', fieldManager: flags.string('field-manager') };
  const path = resourcePath(info.mapping, info.namespace, info.name);
  if (flags.bool('server-side')) {
    const manager = flags.changed('field-manager') ? flags.string('field-manager') : 'kubectl';
    const body = info.object;
    return yield* session.rest.object('PATCH', `${path}${queryText({ dryRun: 'All', fieldManager: manager, force: flags.bool('force-conflicts') ? 'true' : 'false' })}`, { body, contentType: 'application/apply-patch+yaml' });
  }
  // The annotation of what was applied is left out of the comparison; the map that holds it is not.
  const modified = withAt(info.object, ['metadata', 'annotations'], (at(info.object, 'metadata', 'annotations') as Fields | undefined) ?? {});
  if (!current) return yield* session.rest.object('POST', `${resourcePath(info.mapping, info.namespace)}${queryText(base)}`, { body: modified });
  const { kind, patch } = threeWayPatch(info.mapping, lastApplied(current) ?? {}, modified, current);
  return yield* session.rest.object('PATCH', `${path}${queryText(base)}`, { body: patch, contentType: kind });
}

/** Secrets are shown without their values, but so that a change is seen. */
function masked(from: Fields | undefined, to: Fields | undefined): [Fields | undefined, Fields | undefined] {
  const dataOf = (object: Fields | undefined) => (at(object, 'data') ?? {}) as Fields;
  const mask = (object: Fields | undefined, which: 'before' | 'after'): Fields | undefined => {
    if (!object || object['kind'] !== 'Secret') return object;
    const data = Object.fromEntries(Object.keys(dataOf(object)).map((key) => [key, dataOf(from)[key] !== undefined && dataOf(to)[key] !== undefined && dataOf(from)[key] !== dataOf(to)[key] ? `*** (${which})` : '***']));
    return Object.keys(data).length === 0 ? object : { ...object, data };
  };
  return [mask(from, 'before'), mask(to, 'after')];
}

function* diffOne(context: Context, info: Info): Task<boolean> {
  const { flags, out, session } = context;
  const current = yield* currentOf(context, info);
  let merged = withType(yield* wouldBe(context, info, current), info.mapping);
  if (current) merged = withAt(merged, ['metadata', 'resourceVersion'], textAt(current, 'metadata', 'resourceVersion'));
  const keep = flags.bool('show-managed-fields');
  const clean = (object: Fields | undefined) => (object && !keep ? withoutManagedFields(object) : object);
  const [from, to] = masked(clean(current), clean(merged));
  const text = unifiedDiff(from ? toYaml(from) : '', to ? toYaml(to) : '');
  if (text === '') return false;
  const { group, kind, version } = info.mapping;
  const name = [...(group === '' ? [] : [group]), version, kind, info.namespace ?? '', info.name].join('.');
  const stamp = formatMicroTime(session.host.now()).replace('T', ' ').replace('Z', '000 +0000');
  out(`diff -u -N /tmp/LIVE-${live}/${name} /tmp/MERGED-${live}/${name}\n--- /tmp/LIVE-${live}/${name}\t${stamp}\n+++ /tmp/MERGED-${live}/${name}\t${stamp}\n${text}`);
  return true;
}

const live = '1000000001';

/** kubectl diff */
export const diff: Command = {
  name: 'diff',
  short: 'Diff the live version against a would-be applied version',
  use: '-f FILENAME',
  flags: [
    flag('--concurrency=1', 'How many objects to compare at once.'),
    fieldManagerFlag('kubectl-client-side-apply'),
    ...fileFlags('to compare'),
    flag('--force-conflicts=false', 'Take over fields of other managers (server-side apply).'),
    flag('--prune=false', 'Show what --prune would delete.'),
    flag('--prune-allowlist=[]', 'Which kinds to prune.', { kind: 'list' }),
    selectorFlag,
    flag('--server-side=false', 'Let the server merge.'),
    flag('--show-managed-fields=false', 'Keep managedFields.'),
  ],
  *run(context) {
    const { args, flags } = context;
    const fail = (error: unknown): never => {
      if (error instanceof CommandError) throw new CommandError(error.message, { ...error.options, exitCode: 2 });
      throw error;
    };
    try {
      if (args.length > 0) throw new CommandError(`Unexpected args: [${args.join(' ')}]`);
      if (!hasFiles(context)) throw new CommandError('must specify one of -f and -k');
      const { errors, infos } = yield* infosOfFiles(context, true);
      throwAll(errors);
      const matches = flags.string('selector') === '' ? undefined : parseLabelSelector(flags.string('selector'));
      let differs = false;
      for (const info of infos) {
        if (matches && !matches.matches((at(info.object, 'metadata', 'labels') as Record<string, string> | undefined) ?? {})) continue;
        if (yield* diffOne(context, info)) differs = true;
      }
      if (differs) throw new ExitError(1);
    } catch (error) {
      if (error instanceof SeveralErrors || isStatus(error)) throw error;
      fail(error);
    }
  },
};
