import { parseTime, type Task } from '../../kernel';
import { queryText } from '../api/rest';
import type { Context } from '../command';
import { listAt, numberAt, textAt, type Fields } from '../fields';
import { humanDuration } from '../print/times';
import type { Writer } from './writer';

/** When an event was last seen, as RFC 3339 text. */
export const lastSeen = (event: Fields): string => textAt(event, 'series', 'lastObservedTime') || textAt(event, 'lastTimestamp') || textAt(event, 'eventTime') || textAt(event, 'metadata', 'creationTimestamp');
const firstSeen = (event: Fields): string => textAt(event, 'firstTimestamp') || textAt(event, 'eventTime') || textAt(event, 'metadata', 'creationTimestamp');

/** How long ago, from an RFC 3339 text. */
export function ageOf(text: string, now: number): string {
  const time = parseTime(text);
  return time === undefined ? '<unknown>' : humanDuration((now - time) / 1_000_000);
}

/** `5s`, or `5s (x3 over 1m)` for what happened more than once. */
export function eventAge(event: Fields, now: number): string {
  const count = numberAt(event, 'series', 'count') || numberAt(event, 'count');
  const last = ageOf(textAt(event, 'series', 'lastObservedTime') || (textAt(event, 'lastTimestamp') === '' ? firstSeen(event) : textAt(event, 'lastTimestamp')), now);
  return count > 1 ? `${last} (x${count} over ${ageOf(firstSeen(event), now)})` : last;
}

/** The events about an object. */
export function* eventsAbout({ session }: Context, object: { readonly kind?: string; readonly name: string; readonly namespace?: string; readonly uid?: string }): Task<readonly Fields[]> {
  const selector = [
    ['involvedObject.name', object.name],
    ['involvedObject.namespace', object.namespace],
    ['involvedObject.kind', object.kind],
    ['involvedObject.uid', object.uid],
  ]
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const path = object.namespace === undefined || object.namespace === '' ? '/api/v1/events' : `/api/v1/namespaces/${object.namespace}/events`;
  try {
    return listAt(yield* session.rest.get(`${path}${queryText({ fieldSelector: selector, limit: 500 })}`), 'items');
  } catch {
    return [];
  }
}

const sortable = (event: Fields): number => parseTime(lastSeen(event)) ?? 0;

/** The table of events at the end of a description. */
export function writeEvents(w: Writer, events: readonly Fields[], now: number): void {
  if (events.length === 0) return w.line(0, 'Events:\t<none>');
  w.line(0, 'Events:');
  w.line(1, 'Type\tReason\tAge\tFrom\tMessage');
  w.line(1, '----\t------\t----\t----\t-------');
  for (const event of [...events].sort((a, b) => sortable(a) - sortable(b))) {
    const from = textAt(event, 'source', 'component') || textAt(event, 'reportingComponent');
    w.line(1, `${textAt(event, 'type')}\t${textAt(event, 'reason')}\t${eventAge(event, now)}\t${from}\t${textAt(event, 'message').trim()}`);
  }
}
