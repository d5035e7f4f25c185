import type { FieldSchema, TypeSchema } from '../../api';
import type { ServedResource } from '../served';

type Value = Record<string, unknown>;
type Forgetter = (value: Value) => void;

const known = new WeakMap<TypeSchema, Forgetter | null>();

const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** The type in which a field's value, or each of its items, is written; with how to reach those. */
function inside(field: FieldSchema): { readonly type: TypeSchema; readonly each: (value: unknown, visit: Forgetter) => void } | undefined {
  if (field.type === 'object') return field.object && !field.alternative ? { type: field.object, each: (value, visit) => visit(value as Value) } : undefined;
  if ((field.type !== 'list' && field.type !== 'map') || !field.element) return undefined;
  const element = inside(field.element);
  return element && { type: element.type, each: (value, visit) => { for (const item of Object.values(value as object)) element.each(item, visit); } };
}

/** What to do with one field of an object, if anything. */
function forgetterOfField(field: FieldSchema): Forgetter | null {
  const { name } = field;
  const always = (field.type === 'list' || field.type === 'map') && !field.omitEmpty && !field.pointer;
  const part = inside(field);
  const deeper = part ? forgetterOf(part.type) : null;
  if (!always && !deeper) return null;
  return (object) => {
    const value = object[name];
    if (value === undefined || value === null) return;
    if (always && isEmpty(value)) object[name] = null;
    else if (deeper && !Object.isFrozen(value)) part?.each(value, deeper); // what is frozen was stored before
  };
}

function forgetterOf(type: TypeSchema): Forgetter | null {
  const own = known.get(type);
  if (own !== undefined) return own;
  known.set(type, null);
  const steps = [...type.fields.values()].map(forgetterOfField).filter((step) => step !== null);
  const made: Forgetter | null = steps.length === 0 ? null : (object) => { for (const step of steps) step(object); };
  known.set(type, made);
  return made;
}

/** Protobuf, in which objects are stored, cannot tell an empty list or map from none: empty ones that are always written become null. */
export function forgetEmptyLists({ info, custom }: ServedResource, draft: object): void {
  if (!custom) forgetterOf(info.type)?.(draft as Value);
}
