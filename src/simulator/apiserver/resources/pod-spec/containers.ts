import { type Container, type ContainerResizePolicy, type ContainerRestartRule, type EphemeralContainer, isDns1123Label } from '../../../api';
import type { Errors, Path } from '../../field';
import { checkEnv, checkEnvFrom } from './env';
import { checkLifecycle, checkReadinessProbe, checkRestartingProbe } from './handlers';
import { checkDevices, checkMounts } from './mounts';
import { checkHostPorts, checkPorts } from './ports';
import { checkResources } from './resources';
import { checkOneOf, isPadded, type PodScope } from './scope';
import { checkSecurityContext } from './security';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const messagePolicies = ['File', 'FallbackToLogsOnError'];
const restartPolicies = ['Always', 'Never', 'OnFailure'];

/** Checks what containers of all kinds have. */
function checkCommon(container: Container | EphemeralContainer, path: Path, scope: PodScope): void {
  const { errors, isPod } = scope;
  const { name, image = '', terminationMessagePolicy = '', imagePullPolicy = '' } = container;
  if (name === '') errors.required(path.child('name'));
  else errors.invalidEach(path.child('name'), name, isDns1123Label(name));
  if (image === '') errors.required(path.child('image'));
  else if (isPod && isPadded(image)) errors.invalid(path.child('image'), image, 'must not have leading or trailing whitespace');
  if (terminationMessagePolicy !== '') checkOneOf(terminationMessagePolicy, messagePolicies, path.child('terminationMessagePolicy'), errors);
  else errors.required(path.child('terminationMessagePolicy'));
  if (container.ports) checkPorts(container.ports, path.child('ports'), scope);
  if (container.env) checkEnv(container.env, path.child('env'), scope);
  if (container.envFrom) checkEnvFrom(container.envFrom, path.child('envFrom'), errors);
  if (container.volumeMounts) checkMounts(container, path.child('volumeMounts'), scope);
  if (container.volumeDevices) checkDevices(container, path.child('volumeDevices'), scope);
  if (imagePullPolicy === '') errors.required(path.child('imagePullPolicy'));
  else checkOneOf(imagePullPolicy, pullPolicies, path.child('imagePullPolicy'), errors);
  if (container.resources) checkResources(container.resources, path.child('resources'), { claims: scope.claims, podLevel: false }, errors);
  if (container.resizePolicy) checkResizePolicy(container.resizePolicy, path.child('resizePolicy'), scope);
  if (container.securityContext) checkSecurityContext(container.securityContext, path.child('securityContext'), scope);
}

function checkResizePolicy(policies: readonly ContainerResizePolicy[], path: Path, { spec, errors }: PodScope): void {
  const seen = new Set<string>();
  for (const [index, { resourceName, restartPolicy }] of policies.entries()) {
    if (seen.has(resourceName)) errors.duplicate(path.index(index), resourceName);
    seen.add(resourceName);
    if (resourceName === '') errors.required(path);
    else checkOneOf(resourceName, ['cpu', 'memory'], path, errors);
    if (restartPolicy === '') errors.required(path);
    else checkOneOf(restartPolicy, ['NotRequired', 'RestartContainer'], path, errors);
    if (spec.restartPolicy === 'Never' && restartPolicy !== 'NotRequired') errors.invalid(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
  }
}

function checkRestart({ restartPolicy, restartPolicyRules: rules = [] }: Container, isInit: boolean, path: Path, errors: Errors): void {
  if (restartPolicy !== undefined) checkOneOf(restartPolicy, restartPolicies, path.child('restartPolicy'), errors);
  else if (rules.length > 0) {
    errors.required(path.child('restartPolicy'), 'must specify restartPolicy when restart rules are used');
    if (isInit) return;
  }
  const at = path.child('restartPolicyRules');
  if (rules.length > 20) errors.tooMany(at, rules.length, 20);
  for (const [index, rule] of rules.entries()) checkRestartRule(rule, at.index(index), errors);
}

function checkRestartRule({ action, exitCodes }: ContainerRestartRule, path: Path, errors: Errors): void {
  checkOneOf(action ?? '', ['Restart', 'RestartAllContainers'], path.child('action'), errors);
  if (!exitCodes) return errors.required(path.child('exitCodes'), 'must be specified');
  checkOneOf(exitCodes.operator, ['In', 'NotIn'], path.child('exitCodes').child('operator'), errors);
  if ((exitCodes.values ?? []).length > 255) errors.tooMany(path.child('exitCodes').child('values'), exitCodes.values?.length ?? 0, 255);
}

/** Checks the containers that make up the Pod. */
export function checkContainers(containers: readonly Container[], path: Path, names: Set<string>, scope: PodScope): void {
  const { errors } = scope;
  if (containers.length === 0) return errors.required(path);
  for (const [index, container] of containers.entries()) {
    const at = path.index(index);
    checkCommon(container, at, scope);
    if (names.has(container.name)) errors.duplicate(at.child('name'), container.name);
    else names.add(container.name);
    if (container.lifecycle) checkLifecycle(container.lifecycle, at.child('lifecycle'), scope);
    checkRestartingProbe(container.livenessProbe, at.child('livenessProbe'), scope);
    checkReadinessProbe(container.readinessProbe, at.child('readinessProbe'), scope);
    checkRestartingProbe(container.startupProbe, at.child('startupProbe'), scope);
    checkRestart(container, false, at, errors);
  }
  checkHostPorts(containers, path, errors);
}

const onlySidecars = 'may not be set for init containers without restartPolicy=Always';

/** Checks init containers and, among them, sidecars (KEP-753). */
export function checkInitContainers(containers: readonly Container[], path: Path, names: Set<string>, scope: PodScope): void {
  const { errors } = scope;
  for (const [index, container] of containers.entries()) {
    const at = path.index(index);
    checkCommon(container, at, scope);
    checkRestart(container, true, at, errors);
    if (names.has(container.name)) errors.duplicate(at.child('name'), container.name);
    else if (container.name !== '') names.add(container.name);
    if (container.restartPolicy === 'Always') {
      if (container.lifecycle) checkLifecycle(container.lifecycle, at.child('lifecycle'), scope);
      checkRestartingProbe(container.livenessProbe, at.child('livenessProbe'), scope);
      checkReadinessProbe(container.readinessProbe, at.child('readinessProbe'), scope);
      checkRestartingProbe(container.startupProbe, at.child('startupProbe'), scope);
    } else {
      if (container.lifecycle) errors.forbidden(at.child('lifecycle'), onlySidecars);
      if (container.livenessProbe) errors.forbidden(at.child('livenessProbe'), onlySidecars);
      if (container.readinessProbe) errors.forbidden(at.child('readinessProbe'), onlySidecars);
      if (container.startupProbe) errors.forbidden(at.child('startupProbe'), onlySidecars);
    }
    if (container.ports) checkHostPorts([container], path, errors);
  }
}

const notEphemeral = ['ports', 'resources', 'resizePolicy', 'restartPolicy', 'restartPolicyRules', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const;

/** Checks ephemeral containers (KEP-277). */
export function checkEphemeralContainers(containers: readonly EphemeralContainer[], path: Path, names: Set<string>, scope: PodScope): void {
  const { errors, spec } = scope;
  const all = new Set([...names, ...(spec.initContainers ?? []).map(({ name }) => name)]);
  const targets = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name));
  for (const [index, container] of containers.entries()) {
    const at = path.index(index);
    checkCommon(container, at, scope);
    if (all.has(container.name)) errors.duplicate(at.child('name'), container.name);
    all.add(container.name);
    const target = container.targetContainerName ?? '';
    if (target !== '' && !targets.has(target)) errors.notFound(at.child('targetContainerName'), target);
    const { limits, requests, claims } = container.resources ?? {};
    const set = (field: (typeof notEphemeral)[number]): boolean => (field === 'resources' ? limits !== undefined || requests !== undefined || claims !== undefined : container[field] !== undefined);
    for (const field of notEphemeral) if (set(field)) errors.forbidden(at.child(field), 'cannot be set for an Ephemeral Container');
    for (const [mountIndex, mount] of (container.volumeMounts ?? []).entries()) {
      if ((mount.subPath ?? '') !== '') errors.forbidden(at.child('volumeMounts').index(mountIndex).child('subPath'), 'cannot be set for an Ephemeral Container');
      if ((mount.subPathExpr ?? '') !== '') errors.forbidden(at.child('volumeMounts').index(mountIndex).child('subPathExpr'), 'cannot be set for an Ephemeral Container');
    }
  }
}
