import { type Condition, isQualifiedName } from '../../api';
import { type Errors, type Path } from '../field';

const reasonForm = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const reasonMessage =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";
const reasonLimit = 1024;
const messageLimit = 32 * 1024;

/** Checks conditions of the common form (meta/v1 Condition): each type once. */
export function checkConditions(conditions: readonly Condition[] | null | undefined, path: Path, errors: Errors): void {
  const types = new Set<string>();
  for (const [index, { type = '', status = '', observedGeneration = 0, lastTransitionTime, reason = '', message = '' }] of (conditions ?? []).entries()) {
    const at = path.index(index);
    if (types.has(type)) errors.duplicate(at.child('type'), type);
    types.add(type);
    errors.invalidEach(at.child('type'), type, isQualifiedName(type));
    if (!['False', 'True', 'Unknown'].includes(status)) errors.notSupported(at.child('status'), status, ['False', 'True', 'Unknown']);
    if (observedGeneration < 0) errors.invalid(at.child('observedGeneration'), observedGeneration, 'must be greater than or equal to zero');
    if (((lastTransitionTime ?? '') as string) === '') errors.required(at.child('lastTransitionTime'));
    if (reason === '') errors.required(at.child('reason'));
    else {
      if (!reasonForm.test(reason)) errors.invalid(at.child('reason'), reason, reasonMessage);
      if (reason.length > reasonLimit) errors.tooLong(at.child('reason'), reasonLimit);
    }
    if (message.length > messageLimit) errors.tooLong(at.child('message'), messageLimit);
  }
}
