import { CelCompileError, celCostExceeded, CelError, celFromJson, celNone, type CelProgram, CelOptional, type CelType, celTypes, compileCel } from '../cel';
import type { ValidationRule } from '../generated/kinds';
import { encodeAny } from '../decode';
import { equalJson, isJsonObject } from '../patch';
import type { StatusCause } from '../status';
import { celTypeOf } from './cel-type';
import { itemKey, itemsOf, rulesOf, type StructuralSchema, valuesOf } from './schema';

interface CompiledRule {
  readonly rule: ValidationRule;
  /** What is wrong with the rule stands in its place. */
  readonly program: CelProgram | string;
  readonly message: CelProgram | undefined;
  /** Compares with the old value, so it runs on updates only. */
  readonly isTransition: boolean;
}

interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly type: CelType;
  readonly schemaType: string;
}

const compiled = new WeakMap<StructuralSchema, CompiledRules>();

function attempt(text: string, variables: Readonly<Record<string, CelType>>): CelProgram | string {
  try {
    return compileCel(text, { variables });
  } catch (error) {
    if (error instanceof CelCompileError) return error.message;
    throw error;
  }
}

/** The rules of a schema, those that cannot be compiled too: a default may meet them. */
function compileRules(schema: StructuralSchema, root: boolean): CompiledRules {
  const known = compiled.get(schema);
  if (known) return known;
  const type = celTypeOf(schema, root) ?? celTypes.dyn;
  const rules: CompiledRule[] = [];
  for (const rule of rulesOf(schema)) {
    const variables = { self: type, oldSelf: rule.optionalOldSelf ? { name: 'optional_type', element: type } : type };
    const made = attempt(rule.rule, variables);
    const program = typeof made !== 'string' && made.type.name !== 'bool' ? 'cel expression must evaluate to a bool' : made;
    const message = rule.messageExpression ? attempt(rule.messageExpression, variables) : undefined;
    rules.push({ rule, program, message: typeof message === 'string' ? undefined : message, isTransition: typeof program !== 'string' && program.names.has('oldSelf') });
  }
  const out = { rules, type, schemaType: schema.type ?? '' };
  compiled.set(schema, out);
  return out;
}

/** Whether a schema or one inside it has rules. */
export function hasRules(schema: StructuralSchema): boolean {
  if (rulesOf(schema).length > 0) return true;
  const inner = [itemsOf(schema), valuesOf(schema), ...Object.values(schema.properties ?? {})];
  return inner.some((one) => one !== undefined && hasRules(one));
}

const reasons: Readonly<Record<string, string>> = { FieldValueForbidden: 'Forbidden', FieldValueRequired: 'Required value', FieldValueDuplicate: 'Duplicate value', FieldValueInvalid: 'Invalid value' };

/** Ends all evaluation: what one expression costs is more than it may. */
class OutOfBudget extends Error {
  constructor(what: string, before = '') {
    super(`${before}no further validation rules will be run due to ${what}`);
  }
}

/** Objects are not shown with a rule's fault, other values are. */
function failedCause(rule: ValidationRule, value: unknown, field: string, message: string): StatusCause {
  const reason = rule.reason ?? 'FieldValueInvalid';
  const where = rule.fieldPath ? `${field}${rule.fieldPath.trim().replace(/\['((?:[^'\\]|\\.)*)'\]/g, '.$1')}` : field;
  const kind = reasons[reason] ?? 'Invalid value';
  const isShown = (reason === 'FieldValueInvalid' || reason === 'FieldValueDuplicate') && !rule.fieldPath && (typeof value !== 'object' || value === null);
  const parts = [kind, ...(isShown ? [encodeAny(value)] : []), ...(reason === 'FieldValueDuplicate' ? [] : [message])];
  return { reason, message: parts.join(': '), field: where };
}

function messageOf({ rule, message }: CompiledRule, variable: (name: string) => unknown): string {
  if (message) {
    try {
      const text = message.evaluate(variable);
      if (typeof text === 'string' && text.trim() !== '' && !text.includes('\n')) return text.trim();
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      if (error.message === celCostExceeded) throw new OutOfBudget(`call cost exceeds limit for messageExpression: ${JSON.stringify((rule.messageExpression ?? '').trim())}`);
    }
  }
  const own = (rule.message ?? '').trim();
  return own === '' ? `failed rule: ${rule.rule.trim()}` : own;
}

function runRule(compiledRule: CompiledRule, { type, schemaType }: CompiledRules, value: unknown, old: unknown, field: string, ratchets: boolean): StatusCause | undefined {
  const { rule, program, isTransition } = compiledRule;
  if (typeof program === 'string') return { reason: 'FieldValueInvalid', message: `Invalid value: "${schemaType}": rule compile error: ${program}`, field };
  if (isTransition && old === undefined && !rule.optionalOldSelf) return undefined;
  if (ratchets && !isTransition && old !== undefined && equalJson(old, value)) return undefined;
  const variable = (name: string) => {
    if (name === 'self') return celFromJson(value, type);
    if (name !== 'oldSelf') return undefined;
    if (!rule.optionalOldSelf) return celFromJson(old, type);
    return old === undefined ? celNone : new CelOptional(celFromJson(old, type));
  };
  try {
    if (program.evaluate(variable) === true) return undefined;
    return failedCause(rule, value, field, messageOf(compiledRule, variable));
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    if (error.message === celCostExceeded) throw new OutOfBudget(`call cost exceeds limit for rule: ${rule.rule.trim()}`, `'${error.message}': `);
    const text = rule.message ? rule.message.trim() : rule.rule.trim();
    const clause = error.message === 'no such overload' ? "'no such overload': call arguments did not match a supported operator, function or macro signature for rule" : `${error.message} evaluating rule`;
    return { reason: 'FieldValueInvalid', message: `Invalid value: "${schemaType}": ${clause}: ${text}`, field };
  }
}

/**
 * Runs every rule of a schema over a value: those that compare with the old value only when there is one. Others pass
 * over what did not change, unless `everything` is to be looked at.
 */
export function validateRules(schema: StructuralSchema, value: unknown, old: unknown, field = '', root = true, everything = false): StatusCause[] {
  const out: StatusCause[] = [];
  try {
    runRules(schema, value, old, { field, root, everything, out });
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error;
    out.push({ reason: 'FieldValueInvalid', message: `Invalid value: "${schema.type ?? ''}": ${error.message}`, field: '<nil>' });
  }
  return out;
}

interface Running {
  readonly field: string;
  readonly root: boolean;
  readonly everything: boolean;
  /** What was found so far. */
  readonly out: StatusCause[];
}

function runRules(schema: StructuralSchema, value: unknown, old: unknown, { field, root, everything, out }: Running): void {
  if (value === null || value === undefined) return;
  const own = compileRules(schema, root);
  for (const rule of own.rules) out.push(...[runRule(rule, own, value, old, field, !everything) ?? []].flat());
  const inside = (inner: StructuralSchema, item: unknown, before: unknown, at: string): void => runRules(inner, item, before, { field: at, root: false, everything, out });
  const at = (key: string) => (field === '' ? key : `${field}.${key}`);
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const previous = new Map((Array.isArray(old) ? (old as unknown[]) : []).map((item) => [itemKey(schema, item), item]));
    if (items) for (const [i, item] of value.entries()) {
      const key = itemKey(schema, item);
      inside(items, item, key === undefined ? undefined : previous.get(key), `${field}[${i}]`);
    }
  } else if (isJsonObject(value)) {
    const values = valuesOf(schema);
    const previous = isJsonObject(old) ? old : undefined;
    for (const [key, item] of Object.entries(value)) {
      const own = schema.properties?.[key];
      const inner = own ?? values;
      if (inner) inside(inner, item, previous?.[key], own ? at(key) : `${field}[${key}]`);
    }
  }
}
