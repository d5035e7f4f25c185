import type { Container as ContainerSpec, Pod } from '../api';
import type { Task } from '../kernel';
import { type Container, type ContainerOptions, type FileTree, type Mount, type Sandbox, StartError, SystemError } from '../runtime';
import { amount } from './downward';
import { environmentOf, expand } from './environment';
import { ConfigError, WaitingError } from './errors';
import type { MountedVolume, PodVolumes } from './volumes';
import type { NodeWorld } from './world';

/** What a Pod's containers share. */
export interface PodPlace {
  readonly sandbox: Sandbox;
  readonly podIPs: readonly string[];
  readonly volumes: PodVolumes;
  /** /etc/hosts, /etc/hostname and /etc/resolv.conf, written by the kubelet. */
  readonly etc: FileTree;
}

/** spec.containers{web}: how events name a container. */
export const fieldPathOf = (kind: 'init' | 'main' | 'ephemeral', name: string): string =>
  `spec.${kind === 'init' ? 'initContainers' : kind === 'main' ? 'containers' : 'ephemeralContainers'}{${name}}`;

const joinPath = (root: string, path: string): string => `${root === '/' ? '' : root}/${path}`;

/** A subPathExpr may refer to nothing that the container does not have. */
function expandSubPath(expression: string, variables: ReadonlyMap<string, string>): string {
  for (const [, name] of expression.matchAll(/\$(?:\$|\(([^)]*)\))/g)) {
    if (name !== undefined && !variables.has(name)) throw new WaitingError('CreateContainerConfigError', `missing value for ${name}`);
  }
  return expand(expression, variables);
}

function mountOf(volume: MountedVolume, mount: NonNullable<ContainerSpec['volumeMounts']>[number], variables: ReadonlyMap<string, string>): Mount {
  const sub = mount.subPathExpr !== undefined ? expandSubPath(mount.subPathExpr, variables) : mount.subPath;
  const refused = (message: string): Error => new WaitingError('CreateContainerConfigError', message);
  if (sub?.startsWith('/')) throw refused(`error SubPath \`${sub}\` must not be an absolute path`);
  if (sub?.split('/').includes('..')) throw refused(`unable to provision SubPath \`${sub}\`: must not contain '..'`);
  const root = sub ? joinPath(volume.root, sub) : volume.root;
  if (sub && !volume.tree.exists(root)) {
    if (volume.readOnly) throw refused(`failed to prepare subPath for volumeMount "${mount.name}"`);
    volume.tree.makeFolder(root, { mode: 0o750 });
  }
  return { path: mount.mountPath, tree: volume.tree, ...(root !== '/' && { subPath: root }), readOnly: mount.readOnly === true || volume.readOnly };
}

function mountsOf(spec: ContainerSpec, place: PodPlace, variables: ReadonlyMap<string, string>): Mount[] {
  const mounts: Mount[] = [];
  for (const mount of spec.volumeMounts ?? []) {
    const volume = place.volumes.get(mount.name);
    if (volume) mounts.push(mountOf(volume, mount, variables));
  }
  const taken = new Set(mounts.map((mount) => mount.path));
  for (const file of ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']) {
    if (!taken.has(file) && place.etc.exists(file)) mounts.push({ path: file, tree: place.etc, subPath: file });
  }
  return mounts;
}

function userOf(pod: Pod, spec: ContainerSpec): ContainerOptions['user'] {
  const own = spec.securityContext;
  const whole = pod.spec?.securityContext;
  const uid = own?.runAsUser ?? whole?.runAsUser;
  const gid = own?.runAsGroup ?? whole?.runAsGroup;
  const groups = [...(whole?.supplementalGroups ?? []), ...(whole?.fsGroup !== undefined ? [whole.fsGroup] : [])];
  if (uid === undefined && gid === undefined && groups.length === 0) return undefined;
  return { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }), ...(groups.length > 0 && { supplementalGroups: groups }) };
}

function checkNonRoot(pod: Pod, spec: ContainerSpec, imageUser: string | undefined): void {
  const nonRoot = spec.securityContext?.runAsNonRoot ?? pod.spec?.securityContext?.runAsNonRoot;
  if (!nonRoot) return;
  const uid = spec.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser;
  const where = `(pod: "${pod.metadata?.name}_${pod.metadata?.namespace}(${pod.metadata?.uid})", container: ${spec.name})`;
  if (uid === 0) throw new ConfigError(`container's runAsUser breaks non-root policy ${where}`);
  if (uid !== undefined) return;
  if (imageUser !== undefined && !/^\d+(:.*)?$/.test(imageUser)) throw new ConfigError(`container has runAsNonRoot and image has non-numeric user (${imageUser}), cannot verify user is non-root ${where}`);
  if (imageUser === undefined || /^0(:|$)/.test(imageUser)) throw new ConfigError(`container has runAsNonRoot and image will run as root ${where}`);
}

/** Everything the runtime needs to make the container. Throws ConfigError. */
function* optionsOf(world: NodeWorld, pod: Pod, spec: ContainerSpec, place: PodPlace, attempt: number): Task<ContainerOptions> {
  const hostname = place.sandbox.options.hostname;
  const env = yield* environmentOf(pod, spec, world.facts, world.source, place.podIPs);
  const variables = new Map(env.map(({ name, value }) => [name, value]));
  const limits = spec.resources?.limits ?? {};
  const user = userOf(pod, spec);
  return {
    name: spec.name,
    attempt,
    image: spec.image ?? '',
    ...(spec.command && { command: spec.command.map((part) => expand(part, variables)) }),
    ...(spec.args && { args: spec.args.map((part) => expand(part, variables)) }),
    ...(spec.workingDir && { workingDir: spec.workingDir }),
    env: variables.has('HOSTNAME') ? env : [...env, { name: 'HOSTNAME', value: hostname }],
    mounts: mountsOf(spec, place, variables),
    stdin: spec.stdin === true,
    stdinOnce: spec.stdinOnce === true,
    tty: spec.tty === true,
    ...(user && { user }),
    readOnlyRoot: spec.securityContext?.readOnlyRootFilesystem === true,
    privileged: spec.securityContext?.privileged === true,
    limits: {
      ...(limits['memory'] !== undefined && { memoryBytes: amount(limits['memory']) }),
      ...(limits['cpu'] !== undefined && { cpuMillis: amount(limits['cpu']) * 1000 }),
    },
  };
}

/**
 * From a spec to a running container: image, environment, mounts, start. Throws WaitingError with what the status is to
 * show; `made` hears of the container as soon as there is one, even one that then does not start.
 */
export function* startContainer(world: NodeWorld, pod: Pod, kind: 'init' | 'main' | 'ephemeral', spec: ContainerSpec, place: PodPlace, attempt: number, made: (container: Container) => void): Task<Container> {
  const path = fieldPathOf(kind, spec.name);
  const event = (type: 'Normal' | 'Warning', reason: string, message: string) => world.event(pod, path, type, reason, message);
  let image;
  try {
    image = yield* world.images.ensure(pod.metadata?.uid ?? '', spec.image ?? '', spec.imagePullPolicy ?? 'IfNotPresent', event);
  } catch (error) {
    if (error instanceof WaitingError) event('Warning', 'Failed', `Error: ${error.reason}`);
    throw error;
  }
  let container: Container;
  try {
    checkNonRoot(pod, spec, image.user);
    container = place.sandbox.createContainer(yield* optionsOf(world, pod, spec, place, attempt));
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof WaitingError)) throw error;
    event('Warning', 'Failed', `Error: ${error.message}`);
    throw new WaitingError('CreateContainerConfigError', error.message);
  }
  made(container);
  event('Normal', 'Created', 'Container created');
  try {
    yield* container.start();
  } catch (error) {
    if (!(error instanceof StartError) && !(error instanceof SystemError)) throw error;
    event('Warning', 'Failed', `Error: ${error.message}`);
    throw new WaitingError('RunContainerError', error.message);
  }
  event('Normal', 'Started', 'Container started');
  return container;
}
