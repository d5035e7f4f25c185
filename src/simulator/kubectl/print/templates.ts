import { utf8Decode } from '../../kernel';
import type { Context } from '../command';
import { CommandError } from '../errors';
import { systemMessage } from '../resources/read-files';
import { goTemplatePrinter } from './go-template';
import { jsonPathPrinter } from './jsonpath';
import type { Printer } from './printer';

/** The formats that take a template, longest names first. */
export const templateFormats = ['go-template-file', 'go-template', 'templatefile', 'template', 'jsonpath-as-json', 'jsonpath-file', 'jsonpath'];

/** The printer of a template format: `jsonpath={.a}`, or the format alone with --template. */
export function templatePrinter(context: Context, format: string): Printer {
  const { flags, out, session } = context;
  const equals = format.indexOf('=');
  const kind = equals < 0 ? format : format.slice(0, equals);
  const argument = equals < 0 ? (flags.has('template') ? flags.string('template') : '') : format.slice(equals + 1);
  if (argument === '') throw new CommandError('template format specified but no template given');
  const allowMissing = !flags.has('allow-missing-template-keys') || flags.bool('allow-missing-template-keys');
  const isFile = kind.endsWith('file');
  let template = argument;
  if (isFile) {
    try {
      template = utf8Decode(session.host.files.read(argument));
    } catch (error) {
      throw new CommandError(`error reading --template ${argument}, open ${argument}: ${systemMessage(error)}`);
    }
  }
  return kind.startsWith('jsonpath') ? jsonPathPrinter(out, template, allowMissing, kind === 'jsonpath-as-json') : goTemplatePrinter(out, template, allowMissing);
}
