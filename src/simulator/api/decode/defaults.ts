import type { FieldSchema, TypeSchema } from '../schema';

/** Fills in defaults in place; the value is the caller's own. */
type Filler = (value: Record<string, unknown>) => void;

const fillers = new WeakMap<TypeSchema, { filler: Filler | undefined }>();

function valueFiller(field: FieldSchema): ((value: unknown) => void) | undefined {
  if (field.type === 'object' && field.object && !field.alternative) {
    const filler = fillerOf(field.object);
    return filler && ((value) => filler(value as Record<string, unknown>));
  }
  const element = field.element && valueFiller(field.element);
  if (!element) return undefined;
  if (field.type === 'list') return (value) => (value as unknown[]).forEach(element);
  return (value) => Object.values(value as object).forEach(element);
}

/** Undefined when the type and everything in it carries no default. Types that hold themselves are cut there. */
function fillerOf(type: TypeSchema): Filler | undefined {
  const known = fillers.get(type);
  if (known) return known.filler;
  const entry: { filler: Filler | undefined } = { filler: undefined };
  fillers.set(type, entry);
  const steps: Filler[] = [];
  for (const field of type.fields.values()) {
    const { name } = field;
    if (field.default !== undefined && typeof field.default !== 'object') steps.push((value) => void (value[name] ??= field.default));
    const inner = valueFiller(field);
    if (inner) steps.push((value) => { if (value[name] !== undefined && value[name] !== null) inner(value[name]); });
  }
  if (steps.length > 0) entry.filler = (value) => { for (const step of steps) step(value); };
  return entry.filler;
}

/** Sets, in place, every field that is absent and for which the schema carries a default. */
export function applySchemaDefaults(type: TypeSchema, value: Record<string, unknown>): void {
  fillerOf(type)?.(value);
}
