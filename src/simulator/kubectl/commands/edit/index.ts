import { StatusError } from '../../../api';
import type { Task } from '../../../kernel';
import type { Command, Context } from '../../command';
import { CommandError, throwAll } from '../../errors';
import { isFields, sameJson, type Fields } from '../../fields';
import { fieldManagerFlag, fileFlags, flag, printFlags, saveConfigFlag, subresourceFlag, validateFlag } from '../../flags';
import { twoWayPatch } from '../../patching';
import { compactJson, indentedJson } from '../../print/json';
import { resultPrinter, withoutManagedFields } from '../../print/printer';
import { toYaml } from '../../print/yaml';
import { gatherInfos, type Info } from '../../resources/builder';
import { parseDocument } from '../../resources/manifests';
import { patchObject } from '../../resources/write';
import { editText, withoutComments } from './editor';

const heading = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";

const reasonLines = (reasons: readonly string[]): string => reasons.map((reason) => `# ${reason.split('\n').join('\n# ')}\n`).join('') + (reasons.length > 0 ? '#\n' : '');

function causesOf(info: Info, error: StatusError): string[] {
  const causes = error.status.details?.causes ?? [];
  const head = `${info.mapping.resource} ${JSON.stringify(info.name)} was not valid:`;
  return [head, ...(causes.length > 0 ? causes.map((cause) => `* ${cause.field ?? ''}: ${cause.message}`) : [`* ${error.message}`])];
}

/** Edits one object until it is saved, unchanged, or given up. */
function* editOne(context: Context, info: Info): Task<void> {
  const { err, flags, out } = context;
  const asJson = flags.string('output') === 'json';
  const original = flags.bool('show-managed-fields') ? info.object : withoutManagedFields(info.object);
  const render = (object: Fields) => (asJson ? `${indentedJson(object)}\n` : toYaml(object));
  let body = render(original);
  let reasons: string[] = [];
  let before: string | undefined;
  for (;;) {
    const shown = `${heading}${reasonLines(reasons)}${body}`;
    const { path, text } = yield* editText(context, shown, asJson ? '.json' : '.yaml');
    const edited = withoutComments(text);
    if (edited.trim() === '') {
      out('Edit cancelled, saved file was empty.\n');
      return;
    }
    if (before !== undefined && edited === before) {
      err(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`);
      throw new CommandError('Edit cancelled, no valid changes were saved.');
    }
    if (before === undefined && edited === withoutComments(shown)) {
      context.session.host.files.remove(path);
      out('Edit cancelled, no changes made.\n');
      return;
    }
    before = edited;
    body = edited;
    let parsed: unknown;
    try {
      parsed = parseDocument(edited, 'edited-file');
      if (!isFields(parsed)) throw new CommandError('The edited file had a syntax error: invalid object to validate');
    } catch (error) {
      reasons = [`The edited file had a syntax error: ${(error as Error).message}`, ''];
      continue;
    }
    const after = parsed as Fields;
    if (sameJson(after, original)) {
      context.session.host.files.remove(path);
      out('Edit cancelled, no changes made.\n');
      return;
    }
    const { kind, patch } = twoWayPatch(info.mapping, original, after);
    try {
      const result = yield* patchObject(context, info.mapping, info.namespace, info.name, kind, patch, flags.string('subresource'));
      context.session.host.files.remove(path);
      if (flags.bool('output-patch')) out(`Patch: ${compactJson(patch)}\n`);
      resultPrinter({ ...context, flags: context.flags.without(new Set(['output'])) }, 'edited')(result);
      return;
    } catch (error) {
      if (!(error instanceof StatusError) || !['Invalid', 'BadRequest', 'Conflict'].includes(error.reason)) throw error;
      reasons = causesOf(info, error);
      err(`error: ${info.mapping.resource} ${JSON.stringify(info.name)} is invalid\n`);
    }
  }
}

/** kubectl edit */
export const edit: Command = {
  name: 'edit',
  short: 'Edit a resource on the server',
  use: '(RESOURCE/NAME | -f FILENAME)',
  examples: ['kubectl edit deployment/web', 'KUBE_EDITOR=nano kubectl edit service/web'],
  flags: [
    fieldManagerFlag('kubectl-edit'),
    ...fileFlags('to edit'),
    flag('--output-patch=false', 'Print the patch.'),
    ...printFlags(),
    saveConfigFlag,
    subresourceFlag,
    validateFlag,
    flag('--windows-line-endings=false', 'Edit with Windows line endings.'),
  ],
  *run(context) {
    const { errors, infos } = yield* gatherInfos(context, { allowAll: true });
    throwAll(errors);
    for (const info of infos) yield* editOne(context, info);
  },
};
