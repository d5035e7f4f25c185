import { type Amount, isDns1123Label, isQualifiedName, parseQuantity, type ResourceClaim, type ResourceRequirements } from '../../../api';
import type { Errors, Path } from '../../field';

type Quantities = Readonly<Record<string, string | number>>;

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);
/** Names without a slash that mean something somewhere. */
const standardResources = new Set([
  'cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage',
  'pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'storage', 'requests.storage', 'services.nodeports', 'services.loadbalancers',
]);
const overcommitable = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** hugepages-2Mi and its like. */
export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
/** Without a domain, or in one of Kubernetes' own. */
const isNative = (name: string): boolean => !name.includes('/') || /(^|\.)kubernetes\.io\//.test(name);

/** A resource that a device plugin or an operator counts: vendor.example.com/gpu. */
export const isExtendedResource = (name: string): boolean => !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;

/** Checks a resource's name wherever one may stand. */
export function checkResourceName(name: string, path: Path, errors: Errors): boolean {
  const reasons = isQualifiedName(name);
  errors.invalidEach(path, name, reasons);
  if (reasons.length > 0) return false;
  if (!name.includes('/') && !standardResources.has(name) && !isHugePages(name)) {
    errors.invalid(path, name, 'must be a standard resource type or fully qualified');
    return false;
  }
  return true;
}

/** Checks a resource's name of a container. */
export function checkContainerResourceName(name: string, path: Path, errors: Errors): void {
  if (containerResources.has(name)) return;
  checkResourceName(name, path, errors);
  if (!name.includes('/')) {
    if (!isHugePages(name)) errors.invalid(path, name, 'must be a standard resource for containers');
  } else if (!isNative(name) && !isExtendedResource(name)) errors.invalid(path, name, "doesn't follow extended resource name standard");
}

const hugePageSize = (name: string): Amount | undefined => {
  try {
    return parseQuantity(name.slice('hugepages-'.length));
  } catch {
    return undefined;
  }
};

/** Checks that a resource's amount is one it can have. */
export function checkResourceAmount(name: string, text: string | number, path: Path, errors: Errors): void {
  const amount = parseQuantity(String(text));
  if (amount.sign < 0) errors.invalid(path, amount.toString(), 'must be greater than or equal to 0');
  const isInteger = isExtendedResource(name) || wholeResources.has(name);
  if (isInteger && amount.nano % 1_000_000_000n !== 0n) errors.invalid(path, amount.toString(), 'must be an integer');
}

const wholeResources = new Set(['pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers']);

function checkHugePages(name: string, text: string | number, path: Path, errors: Errors): void {
  const size = hugePageSize(name);
  const amount = parseQuantity(String(text));
  if (size === undefined || size.sign <= 0 || amount.nano % size.nano !== 0n) errors.invalid(path, amount.toString(), `${amount.toString()} is not positive integer multiple of ${name}`);
}

interface Rules {
  readonly claims: ReadonlySet<string>;
  /** Of the Pod as a whole: fewer names are allowed. */
  readonly podLevel: boolean;
}

const podLevelNames = ['cpu', 'hugepages-', 'memory'];

function checkName(name: string, podLevel: boolean, path: Path, errors: Errors): void {
  if (!podLevel) checkContainerResourceName(name, path, errors);
  else if (checkResourceName(name, path, errors) && name !== 'cpu' && name !== 'memory' && !isHugePages(name)) errors.notSupported(path, name, podLevelNames);
}

/** Checks requests, limits and claims of a container or, with `podLevel`, of a Pod. */
export function checkResources({ requests, limits, claims }: ResourceRequirements, path: Path, { claims: known, podLevel }: Rules, errors: Errors): void {
  const hasClaims = claims !== undefined && claims.length > 0;
  if (podLevel && claims !== undefined) errors.forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level');
  let hasCpuOrMemory = false;
  let hasHugePages = false;
  for (const [kind, amounts] of [['limits', limits], ['requests', requests]] as const) {
    for (const name in amounts) {
      const text = (amounts as Quantities)[name] as string;
      if (name === 'cpu' || name === 'memory') hasCpuOrMemory = true;
      if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage') {
        if (podLevel && name === 'ephemeral-storage') errors.notSupported(path.child(kind).index(name), name, podLevelNames);
        if (parseQuantity(String(text)).sign < 0) checkResourceAmount(name, text, path.child(kind).index(name), errors);
      } else {
        const at = path.child(kind).index(name);
        checkName(name, podLevel, at, errors);
        checkResourceAmount(name, text, at, errors);
        if (kind === 'requests') checkAgainstLimit(name, text, limits as Quantities | undefined, path, errors);
        if (isHugePages(name)) {
          hasHugePages = true;
          checkHugePages(name, text, at, errors);
        }
        continue;
      }
      if (kind === 'requests') checkAgainstLimit(name, text, limits as Quantities | undefined, path, errors);
    }
  }
  if (hasHugePages && !hasCpuOrMemory) errors.forbidden(path, 'HugePages require cpu or memory');
  if (hasClaims) checkClaims(claims, known, path.child('claims'), errors);
}

function checkAgainstLimit(name: string, text: string | number, limits: Quantities | undefined, path: Path, errors: Errors): void {
  const limit = limits?.[name];
  if (limit === undefined) {
    if (!overcommitable.has(name) && (isHugePages(name) || !isNative(name))) errors.required(path.child('limits'), 'Limit must be set for non overcommitable resources');
    return;
  }
  const order = parseQuantity(String(text)).compare(parseQuantity(String(limit)));
  const shown = String(text);
  if (!overcommitable.has(name) && (isHugePages(name) || !isNative(name))) {
    if (order !== 0) errors.invalid(path.child('requests'), shown, `must be equal to ${name} limit of ${limit}`);
  } else if (order > 0) errors.invalid(path.child('requests'), shown, `must be less than or equal to ${name} limit of ${limit}`);
}

function checkClaims(claims: readonly ResourceClaim[], known: ReadonlySet<string>, path: Path, errors: Errors): void {
  const whole = new Set<string>();
  const requests = new Set<string>();
  for (const [index, { name, request = '' }] of claims.entries()) {
    const at = path.index(index);
    if (name === '') {
      errors.required(at);
      continue;
    }
    const key = request === '' ? name : `${name}/${request}`;
    if (request !== '' && !whole.has(name)) errors.invalidEach(at.child('request'), request, isDns1123Label(request));
    if (whole.has(name)) errors.duplicate(at, name);
    else if (requests.has(key)) errors.duplicate(at, key);
    else if (request === '') for (const other of requests) if (other.startsWith(`${name}/`)) errors.duplicate(at, name);
    if (request === '') whole.add(name);
    else requests.add(key);
    if (!known.has(name)) {
      errors.list.push({
        type: 'FieldValueNotFound',
        field: at.toString(),
        message: `Not found: ${JSON.stringify(name)}: must be one of the names in pod.spec.resourceClaims${known.size === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`}`,
      });
    }
  }
}
