import type { DeviceClass, ResourceClaimTemplate, ResourceSlice, ResourceV1ResourceClaim } from '../../../api';
import { age, nameOf } from '../cells';
import type { ResourceDefinition } from '../definition';
import { bumpGeneration, checkImmutable, collect, newWithStatus, specPath, statusStrategy, keepStatus } from '../strategy';

const group = 'resource.k8s.io';

/** DeviceClasses: kinds of devices (KEP-4381). */
export const deviceclasses: ResourceDefinition<DeviceClass> = {
  group,
  resource: 'deviceclasses',
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  prepareForUpdate: (draft, old) => bumpGeneration(draft, old),
  cells: (own, now) => [nameOf(own), age(own, now)],
};

/** Requests for devices ask for one device, unless they say otherwise. */
function defaultRequests(spec: unknown): void {
  const devices = (spec as { devices?: { requests?: { exactly?: Record<string, unknown>; firstAvailable?: Record<string, unknown>[] }[] } } | undefined)?.devices;
  for (const { exactly, firstAvailable = [] } of devices?.requests ?? []) {
    for (const one of [...(exactly ? [exactly] : []), ...firstAvailable]) {
      if ((one['allocationMode'] ?? '') === '') one['allocationMode'] = 'ExactCount';
      if (one['allocationMode'] === 'ExactCount' && (one['count'] ?? 0) === 0) one['count'] = 1;
    }
  }
}

function stateOf({ metadata, status }: ResourceV1ResourceClaim): string {
  const states: string[] = [];
  if (metadata?.deletionTimestamp !== undefined) states.push('deleted');
  if (!status?.allocation) {
    if (metadata?.deletionTimestamp === undefined) states.push('pending');
  } else {
    states.push('allocated');
    if ((status.reservedFor ?? []).length > 0) states.push('reserved');
  }
  return states.join(',');
}

/** ResourceClaims: devices that a Pod asks for. */
export const resourceclaims: ResourceDefinition<ResourceV1ResourceClaim> = {
  group,
  resource: 'resourceclaims',
  applyDefaults: (draft) => defaultRequests(draft['spec']),
  prepareForCreate: newWithStatus,
  prepareForUpdate: keepStatus,
  validateUpdate: ({ spec }, old) => collect((errors) => checkImmutable(spec, old.spec, specPath, errors)),
  subresources: { status: statusStrategy<ResourceV1ResourceClaim>() },
  cells: (own, now) => [nameOf(own), stateOf(own), age(own, now)],
};

/** ResourceClaimTemplates: claims made for each Pod. */
export const resourceclaimtemplates: ResourceDefinition<ResourceClaimTemplate> = {
  group,
  resource: 'resourceclaimtemplates',
  applyDefaults: (draft) => defaultRequests((draft['spec'] as { readonly spec?: unknown } | undefined)?.spec),
  validateUpdate: ({ spec }, old) => collect((errors) => checkImmutable(spec, old.spec, specPath, errors)),
  cells: (own, now) => [nameOf(own), age(own, now)],
};

/** ResourceSlices: devices that nodes have. */
export const resourceslices: ResourceDefinition<ResourceSlice> = {
  group,
  resource: 'resourceslices',
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  prepareForUpdate: (draft, old) => bumpGeneration(draft, old),
  selectableFields: ({ spec }) => ({ 'spec.driver': spec.driver, 'spec.nodeName': spec.nodeName ?? '' }),
  cells: (own, now) => [nameOf(own), own.spec.nodeName ?? '', own.spec.driver, own.spec.pool.name, age(own, now)],
};
