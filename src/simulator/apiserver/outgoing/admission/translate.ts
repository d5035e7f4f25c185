import type { Task } from '../../../kernel';
import type { Draft } from '../../resources/definition';
import type { ServedResource } from '../../served';

const copy = (value: object): Draft => JSON.parse(JSON.stringify(value)) as Draft;

/** A copy of an object of one version of a resource, in another. */
export function* translated(value: object, from: ServedResource, to: ServedResource): Task<Draft> {
  const draft = copy(value);
  from.conversion?.toStored(draft);
  from.definition.applyDefaults?.(draft);
  const made = to.conversion ? copy(to.conversion.fromStored(draft as never) as object) : draft;
  to.definition.applyDefaults?.(made);
  return made;
}
