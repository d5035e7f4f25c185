import { utf8Decode, utf8Encode } from '../../kernel';
import type { Command, Context } from '../command';
import { CommandError, throwAll } from '../errors';
import { sameJson, type Fields } from '../fields';
import { dryRunFlag, fieldManagerFlag, fileFlags, flag, localFlag, printFlags, subresourceFlag } from '../flags';
import { patched } from '../patching';
import { dryRunOf, namePrinter, outputFormat, resultPrinter, type Printer } from '../print/printer';
import { gatherInfos } from '../resources/builder';
import { parseDocument } from '../resources/manifests';
import { readFile } from '../resources/read-files';
import { patchObject, type PatchKind } from '../resources/write';

const kinds: Readonly<Record<string, PatchKind>> = { json: 'application/json-patch+json', merge: 'application/merge-patch+json', strategic: 'application/strategic-merge-patch+json' };

/** kubectl patch */
export const patch: Command = {
  name: 'patch',
  short: 'Update fields of a resource',
  use: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  examples: [`kubectl patch deployment web -p '{"spec":{"replicas":2}}'`],
  flags: [
    dryRunFlag,
    fieldManagerFlag('kubectl-patch'),
    ...fileFlags('to patch'),
    localFlag,
    ...printFlags(),
    flag("-p, --patch=''", 'The patch, JSON or YAML.'),
    flag("--patch-file=''", 'File with the patch.'),
    subresourceFlag,
    flag("--type='strategic'", 'json, merge or strategic.'),
  ],
  *run(context) {
    const { flags, session } = context;
    const [text, file] = [flags.string('patch'), flags.string('patch-file')];
    if (text === '' && file === '') throw new CommandError('must specify --patch or --patch-file containing the contents of the patch');
    if (text !== '' && file !== '') throw new CommandError('cannot specify --patch and --patch-file together');
    if (flags.bool('local') && dryRunOf(flags) === 'server') throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    const kind = kinds[flags.string('type')];
    if (!kind) throw new CommandError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.string('type'))}`);
    const source = file === '' ? text : utf8Decode(readFile(session.host.files, file));
    let body: unknown;
    const broken = /^\s*[[{]/.test(source) && !isJson(source);
    try {
      body = broken ? utf8Encode(source) : parseDocument(source, 'patch');
    } catch (error) {
      throw new CommandError(`unable to parse ${JSON.stringify(source)}: ${(error as Error).message.replace(/^error parsing patch: error converting YAML to JSON: /, '')}`);
    }
    const { infos, errors } = yield* gatherInfos(context, { latest: !flags.bool('local') });
    const failures = [...errors];
    for (const info of infos) {
      try {
        const local = flags.bool('local') || dryRunOf(flags) === 'client';
        const after: Fields = local
          ? patched(info.mapping, info.object, kind, body)
          : yield* patchObject(context, info.mapping, info.namespace, info.name, kind, body, flags.string('subresource'));
        const unchanged = sameJson(withoutManaged(info.object), withoutManaged(after));
        printed(context, unchanged && flags.string('subresource') === '' ? 'patched (no change)' : 'patched')(after);
      } catch (error) {
        failures.push(error);
      }
    }
    throwAll(failures);
    if (infos.length === 0) throw new CommandError('no objects passed to patch');
  },
};

/** Unlike others, patch does not say that it was a dry run. */
function printed(context: Context, operation: string): Printer {
  return outputFormat(context.flags) === '' ? namePrinter(context.out, operation, false) : resultPrinter(context, operation);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function withoutManaged(object: Fields): Fields {
  const { managedFields, ...metadata } = (object['metadata'] ?? {}) as Record<string, unknown>;
  void managedFields;
  return { ...object, metadata };
}
