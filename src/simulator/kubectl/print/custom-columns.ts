import { compileJsonPath, goValue, JsonPathError } from '../../api';
import type { Context } from '../command';
import { CommandError } from '../errors';
import { listAt, type Fields } from '../fields';
import { utf8Decode } from '../../kernel';
import { relaxedPath } from './jsonpath';
import type { Printer } from './printer';
import { alignTabs, tableTabs } from './tabs';
import { systemMessage } from '../resources/read-files';

interface Column {
  readonly title: string;
  readonly path: string;
}

/** Whether -o asks for columns of one's own. */
export const isColumnsFormat = (format: string): boolean => /^custom-columns(-file)?(=|$)/.test(format);

function fromSpec(spec: string): Column[] {
  if (spec === '') throw new CommandError('custom-columns format specified but no custom columns given');
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { title: part.slice(0, colon), path: relaxedPath(part.slice(colon + 1)) };
  });
}

function fromFile({ session }: Context, path: string): Column[] {
  if (path === '') throw new CommandError('custom-columns-file format specified but no custom-columns-file given');
  let text: string;
  try {
    text = utf8Decode(session.host.files.read(path));
  } catch (error) {
    throw new CommandError(`error reading template ${path}, open ${path}: ${systemMessage(error)}`);
  }
  const [titles = '', paths = ''] = text.split('\n');
  const [names, specs] = [titles.trim().split(/\s+/), paths.trim().split(/\s+/)];
  if (names.length !== specs.length) throw new CommandError(`number of headers (${names.length}) and field specifications (${specs.length}) don't match`);
  return names.map((title, index) => ({ title, path: relaxedPath(specs[index] as string) }));
}

function shown(values: readonly unknown[]): string {
  return values.length === 0 ? '<none>' : values.map((value) => (value === null || value === undefined ? '<none>' : goValue(value))).join(',');
}

/** Prints objects as rows of the columns that -o custom-columns names. */
export function columnsPrinter(context: Context, format: string): Printer {
  const equals = format.indexOf('=');
  const kind = equals < 0 ? format : format.slice(0, equals);
  const rest = equals < 0 ? '' : format.slice(equals + 1);
  const columns = kind === 'custom-columns' ? fromSpec(rest) : fromFile(context, rest);
  const noHeaders = context.flags.has('no-headers') && context.flags.bool('no-headers');
  let headed = noHeaders;
  return (object: Fields) => {
    const items = Array.isArray(object['items']) ? listAt(object, 'items') : [object];
    const rows: string[] = headed ? [] : [columns.map(({ title }) => title).join('\t')];
    headed = true;
    try {
      const finders = columns.map(({ path }) => (path === '' ? undefined : compileJsonPath(path, { allowMissingKeys: true })));
      for (const item of items) rows.push(finders.map((finder) => shown(finder ? finder.find(item).flat() : [])).join('\t'));
    } catch (error) {
      context.out(alignTabs(`${rows.join('\n')}\n`, tableTabs));
      if (error instanceof JsonPathError) throw new CommandError(error.message);
      throw error;
    }
    if (rows.length > 0) context.out(alignTabs(`${rows.join('\n')}\n`, tableTabs));
  };
}
