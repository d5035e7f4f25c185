import { deepFreeze, type KubeObject, type WatchEvent } from '../../api';
import type { Change } from '../../etcd';

/** The object as of another revision: what a DELETED event carries. */
export const withResourceVersion = (object: KubeObject, revision: number): KubeObject =>
  deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });

/** A change of the store in the words of the API; what several watchers need is made once. */
export class StoredChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The new object; of a deleted one its last state, with the revision of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly revision: number;
  private shared: WatchEvent | undefined;
  private last: KubeObject | undefined;

  constructor({ current, previous, revision }: Change) {
    this.revision = revision;
    this.previous = previous?.value as KubeObject | undefined;
    this.type = current === undefined ? 'DELETED' : this.previous === undefined ? 'ADDED' : 'MODIFIED';
    this.object = current === undefined ? withResourceVersion(this.previous as KubeObject, revision) : (current.value as KubeObject);
  }

  /** The event for a watcher without selectors. */
  get event(): WatchEvent {
    return (this.shared ??= Object.freeze({ type: this.type, object: this.object }));
  }

  /** The object as a watcher saw it last that no longer sees it. */
  get lastSeen(): KubeObject {
    return this.type === 'DELETED' ? this.object : (this.last ??= withResourceVersion(this.previous as KubeObject, this.revision));
  }
}
