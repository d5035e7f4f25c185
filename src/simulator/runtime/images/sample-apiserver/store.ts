import { Channel, formatTime } from '../../../kernel';
import type { System } from '../../interface';

/** An object of the API. */
export interface Thing {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Readonly<Record<string, unknown>> & { readonly name?: string; readonly namespace?: string; readonly generateName?: string };
}

/** What a watch hears of. */
export interface Event {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Thing;
}

/** The objects of one resource. */
export class Store {
  private readonly things = new Map<string, Thing>();
  private readonly watches = new Set<{ readonly namespace: string; readonly events: Channel<Event> }>();
  revision = 1;

  constructor(private readonly system: System) {}

  get(namespace: string, name: string): Thing | undefined {
    return this.things.get(`${namespace}/${name}`);
  }

  /** In all namespaces when it is ''. */
  list(namespace: string): Thing[] {
    return [...this.things.values()].filter(({ metadata }) => namespace === '' || metadata?.namespace === namespace);
  }

  create(namespace: string, thing: Thing): Thing {
    const { system } = this;
    const name = thing.metadata?.name ?? `${thing.metadata?.generateName ?? ''}${system.random.suffix(5)}`;
    const metadata = { ...thing.metadata, name, ...(namespace !== '' && { namespace }), uid: system.random.uuid(), creationTimestamp: formatTime(system.now) };
    return this.put('ADDED', { ...thing, metadata });
  }

  update(old: Thing, thing: Thing): Thing {
    const { uid, creationTimestamp, name, namespace } = old.metadata ?? {};
    return this.put('MODIFIED', { ...thing, metadata: { ...thing.metadata, uid, creationTimestamp, ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }) } });
  }

  remove(thing: Thing): void {
    this.things.delete(keyOf(thing));
    this.tell({ type: 'DELETED', object: thing });
  }

  watch(namespace: string): Channel<Event> {
    const events = new Channel<Event>();
    this.watches.add({ namespace, events });
    return events;
  }

  private put(type: Event['type'], thing: Thing): Thing {
    this.revision += 1;
    const stored = { ...thing, metadata: { ...thing.metadata, resourceVersion: String(this.revision) } };
    this.things.set(keyOf(stored), stored);
    this.tell({ type, object: stored });
    return stored;
  }

  private tell(event: Event): void {
    for (const watch of this.watches) {
      if (watch.namespace !== '' && watch.namespace !== event.object.metadata?.namespace) continue;
      if (!watch.events.send(event)) this.watches.delete(watch);
    }
  }
}

const keyOf = ({ metadata }: Thing): string => `${metadata?.namespace ?? ''}/${metadata?.name}`;
