import { type Event, isDns1123Subdomain, isQualifiedName } from '../../../api';
import { parseTime, type Time } from '../../../kernel';
import { type Errors, fieldPath } from '../../field';
import { humanDuration, nameOf, since } from '../cells';
import type { ResourceDefinition } from '../definition';
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

const validatorOf = (group: string) => (event: AnyEvent) => {
  return collect((errors) => {
    const isNew = group === 'events.k8s.io';
    const about = event.involvedObject ?? event.regarding ?? {};
    const namespace = about.namespace ?? '';
    const own = event.metadata?.namespace ?? '';
    const path = fieldPath('involvedObject').child('namespace');
    if (namespace === '') {
      if (own !== '' && own !== 'default') errors.invalid(path, namespace, 'does not match event.namespace');
    } else if (own !== namespace) errors.invalid(path, namespace, 'does not match event.namespace');
    const timed = event.eventTime !== undefined && event.eventTime !== null;
    if (isNew && !timed) errors.required(fieldPath('eventTime'));
    if (!timed) {
      if (isNew) checkType(event, errors);
      return;
    }
    const controller = event.reportingComponent ?? event.reportingController ?? '';
    const controllerPath = fieldPath(isNew ? 'reportingController' : 'reportingComponent');
    if (controller === '') errors.required(controllerPath);
    errors.invalidEach(controllerPath, controller, isQualifiedName(controller));
    if ((event.reportingInstance ?? '') === '') errors.required(fieldPath('reportingInstance'));
    if ((event.action ?? '') === '') errors.required(fieldPath('action'));
    if ((event.reason ?? '') === '') errors.required(fieldPath('reason'));
    if (isNew) checkType(event, errors);
  });
};

function checkType({ type = '' }: AnyEvent, errors: Errors): void {
  if (type !== 'Normal' && type !== 'Warning') errors.invalid(fieldPath('type'), '', `has invalid value: ${type}`);
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

const definition = (group: string): ResourceDefinition<AnyEvent> => ({
  group,
  resource: 'events',
  validateName: (name) => [...isDns1123Subdomain(name)],
  validateCreate: validatorOf(group),
  validateUpdate: validatorOf(group),
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  selectableFields,
  cells,
});

/** Events of the core group. */
export const coreEvents = definition('');
/** Events of events.k8s.io: the same objects under newer names. */
export const events = definition('events.k8s.io');
