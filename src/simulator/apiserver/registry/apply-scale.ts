import type { KubeObject, Scale } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import type { Draft } from '../resources/definition';
import { managedScale, withScaleManagers } from '../subresources/scale-managers';
import { scaled, scaleKind, scaleOf, scaleType } from '../subresources/scale-object';
import { applied, decodedAs, readConfig } from './apply';
import { identityOf } from './managed-fields';
import { updateObject } from './update';
import { apiVersionOfServed, type WriteRequest } from './write-request';

/** Server-side apply of a Scale: conflicts and ownership are those of the object's replicas. */
export function* appliedScale(server: ServerParts, call: ResourceCall, write: WriteRequest): Task<Scale> {
  const { served } = call;
  const config = readConfig(call, scaleKind);
  const identity = { ...identityOf(server, write), apiVersion: 'autoscaling/v1', force: write.options.force === true };
  const make = (existing: KubeObject): Draft => {
    const live = managedScale(served, existing);
    // A Scale leaves out no replicas at all; who applies zero to it changes nothing.
    const { object, managedFields } = applied(scaleType(), scaleKind, config, { ...live, spec: { replicas: 0, ...live.spec } }, identity);
    const draft = scaled(served, existing, decodedAs(scaleType(), scaleKind, object) as unknown as Scale);
    draft.metadata['managedFields'] = withScaleManagers(existing.metadata?.managedFields, managedFields, apiVersionOfServed(served));
    return draft;
  };
  const { object } = yield* updateObject(server, write, { make, strategy: served.definition, keepsManagedFields: true, patch: true });
  return scaleOf(served, object);
}
