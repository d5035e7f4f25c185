import { type KubeObject } from '../api';
import { Channel, formatTime, type Kernel, type Process, seconds, sleep, type Task } from '../kernel';
import type { Client } from './client';
import { EventCorrelator, type Correlated } from './event-correlation';
import { ConnectionError, isApiFailure } from './failure';
import { resources } from './resources';

/** A reference to what an event is about. */
export interface ObjectReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** spec.containers{web} */
  readonly fieldPath?: string;
}

/** A core/v1 Event. */
export type EventObject = KubeObject & {
  readonly involvedObject: ObjectReference;
  readonly reason: string;
  readonly message: string;
  readonly type: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly action?: string;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
};

/** Writes events of one component, as client-go's tools/record does. Recording never waits and never fails. */
export interface EventRecorder {
  event(about: KubeObject | ObjectReference, type: 'Normal' | 'Warning', reason: string, message: string, annotations?: Readonly<Record<string, string>>): void;
}

/** The reference to an object (or `about` itself, if it is one). */
export function referenceTo(about: KubeObject | ObjectReference): ObjectReference {
  if (!('metadata' in about)) return about;
  const { apiVersion, kind, metadata } = about as KubeObject;
  return {
    ...(kind !== undefined && { kind }),
    ...(metadata?.namespace !== undefined && { namespace: metadata.namespace }),
    ...(metadata?.name !== undefined && { name: metadata.name }),
    ...(metadata?.uid !== undefined && { uid: metadata.uid }),
    ...(apiVersion !== undefined && { apiVersion }),
    ...(metadata?.resourceVersion !== undefined && { resourceVersion: metadata.resourceVersion }),
  };
}

const sequences = new WeakMap<Kernel, number>();

/** The name of a new event: that of its object and the time in nanoseconds, of which no two are equal in one world. */
export function eventName(kernel: Kernel, objectName: string): string {
  const sequence = ((sequences.get(kernel) ?? -1) + 1) % 1000;
  sequences.set(kernel, sequence);
  return `${objectName}.${(BigInt(kernel.now) * 1000n + BigInt(sequence)).toString(16)}`;
}

const maxTries = 12;

/** Writes one event, or counts it up; what the server refuses is dropped, an unreachable server is tried again. */
function* write(kernel: Kernel, client: Client, { event, patch }: Correlated, written: (event: EventObject) => void): Task {
  const namespace = event.metadata?.namespace ?? 'default';
  for (let tries = 1; tries <= maxTries; tries++) {
    try {
      if (patch) {
        try {
          written(yield* client.patch<EventObject>(resources.events, namespace, event.metadata?.name ?? '', 'application/strategic-merge-patch+json', patch));
          return;
        } catch (error) {
          if (!isApiFailure(error) || error instanceof ConnectionError || error.code !== 404) throw error;
        }
      }
      const { resourceVersion: _, ...metadata } = event.metadata ?? {};
      written(yield* client.create<EventObject>(resources.events, namespace, { ...event, metadata: { ...metadata, name: eventName(kernel, event.involvedObject.name ?? '') } } as EventObject));
      return;
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      if (!(error instanceof ConnectionError)) return;
    }
    yield* sleep(seconds(10));
  }
}

/** A recorder under the name of `component`; events are written one after the other, as children of `parent`. */
export function createRecorder(kernel: Kernel, client: Client, component: string, host = '', parent: Process | null = kernel.process ?? null): EventRecorder {
  const correlator = new EventCorrelator(kernel);
  const line = new Channel<EventObject>(1000);
  function* drain(): Task {
    for (;;) {
      const event = yield* line.receive();
      if (!event) return;
      const correlated = correlator.correlate(event);
      if (correlated) yield* write(kernel, client, correlated, (stored) => correlator.written(correlated, stored));
    }
  }
  kernel.spawn(`events of ${component}`, drain(), parent);
  const source = Object.freeze({ component, ...(host !== '' && { host }) });
  return {
    event(about, type, reason, message, annotations) {
      const involvedObject = referenceTo(about);
      const now = formatTime(kernel.now);
      line.send({
        apiVersion: 'v1', kind: 'Event',
        metadata: { name: eventName(kernel, involvedObject.name ?? ''), namespace: involvedObject.namespace || 'default', ...(annotations && { annotations }) },
        involvedObject, reason, message, source, firstTimestamp: now, lastTimestamp: now, count: 1, type,
        reportingComponent: component, reportingInstance: host,
      });
    },
  };
}
