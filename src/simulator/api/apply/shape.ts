import type { FieldSchema, TypeSchema } from '../schema';

/** How server-side apply treats a value. */
export type Shape =
  | { readonly kind: 'scalar'; readonly scalar: 'string' | 'numeric' | 'boolean' | 'anyScalar' | 'untyped' }
  | { readonly kind: 'atomic'; readonly of: 'map' | 'list'; readonly inner: () => Shape }
  | { readonly kind: 'struct'; readonly field: (name: string) => Shape | undefined; readonly names: () => Iterable<string> }
  | { readonly kind: 'map'; readonly element: () => Shape }
  | { readonly kind: 'set'; readonly element: () => Shape }
  | { readonly kind: 'list'; readonly keys: readonly string[]; readonly defaults: Readonly<Record<string, unknown>>; readonly element: () => Shape };

/** Anything: objects are maps of anything, lists are atomic. */
export const deduced: Shape = { kind: 'map', element: () => deduced };
const scalars = { string: scalar('string'), numeric: scalar('numeric'), boolean: scalar('boolean'), anyScalar: scalar('anyScalar'), untyped: scalar('untyped') };

function scalar(kind: 'string' | 'numeric' | 'boolean' | 'anyScalar' | 'untyped'): Shape {
  return Object.freeze({ kind: 'scalar', scalar: kind });
}

const ofTypes = new WeakMap<TypeSchema, Shape>();
const ofFields = new WeakMap<FieldSchema, Shape>();

/** The shape of a struct. */
export function shapeOfType(type: TypeSchema): Shape {
  let shape = ofTypes.get(type);
  if (!shape) {
    shape = {
      kind: 'struct',
      field: (name) => {
        const field = type.fields.get(name);
        return field ? shapeOfField(field) : type.open ? deduced : undefined;
      },
      names: () => type.fields.keys(),
    };
    ofTypes.set(type, shape);
  }
  return shape;
}

/** The shape of a field's value. */
export function shapeOfField(field: FieldSchema): Shape {
  let shape = ofFields.get(field);
  if (!shape) {
    shape = makeShape(field);
    ofFields.set(field, shape);
  }
  return shape;
}

function makeShape(field: FieldSchema): Shape {
  switch (field.type) {
    case 'object':
      if (field.atomic) return { kind: 'atomic', of: 'map', inner: () => (field.object && !field.alternative ? shapeOfType(field.object) : deduced) };
      return field.object && !field.alternative ? shapeOfType(field.object) : deduced;
    case 'map': return field.atomic ? { kind: 'atomic', of: 'map', inner: () => ({ kind: 'map', element: () => shapeOfField(field.element as FieldSchema) }) } : { kind: 'map', element: () => shapeOfField(field.element as FieldSchema) };
    case 'list': return listShape(field);
    case 'json': return field.format === 'raw' ? scalars.untyped : deduced;
    case 'boolean': return scalars.boolean;
    case 'integer':
    case 'number': return scalars.numeric;
    case 'quantity':
    case 'time':
    case 'microTime': return scalars.anyScalar;
    case 'intOrString': return deduced;
    default: return scalars.string;
  }
}

function listShape(field: FieldSchema): Shape {
  const element = field.element as FieldSchema;
  if (field.listType === 'set') return { kind: 'set', element: () => shapeOfField(element) };
  if (field.listType !== 'map') return { kind: 'atomic', of: 'list', inner: () => shapeOfField(element) };
  const defaults: Record<string, unknown> = {}; // the schema's text leaves out that a LocalObjectReference's name defaults to ""
  for (const key of field.listMapKeys ?? []) {
    const of = element.object?.fields.get(key);
    const zero = of?.omitEmpty && !element.object?.name.endsWith('.LocalObjectReference') ? undefined : of?.type === 'string' ? '' : of?.type === 'integer' ? 0 : undefined;
    const value = of?.default ?? zero;
    if (value !== undefined) defaults[key] = value;
  }
  return { kind: 'list', keys: [...(field.listMapKeys ?? [])].sort(), defaults, element: () => shapeOfField(element) };
}

type JsonObject = Readonly<Record<string, unknown>>;

/** The path element of an item of a list that is a map by keys. */
export function itemElement(shape: Shape & { kind: 'list' }, item: unknown): string {
  const object = (typeof item === 'object' && item !== null ? item : {}) as JsonObject;
  const [only] = shape.keys;
  if (shape.keys.length === 1 && only !== undefined) {
    const value = object[only] ?? shape.defaults[only];
    return value === undefined ? 'k:{}' : `k:{"${only}":${JSON.stringify(value)}}`;
  }
  const keys: Record<string, unknown> = {};
  for (const key of shape.keys) {
    const value = object[key] ?? shape.defaults[key];
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

/** The path element of an item of a set. */
export const valueElement = (item: unknown): string => `v:${JSON.stringify(item)}`;
