import type { Errors } from '../../field';
import { statusPath } from '../strategy';

/** Checks the conditions of this group's kinds: each has a type, no two the same. */
export function checkConditionTypes(conditions: readonly { readonly type?: string }[] | null | undefined, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { type = '' }] of (conditions ?? []).entries()) {
    const at = statusPath.child('conditions').index(index).child('type');
    if (seen.has(type)) errors.duplicate(at, type);
    seen.add(type);
    if (type === '') errors.required(at);
  }
}
