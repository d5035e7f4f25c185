import type { Container, EphemeralContainer, PodSpec, SecurityContext } from '../../../api';

/** What a check has against a Pod: a short reason, and where. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** A Pod, or what a template says of one. */
export interface Subject {
  readonly spec: PodSpec;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One of the standard's checks; undefined when it is passed. */
export type Check = (subject: Subject) => Violation | undefined;

type AnyContainer = Container | EphemeralContainer;

/** Init containers, containers, ephemeral containers: the order in which they are named. */
export const allContainers = ({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): readonly AnyContainer[] => [...initContainers, ...(containers ?? []), ...ephemeralContainers];

const quoted = (items: readonly string[]): string => items.map((item) => JSON.stringify(item)).join(', ');
const plural = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);
const named = (names: readonly string[]): string => `${plural(names.length, 'container')} ${quoted(names)}`;

/** Containers of which something holds, by name. */
const containersWith = (spec: PodSpec, holds: (context: SecurityContext, container: AnyContainer) => boolean): string[] =>
  allContainers(spec).filter((container) => holds(container.securityContext ?? {}, container)).map(({ name }) => name);

const forbid = (reason: string, text: (names: readonly string[]) => string, holds: (context: SecurityContext) => boolean): Check => ({ spec }) => {
  const names = containersWith(spec, holds);
  return names.length === 0 ? undefined : { reason, detail: text(names) };
};

const ownUsers = (spec: PodSpec): boolean => spec.hostUsers === false;
const isWindows = (spec: PodSpec): boolean => spec.os?.name === 'windows';

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

const appArmor: Check = ({ spec, annotations }) => {
  const bad = new Set<string>();
  const setters: string[] = [];
  const podType = spec.securityContext?.appArmorProfile?.type as string | undefined;
  const allowed = (type: string | undefined) => type === undefined || type === 'RuntimeDefault' || type === 'Localhost';
  if (!allowed(podType)) {
    setters.push('pod');
    bad.add(JSON.stringify(podType));
  }
  const names = containersWith(spec, ({ appArmorProfile }) => !allowed(appArmorProfile?.type));
  for (const { securityContext } of allContainers(spec)) if (!allowed(securityContext?.appArmorProfile?.type)) bad.add(JSON.stringify(securityContext?.appArmorProfile?.type));
  if (names.length > 0) setters.push(named(names));
  const wrong = Object.keys(annotations).filter((key) => key.startsWith(appArmorPrefix) && !/^(runtime\/default|localhost\/.*|)$/.test(annotations[key] ?? ''));
  if (wrong.length > 0) setters.push(plural(wrong.length, 'annotation'));
  if (setters.length === 0) return undefined;
  const texts = [...[...bad].sort(), ...wrong.map((key) => `"${key}=${JSON.stringify(annotations[key])}"`).sort()];
  return { reason: plural(texts.length, 'forbidden AppArmor profile'), detail: `${setters.join(' and ')} must not set AppArmor profile type to ${texts.join(', ')}` };
};

const defaultCapabilities = new Set(['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT']);

function addedBeyond(spec: PodSpec, allowed: ReadonlySet<string>): { names: string[]; capabilities: string[] } {
  const capabilities = new Set<string>();
  const names = containersWith(spec, ({ capabilities: own }) => {
    const beyond = (own?.add ?? []).filter((one) => !allowed.has(one));
    for (const one of beyond) capabilities.add(one);
    return beyond.length > 0;
  });
  return { names, capabilities: [...capabilities].sort() };
}

const mustNotInclude = ({ names, capabilities }: { names: string[]; capabilities: string[] }): string => `${named(names)} must not include ${quoted(capabilities)} in securityContext.capabilities.add`;

const capabilitiesBaseline: Check = ({ spec }) => {
  const beyond = addedBeyond(spec, defaultCapabilities);
  return beyond.names.length === 0 ? undefined : { reason: 'non-default capabilities', detail: mustNotInclude(beyond) };
};

const onlyBind = new Set(['NET_BIND_SERVICE']);

const capabilitiesRestricted: Check = ({ spec }) => {
  const kept = containersWith(spec, ({ capabilities }) => !(capabilities?.drop ?? []).includes('ALL'));
  const beyond = addedBeyond(spec, onlyBind);
  const details: string[] = [];
  if (kept.length > 0) details.push(`${named(kept)} must set securityContext.capabilities.drop=["ALL"]`);
  if (beyond.names.length > 0) details.push(mustNotInclude(beyond));
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

const hostNamespaces: Check = ({ spec }) => {
  const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]).map((field) => `${field}=true`);
  return used.length === 0 ? undefined : { reason: 'host namespaces', detail: used.join(', ') };
};

const hostPathVolumes: Check = ({ spec }) => {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: `${plural(names.length, 'volume')} ${quoted(names)}` };
};

const hostPorts: Check = ({ spec }) => {
  const ports = new Set<number>();
  const names = containersWith(spec, (_, { ports: own = [] }) => {
    for (const { hostPort = 0 } of own) if (hostPort !== 0) ports.add(hostPort);
    return own.some(({ hostPort = 0 }) => hostPort !== 0);
  });
  if (names.length === 0) return undefined;
  const list = [...ports].map(String).sort();
  return { reason: 'hostPort', detail: `${named(names)} ${plural(names.length, 'uses', 'use')} ${plural(list.length, 'hostPort')} ${list.join(', ')}` };
};

function handlerHosts({ livenessProbe, readinessProbe, startupProbe, lifecycle }: AnyContainer): string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return handlers.flatMap((handler) => [handler?.httpGet?.host ?? '', handler?.tcpSocket?.host ?? '']).filter((host) => host !== '');
}

const hostProbes: Check = ({ spec }) => {
  const hosts = new Set<string>();
  const names = containersWith(spec, (_, container) => {
    const own = handlerHosts(container);
    for (const host of own) hosts.add(host);
    return own.length > 0;
  });
  if (names.length === 0) return undefined;
  const list = [...hosts].sort();
  return { reason: 'probe or lifecycle host', detail: `${named(names)} ${plural(names.length, 'uses', 'use')} probe or lifecycle ${plural(list.length, 'host')} ${quoted(list)}` };
};

const privileged = forbid('privileged', (names) => `${named(names)} must not set securityContext.privileged=true`, (context) => context.privileged === true);

const procMount: Check = (subject) => {
  const types = new Set<string>();
  const names = containersWith(subject.spec, ({ procMount: own }) => {
    if (own !== undefined && own !== 'Default') types.add(own);
    return own !== undefined && own !== 'Default';
  });
  return names.length === 0 ? undefined : { reason: 'procMount', detail: `${named(names)} must not set securityContext.procMount to ${quoted([...types].sort())}` };
};

const firstTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

const seLinux = (allowed: readonly string[]): Check => ({ spec }) => {
  const seLinuxTypes = new Set(allowed);
  const types = new Set<string>();
  let user = false;
  let role = false;
  const isBad = (options: SecurityContext['seLinuxOptions']): boolean => {
    if (!options) return false;
    const { type = '', user: ownUser = '', role: ownRole = '' } = options;
    if (!seLinuxTypes.has(type)) types.add(type);
    if (ownUser !== '') user = true;
    if (ownRole !== '') role = true;
    return !seLinuxTypes.has(type) || ownUser !== '' || ownRole !== '';
  };
  const setters: string[] = [];
  if (isBad(spec.securityContext?.seLinuxOptions)) setters.push('pod');
  const names = containersWith(spec, ({ seLinuxOptions }) => isBad(seLinuxOptions));
  if (names.length > 0) setters.push(named(names));
  if (setters.length === 0) return undefined;
  const what: string[] = [];
  if (types.size > 0) what.push(`${plural(types.size, 'type')} ${quoted([...types].sort())}`);
  if (user) what.push('user may not be set');
  if (role) what.push('role may not be set');
  return { reason: 'seLinuxOptions', detail: `${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}` };
};

const goodSeccomp = (type: string | undefined): boolean => type === 'RuntimeDefault' || type === 'Localhost';

function seccompSetters(spec: PodSpec): { setters: string[]; types: string[] } {
  const types = new Set<string>();
  const setters: string[] = [];
  const isBad = (type: string | undefined): boolean => {
    if (type === undefined || goodSeccomp(type)) return false;
    types.add(type);
    return true;
  };
  if (isBad(spec.securityContext?.seccompProfile?.type)) setters.push('pod');
  const names = containersWith(spec, ({ seccompProfile }) => isBad(seccompProfile?.type));
  if (names.length > 0) setters.push(named(names));
  return { setters, types: [...types].sort() };
}

const seccompDetail = ({ setters, types }: { setters: string[]; types: string[] }): string => `${setters.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(types)}`;

const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';

/** Before there were fields, annotations said it. */
const seccompAnnotations: Check = ({ spec, annotations }) => {
  const names = [podSeccomp, ...allContainers(spec).map(({ name }) => `${containerSeccomp}${name}`)];
  const bad = names.filter((name) => annotations[name] !== undefined && !/^(runtime\/default|docker\/default|localhost\/.*)$/.test(annotations[name] ?? ''));
  if (bad.length === 0) return undefined;
  return { reason: 'seccompProfile', detail: `forbidden ${plural(bad.length, 'annotation')} ${bad.map((name) => `${name}=${JSON.stringify(annotations[name])}`).sort().join(', ')}` };
};

const seccompBaseline: Check = ({ spec }) => {
  const bad = seccompSetters(spec);
  return bad.setters.length === 0 ? undefined : { reason: 'seccompProfile', detail: seccompDetail(bad) };
};

const seccompRestricted: Check = ({ spec }) => {
  const bad = seccompSetters(spec);
  if (bad.setters.length > 0) return { reason: 'seccompProfile', detail: seccompDetail(bad) };
  if (goodSeccomp(spec.securityContext?.seccompProfile?.type)) return undefined;
  const names = containersWith(spec, ({ seccompProfile }) => !goodSeccomp(seccompProfile?.type));
  return names.length === 0 ? undefined : { reason: 'seccompProfile', detail: `pod or ${named(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` };
};

const firstSysctls = ['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start'];
const sysctls27 = [...firstSysctls, 'net.ipv4.ip_local_reserved_ports'];
const sysctls29 = [...sysctls27, 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes'];
const sysctls32 = [...sysctls29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

const sysctls = (safe: readonly string[]): Check => ({ spec }) => {
  const safeSysctls = new Set(safe);
  const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !safeSysctls.has(name));
  return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
};

const hostProcess: Check = ({ spec }) => {
  const setters: string[] = [];
  if (spec.securityContext?.windowsOptions?.hostProcess) setters.push('pod');
  const names = containersWith(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  if (names.length > 0) setters.push(named(names));
  return setters.length === 0 ? undefined : { reason: 'hostProcess', detail: `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true` };
};

const escalation = forbid('allowPrivilegeEscalation != false', (names) => `${named(names)} must set securityContext.allowPrivilegeEscalation=false`, (context) => context.allowPrivilegeEscalation !== false);

const exceptOwnUsers = (check: Check): Check => (subject) => (ownUsers(subject.spec) ? undefined : check(subject));

/** What Windows does not know is not asked of its Pods. */
const exceptWindows = (check: Check): Check => (subject) => (isWindows(subject.spec) ? undefined : check(subject));

const restrictedVolumeTypes = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret']);

const restrictedVolumes: Check = ({ spec }) => {
  const types = new Set<string>();
  const names: string[] = [];
  for (const volume of spec.volumes ?? []) {
    const type = Object.keys(volume).find((key) => key !== 'name' && (volume as unknown as Readonly<Record<string, unknown>>)[key] !== undefined);
    if (type === undefined || restrictedVolumeTypes.has(type)) continue;
    names.push(volume.name);
    types.add(type);
  }
  if (names.length === 0) return undefined;
  const list = [...types].sort();
  return { reason: 'restricted volume types', detail: `${plural(names.length, 'volume')} ${quoted(names)} ${plural(names.length, 'uses', 'use')} ${plural(list.length, 'restricted volume type')} ${quoted(list)}` };
};

const runAsNonRoot: Check = ({ spec }) => {
  const setters: string[] = [];
  const podSays = spec.securityContext?.runAsNonRoot;
  const explicit = containersWith(spec, (context) => context.runAsNonRoot === false);
  if (podSays === false && containersWith(spec, (context) => context.runAsNonRoot !== true).length > 0) setters.push('pod');
  if (explicit.length > 0) setters.push(named(explicit));
  if (setters.length > 0) return { reason: 'runAsNonRoot != true', detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false` };
  if (podSays === true) return undefined;
  const silent = containersWith(spec, (context) => context.runAsNonRoot === undefined);
  return silent.length === 0 ? undefined : { reason: 'runAsNonRoot != true', detail: `pod or ${named(silent)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: Check = ({ spec }) => {
  const setters: string[] = [];
  if (spec.securityContext?.runAsUser === 0) setters.push('pod');
  const names = containersWith(spec, (context) => context.runAsUser === 0);
  if (names.length > 0) setters.push(named(names));
  return setters.length === 0 ? undefined : { reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0` };
};

/** One check in its versions: from which minor version of the standard on it looks so. */
type Versions = readonly (readonly [since: number, check: Check])[];

const always = (check: Check): Versions => [[0, check]];
const hostProbesSince: Versions = [[34, hostProbes]];
const seLinuxSince: Versions = [[0, seLinux(firstTypes)], [31, seLinux([...firstTypes, 'container_engine_t'])]];
const sysctlsSince: Versions = [[0, sysctls(firstSysctls)], [27, sysctls(sysctls27)], [29, sysctls(sysctls29)], [32, sysctls(sysctls32)]];

const passed: Check = () => undefined;
/** Where a Pod has users of its own, root in it is no root (KEP-127). */
const ownUsersSince = 35;
const runAsNonRootSince: Versions = [[0, runAsNonRoot], [ownUsersSince, exceptOwnUsers(runAsNonRoot)]];
const runAsUserSince: Versions = [[23, runAsUser], [ownUsersSince, exceptOwnUsers(runAsUser)]];

const baseline: readonly Versions[] = [
  always(appArmor), always(capabilitiesBaseline), always(hostNamespaces), always(hostPathVolumes), always(hostPorts), hostProbesSince, always(privileged), [[0, procMount], [ownUsersSince, exceptOwnUsers(procMount)]], seLinuxSince,
  [[0, seccompAnnotations], [19, seccompBaseline]], sysctlsSince, always(hostProcess),
];
const restricted: readonly Versions[] = [
  always(appArmor), [[0, capabilitiesBaseline], [22, passed]], always(hostNamespaces), always(hostPorts), hostProbesSince, always(privileged), seLinuxSince,
  [[0, seccompAnnotations], [19, passed]], sysctlsSince, always(hostProcess),
  [[8, escalation], [25, exceptWindows(escalation)]],
  [[22, capabilitiesRestricted], [25, exceptWindows(capabilitiesRestricted)]],
  always(procMount), always(restrictedVolumes), runAsNonRootSince, runAsUserSince,
  [[19, seccompRestricted], [25, exceptWindows(seccompRestricted)]],
];

/** The checks of each level of the Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards). */
export const levels: Readonly<Record<string, readonly Versions[]>> = { privileged: [], baseline, restricted };

/** What a level has against a Pod in a version of the standard: 'latest' or v1.N. */
export function violationsOf(level: string, version: string, subject: Subject): Violation[] {
  const minor = version === 'latest' ? Infinity : Number(version.slice(3));
  return (levels[level] ?? []).flatMap((versions) => versions.filter(([since]) => since <= minor).at(-1)?.[1](subject) ?? []);
}
