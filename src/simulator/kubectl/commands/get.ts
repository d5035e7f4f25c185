import { type Task } from '../../kernel';
import type { Command, Context } from '../command';
import { CommandError, isNotFound, throwAll, UsageError } from '../errors';
import { listAt, type Fields } from '../fields';
import { allNamespacesFlag, chunkSizeFlag, fieldSelectorFlag, fileFlags, flag, printFlags, selectorFlag, subresourceFlag } from '../flags';
import { columnsPrinter, isColumnsFormat } from '../print/custom-columns';
import { namePrinter, outputFormat, structuredPrinter, unknownFormat, type Printer } from '../print/printer';
import { relaxedPath } from '../print/jsonpath';
import { sortObjects } from '../print/sort';
import { ColumnWriter, tableRows, type TableOptions } from '../print/table';
import { hasFiles, infosOfFiles, parseTargets, withType } from '../resources/builder';
import { fetchAll, type Request } from './get/fetch';
import { watch } from './get/watch';

/** The formats that get knows beyond everybody's. */
const tableFormats = ['custom-columns', 'custom-columns-file', 'wide'];

/** How get prints: as tables, or each object by itself. */
export type Output = { readonly tables: TableOptions } | { readonly printer: Printer };

function outputOf(context: Context): Output {
  const { flags, out } = context;
  const format = outputFormat(flags);
  const tables: TableOptions = {
    wide: format === 'wide',
    noHeaders: flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces'),
    withKind: flags.bool('show-kind'),
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns'),
  };
  if (format === '' || format === 'wide') return { tables };
  if (isColumnsFormat(format)) return { printer: columnsPrinter(context, format) };
  if (format === 'name') return { printer: namePrinter(out, '', true) };
  const printer = structuredPrinter(context, format);
  if (!printer) throw unknownFormat(format, tableFormats);
  if (tables.showLabels) throw new CommandError(`--show-labels option cannot be used with ${format.replace(/=.*/, '')} printer`);
  return { printer };
}

/** Every request that the arguments mean, in order. */
export function* requestsOf(context: Context): Task<Request[]> {
  const { flags, session, args } = context;
  const anywhere = flags.bool('all-namespaces');
  if (hasFiles(context)) {
    if (args.length > 0) throw new CommandError('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
    const { infos, errors } = yield* infosOfFiles(context, false);
    throwAll(errors);
    return infos.map(({ mapping, namespace, name }) => ({ mapping, namespace, name }));
  }
  if (args.length === 0) {
    context.err('You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n');
    throw new UsageError('Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).');
  }
  const targets = parseTargets(yield* session.mapper(), args);
  const named = targets.some(({ name }) => name !== undefined);
  if (named && (flags.string('selector') !== '' || flags.string('field-selector') !== '')) throw new CommandError('name cannot be provided when a selector is specified');
  if (named && anywhere) throw new CommandError('a resource cannot be retrieved by name across all namespaces');
  return targets.map(({ mapping, name }) => ({ mapping, name, namespace: mapping.namespaced && !anywhere ? session.namespace : undefined }));
}

function* raw(context: Context): Task<void> {
  const { flags, session, out } = context;
  if (flags.changed('output')) throw new CommandError('--raw and --output are mutually exclusive');
  if (flags.bool('watch') || flags.bool('watch-only') || flags.string('selector') !== '') throw new UsageError('--raw may not be specified with other flags that filter the server request or alter the output');
  if (context.args.length > 0) throw new UsageError('arguments may not be passed when --raw is specified');
  const path = flags.string('raw');
  out(yield* session.rest.text(path.startsWith('/') ? path : `/${path}`));
}

/** Rows in order; none when the path is wrong or nothing has it, as the real one shows. */
function sortedRows(rows: readonly Fields[], path: string): Fields[] {
  try {
    return sortObjects(rows, path, (row) => row['object']) ?? [];
  } catch (error) {
    if (error instanceof CommandError) return [];
    throw error;
  }
}

/** The fetched tables, one after the other. */
function printTables(context: Context, fetched: readonly { request: Request; object: Fields }[], tables: TableOptions, quiet: boolean): void {
  const { flags, session } = context;
  const kinds = new Set(fetched.map(({ request }) => `${request.mapping.resource}.${request.mapping.group}`));
  const sortBy = flags.string('sort-by');
  const groups: { request: Request; parts: Fields[] }[] = [];
  for (const { request, object } of fetched) {
    const last = groups.at(-1);
    if (last && last.request.mapping === request.mapping) last.parts.push(object);
    else groups.push({ request, parts: [object] });
  }
  let blocks = 0;
  for (const { request, parts } of groups) {
    let rows = parts.flatMap((part) => listAt(part, 'rows'));
    if (rows.length === 0) continue;
    if (sortBy !== '') rows = sortedRows(rows, sortBy);
    if (rows.length === 0) continue;
    const shown = tableRows({ ...parts[0], rows }, request.mapping, { ...tables, withNamespace: tables.withNamespace && request.mapping.namespaced, withKind: tables.withKind || kinds.size > 1 });
    if (blocks > 0 && !tables.noHeaders) context.out('\n');
    new ColumnWriter(context.out).write(tables.noHeaders ? shown.rows : [shown.header, ...shown.rows]);
    blocks += 1;
  }
  if (blocks > 0 || quiet || flags.bool('ignore-not-found')) return;
  const namespaced = fetched.every(({ request }) => request.mapping.namespaced);
  context.err(namespaced && !flags.bool('all-namespaces') ? `No resources found in ${session.namespace} namespace.\n` : 'No resources found\n');
}

function printObjects(context: Context, fetched: readonly { request: Request; object: Fields }[], printer: Printer): void {
  const sortBy = context.flags.string('sort-by');
  const single = fetched.length === 1 && fetched[0]?.request.name !== undefined ? fetched[0].object : undefined;
  if (single) return printer(single);
  let items = fetched.flatMap(({ request, object }) => (request.name === undefined ? listAt(object, 'items').map((item) => withType(item, request.mapping)) : [object]));
  if (sortBy !== '' && items.length > 0) {
    const sorted = sortObjects(items, sortBy, (item) => item);
    if (!sorted) throw new CommandError(`couldn't find any field with path "${relaxedPath(sortBy)}" in the list of objects`);
    items = [...sorted];
  }
  if (items.length === 0 && fetched.length === 0) return;
  printer({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } });
}

function* run(context: Context): Task<void> {
  const { flags } = context;
  if (flags.changed('raw')) return yield* raw(context);
  if (flags.bool('watch') || flags.bool('watch-only')) {
    if (flags.string('sort-by') !== '') context.err('warning: --watch requested, --sort-by will be ignored for watch events received\n');
  } else if (flags.bool('output-watch-events')) throw new UsageError('--output-watch-events option can only be used with --watch or --watch-only');
  const output = outputOf(context);
  const requests = yield* requestsOf(context);
  if (flags.bool('watch') || flags.bool('watch-only')) return yield* watch(context, requests, output);
  const { fetched, errors } = yield* fetchAll(context, requests, 'tables' in output);
  const failures = errors.filter((error) => !(flags.bool('ignore-not-found') && isNotFound(error)));
  if ('tables' in output) printTables(context, fetched, output.tables, failures.length > 0 || fetched.length === 0);
  else printObjects(context, fetched, output.printer);
  throwAll(failures);
}

/** kubectl get */
export const get: Command = {
  name: 'get',
  short: 'Display one or many resources',
  use: '[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  examples: ['# Pods, with the node they run on', 'kubectl get pods -o wide', '', '# One deployment as YAML', 'kubectl get deployment web -o yaml', '', '# Several kinds at once', 'kubectl get pods,services -l app=web'],
  flags: [
    allNamespacesFlag,
    chunkSizeFlag,
    fieldSelectorFlag,
    ...fileFlags('to get'),
    flag('--ignore-not-found=false', 'Succeed quietly when there is nothing.'),
    flag('-L, --label-columns=[]', 'Labels to show as columns.', { kind: 'commaList' }),
    flag('--no-headers=false', 'Do not print headers.'),
    flag('--output-watch-events=false', 'With --watch: say for each object what happened to it.'),
    ...printFlags(),
    flag("--raw=''", 'Path to ask the server for, as it is.'),
    selectorFlag,
    flag('--server-print=true', 'Let the server choose the columns.'),
    flag('--show-kind=false', "Print names with their kind."),
    flag('--show-labels=false', 'Show all labels as the last column.'),
    flag("--sort-by=''", 'Sort by this JSONPath.'),
    subresourceFlag,
    flag('-w, --watch=false', 'List, then watch for changes.'),
    flag('--watch-only=false', 'Watch for changes without listing first.'),
  ],
  run,
};
