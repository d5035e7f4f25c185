import {
  type AllocatedDeviceStatus, type AllocationResult, byteLength, type DeviceAllocationConfiguration, type DeviceRequestAllocationResult, parseIp, type ResourceClaimConsumerReference, type ResourceV1ResourceClaim,
} from '../../../api';
import type { Errors, Path } from '../../field';
import { checkConditions } from '../conditions';
import { checkNodeSelector } from '../pod-spec';
import { statusPath } from '../strategy';
import { checkOpaque, checkReference, checkReferences, namesOf } from './claim-spec';
import { checkBinding } from './devices';
import { checkDriverName, checkItems, checkLabel, checkPoolName } from './names';

const resultLimit = 32;
const consumerLimit = 256;
const configLimit = 64;
const dataLimit = 10 * 1024;
const addressLimit = 16;
const interfaceNameLimit = 256;
const hardwareAddressLimit = 128;
const hexDigits = /^[0-9a-f]{32}$/i;
const normalId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Around the 32 digits: nothing, hyphens, braces, a prefix (RFC 9562 and how it is also written). */
const idLengths = [32, 36, 38, 45];

function checkShareId(id: string | undefined, path: Path, errors: Errors): void {
  if (id === undefined || normalId.test(id)) return;
  const length = byteLength(id);
  if (!idLengths.includes(length)) errors.invalid(path, id, `error validating uid: invalid UUID length: ${length}`);
  else if (!hexDigits.test(id.replace(/^urn:uuid:/i, '').replace(/[-{}]/g, ''))) errors.invalid(path, id, 'error validating uid: invalid UUID format');
  else errors.invalid(path, id, 'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters');
}

function checkResult(result: DeviceRequestAllocationResult, names: ReadonlySet<string>, path: Path, errors: Errors): void {
  checkReference(result.request, names, path.child('request'), errors);
  checkDriverName(result.driver, path.child('driver'), errors);
  checkPoolName(result.pool, path.child('pool'), errors);
  checkLabel(result.device, path.child('device'), errors);
  checkBinding(result, path, errors);
  checkShareId(result.shareID, path.child('shareID'), errors);
}

function checkConfiguration({ source, requests, opaque }: DeviceAllocationConfiguration, names: ReadonlySet<string>, path: Path, errors: Errors): void {
  const own = source as string;
  if (own === '') errors.required(path.child('source'));
  else if (own !== 'FromClaim' && own !== 'FromClass') errors.notSupported(path.child('source'), own, ['FromClaim', 'FromClass']);
  checkReferences(requests, names, path.child('requests'), errors);
  checkOpaque(opaque, path.child('opaque'), errors);
}

function checkAllocation({ devices, nodeSelector }: AllocationResult, names: ReadonlySet<string>, errors: Errors): void {
  const path = statusPath.child('allocation');
  checkItems(devices?.results, resultLimit, path.child('devices').child('results'), errors, (result, at) => checkResult(result, names, at, errors));
  checkItems(devices?.config, configLimit, path.child('devices').child('config'), errors, (config, at) => checkConfiguration(config, names, at, errors));
  if (nodeSelector) checkNodeSelector(nodeSelector, path.child('nodeSelector'), errors);
}

function checkConsumer({ resource, name, uid }: ResourceClaimConsumerReference, path: Path, errors: Errors): void {
  if (resource === '') errors.required(path.child('resource'));
  if (name === '') errors.required(path.child('name'));
  if (uid === '') errors.required(path.child('uid'));
}

interface DeviceName {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

const nameOf = ({ driver, pool, device, shareID = '' }: DeviceName) => ({ Driver: driver, Pool: pool, Device: device, ShareID: shareID });
const keyOf = (name: DeviceName): string => JSON.stringify(nameOf(name));

function checkData(data: unknown, path: Path, errors: Errors): void {
  if (data === undefined || data === null) return;
  if (typeof data !== 'object' || Array.isArray(data)) errors.invalid(path, '<value omitted>', 'must be a valid JSON object');
  if (JSON.stringify(data).length > dataLimit) errors.tooLong(path, dataLimit);
}

function checkNetwork({ interfaceName = '', hardwareAddress = '', ips }: NonNullable<AllocatedDeviceStatus['networkData']>, path: Path, errors: Errors): void {
  if (interfaceName.length > interfaceNameLimit) errors.tooLong(path.child('interfaceName'), interfaceNameLimit);
  if (hardwareAddress.length > hardwareAddressLimit) errors.tooLong(path.child('hardwareAddress'), hardwareAddressLimit);
  checkItems(ips, addressLimit, path.child('ips'), errors, (address, at) => {
    const [ip = '', length, ...more] = address.split('/');
    const parsed = parseIp(ip);
    const fits = parsed && length !== undefined && more.length === 0 && /^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= (parsed.family === 4 ? 32 : 128);
    if (!fits) errors.invalid(at, address, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)');
  }, (address) => address);
}

function checkAllocated(own: AllocatedDeviceStatus, allocated: ReadonlySet<string>, path: Path, errors: Errors): void {
  checkDriverName(own.driver, path.child('driver'), errors);
  checkPoolName(own.pool, path.child('pool'), errors);
  checkLabel(own.device, path.child('device'), errors);
  checkShareId(own.shareID, path.child('shareID'), errors);
  if (!allocated.has(keyOf(own))) errors.invalid(path, nameOf(own), 'must be an allocated device in the claim');
  checkConditions(own.conditions, path.child('conditions'), errors);
  checkData(own.data, path.child('data'), errors);
  if (own.networkData) checkNetwork(own.networkData, path.child('networkData'), errors);
}

function checkDevices(devices: readonly AllocatedDeviceStatus[], allocated: ReadonlySet<string>, errors: Errors): void {
  const path = statusPath.child('devices');
  for (const [index, device] of devices.entries()) checkAllocated(device, allocated, path.index(index), errors);
  const seen = new Set<string>();
  for (const [index, device] of devices.entries()) {
    if (seen.has(keyOf(device))) errors.duplicate(path.index(index), nameOf(device));
    seen.add(keyOf(device));
  }
}

/** Checks what schedulers and drivers say of a claim (KEP-4381, KEP-4817). */
export function checkClaimStatus({ spec, status = {} }: ResourceV1ResourceClaim, errors: Errors): void {
  const { allocation, reservedFor = [], devices = [] } = status;
  const reserved = statusPath.child('reservedFor');
  checkItems(reservedFor, consumerLimit, reserved, errors, (consumer, at) => checkConsumer(consumer, at, errors), ({ uid }) => uid);
  checkDevices(devices, new Set((allocation?.devices?.results ?? []).map(keyOf)), errors);
  if (allocation) checkAllocation(allocation, namesOf(spec.devices?.requests ?? []), errors);
  else if (reservedFor.length > 0) errors.forbidden(reserved, 'may not be specified when `allocated` is not set');
}
