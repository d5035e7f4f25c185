import type { Context } from '../command';
import { kindName } from '../api/mapper';
import { parseApiVersion } from '../../api';
import { CommandError } from '../errors';
import { at, isFields, listAt, nameOf, textAt, type Fields } from '../fields';
import type { ParsedFlags } from '../flags';
import { indentedJson } from './json';
import { toKyaml } from './kyaml';
import { templatePrinter, templateFormats } from './templates';
import { isTyped } from './typed';
import { toYaml } from './yaml';

/** Prints objects one after the other as one output format does. */
export type Printer = (object: Fields) => void;

/** Formats that every printing command knows, as its refusal lists them. */
const baseFormats = ['go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'kyaml', 'name', 'template', 'templatefile', 'yaml'];

/** The refusal of a format. */
export const unknownFormat = (format: string, more: readonly string[] = []): CommandError =>
  new CommandError(`unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: ${[...baseFormats, ...more].sort().join(',')}`);

/** Without metadata.managedFields, also of a list's items. */
export function withoutManagedFields(object: Fields): Fields {
  const items = object['items'];
  const slim = Array.isArray(items) ? { ...object, items: items.map((item) => (isFields(item) ? withoutManagedFields(item) : (item as unknown))) } : object;
  if (at(slim, 'metadata', 'managedFields') === undefined) return slim;
  const { managedFields, ...metadata } = slim['metadata'] as Record<string, unknown>;
  void managedFields;
  return { ...slim, metadata };
}

/** `deployment.apps/web`. */
export function objectLabel(object: Fields): string {
  return `${kindName({ kind: textAt(object, 'kind'), group: parseApiVersion(textAt(object, 'apiVersion')).group })}/${nameOf(object)}`;
}

const isList = (object: Fields): boolean => textAt(object, 'kind').endsWith('List') && Array.isArray(object['items']);

/** One line an object: `deployment.apps/web created`, or its name alone with -o name. */
export function namePrinter(out: (text: string) => void, operation: string, short: boolean): Printer {
  return (object) => {
    for (const one of isList(object) ? listAt(object, 'items') : [object]) out(short ? `${objectLabel(one)}\n` : `${objectLabel(one)}${operation === '' ? '' : ` ${operation}`}\n`);
  };
}

/** Prints YAML documents, `---` between them. */
export function yamlPrinter(out: (text: string) => void, showManagedFields: boolean): Printer {
  let count = 0;
  return (object) => {
    if (count++ > 0) out('---\n');
    out(toYaml(showManagedFields ? object : withoutManagedFields(object)));
  };
}

/** The printer of a format that needs no table; undefined when the format is none of these. */
export function structuredPrinter(context: Context, format: string): Printer | undefined {
  const { flags, out } = context;
  const managed = flags.has('show-managed-fields') && flags.bool('show-managed-fields');
  if (format === 'yaml') return yamlPrinter(out, managed);
  if (format === 'kyaml') return (object) => out(toKyaml(managed ? object : withoutManagedFields(object)));
  if (format === 'json') return (object) => out(`${indentedJson(managed ? object : withoutManagedFields(object), '    ', !isTyped(object))}\n`);
  if (templateFormats.some((name) => format === name || format.startsWith(`${name}=`))) return templatePrinter(context, format);
  return undefined;
}

/** The output format that the flags ask for; --template alone means go-template. */
export function outputFormat(flags: ParsedFlags): string {
  const format = flags.string('output');
  return format === '' && flags.has('template') && flags.string('template') !== '' ? 'go-template' : format;
}

/** The printer of commands that change objects: what happened by default, else -o. */
export function resultPrinter(context: Context, operation: string): Printer {
  const format = outputFormat(context.flags);
  if (format === '') return namePrinter(context.out, `${operation}${dryRunSuffix(context.flags)}`, false);
  if (format === 'name') return namePrinter(context.out, operation, true);
  const printer = structuredPrinter(context, format);
  if (!printer) throw unknownFormat(format);
  return printer;
}

export type DryRun = 'none' | 'client' | 'server';

/** What --dry-run says. Throws for words it does not know. */
export function dryRunOf(flags: ParsedFlags): DryRun {
  if (!flags.has('dry-run')) return 'none';
  const value = flags.string('dry-run');
  if (value === 'none' || value === 'client' || value === 'server') return value;
  if (value === 'unchanged') return 'client';
  throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

/** ` (dry run)`, ` (server dry run)` or nothing. */
export function dryRunSuffix(flags: ParsedFlags): string {
  const mode = dryRunOf(flags);
  return mode === 'client' ? ' (dry run)' : mode === 'server' ? ' (server dry run)' : '';
}
