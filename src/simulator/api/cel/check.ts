import type { Comprehension, Entry, Expr } from './ast';
import { functions, namespaces, type Overload } from './functions';
import type { CelIssue } from './lexer';
import { operatorTypes } from './operator-types';
import { Solver } from './solve';
import { type CelType, celTypes, listOf, mapOf, optionalOf, parameterOf, typeOf, typeText } from './types';
import { literalIssues } from './validators';

const { dyn, bool, int } = celTypes;

/** The full name of a function in a namespace: sets.contains. */
export function namespaced(expr: Expr & { kind: 'call' }): string | undefined {
  if (expr.target?.kind !== 'ident' || !namespaces.has(expr.target.name)) return undefined;
  const name = `${expr.target.name}.${expr.name}`;
  return functions.has(name) ? name : undefined;
}

/** The names of types, as values. */
const named: Readonly<Record<string, CelType>> = {
  bool, int, uint: celTypes.uint, double: celTypes.double, string: celTypes.string, bytes: celTypes.bytes, null_type: celTypes.null_type, list: listOf(dyn), map: mapOf(dyn, dyn), type: celTypes.type, dyn,
  'google.protobuf.Timestamp': celTypes.timestamp, 'google.protobuf.Duration': celTypes.duration, optional_type: optionalOf(dyn),
};

/** a.b.c of names alone. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.test || expr.optional) return undefined;
  const before = qualifiedName(expr.operand);
  return before === undefined ? undefined : `${before}.${expr.field}`;
}

/** Whether a qualified name is a type's. */
export const isTypeName = (name: string): boolean => name in named;

/** Messages that expressions may make. */
export type Messages = (name: string) => CelType | undefined;

class Checker {
  private readonly scopes: ReadonlyMap<string, CelType>[];
  private readonly solver = new Solver();
  /** Variables that are mentioned. */
  readonly names = new Set<string>();
  /** The types of list items and map entries, for the checks that follow. */
  readonly types = new Map<Expr, CelType>();

  constructor(
    variables: ReadonlyMap<string, CelType>,
    private readonly issues: CelIssue[],
    private readonly messages: Messages,
  ) {
    this.scopes = [variables];
  }

  private report(at: number, message: string): CelType {
    this.issues.push({ at, message });
    return { name: 'error' };
  }

  private variable(name: string): CelType | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const type = this.scopes[i]?.get(name);
      if (!type) continue;
      if (i === 0) this.names.add(name);
      return type;
    }
    return undefined;
  }

  resolved(type: CelType): CelType {
    return this.solver.resolve(type);
  }

  type(expr: Expr): CelType {
    const type = this.solver.resolve(this.infer(expr));
    this.types.set(expr, type);
    return type;
  }

  private infer(expr: Expr): CelType {
    switch (expr.kind) {
      case 'literal': return celTypes[expr.type];
      case 'ident': return this.identifier(expr);
      case 'select': return this.select(expr);
      case 'call': return this.call(expr);
      case 'list': return listOf(this.items(expr.items) ?? this.solver.parameter());
      case 'map': return this.map(expr);
      case 'struct': return this.struct(expr);
      default: return this.comprehension(expr);
    }
  }

  private identifier({ name, at, rooted }: Expr & { kind: 'ident' }): CelType {
    const own = this.variable(name);
    if (own) return own;
    const type = named[name];
    return type ? typeOf(type) : this.report(at, `undeclared reference to '${rooted ? '.' : ''}${name}' (in container '')`);
  }

  private select(expr: Expr & { kind: 'select' }): CelType {
    const qualified = qualifiedName(expr);
    const whole = qualified === undefined ? undefined : this.variable(qualified);
    if (whole) return whole;
    if (qualified !== undefined && named[qualified] && !this.variable(qualified.split('.')[0] ?? '')) return typeOf(named[qualified]);
    const operand = this.type(expr.operand);
    const inner = operand.name === 'optional_type' ? this.solver.resolve(operand.element ?? dyn) : operand;
    const field = this.fieldOf(inner, expr);
    if (expr.test) return bool;
    return expr.optional || operand.name === 'optional_type' ? optionalOf(field) : field;
  }

  private fieldOf(type: CelType, { field, at }: Expr & { kind: 'select' }): CelType {
    if (type.fields) return type.fields.get(field) ?? this.report(at, `undefined field '${field}'`);
    if (type.name === 'map') return type.element ?? dyn;
    if (type.name === 'dyn' || type.name === 'error' || type.parameter !== undefined) return dyn;
    return this.report(at, `type '${typeText(type)}' does not support field selection`);
  }

  private expect(expr: Expr, wanted: CelType, actual = this.type(expr)): void {
    if (actual.name !== 'error' && !this.solver.try(actual, wanted)) this.report(expr.at, `expected type '${typeText(this.solver.resolve(wanted))}' but found '${typeText(actual)}'`);
  }

  private call(expr: Expr & { kind: 'call' }): CelType {
    const { name, at } = expr;
    if (name === '_&&_' || name === '_||_') {
      for (const arg of expr.args) this.expect(arg, bool);
      return bool;
    }
    const found = namespaced(expr);
    const space = found?.startsWith('jsonpatch.') && this.messages === noMessages ? undefined : found;
    const target = expr.target && space === undefined ? this.type(expr.target) : undefined;
    const args = expr.args.map((arg) => this.type(arg));
    const overloads = (expr.target ? undefined : operatorTypes[name]) ?? functions.get(space ?? name);
    if (!overloads) return this.report(at, `undeclared reference to '${name}' (in container '')`);
    return this.overloaded(name, at, overloads, target, args, space);
  }

  private overloaded(name: string, at: number, overloads: readonly Overload[], target: CelType | undefined, args: readonly CelType[], space?: string): CelType {
    const all = target ? [target, ...args] : args;
    let result: CelType | undefined;
    const start = this.solver.snapshot();
    let settled = start;
    for (const overload of overloads) {
      if (overload.member !== (target !== undefined) || overload.params.length !== all.length) continue;
      this.solver.restore(start);
      const letters = new Map<string, CelType>();
      const params = overload.params.map((param) => this.solver.fresh(letters, param));
      if (!params.every((param, i) => all[i]?.name === 'error' || this.solver.assign(all[i] as CelType, param))) continue;
      const own = this.solver.resolve(this.solver.fresh(letters, overload.result));
      if (result === undefined) settled = this.solver.snapshot();
      result = result === undefined || typeText(result) === typeText(own) ? own : dyn;
    }
    this.solver.restore(settled);
    if (result) return result;
    if (all.some((type) => type.name === 'error')) return { name: 'error' };
    const shown = args.map((type) => typeText(this.solver.resolve(type))).join(', ');
    return this.report(at, `found no matching overload for '${space ?? name}' applied to '${target ? `${typeText(target)}.` : ''}(${shown})'`);
  }

  private entry({ expr, optional }: Entry): CelType {
    const type = this.type(expr);
    if (!optional) return type;
    if (type.name === 'optional_type') return type.element ?? dyn;
    if (type.name !== 'dyn' && type.name !== 'error') this.report(expr.at, `expected type '${typeText(optionalOf(type))}' but found '${typeText(type)}'`);
    return dyn;
  }

  private items(items: readonly Entry[]): CelType | undefined {
    let element: CelType | undefined;
    for (const item of items) element = this.solver.join(element, this.entry(item));
    return element;
  }

  private map(expr: Expr & { kind: 'map' }): CelType {
    let key: CelType | undefined;
    let element: CelType | undefined;
    for (const entry of expr.entries) {
      key = this.solver.join(key, this.type(entry.key));
      element = this.solver.join(element, this.entry(entry.value));
    }
    return mapOf(element ?? this.solver.parameter(), key ?? this.solver.parameter());
  }

  private struct(expr: Expr & { kind: 'struct' }): CelType {
    const type = this.messages(expr.name);
    if (!type) return this.report(expr.at, `undeclared reference to '${expr.name}' (in container '')`);
    for (const { name, value, at } of expr.fields) {
      const wanted = type.fields?.get(name);
      const actual = this.entry(value);
      if (!wanted) this.report(at, `undefined field '${name}'`);
      else if (actual.name !== 'error' && !this.solver.try(actual, wanted)) this.report(at, `expected type of field '${name}' is '${typeText(wanted)}' but provided type is '${typeText(actual)}'`);
    }
    return type;
  }

  private comprehension(expr: Comprehension): CelType {
    if (expr.macro === 'optMap' || expr.macro === 'optFlatMap') return this.optionalMap(expr);
    const range = this.type(expr.range);
    if (!['list', 'map', 'dyn', 'error', 'parameter'].includes(range.name)) this.report(expr.range.at, `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`);
    const element = range.element ?? dyn;
    const [first = '', second] = expr.variables;
    const scope = new Map<string, CelType>();
    if (second === undefined) scope.set(first, range.name === 'map' ? (range.key ?? dyn) : range.name === 'list' ? element : dyn);
    else scope.set(first, range.name === 'map' ? (range.key ?? dyn) : range.name === 'list' ? int : dyn).set(second, element);
    this.scopes.push(scope);
    const filter = expr.filter && this.type(expr.filter);
    const result = this.collected(expr, range, filter);
    this.scopes.pop();
    return result;
  }

  private collected(expr: Comprehension, range: CelType, filter: CelType | undefined): CelType {
    if (expr.macro === 'all' || expr.macro === 'exists') {
      this.expect(expr.body, bool);
      return bool;
    }
    const body = this.type(expr.body);
    const choose = (condition: CelType, type: CelType) => this.overloaded('_?_:_', expr.at, operatorTypes['_?_:_'] ?? [], undefined, [condition, type, type]);
    switch (expr.macro) {
      case 'exists_one':
        choose(body, int);
        return bool;
      case 'filter':
        choose(body, listOf(range.name === 'map' ? (range.key ?? dyn) : (range.element ?? dyn)));
        return listOf(range.name === 'map' ? (range.key ?? dyn) : (range.element ?? dyn));
      case 'transformMap':
        if (filter) choose(filter, mapOf(body, range.name === 'map' ? (range.key ?? dyn) : int));
        return mapOf(body, range.name === 'map' ? (range.key ?? dyn) : int);
      case 'transformMapEntry': {
        const made = this.overloaded('cel.@mapInsert', expr.at, operatorTypes['cel.@mapInsert'] ?? [], undefined, [mapOf(this.solver.parameter(), this.solver.parameter()), body]);
        if (filter) choose(filter, made);
        return made;
      }
      default:
        if (filter) choose(filter, listOf(body));
        return listOf(body);
    }
  }

  private optionalMap(expr: Comprehension): CelType {
    const range = this.type(expr.range);
    if (range.name !== 'optional_type' && range.name !== 'dyn' && range.name !== 'error') this.report(expr.at, `found no matching overload for 'hasValue' applied to '${typeText(range)}.()'`);
    this.scopes.push(new Map([[expr.variables[0] ?? '', range.element ?? dyn]]));
    const body = this.type(expr.body);
    this.scopes.pop();
    if (expr.macro === 'optMap') return optionalOf(body);
    return this.overloaded('_?_:_', expr.at, operatorTypes['_?_:_'] ?? [], undefined, [bool, body, optionalOf(this.solver.fresh(new Map(), parameterOf('A')))]);
  }
}

/** What an expression comes to. */
export interface Checked {
  readonly type: CelType;
  /** The variables in it. */
  readonly names: ReadonlySet<string>;
  /** The type of every part. */
  readonly types: ReadonlyMap<Expr, CelType>;
}

const noMessages: Messages = () => undefined;

/** The type of an expression and of its parts; what is wrong with it is added to `issues`. */
export function checkCel(expr: Expr, variables: ReadonlyMap<string, CelType>, issues: CelIssue[], messages: Messages = noMessages): Checked {
  const checker = new Checker(variables, issues, messages);
  const type = checker.type(expr);
  const types = new Map([...checker.types].map(([part, own]) => [part, checker.resolved(own)]));
  if (issues.length === 0) issues.push(...literalIssues(expr, types));
  return { type: checker.resolved(type), names: checker.names, types };
}

