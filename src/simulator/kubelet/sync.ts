import { formatDuration, type Pod } from '../api';
import { type Duration, seconds, type Task } from '../kernel';
import { WaitingError } from './errors';
import { runHook } from './hooks';
import { restarts } from './restart-policy';
import { fieldPathOf, type PodPlace, startContainer } from './start';
import { stopContainer } from './stop';
import type { ContainerRecord } from './status/container';
import { isSidecar } from './status/phase';
import type { NodeWorld } from './world';

/** What one look at a Pod's containers works on. */
export interface SyncInput {
  readonly world: NodeWorld;
  readonly pod: Pod;
  readonly records: readonly ContainerRecord[];
  readonly place: PodPlace;
  /** Containers whose liveness or startup probe has failed for good, with the words of the Killing event. */
  readonly unhealthy: Map<string, { readonly message: string; readonly grace: Duration | undefined }>;
  /** A container runs: probes begin, its end is waited for. */
  started(record: ContainerRecord): void;
}

const graceOf = (pod: Pod): Duration => seconds(pod.spec?.terminationGracePeriodSeconds ?? 30);

/** How an attempt went: nothing to do or done, or a container could not be started (the Pod is looked at again soon). */
type Outcome = 'settled' | 'failed';

/** Starts, restarts and kills what this moment asks for. `failed` when something is held back or could not be started. */
export function* syncContainers(input: SyncInput): Task<Outcome> {
  let outcome: Outcome = 'settled';
  const note = (result: Outcome): void => {
    if (result === 'failed') outcome = 'failed';
  };
  const inits = input.records.filter((record) => record.kind === 'init');
  const mains = input.records.filter((record) => record.kind === 'main');
  const initialised = mains.some((record) => record.current !== undefined);
  for (const record of input.records) if (record.kind === 'ephemeral' && !record.current) note(yield* start(input, record));
  for (const record of inits) {
    if (!isSidecar(record.spec)) {
      if (initialised || succeeded(record)) continue;
      if (record.current?.state.status === 'running') return outcome;
      note(yield* startAgain(input, record));
      return outcome;
    }
    note(yield* keepRunning(input, record));
    if (!initialised && !record.started) return outcome;
  }
  for (const record of mains) note(yield* keepRunning(input, record));
  return outcome;
}

const succeeded = (record: ContainerRecord): boolean => record.current?.state.status === 'exited' && record.current.state.exitCode === 0;

function* keepRunning(input: SyncInput, record: ContainerRecord): Task<Outcome> {
  const { world, pod, place, unhealthy } = input;
  const sick = unhealthy.get(record.spec.name);
  if (sick && record.current?.state.status === 'running') {
    unhealthy.delete(record.spec.name);
    yield* stopContainer(world, pod, record, place, sick.grace ?? graceOf(pod), sick.message);
  }
  return record.current?.state.status === 'running' ? 'settled' : yield* startAgain(input, record);
}

/** Starts a container that does not run, unless its policy says no or its back-off says not yet. */
function* startAgain(input: SyncInput, record: ContainerRecord): Task<Outcome> {
  const { world, pod } = input;
  const state = record.current?.state;
  if (state?.status === 'exited') {
    if (!restarts(pod, record, state.exitCode)) return 'settled';
    const key = `${pod.metadata?.uid}/${record.spec.name}`;
    const now = world.kernel.now;
    if (world.restartBackOff.remaining(key, state.finishedAt, now) > 0) {
      const full = `${record.spec.name} in pod ${pod.metadata?.name}_${pod.metadata?.namespace}(${pod.metadata?.uid})`;
      world.event(pod, fieldPathOf(record.kind, record.spec.name), 'Warning', 'BackOff', `Back-off restarting failed container ${full}`);
      const delay = formatDuration(world.restartBackOff.delay(key, now));
      record.waiting = { reason: 'CrashLoopBackOff', message: `back-off ${delay} restarting failed container=${record.spec.name} pod=${pod.metadata?.name}_${pod.metadata?.namespace}(${pod.metadata?.uid})` };
      return 'failed';
    }
    world.restartBackOff.grow(key, now);
  }
  return yield* start(input, record);
}

function* start(input: SyncInput, record: ContainerRecord): Task<Outcome> {
  const { world, pod, place } = input;
  const again = record.current !== undefined;
  try {
    yield* startContainer(world, pod, record.kind, record.spec, place, record.restarts + (again ? 1 : 0), (container) => {
      if (record.current) {
        record.previous?.remove();
        record.previous = record.current;
        record.restarts += 1;
      }
      record.current = container;
      record.started = false;
      record.ready = false;
    });
    record.waiting = undefined;
    return yield* afterStart(input, record);
  } catch (error) {
    if (!(error instanceof WaitingError)) throw error;
    record.waiting = { reason: error.reason, message: error.message };
    return 'failed';
  }
}

/** postStart: the container counts as started only once it has returned; a failed one kills it. */
function* afterStart(input: SyncInput, record: ContainerRecord): Task<Outcome> {
  const { world, pod, place } = input;
  const hook = record.spec.lifecycle?.postStart;
  const container = record.current;
  if (hook && container) {
    record.hookRunning = true;
    const target = { kernel: world.kernel, network: world.node.host, podIP: place.podIPs[0] ?? '', spec: record.spec, container };
    try {
      if (!(yield* runHook(target, record.spec, hook))) {
        world.event(pod, fieldPathOf(record.kind, record.spec.name), 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
        yield* stopContainer(world, pod, record, place, graceOf(pod), 'FailedPostStartHook');
        throw new WaitingError('PostStartHookError', 'PostStartHook failed');
      }
    } finally {
      record.hookRunning = false;
    }
  }
  input.started(record);
  return 'settled';
}
