import type { FieldSchema, TypeSchema } from '../../simulator/api';
import type { Generator } from './generate';

/** One step down: a field's name, a map's key or a list's index, and the schema of what is there. */
export interface Segment {
  readonly key: string | number;
  readonly field: FieldSchema;
}

/** A change of one place of an object; undefined takes it away. */
export interface Edit {
  readonly path: readonly Segment[];
  readonly value: unknown;
}

const composite = ({ type }: FieldSchema): boolean => type === 'object' || type === 'list' || type === 'map';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const sizes = new Map<TypeSchema, number>();

/** How many fields there are below, a little: big parts are visited more often, small ones not too seldom. */
function weightOf(field: FieldSchema): number {
  const type = field.object ?? field.element?.object;
  return type ? 1 + Math.sqrt(sizeOf(type, 6)) : 1;
}

function sizeOf(type: TypeSchema, depth: number): number {
  const known = sizes.get(type);
  if (known !== undefined || depth === 0) return known ?? 1;
  sizes.set(type, 1);
  let size = 0;
  for (const { object, element } of type.fields.values()) {
    const below = object ?? element?.object;
    size += 1 + (below ? sizeOf(below, depth - 1) : 0);
  }
  sizes.set(type, size);
  return size;
}

const rarely: Readonly<Record<string, number>> = { apiVersion: 0.1, kind: 0.1, metadata: 2.5, status: 0.3, managedFields: 0.2, name: 0.3, namespace: 0.2, uid: 0.3, resourceVersion: 0.2, selfLink: 0.2, generateName: 0.3, creationTimestamp: 0.2, deletionTimestamp: 0.2, deletionGracePeriodSeconds: 0.2 };

/** A random change of an object of this type. `oddity`: how often the new value is one that the server may refuse. */
export function randomEdit(object: Record<string, unknown>, type: TypeSchema, generator: Generator, oddity: number): Edit {
  const { chance } = generator;
  const fresh = (field: FieldSchema, depth: number): unknown => (chance.happens(oddity) ? generator.odd(field, depth) : generator.value(field, depth));

  const inObject = (value: Record<string, unknown>, of: TypeSchema, path: readonly Segment[]): Edit => {
    if (chance.happens(oddity / 12)) return { path: [...path, { key: 'bogus', field: { name: 'bogus', type: 'json', required: false, goType: '' } }], value: 1 };
    const top = path.length === 0 || (path.length === 1 && path[0]?.key === 'metadata');
    const field = chance.weighted([...of.fields.values()], (one) => (top ? rarely[one.name] : undefined) ?? weightOf(one) * (one.name in value ? 2 : 1));
    const here = [...path, { key: field.name, field }];
    const present = value[field.name];
    if (present !== undefined && composite(field) && chance.happens(0.88)) return inside(present, field, here);
    if (present !== undefined && chance.happens(0.2)) return { path: here, value: chance.happens(0.2) ? null : undefined };
    return { path: here, value: fresh(field, path.length) };
  };

  const inside = (value: unknown, field: FieldSchema, path: readonly Segment[]): Edit => {
    if (field.type === 'object' && field.object && isRecord(value)) return inObject(value, field.object, path);
    const element = field.element && { ...field.element, name: field.name };
    if (field.type === 'list' && element && Array.isArray(value)) {
      const index = chance.below(value.length + 1);
      const here = [...path, { key: index, field: element }];
      if (index === value.length) return { path: here, value: value.length > 0 && chance.happens(0.3) ? value[chance.below(index)] : fresh(element, path.length) };
      if (composite(element) && chance.happens(0.9)) return inside(value[index], element, here);
      return { path: here, value: chance.happens(0.3) ? undefined : fresh(element, path.length) };
    }
    if (field.type === 'map' && element && isRecord(value)) {
      const made = generator.value(field, path.length);
      const key = chance.pick([...Object.keys(value), ...(isRecord(made) ? Object.keys(made) : [])]) ?? 'app';
      const here = [...path, { key, field: element }];
      return { path: here, value: key in value && chance.happens(0.3) ? undefined : fresh(element, path.length) };
    }
    return { path, value: fresh(field, path.length) };
  };

  return inObject(object, type, []);
}

/** A copy of the value with the change made. */
export function edited(value: unknown, { path, value: set }: Edit, depth = 0): unknown {
  const segment = path[depth];
  if (segment === undefined) return set;
  if (typeof segment.key === 'number') {
    const list = Array.isArray(value) ? [...(value as unknown[])] : [];
    if (depth === path.length - 1 && set === undefined) list.splice(segment.key, 1);
    else list[Math.min(segment.key, list.length)] = edited(list[segment.key], { path, value: set }, depth + 1);
    return list;
  }
  const record = isRecord(value) ? { ...value } : {};
  const next = edited(record[segment.key], { path, value: set }, depth + 1);
  if (next === undefined) delete record[segment.key];
  else record[segment.key] = next;
  return record;
}
