import type { KubeObject, ResourceInfo } from '../../api';
import type { Draft, ResourceDefinition, UpdateStrategy } from '../resources/definition';
import { sameJson } from './equal';

type Fields = Readonly<Record<string, unknown>>;

function take(draft: Draft, old: KubeObject, field: string): void {
  const value = (old as unknown as Fields)[field];
  if (value === undefined) delete draft[field];
  else draft[field] = value;
}

/** Kinds without a status but with a generation that counts every change of what they say. */
function bump(draft: Draft, old: KubeObject, field: string): void {
  if (old.metadata?.generation !== undefined && !sameJson(draft[field], (old as unknown as Fields)[field])) draft.metadata['generation'] = old.metadata.generation + 1;
}

/** Updates of a subresource that is a part of the object: that part and metadata change, all else stays. */
export function partStrategy(part: string): UpdateStrategy {
  return {
    prepareForUpdate(draft, old) {
      const before = old as unknown as Fields;
      for (const field of Object.keys(draft)) if (field !== part && field !== 'metadata' && !(field in before)) delete draft[field];
      for (const field of Object.keys(before)) if (field !== part && field !== 'metadata') draft[field] = before[field];
    },
  };
}

/** How a resource behaves of which the schema says all: its status belongs to the status subresource. */
export function genericDefinition(info: ResourceInfo, group: string): ResourceDefinition {
  const hasStatus = info.subresources.some(({ name }) => name === 'status');
  if (!hasStatus) return { group, resource: info.resource };
  return {
    group,
    resource: info.resource,
    prepareForCreate(draft) {
      delete draft['status'];
      const zero = info.type.fields.get('status');
      if (zero && !zero.omitEmpty && !zero.pointer) draft['status'] = {};
      draft.metadata['generation'] = 1;
    },
    prepareForUpdate(draft, old) {
      take(draft, old, 'status');
      bump(draft, old, 'spec');
    },
    subresources: { status: partStrategy('status') },
  };
}
