import type { KubeObject } from '../api';
import { Channel, formatMicroTime, type Kernel, minutes, type Process, type Task, type Time } from '../kernel';
import type { Client } from './client';
import { eventName, type EventObject, type ObjectReference, referenceTo } from './events';
import { isApiFailure } from './failure';
import { resources } from './resources';

export interface SeriesEvent {
  readonly regarding: KubeObject | ObjectReference;
  readonly related?: KubeObject | ObjectReference;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

/** Writes events as client-go's tools/events does: with an action, an eventTime, and a series when they repeat. */
export interface SeriesRecorder {
  event(event: SeriesEvent): void;
}

interface Series {
  readonly name: string;
  readonly namespace: string;
  count: number;
  last: Time;
}

const seriesEnd = minutes(6);
const maxNote = 1024;

/** A recorder of `controller` (default-scheduler) on `instance` (default-scheduler-hostname). */
export function createSeriesRecorder(kernel: Kernel, client: Client, controller: string, instance: string, parent: Process | null = kernel.process ?? null): SeriesRecorder {
  const series = new Map<string, Series>();
  const line = new Channel<{ readonly event: SeriesEvent; readonly time: Time }>(1000);

  function forgetEnded(): void {
    for (const [key, { last }] of series) {
      if (kernel.now - last < seriesEnd) return;
      series.delete(key);
    }
  }

  function* repeat(known: Series, time: Time): Task {
    known.count += 1;
    known.last = time;
    const patch = { series: { count: known.count, lastObservedTime: formatMicroTime(time) } };
    yield* client.patch(resources.events, known.namespace, known.name, 'application/strategic-merge-patch+json', patch);
  }

  function* write({ regarding, related, type, reason, action, note }: SeriesEvent, time: Time): Task {
    const involvedObject = referenceTo(regarding);
    const namespace = involvedObject.namespace ?? 'default';
    const key = JSON.stringify([type, action, reason, involvedObject, related && referenceTo(related)]);
    const known = series.get(key);
    if (known && time - known.last < seriesEnd) return yield* repeat(known, time);
    const event: EventObject = {
      apiVersion: 'v1', kind: 'Event',
      metadata: { name: eventName(kernel, involvedObject.name ?? ''), namespace },
      involvedObject, reason, type, action,
      message: note.length > maxNote ? note.slice(0, maxNote) : note,
      eventTime: formatMicroTime(time), reportingComponent: controller, reportingInstance: instance,
      source: {}, firstTimestamp: null, lastTimestamp: null,
      ...(related && { related: referenceTo(related) }),
    };
    const stored = yield* client.create<EventObject>(resources.events, namespace, event);
    series.delete(key);
    series.set(key, { name: stored.metadata?.name ?? '', namespace, count: 1, last: time });
    forgetEnded();
  }

  function* drain(): Task {
    for (;;) {
      const next = yield* line.receive();
      if (!next) return;
      try {
        yield* write(next.event, next.time);
      } catch (error) {
        if (!isApiFailure(error)) throw error;
      }
    }
  }
  kernel.spawn(`events of ${controller}`, drain(), parent);
  return {
    event(event) {
      line.send({ event, time: kernel.now });
    },
  };
}
