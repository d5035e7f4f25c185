import type { Comprehension, Expr } from './ast';
import { fitting, functions, namespaces } from './functions';
import { compileRe2 } from '../re2';
import type { CelIssue } from './lexer';
import { assignable, type CelType, celTypes, joined, listOf, mapOf, optionalOf, typeText } from './types';

const { dyn, bool, int, uint, double, string, bytes, timestamp, duration } = celTypes;
const scalarsThatAdd = [int, uint, double, string, bytes];
const ordered = [int, uint, double, string, bytes, bool, timestamp, duration];
const numbers = new Set(['int', 'uint', 'double']);

/** The full name of a function in a namespace: sets.contains. */
export function namespaced(expr: Expr & { kind: 'call' }): string | undefined {
  if (expr.target?.kind !== 'ident' || !namespaces.has(expr.target.name)) return undefined;
  const name = `${expr.target.name}.${expr.name}`;
  return functions.has(name) ? name : undefined;
}

/** What a binary operator gives for two types; undefined when it has no such overload. */
function binaryResult(name: string, a: CelType, b: CelType): CelType | undefined {
  if (name === '_&&_' || name === '_||_') return assignable(a, bool) && assignable(b, bool) ? bool : undefined;
  if (name === '_==_' || name === '_!=_') return assignable(a, b) ? bool : undefined;
  if (name === '@in') {
    if (b.name === 'dyn') return bool;
    if (b.name === 'list') return assignable(a, b.element ?? dyn) ? bool : undefined;
    return b.name === 'map' ? (assignable(a, b.key ?? dyn) ? bool : undefined) : b.fields ? bool : undefined;
  }
  if (a.name === 'dyn' || b.name === 'dyn') return name.includes('<') || name.includes('>') ? bool : a.name === 'dyn' ? (b.name === 'dyn' ? dyn : b) : a;
  if (name.includes('<') || name.includes('>')) return ordered.includes(a) && (a === b || (numbers.has(a.name) && numbers.has(b.name))) ? bool : undefined;
  if (name === '_+_' && a.name === 'list' && b.name === 'list') return assignable(a, b) ? a : undefined;
  if (a === b && scalarsThatAdd.includes(a)) {
    if (name === '_+_') return a;
    if (a === string || a === bytes) return undefined;
    return name === '_%_' && a === double ? undefined : a;
  }
  if (a === timestamp && b === duration && (name === '_+_' || name === '_-_')) return timestamp;
  if (a === duration && b === timestamp && name === '_+_') return timestamp;
  if (a === duration && b === duration && (name === '_+_' || name === '_-_')) return duration;
  return a === timestamp && b === timestamp && name === '_-_' ? duration : undefined;
}

class Checker {
  private readonly scopes: ReadonlyMap<string, CelType>[];
  /** Variables that are mentioned. */
  readonly names = new Set<string>();

  constructor(
    variables: ReadonlyMap<string, CelType>,
    private readonly issues: CelIssue[],
    private readonly hostMethods: ReadonlySet<string>,
  ) {
    this.scopes = [variables];
  }

  private report(at: number, message: string): CelType {
    this.issues.push({ at, message });
    return dyn;
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

  type(expr: Expr): CelType {
    switch (expr.kind) {
      case 'literal': return celTypes[expr.type];
      case 'ident': return this.variable(expr.name) ?? (expr.name in celTypes || expr.name === 'list' || expr.name === 'map' ? celTypes.type : this.report(expr.at, `undeclared reference to '${expr.name}' (in container '')`));
      case 'select': return this.select(expr);
      case 'call': return this.call(expr);
      case 'list': return this.list(expr);
      case 'map': return this.map(expr);
      case 'struct':
        for (const field of expr.fields) this.type(field.value.expr);
        return expr.name === 'Object' || expr.name === 'JSONPatch' ? { name: expr.name } : dyn;
      default: return this.comprehension(expr);
    }
  }

  private select(expr: Expr & { kind: 'select' }): CelType {
    const operand = this.type(expr.operand);
    const inner = operand.name === 'optional_type' ? (operand.element ?? dyn) : operand;
    let field: CelType = dyn;
    if (inner.fields) field = inner.fields.get(expr.field) ?? this.report(expr.at, `undefined field '${expr.field}'`);
    else if (inner.name === 'map') field = inner.element ?? dyn;
    else if (inner.name !== 'dyn' && inner.name !== 'Object') return this.report(expr.at, `type '${typeText(inner)}' does not support field selection`);
    if (expr.test) return bool;
    return expr.optional || operand.name === 'optional_type' ? optionalOf(field) : field;
  }

  private noOverload(at: number, name: string, types: readonly CelType[], target?: CelType): CelType {
    const list = `(${types.map(typeText).join(', ')})`;
    return this.report(at, `found no matching overload for '${name}' applied to '${target ? `${typeText(target)}.` : ''}${list}'`);
  }

  private call(expr: Expr & { kind: 'call' }): CelType {
    const { name, at } = expr;
    const space = namespaced(expr);
    const target = expr.target && space === undefined ? this.type(expr.target) : undefined;
    const types = expr.args.map((arg) => this.type(arg));
    const [a = dyn, b = dyn, c = dyn] = types;
    if (name === '_?_:_') {
      if (!assignable(a, bool) || !assignable(b, c)) return this.noOverload(at, name, types);
      return joined(b, c);
    }
    if (name === '_[_]' || name === '_[?_]') return this.index(expr, a, b);
    if (name === '!_') return assignable(a, bool) ? bool : this.noOverload(at, name, types);
    if (name === '-_') return a.name === 'dyn' ? dyn : [int, double, duration].includes(a) ? a : this.noOverload(at, name, types);
    if (name.startsWith('_') || name === '@in') return binaryResult(name, a, b) ?? this.noOverload(at, name, types);
    if (name === 'matches') this.pattern(expr);
    return this.named(space ?? name, at, target, types);
  }

  private named(name: string, at: number, target: CelType | undefined, types: readonly CelType[]): CelType {
    const overloads = functions.get(name);
    if (target && this.hostMethods.has(name) && !overloads) return dyn;
    if (!overloads) return this.report(at, `undeclared reference to '${name}' (in container '')`);
    const all = target ? [target, ...types] : types;
    const matching = fitting(overloads, target !== undefined, all);
    const [first] = matching;
    if (!first) return target && this.hostMethods.has(name) ? dyn : this.noOverload(at, name, types, target);
    const results = matching.map(({ result }) => (typeof result === 'function' ? result(all) : result));
    return results.reduce((common, result) => joined(common, result));
  }

  /** A pattern that is written down is compiled at once. */
  private pattern(expr: Expr & { kind: 'call' }): void {
    const last = expr.args[expr.args.length - 1];
    if (last?.kind !== 'literal' || last.type !== 'string') return;
    try {
      compileRe2(String(last.value));
    } catch {
      this.report(last.at, 'invalid matches argument');
    }
  }

  private index(expr: Expr & { kind: 'call' }, container: CelType, key: CelType): CelType {
    const wrapped = container.name === 'optional_type';
    const inner = wrapped ? (container.element ?? dyn) : container;
    let value: CelType = dyn;
    if (inner.name === 'list') value = assignable(key, int) || numbers.has(key.name) ? (inner.element ?? dyn) : this.noOverload(expr.at, expr.name, [container, key]);
    else if (inner.name === 'map') value = assignable(key, inner.key ?? dyn) ? (inner.element ?? dyn) : this.noOverload(expr.at, expr.name, [container, key]);
    else if (inner.name !== 'dyn' && !inner.fields) return this.noOverload(expr.at, expr.name, [container, key]);
    return wrapped || expr.name === '_[?_]' ? optionalOf(value) : value;
  }

  private list(expr: Expr & { kind: 'list' }): CelType {
    let element: CelType | undefined;
    for (const item of expr.items) {
      let type = this.type(item.expr);
      if (item.optional) type = type.element ?? dyn;
      if (element === undefined) element = type;
      else if (!assignable(type, element)) this.report(item.expr.at, `expected type '${typeText(element)}' but found '${typeText(type)}'`);
      else element = joined(element, type);
    }
    return listOf(element ?? dyn);
  }

  private map(expr: Expr & { kind: 'map' }): CelType {
    let key: CelType | undefined;
    let element: CelType | undefined;
    for (const entry of expr.entries) {
      const keyType = this.type(entry.key);
      let valueType = this.type(entry.value.expr);
      if (entry.value.optional) valueType = valueType.element ?? dyn;
      if (key && !assignable(keyType, key)) this.report(entry.key.at, `expected type '${typeText(key)}' but found '${typeText(keyType)}'`);
      if (element && !assignable(valueType, element)) this.report(entry.value.expr.at, `expected type '${typeText(element)}' but found '${typeText(valueType)}'`);
      key = key ? joined(key, keyType) : keyType;
      element = element ? joined(element, valueType) : valueType;
    }
    return mapOf(element ?? dyn, key ?? dyn);
  }

  private comprehension(expr: Comprehension): CelType {
    const range = this.type(expr.range);
    if (!['list', 'map', 'dyn', 'optional_type'].includes(range.name) && !range.fields) return this.report(expr.range.at, `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`);
    const scope = new Map<string, CelType>();
    const [first = '', second] = expr.variables;
    const element = range.element ?? dyn;
    if (second === undefined) scope.set(first, range.name === 'map' ? (range.key ?? dyn) : element);
    else {
      scope.set(first, range.name === 'map' ? (range.key ?? dyn) : range.name === 'list' ? int : dyn);
      scope.set(second, element);
    }
    this.scopes.push(scope);
    const filter = expr.filter && this.type(expr.filter);
    const body = this.type(expr.body);
    this.scopes.pop();
    if (filter && !assignable(filter, bool)) this.noOverload(expr.at, '_?_:_', [filter, listOf(body), listOf(body)]);
    switch (expr.macro) {
      case 'map':
      case 'transformList': return listOf(body);
      case 'transformMap': return mapOf(body, range.key ?? dyn);
      case 'optMap': return optionalOf(body);
      case 'optFlatMap': return body;
      default:
        if (!assignable(body, bool)) this.report(expr.body.at, `expected type 'bool' but found '${typeText(body)}'`);
        return expr.macro === 'filter' ? listOf(element) : bool;
    }
  }
}

/** The type of an expression and the variables in it; what is wrong with it is added to `issues`. */
export function checkCel(expr: Expr, variables: ReadonlyMap<string, CelType>, issues: CelIssue[], hostMethods: ReadonlySet<string>): { readonly type: CelType; readonly names: ReadonlySet<string> } {
  const checker = new Checker(variables, issues, hostMethods);
  return { type: checker.type(expr), names: checker.names };
}
