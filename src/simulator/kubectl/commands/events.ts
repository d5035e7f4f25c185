import { parseTime, seconds, within, type Task } from '../../kernel';
import { queryText } from '../api/rest';
import type { Command, Context } from '../command';
import { CommandError } from '../errors';
import { listAt, textAt, type Fields } from '../fields';
import { allNamespacesFlag, chunkSizeFlag, flag, printFlags } from '../flags';
import { eventAge, lastSeen } from '../describe/events';
import { outputFormat, structuredPrinter, unknownFormat } from '../print/printer';
import { ColumnWriter } from '../print/table';
import { withType } from '../resources/builder';
import { podMapping } from '../pods/of-target';
import { requestTimeout } from './get/watch';

const eventMapping = { ...podMapping, resource: 'events', kind: 'Event' };

function rowOf(event: Fields, now: number, withNamespace: boolean): string[] {
  const object = `${textAt(event, 'involvedObject', 'kind')}/${textAt(event, 'involvedObject', 'name')}`;
  return [...(withNamespace ? [textAt(event, 'metadata', 'namespace')] : []), eventAge(event, now), textAt(event, 'type'), textAt(event, 'reason'), object, textAt(event, 'message').trim()];
}

function* subjectOf({ flags, session }: Context): Task<Record<string, string>> {
  const about = flags.string('for');
  if (about === '') return {};
  const [type = '', name = '', more] = about.split('/');
  if (name === '' || more !== undefined || type === '') throw new CommandError('--for must be in resource/name form');
  const mapping = (yield* session.mapper()).find(type);
  if (!mapping) throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(type)}`, { bare: true });
  return { 'involvedObject.kind': mapping.kind, 'involvedObject.apiVersion': mapping.group === '' ? mapping.version : `${mapping.group}/${mapping.version}`, 'involvedObject.name': name };
}

function* run(context: Context): Task<void> {
  const { flags, out, session } = context;
  const types = flags.list('types').map((type) => type.toLowerCase());
  if (types.some((type) => type !== 'normal' && type !== 'warning')) throw new CommandError('valid --types are Normal or Warning');
  const format = outputFormat(flags);
  const printer = format === '' ? undefined : format === 'name' ? undefined : structuredPrinter(context, format);
  if (format !== '' && format !== 'name' && !printer) throw unknownFormat(format);
  const anywhere = flags.bool('all-namespaces');
  const selector = Object.entries(yield* subjectOf(context)).map(([key, value]) => `${key}=${value}`).join(',');
  const path = anywhere ? '/api/v1/events' : `/api/v1/namespaces/${session.namespace}/events`;
  const list = yield* session.rest.get(`${path}${queryText({ fieldSelector: selector, limit: flags.number('chunk-size') })}`);
  const wanted = (event: Fields) => types.length === 0 || types.includes(textAt(event, 'type').toLowerCase());
  const events = listAt(list, 'items').filter(wanted).map((item) => withType(item, eventMapping));
  const watching = flags.bool('watch');
  if (events.length === 0 && !watching) {
    context.err(anywhere ? 'No events found.\n' : `No events found in ${session.namespace} namespace.\n`);
    return;
  }
  const when = (event: Fields) => parseTime(lastSeen(event)) ?? 0;
  const sorted = [...events].sort((a, b) => when(a) - when(b));
  if (printer && !watching) {
    const { items, ...rest } = list;
    void items;
    return printer({ apiVersion: 'v1', kind: 'EventList', ...rest, items: sorted });
  }
  if (format === 'name') return; // the real one prints nothing either
  const writer = new ColumnWriter(out);
  const header = [...(anywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
  const rows = sorted.map((event) => rowOf(event, session.host.now(), anywhere));
  if (rows.length > 0 || !flags.bool('no-headers')) writer.write(flags.bool('no-headers') ? rows : [header, ...rows]);
  if (!watching) return;
  const channel = yield* session.rest.watch(`${path}${queryText({ watch: true, fieldSelector: selector, resourceVersion: textAt(list, 'metadata', 'resourceVersion') })}`);
  const follow = function* (): Task<void> {
    for (let next = yield* channel.receive(); next; next = yield* channel.receive()) {
      const event = next.object as unknown as Fields;
      if (next.type !== 'BOOKMARK' && next.type !== 'ERROR' && next.type !== 'DELETED' && wanted(event)) writer.write([rowOf(event, session.host.now(), anywhere)]);
    }
  };
  try {
    const limit = requestTimeout(context);
    if (limit === undefined) yield* follow();
    else yield* within(seconds(limit), follow);
  } finally {
    channel.close();
  }
}

/** kubectl events */
export const events: Command = {
  name: 'events',
  short: 'List events',
  use: '[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  flags: [allNamespacesFlag, chunkSizeFlag, flag("--for=''", 'Only about this object: TYPE/NAME.'), flag('--no-headers=false', 'Do not print headers.'), ...printFlags(), flag('--types=[]', 'Normal, Warning.', { kind: 'commaList' }), flag('-w, --watch=false', 'Go on with what happens.')],
  run,
};
