import type { Task } from '../../../kernel';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import { isFields } from '../../fields';
import { toYaml } from '../../print/yaml';
import { resultPrinter } from '../../print/printer';
import { infosOfFiles, mappingOfManifest } from '../../resources/builder';
import { parseDocument } from '../../resources/manifests';
import { createObject } from '../../resources/write';
import { editText, withoutComments } from './editor';

const heading = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";

/** kubectl create --edit: the files' objects go through the editor first. */
export function* editThenCreate(context: Context): Task<void> {
  const { infos, errors } = yield* infosOfFiles(context, true);
  if (errors[0] !== undefined) throw errors[0];
  const print = resultPrinter(context, 'created');
  for (const info of infos) {
    const { path, text } = yield* editText(context, heading + toYaml(info.object), '.yaml');
    const edited = parseDocument(withoutComments(text), 'edited-file');
    context.session.host.files.remove(path);
    if (!isFields(edited)) throw new CommandError('Edit cancelled, saved file was empty.', { bare: true });
    const mapping = mappingOfManifest(yield* context.session.mapper(), { source: 'edited-file', object: edited });
    print(yield* createObject(context, mapping, info.namespace, edited));
  }
}
