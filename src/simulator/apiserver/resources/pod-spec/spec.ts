import { isDns1123Label, isDns1123Subdomain, isQualifiedName, type PodResourceClaim, type PodSpec } from '../../../api';
import { type Errors, inclusiveRange, labelErrors, type Path } from '../../field';
import { internalView } from '../internal-view';
import { checkAffinity } from './affinity';
import { checkContainers, checkEphemeralContainers, checkInitContainers } from './containers';
import { checkDnsConfig, checkDnsPolicy, checkHostAliases, checkHostnameOverride, checkHostnames } from './dns';
import { checkFileVolumes } from './env';
import { checkHostProcess, checkOperatingSystem } from './operating-system';
import { checkPodResources } from './pod-resources';
import { checkResources } from './resources';
import { checkSchedulingGates, checkTolerations, checkTopologySpread } from './scheduling';
import { checkOneOf, type PodScope } from './scope';
import { checkPodSecurityContext } from './security';
import { checkVolumes } from './volumes';

const noClaims: ReadonlySet<string> = new Set();
const noVolumes: ReadonlyMap<string, 'block' | 'file'> = new Map();

/** Checks everything in a Pod's spec, of a Pod (`isPod`) or of a template. The order of errors is the server's. */
export function checkPodSpec(spec: PodSpec, path: Path, isPod: boolean, errors: Errors): void {
  const volumes = spec.volumes ? checkVolumes(spec.volumes, path.child('volumes'), isPod, errors) : noVolumes;
  const claims = spec.resourceClaims ? checkResourceClaims(spec.resourceClaims, path.child('resourceClaims'), errors) : noClaims;
  const scope: PodScope = { spec, errors, volumes, claims, isPod };
  const names = new Set<string>();
  checkContainers(spec.containers ?? [], path.child('containers'), names, scope);
  if (spec.initContainers) checkInitContainers(spec.initContainers, path.child('initContainers'), names, scope);
  if (spec.ephemeralContainers) checkEphemeralContainers(spec.ephemeralContainers, path.child('ephemeralContainers'), names, scope);
  if (spec.resources) checkPodResources(path.child('resources'), scope);
  checkPolicies(spec, path, errors);
  if (spec.nodeSelector) labelErrors(spec.nodeSelector, path.child('nodeSelector'), errors);
  checkPodSecurityContext(path, scope);
  if (spec.affinity) checkAffinity(spec.affinity, path.child('affinity'), errors);
  checkDnsConfig(spec.dnsConfig, spec.dnsPolicy ?? '', path.child('dnsConfig'), errors);
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries()) {
    errors.invalidEach(path.child('readinessGates').index(index).child('conditionType'), conditionType, isQualifiedName(conditionType));
  }
  if (spec.schedulingGates) checkSchedulingGates(spec.schedulingGates, path.child('schedulingGates'), errors);
  if (spec.topologySpreadConstraints) checkTopologySpread(spec.topologySpreadConstraints, path.child('topologySpreadConstraints'), errors);
  checkHostProcess(spec, path, errors);
  if (spec.hostUsers === false) checkOwnUsers(spec, path, errors);
  checkHostnameOverride(spec, path, errors);
  checkNames(spec, path, errors);
  if (spec.tolerations) checkTolerations(spec.tolerations, path.child('tolerations'), errors);
  if (spec.hostAliases) checkHostAliases(spec, path.child('hostAliases'), errors);
  checkClasses(spec, path, errors);
  checkOperatingSystem(spec, path, errors);
  checkFileVolumes(spec, path, scope);
}

function checkPolicies({ restartPolicy, dnsPolicy }: PodSpec, path: Path, errors: Errors): void {
  if ((restartPolicy ?? '') === '') errors.required(path.child('restartPolicy'));
  else checkOneOf(restartPolicy as string, ['Always', 'OnFailure', 'Never'], path.child('restartPolicy'), errors);
  checkDnsPolicy(dnsPolicy ?? '', path.child('dnsPolicy'), errors);
}

function checkOwnUsers(spec: PodSpec, path: Path, errors: Errors): void {
  const { hostNetwork, hostPID, hostIPC } = spec;
  if (hostNetwork) errors.forbidden(path.child('hostNetwork'), 'when `hostUsers` is false');
  if (hostPID) errors.forbidden(path.child('HostPID'), 'when `hostUsers` is false');
  if (hostIPC) errors.forbidden(path.child('HostIPC'), 'when `hostUsers` is false');
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [index, { volumeDevices = [] }] of (spec[list] ?? []).entries()) if (volumeDevices.length > 0) errors.forbidden(path.child(list).index(index).child('volumeDevices'), 'when `hostUsers` is false');
  }
}

function checkNames(spec: PodSpec, path: Path, errors: Errors): void {
  const { serviceAccountName = '', nodeName = '', activeDeadlineSeconds: deadline } = spec;
  if (serviceAccountName !== '') errors.invalidEach(path.child('serviceAccountName'), serviceAccountName, isDns1123Subdomain(serviceAccountName));
  if (nodeName !== '') errors.invalidEach(path.child('nodeName'), nodeName, isDns1123Subdomain(nodeName));
  if (deadline !== undefined && (deadline < 1 || deadline > 2_147_483_647)) errors.invalid(path.child('activeDeadlineSeconds'), deadline, inclusiveRange(1, 2_147_483_647));
  checkHostnames(spec, path, errors);
}

function checkClasses({ priorityClassName = '', runtimeClassName, preemptionPolicy, overhead }: PodSpec, path: Path, errors: Errors): void {
  if (priorityClassName !== '') errors.invalidEach(path.child('priorityClassName'), priorityClassName, isDns1123Subdomain(priorityClassName));
  if (runtimeClassName !== undefined) errors.invalidEach(path.child('runtimeClassName'), runtimeClassName, isDns1123Subdomain(runtimeClassName));
  if (preemptionPolicy !== undefined) checkOneOf(preemptionPolicy, ['PreemptLowerPriority', 'Never'], path.child('preemptionPolicy'), errors);
  if (overhead) checkResources({ limits: overhead }, path.child('overhead'), { claims: noClaims, podLevel: false }, errors);
}

function checkResourceClaims(claims: readonly PodResourceClaim[], path: Path, errors: Errors): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const at = path.index(index);
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    if (names.has(name)) errors.duplicate(at.child('name'), name);
    if (name === '') errors.required(at.child('name'));
    else {
      errors.invalidEach(at.child('name'), name, isDns1123Label(name));
      names.add(name);
    }
    const show = () => internalView('io.k8s.api.core.v1.PodResourceClaim', claim);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) errors.invalid(at, show(), 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified');
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) errors.invalid(at, show(), 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`');
    if (resourceClaimName !== undefined) errors.invalidEach(at.child('resourceClaimName'), resourceClaimName, isDns1123Subdomain(resourceClaimName));
    if (resourceClaimTemplateName !== undefined) errors.invalidEach(at.child('resourceClaimTemplateName'), resourceClaimTemplateName, isDns1123Subdomain(resourceClaimTemplateName));
  }
  return names;
}
