import type { Container as ContainerSpec, ContainerState as ApiState, ContainerStatus, Pod } from '../../api';
import { formatTime } from '../../kernel';
import type { Container, ContainerState } from '../../runtime';
import { isSidecar } from './phase';

/** What the kubelet knows of one container of a Pod: the one that runs (or ran last), and what went before. */
export interface ContainerRecord {
  readonly spec: ContainerSpec;
  readonly kind: 'init' | 'main' | 'ephemeral';
  current: Container | undefined;
  previous: Container | undefined;
  restarts: number;
  /** Why it is not running, from the last attempt to start it. */
  waiting: { readonly reason: string; readonly message?: string } | undefined;
  /** Has the startup probe (if any) succeeded, and has postStart returned? */
  started: boolean;
  /** What the readiness probe last said; true without one. */
  ready: boolean;
  /** postStart has not returned yet: the status still shows ContainerCreating. */
  hookRunning: boolean;
}

/** The runtime of this container, by its name in front of the identifier: containerd://ID. */
const signature = (container: Container): string => (container.id.includes('://') ? container.id : `containerd://${container.id}`);

/** A runtime's state as the API writes it. */
export function apiState(container: Container, state: ContainerState, message: string | undefined): ApiState {
  if (state.status === 'running') return { running: { startedAt: formatTime(state.startedAt) } };
  if (state.status === 'created') return { waiting: { reason: 'ContainerCreating' } };
  const text = state.message ?? message;
  return {
    terminated: {
      exitCode: state.exitCode,
      ...(state.signal !== undefined && { signal: state.signal }),
      ...(state.reason !== '' && { reason: state.reason }),
      ...(text !== undefined && text !== '' && { message: text }),
      startedAt: state.reason === 'StartError' ? '1970-01-01T00:00:00Z' : formatTime(state.startedAt),
      finishedAt: formatTime(state.finishedAt),
      containerID: signature(container),
    },
  };
}

const tailOfLog = (container: Container): string => {
  const lines = container.log.slice(-80).map((line) => line.text + (line.complete ? '\n' : ''));
  const text = lines.join('');
  return text.length > 2048 ? text.slice(-2048) : text;
};

/** What a container that ended left as its message. (kubernetes.io: Customizing the termination message) */
export function terminationMessage(spec: ContainerSpec, container: Container): string | undefined {
  if (container.state.status !== 'exited') return undefined;
  const written = container.terminationMessage(spec.terminationMessagePath ?? '/dev/termination-log').slice(0, 4096);
  if (written !== '' || spec.terminationMessagePolicy !== 'FallbackToLogsOnError' || container.state.exitCode === 0) return written;
  return tailOfLog(container);
}

function mountStatuses(spec: ContainerSpec): ContainerStatus['volumeMounts'] {
  return spec.volumeMounts?.map((mount) => ({
    name: mount.name,
    mountPath: mount.mountPath,
    ...(mount.readOnly && { readOnly: true, recursiveReadOnly: mount.recursiveReadOnly ?? 'Disabled' }),
  }));
}

const present = (resources: ContainerSpec['resources']): boolean => Object.keys(resources ?? {}).length > 0;

/**
 * The status of one container. `waitingReason` is what it waits for when it has never been tried. A hollow node's probes are
 * not real: its containers count as ready from the beginning, init containers never, and nobody says who has started.
 */
export function containerStatus(record: ContainerRecord, pod: Pod, waitingReason: string, hollow = false): ContainerStatus {
  const { spec, current, previous } = record;
  const shown = record.waiting || record.hookRunning ? undefined : current;
  const state: ApiState = shown
    ? apiState(shown, shown.state, terminationMessage(spec, shown))
    : { waiting: record.waiting ?? { reason: record.hookRunning ? 'ContainerCreating' : waitingReason } };
  const last = record.waiting && current?.state.status === 'exited' ? current : previous;
  const running = state.running !== undefined;
  const regularInit = record.kind === 'init' && !isSidecar(spec);
  const ready = regularInit ? state.terminated?.exitCode === 0 : running && record.started && record.ready;
  const named = current ?? previous;
  const resources = spec.resources ?? {};
  const mounts = mountStatuses(spec);
  return {
    name: spec.name,
    state,
    lastState: last && last.state.status === 'exited' ? apiState(last, last.state, terminationMessage(spec, last)) : {},
    ready: hollow ? record.kind === 'main' : ready,
    restartCount: record.restarts,
    image: named ? named.image.name : (spec.image ?? ''),
    imageID: named ? named.image.id : '',
    ...(named && { containerID: signature(named) }),
    ...(!hollow && { started: regularInit ? running : running && record.started }),
    ...(named && present(resources) && resources.requests && { allocatedResources: resources.requests }),
    ...(named && { resources }),
    ...(mounts && { volumeMounts: mounts }),
    ...(!hollow && named && named.state.status !== 'created' && !isStartError(named.state) && pod.spec?.os?.name !== 'windows' && {
      user: { linux: { uid: named.user.uid, gid: named.user.gid, supplementalGroups: [...named.user.supplementalGroups] } },
    }),
  };
}

const isStartError = (state: ContainerState): boolean => state.status === 'exited' && state.reason === 'StartError';
