import type { FieldSchema, TypeSchema } from '../../api';
import type { Draft } from '../resources/definition';

type Fields = Record<string, unknown>;
type Step = (value: Fields) => void;

/** Fields of features that are off by default: objects that do not have them yet do not get them. */
const gated: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.api.core.v1.PodSpec': ['schedulingGroup'],
};

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

function fieldStep({ name, type, object }: FieldSchema): readonly Step[] {
  const inner = type === 'object' && object ? stepOf(object) : null;
  if (!inner) return [];
  return [(parent) => {
    const value = parent[name];
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) inner(value as Fields);
  }];
}
