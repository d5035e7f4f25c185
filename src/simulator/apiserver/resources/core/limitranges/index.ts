import { isQualifiedName, type LimitRange, type LimitRangeItem, parseQuantity } from '../../../../api';
import { type Errors, type Path } from '../../../field';
import { checkContainerResourceName, checkResourceName, roundAmounts } from '../../pod-spec';
import type { Draft, ResourceDefinition } from '../../definition';
import { collect, specPath } from '../../strategy';

type Quantities = Readonly<Record<string, string | number>>;

/** Bounds imply defaults for containers. */
function applyDefaults(draft: Draft): void {
  for (const item of ((draft['spec'] as Record<string, unknown> | undefined)?.['limits'] ?? []) as Record<string, Record<string, string> | string>[]) {
    for (const name of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio']) roundAmounts(item[name]);
    if (item['type'] !== 'Container') continue;
    const limits = { ...(item['default'] as Record<string, string> | undefined) };
    const requests = { ...(item['defaultRequest'] as Record<string, string> | undefined) };
    const max = (item['max'] ?? {}) as Record<string, string>;
    const min = (item['min'] ?? {}) as Record<string, string>;
    for (const name in max) limits[name] ??= max[name] as string;
    for (const name in limits) requests[name] ??= limits[name] as string;
    for (const name in min) requests[name] ??= min[name] as string;
    if (Object.keys(limits).length > 0) item['default'] = limits;
    if (Object.keys(requests).length > 0) item['defaultRequest'] = requests;
  }
}

const types = new Set(['Pod', 'Container', 'PersistentVolumeClaim']);

function checkType(type: string, path: Path, errors: Errors): void {
  const reasons = isQualifiedName(type);
  errors.invalidEach(path, type, reasons);
  if (reasons.length === 0 && !type.includes('/') && !types.has(type)) errors.invalid(path, type, 'must be a standard limit type or fully qualified');
}

function checkLimitName(type: string, name: string, path: Path, errors: Errors): void {
  if (type === 'Pod' || type === 'Container') checkContainerResourceName(name, path, errors);
  else checkResourceName(name, path, errors);
}

function checkItem(item: LimitRangeItem, path: Path, errors: Errors): void {
  const names = new Set<string>();
  for (const list of ['max', 'min'] as const) {
    for (const name in item[list]) {
      checkLimitName(item.type, name, path.child(list).index(name), errors);
      names.add(name);
    }
  }
  if (item.type === 'Pod') {
    if (item.default && Object.keys(item.default).length > 0) errors.forbidden(path.child('default'), "may not be specified when `type` is 'Pod'");
    if (item.defaultRequest && Object.keys(item.defaultRequest).length > 0) errors.forbidden(path.child('defaultRequest'), "may not be specified when `type` is 'Pod'");
  } else {
    for (const list of ['default', 'defaultRequest'] as const) {
      for (const name in item[list]) {
        checkLimitName(item.type, name, path.child(list).index(name), errors);
        names.add(name);
      }
    }
  }
  if (item.type === 'PersistentVolumeClaim' && item.min?.['storage'] === undefined && item.max?.['storage'] === undefined) {
    errors.required(path.child('limits'), 'either minimum or maximum storage value is required, but neither was provided');
  }
  for (const name in item.maxLimitRequestRatio) {
    checkLimitName(item.type, name, path.child('maxLimitRequestRatio').index(name), errors);
    names.add(name);
  }
  for (const name of [...names].sort()) checkAmounts(item, name, path, errors);
}

function checkAmounts(item: LimitRangeItem, name: string, path: Path, errors: Errors): void {
  const amountOf = (list: Quantities | undefined) => (list?.[name] === undefined ? undefined : parseQuantity(String(list[name])));
  const [limit, request] = item.type === 'Pod' ? [] : [amountOf(item.default), amountOf(item.defaultRequest)];
  const [max, min, ratio] = [amountOf(item.max), amountOf(item.min), amountOf(item.maxLimitRequestRatio)];
  const above = (a: typeof max, b: typeof max): boolean => a !== undefined && b !== undefined && a.compare(b) > 0;
  const say = (list: string, shown: typeof max, text: string) => errors.invalid(path.child(list).index(name), shown?.toString(), text);
  if (above(min, max)) say('min', min, `min value ${min?.toString() ?? ''} is greater than max value ${max?.toString() ?? ''}`);
  if (above(min, request)) say('defaultRequest', request, `min value ${min?.toString() ?? ''} is greater than default request value ${request?.toString() ?? ''}`);
  if (above(request, max)) say('defaultRequest', request, `default request value ${request?.toString() ?? ''} is greater than max value ${max?.toString() ?? ''}`);
  if (above(request, limit)) say('defaultRequest', request, `default request value ${request?.toString() ?? ''} is greater than default limit value ${limit?.toString() ?? ''}`);
  if (above(min, limit)) say('default', min, `min value ${min?.toString() ?? ''} is greater than default value ${limit?.toString() ?? ''}`);
  if (above(limit, max)) say('default', max, `default value ${limit?.toString() ?? ''} is greater than max value ${max?.toString() ?? ''}`);
  if (ratio && ratio.compare(parseQuantity('1')) < 0) say('maxLimitRequestRatio', ratio, `ratio ${ratio.toString()} is less than 1`);
}

const validate = ({ spec }: LimitRange) =>
  collect((errors) => {
    const path = specPath.child('limits');
    const seen = new Set<string>();
    for (const [index, item] of (spec?.limits ?? []).entries()) {
      checkType(item.type, path.index(index).child('type'), errors);
      if (seen.has(item.type)) errors.duplicate(path.index(index).child('type'), item.type);
      seen.add(item.type);
      checkItem(item, path.index(index), errors);
    }
  });

/** LimitRanges: bounds and defaults of what Pods ask for. */
export const limitranges: ResourceDefinition<LimitRange> = { group: '', resource: 'limitranges', applyDefaults, prepareForCreate: (draft, { random }) => void (draft.metadata['name'] ??= random.uuid()), validateCreate: validate, validateUpdate: validate };
