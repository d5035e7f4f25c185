import { type FieldRequirement, type KubeObject, matchesFields, parseFieldSelector, parseLabelSelector, SelectorError } from '../../api';
import { badRequest } from '../errors';
import type { ServedResource } from '../served';
import type { Matcher } from '../storage/watchers';

/** What a list or watch selects. */
export interface Selection {
  /** undefined: everything. */
  readonly matches: Matcher | undefined;
  readonly selectsLabels: boolean;
  /** Pinned by a field selector: an index serves these. */
  readonly name: string | undefined;
  readonly nodeName: string | undefined;
}

const everything: Selection = { matches: undefined, selectsLabels: false, name: undefined, nodeName: undefined };

/** The values of the fields that can be selected on. */
function fieldsOf({ definition }: ServedResource, object: KubeObject): Readonly<Record<string, string>> {
  return definition.selectableFields?.(object) ?? {};
}

const valueOf = (served: ServedResource, field: string, object: KubeObject): string => {
  if (field === 'metadata.name') return object.metadata?.name ?? '';
  if (field === 'metadata.namespace') return object.metadata?.namespace ?? '';
  return fieldsOf(served, object)[field] ?? '';
};

const pinned = (requirements: readonly FieldRequirement[], field: string): string | undefined => requirements.find((requirement) => requirement.equal && requirement.field === field && requirement.value !== '')?.value;

/** A selector read; throws the 400 of one that is none. */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

/** What selectors select. `known` checks that a field can be selected on and throws what the real one says if not. */
export function selectionOf(labelSelector: string, fieldSelector: string, served: ServedResource, known: (field: string) => void): Selection {
  if (labelSelector === '' && fieldSelector === '') return everything;
  const labels = labelSelector === '' ? undefined : parsed(() => parseLabelSelector(labelSelector));
  const requirements = fieldSelector === '' ? [] : parsed(() => parseFieldSelector(fieldSelector));
  for (const { field } of requirements) known(field);
  const matches: Matcher = (object) => {
    if (labels && !labels.matches(object.metadata?.labels)) return false;
    return requirements.length === 0 || matchesFields(requirements, (field) => valueOf(served, field, object));
  };
  return {
    matches: (labels === undefined || labels.everything) && requirements.length === 0 ? undefined : matches,
    selectsLabels: labels !== undefined,
    name: pinned(requirements, 'metadata.name'),
    nodeName: pinned(requirements, 'spec.nodeName'),
  };
}
