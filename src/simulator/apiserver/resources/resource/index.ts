import type { DeviceClass, ObjectMeta, ResourceClaimTemplate, ResourceSlice, ResourceV1ResourceClaim } from '../../../api';
import { type Errors, quoteText } from '../../field';
import { formatTime, type Time } from '../../../kernel';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { internalView } from '../internal-view';
import { checkEmbeddedMetadata, isExtendedResource } from '../pod-spec';
import { bumpGeneration, checkImmutable, collect, newWithStatus, specPath, statusPath, statusStrategy, keepStatus } from '../strategy';
import { checkAdminAccess } from './admin-access';
import { checkClaimSpec, checkConfiguration } from './claim-spec';
import { checkClaimStatus } from './claim-status';
import { checkSelectors } from './selectors';
import { checkSlice } from './slices';

const group = 'resource.k8s.io';
const resultsPath = statusPath.child('allocation').child('devices').child('results');
const requestsPath = specPath.child('devices').child('requests');

function checkClass({ spec }: DeviceClass, errors: Errors): void {
  checkSelectors(spec.selectors, specPath.child('selectors'), errors);
  checkConfiguration(spec.config, specPath.child('config'), errors);
  const name = spec.extendedResourceName;
  if (name !== undefined && !isExtendedResource(name)) errors.invalid(specPath.child('extendedResourceName'), name, 'must be a valid extended resource name');
}

/** DeviceClasses: kinds of devices (KEP-4381). */
export const deviceclasses: ResourceDefinition<DeviceClass> = {
  group,
  resource: 'deviceclasses',
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: (own) => collect((errors) => checkClass(own, errors)),
  prepareForUpdate: (draft, old) => bumpGeneration(draft, old),
  validateUpdate: (own) => collect((errors) => checkClass(own, errors)),
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
  validateCreate: ({ spec }, context) =>
    collect((errors) => {
      checkAdminAccess(spec.devices?.requests, requestsPath, context, errors);
      checkClaimSpec(spec, specPath, errors);
    }),
  prepareForUpdate: keepStatus,
  validateUpdate: ({ spec }, old) => collect((errors) => checkImmutable(spec, old.spec, specPath, errors, internalView('io.k8s.api.resource.v1.ResourceClaimSpec', spec))),
  subresources: {
    status: statusStrategy<ResourceV1ResourceClaim>((own, old, context) =>
      collect((errors) => {
        checkAdminAccess(own.status?.allocation?.devices?.results, resultsPath, context, errors);
        checkClaimStatus(own, errors);
        const before = old.status?.allocation;
        if (before && own.status?.allocation) checkImmutable(own.status.allocation, before, statusPath.child('allocation'), errors, internalView('io.k8s.api.resource.v1.AllocationResult', own.status.allocation));
      }), 'all'),
  },
  cells: (own, now) => [nameOf(own), stateOf(own), age(own, now)],
};

/** ResourceClaimTemplates: claims made for each Pod. */
export const resourceclaimtemplates: ResourceDefinition<ResourceClaimTemplate> = {
  group,
  resource: 'resourceclaimtemplates',
  applyDefaults: (draft) => defaultRequests((draft['spec'] as { readonly spec?: unknown } | undefined)?.spec),
  validateCreate: ({ spec }, context) =>
    collect((errors) => {
      checkAdminAccess(spec.spec.devices?.requests, requestsPath, context, errors);
      checkEmbeddedMetadata(spec.metadata as ObjectMeta | undefined, specPath.child('metadata'), errors);
      checkClaimSpec(spec.spec, specPath.child('spec'), errors);
    }),
  validateUpdate: ({ spec }, old) =>
    collect((errors) => {
      checkEmbeddedMetadata(spec.metadata as ObjectMeta | undefined, specPath.child('metadata'), errors);
      checkClaimSpec(spec.spec, specPath.child('spec'), errors);
      checkImmutable(spec, old.spec, specPath, errors, internalView('io.k8s.api.resource.v1.ResourceClaimTemplateSpec', spec));
    }),
  cells: (own, now) => [nameOf(own), age(own, now)],
};

interface DeviceDraft {
  attributes?: Record<string, Record<string, unknown>>;
  taints?: Record<string, unknown>[];
  nodeAllocatableResourceMappings?: unknown;
}

/** Taints get their time. Lists as attributes (KEP-5491) and devices as node resources (KEP-5517) are off: their fields are forgotten. */
function prepareDevices(draft: Draft, now: Time): void {
  for (const device of ((draft['spec'] ?? {}) as { devices?: DeviceDraft[] }).devices ?? []) {
    for (const taint of device.taints ?? []) taint['timeAdded'] ??= formatTime(now);
    delete device.nodeAllocatableResourceMappings;
    for (const attribute of Object.values(device.attributes ?? {})) for (const name of ['ints', 'bools', 'strings', 'versions']) delete attribute[name];
  }
}

/** ResourceSlices: devices that nodes have. */
export const resourceslices: ResourceDefinition<ResourceSlice> = {
  group,
  resource: 'resourceslices',
  prepareForCreate: (draft, { now }) => {
    prepareDevices(draft, now);
    draft.metadata['generation'] = 1;
  },
  validateCreate: (own) => collect((errors) => checkSlice(own, errors)),
  prepareForUpdate: (draft, old, { now }) => {
    prepareDevices(draft, now);
    bumpGeneration(draft, old);
  },
  validateUpdate: (own, old) =>
    collect((errors) => {
      checkSlice(own, errors, () => {
        checkImmutable(own.spec.pool.name, old.spec.pool.name, specPath.child('pool').child('name'), errors);
        checkImmutable(own.spec.driver, old.spec.driver, specPath.child('driver'), errors);
        checkImmutable(own.spec.nodeName, old.spec.nodeName, specPath.child('nodeName'), errors);
      });
    }),
  warnings: ({ spec: { driver } }) => (driver === driver.toLowerCase() ? [] : [`spec.driver: driver names should be lowercase; ${quoteText(driver)} contains uppercase characters`]),
  selectableFields: ({ spec }) => ({ 'spec.driver': spec.driver, 'spec.nodeName': spec.nodeName ?? '' }),
  cells: (own, now) => [nameOf(own), own.spec.nodeName ?? '', own.spec.driver, own.spec.pool.name, age(own, now)],
};
