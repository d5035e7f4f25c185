import { type Counter, type Device, type DeviceAttribute, type DeviceCounterConsumption, type DeviceTaint, isDns1123Subdomain, isQualifiedName, isValidLabelValue } from '../../../api';
import type { Errors, Path } from '../../field';
import { checkNodeSelector, checkOneOf } from '../pod-spec';
import { checkItems, checkLabel, checkQualifiedName } from './names';
import { checkCapacity } from './request-policy';

const taintLimit = 16;
const counterLimit = 32;
const consumedSetLimit = 2;
const conditionLimit = 4;
/** Of attributes and capacities together. */
const propertyLimit = 32;
const attributeValueLimit = 48;
const textLimit = 64;
const semanticVersion = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

function checkAttribute({ int, bool, string, version }: DeviceAttribute, path: Path, errors: Errors): void {
  if (string !== undefined && string.length > textLimit) errors.tooLong(path.child('string'), textLimit);
  if (version !== undefined) {
    if (!semanticVersion.test(version)) errors.invalid(path.child('version'), version, 'must be a string compatible with semver.org spec 2.0.0');
    if (version.length > textLimit) errors.tooLong(path.child('version'), textLimit);
  }
  const values = [int, bool, string, version].filter((value) => value !== undefined);
  if (values.length === 0) errors.invalid(path, '', 'exactly one value must be specified');
  if (values.length < 2) return;
  const lists = { IntValues: null, BoolValues: null, StringValues: null, VersionValues: null };
  errors.invalid(path, { IntValue: int ?? null, BoolValue: bool ?? null, StringValue: string ?? null, VersionValue: version ?? null, ...lists }, 'exactly one value must be specified');
}

function checkProperties({ attributes = {}, capacity = {}, allowMultipleAllocations = false }: Device, path: Path, errors: Errors): void {
  const names = Object.keys(attributes).sort();
  const capacities = Object.keys(capacity).sort();
  const all = names.length + capacities.length;
  if (all > propertyLimit) errors.invalid(path, all, `the total number of attributes and capacities must not exceed ${propertyLimit}`);
  if (names.length > attributeValueLimit) errors.invalid(path, names.length, `the total number of attribute values must not exceed ${attributeValueLimit}`);
  for (const name of names) {
    checkQualifiedName(name, path.child('attributes'), errors);
    checkAttribute(attributes[name] as DeviceAttribute, path.child('attributes').index(name), errors);
  }
  for (const name of capacities) {
    checkQualifiedName(name, path.child('capacity'), errors);
    checkCapacity(capacity[name] as NonNullable<typeof capacity[string]>, allowMultipleAllocations, path.child('capacity').index(name), errors);
  }
}

/** Checks counters that devices share or one consumes. */
export function checkCounters(counters: Readonly<Record<string, Counter>> | undefined, path: Path, errors: Errors): void {
  const names = Object.keys(counters ?? {}).sort();
  if (names.length === 0) return errors.required(path);
  if (names.length > counterLimit) return errors.tooMany(path, names.length, counterLimit);
  for (const name of names) checkLabel(name, path, errors);
}

/** Checks the name of a set of counters. */
export function checkCounterSetName(name: string, path: Path, errors: Errors): void {
  if (name === '') errors.required(path);
  else checkLabel(name, path, errors);
}

function checkConsumption({ counterSet, counters }: DeviceCounterConsumption, path: Path, errors: Errors): void {
  checkCounterSetName(counterSet, path.child('counterSet'), errors);
  checkCounters(counters, path.child('counters'), errors);
}

function checkTaint({ key, value = '', effect }: DeviceTaint, path: Path, errors: Errors): void {
  errors.invalidEach(path.child('key'), key, isQualifiedName(key));
  if (value !== '') errors.invalidEach(path.child('value'), value, isValidLabelValue(value));
  if ((effect as string) === '') errors.required(path.child('effect'));
  else checkOneOf(effect, ['NoExecute', 'NoSchedule', 'None'], path.child('effect'), errors);
}

const nodeFields = ['nodeName', 'nodeSelector', 'allNodes'] as const;

function checkNodes(device: Device, own: boolean, path: Path, errors: Errors): void {
  const given = nodeFields.filter((name) => device[name] !== undefined);
  if (!own) {
    if (given.length > 0) errors.invalid(path, null, '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec');
    return;
  }
  const { nodeName, nodeSelector, allNodes } = device;
  if (nodeName === '') errors.invalid(path.child('nodeName'), nodeName, 'must not be empty');
  else if (nodeName !== undefined) errors.invalidEach(path.child('nodeName'), nodeName, isDns1123Subdomain(nodeName));
  if (nodeSelector) checkNodeSelector(nodeSelector, path.child('nodeSelector'), errors);
  if (allNodes === false) errors.invalid(path.child('allNodes'), allNodes, 'must be either unset or set to true');
  const needed = 'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  const counted = given.filter((name) => device[name] !== '' && device[name] !== false);
  if (counted.length === 0) errors.required(path, needed);
  else if (counted.length > 1) errors.invalid(path, `{${counted.map((name) => `\`${name}\``).join(', ')}}`, needed);
}

function checkConditions(names: readonly string[] | undefined, path: Path, errors: Errors): void {
  checkItems(names, conditionLimit, path, errors, (name, at) => errors.invalidEach(at, name, isQualifiedName(name)));
  for (const [index, name] of (names ?? []).entries()) if (names?.indexOf(name) !== index) errors.duplicate(path.index(index), name);
}

/** Checks the conditions that a device waits for, and those that end the waiting. */
export function checkBinding({ bindingConditions: conditions = [], bindingFailureConditions: failures = [] }: Pick<Device, 'bindingConditions' | 'bindingFailureConditions'>, path: Path, errors: Errors): void {
  checkConditions(conditions, path.child('bindingConditions'), errors);
  checkConditions(failures, path.child('bindingFailureConditions'), errors);
  for (const [index, failure] of failures.entries()) if (conditions.includes(failure)) errors.invalid(path.child('bindingFailureConditions').index(index), failure, 'bindingFailureConditions must not overlap with bindingConditions');
  if (conditions.length > 0 && failures.length === 0) errors.invalid(path.child('bindingFailureConditions'), null, 'bindingFailureConditions are required to use bindingConditions');
  if (failures.length > 0 && conditions.length === 0) errors.invalid(path.child('bindingConditions'), null, 'bindingConditions are required to use bindingFailureConditions');
}

/** Checks a device; `ownNodes` says that each device of the slice tells where it is. */
export function checkDevice(device: Device, ownNodes: boolean, path: Path, errors: Errors): void {
  checkLabel(device.name, path.child('name'), errors);
  checkProperties(device, path, errors);
  checkItems(device.taints, taintLimit, path.child('taints'), errors, (taint, at) => checkTaint(taint, at, errors));
  checkItems(device.consumesCounters, consumedSetLimit, path.child('consumesCounters'), errors, (one, at) => checkConsumption(one, at, errors), ({ counterSet }) => counterSet);
  checkNodes(device, ownNodes, path, errors);
  checkBinding(device, path, errors);
}
