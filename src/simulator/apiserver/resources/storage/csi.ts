import { type CSIDriver, type CSINode, type CSIStorageCapacity, isDns1123Subdomain, isQualifiedName, parseQuantity } from '../../../api';
import { type Errors, fieldPath, labelSelectorErrors } from '../../field';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { sameValue } from '../equality';
import { internalView } from '../internal-view';
import { checkCsiDriverName, checkOneOf } from '../pod-spec';
import { bumpGeneration, checkImmutable, collect, specPath } from '../strategy';

function checkDriver({ metadata, spec }: CSIDriver, errors: Errors): void {
  const name = metadata?.name ?? '';
  if (name.length > 63) errors.tooLong(fieldPath('metadata').child('name'), 63);
  if (spec.attachRequired === undefined) errors.required(specPath.child('attachRequired'));
  if (spec.podInfoOnMount === undefined) errors.required(specPath.child('podInfoOnMount'));
  if (spec.storageCapacity === undefined) errors.required(specPath.child('storageCapacity'));
  if (spec.fsGroupPolicy !== undefined) checkOneOf(spec.fsGroupPolicy, ['File', 'None', 'ReadWriteOnceWithFSType'], specPath.child('fsGroupPolicy'), errors);
  for (const [index, { audience, expirationSeconds }] of (spec.tokenRequests ?? []).entries()) {
    const at = specPath.child('tokenRequests').index(index);
    if ((spec.tokenRequests ?? []).findIndex((other) => other.audience === audience) < index) {
      errors.duplicate(at.child('audience'), audience);
      continue;
    }
    if (expirationSeconds !== undefined && expirationSeconds < 600) errors.invalid(at.child('expirationSeconds'), expirationSeconds, 'may not specify a duration less than 10 minutes');
    if (expirationSeconds !== undefined && expirationSeconds > 2 ** 32) errors.invalid(at.child('expirationSeconds'), expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  }
  const inSecrets = spec.serviceAccountTokenInSecrets;
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  for (const mode of spec.volumeLifecycleModes ?? []) if (mode !== 'Persistent' && mode !== 'Ephemeral') errors.notSupported(specPath.child('volumeLifecycleModes'), mode, ['Persistent', 'Ephemeral']);
  if (period !== undefined && period < 10) errors.invalid(specPath.child('nodeAllocatableUpdatePeriodSeconds'), period, 'must be greater than or equal to 10 seconds');
  if (inSecrets !== undefined && (spec.tokenRequests ?? []).length === 0) errors.invalid(specPath.child('serviceAccountTokenInSecrets'), inSecrets, 'serviceAccountTokenInSecrets is set but no tokenRequests are specified');
}

/** Pods that wait for a missing driver (KEP-5040) are off: the field is forgotten. */
function dropGatedFields(draft: Draft): void {
  delete (draft['spec'] as Record<string, unknown> | undefined)?.['preventPodSchedulingIfMissing'];
}

const tokenWarning = 'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';

/** CSIDrivers: storage systems that plug in. */
export const csidrivers: ResourceDefinition<CSIDriver> = {
  group: 'storage.k8s.io',
  resource: 'csidrivers',
  applyDefaults: (draft) => {
    const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
    spec['attachRequired'] ??= true;
    spec['podInfoOnMount'] ??= false;
    spec['storageCapacity'] ??= false;
    spec['fsGroupPolicy'] ??= 'ReadWriteOnceWithFSType';
    if (((spec['volumeLifecycleModes'] ?? []) as readonly unknown[]).length === 0) spec['volumeLifecycleModes'] = ['Persistent'];
    spec['requiresRepublish'] ??= false;
    spec['seLinuxMount'] ??= false;
  },
  prepareForCreate: dropGatedFields,
  validateCreate: (driver) => collect((errors) => checkDriver(driver, errors)),
  prepareForUpdate: (draft, old) => {
    dropGatedFields(draft);
    bumpGeneration(draft, old);
  },
  warnings: ({ spec }, old) => ((spec.tokenRequests ?? []).length > 0 && spec.serviceAccountTokenInSecrets === undefined && !sameValue(spec.tokenRequests, old?.spec.tokenRequests) ? [tokenWarning] : []),
  validateUpdate: (driver, old) =>
    collect((errors) => {
      checkDriver(driver, errors);
      checkImmutable(driver.spec.attachRequired, old.spec.attachRequired, specPath.child('attachedRequired'), errors);
      checkImmutable(driver.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes, specPath.child('volumeLifecycleModes'), errors);
    }),
  cells: (driver, now) => {
    const { spec } = driver;
    const tokens = (spec.tokenRequests ?? []).map(({ audience }) => audience).join(',');
    const modes = (spec.volumeLifecycleModes ?? []).join(',');
    return [nameOf(driver), spec.attachRequired ?? true, spec.podInfoOnMount ?? false, spec.storageCapacity ?? false, tokens === '' ? '<unset>' : tokens, spec.requiresRepublish ?? false, modes === '' ? '<none>' : modes, age(driver, now)];
  },
};

const longestNodeId = 256;

function checkNode({ spec }: CSINode, errors: Errors): void {
  const path = specPath.child('drivers');
  const names = new Set<string>();
  for (const [index, { name, nodeID, allocatable, topologyKeys }] of (spec.drivers ?? []).entries()) {
    const at = path.index(index);
    checkCsiDriverName(name, at.child('name'), errors);
    if (nodeID === '') errors.required(at.child('nodeID'));
    if (nodeID.length > longestNodeId) errors.invalid(at.child('nodeID'), nodeID, `must be ${longestNodeId} characters or less`);
    if (allocatable?.count !== undefined && allocatable.count < 0) errors.invalid(at.child('allocatable').child('count'), allocatable.count, 'must be greater than or equal to 0');
    if (names.has(name)) errors.duplicate(at.child('name'), name);
    names.add(name);
    const keys = new Set<string>();
    for (const key of topologyKeys ?? []) {
      if (key === '') errors.required(at);
      if (keys.has(key)) errors.duplicate(at, key);
      keys.add(key);
      errors.invalidEach(at, key, isQualifiedName(key));
    }
  }
}

type Driver = NonNullable<CSINode['spec']['drivers']>[number];

/** What a driver said of itself stays; how many volumes it can take may change. */
function checkDriversStay({ spec }: CSINode, old: CSINode, errors: Errors): void {
  const identity = ({ allocatable: _count, topologyKeys, ...driver }: Driver): unknown => ({ ...driver, topologyKeys: topologyKeys ?? [] });
  for (const before of old.spec.drivers ?? []) {
    for (const now of spec.drivers ?? []) {
      if (now.name === before.name && !sameValue(identity(now), identity(before))) errors.invalid(specPath.child('drivers'), internalView('io.k8s.api.storage.v1.CSINodeDriver', now), 'field is immutable');
    }
  }
}

/** CSINodes: which storage systems a node has. */
export const csinodes: ResourceDefinition<CSINode> = {
  group: 'storage.k8s.io',
  resource: 'csinodes',
  validateCreate: (node) => collect((errors) => checkNode(node, errors)),
  validateUpdate: (node, old) =>
    collect((errors) => {
      checkNode(node, errors);
      checkDriversStay(node, old, errors);
    }),
  cells: (node, now) => [nameOf(node), (node.spec.drivers ?? []).length, age(node, now)],
};

function checkCapacity({ storageClassName, nodeTopology, capacity }: CSIStorageCapacity, errors: Errors): void {
  labelSelectorErrors(nodeTopology, fieldPath('nodeTopology'), errors);
  errors.invalidEach(fieldPath('storageClassName'), storageClassName, isDns1123Subdomain(storageClassName));
  if (capacity !== undefined && parseQuantity(String(capacity)).sign < 0) errors.invalid(fieldPath('capacity'), capacity, 'must be greater than or equal to 0');
}

/** CSIStorageCapacities: how much a storage system has left. */
export const csistoragecapacities: ResourceDefinition<CSIStorageCapacity> = {
  group: 'storage.k8s.io',
  resource: 'csistoragecapacities',
  validateCreate: (own) => collect((errors) => checkCapacity(own, errors)),
  validateUpdate: (own, old) =>
    collect((errors) => {
      checkCapacity(own, errors);
      checkImmutable(own.nodeTopology, old.nodeTopology, fieldPath('nodeTopology'), errors);
      checkImmutable(own.storageClassName, old.storageClassName, fieldPath('storageClassName'), errors);
    }),
};
