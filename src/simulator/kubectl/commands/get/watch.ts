import { StatusError, type Status, type WatchEvent } from '../../../api';
import { seconds, within, type Channel, type Task } from '../../../kernel';
import { resourcePath } from '../../api/mapper';
import { queryText, tableAccept } from '../../api/rest';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import { isFields, listAt, textAt, type Fields } from '../../fields';
import { parseGoDuration } from '../../flags';
import { ColumnWriter, tableRows, type TableOptions } from '../../print/table';
import { withType } from '../../resources/builder';
import type { Output } from '../get';
import { fetchOne, type Request } from './fetch';

/** Seconds of --request-timeout; undefined for none. */
export function requestTimeout({ flags }: Context): number | undefined {
  const text = flags.string('request-timeout');
  const value = /^\d+$/.test(text) ? Number(text) : parseGoDuration(text);
  return value === undefined || value === 0 ? undefined : value;
}

/** Lists, unless only changes are wanted, then prints each change until the watch ends. */
export function* watch(context: Context, requests: readonly Request[], output: Output): Task<void> {
  const { flags, session } = context;
  const [request] = requests;
  if (requests.length !== 1 || !request) throw new CommandError('watch is only supported on individual resources and resource collections - more than 1 resource was found');
  const { mapping, namespace, name } = request;
  const asTable = 'tables' in output;
  const first = yield* fetchOne(context, request, asTable);
  const print = asTable ? tablePrinter(context, request, output.tables) : objectPrinter(context, request, output.printer);
  if (!flags.bool('watch-only')) print('ADDED', first, true);
  const version = textAt(first, 'metadata', 'resourceVersion');
  const query = queryText({
    watch: true,
    resourceVersion: version === '' ? undefined : version,
    labelSelector: flags.string('selector'),
    fieldSelector: name === undefined ? flags.string('field-selector') : `metadata.name=${name}`,
  });
  const events = yield* session.rest.watch(`${resourcePath(mapping, namespace)}${query}`, asTable ? tableAccept : undefined);
  try {
    const limit = requestTimeout(context);
    const follow = () => followEvents(events, print);
    if (limit === undefined) yield* follow();
    else yield* within(seconds(limit), follow);
  } finally {
    events.close();
  }
}

type Print = (event: string, object: Fields, initial: boolean) => void;

function* followEvents(events: Channel<WatchEvent>, print: Print): Task<void> {
  for (let event = yield* events.receive(); event; event = yield* events.receive()) {
    if (event.type === 'BOOKMARK') continue;
    if (event.type === 'ERROR') throw new StatusError(event.object as Status);
    print(event.type, event.object as unknown as Fields, false);
  }
}

function tablePrinter(context: Context, request: Request, tables: TableOptions): Print {
  const writer = new ColumnWriter(context.out);
  let columns: unknown;
  let headed = tables.noHeaders;
  return (event, table) => {
    if (listAt(table, 'columnDefinitions').length > 0) columns = table['columnDefinitions'];
    const { header, rows } = tableRows({ ...table, columnDefinitions: columns }, request.mapping, {
      ...tables,
      withNamespace: tables.withNamespace && request.mapping.namespaced,
      ...(context.flags.bool('output-watch-events') && { event }),
    });
    if (rows.length === 0) return;
    writer.write(headed ? rows : [header, ...rows]);
    headed = true;
  };
}

function objectPrinter(context: Context, request: Request, printer: (object: Fields) => void): Print {
  const asEvents = context.flags.bool('output-watch-events');
  return (event, object, initial) => {
    const objects = initial && Array.isArray(object['items']) ? listAt(object, 'items').map((item) => withType(item, request.mapping)) : [object];
    for (const one of objects) if (isFields(one)) printer(asEvents ? { type: event, object: one } : one);
  };
}
