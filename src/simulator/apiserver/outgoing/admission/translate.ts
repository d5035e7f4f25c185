import type { Task } from '../../../kernel';
import { askedForm, storedForm } from '../../registry/stored';
import type { Draft } from '../../resources/definition';
import type { ServedResource } from '../../served';

const copy = (value: object): Draft => JSON.parse(JSON.stringify(value)) as Draft;

/** A copy of an object of one version of a resource, in another. */
export function* translated(value: object, from: ServedResource, to: ServedResource): Task<Draft> {
  const draft = copy(value);
  yield* storedForm(from, draft);
  from.definition.applyDefaults?.(draft);
  const made = to.conversion ? copy(yield* askedForm(to, draft as never)) : draft;
  to.definition.applyDefaults?.(made);
  return made;
}
