import type { Container, PodSpec, SecurityContext } from '../../../api';
import type { Errors, Path } from '../../field';

const notOnWindows = 'cannot be set for a windows pod';
const notOnLinux = 'windows options cannot be set for a linux pod';

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

function eachContext(spec: PodSpec, path: Path, check: (context: SecurityContext, path: Path) => void): void {
  for (const list of containerLists) {
    for (const [index, { securityContext }] of ((spec[list] ?? []) as readonly Container[]).entries()) {
      if (securityContext) check(securityContext, path.child(list).index(index).child('securityContext'));
    }
  }
}

const podFieldsBefore = ['appArmorProfile', 'seLinuxOptions', 'seccompProfile'] as const;
const podFieldsAfter = ['fsGroup', 'fsGroupChangePolicy', 'sysctls', 'runAsUser', 'runAsGroup', 'supplementalGroups', 'supplementalGroupsPolicy'] as const;
const containerFields = ['appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'capabilities', 'readOnlyRootFilesystem', 'privileged', 'allowPrivilegeEscalation', 'procMount', 'runAsUser', 'runAsGroup'] as const;

function checkWindowsPod(spec: PodSpec, path: Path, errors: Errors): void {
  const context = spec.securityContext ?? {};
  const at = path.child('securityContext');
  for (const field of podFieldsBefore) if (context[field] !== undefined) errors.forbidden(at.child(field), notOnWindows);
  if (spec.hostPID) errors.forbidden(path.child('hostPID'), notOnWindows);
  if (spec.hostIPC) errors.forbidden(path.child('hostIPC'), notOnWindows);
  if (spec.hostUsers !== undefined) errors.forbidden(path.child('hostUsers'), notOnWindows);
  if (spec.shareProcessNamespace !== undefined) errors.forbidden(path.child('shareProcessNamespace'), notOnWindows);
  for (const field of podFieldsAfter) if (context[field] !== undefined) errors.forbidden(at.child(field), notOnWindows);
  eachContext(spec, path, (own, ownPath) => {
    for (const field of containerFields) if (own[field] !== undefined) errors.forbidden(ownPath.child(field), notOnWindows);
  });
}

/** Checks the operating system that a Pod names, and that it sets nothing of another one. */
export function checkOperatingSystem(spec: PodSpec, path: Path, errors: Errors): void {
  if (!spec.os) return;
  const { name } = spec.os;
  if (name === '') return errors.required(path.child('os').child('name'));
  if (name === 'windows') checkWindowsPod(spec, path, errors);
  else if (name === 'linux') {
    if (spec.securityContext?.windowsOptions) errors.forbidden(path.child('securityContext').child('windowsOptions'), notOnLinux);
    eachContext(spec, path, (own, ownPath) => {
      if (own.windowsOptions) errors.forbidden(ownPath.child('windowsOptions'), notOnLinux);
    });
  } else errors.notSupported(path.child('os'), name, ['linux', 'windows']);
}

/** Checks that Windows host processes share the host's network, all or none. */
export function checkHostProcess(spec: PodSpec, path: Path, errors: Errors): void {
  const podWide = spec.securityContext?.windowsOptions?.hostProcess;
  let count = 0;
  let total = 0;
  for (const list of containerLists) {
    for (const [index, { securityContext }] of ((spec[list] ?? []) as readonly Container[]).entries()) {
      const own = securityContext?.windowsOptions?.hostProcess;
      total += 1;
      if (podWide !== undefined && own !== undefined && podWide !== own) {
        errors.invalid(path.child(list).index(index).child('securityContext').child('windowsOptions').child('hostProcess'), own, `pod hostProcess value must be identical if both are specified, was ${podWide}`);
      }
      if (own ?? podWide) count += 1;
    }
  }
  if (count === 0) return;
  if (count < total) errors.invalid(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers');
  if (!spec.hostNetwork) errors.invalid(path.child('hostNetwork'), false, 'hostNetwork must be true if pod contains any hostProcess containers');
}
