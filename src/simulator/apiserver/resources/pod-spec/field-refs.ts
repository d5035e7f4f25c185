import { isQualifiedName, type ObjectFieldSelector, parseQuantity, type ResourceFieldSelector } from '../../../api';
import type { Errors, Path } from '../../field';

const plainLabels = new Set([
  'metadata.name', 'metadata.namespace', 'metadata.labels', 'metadata.annotations', 'metadata.uid', 'spec.nodeName', 'spec.restartPolicy', 'spec.serviceAccountName',
  'spec.schedulerName', 'spec.hostNetwork', 'status.phase', 'status.podIP', 'status.podIPs', 'status.hostIP', 'status.hostIPs', 'status.nominatedNodeName',
]);
const subscript = /^(.*)\['(.*)'\]$/s;

/** Checks which field of a Pod a downward reference names. */
export function checkFieldRef({ apiVersion, fieldPath }: ObjectFieldSelector, supported: readonly string[], path: Path, errors: Errors): void {
  if ((apiVersion ?? '') === '') return errors.required(path.child('apiVersion'));
  if (fieldPath === '') return errors.required(path.child('fieldPath'));
  const complain = (reason: string): void => errors.invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: ${reason}`);
  if (apiVersion !== 'v1') return complain(`unsupported pod version: ${apiVersion ?? ''}`);
  const [, base, key] = subscript.exec(fieldPath) ?? [];
  if (base !== undefined && key !== undefined) return checkSubscript(base, key, fieldPath, complain, path, errors);
  if (!plainLabels.has(fieldPath)) return complain(`field label not supported: ${fieldPath}`);
  if (!supported.includes(fieldPath)) errors.notSupported(path.child('fieldPath'), fieldPath, supported);
}

function checkSubscript(base: string, key: string, fieldPath: string, complain: (reason: string) => void, path: Path, errors: Errors): void {
  if (base !== 'metadata.labels' && base !== 'metadata.annotations') return complain(`field label does not support subscript: ${fieldPath}`);
  const shown = base === 'metadata.annotations' ? key.toLowerCase() : key;
  errors.invalidEach(path, shown, isQualifiedName(shown));
}

const resources = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];
const cpuDivisors = ['1m', '1'];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const hugePages = /^(limits|requests)\.hugepages-/;

/** Checks which of a container's resources a downward reference names. */
export function checkResourceFieldRef({ containerName = '', resource, divisor }: ResourceFieldSelector, needsContainer: boolean, path: Path, errors: Errors): void {
  if (needsContainer && containerName === '') return errors.required(path.child('containerName'));
  if (resource === '') return errors.required(path.child('resource'));
  if (!resources.includes(resource) && !hugePages.test(resource)) return errors.notSupported(path.child('resource'), resource, resources);
  const amount = divisor === undefined ? '0' : parseQuantity(String(divisor)).toString();
  if (amount === '0') return;
  const [allowed, what] = divisorsOf(resource);
  if (!allowed.includes(amount)) errors.invalid(path.child('divisor'), resource, `only divisor's values ${allowed.length === 2 ? allowed.join(' and ') : allowed.join(', ')} are supported with the ${what} resource`);
}

function divisorsOf(resource: string): readonly [readonly string[], string] {
  if (resource.endsWith('.cpu')) return [cpuDivisors, 'cpu'];
  if (resource.endsWith('.memory')) return [byteDivisors, 'memory'];
  if (resource.endsWith('.ephemeral-storage')) return [byteDivisors, 'local ephemeral storage'];
  return [byteDivisors, 'hugepages'];
}
