import type { ControllerRevision } from '../../../../api';
import { fieldPath } from '../../../field';
import { sameJson } from '../../../registry/equal';
import { age, nameOf, orNone } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { collect } from '../../strategy';

const kinds: Readonly<Record<string, string>> = { StatefulSet: 'statefulset', DaemonSet: 'daemonset' };

function controllerOf({ metadata }: ControllerRevision): string {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller);
  if (!owner) return '<none>';
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0] ?? ''}` : '';
  return orNone(`${kinds[owner.kind] ?? owner.kind.toLowerCase()}${group}/${owner.name}`);
}

const revisionPath = fieldPath('revision');

/** ControllerRevisions: what a StatefulSet or DaemonSet once looked like. */
export const controllerrevisions: ResourceDefinition<ControllerRevision> = {
  group: 'apps',
  resource: 'controllerrevisions',
  validateCreate: ({ data, revision }) =>
    collect((errors) => {
      if (revision < 0) errors.invalid(revisionPath, revision, 'must be greater than or equal to 0');
      if ((data ?? null) === null) errors.required(fieldPath('data'), 'data is mandatory');
      else if (typeof data !== 'object' || Array.isArray(data)) errors.required(fieldPath('data'), 'data must be a valid JSON object');
    }),
  validateUpdate: ({ data, revision }, old) =>
    collect((errors) => {
      if (revision < 0) errors.invalid(revisionPath, revision, 'must be greater than or equal to 0');
      if (!sameJson(data, old.data)) errors.invalid(fieldPath('data'), data ?? null, 'field is immutable');
    }),
  cells: (own, now) => [nameOf(own), controllerOf(own), own.revision, age(own, now)],
};
