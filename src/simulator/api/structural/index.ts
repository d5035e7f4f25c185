import type { StatusCause } from '../status';
import { hasRules, validateRules } from './rules';
import type { StructuralSchema } from './schema';
import { validateListTypes, validateSchema } from './validate';

export { celTypeOf } from './cel-type';
export { stringFormats } from './formats';
export { validateRules } from './rules';
export { celSizeOf, mostInRequest } from './cel-sizes';
export { itemsOf, type StructuralSchema, valuesOf } from './schema';
export { validateSchema } from './validate';
export { applyDefaults as applyStructuralDefaults, prune as pruneStructural } from './shape';
export { structuralType } from './type-schema';

const blocking = new Set(['FieldValueTypeInvalid', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueRequired', 'FieldValueNotSupported']);

/**
 * Everything that is wrong with a custom resource: its schema, duplicates in its lists, its rules. With the old object,
 * what did not change is let through. Fields of the root object that the schema does not own (metadata) are not looked at.
 * `embedded` is what is wrong with the resources inside.
 */
export function validateStructural(schema: StructuralSchema, object: Readonly<Record<string, unknown>>, old?: Readonly<Record<string, unknown>>, embedded: readonly StatusCause[] = []): StatusCause[] {
  const faults = [...validateSchema(schema, object, old), ...embedded, ...validateListTypes(schema, object)];
  if (!hasRules(schema)) return faults;
  if (faults.some((fault) => blocking.has(fault.reason ?? ''))) {
    return [...faults, { reason: 'FieldValueInvalid', message: 'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation', field: '<nil>' }];
  }
  return [...faults, ...validateRules(schema, object, old)];
}
