import { type EndpointAddress, type EndpointPort, type Endpoints, type EndpointSubset, isDns1123Label, isDns1123Subdomain, isQualifiedName, parseLegacyIp } from '../../../../api';
import { type Errors, fieldPath, type Path, portNumberReasons } from '../../../field';
import { age, firstOf, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { checkIp, checkOneOf } from '../../pod-spec';
import { collect } from '../../strategy';

const subsetsPath = fieldPath('subsets');

/** Addresses that no endpoint may have. */
export function checkReachableIp(ip: string, path: Path, errors: Errors): void {
  const address = parseLegacyIp(ip);
  if (!address) return errors.invalid(path, ip, 'must be a valid IP address');
  if (address.bits === 0n) errors.invalid(path, ip, `may not be unspecified (${ip})`);
  const isV4 = address.family === 4;
  const top = (bits: number) => address.bits >> BigInt((isV4 ? 32 : 128) - bits);
  if (isV4 ? top(8) === 127n : address.bits === 1n) errors.invalid(path, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (isV4 ? top(16) === 0xa9fen : top(10) === 0x3fan) errors.invalid(path, ip, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  if (isV4 ? top(24) === 0xe00000n : top(16) === 0xff02n) errors.invalid(path, ip, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
}

function checkAddress({ ip, hostname = '', nodeName }: EndpointAddress, path: Path, errors: Errors): void {
  checkIp(ip, path.child('ip'), errors);
  if (hostname !== '') errors.invalidEach(path.child('hostname'), hostname, isDns1123Label(hostname));
  if (nodeName !== undefined) errors.invalidEach(path.child('nodeName'), nodeName, isDns1123Subdomain(nodeName));
  checkReachableIp(ip, path.child('ip'), errors);
}

function checkPort({ name = '', port, protocol, appProtocol }: EndpointPort, needsName: boolean, path: Path, errors: Errors): void {
  if (needsName && name === '') errors.required(path.child('name'));
  else if (name !== '') errors.invalidEach(path.child('name'), name, isDns1123Label(name));
  errors.invalidEach(path.child('port'), port, portNumberReasons(port));
  if ((protocol ?? '') === '') errors.required(path.child('protocol'));
  else checkOneOf(protocol ?? '', ['SCTP', 'TCP', 'UDP'], path.child('protocol'), errors);
  if (appProtocol !== undefined) errors.invalidEach(path.child('appProtocol'), appProtocol, isQualifiedName(appProtocol));
}

function checkSubset({ addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset, path: Path, errors: Errors): void {
  if (addresses.length === 0 && notReadyAddresses.length === 0) errors.required(path, 'must specify `addresses` or `notReadyAddresses`');
  for (const [index, address] of addresses.entries()) checkAddress(address, path.child('addresses').index(index), errors);
  for (const [index, address] of notReadyAddresses.entries()) checkAddress(address, path.child('notReadyAddresses').index(index), errors);
  for (const [index, port] of ports.entries()) checkPort(port, ports.length > 1, path.child('ports').index(index), errors);
}

const validate = ({ subsets = [] }: Endpoints) => collect((errors) => subsets.forEach((subset, index) => checkSubset(subset, subsetsPath.index(index), errors)));

function applyDefaults(draft: Draft): void {
  for (const { ports = [] } of (draft['subsets'] ?? []) as { ports?: Record<string, unknown>[] }[]) for (const port of ports) if ((port['protocol'] ?? '') === '') port['protocol'] = 'TCP';
}

function addressTexts({ subsets = [] }: Endpoints): string {
  const out: string[] = [];
  for (const { addresses = [], ports = [] } of subsets) {
    if (ports.length === 0) out.push(...addresses.map(({ ip }) => ip));
    else for (const { port } of ports) out.push(...addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)));
  }
  return firstOf(out, 3);
}

/** Endpoints: what EndpointSlices were before. */
export const endpoints: ResourceDefinition<Endpoints> = {
  group: '',
  resource: 'endpoints',
  applyDefaults,
  validateCreate: validate,
  validateUpdate: validate,
  allowCreateOnUpdate: true,
  cells: (own, now) => [nameOf(own), addressTexts(own), age(own, now)],
};
