import { isDns1123Subdomain, type NodeSelector, type ResourceSlice, type ResourceSliceSpec } from '../../../api';
import type { Errors } from '../../field';
import { internalView } from '../internal-view';
import { checkNodeSelector } from '../pod-spec';
import { specPath } from '../strategy';
import { checkCounters, checkCounterSetName, checkDevice } from './devices';
import { checkDriverName, checkItems, checkPoolName } from './names';

const deviceLimit = 128;
/** Where a device has taints or consumes counters. */
const demandingDeviceLimit = 64;
const counterSetLimit = 8;
const nodeFields = ['nodeName', 'nodeSelector', 'allNodes', 'perDeviceNodeSelection'] as const;
const inTicks = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function checkPool({ name, generation, resourceSliceCount }: ResourceSliceSpec['pool'], errors: Errors): void {
  const path = specPath.child('pool');
  checkPoolName(name, path.child('name'), errors);
  if (resourceSliceCount <= 0) errors.invalid(path.child('resourceSliceCount'), resourceSliceCount, 'must be greater than zero');
  if (generation < 0) errors.invalid(path.child('generation'), generation, 'must be greater than or equal to zero');
}

function checkSelector(selector: NodeSelector, errors: Errors): void {
  const path = specPath.child('nodeSelector');
  checkNodeSelector(selector, path, errors);
  const terms = selector.nodeSelectorTerms;
  if ((terms ?? []).length !== 1) errors.invalid(path.child('nodeSelectorTerms'), (internalView('io.k8s.api.core.v1.NodeSelector', selector) as { readonly NodeSelectorTerms: unknown }).NodeSelectorTerms, 'must have exactly one node selector term');
}

function checkNodes(spec: ResourceSliceSpec, errors: Errors): void {
  const { nodeName, nodeSelector } = spec;
  if (nodeName === '') errors.invalid(specPath.child('nodeName'), nodeName, 'must be either unset or set to a non-empty string');
  else if (nodeName !== undefined) errors.invalidEach(specPath.child('nodeName'), nodeName, isDns1123Subdomain(nodeName));
  if (nodeSelector) checkSelector(nodeSelector, errors);
  for (const name of ['allNodes', 'perDeviceNodeSelection'] as const) if (spec[name] === false) errors.invalid(specPath.child(name), false, 'must be either unset or set to true');
  const given = nodeFields.filter((name) => spec[name] !== undefined && spec[name] !== '' && spec[name] !== false);
  const needed = `exactly one of ${inTicks(nodeFields)} is required`;
  if (given.length === 0) errors.required(specPath, needed);
  else if (given.length > 1) errors.invalid(specPath, `{${inTicks(given)}}`, `${needed}, but multiple fields are set`);
}

/** Checks what a driver says of its devices (KEP-4381). `afterPool`: more to check once the pool is. */
export function checkSlice({ spec }: ResourceSlice, errors: Errors, afterPool?: () => void): void {
  const { devices = [], sharedCounters = [], perDeviceNodeSelection = false } = spec;
  checkDriverName(spec.driver, specPath.child('driver'), errors);
  checkPool(spec.pool, errors);
  afterPool?.();
  checkNodes(spec, errors);
  if (spec.devices !== undefined && spec.sharedCounters !== undefined) errors.invalid(specPath, '', 'only one of `sharedCounters` or `devices` is allowed');
  const limit = devices.some(({ taints = [], consumesCounters = [] }) => taints.length + consumesCounters.length > 0) ? demandingDeviceLimit : deviceLimit;
  checkItems(devices, limit, specPath.child('devices'), errors, (device, at) => checkDevice(device, perDeviceNodeSelection, at, errors), ({ name }) => name);
  checkItems(sharedCounters, counterSetLimit, specPath.child('sharedCounters'), errors, ({ name, counters }, at) => {
    checkCounterSetName(name, at.child('name'), errors);
    checkCounters(counters, at.child('counters'), errors);
  }, ({ name }) => name);
}
