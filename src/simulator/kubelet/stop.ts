import type { Pod } from '../api';
import { type Duration, joinAll, seconds, type Task } from '../kernel';
import { runHook } from './hooks';
import type { PodPlace } from './start';
import { fieldPathOf } from './start';
import type { ContainerRecord } from './status/container';
import { isSidecar } from './status/phase';
import type { NodeWorld } from './world';

const shortest = seconds(2);

/** Stops one container: preStop within the grace period, then TERM, then KILL. `reason` goes into the Killing event. */
export function* stopContainer(world: NodeWorld, pod: Pod, record: ContainerRecord, place: PodPlace, grace: Duration, reason: string | undefined): Task {
  const container = record.current;
  if (container?.state.status !== 'running') return;
  const path = fieldPathOf(record.kind, record.spec.name);
  world.event(pod, path, 'Normal', 'Killing', reason ?? `Stopping container ${record.spec.name}`);
  let left = grace;
  const hook = record.spec.lifecycle?.preStop;
  if (hook && grace > 0) {
    const begun = world.kernel.now;
    const target = { kernel: world.kernel, network: world.node.host, podIP: place.podIPs[0] ?? '', spec: record.spec, container };
    if (!(yield* runHook(target, record.spec, hook, grace))) world.event(pod, path, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
    left = Math.max(shortest, grace - (world.kernel.now - begun));
  }
  yield* container.stop(left);
}

/** Stops all of a Pod's containers: the main ones at once, then the sidecars in the reverse of their order, within one grace period. */
export function* stopPod(world: NodeWorld, pod: Pod, records: readonly ContainerRecord[], place: PodPlace, grace: Duration): Task {
  const deadline = world.kernel.now + grace;
  const left = (): Duration => Math.max(0, deadline - world.kernel.now);
  const others = records.filter((record) => !(record.kind === 'init' && isSidecar(record.spec)));
  yield* joinAll(others.map((record) => world.kernel.spawn(`stop ${record.spec.name}`, stopContainer(world, pod, record, place, grace, undefined))));
  for (const sidecar of records.filter((record) => !others.includes(record)).reverse()) {
    yield* stopContainer(world, pod, sidecar, place, left(), undefined);
  }
}
