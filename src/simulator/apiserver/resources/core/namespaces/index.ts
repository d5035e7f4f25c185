import { isDns1123Label, isQualifiedName, type Namespace } from '../../../../api';
import { type Errors, maskTrailingDash, type Path } from '../../../field';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { collect, keepStatus, specPath, statusPath, updateStatusOnly } from '../../strategy';

const nameLabel = 'kubernetes.io/metadata.name';

/** A namespace carries its name as a label. */
function labelWithName(draft: Draft): void {
  const name = draft.metadata['name'] as string | undefined;
  if (name === undefined || name === '') return;
  draft.metadata['labels'] = { ...(draft.metadata['labels'] as object | undefined), [nameLabel]: name };
}

function checkFinalizer(finalizer: string, path: Path, errors: Errors): void {
  errors.invalidEach(path, finalizer, isQualifiedName(finalizer));
  if (!finalizer.includes('/') && finalizer !== 'kubernetes') errors.invalid(path, finalizer, 'name is neither a standard finalizer name nor is it fully qualified');
}

/** Namespaces: where names are unique. */
export const namespaces: ResourceDefinition<Namespace> = {
  group: '',
  resource: 'namespaces',
  applyDefaults: (draft) => {
    labelWithName(draft);
    if (draft['status'] === undefined) draft['status'] = {};
    const status = draft['status'] as Record<string, unknown>;
    if (status['phase'] === undefined) status['phase'] = 'Active';
    if (draft['spec'] === undefined) draft['spec'] = {};
  },
  validateName: (name, isPrefix) => [...isDns1123Label(isPrefix ? maskTrailingDash(name) : name)],
  prepareForCreate: (draft) => {
    labelWithName(draft);
    draft['status'] = { phase: 'Active' };
    const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
    const finalizers = (spec['finalizers'] ?? []) as readonly string[];
    spec['finalizers'] = finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'];
  },
  validateCreate: ({ spec }) =>
    collect((errors) => {
      for (const finalizer of spec?.finalizers ?? []) checkFinalizer(finalizer, specPath.child('finalizers'), errors);
    }),
  prepareForUpdate: (draft, old) => {
    keepStatus(draft, old);
    draft['spec'] = { ...(draft['spec'] as object | undefined), finalizers: old.spec?.finalizers ?? [] };
  },
  subresources: {
    status: {
      prepareForUpdate: (draft, old) => updateStatusOnly(draft, old),
      validateUpdate: (namespace) =>
        collect((errors) => {
          const deleting = namespace.metadata?.deletionTimestamp !== undefined;
          const phase = namespace.status?.phase ?? '';
          if (!deleting && phase !== 'Active') errors.invalid(statusPath.child('Phase'), phase, 'may only be \'Active\' if `deletionTimestamp` is empty');
          if (deleting && phase !== 'Terminating') errors.invalid(statusPath.child('Phase'), phase, 'may only be "Terminating" if `deletionTimestamp` is not empty');
        }),
    },
    finalize: {
      prepareForUpdate: (draft, old) => keepStatus(draft, old),
      validateUpdate: ({ spec }) =>
        collect((errors) => {
          for (const [index, finalizer] of (spec?.finalizers ?? []).entries()) checkFinalizer(finalizer, specPath.child('finalizers').index(index), errors);
        }),
    },
  },
  selectableFields: ({ status }) => ({ 'status.phase': status?.phase ?? '' }),
  cells: (namespace, now) => [nameOf(namespace), namespace.status?.phase ?? '', age(namespace, now)],
};
