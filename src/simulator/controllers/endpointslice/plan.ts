import type { Endpoint, EndpointSlice } from '../../api';
import { deepEqual } from '../../client';
import type { AddressType, SlicePort } from './endpoint';

/** Slices hold at most so many endpoints. */
export const maxEndpoints = 100;

/** What slices of one address type and one set of ports are to hold. */
export interface WantedSlices {
  readonly addressType: AddressType;
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly Endpoint[];
}

/** What to do with the slices of one Service. */
export interface SlicePlan {
  readonly create: WantedSlices[];
  readonly update: { readonly slice: EndpointSlice; readonly endpoints: readonly Endpoint[] }[];
  readonly remove: EndpointSlice[];
}

const identity = (endpoint: Endpoint): string => `${endpoint.targetRef?.uid ?? ''}|${endpoint.addresses.join(',')}`;

/** The key of a set of ports: slices with the same one may share endpoints. */
export const portsKey = (ports: readonly SlicePort[]): string =>
  ports.map(({ name, port, protocol, appProtocol = '' }) => `${name}/${port}/${protocol}/${appProtocol}`).sort().join(';');

function keyOfSlice({ addressType, ports }: EndpointSlice): string {
  const plain = (ports ?? []).map(({ name = '', port = 0, protocol = 'TCP', appProtocol }): SlicePort => ({ name, port, protocol, ...(appProtocol && { appProtocol }) }));
  return `${addressType}|${portsKey(plain)}`;
}

/** The fewest changes that bring `existing` to `wanted`: endpoints stay in their slice, new ones fill those that change anyway. */
export function planSlices(existing: readonly EndpointSlice[], wanted: readonly WantedSlices[]): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], remove: [] };
  const byKey = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = keyOfSlice(slice);
    const known = byKey.get(key);
    if (known) known.push(slice);
    else byKey.set(key, [slice]);
  }
  for (const group of wanted) {
    const key = `${group.addressType}|${portsKey(group.ports)}`;
    planGroup(plan, byKey.get(key) ?? [], group);
    byKey.delete(key);
  }
  for (const slices of byKey.values()) plan.remove.push(...slices);
  return reuse(plan);
}

function planGroup(plan: SlicePlan, slices: readonly EndpointSlice[], { addressType, ports, endpoints }: WantedSlices): void {
  const missing = new Map(endpoints.map((endpoint) => [identity(endpoint), endpoint]));
  const kept = slices.map((slice) => {
    const stay: Endpoint[] = [];
    let changed = false;
    for (const endpoint of slice.endpoints ?? []) {
      const id = identity(endpoint);
      const now = missing.get(id);
      missing.delete(id);
      if (now) stay.push(now);
      if (!now || !deepEqual(now, endpoint)) changed = true;
    }
    return { slice, stay, changed };
  });
  const rest = [...missing.values()];
  for (const entry of kept) {
    if (entry.changed && entry.stay.length > 0) entry.stay.push(...rest.splice(0, maxEndpoints - entry.stay.length));
  }
  const roomy = kept.filter(({ stay }) => rest.length > 0 && rest.length < maxEndpoints && stay.length + rest.length <= maxEndpoints).sort((a, b) => b.stay.length - a.stay.length)[0];
  if (roomy) {
    roomy.stay.push(...rest.splice(0));
    roomy.changed = true;
  }
  while (rest.length > 0) plan.create.push({ addressType, ports, endpoints: rest.splice(0, maxEndpoints) });
  const full = kept.filter(({ stay }) => stay.length > 0);
  const last = full.length === 0 && plan.create.length === 0 ? kept[0] : undefined;
  for (const { slice, stay, changed } of kept) {
    if (stay.length === 0 && slice !== last?.slice) plan.remove.push(slice);
    else if (changed) plan.update.push({ slice, endpoints: stay });
  }
  if (endpoints.length === 0 && kept.length === 0) plan.create.push({ addressType, ports, endpoints });
}

/** A slice that would go is given what a new one would hold, if the address type is the same. */
function reuse(plan: SlicePlan): SlicePlan {
  const create: WantedSlices[] = [];
  const remove = [...plan.remove];
  const update = [...plan.update];
  for (const wanted of plan.create) {
    const index = remove.findIndex(({ addressType, ports }) => addressType === wanted.addressType && (ports ?? []).length === 0);
    const [slice] = index < 0 ? [] : remove.splice(index, 1);
    if (slice) update.push({ slice: { ...slice, ports: wanted.ports }, endpoints: wanted.endpoints });
    else create.push(wanted);
  }
  return { create, update, remove };
}
