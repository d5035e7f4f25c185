import type { Container, ContainerStatus, Pod } from '../../api';

/** An init container that keeps running beside the others (KEP-753). */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/**
 * Where the Pod is in its life, from its containers' statuses. (kubernetes.io: Pod phase)
 * A container that waits to be restarted counts as what it last was.
 */
export function phaseOf(pod: Pod, statuses: ReadonlyMap<string, ContainerStatus>): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  const spec = pod.spec;
  const policy = spec?.restartPolicy ?? 'Always';
  for (const container of spec?.initContainers ?? []) {
    const status = statuses.get(container.name);
    if (isSidecar(container)) {
      if (status?.started !== true && status?.state?.terminated === undefined && !status?.lastState?.terminated) return 'Pending';
      continue;
    }
    const ended = status?.state?.terminated ?? (status?.state?.waiting ? status.lastState?.terminated : undefined);
    if (ended?.exitCode === 0) continue;
    return ended && policy === 'Never' ? 'Failed' : 'Pending';
  }
  let running = 0, stopped = 0, succeeded = 0, pending = 0;
  for (const container of spec?.containers ?? []) {
    const status = statuses.get(container.name);
    const ended = status?.state?.terminated ?? (status?.state?.waiting ? status.lastState?.terminated : undefined);
    if (status?.state?.running) running += 1;
    else if (ended) {
      stopped += 1;
      if (ended.exitCode === 0) succeeded += 1;
    } else pending += 1;
  }
  if (pending > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}
