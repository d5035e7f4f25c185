import type { CustomResourceDefinition, KubeObject } from '../../api';
import { sameJson } from '../registry/equal';
import type { Draft, ResourceDefinition } from '../resources/definition';

type Spec = { names: Record<string, unknown>; conversion?: object; versions?: readonly { name: string; storage?: boolean }[] };

/** CustomResourceDefinitions by their defaults: names that follow from others, no conversion, the stored version. */
export const customResourceDefinitions: ResourceDefinition = {
  group: 'apiextensions.k8s.io',
  resource: 'customresourcedefinitions',
  applyDefaults(draft) {
    const spec = draft['spec'] as Spec | undefined;
    if (!spec?.names) return;
    const { names } = spec;
    if (typeof names['kind'] === 'string' && names['kind'] !== '') {
      names['singular'] ||= names['kind'].toLowerCase();
      names['listKind'] ||= `${names['kind']}List`;
    }
    spec.conversion ??= { strategy: 'None' };
  },
  prepareForCreate(draft) {
    const stored = (draft['spec'] as Spec | undefined)?.versions?.find((version) => version.storage)?.name;
    draft['status'] = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: stored === undefined ? [] : [stored] };
    draft.metadata['generation'] = 1;
  },
  prepareForUpdate(draft: Draft, old: KubeObject) {
    const before = old as CustomResourceDefinition;
    draft['status'] = before.status;
    if (!sameJson(draft['spec'], before.spec)) draft.metadata['generation'] = (old.metadata?.generation ?? 0) + 1;
    const stored = (draft['spec'] as Spec | undefined)?.versions?.find((version) => version.storage)?.name;
    const versions = before.status?.storedVersions ?? [];
    if (stored !== undefined && !versions.includes(stored)) draft['status'] = { ...before.status, storedVersions: [...versions, stored] };
  },
};
