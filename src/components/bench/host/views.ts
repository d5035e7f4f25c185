import type { Container, ContainerStatus, Node, Pod } from '../../../simulator/api';
import type { ContainerView, NodeView, PodView, Tone } from '../protocol';

const rolePrefix = 'node-role.kubernetes.io/';
const failures = /^(Error|CrashLoopBackOff|ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainer.*Error|RunContainerError|StartError|OOMKilled|ContainerCannotRun|Evicted|Failed|Unknown|NodeLost|ContainerStatusUnknown|Init:(?:Error|CrashLoopBackOff|ErrImagePull|ImagePullBackOff))$/;

/** What kubectl get nodes shows of a node. */
export function nodeView(node: Node): NodeView {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready')?.status;
  const state = ready === 'True' ? 'Ready' : ready === undefined ? 'Unknown' : 'NotReady';
  const roles = Object.keys(node.metadata?.labels ?? {}).filter((label) => label.startsWith(rolePrefix)).map((label) => label.slice(rolePrefix.length)).sort();
  return {
    name: node.metadata?.name ?? '',
    roles,
    status: node.spec?.unschedulable === true ? `${state},SchedulingDisabled` : state,
    tone: ready === 'True' ? (node.spec?.unschedulable === true ? 'waiting' : 'good') : 'failing',
  };
}

/** The word for one container's state, as kubectl describe and get would name it. */
function stateOf(status: ContainerStatus | undefined): string {
  const { waiting, running, terminated } = status?.state ?? {};
  if (running !== undefined) return 'Running';
  if (terminated !== undefined) return terminated.reason ?? (terminated.signal === undefined || terminated.signal === 0 ? `ExitCode:${terminated.exitCode}` : `Signal:${terminated.signal}`);
  return waiting?.reason ?? 'Waiting';
}

function toneOf(status: string, ready: boolean): Tone {
  if (failures.test(status) || /^(ExitCode|Signal):/.test(status)) return 'failing';
  if (status === 'Completed' || status === 'Succeeded') return 'done';
  if (status === 'Running') return ready ? 'good' : 'waiting';
  return 'waiting';
}

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

function containerView(container: Container, init: boolean, statuses: readonly ContainerStatus[] | undefined): ContainerView {
  const own = statuses?.find((status) => status.name === container.name);
  const status = stateOf(own);
  const role = !init ? 'main' : isSidecar(container) ? 'sidecar' : 'init';
  return { name: container.name, image: container.image ?? '', role, status, tone: toneOf(status, own?.ready ?? false), ready: own?.ready ?? false, restarts: own?.restartCount ?? 0 };
}

/** The init container that holds the Pod up: `Init:Error`, `Init:1/2`; undefined when all are done. */
function initStatus(pod: Pod, inits: readonly ContainerView[], statuses: readonly ContainerStatus[]): string | undefined {
  for (const [index, view] of inits.entries()) {
    const status = statuses.find(({ name }) => name === view.name);
    if (status?.state?.terminated?.exitCode === 0) continue;
    if (view.role === 'sidecar' && status?.started === true) continue;
    if (status?.state?.terminated !== undefined) return `Init:${view.status}`;
    const reason = status?.state?.waiting?.reason;
    return reason !== undefined && reason !== 'PodInitializing' ? `Init:${reason}` : `Init:${index}/${pod.spec?.initContainers?.length ?? 0}`;
  }
  return undefined;
}

/** What kubectl get pods prints under STATUS. */
function podStatus(pod: Pod, containers: readonly ContainerView[]): string {
  const { status, metadata } = pod;
  const phase = status?.reason ?? status?.phase ?? 'Pending';
  const inits = containers.filter((view) => view.role !== 'main');
  const starting = initStatus(pod, inits, status?.initContainerStatuses ?? []);
  let text: string = phase;
  if (starting !== undefined && status?.initContainerStatuses !== undefined && phase !== 'Failed') text = starting;
  else if (status?.containerStatuses !== undefined) {
    const odd = containers.filter((view) => view.role === 'main' && view.status !== 'Running' && view.status !== 'Waiting');
    const running = containers.some((view) => view.role === 'main' && view.status === 'Running' && view.ready);
    const first = odd[0]?.status;
    if (first !== undefined) text = first === 'Completed' && running ? 'Running' : first;
  }
  return metadata?.deletionTimestamp === undefined ? text : 'Terminating';
}

/** One of the cluster's own Pods. */
export const isSystem = (pod: Pod): boolean => pod.metadata?.namespace === 'kube-system';

/** A Pod as the map draws it. */
export function podView(pod: Pod): PodView {
  const containers = [
    ...(pod.spec?.initContainers ?? []).map((container) => containerView(container, true, pod.status?.initContainerStatuses)),
    ...(pod.spec?.containers ?? []).map((container) => containerView(container, false, pod.status?.containerStatuses)),
  ];
  const status = podStatus(pod, containers);
  const counted = containers.filter((view) => view.role !== 'init');
  const ready = counted.filter((view) => view.ready).length;
  return {
    uid: pod.metadata?.uid ?? '',
    namespace: pod.metadata?.namespace ?? '',
    name: pod.metadata?.name ?? '',
    node: pod.spec?.nodeName,
    status,
    tone: status === 'Terminating' ? 'leaving' : toneOf(status, ready === counted.length),
    ready,
    restarts: containers.reduce((sum, view) => sum + view.restarts, 0),
    ip: pod.status?.podIP,
    system: isSystem(pod),
    containers,
  };
}
