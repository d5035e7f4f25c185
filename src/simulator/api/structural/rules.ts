import { CelCompileError, CelError, celFromJson, type CelProgram, CelOptional, type CelType, celTypes, compileCel } from '../cel';
import type { ValidationRule } from '../generated/kinds';
import { encodeAny } from '../decode';
import { equalJson, isJsonObject } from '../patch';
import type { StatusCause } from '../status';
import { celTypeOf } from './cel-type';
import { itemKey, itemsOf, rulesOf, type StructuralSchema, valuesOf } from './schema';
import { typeOfValue } from './validate';

interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program: CelProgram;
  readonly message: CelProgram | undefined;
  /** Compares with the old value, so it runs on updates only. */
  readonly isTransition: boolean;
}

/** A rule that cannot be compiled: which, under which schema. */
export interface RuleFault {
  /** The schema's properties on the way: ['spec', 'items'] … */
  readonly schema: StructuralSchema;
  readonly index: number;
  readonly part: 'rule' | 'messageExpression';
  readonly message: string;
}

interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly type: CelType;
}

const compiled = new WeakMap<StructuralSchema, CompiledRules>();
const mentionsOld = /(?<![\w.])oldSelf\b/;

function compileRules(schema: StructuralSchema, root: boolean, faults?: RuleFault[]): CompiledRules {
  const known = faults ? undefined : compiled.get(schema);
  if (known) return known;
  const type = celTypeOf(schema, root);
  const rules: CompiledRule[] = [];
  for (const [index, rule] of rulesOf(schema).entries()) {
    const oldType: CelType = rule.optionalOldSelf ? { name: 'optional_type', element: type } : type;
    const attempt = (text: string, part: RuleFault['part'], wanted: CelType): CelProgram | undefined => {
      try {
        const program = compileCel(text, { variables: { self: type, oldSelf: oldType } });
        if (program.type.name !== wanted.name && program.type.name !== 'dyn') faults?.push({ schema, index, part, message: part === 'rule' ? 'cel expression must evaluate to a bool' : 'messageExpression must evaluate to a string' });
        return program;
      } catch (error) {
        if (!(error instanceof CelCompileError)) throw error;
        faults?.push({ schema, index, part, message: error.message });
        return undefined;
      }
    };
    const program = attempt(rule.rule, 'rule', celTypes.bool);
    const message = rule.messageExpression ? attempt(rule.messageExpression, 'messageExpression', celTypes.string) : undefined;
    if (program) rules.push({ rule, program, message, isTransition: mentionsOld.test(rule.rule) });
  }
  const out = { rules, type };
  if (!faults) compiled.set(schema, out);
  return out;
}

/** The faults of the rules of one schema, not of those inside it. */
export function ruleFaults(schema: StructuralSchema, root: boolean): RuleFault[] {
  const faults: RuleFault[] = [];
  compileRules(schema, root, faults);
  return faults;
}

/** Whether a schema or one inside it has rules. */
export function hasRules(schema: StructuralSchema): boolean {
  if (rulesOf(schema).length > 0) return true;
  const inner = [itemsOf(schema), valuesOf(schema), ...Object.values(schema.properties ?? {})];
  return inner.some((one) => one !== undefined && hasRules(one));
}

const reasons: Readonly<Record<string, string>> = { FieldValueForbidden: 'Forbidden', FieldValueRequired: 'Required value', FieldValueDuplicate: 'Duplicate value', FieldValueInvalid: 'Invalid value' };

/** Objects are not shown with a rule's fault, other values are. */
function failedCause(rule: ValidationRule, value: unknown, field: string, message: string): StatusCause {
  const reason = rule.reason ?? 'FieldValueInvalid';
  const where = rule.fieldPath ? `${field}${rule.fieldPath}` : field;
  const kind = reasons[reason] ?? 'Invalid value';
  const isShown = (reason === 'FieldValueInvalid' || reason === 'FieldValueDuplicate') && !rule.fieldPath && (typeof value !== 'object' || value === null);
  return { reason, message: `${kind}: ${isShown ? `${encodeAny(value)}: ` : ''}${message}`, field: where };
}

function messageOf({ rule, message }: CompiledRule, variable: (name: string) => unknown): string {
  if (message) {
    try {
      const text = message.evaluate(variable);
      if (typeof text === 'string' && text.trim() !== '' && !text.includes('\n')) return text;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
    }
  }
  return rule.message ? rule.message : `failed rule: ${rule.rule.trim()}`;
}

function runRule(compiledRule: CompiledRule, type: CelType, value: unknown, old: unknown, field: string): StatusCause | undefined {
  const { rule, program, isTransition } = compiledRule;
  if (isTransition && old === undefined && !rule.optionalOldSelf) return undefined;
  if (!isTransition && old !== undefined && equalJson(old, value)) return undefined;
  const variable = (name: string) => {
    if (name === 'self') return celFromJson(value, type);
    if (name !== 'oldSelf') return undefined;
    return rule.optionalOldSelf ? new CelOptional(old === undefined ? undefined : celFromJson(old, type)) : celFromJson(old, type);
  };
  try {
    if (program.evaluate(variable) === true) return undefined;
    return failedCause(rule, value, field, messageOf(compiledRule, variable));
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    const text = rule.message ? rule.message : rule.rule.trim();
    const shown = typeof value === 'object' ? `"${typeOfValue(value)}"` : encodeAny(value);
    return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: ${error.message} evaluating rule: ${text}`, field };
  }
}

/** Runs every rule of a schema over a value: those that compare with the old value only when there is one. */
export function validateRules(schema: StructuralSchema, value: unknown, old: unknown, field = '', root = true): StatusCause[] {
  if (value === null || value === undefined) return [];
  const { rules, type } = compileRules(schema, root);
  const out = rules.flatMap((rule) => runRule(rule, type, value, old, field) ?? []);
  const at = (key: string) => (field === '' ? key : `${field}.${key}`);
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const previous = new Map((Array.isArray(old) ? (old as unknown[]) : []).map((item) => [itemKey(schema, item), item]));
    if (items) for (const [i, item] of value.entries()) {
      const key = itemKey(schema, item);
      out.push(...validateRules(items, item, key === undefined ? undefined : previous.get(key), `${field}[${i}]`, false));
    }
  } else if (isJsonObject(value)) {
    const values = valuesOf(schema);
    const previous = isJsonObject(old) ? old : undefined;
    for (const [key, item] of Object.entries(value)) {
      const inner = schema.properties?.[key] ?? values;
      if (inner) out.push(...validateRules(inner, item, previous?.[key], at(key), false));
    }
  }
  return out;
}
