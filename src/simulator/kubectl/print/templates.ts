import type { Context } from '../command';
import { CommandError } from '../errors';
import type { Printer } from './printer';

/** The formats that take a template, longest names first. */
export const templateFormats = ['go-template-file', 'go-template', 'templatefile', 'template', 'jsonpath-as-json', 'jsonpath-file', 'jsonpath'];

/** The printer of a template format. */
export function templatePrinter(context: Context, format: string): Printer {
  void context;
  throw new CommandError(`template ${format}`);
}
