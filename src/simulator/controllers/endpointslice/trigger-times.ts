import type { Pod, Service } from '../../api';
import { meta } from '../../client';
import { podCondition } from '../pods';

interface Seen {
  readonly service: string;
  readonly pods: ReadonlyMap<string, string>;
}

/** Finds what time of change led to a sync: the first of those that were not there the time before. */
export class TriggerTimes {
  private readonly seen = new Map<string, Seen>();

  /** The time (RFC 3339) for endpoints.kubernetes.io/last-change-trigger-time; undefined when nothing says when. */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined {
    const before = this.seen.get(key);
    const times = new Map<string, string>();
    let first: string | undefined;
    const consider = (time: string | undefined, last: string | undefined) => {
      if (time && (last === undefined || time > last) && (first === undefined || time < first)) first = time;
    };
    for (const pod of pods) {
      const time = podCondition(pod, 'Ready')?.lastTransitionTime ?? '';
      times.set(meta(pod).name, time);
      consider(time, before?.pods.get(meta(pod).name));
    }
    consider(meta(service).creationTimestamp, before?.service);
    this.seen.set(key, { service: meta(service).creationTimestamp, pods: times });
    return first;
  }

  forget(key: string): void {
    this.seen.delete(key);
  }
}
