import { encodeAny, itemsOf, pruneStructural, type StatusCause, type StructuralSchema, validateSchema, validateRules, valuesOf } from '../../../api';
import { Errors, type FieldError, type Path } from '../../field';
import { embeddedErrors, requiredOfResource } from './embedded';

/** A fault inside a default, whose own place is `path`. */
const placed = (path: Path, { reason, message, field = '' }: StatusCause): FieldError => {
  const inner = field === '<nil>' ? '' : field.replace(/^\./, '');
  return { type: reason as FieldError['type'], field: `${path.toString()}${inner === '' ? '' : `.${inner}`}`, message };
};

function checkDefault(schema: StructuralSchema, isRoot: boolean, isMetadata: boolean, path: Path, errors: Errors): void {
  const value = schema.default;
  if (value === undefined || value === null) return;
  const before = errors.length;
  const dropped: string[] = [];
  pruneStructural(schema, value, dropped, '', isRoot);
  if (dropped.length > 0 && !isMetadata) errors.list.push({ type: 'FieldValueInvalid', field: path.toString(), message: `Invalid value: ${encodeAny(value)}: must not have unknown fields` });
  if (isRoot) errors.list.push(...requiredOfResource(value).map((cause) => placed(path, cause)));
  errors.list.push(...embeddedErrors(schema, value, isRoot).map((cause) => placed(path, cause)));
  const free = schema['x-kubernetes-int-or-string'] === true;
  if (!free) errors.list.push(...validateSchema(schema, value, undefined, '').map((cause) => placed(path, cause)));
  if (errors.length === before) errors.list.push(...validateRules(schema, value, value, '', isRoot, true).map((cause) => placed(path, cause)));
}

function visit(schema: StructuralSchema, isRoot: boolean, isMetadata: boolean, path: Path, errors: Errors): void {
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  checkDefault(schema, isRoot, isMetadata, path.child('default'), errors);
  const items = itemsOf(schema);
  if (items) visit(items, false, false, path.child('items'), errors);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) visit(inner, false, isResource && name === 'metadata', path.child('properties').index(name), errors);
}

/** Defaults that their own schemas would refuse; those in the values of maps are not looked at. */
export function defaultErrors(schema: StructuralSchema, path: Path): Errors['list'] {
  const errors = new Errors();
  visit(schema, true, false, path, errors);
  return errors.list;
}

/** Whether a schema has defaults. */
export function hasDefaults(schema: StructuralSchema): boolean {
  if (schema.default !== undefined && schema.default !== null) return true;
  return [itemsOf(schema), valuesOf(schema), ...Object.values(schema.properties ?? {})].some((inner) => inner !== undefined && hasDefaults(inner));
}
