import type { Pod } from '../../api';
import { meta } from '../../client';
import { type Duration, type Kernel, minutes, seconds, type Task, type Time, type Timer } from '../../kernel';
import { Heap } from './heap';

/** A Pod that waits to be scheduled. */
export interface QueuedPod {
  readonly uid: string;
  pod: Pod;
  readonly priority: number;
  /** When it came into the queue that it is in. */
  queuedAt: Time;
  /** How often it was tried in vain. */
  attempts: number;
  /** When its back-off ends. */
  retryAt: Time;
  /** The plugins that turned it away last. */
  rejectedBy: ReadonlySet<string>;
}

const firstBackOff = seconds(1);
const maxBackOff = seconds(10);
/** Pods that no event has helped are tried again after so long. */
const longestWait = minutes(5);

const sooner = (a: QueuedPod, b: QueuedPod): boolean => a.priority > b.priority || (a.priority === b.priority && a.queuedAt < b.queuedAt);

/** Pods that wait: ready to be tried, waiting out a back-off, or waiting for something to change. */
export class SchedulingQueue {
  private readonly active = new Heap<QueuedPod>(sooner);
  private readonly backingOff = new Heap<QueuedPod>((a, b) => a.retryAt < b.retryAt);
  private readonly unschedulable = new Map<string, QueuedPod>();
  private readonly gated = new Map<string, QueuedPod>();
  private wake: (() => void) | undefined;
  private leftOver: Timer | undefined;

  constructor(private readonly kernel: Kernel) {}

  /** Whether any Pod waits for something to change. */
  get hasUnschedulable(): boolean {
    return this.unschedulable.size > 0;
  }

  get length(): number {
    return this.active.size + this.backingOff.size + this.unschedulable.size;
  }

  add(pod: Pod): void {
    const { now } = this.kernel;
    const entry: QueuedPod = {
      uid: meta(pod).uid, pod, priority: pod.spec?.priority ?? 0, queuedAt: now, attempts: 0, retryAt: now, rejectedBy: new Set(),
    };
    if (isGated(pod)) this.gated.set(entry.uid, entry);
    else this.activate(entry);
  }

  /** The Pod has changed while it waited. `mayHelp`: the change is one that may get it through. */
  update(pod: Pod, mayHelp: (entry: QueuedPod) => boolean): void {
    const { uid } = meta(pod);
    const gated = this.gated.get(uid);
    if (gated) {
      gated.pod = pod;
      if (isGated(pod)) return;
      this.gated.delete(uid);
      return this.activate(gated);
    }
    const entry = this.active.get(uid) ?? this.backingOff.get(uid) ?? this.unschedulable.get(uid);
    if (!entry) return;
    entry.pod = pod;
    if (this.unschedulable.has(uid) && mayHelp(entry)) this.release(entry);
  }

  delete(uid: string): void {
    this.active.delete(uid);
    this.backingOff.delete(uid);
    this.unschedulable.delete(uid);
    this.gated.delete(uid);
  }

  has(uid: string): boolean {
    return this.active.has(uid) || this.backingOff.has(uid) || this.unschedulable.has(uid) || this.gated.has(uid);
  }

  /** Lets go of the Pods that an event may help. */
  move(mayHelp: (entry: QueuedPod) => boolean): void {
    for (const entry of [...this.unschedulable.values()]) if (mayHelp(entry)) this.release(entry);
  }

  /** Lets go of one Pod, whatever turned it away. */
  activateNow(uid: string): void {
    const entry = this.unschedulable.get(uid) ?? this.backingOff.get(uid);
    if (!entry) return;
    this.delete(uid);
    this.activate(entry);
  }

  /** A Pod was tried in vain. With no plugin to blame (an error) it is tried again after its back-off. */
  returned(entry: QueuedPod, rejectedBy: ReadonlySet<string>): void {
    const { now } = this.kernel;
    entry.attempts += 1;
    entry.rejectedBy = rejectedBy;
    entry.retryAt = now + backOff(entry.attempts);
    entry.queuedAt = now;
    if (rejectedBy.size === 0) return this.wait(entry);
    this.unschedulable.set(entry.uid, entry);
    this.watchLeftOvers();
  }

  /** The next Pod to try: those that are ready first, then, when there are none, those that wait out a back-off. */
  *pop(): Task<QueuedPod> {
    for (;;) {
      const entry = this.active.pop() ?? this.popBackingOff();
      if (entry) return entry;
      yield (waker) => {
        this.wake = () => waker.resolve(undefined);
        return () => {
          this.wake = undefined;
        };
      };
    }
  }

  private popBackingOff(): QueuedPod | undefined {
    const entry = this.backingOff.peek();
    // After an error the back-off is waited out.
    if (!entry || (entry.rejectedBy.size === 0 && entry.retryAt > this.kernel.now)) return undefined;
    return this.backingOff.pop();
  }

  private release(entry: QueuedPod): void {
    this.unschedulable.delete(entry.uid);
    if (entry.retryAt > this.kernel.now) this.wait(entry);
    else this.activate(entry);
  }

  private wait(entry: QueuedPod): void {
    this.backingOff.push(entry);
    if (entry.rejectedBy.size > 0) return this.wake?.();
    this.kernel.at(entry.retryAt, () => {
      if (this.backingOff.get(entry.uid) === entry && entry.retryAt <= this.kernel.now) {
        this.backingOff.delete(entry.uid);
        this.activate(entry);
      }
    });
  }

  private activate(entry: QueuedPod): void {
    entry.queuedAt = this.kernel.now;
    this.active.push(entry);
    this.wake?.();
  }

  /** One timer, and only while somebody waits. */
  private watchLeftOvers(): void {
    if (this.leftOver || this.unschedulable.size === 0) return;
    let earliest = Infinity;
    for (const { queuedAt } of this.unschedulable.values()) earliest = Math.min(earliest, queuedAt);
    this.leftOver = this.kernel.at(earliest + longestWait, () => {
      this.leftOver = undefined;
      this.move(({ queuedAt }) => this.kernel.now - queuedAt >= longestWait);
      this.watchLeftOvers();
    });
  }

  /** Ends its timers. */
  stop(): void {
    if (this.leftOver) this.kernel.cancel(this.leftOver);
    this.leftOver = undefined;
  }
}

const isGated = (pod: Pod): boolean => (pod.spec?.schedulingGates?.length ?? 0) > 0;

const backOff = (attempts: number): Duration => Math.min(firstBackOff * 2 ** (attempts - 1), maxBackOff);
