import type { Draft } from '../resources/definition';
import type { ServedResource } from '../served';

/** Makes of a draft in the asked version the one that is stored. */
export function storedForm(served: ServedResource, draft: Draft): Draft {
  served.conversion?.toStored(draft);
  return draft;
}

/** Writes the revision into an object about to be stored: its resourceVersion. */
export function stampResourceVersion(value: object, revision: number): void {
  const { metadata } = value as Draft;
  metadata['resourceVersion'] = String(revision);
}
