import { type Event, isDns1123Subdomain, isQualifiedName } from '../../../api';
import { parseTime, type Time, utf8Encode } from '../../../kernel';
import { type Errors, type FieldError, fieldPath } from '../../field';
import { humanDuration, nameOf, since } from '../cells';
import type { ResourceDefinition } from '../definition';
import { sameValue } from '../equality';
import { internalView } from '../internal-view';
import { collect } from '../strategy';

/** An Event of either group: the older names and the newer ones. */
type AnyEvent = Event & {
  readonly regarding?: Event['involvedObject'];
  readonly note?: string;
  readonly deprecatedSource?: Event['source'];
  readonly deprecatedFirstTimestamp?: string;
  readonly deprecatedLastTimestamp?: string;
  readonly deprecatedCount?: number;
  readonly reportingController?: string;
};

const needsUnset = 'needs to be unset';
const immutable = 'field is immutable';
const textLimit = 128;
const noteLimit = 1024;

const isTimed = (event: AnyEvent): boolean => event.eventTime !== undefined && event.eventTime !== null;

function checkText(text: string, field: string, errors: Errors): void {
  if (text === '') errors.required(fieldPath(field));
  if (utf8Encode(text).length > textLimit) errors.invalid(fieldPath(field), '', `can have at most ${textLimit} characters`);
}

/** What both groups ask of an Event; `controllerField` is what the group calls the controller. */
function checkEvent(event: AnyEvent, controllerField: string, errors: Errors): void {
  const namespace = event.involvedObject?.namespace ?? '';
  const own = event.metadata?.namespace ?? '';
  const fits = namespace === '' ? own === '' || own === 'default' : namespace === own || isTimed(event);
  if (!fits) errors.invalid(fieldPath('involvedObject').child('namespace'), namespace, 'does not match event.namespace');
  if (!isTimed(event)) return;
  const controller = event.reportingComponent ?? '';
  const controllerPath = fieldPath(controllerField);
  if (controller === '') errors.required(controllerPath);
  errors.invalidEach(controllerPath, controller, isQualifiedName(controller));
  checkText(event.reportingInstance ?? '', 'reportingInstance', errors);
  checkText(event.action ?? '', 'action', errors);
  checkText(event.reason ?? '', 'reason', errors);
  if (utf8Encode(event.message ?? '').length > noteLimit) errors.invalid(fieldPath('message'), '', `can have at most ${noteLimit} characters`);
}

/** An Event under the names of the core group, which is how both groups' errors call its fields. */
function withCoreNames(event: AnyEvent): AnyEvent {
  const { regarding, note, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, reportingController } = event;
  return {
    ...event,
    involvedObject: regarding ?? {},
    ...(note !== undefined && { message: note }),
    ...(deprecatedSource && { source: deprecatedSource }),
    ...(deprecatedFirstTimestamp !== undefined && { firstTimestamp: deprecatedFirstTimestamp }),
    ...(deprecatedLastTimestamp !== undefined && { lastTimestamp: deprecatedLastTimestamp }),
    ...(deprecatedCount !== undefined && { count: deprecatedCount }),
    ...(reportingController !== undefined && { reportingComponent: reportingController }),
  };
}

const checkLegacy = (event: AnyEvent): FieldError[] => collect((errors) => checkEvent(event, 'reportingComponent', errors));

/** What events.k8s.io asks of new Events and of changed ones. */
function checkNewer(event: AnyEvent, errors: Errors): void {
  checkEvent(event, 'reportingController', errors);
  if (!event.series) return;
  const path = fieldPath('series');
  if ((event.series.count ?? 0) < 2) errors.invalid(path.child('count'), '', 'should be at least 2');
  if (!event.series.lastObservedTime) errors.required(path.child('lastObservedTime'));
}

/** An Event as events.k8s.io takes it: no field that its series replaced may be set. */
function checkNewerCreate(asked: AnyEvent): FieldError[] {
  const event = withCoreNames(asked);
  return collect((errors) => {
    checkNewer(event, errors);
    if (!isTimed(event)) errors.required(fieldPath('eventTime'));
    const { type = '' } = event;
    if (type !== 'Normal' && type !== 'Warning') errors.invalid(fieldPath('type'), '', `has invalid value: ${type}`);
    if (event.firstTimestamp) errors.invalid(fieldPath('firstTimestamp'), '', needsUnset);
    if (event.lastTimestamp) errors.invalid(fieldPath('lastTimestamp'), '', needsUnset);
    if ((event.count ?? 0) !== 0) errors.invalid(fieldPath('count'), '', needsUnset);
    if ((event.source?.component ?? '') !== '' || (event.source?.host ?? '') !== '') errors.invalid(fieldPath('source'), '', needsUnset);
  });
}

/** What shows as null, '' or 0 when nobody set it. */
const fixed: readonly (readonly [field: keyof AnyEvent, shown: string, empty: unknown])[] = [
  ['involvedObject', 'involvedObject', {}], ['reason', 'reason', ''], ['message', 'message', ''], ['reason', 'reason', ''], ['source', 'source', {}], ['firstTimestamp', 'firstTimestamp', null], ['lastTimestamp', 'lastTimestamp', null], ['count', 'count', 0],
  ['type', 'type', ''], ['eventTime', 'eventTime', null], ['action', 'action', ''], ['related', 'related', null], ['reportingComponent', 'reportingController', ''], ['reportingInstance', 'reportingInstance', ''],
];
const structs: Readonly<Record<string, string>> = { involvedObject: 'io.k8s.api.core.v1.ObjectReference', related: 'io.k8s.api.core.v1.ObjectReference', source: 'io.k8s.api.core.v1.EventSource' };

/** Of an Event only its series and metadata may change in events.k8s.io. */
function checkNewerUpdate(asked: AnyEvent, stored: AnyEvent): FieldError[] {
  const event = withCoreNames(asked);
  const old = withCoreNames(stored);
  return collect((errors) => {
    checkNewer(event, errors);
    for (const [field, shown, empty] of fixed) {
      const now = event[field] ?? empty;
      const view = structs[field];
      if (!sameValue(now, old[field] ?? empty)) errors.invalid(fieldPath(shown), view !== undefined && now !== null ? internalView(view, now as object) : now, immutable);
    }
  });
}

const timeOf = (text: string | undefined | null): Time | undefined => (text === undefined || text === null ? undefined : parseTime(text));

function lastSeen(event: AnyEvent, now: Time): string {
  const first = timeOf(event.firstTimestamp ?? event.deprecatedFirstTimestamp) ?? timeOf(event.eventTime);
  let last = timeOf(event.lastTimestamp ?? event.deprecatedLastTimestamp) ?? first;
  if (event.series) last = timeOf(event.series.lastObservedTime) ?? last;
  return last === undefined ? '<unknown>' : humanDuration(now - last);
}

function firstSeen(event: AnyEvent, now: Time): string {
  const text = event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime ?? undefined;
  return since(text ?? undefined, now);
}

function sourceText(event: AnyEvent): string {
  const source = event.source ?? event.deprecatedSource ?? {};
  const component = (source.component ?? '') !== '' ? source.component : (event.reportingComponent ?? event.reportingController);
  const host = (source.host ?? '') !== '' ? source.host : event.reportingInstance;
  return [component, host].filter((one) => (one ?? '') !== '').join(', ');
}

function cells(event: AnyEvent, now: Time): readonly unknown[] {
  const about = event.involvedObject ?? event.regarding ?? {};
  const kind = about.kind ?? '';
  const target = kind === '' ? (about.name ?? '') : `${kind.toLowerCase()}/${about.name ?? ''}`;
  const count = event.series?.count ?? event.count ?? event.deprecatedCount ?? 1;
  return [lastSeen(event, now), event.type ?? '', event.reason ?? '', target, about.fieldPath ?? '', sourceText(event), (event.message ?? event.note ?? '').trim(), firstSeen(event, now), count === 0 ? 1 : count, nameOf(event)];
}

function selectableFields(event: AnyEvent): Readonly<Record<string, string>> {
  const about = event.involvedObject ?? event.regarding ?? {};
  const source = event.source ?? event.deprecatedSource ?? {};
  const component = event.reportingComponent ?? event.reportingController ?? '';
  const target = [['kind', about.kind], ['namespace', about.namespace], ['name', about.name], ['uid', about.uid], ['apiVersion', about.apiVersion], ['resourceVersion', about.resourceVersion], ['fieldPath', about.fieldPath]] as const;
  return {
    ...Object.fromEntries(target.flatMap(([field, value = '']) => [[`involvedObject.${field}`, value], [`regarding.${field}`, value]])), // which of both names a version takes is checked before
    reason: event.reason ?? '',
    reportingComponent: component,
    reportingController: component,
    source: (source.component ?? '') !== '' ? (source.component ?? '') : component,
    type: event.type ?? '',
  };
}

/** Events of the core group. */
export const coreEvents: ResourceDefinition<AnyEvent> = {
  group: '',
  resource: 'events',
  validateName: (name) => [...isDns1123Subdomain(name)],
  validateCreate: checkLegacy,
  validateUpdate: checkLegacy,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  selectableFields,
  cells,
};
/** Events of events.k8s.io: the same objects under newer names, with stricter rules. */
export const events: ResourceDefinition<AnyEvent> = { ...coreEvents, group: 'events.k8s.io', errorGroup: '', validateCreate: checkNewerCreate, validateUpdate: checkNewerUpdate };
