import {
  type DeviceClaimConfiguration, type DeviceConstraint, type DeviceRequest, type DeviceSubRequest, type DeviceToleration, type ExactDeviceRequest, isDns1123Label, isDns1123Subdomain, isQualifiedName, isValidLabelValue,
  type OpaqueDeviceConfiguration, type ResourceClaimSpec,
} from '../../../api';
import type { Errors, Path } from '../../field';
import { checkOneOf } from '../pod-spec';
import { checkDriverName, checkFullyQualifiedName, checkItems, checkLabel } from './names';
import { checkSelectors } from './selectors';

const requestLimit = 32;
const alternativeLimit = 8;
const constraintLimit = 32;
/** Of the things that a class or claim configures, and of the requests that one such thing names. */
const configLimit = 32;
const parametersLimit = 10 * 1024;
const modes = ['All', 'ExactCount'];
const effects = ['NoExecute', 'NoSchedule', 'None'];
const textLength = (value: unknown): number => JSON.stringify(value).length;

function checkToleration({ key = '', operator, value = '', effect }: DeviceToleration, path: Path, errors: Errors): void {
  if (key !== '') errors.invalidEach(path.child('key'), key, isQualifiedName(key));
  const own = (operator ?? '') as string;
  if (own === 'Exists') {
    if (value !== '') errors.invalid(path.child('value'), value, 'must be empty for operator `Exists`');
  } else if (own === 'Equal') errors.invalidEach(path.child('value'), value, isValidLabelValue(value));
  else if (own === '') errors.required(path.child('operator'));
  else errors.notSupported(path.child('operator'), own, ['Equal', 'Exists']);
  if (((effect ?? '') as string) !== '') checkOneOf(effect as string, effects, path.child('effect'), errors);
}

/** What a request that is met exactly and an alternative of another one have in common. */
function checkWanted(request: ExactDeviceRequest | DeviceSubRequest, path: Path, errors: Errors): void {
  const { deviceClassName: name, selectors, allocationMode: mode = '' as string, count = 0, tolerations } = request;
  if (name === '') errors.required(path.child('deviceClassName'));
  else errors.invalidEach(path.child('deviceClassName'), name, isDns1123Subdomain(name));
  checkSelectors(selectors, path.child('selectors'), errors);
  if (mode === 'All') {
    if (count !== 0) errors.invalid(path.child('count'), count, "must not be specified when allocationMode is 'All'");
  } else if (mode === 'ExactCount') {
    if (count <= 0) errors.invalid(path.child('count'), count, 'must be greater than zero');
  } else errors.notSupported(path.child('allocationMode'), mode, modes);
  for (const [index, toleration] of (tolerations ?? []).entries()) checkToleration(toleration, path.child('tolerations').index(index), errors);
}

function checkRequest({ name, exactly, firstAvailable = [] }: DeviceRequest, path: Path, errors: Errors): void {
  checkLabel(name, path.child('name'), errors);
  if (exactly && firstAvailable.length > 0) return errors.invalid(path, null, 'exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set');
  if (!exactly && firstAvailable.length === 0) return errors.required(path, 'exactly one of `exactly` or `firstAvailable` is required');
  if (exactly) checkWanted(exactly, path.child('exactly'), errors);
  const alternatives = path.child('firstAvailable');
  checkItems(firstAvailable, alternativeLimit, alternatives, errors, (one, at) => {
    checkLabel(one.name, at.child('name'), errors);
    checkWanted(one, at, errors);
  }, (one) => one.name);
}

/** The names by which constraints and configuration can speak of requests and their alternatives. */
export function namesOf(requests: readonly DeviceRequest[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, firstAvailable = [] } of requests) {
    names.add(name);
    for (const one of firstAvailable) names.add(`${name}/${one.name}`);
  }
  return names;
}

/** Checks the name of a request or of an alternative of one. */
export function checkReference(name: string, names: ReadonlySet<string>, path: Path, errors: Errors): void {
  const parts = name.split('/');
  if (parts.length <= 2) for (const part of parts) errors.invalidEach(path, part, isDns1123Label(part));
  if (!names.has(name)) errors.invalid(path, name, "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'");
}

/** The same for a list of them. */
export function checkReferences(references: readonly string[] | undefined, names: ReadonlySet<string>, path: Path, errors: Errors): void {
  checkItems(references, requestLimit, path, errors, (name, at) => checkReference(name, names, at, errors), (name) => name);
}

function checkConstraint({ requests, matchAttribute, distinctAttribute }: DeviceConstraint, names: ReadonlySet<string>, path: Path, errors: Errors): void {
  checkReferences(requests, names, path.child('requests'), errors);
  if (matchAttribute !== undefined) checkFullyQualifiedName(matchAttribute, path.child('matchAttribute'), errors);
  else if (distinctAttribute !== undefined) checkFullyQualifiedName(distinctAttribute, path.child('distinctAttribute'), errors);
  else errors.required(path, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set');
}

/** Checks what is configured for one driver. */
export function checkOpaque(opaque: OpaqueDeviceConfiguration | undefined, path: Path, errors: Errors): void {
  if (!opaque) return errors.required(path);
  checkDriverName(opaque.driver, path.child('driver'), errors);
  const parameters = opaque.parameters as unknown;
  const at = path.child('parameters');
  if (parameters === undefined || parameters === null) return errors.required(at);
  if (typeof parameters !== 'object' || Array.isArray(parameters)) errors.invalid(at, '<value omitted>', 'must be a valid JSON object');
  if (textLength(parameters) > parametersLimit) errors.tooLong(at, parametersLimit);
}

/** Checks what a class or an allocation configures for drivers. */
export function checkConfiguration(config: readonly { readonly opaque?: OpaqueDeviceConfiguration }[] | undefined, path: Path, errors: Errors): void {
  checkItems(config, configLimit, path, errors, ({ opaque }, at) => checkOpaque(opaque, at.child('opaque'), errors));
}

/** Checks what a claim asks for (KEP-4381). */
export function checkClaimSpec({ devices = {} }: ResourceClaimSpec, path: Path, errors: Errors): void {
  const at = path.child('devices');
  const requests = devices.requests ?? [];
  const names = namesOf(requests);
  checkItems(requests, requestLimit, at.child('requests'), errors, (request, own) => checkRequest(request, own, errors), ({ name }) => name);
  checkItems(devices.constraints, constraintLimit, at.child('constraints'), errors, (constraint, own) => checkConstraint(constraint, names, own, errors));
  checkItems<DeviceClaimConfiguration>(devices.config, configLimit, at.child('config'), errors, ({ requests: references, opaque }, own) => {
    checkReferences(references, names, own.child('requests'), errors);
    checkOpaque(opaque, own.child('opaque'), errors);
  });
}
