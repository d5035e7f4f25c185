import { type Amount, type Container, type LimitRange, type LimitRangeItem, parseQuantity, type Pod, zeroAmount } from '../../api';
import { containerRequests } from '../resources/pod-spec';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from './plugin';
import { forbidden, isFor, on, podSpecOf, resources } from './request';

type Quantities = Readonly<Record<string, string>>;
interface Used { readonly requests?: Readonly<Record<string, string | number>>; readonly limits?: Readonly<Record<string, string | number>> }

const annotation = 'kubernetes.io/limit-ranger';

/** What a container gets that says nothing itself. */
function defaultsOf(ranges: readonly LimitRange[]): { requests: Record<string, string>; limits: Record<string, string> } {
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const { spec } of ranges) {
    for (const item of spec?.limits ?? []) {
      if (item.type !== 'Container') continue;
      for (const name in item.defaultRequest) requests[name] = parseQuantity(String(item.defaultRequest[name])).toString();
      for (const name in item.default) limits[name] = parseQuantity(String(item.default[name])).toString();
    }
  }
  return { requests, limits };
}

function fill(container: Container, defaults: { requests: Quantities; limits: Quantities }, what: string, notes: string[]): Container {
  const limits = { ...(container.resources?.limits as Quantities | undefined) };
  const requests = { ...(container.resources?.requests as Quantities | undefined) };
  const set = (own: Record<string, string>, other: Quantities) => Object.keys(other).filter((name) => own[name] === undefined && (own[name] = other[name] as string) !== undefined).sort();
  const newLimits = set(limits, defaults.limits);
  const newRequests = set(requests, defaults.requests);
  if (newRequests.length > 0) notes.push(`${newRequests.join(', ')} request for ${what} ${container.name}`);
  if (newLimits.length > 0) notes.push(`${newLimits.join(', ')} limit for ${what} ${container.name}`);
  if (newLimits.length === 0 && newRequests.length === 0) return container;
  return { ...container, resources: { ...container.resources, ...(Object.keys(limits).length > 0 && { limits }), ...(Object.keys(requests).length > 0 && { requests }) } };
}

function mutatePod(attributes: AdmissionAttributes, ranges: readonly LimitRange[]): void {
  const spec = podSpecOf(attributes);
  if (!spec || !attributes.object) return;
  const defaults = defaultsOf(ranges);
  const notes: string[] = [];
  const fields: Record<string, unknown> = spec;
  fields['containers'] = spec.containers.map((container) => fill(container, defaults, 'container', notes));
  if (spec.initContainers) fields['initContainers'] = spec.initContainers.map((container) => fill(container, defaults, 'init container', notes));
  if (notes.length > 0) attributes.object.metadata['annotations'] = { ...(attributes.object.metadata['annotations'] as object | undefined), [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` };
}

const amountOf = (amounts: Used['requests'], name: string): Amount | undefined => (amounts?.[name] === undefined ? undefined : parseQuantity(String(amounts[name])));

/** What one item of a range has against what is used. */
function violations(item: LimitRangeItem, used: Used): string[] {
  const out: string[] = [];
  const { type } = item;
  for (const name of Object.keys(item.min ?? {}).sort()) {
    const bound = amountOf(item.min, name) as Amount;
    const request = amountOf(used.requests, name);
    const limit = amountOf(used.limits, name);
    if (!request) out.push(`minimum ${name} usage per ${type} is ${bound.toString()}.  No request is specified`);
    else if (request.compare(bound) < 0) out.push(`minimum ${name} usage per ${type} is ${bound.toString()}, but request is ${request.toString()}`);
    else if (limit && limit.compare(bound) < 0) out.push(`minimum ${name} usage per ${type} is ${bound.toString()}, but limit is ${limit.toString()}`);
  }
  for (const name of Object.keys(item.max ?? {}).sort()) {
    const bound = amountOf(item.max, name) as Amount;
    const request = amountOf(used.requests, name);
    const limit = amountOf(used.limits, name);
    if (type === 'PersistentVolumeClaim') {
      if (request && request.compare(bound) > 0) out.push(`maximum ${name} usage per ${type} is ${bound.toString()}, but request is ${request.toString()}`);
    } else if (!limit) out.push(`maximum ${name} usage per ${type} is ${bound.toString()}.  No limit is specified`);
    else if (limit.compare(bound) > 0) out.push(`maximum ${name} usage per ${type} is ${bound.toString()}, but limit is ${limit.toString()}`);
  }
  for (const name of Object.keys(item.maxLimitRequestRatio ?? {}).sort()) out.push(...ratioViolations(item, name, used));
  return out;
}

function ratioViolations({ type, maxLimitRequestRatio }: LimitRangeItem, name: string, used: Used): string[] {
  const bound = amountOf(maxLimitRequestRatio, name) as Amount;
  const request = amountOf(used.requests, name)?.toNumber() ?? 0;
  const limit = amountOf(used.limits, name)?.toNumber() ?? 0;
  const head = `${name} max limit to request ratio per ${type} is ${bound.toString()}`;
  if (request === 0 || limit === 0) return [`${head}, but no request is specified or request is 0`];
  const ratio = limit / request;
  return ratio > bound.toNumber() ? [`${head}, but provided ratio is ${ratio.toFixed(6)}`] : [];
}

/** What a Pod's containers use together. */
function podTotals({ spec }: Pod): Used {
  const total = (kind: 'requests' | 'limits'): Record<string, string> => {
    const names = new Set<string>();
    for (const { resources: own } of spec?.containers ?? []) for (const name in own?.[kind]) names.add(name);
    for (const { resources: own } of spec?.initContainers ?? []) for (const name in own?.[kind]) names.add(name);
    const out: Record<string, string> = {};
    for (const name of names) out[name] = sum(spec, name, kind).toString();
    return out;
  };
  return { requests: total('requests'), limits: total('limits') };
}

function sum(spec: Pod['spec'], name: string, kind: 'requests' | 'limits'): Amount {
  if (!spec) return zeroAmount;
  if (kind === 'requests') return containerRequests(spec, name);
  const asRequests = (list: readonly Container[] | undefined) => (list ?? []).map((one): Container => ({ ...one, resources: { requests: one.resources?.limits ?? {} } }));
  return containerRequests({ ...spec, containers: asRequests(spec.containers), initContainers: asRequests(spec.initContainers) }, name);
}

function check(attributes: AdmissionAttributes, range: LimitRange): void {
  const out: string[] = [];
  const pod = attributes.object as unknown as Pod;
  const isPod = isFor(attributes, '', 'pods');
  for (const item of range.spec?.limits ?? []) {
    if (isPod && item.type === 'Container') for (const { resources: used = {} } of [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])]) out.push(...violations(item, used));
    if (isPod && item.type === 'Pod') out.push(...violations(item, podTotals(pod)));
    if (!isPod && item.type === 'PersistentVolumeClaim') {
      const requests = (attributes.object?.['spec'] as { readonly resources?: Used } | undefined)?.resources?.requests;
      out.push(...violations(item, requests ? { requests } : {}));
    }
  }
  if (out.length === 0) return;
  const distinct = [...new Set(out)];
  throw forbidden(attributes, distinct.length === 1 ? (distinct[0] as string) : `[${distinct.join(', ')}]`);
}

const rangesOf = ({ namespace }: AdmissionAttributes, context: AdmissionContext): readonly LimitRange[] => context.list<LimitRange>(resources.limitranges, namespace ?? '');

const onNewPods = on(['CREATE'], '', 'pods');
const onClaims = on(['CREATE', 'UPDATE'], '', 'persistentvolumeclaims');

/** Gives containers the defaults of their namespace's limit ranges, and refuses what is out of bounds. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  handles: (target) => onNewPods(target) || onClaims(target),
  mutate(attributes, context) {
    if (!isFor(attributes, '', 'pods')) return;
    const ranges = rangesOf(attributes, context);
    if (ranges.length > 0) mutatePod(attributes, ranges);
  },
  validate(attributes, context) {
    for (const range of rangesOf(attributes, context)) check(attributes, range);
  },
};
