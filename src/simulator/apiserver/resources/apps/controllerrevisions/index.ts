import type { ControllerRevision } from '../../../../api';
import { fieldPath } from '../../../field';
import { age, nameOf, orNone } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { checkImmutable, collect } from '../../strategy';

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
      if ((data ?? null) === null) errors.required(fieldPath('data'), 'data is mandatory');
      if (revision < 0) errors.invalid(revisionPath, revision, 'must be greater than or equal to 0');
    }),
  validateUpdate: ({ data, revision }, old) =>
    collect((errors) => {
      checkImmutable(data, old.data, fieldPath('data'), errors);
      if (revision < 0) errors.invalid(revisionPath, revision, 'must be greater than or equal to 0');
    }),
  cells: (own, now) => [nameOf(own), controllerOf(own), own.revision, age(own, now)],
};
