import type { KubeObject } from '../../api';
import type { ServerParts } from '../call';
import type { Draft } from '../resources/definition';
import type { WriteRequest } from './write-request';

/** Records who set which fields of a new object. */
export function managedFieldsOnCreate(_server: ServerParts, _write: WriteRequest, draft: Draft): void {
  delete draft.metadata['managedFields'];
}

/** Records who changed which fields of an object. */
export function managedFieldsOnUpdate(_server: ServerParts, _write: WriteRequest, draft: Draft, old: KubeObject): void {
  if (old.metadata?.managedFields === undefined) delete draft.metadata['managedFields'];
  else draft.metadata['managedFields'] = old.metadata.managedFields;
}
