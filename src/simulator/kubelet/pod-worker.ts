import type { ContainerStatus, Pod, PodStatus } from '../api';
import { isStatus } from '../api';
import { ConnectionError, isApiFailure, resources } from '../client';
import { Channel, type Duration, formatTime, type Process, seconds, sleep, type Task, type Time } from '../kernel';
import type { Container } from '../runtime';
import { MountError } from './errors';
import { makePlace } from './place';
import { probeLoop, type ProbeKind, type ProbeListener } from './probes';
import { restarts } from './restart-policy';
import { fieldPathOf, type PodPlace } from './start';
import { conditionsOf } from './status/conditions';
import { type ContainerRecord, containerStatus } from './status/container';
import { isSidecar, phaseOf } from './status/phase';
import { resourcesOfPod } from './status/resources';
import { StatusWriter } from './status/writer';
import { stopPod } from './stop';
import { syncContainers } from './sync';
import { PodVolumes } from './volumes';
import type { NodeWorld } from './world';

const relist = seconds(1);
const retry = seconds(10);
const resync = seconds(60);

type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** One Pod on this node, from the first sight of it until nothing of it is left. */
export class PodWorker {
  readonly records: ContainerRecord[] = [];
  place: PodPlace | undefined;
  private readonly volumes: PodVolumes;
  private readonly wakeups = new Channel<true>(1);
  private process: Process;
  private readonly status: StatusWriter;
  private readonly probes = new Map<string, Process[]>();
  private readonly unhealthy = new Map<string, { readonly message: string; readonly grace: Duration | undefined }>();
  private closePlace: (() => void) | undefined;
  private syncing: Process | undefined;
  private terminating: Process | undefined;
  private readonly startedAt: Time;
  /** How the Pod ends other than by its containers' exit codes: deadline, eviction. */
  private verdict: { readonly reason: string; readonly message: string } | undefined;
  private finalPhase: Phase | undefined;

  /** `mirror` gives the API's object of a static Pod, whose own object is only here. */
  constructor(private readonly world: NodeWorld, private pod: Pod, private readonly mirror?: () => Pod | undefined) {
    this.startedAt = world.kernel.now;
    this.volumes = new PodVolumes(world.kernel, world.volumes);
    this.status = new StatusWriter(world.client, () => (this.mirror ? this.mirror() : this.pod), world.kernel);
    this.addRecords();
    this.process = this.begin();
  }

  private begin(): Process {
    return this.world.kernel.spawn(`pod ${this.pod.metadata?.namespace}/${this.pod.metadata?.name}`, this.run(), null);
  }

  get object(): Pod {
    return this.pod;
  }

  get finished(): boolean {
    return this.finalPhase !== undefined;
  }

  /** The API's (or the manifest's) newest word on the Pod. */
  update(pod: Pod): void {
    this.pod = pod;
    this.addRecords();
    this.wake();
  }

  /** The Pod is gone from the API, or its manifest from the node: it is killed and nothing more is written. */
  remove(): void {
    this.status.stop();
    this.terminate(seconds(Math.max(1, this.pod.metadata?.deletionGracePeriodSeconds ?? 1)), true);
  }

  /** The kubelet stops: nothing more happens here, the containers go on. */
  halt(): void {
    this.process.cancel();
    this.terminating?.cancel();
    this.terminating = undefined;
    this.status.pause();
    this.probes.clear(); // ended with the process, whose children they were
  }

  /** The kubelet is back: takes up the containers as it finds them. */
  resume(): void {
    if (this.process.state === 'running') return;
    this.status.resume();
    this.process = this.begin();
    for (const record of this.records) {
      const container = record.current;
      if (container?.state.status !== 'running') continue;
      this.startProbes(record, container, record.started || !record.spec.startupProbe ? 'others' : 'startup');
      this.world.kernel.spawn(`end of ${record.spec.name}`, this.untilEnd(record, container), this.process);
    }
  }

  wake(): void {
    this.wakeups.send(true);
  }

  /** The API's object is another one than the status was written to (a new mirror): it is written again. */
  republish(): void {
    if (this.syncing) this.publish();
  }

  private wakeAtRelist(): void {
    const now = this.world.kernel.now;
    this.world.kernel.at(Math.floor(now / relist) * relist + relist, () => this.wake());
  }

  private addRecords(): void {
    const spec = this.pod.spec;
    const add = (kind: ContainerRecord['kind'], list: readonly ContainerRecord['spec'][]) => {
      for (const container of list) {
        const known = this.records.findIndex((record) => record.spec.name === container.name);
        if (known >= 0) this.records[known] = Object.assign(this.records[known] as ContainerRecord, { spec: container });
        else this.records.push({ spec: container, kind, current: undefined, previous: undefined, restarts: 0, waiting: undefined, started: false, ready: false, hookRunning: false });
      }
    };
    add('init', spec?.initContainers ?? []);
    add('main', spec?.containers ?? []);
    add('ephemeral', (spec?.ephemeralContainers ?? []) as readonly ContainerRecord['spec'][]);
  }

  private *run(): Task {
    for (;;) {
      if (this.pod.metadata?.deletionTimestamp) this.terminate(seconds(this.pod.metadata.deletionGracePeriodSeconds ?? 30), false);
      if (this.terminating || this.finalPhase) {
        yield* this.wakeups.receive();
        continue;
      }
      this.syncing = this.world.kernel.spawn('sync', this.attempt());
      const syncing = this.syncing;
      yield (waker) => syncing.onEnd(() => waker.resolve(undefined));
      if (syncing.state === 'failed') void syncing.value;
      const failed = syncing.state === 'done' && syncing.value === 'failed';
      const jitter = 1 + this.world.kernel.random.float() / 2;
      yield* this.wakeups.receiveWithin(this.untilDeadline(Math.round((failed ? retry : resync) * jitter)));
    }
  }

  private untilDeadline(wait: Duration): Duration {
    const deadline = this.pod.spec?.activeDeadlineSeconds;
    return deadline === undefined ? wait : Math.min(wait, Math.max(0, this.startedAt + seconds(deadline) - this.world.kernel.now));
  }

  private *attempt(): Task<'settled' | 'failed'> {
    try {
      return yield* this.sync();
    } catch (error) {
      if (!isApiFailure(error)) throw error; // the API server cannot be had or refuses: another attempt later
      return 'failed';
    }
  }

  /** One look at the Pod: says how it is, then does what is to be done. */
  private *sync(): Task<'settled' | 'failed'> {
    const deadline = this.pod.spec?.activeDeadlineSeconds;
    if (deadline !== undefined && this.world.kernel.now - this.startedAt >= seconds(deadline)) {
      this.verdict = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
      this.world.event(this.pod, undefined, 'Normal', this.verdict.reason, this.verdict.message);
      this.terminate(this.grace, false);
      return 'settled';
    }
    const phase = this.publish();
    if (phase === 'Succeeded' || phase === 'Failed') {
      this.terminate(this.grace, false);
      return 'settled';
    }
    if (!this.place) {
      const { place, close } = makePlace(this.world, this.pod, this.volumes);
      this.place = place;
      this.closePlace = close;
      this.wakeAtRelist();
    }
    const place = this.place;
    try {
      yield* this.volumes.mount(this.pod, { pod: this.pod, facts: this.world.facts, source: this.world.source, podIPs: place.podIPs, token: (audience, expiration) => this.token(audience, expiration) });
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      this.world.event(this.pod, undefined, 'Warning', 'FailedMount', error.message);
      return 'failed';
    }
    const outcome = yield* syncContainers({ world: this.world, pod: this.pod, records: this.records, place, unhealthy: this.unhealthy, started: (record) => this.watch(record) });
    this.wakeIfEnded();
    return outcome;
  }

  /** What was started and did not even run (a bad command) is news as well. */
  private wakeIfEnded(): void {
    if (this.records.some((record) => record.current?.state.status === 'exited' && record.current.state.reason === 'StartError' && record.current.state.finishedAt === this.world.kernel.now)) this.wakeAtRelist();
  }

  private get grace(): Duration {
    return seconds(this.pod.spec?.terminationGracePeriodSeconds ?? 30);
  }

  /** A container runs: begins its probes and waits for its end. */
  private watch(record: ContainerRecord): void {
    const { kernel } = this.world;
    const container = record.current as Container;
    const { startupProbe } = record.spec;
    record.started = startupProbe === undefined || this.world.facts.hollow === true;
    record.ready = record.spec.readinessProbe === undefined && record.started;
    this.unhealthy.delete(record.spec.name);
    this.startProbes(record, container, startupProbe ? 'startup' : 'others');
    kernel.spawn(`end of ${record.spec.name}`, this.untilEnd(record, container), this.process);
    this.wakeAtRelist();
  }

  private *untilEnd(record: ContainerRecord, container: Container): Task {
    yield* container.wait();
    if (record.current !== container) return;
    for (const probe of this.probes.get(record.spec.name) ?? []) probe.cancel();
    this.probes.delete(record.spec.name);
    record.started = false;
    record.ready = false;
    this.wakeAtRelist();
  }

  private startProbes(record: ContainerRecord, container: Container, which: 'startup' | 'others'): void {
    const { spec } = record;
    if (this.world.facts.hollow) return; // there is nobody to ask
    const target = { kernel: this.world.kernel, network: this.world.node.host, podIP: this.place?.podIPs[0] ?? '', spec, container };
    const listener = this.listener(record, container);
    const list = this.probes.get(spec.name) ?? [];
    this.probes.set(spec.name, list);
    const begin = (kind: ProbeKind, probe: typeof spec.livenessProbe) => {
      if (probe) list.push(this.world.kernel.spawn(`${kind} probe ${spec.name}`, probeLoop(kind, probe, target, listener), this.process));
    };
    if (which === 'startup') return begin('startup', spec.startupProbe);
    begin('liveness', spec.livenessProbe);
    begin('readiness', spec.readinessProbe);
  }

  private listener(record: ContainerRecord, container: Container): ProbeListener {
    const { spec } = record;
    return {
      unhealthy: (_kind, text) => this.world.event(this.pod, fieldPathOf(record.kind, spec.name), 'Warning', 'Unhealthy', text),
      changed: (kind, healthy) => {
        if (record.current !== container) return;
        if (kind === 'readiness') record.ready = healthy;
        else if (kind === 'startup' && healthy) {
          record.started = true;
          record.ready = spec.readinessProbe === undefined;
          this.startProbes(record, container, 'others');
        } else if (!healthy) {
          const probe = kind === 'startup' ? spec.startupProbe : spec.livenessProbe;
          const grace = probe?.terminationGracePeriodSeconds;
          this.unhealthy.set(spec.name, { message: `Container ${spec.name} failed ${kind} probe, will be restarted`, grace: grace === undefined ? undefined : seconds(grace) });
        }
        if (!this.terminating) this.publish();
        if (kind !== 'readiness') this.wake();
      },
    };
  }

  private *token(audience: string | undefined, expirationSeconds: number): Task<string> {
    return yield* this.status.token(this.pod, audience, expirationSeconds);
  }

  /** Kills the containers, says how they ended, and clears up; in the end the API's object goes too, if that is what was asked. */
  private terminate(grace: Duration, gone: boolean): void {
    if (this.terminating && !gone) return;
    this.terminating?.cancel();
    this.syncing?.cancel();
    this.terminating = this.world.kernel.spawn('terminate', this.end(grace, gone), null);
  }

  private *end(grace: Duration, gone: boolean): Task {
    for (const probes of this.probes.values()) for (const probe of probes) probe.cancel();
    this.probes.clear();
    if (!gone) this.publish();
    if (this.place) yield* stopPod(this.world, this.pod, this.records, this.place, grace);
    this.finalPhase = this.phaseAtEnd();
    this.closeNetwork();
    if (!gone) this.publish();
    yield* this.status.drained();
    if (gone || this.pod.metadata?.deletionTimestamp) {
      yield* this.cleanUp(gone);
      return;
    }
    this.terminating = undefined; // it has ended by itself: its statuses and logs stay until it is deleted
    this.wake();
  }

  private *cleanUp(gone: boolean): Task {
    while (!gone) {
      try {
        yield* this.world.client.delete(resources.pods, this.pod.metadata?.namespace, this.pod.metadata?.name ?? '', { gracePeriodSeconds: 0, preconditions: { uid: this.pod.metadata?.uid ?? '' } });
        break;
      } catch (error) {
        if (isStatus(error, 'NotFound') || isStatus(error, 'Conflict')) break;
        if (!isApiFailure(error)) throw error;
        yield* sleep(error instanceof ConnectionError ? seconds(1) : retry);
      }
    }
    this.status.stop();
    this.world.forget(this.pod);
    this.process.cancel();
  }

  private closeNetwork(): void {
    this.closePlace?.();
    this.closePlace = undefined;
  }

  /** Once nothing runs any more, the exit codes decide, whatever the restart policy. */
  private phaseAtEnd(): Phase {
    if (this.verdict) return 'Failed';
    const mains = this.records.filter((record) => record.kind === 'main');
    return mains.every((record) => record.current?.state.status === 'exited' && record.current.state.exitCode === 0) ? 'Succeeded' : 'Failed';
  }

  /** Writes the status as it is now; gives the phase that the containers amount to (which is not shown before all have stopped). */
  private publish(): Phase {
    const { status, phase } = this.statusNow();
    this.status.write(status);
    return phase;
  }

  private statusNow(): { status: PodStatus; phase: Phase } {
    const { pod, records } = this;
    const initialising = records.some((record) => record.kind === 'init' && !isSidecar(record.spec) && !(record.current?.state.status === 'exited' && record.current.state.exitCode === 0));
    const waitingReason = (pod.spec?.initContainers ?? []).length > 0 && (initialising || !records.some((r) => r.kind === 'main' && r.current)) ? 'PodInitializing' : 'ContainerCreating';
    const statuses = new Map<string, ContainerStatus>();
    for (const record of records) statuses.set(record.spec.name, containerStatus(this.asShown(record), pod, waitingReason, this.world.facts.hollow));
    const computed = phaseOf(pod, statuses);
    const ended = computed === 'Succeeded' || computed === 'Failed';
    const running = records.some((record) => record.current?.state.status === 'running');
    const before = (this.mirror ? this.mirror() : pod)?.status?.phase as Phase | undefined;
    const phase = this.finalPhase ?? (ended && running ? 'Running' : ended && before === undefined ? 'Pending' : computed);
    const of = (kind: ContainerRecord['kind']) => records.filter((record) => record.kind === kind).map((record) => statuses.get(record.spec.name) as ContainerStatus);
    const podIPs = this.place?.podIPs ?? [];
    const generation = pod.metadata?.generation;
    const status: PodStatus = {
      ...(generation !== undefined && { observedGeneration: generation }),
      phase,
      conditions: conditionsOf({ pod, phase, statuses, sandboxReady: this.closePlace !== undefined, before: this.status.conditions, now: this.world.kernel.now }),
      ...(this.verdict && (this.finalPhase || running) && { reason: this.verdict.reason, message: this.verdict.message }),
      hostIP: this.world.facts.address,
      hostIPs: [{ ip: this.world.facts.address }],
      ...(podIPs.length > 0 && { podIP: podIPs[0] as string, podIPs: podIPs.map((ip) => ({ ip })) }),
      startTime: this.status.startTime ?? formatTime(this.startedAt),
      ...((pod.spec?.initContainers ?? []).length > 0 && { initContainerStatuses: of('init') }),
      containerStatuses: of('main').sort(({ name: one }, { name: other }) => (one < other ? -1 : 1)),
      ...((pod.spec?.ephemeralContainers ?? []).length > 0 && { ephemeralContainerStatuses: of('ephemeral') }),
      ...resourcesOfPod(pod),
    } as PodStatus;
    return { status, phase: this.finalPhase ?? computed };
  }

  /** What failed to start is shown as waiting only while it is to be tried again. */
  private asShown(record: ContainerRecord): ContainerRecord {
    const state = record.current?.state;
    if (!record.waiting || state?.status !== 'exited') return record;
    return restarts(this.pod, record, state.exitCode) && !this.finalPhase ? record : { ...record, waiting: undefined };
  }
}
