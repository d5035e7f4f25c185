import { CelCompileError, type CelProgram, celSizeOf, type CelType, celTypeOf, celTypes, compileCel, itemsOf, mostInRequest, type StructuralSchema, type ValidationRule, valuesOf } from '../../../api';
import type { Errors, Path } from '../../field';
import { RuleCosts } from './costs';
import { isFieldPath } from './field-path';
import { ruleView } from './go-view';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** A place in the schema whose rules are to be compiled. */
export class RuleContext {
  private constructor(
    readonly schema: StructuralSchema,
    readonly isRoot: boolean,
    /** The list above whose items have no identity between an old object and a new one. */
    readonly uncorrelatable: string | undefined,
    private readonly path: Path,
    /** How often the place can be in one object; undefined: as often as a request has room for it. */
    private readonly cardinality: number | undefined,
    /** What the rules of the whole schema may cost. */
    readonly costs: RuleCosts,
  ) {}

  /** How often a rule of this place is asked, at most. */
  get times(): number {
    return this.cardinality ?? mostInRequest(this.schema);
  }

  /** How often what is inside a list or map can be there. */
  private multiplied(limit: unknown): number | undefined {
    return this.cardinality === undefined || typeof limit !== 'number' ? undefined : this.cardinality * limit;
  }

  static root(schema: StructuralSchema, path: Path): RuleContext {
    return new RuleContext(schema, true, undefined, path, 1, new RuleCosts());
  }

  property(name: string): RuleContext | undefined {
    const schema = this.schema.properties?.[name];
    return schema && new RuleContext(schema, false, this.uncorrelatable, this.path.child('properties').index(name), this.cardinality, this.costs);
  }

  values(): RuleContext | undefined {
    const schema = valuesOf(this.schema);
    return schema && new RuleContext(schema, false, this.uncorrelatable, this.path.child('additionalProperties'), this.multiplied(this.schema['maxProperties']), this.costs);
  }

  items(): RuleContext | undefined {
    const schema = itemsOf(this.schema);
    const lost = this.schema['x-kubernetes-list-type'] === 'map' ? undefined : this.path.toString();
    return schema && new RuleContext(schema, false, this.uncorrelatable ?? lost, this.path.child('items'), this.multiplied(this.schema['maxItems']), this.costs);
  }
}

function isWellFormed(rule: ValidationRule, schema: StructuralSchema, path: Path, errors: Errors): boolean {
  const before = errors.length;
  const { message = '', messageExpression = '', reason, fieldPath = '' } = rule;
  const expression = rule.rule.trim();
  if (expression === '') errors.required(path.child('rule'), 'rule is not specified');
  if (message !== '' && message.trim() === '') errors.invalid(path.child('message'), message, 'must be non-empty if specified');
  else if (/[\r\n]/.test(message.trim())) errors.invalid(path.child('message'), message, 'must not contain line breaks');
  else if (/[\r\n]/.test(expression) && message === '') errors.required(path.child('message'), 'message must be specified if rule contains line breaks');
  if (messageExpression !== '' && messageExpression.trim() === '') errors.required(path.child('messageExpression'), 'messageExpression must be non-empty if specified');
  if (reason !== undefined && !reasons.includes(reason)) errors.notSupported(path.child('reason'), reason, reasons);
  if (fieldPath !== '') {
    const at = path.child('fieldPath');
    if (fieldPath.trim() === '') errors.invalid(at, fieldPath, 'must be non-empty if specified');
    if (/[\r\n]/.test(fieldPath)) errors.invalid(at, fieldPath, 'must not contain line breaks');
    if (!isFieldPath(schema, fieldPath)) errors.invalid(at, fieldPath, 'must be a valid path');
  }
  return errors.length === before;
}

/** Checks the rules of one schema, those inside it (`inside`), and compiles them when all are well formed, which it gives. */
export function checkRules(schema: StructuralSchema, path: Path, context: RuleContext | undefined, errors: Errors, inside: () => boolean): boolean {
  const rules = schema['x-kubernetes-validations'] ?? [];
  const at = path.child('x-kubernetes-validations');
  let fine = true;
  for (const [index, rule] of rules.entries()) fine = isWellFormed(rule, schema, at.index(index), errors) && fine;
  fine = inside() && fine;
  if (fine && context && rules.length > 0) compileRules(rules, context, at, errors);
  return fine;
}

function compileRules(rules: readonly ValidationRule[], context: RuleContext, path: Path, errors: Errors): void {
  const type = celTypeOf(context.schema, context.isRoot);
  if (!type && (context.schema.type ?? '') !== '') return undefined;
  if (!type) return errors.internal(path, 'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations');
  for (const [index, rule] of rules.entries()) compileRule(rule, type, context, path.index(index), errors);
}

function compileRule(rule: ValidationRule, type: CelType, context: RuleContext, path: Path, errors: Errors): void {
  const { uncorrelatable, schema, isRoot } = context;
  const oldType: CelType = rule.optionalOldSelf === true ? { name: 'optional_type', element: type } : type;
  const attempt = (text: string, field: string, wanted: CelType, words: string): CelProgram | undefined => {
    try {
      const program = compileCel(text, { variables: { self: type, oldSelf: oldType } });
      if (program.type.name === wanted.name) return program;
      errors.invalid(path.child(field), ruleView(rule), words);
    } catch (error) {
      if (!(error instanceof CelCompileError)) throw error;
      errors.invalid(path.child(field), ruleView(rule), error.message);
    }
    return undefined;
  };
  const program = attempt(rule.rule, 'rule', celTypes.bool, 'cel expression must evaluate to a bool');
  if ((rule.messageExpression ?? '') !== '') attempt(rule.messageExpression?.trim() ?? '', 'messageExpression', celTypes.string, 'messageExpression must evaluate to a string');
  if (program) {
    const size = celSizeOf(schema, isRoot);
    context.costs.add(program.estimate({ self: size, oldSelf: size }) * context.times, path.child('rule'), errors);
  }
  const usesOld = program?.names.has('oldSelf') === true;
  if (usesOld && uncorrelatable !== undefined) errors.invalid(path.child('rule'), rule.rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`);
  if (!usesOld && rule.optionalOldSelf !== undefined) errors.invalid(path.child('optionalOldSelf'), rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule');
}
