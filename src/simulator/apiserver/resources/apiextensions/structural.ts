import { compileRe2, type StructuralSchema } from '../../../api';
import { Errors, type Path } from '../../field';

/*
 * What makes a schema structural (KEP-2332): every value has a type outside of allOf, anyOf, oneOf and not, which may
 * only narrow it. The faults of this pass come sorted by their text.
 */

type Level = 'root' | 'field' | 'item';

const untyped: Readonly<Record<Level, string>> = { root: 'must not be empty at the root', field: 'must not be empty for specified object fields', item: 'must not be empty for specified array items' };
const onlyNames = 'must not specify anything other than name and generateName, but metadata is implicitly specified';

const isSchema = (value: unknown): value is StructuralSchema => typeof value === 'object' && value !== null && !Array.isArray(value);
const itemsOf = ({ items }: StructuralSchema): StructuralSchema | undefined => (isSchema(items) ? items : undefined);

function checkPattern({ pattern }: StructuralSchema, path: Path, errors: Errors): void {
  if (pattern === undefined || pattern === '') return;
  try {
    compileRe2(pattern);
  } catch (error) {
    errors.invalid(path.child('pattern'), pattern, `must be a valid regular expression, but isn't: ${(error as Error).message}`);
  }
}

/** The alternatives of a schema with the names of their lists. */
function* narrowing({ allOf = [], anyOf = [], oneOf = [], not }: StructuralSchema, path: Path): Generator<readonly [StructuralSchema, Path]> {
  for (const [name, list] of [['allOf', allOf], ['anyOf', anyOf], ['oneOf', oneOf]] as const) for (const [index, schema] of list.entries()) yield [schema, path.child(name).index(index)];
  if (not) yield [not, path.child('not')];
}

function checkNarrowing(schema: StructuralSchema, mayBeTyped: boolean, inResource: boolean, path: Path, errors: Errors): void {
  const must = (isFree: boolean, field: string, what: string): void => {
    if (!isFree) errors.forbidden(path.child(field), `must be ${what} to be structural`);
  };
  if (!mayBeTyped) must((schema.type ?? '') === '', 'type', 'empty');
  for (const field of ['description', 'title'] as const) must((schema[field] ?? '') === '', field, 'empty');
  must((schema.default ?? null) === null, 'default', 'undefined');
  must(schema.nullable !== true, 'nullable', 'false');
  for (const field of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string'] as const) must(schema[field] !== true, field, 'false');
  must(schema.additionalProperties === undefined, 'additionalProperties', 'undefined');
  for (const field of ['x-kubernetes-list-map-keys', 'x-kubernetes-validations'] as const) must((schema[field] ?? []).length === 0, field, 'empty');
  for (const field of ['x-kubernetes-list-type', 'x-kubernetes-map-type'] as const) must(schema[field] === undefined, field, 'undefined');
  if (inResource && schema.properties?.['metadata'] !== undefined) errors.forbidden(path.child('properties').index('metadata'), 'must not be specified in a nested context');
  checkPattern(schema, path, errors);
  for (const [inner, at] of narrowing(schema, path)) checkNarrowing(inner, false, inResource, at, errors);
  const items = itemsOf(schema);
  if (items) checkNarrowing(items, false, false, path.child('items'), errors);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) checkNarrowing(inner, false, false, path.child('properties').index(name), errors);
}

/** anyOf: integer or string, which is how x-kubernetes-int-or-string may be spelled out. */
const isIntOrStringChoice = ({ anyOf }: StructuralSchema): boolean =>
  anyOf?.length === 2 && ['integer', 'string'].every((type, index) => anyOf[index]?.type === type && Object.keys(anyOf[index] ?? {}).length === 1);

function checkAlternatives(schema: StructuralSchema, inResource: boolean, path: Path, errors: Errors): void {
  const free = schema['x-kubernetes-int-or-string'] === true || (schema.type ?? '') === '';
  const ownChoice = free && isIntOrStringChoice(schema) ? (schema.anyOf ?? []) : [];
  const first = schema.allOf?.[0];
  const innerChoice = free && first && isIntOrStringChoice(first) ? first : undefined;
  for (const [inner, at] of narrowing(schema, path)) {
    if (inner !== innerChoice) checkNarrowing(inner, ownChoice.includes(inner), inResource, at, errors);
    else for (const [choice, where] of narrowing(inner, at)) checkNarrowing(choice, (inner.anyOf ?? []).includes(choice), inResource, where, errors);
  }
}

const namesOnly = new Set(['name', 'generateName']);

/** The fields that every resource has may be narrowed, not changed. */
function checkResourceFields({ properties = {} }: StructuralSchema, isRoot: boolean, path: Path, errors: Errors): void {
  for (const [name, type] of [['metadata', 'object'], ['apiVersion', 'string'], ['kind', 'string']] as const) {
    const own = properties[name];
    if (own && own.type !== type) errors.invalid(path.index(name).child('type'), own.type ?? '', `must be ${type}`);
  }
  const { metadata } = properties;
  if (!isRoot || !metadata) return;
  const isMore = Object.keys(metadata).some((field) => field !== 'type' && field !== 'properties' && field !== 'default') || Object.keys(metadata.properties ?? {}).some((name) => !namesOnly.has(name));
  if (isMore) errors.forbidden(path.index('metadata'), onlyNames);
}

function checkExtensions(schema: StructuralSchema, path: Path, errors: Errors): void {
  const type = schema.type ?? '';
  const [embedded, keeps, either] = [schema['x-kubernetes-embedded-resource'] === true, schema['x-kubernetes-preserve-unknown-fields'] === true, schema['x-kubernetes-int-or-string'] === true];
  if (embedded) {
    if (type === '') errors.required(path.child('type'), 'must be object if x-kubernetes-embedded-resource is true');
    else if (type !== 'object') errors.invalid(path.child('type'), type, 'must be object if x-kubernetes-embedded-resource is true');
    if (!keeps && Object.keys(schema.properties ?? {}).length === 0) errors.required(path.child('properties'), 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields');
    if (schema.additionalProperties !== undefined) errors.forbidden(path.child('additionalProperties'), 'must not be used if x-kubernetes-embedded-resource is set');
  }
  if (!either) return;
  if (keeps) errors.invalid(path.child('x-kubernetes-preserve-unknown-fields'), true, 'must be false if x-kubernetes-int-or-string is true');
  if (embedded) errors.invalid(path.child('x-kubernetes-embedded-resource'), true, 'must be false if x-kubernetes-int-or-string is true');
}

function checkNode(schema: StructuralSchema, level: Level, path: Path, errors: Errors): void {
  const type = schema.type ?? '';
  const isRoot = level === 'root';
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  const mayLackType = !isRoot && (schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-embedded-resource'] === true);
  if (type === '' && !mayLackType) errors.required(path.child('type'), untyped[level]);
  if (isRoot && type !== '' && type !== 'object') errors.invalid(path.child('type'), type, 'must be object at the root');
  if (isRoot && schema.additionalProperties !== undefined) errors.forbidden(path.child('additionalProperties'), 'must not be used at the root');
  if (type === 'array' && !itemsOf(schema)) errors.required(path.child('items'), 'must be specified');
  checkExtensions(schema, path, errors);
  if (isResource) checkResourceFields(schema, isRoot, path.child('properties'), errors);
  checkPattern(schema, path, errors);
  checkAlternatives(schema, isResource, path, errors);
  if (isRoot) for (const [inner, at] of narrowing(schema, path)) checkKnown(inner, schema, at, path, errors);
  const items = itemsOf(schema);
  if (items) checkNode(items, 'item', path.child('items'), errors);
  if (isSchema(schema.additionalProperties)) checkNode(schema.additionalProperties, 'field', path.child('additionalProperties'), errors);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) checkNode(inner, 'field', path.child('properties').index(name), errors);
}

/** A field that is narrowed at the root must be there. */
function checkKnown(narrowed: StructuralSchema, root: StructuralSchema, at: Path, path: Path, errors: Errors): void {
  for (const name of Object.keys(narrowed.properties ?? {})) {
    if (root.properties?.[name] === undefined) errors.required(path.child('properties').index(name), `because it is defined in ${at.child('properties').index(name).toString()}`);
  }
  for (const [inner, where] of narrowing(narrowed, at)) checkKnown(inner, root, where, path, errors);
}

const text = ({ field, message }: Errors['list'][number]): string => `${field}: ${message}`;

/** Whether the server can read a schema as a structural one at all; the other pass says why not. */
export function isReadable(schema: StructuralSchema): boolean {
  const filled = (['id', '$schema', '$ref'] as const).every((field) => (schema[field] ?? '') === '');
  const closed = (['patternProperties', 'definitions', 'dependencies'] as const).every((field) => Object.keys(schema[field] ?? {}).length === 0) && schema.additionalItems === undefined;
  if (!filled || !closed || (Array.isArray(schema.items) && schema.items.length > 0) || schema['x-kubernetes-preserve-unknown-fields'] === false) return false;
  const inner = [itemsOf(schema), schema.additionalProperties, schema.not, ...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...Object.values(schema.properties ?? {})];
  return inner.filter(isSchema).every(isReadable);
}

/** What keeps a schema from being structural. */
export function structuralErrors(schema: StructuralSchema, path: Path): Errors['list'] {
  const errors = new Errors();
  checkNode(schema, 'root', path, errors);
  return errors.list.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}
