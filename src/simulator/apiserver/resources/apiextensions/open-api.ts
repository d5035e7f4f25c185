import type { StructuralSchema } from '../../../api';
import { Errors, type Path } from '../../field';
import { checkRules, type RuleContext } from './rules';

/*
 * What a schema may not say, wherever it stands. Faults of rules come after all others.
 */

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const listTypes = ['atomic', 'set', 'map'];
const scalarTypes = new Set(['string', 'integer', 'number', 'boolean']);

const isSchema = (value: unknown): value is StructuralSchema => typeof value === 'object' && value !== null && !Array.isArray(value);
const filled = (value: object | undefined): boolean => Object.keys(value ?? {}).length > 0;

function checkUnsupported(schema: StructuralSchema, path: Path, errors: Errors): void {
  const forbid = (isThere: boolean, field: string): void => {
    if (isThere) errors.forbidden(path.child(field), `${field} is not supported`);
  };
  forbid((schema.id ?? '') !== '', 'id');
  forbid(schema.additionalItems !== undefined, 'additionalItems');
  forbid(filled(schema.patternProperties), 'patternProperties');
  forbid(filled(schema.definitions), 'definitions');
  forbid(filled(schema.dependencies), 'dependencies');
  forbid((schema.$ref ?? '') !== '', '$ref');
}

function checkType({ type = '' }: StructuralSchema, path: Path, errors: Errors): void {
  if (type !== '' && !types.includes(type)) errors.notSupported(path.child('type'), type, types);
  if (type === 'null') errors.forbidden(path.child('type'), 'type cannot be set to null, use nullable as an alternative');
}

function checkCollectionType(schema: StructuralSchema, field: 'x-kubernetes-map-type' | 'x-kubernetes-list-type', wanted: string, supported: readonly string[], path: Path, errors: Errors): void {
  const own = schema[field];
  if (own === undefined) return;
  const { type = '' } = schema;
  if (type !== wanted) {
    if (type === '') errors.required(path.child('type'), `must be ${wanted} if ${field} is specified`);
    else errors.invalid(path.child('type'), type, `must be ${wanted} if ${field} is specified`);
  }
  if (!supported.includes(own)) errors.notSupported(path.child(field), own, supported);
}

function checkListKeys(schema: StructuralSchema, path: Path, errors: Errors): void {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (keys.length > 0 && listType === undefined) errors.required(path.child('x-kubernetes-list-type'), 'must be map if x-kubernetes-list-map-keys is non-empty');
  if (keys.length > 0 && listType !== undefined && listType !== 'map') errors.invalid(path.child('x-kubernetes-list-type'), listType, 'must be map if x-kubernetes-list-map-keys is non-empty');
  if (listType !== 'map') return;
  const at = path.child('x-kubernetes-list-map-keys');
  if (keys.length === 0) errors.required(at, 'must not be empty if x-kubernetes-list-type is map');
  const items = schema.items;
  if (!isSchema(items)) return errors.required(path.child('items'), 'must have a schema if x-kubernetes-list-type is map');
  if ((items.type ?? '') !== 'object') errors.invalid(path.child('items').child('type'), items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map");
  checkKeyTypes(keys, items, path, errors);
}

function checkKeyTypes(keys: readonly string[], items: StructuralSchema, path: Path, errors: Errors): void {
  const at = path.child('x-kubernetes-list-map-keys');
  const seen = new Set<string>();
  let isTwice = false;
  let isUnknown = false;
  for (const key of keys) {
    const own = items.properties?.[key];
    if (own === undefined) isUnknown = true;
    else if (!scalarTypes.has(own.type ?? '') && own['x-kubernetes-int-or-string'] !== true) {
      errors.invalid(path.child('items').child('properties').index(key).child('type'), items.type ?? '', "must be a scalar type if parent array's x-kubernetes-list-type is map");
    }
    if (seen.has(key)) isTwice = true;
    seen.add(key);
  }
  if (isTwice) errors.invalid(at, keys, 'must not contain duplicate entries');
  if (isUnknown) errors.invalid(at, keys, 'entries must all be names of item properties');
}

/** What identifies an item must be there. */
function checkItems(schema: StructuralSchema, path: Path, errors: Errors): void {
  const { items } = schema;
  const listType = schema['x-kubernetes-list-type'];
  if (!isSchema(items) || (listType !== 'map' && listType !== 'set')) return;
  const at = path.child('items');
  if (items.nullable === true) errors.forbidden(at.child('nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`);
  if (listType === 'set') {
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') errors.invalid(at.child('x-kubernetes-map-type'), null, 'must be atomic as item of a list with x-kubernetes-list-type=set');
    const inner = items['x-kubernetes-list-type'];
    if (items.type === 'array' && inner !== undefined && inner !== 'atomic') errors.invalid(at.child('x-kubernetes-list-type'), inner, 'must be atomic as item of a list with x-kubernetes-list-type=set');
    return;
  }
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const own = items.properties?.[key];
    if (!own) continue;
    const where = at.child('properties').index(key);
    if (own.default === undefined && !(items.required ?? []).includes(key)) errors.required(where.child('default'), 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property');
    if (own.nullable === true) errors.forbidden(where.child('nullable'), 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable');
  }
}

interface Place {
  readonly path: Path;
  /** What of the resource's own fields this is inside of: metadata, apiVersion, kind. */
  readonly inside: string | undefined;
  readonly isRoot: boolean;
}

class Walk {
  readonly errors = new Errors();
  readonly ofRules = new Errors();

  /** Gives whether the rules of this schema and those inside it are well formed. */
  visit(schema: StructuralSchema, { path, inside, isRoot }: Place, context: RuleContext | undefined): boolean {
    const { errors } = this;
    checkUnsupported(schema, path, errors);
    checkType(schema, path, errors);
    if (schema.uniqueItems === true) errors.forbidden(path.child('uniqueItems'), 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
    if (inside !== undefined) this.checkInside(schema, inside, path);
    const { additionalProperties: values } = schema;
    if (values !== undefined && values !== true && Object.keys(schema.properties ?? {}).length > 0) errors.forbidden(path.child('additionalProperties'), 'additionalProperties and properties are mutual exclusive');
    if (schema['x-kubernetes-preserve-unknown-fields'] === false) errors.invalid(path.child('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined');
    checkCollectionType(schema, 'x-kubernetes-map-type', 'object', ['atomic', 'granular'], path, errors);
    checkCollectionType(schema, 'x-kubernetes-list-type', 'array', listTypes, path, errors);
    checkListKeys(schema, path, errors);
    checkItems(schema, path, errors);
    return checkRules(schema, path, context, this.ofRules, () => this.children(schema, { path, inside, isRoot }, context));
  }

  private checkInside(schema: StructuralSchema, inside: string, path: Path): void {
    const [where, field] = inside.split(':') as [string, string];
    if (where === 'top-level' && schema.default !== undefined) this.errors.forbidden(path.child('default'), `must not be set in top-level ${field}`);
    if (field === 'metadata' && schema['x-kubernetes-embedded-resource'] === true) this.errors.forbidden(path.child('x-kubernetes-embedded-resource'), 'must not be used inside of resource meta');
  }

  private children(schema: StructuralSchema, { path, inside, isRoot }: Place, context: RuleContext | undefined): boolean {
    let fine = true;
    const down = (inner: StructuralSchema, at: Path, own: RuleContext | undefined, within = inside): void => {
      fine = this.visit(inner, { path: at, inside: within, isRoot: false }, own) && fine;
    };
    if (isSchema(schema.additionalProperties)) down(schema.additionalProperties, path.child('additionalProperties'), context?.values());
    const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      const own = isResource && ['metadata', 'apiVersion', 'kind'].includes(name) ? `${isRoot ? 'top-level' : 'embedded'}:${name}` : inside;
      down(inner, path.child('properties').index(name), context?.property(name), own);
    }
    if (schema.not) down(schema.not, path.child('not'), undefined);
    for (const list of ['allOf', 'oneOf', 'anyOf'] as const) for (const [index, inner] of (schema[list] ?? []).entries()) down(inner, path.child(list).index(index), undefined);
    if (Array.isArray(schema.items) && schema.items.length > 0) this.errors.forbidden(path.child('items'), 'items must be a schema object and not an array');
    if (isSchema(schema.items)) down(schema.items, path.child('items'), context?.items());
    return fine;
  }
}

/** What is wrong with a schema besides not being structural. Rules are compiled when there is a context for them. */
export function openApiErrors(schema: StructuralSchema, path: Path, context: RuleContext | undefined): Errors['list'] {
  const walk = new Walk();
  walk.visit(schema, { path, inside: undefined, isRoot: true }, context);
  context?.costs.check(path, walk.ofRules);
  return [...walk.errors.list, ...walk.ofRules.list];
}
