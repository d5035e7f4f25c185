import { expect, test } from 'vitest';
import type { ContainerStatus, Pod, PodSpec, PodStatus } from '../../../../api';
import { parseTime } from '../../../../kernel';
import { podCells } from './cells';

const now = parseTime('2026-01-01T01:00:00Z') as number;
const status = (name: string, state: object, more: Partial<ContainerStatus> = {}): ContainerStatus => ({ name, image: 'i', imageID: '', ready: false, restartCount: 0, state, ...more }) as ContainerStatus;
const running = (name: string, more: Partial<ContainerStatus> = {}) => status(name, { running: { startedAt: '2026-01-01T00:00:00Z' } }, { ready: true, started: true, ...more });

/** NAME aside: READY, STATUS, RESTARTS. */
function row(podStatus: Partial<PodStatus>, spec: Partial<PodSpec> = {}, metadata: object = {}): string {
  const pod = { metadata: { name: 'p', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata }, spec: { containers: [{ name: 'a' }], ...spec }, status: podStatus } as unknown as Pod;
  return podCells(pod, now).slice(1, 4).join(' | ');
}

test.each([
  ['pending', row({ phase: 'Pending' }), '0/1 | Pending | 0'],
  ['pulling', row({ phase: 'Pending', containerStatuses: [status('a', { waiting: { reason: 'ContainerCreating' } })] }), '0/1 | ContainerCreating | 0'],
  ['running', row({ phase: 'Running', containerStatuses: [running('a')] }), '1/1 | Running | 0'],
  ['restarted', row({ phase: 'Running', containerStatuses: [running('a', { restartCount: 2, lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:59:55Z' } } })] }), '1/1 | Running | 2 (5s ago)'],
  ['backing off', row({ phase: 'Running', containerStatuses: [status('a', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 3, lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:58:00Z' } } })] }), '0/1 | CrashLoopBackOff | 3 (2m ago)'],
  ['completed', row({ phase: 'Succeeded', containerStatuses: [status('a', { terminated: { exitCode: 0, reason: 'Completed' } })] }), '0/1 | Completed | 0'],
  ['killed by a signal', row({ phase: 'Failed', containerStatuses: [status('a', { terminated: { exitCode: 137, signal: 9 } })] }), '0/1 | Signal:9 | 0'],
  ['ended with a code', row({ phase: 'Failed', containerStatuses: [status('a', { terminated: { exitCode: 3 } })] }), '0/1 | ExitCode:3 | 0'],
  ['evicted', row({ phase: 'Failed', reason: 'Evicted' }), '0/1 | Evicted | 0'],
  ['terminating', row({ phase: 'Running', containerStatuses: [running('a')] }, {}, { deletionTimestamp: '2026-01-01T00:59:00Z' }), '1/1 | Terminating | 0'],
  ['deleted after its end', row({ phase: 'Succeeded', containerStatuses: [status('a', { terminated: { exitCode: 0, reason: 'Completed' } })] }, {}, { deletionTimestamp: '2026-01-01T00:59:00Z' }), '0/1 | Completed | 0'],
  ['on a lost node', row({ phase: 'Running', reason: 'NodeLost', containerStatuses: [running('a')] }, {}, { deletionTimestamp: '2026-01-01T00:59:00Z' }), '1/1 | Unknown | 0'],
  ['gated', row({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }), '0/1 | SchedulingGated | 0'],
] as const)('a Pod that is %s', (_title, actual, expected) => expect(actual).toBe(expected));

const two = { initContainers: [{ name: 'i' }, { name: 'j' }], containers: [{ name: 'a' }] } as unknown as Partial<PodSpec>;
const waiting = status('a', { waiting: { reason: 'PodInitializing' } });

test.each([
  ['at the first step', row({ phase: 'Pending', initContainerStatuses: [running('i', { ready: false }), status('j', { waiting: { reason: 'PodInitializing' } })], containerStatuses: [waiting] }, two), '0/1 | Init:0/2 | 0'],
  ['at the second step', row({ phase: 'Pending', initContainerStatuses: [status('i', { terminated: { exitCode: 0 } }), running('j', { ready: false })], containerStatuses: [waiting] }, two), '0/1 | Init:1/2 | 0'],
  ['failing', row({ phase: 'Pending', initContainerStatuses: [status('i', { terminated: { exitCode: 2, reason: 'Error' } })], containerStatuses: [waiting] }, two), '0/1 | Init:Error | 0'],
  ['backing off', row({ phase: 'Pending', initContainerStatuses: [status('i', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 4 })], containerStatuses: [waiting] }, two), '0/1 | Init:CrashLoopBackOff | 4'],
  ['done', row({ phase: 'Pending', initContainerStatuses: [status('i', { terminated: { exitCode: 0 } }), status('j', { terminated: { exitCode: 0 } })], containerStatuses: [waiting] }, two), '0/1 | PodInitializing | 0'],
] as const)('init containers %s', (_title, actual, expected) => expect(actual).toBe(expected));

test('a sidecar counts as a container, and its restarts count once the Pod runs', () => {
  const spec = { initContainers: [{ name: 's', restartPolicy: 'Always' }], containers: [{ name: 'a' }] } as unknown as Partial<PodSpec>;
  expect(row({ phase: 'Running', initContainerStatuses: [running('s', { restartCount: 1 })], containerStatuses: [running('a')] }, spec)).toBe('2/2 | Running | 1');
});
