import type { KubeObject } from '../../api';
import type { Task } from '../../kernel';
import type { Draft } from '../resources/definition';
import type { ServedResource } from '../served';

/** Makes of a draft in the asked version the one that is stored. */
export function* storedForm({ conversion }: ServedResource, draft: Draft): Task<Draft> {
  const task = conversion?.toStored(draft);
  if (task) yield* task;
  return draft;
}

/** A stored object in the asked version. */
export function* askedForm<T extends KubeObject>({ conversion }: ServedResource, object: T): Task<T> {
  if (!conversion) return object;
  if (conversion.load) yield* conversion.load([object], true);
  return conversion.fromStored(object);
}

/** Writes the revision into an object about to be stored: its resourceVersion. */
export function stampResourceVersion(value: object, revision: number): void {
  const { metadata } = value as Draft;
  metadata['resourceVersion'] = String(revision);
}
