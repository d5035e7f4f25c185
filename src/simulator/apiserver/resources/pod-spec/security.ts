import { type AppArmorProfile, byteLength, isDns1123Subdomain, type PodSecurityContext, type SeccompProfile, type SecurityContext, type WindowsSecurityContextOptions } from '../../../api';
import { type Errors, inclusiveRange, type Path } from '../../field';
import { internalView } from '../internal-view';
import { checkLocalDescendingPath, checkOneOf, type PodScope } from './scope';

const largestId = 2_147_483_647;

function checkId(id: number | undefined, path: Path, errors: Errors): void {
  if (id !== undefined && (id < 0 || id > largestId)) errors.invalid(path, id, inclusiveRange(0, largestId));
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function checkSeccomp(profile: SeccompProfile, path: Path, errors: Errors): void {
  const { type, localhostProfile } = profile;
  if ((type as string) !== '') checkOneOf(type, profileTypes, path.child('type'), errors);
  else errors.required(path.child('type'), 'type is required when seccompProfile is set');
  if (type === 'Localhost') {
    if (localhostProfile === undefined) errors.required(path.child('localhostProfile'), 'must be set when seccomp type is Localhost');
    else checkLocalDescendingPath(localhostProfile, path.child('localhostProfile'), errors);
  } else if (localhostProfile !== undefined) {
    errors.invalid(path.child('localhostProfile'), internalView('io.k8s.api.core.v1.SeccompProfile', profile), 'can only be set when seccomp type is Localhost');
  }
}

function checkAppArmor({ type, localhostProfile }: AppArmorProfile, path: Path, errors: Errors): void {
  const at = path.child('localhostProfile');
  if (type === 'Localhost') {
    if (localhostProfile === undefined) errors.required(at, 'must be set when AppArmor type is Localhost');
    else {
      const trimmed = localhostProfile.trim();
      if (trimmed !== localhostProfile) errors.invalid(at, localhostProfile, 'must not be padded with whitespace');
      else if (trimmed === '') errors.required(at, 'must be set when AppArmor type is Localhost');
      if (byteLength(localhostProfile) > 4095) errors.tooLong(at, 4095);
    }
  } else if (localhostProfile !== undefined) errors.invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost');
  if ((type as string) === '') errors.required(path.child('type'), 'type is required when appArmorProfile is set');
  else checkOneOf(type, profileTypes, path.child('type'), errors);
}

 
const controls = /[\x00-\x1f\x7f]/;

function checkUserName(name: string, path: Path, errors: Errors): void {
  if (name === '') return errors.invalid(path, name, 'runAsUserName cannot be an empty string');
  if (controls.test(name)) return errors.invalid(path, name, 'runAsUserName cannot contain control characters');
  const parts = name.split('\\');
  if (parts.length > 2) return errors.invalid(path, name, 'runAsUserName cannot contain more than one backslash');
  const user = parts.at(-1) as string;
  if (parts.length === 2 && (parts[0] as string).length >= 256) errors.invalid(path, name, "runAsUserName's Domain length must be under 256 characters");
  if (user === '') return errors.invalid(path, name, "runAsUserName's User cannot be empty");
  if (user.length > 104) errors.invalid(path, name, "runAsUserName's User length must not be longer than 104 characters");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) errors.invalid(path, name, `runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
}

function checkWindows(options: WindowsSecurityContextOptions, path: Path, errors: Errors): void {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  if (gmsaCredentialSpecName !== undefined) errors.invalidEach(path.child('gmsaCredentialSpecName'), gmsaCredentialSpecName, isDns1123Subdomain(gmsaCredentialSpecName));
  if (gmsaCredentialSpec === '') errors.invalid(path.child('gmsaCredentialSpec'), '', 'gmsaCredentialSpec cannot be an empty string');
  else if (gmsaCredentialSpec !== undefined && byteLength(gmsaCredentialSpec) > 65_536) errors.invalid(path.child('gmsaCredentialSpec'), gmsaCredentialSpec, 'gmsaCredentialSpec size must be under 64 KiB');
  if (runAsUserName !== undefined) checkUserName(runAsUserName, path.child('runAsUserName'), errors);
}

/** Checks a container's security context. */
export function checkSecurityContext(context: SecurityContext, path: Path, { spec, errors }: PodScope): void {
  checkId(context.runAsUser, path.child('runAsUser'), errors);
  checkId(context.runAsGroup, path.child('runAsGroup'), errors);
  if (context.procMount !== undefined) {
    checkOneOf(context.procMount, ['Default', 'Unmasked'], path.child('procMount'), errors);
    if (context.procMount === 'Unmasked' && spec.hostUsers !== false) errors.invalid(path.child('procMount'), context.procMount, '`hostUsers` must be false to use `Unmasked`');
  }
  if (context.seccompProfile) checkSeccomp(context.seccompProfile, path.child('seccompProfile'), errors);
  if (context.allowPrivilegeEscalation === false) checkEscalation(context, path, errors);
  if (context.windowsOptions) checkWindows(context.windowsOptions, path.child('windowsOptions'), errors);
  if (context.appArmorProfile) checkAppArmor(context.appArmorProfile, path.child('appArmorProfile'), errors);
}

function checkEscalation(context: SecurityContext, path: Path, errors: Errors): void {
  const show = () => internalView('io.k8s.api.core.v1.SecurityContext', context);
  if (context.privileged) errors.invalid(path, show(), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) errors.invalid(path, show(), 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN');
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const sysctlMessage = 'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const ipcSysctls = /^(kernel\.(sem|shm|msg)|fs\.mqueue\.)/;

function checkSysctls(sysctls: NonNullable<PodSecurityContext['sysctls']>, path: Path, { spec, errors }: PodScope): void {
  const names = new Set<string>();
  for (const [index, { name }] of sysctls.entries()) {
    const at = path.index(index).child('name');
    const dotted = name.replaceAll('/', '.');
    if (name === '') errors.required(at);
    else if (name.length > 253 || !sysctlName.test(name)) errors.invalid(at, name, sysctlMessage);
    else if (names.has(dotted)) errors.duplicate(at, name);
    names.add(dotted);
    if (spec.hostNetwork && dotted.startsWith('net.')) errors.invalid(at, name, "may not be specified when 'hostNetwork' is true");
    if (spec.hostIPC && ipcSysctls.test(dotted)) errors.invalid(at, name, "may not be specified when 'hostIPC' is true");
  }
}

/** Checks a Pod's security context and the host namespaces that go with it. */
export function checkPodSecurityContext(path: Path, scope: PodScope): void {
  const { spec, errors } = scope;
  const context = spec.securityContext ?? {};
  const at = path.child('securityContext');
  if (context.fsGroup !== undefined) checkId(context.fsGroup, at.child('fsGroup'), errors);
  checkId(context.runAsUser, at.child('runAsUser'), errors);
  checkId(context.runAsGroup, at.child('runAsGroup'), errors);
  for (const [index, group] of (context.supplementalGroups ?? []).entries()) checkId(group, at.child('supplementalGroups').index(index), errors);
  if (spec.shareProcessNamespace && spec.hostPID) errors.invalid(at.child('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled');
  if (context.sysctls) checkSysctls(context.sysctls, at.child('sysctls'), scope);
  if (context.fsGroupChangePolicy !== undefined) checkOneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], at.child('fsGroupChangePolicy'), errors);
  if (context.seccompProfile) checkSeccomp(context.seccompProfile, at.child('seccompProfile'), errors);
  if (context.windowsOptions) checkWindows(context.windowsOptions, at.child('windowsOptions'), errors);
  if (context.appArmorProfile) checkAppArmor(context.appArmorProfile, at.child('appArmorProfile'), errors);
  if (context.supplementalGroupsPolicy !== undefined) checkOneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], at.child('supplementalGroupsPolicy'), errors);
  if (context.seLinuxChangePolicy !== undefined) checkOneOf(context.seLinuxChangePolicy, ['Recursive'], at.child('seLinuxChangePolicy'), errors);
}

