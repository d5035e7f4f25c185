import { type Endpoint, type EndpointSlice, isDns1123Label, isDns1123Subdomain, isQualifiedName, isValidLabelValue, parseIp } from '../../../../api';
import { type Errors, fieldPath, type Path } from '../../../field';
import { age, nameOf, orNone } from '../../cells';
import { checkReachableIp } from '../../core/endpoints';
import type { Draft, ResourceDefinition } from '../../definition';
import { checkOneOf } from '../../pod-spec';
import { sameValue } from '../../equality';
import { collect } from '../../strategy';

const endpointsPath = fieldPath('endpoints');
const portsPath = fieldPath('ports');
const typePath = fieldPath('addressType');
const types = ['FQDN', 'IPv4', 'IPv6'];
const ipMessage = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** A fully qualified domain: two parts at least. */
function checkDomain(name: string, path: Path, errors: Errors): void {
  if (name === '') return errors.required(path);
  const domain = name.replace(/\.$/, '');
  const reasons = isDns1123Subdomain(domain);
  if (reasons.length === 0 && !domain.includes('.')) errors.invalid(path, name, 'should be a domain with at least two segments separated by dots');
  errors.invalidEach(path, name, reasons);
}

function checkAddress(address: string, type: string, list: Path, index: number, errors: Errors): void {
  const path = list.index(index);
  if (type === 'FQDN') {
    checkDomain(address, path, errors);
    return;
  }
  if (type !== 'IPv4' && type !== 'IPv6') return;
  const parsed = parseIp(address);
  if (!parsed) return errors.invalid(path, address, ipMessage);
  if (parsed.family !== (type === 'IPv4' ? 4 : 6)) errors.invalid(list, address, `must be an ${type} address`);
  checkReachableIp(address, path, errors);
}

const hintLimit = 8;

function checkHints(list: readonly { readonly name: string }[] | undefined, reasons: (name: string) => readonly string[], path: Path, errors: Errors): void {
  if ((list ?? []).length > hintLimit) return errors.tooMany(path, (list ?? []).length, hintLimit);
  const seen = new Set<string>();
  for (const [index, { name }] of (list ?? []).entries()) {
    const at = path.index(index).child('name');
    if (seen.has(name)) errors.duplicate(at, name);
    seen.add(name);
    errors.invalidEach(at, name, reasons(name));
  }
}

/** `known`: addresses that the slice had before, which are not looked at again. */
function checkEndpoint(endpoint: Endpoint, type: string, path: Path, known: ReadonlySet<string>, errors: Errors): void {
  const addresses = endpoint.addresses ?? [];
  if (addresses.length === 0) errors.required(path.child('addresses'), 'must contain at least 1 address');
  if (addresses.length > 100) errors.tooMany(path.child('addresses'), addresses.length, 100);
  for (const [index, address] of addresses.entries()) if (!known.has(address)) checkAddress(address, type, path.child('addresses'), index, errors);
  if (endpoint.nodeName !== undefined) errors.invalidEach(path.child('nodeName'), endpoint.nodeName, isDns1123Subdomain(endpoint.nodeName));
  if (endpoint.hostname !== undefined) errors.invalidEach(path.child('hostname'), endpoint.hostname, isDns1123Label(endpoint.hostname));
  const hints = path.child('hints');
  checkHints(endpoint.hints?.forZones, isValidLabelValue, hints.child('forZones'), errors);
  checkHints(endpoint.hints?.forNodes, isDns1123Subdomain, hints.child('forNodes'), errors);
}

function checkPorts({ ports }: EndpointSlice, errors: Errors): void {
  const list = ports ?? [];
  if (list.length > 20_000) return errors.tooMany(portsPath, list.length, 20_000);
  const names = new Set<string>();
  for (const [index, { name = '', protocol, appProtocol }] of list.entries()) {
    const at = portsPath.index(index);
    if (name.length > 0) errors.invalidEach(at.child('name'), name, isDns1123Label(name));
    if (names.has(name)) errors.duplicate(at.child('name'), name);
    names.add(name);
    if (protocol === undefined) errors.required(at.child('protocol'));
    else checkOneOf(protocol, ['SCTP', 'TCP', 'UDP'], at.child('protocol'), errors);
    if (appProtocol !== undefined) errors.invalidEach(at.child('appProtocol'), appProtocol, isQualifiedName(appProtocol));
  }
}

function check(slice: EndpointSlice, errors: Errors, known: ReadonlySet<string> = new Set()): void {
  const type = (slice.addressType as string | undefined) ?? '';
  if (type === '') errors.required(typePath);
  else checkOneOf(type, types, typePath, errors);
  checkPorts(slice, errors);
  const list = slice.endpoints ?? [];
  if (list.length > 1000) errors.tooMany(endpointsPath, list.length, 1000);
  else for (const [index, endpoint] of list.entries()) checkEndpoint(endpoint, type, endpointsPath.index(index), known, errors);
}

function applyDefaults(draft: Draft): void {
  for (const port of (draft['ports'] ?? []) as Record<string, unknown>[]) {
    port['name'] ??= '';
    port['protocol'] ??= 'TCP';
  }
}

/** Of the first version of the API: nothing new is stored in it. */
function dropTopology(draft: Draft): void {
  for (const endpoint of (draft['endpoints'] ?? []) as Record<string, unknown>[]) delete endpoint['deprecatedTopology'];
}

const manyText = (items: readonly string[]): string => (items.length > 3 ? `${items.slice(0, 3).join(',')} + ${items.length - 3} more...` : items.join(','));

function portCell({ ports }: EndpointSlice): string {
  if (ports === undefined || ports === null || ports.length === 0) return '<unset>';
  return manyText(ports.map(({ name = '', port }) => (port !== undefined ? String(port) : name !== '' ? name : '*')));
}

/** EndpointSlices: the addresses behind a Service. */
export const endpointslices: ResourceDefinition<EndpointSlice> = {
  group: 'discovery.k8s.io',
  resource: 'endpointslices',
  applyDefaults,
  prepareForCreate: (draft) => {
    dropTopology(draft);
    draft.metadata['generation'] = 1;
  },
  validateCreate: (slice) => collect((errors) => check(slice, errors)),
  prepareForUpdate: (draft, old) => {
    dropTopology(draft);
    const changed = !sameValue(draft['endpoints'], old.endpoints) || !sameValue(draft['ports'], old.ports) || !sameValue(draft.metadata['labels'], old.metadata?.labels);
    draft.metadata['generation'] = (old.metadata?.generation ?? 0) + (changed ? 1 : 0);
  },
  validateUpdate: (slice, old) =>
    collect((errors) => {
      check(slice, errors, new Set((old.endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])));
      if (slice.addressType !== old.addressType) errors.invalid(typePath, slice.addressType, 'field is immutable');
    }),
  warnings: ({ addressType }, old) => (addressType === 'FQDN' && old === undefined ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
  cells: (slice, now) => {
    const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? []);
    return [nameOf(slice), slice.addressType, portCell(slice), addresses.length === 0 ? '<unset>' : orNone(manyText(addresses)), age(slice, now)];
  },
};
