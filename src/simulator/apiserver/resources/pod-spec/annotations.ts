import type { PodSpec } from '../../../api';
import type { Errors, Path } from '../../field';

const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/';
const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const seccompProfiles = new Set(['runtime/default', 'docker/default', 'unconfined']);

/** Checks annotations that change how a Pod runs. */
export function checkPodAnnotations(annotations: Readonly<Record<string, string>> | undefined, spec: PodSpec, path: Path, errors: Errors): void {
  if (annotations === undefined) return;
  const keys = Object.keys(annotations).sort();
  const each = (matches: (key: string) => boolean, check: (key: string, value: string) => void): void => {
    for (const key of keys) if (matches(key)) check(key, annotations[key] as string);
  };
  each((key) => key === seccompPod || key.startsWith(seccompContainer), (key, value) => checkSeccomp(value, path.child(key), errors));
  each((key) => key.startsWith(appArmor), (key, value) => checkAppArmor(key.slice(appArmor.length), value, spec, path.index(key), errors));
  each((key) => key === deletionCost, (key, value) => checkCost(value, path.index(key), errors));
}

function checkSeccomp(value: string, path: Path, errors: Errors): void {
  if (seccompProfiles.has(value) || value === '') return;
  if (value.startsWith('localhost/')) return;
  errors.invalid(path, value, 'must be a valid seccomp profile');
}

function checkAppArmor(container: string, value: string, spec: PodSpec, path: Path, errors: Errors): void {
  const known = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])].some(({ name }) => name === container);
  if (!known) errors.invalid(path, container, 'container not found');
  else if (value !== '' && value !== 'runtime/default' && value !== 'unconfined' && !value.startsWith('localhost/')) errors.invalid(path, value, `invalid AppArmor profile name: ${JSON.stringify(value)}`);
}

function checkCost(value: string, path: Path, errors: Errors): void {
  const number = Number(value);
  if (!/^[+-]?(0|[1-9]\d*)$/.test(value) || value.startsWith('+') || number > 2_147_483_647 || number < -2_147_483_648) errors.invalid(path, value, 'must be a 32bit integer');
}
