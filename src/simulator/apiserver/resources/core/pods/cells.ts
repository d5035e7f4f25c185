import { type Time } from '../../../../kernel';
import type { ContainerStatus, Pod, PodStatus } from '../../../../api';
import { age, nameOf, orNone, since } from '../../cells';

interface Row {
  reason: string;
  ready: number;
  restarts: number;
  lastRestart: string | undefined;
}

const hasCondition = (status: PodStatus | undefined, type: string): boolean => status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

const later = (a: string | undefined, b: string | undefined): string | undefined => (b !== undefined && (a === undefined || b > a) ? b : a);

const exitReason = ({ signal = 0, exitCode }: { readonly signal?: number; readonly exitCode: number }): string => (signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`);

/** What the init containers say; true while they go on. Sidecars that run count as containers. */
function initRow({ spec, status }: Pod, row: Row): { initializing: boolean; sidecars: Row } {
  const sidecars: Row = { reason: '', ready: 0, restarts: 0, lastRestart: undefined };
  const restartable = new Set((spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  let initializing = false;
  for (const [index, own] of (status?.initContainerStatuses ?? []).entries()) {
    row.restarts += own.restartCount;
    row.lastRestart = later(row.lastRestart, own.lastState?.terminated?.finishedAt);
    const isSidecar = restartable.has(own.name);
    if (isSidecar) {
      sidecars.restarts += own.restartCount;
      sidecars.lastRestart = later(sidecars.lastRestart, own.lastState?.terminated?.finishedAt);
    }
    const { terminated } = own.state ?? {};
    if (terminated && terminated.exitCode === 0) continue;
    if (isSidecar && own.started) {
      if (own.ready) row.ready += 1;
      continue;
    }
    row.reason = initReason(own, index, spec?.initContainers?.length ?? 0);
    initializing = true;
    break;
  }
  return { initializing, sidecars };
}

function initReason({ state }: ContainerStatus, index: number, total: number): string {
  const { terminated, waiting } = state ?? {};
  if (terminated) return `Init:${(terminated.reason ?? '') === '' ? exitReason(terminated) : (terminated.reason ?? '')}`;
  if (waiting && (waiting.reason ?? '') !== '' && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason ?? ''}`;
  return `Init:${index}/${total}`;
}

function containerRow({ status }: Pod, row: Row): void {
  let running = false;
  for (const own of [...(status?.containerStatuses ?? [])].reverse()) {
    row.restarts += own.restartCount;
    row.lastRestart = later(row.lastRestart, own.lastState?.terminated?.finishedAt);
    const { waiting, terminated, running: runs } = own.state ?? {};
    if (waiting && (waiting.reason ?? '') !== '') row.reason = waiting.reason ?? '';
    else if (terminated) row.reason = (terminated.reason ?? '') === '' ? exitReason(terminated) : (terminated.reason ?? '');
    else if (own.ready && runs) {
      running = true;
      row.ready += 1;
    }
  }
  if (row.reason === 'Completed' && running) row.reason = hasCondition(status, 'Ready') ? 'Running' : 'NotReady';
}

function rowOf(pod: Pod): Row {
  const { status, metadata } = pod;
  const phase = status?.phase ?? '';
  const row: Row = { reason: (status?.reason ?? '') === '' ? phase : (status?.reason ?? ''), ready: 0, restarts: 0, lastRestart: undefined };
  if (status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated')) row.reason = 'SchedulingGated';
  const { initializing, sidecars } = initRow(pod, row);
  if (!initializing || hasCondition(status, 'Initialized')) {
    row.restarts = sidecars.restarts;
    row.lastRestart = sidecars.lastRestart;
    containerRow(pod, row);
  }
  if (metadata?.deletionTimestamp !== undefined) {
    if (status?.reason === 'NodeLost') row.reason = 'Unknown';
    else if (phase !== 'Failed' && phase !== 'Succeeded') row.reason = 'Terminating';
  }
  return row;
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  return `${gates.filter(({ conditionType }) => hasCondition(status, conditionType)).length}/${gates.length}`;
}

/** The row of a Pod: READY, STATUS and RESTARTS as kubectl get pods shows them. */
export function podCells(pod: Pod, now: Time): readonly unknown[] {
  const { spec, status } = pod;
  const row = rowOf(pod);
  const total = (spec?.containers.length ?? 0) + (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').length;
  const restarts = row.restarts !== 0 && row.lastRestart !== undefined ? `${row.restarts} (${since(row.lastRestart, now)} ago)` : `${row.restarts}`;
  const ip = (status?.podIPs ?? []).length > 0 ? status?.podIPs?.[0]?.ip : undefined;
  return [nameOf(pod), `${row.ready}/${total}`, row.reason, restarts, age(pod, now), orNone(ip), orNone(spec?.nodeName), orNone(status?.nominatedNodeName), readinessGates(pod)];
}
