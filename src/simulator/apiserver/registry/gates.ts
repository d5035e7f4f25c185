import type { FieldSchema, TypeSchema } from '../../api';
import type { Draft } from '../resources/definition';

type Fields = Record<string, unknown>;
type Step = (value: Fields) => void;

/** Fields of features that are off by default: objects that do not have them yet do not get them. */
const gated: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.api.core.v1.PodSpec': ['schedulingGroup'],
  'io.k8s.api.core.v1.Lifecycle': ['stopSignal'],
  'io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy': ['maxUnavailable'],
};

/** Objects that are there for such fields: without them they go, if nothing else is in them. */
const onlyForGated = new Set(['io.k8s.api.core.v1.Lifecycle']);

const compiled = new WeakMap<TypeSchema, Step | null>();

/** Takes fields of features that are off out of a new or changed object. */
export function dropDisabledFields(type: TypeSchema, draft: Draft): void {
  stepOf(type)?.(draft);
}

function stepOf(type: TypeSchema): Step | null {
  const known = compiled.get(type);
  if (known !== undefined) return known;
  compiled.set(type, null);
  const own = gated[type.name] ?? [];
  const below = [...type.fields.values()].flatMap(fieldStep);
  const made: Step | null = own.length + below.length === 0 ? null : (value) => {
    for (const field of own) delete value[field];
    for (const step of below) step(value);
  };
  compiled.set(type, made);
  return made;
}

/** What to do to one field of an object, or to each item of a list. */
function fieldStep({ name, type, object, element }: FieldSchema): readonly Step[] {
  const target = type === 'list' && element?.type === 'object' ? element.object : type === 'object' ? object : undefined;
  const inner = target ? stepOf(target) : null;
  if (!inner || !target) return [];
  const removable = onlyForGated.has(target.name);
  return [(parent) => {
    const value = parent[name];
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
    if (Array.isArray(value)) for (const item of value as unknown[]) visit(inner, item);
    else if (!removable || isEmptyObject(value)) inner(value as Fields);
    else {
      inner(value as Fields);
      if (isEmptyObject(value)) delete parent[name];
    }
  }];
}

function visit(step: Step, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) step(value as Fields);
}

function isEmptyObject(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
