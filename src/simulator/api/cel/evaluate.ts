import type { Comprehension, Entry, Expr } from './ast';
import { isTypeName, namespaced, qualifiedName } from './check';
import { functions, type Overload } from './functions';
import { arithmetic, comparison, indexed, isIn, negated } from './operators';
import { Bytes, CelDuration, CelError, CelMap, costExceeded, equals, fromJson, isCelObject, isMapLike, listItems, lookup, mapKeys, Message, none, Optional, Timestamp, typeNameOf, TypeValue, Uint } from './values';
import { utf8Encode } from '../../kernel';

/** What making a list or map, and a round over one, costs besides what is in it. */
const listCost = 10;
const mapCost = 30;
const roundCost = 3;

/** What an expression sees while it runs, and how much it may still do. */
export class Activation {
  constructor(
    private readonly values: ReadonlyMap<string, unknown> | ((name: string) => unknown),
    private readonly parent: Activation | undefined,
    readonly budget: { left: number },
  ) {}

  get(name: string): unknown {
    const own = typeof this.values === 'function' ? this.values(name) : this.values.get(name);
    return own === undefined ? this.parent?.get(name) : own;
  }

  with(values: ReadonlyMap<string, unknown>): Activation {
    return new Activation(values, this, this.budget);
  }

  spend(cost = 1): void {
    this.budget.left -= cost;
    if (this.budget.left < 0) throw new CelError(costExceeded);
  }
}

type Run = (scope: Activation) => unknown;

const noOverload = () => new CelError('no such overload');
const typeNames: Readonly<Record<string, string>> = { int: 'int', uint: 'uint', double: 'double', bool: 'bool', string: 'string', bytes: 'bytes', list: 'list', map: 'map', null_type: 'null_type', type: 'type', timestamp: 'google.protobuf.Timestamp', duration: 'google.protobuf.Duration' };

/** Turns an expression into a function. */
export function compileExpr(expr: Expr): Run {
  switch (expr.kind) {
    case 'literal': {
      const value = expr.type === 'uint' ? new Uint(expr.value as bigint) : expr.type === 'bytes' ? new Bytes(utf8Encode(String(expr.value))) : expr.value;
      return () => value;
    }
    case 'ident': return identifier(expr.name);
    case 'select': return select(expr);
    case 'call': return call(expr);
    case 'list': return list(expr.items);
    case 'map': return map(expr);
    case 'struct': return struct(expr);
    default: return comprehension(expr);
  }
}

function identifier(name: string): Run {
  return (scope) => {
    scope.spend();
    const value = scope.get(name);
    if (value !== undefined) return value;
    if (typeNames[name] !== undefined) return new TypeValue(typeNames[name]);
    throw new CelError(`no such attribute(s): ${name}`);
  };
}

function select(expr: Expr & { kind: 'select' }): Run {
  const qualified = qualifiedName(expr);
  if (qualified !== undefined && isTypeName(qualified)) return () => new TypeValue(qualified);
  const operand = compileExpr(expr.operand);
  const { field, test, optional } = expr;
  const dotted = qualified === 'authorizer.requestResource' ? qualified : undefined;
  return (scope) => {
    scope.spend();
    const whole = dotted === undefined ? undefined : scope.get(dotted);
    if (whole !== undefined) return whole;
    const value = operand(scope);
    const inner = value instanceof Optional ? value.value : value;
    const isOptional = optional || value instanceof Optional;
    if (value === none) return test ? false : none;
    if (!isMapLike(inner)) {
      if (test && inner === null) return false;
      if (listItems(inner)) throw new CelError("unsupported index type 'string' in list");
      throw inner === null ? new CelError(`no such key: ${field}`) : noOverload();
    }
    const found = lookup(inner, field);
    if (test) return found !== undefined;
    if (isOptional) return found === undefined ? none : new Optional(found);
    if (found === undefined) throw new CelError(`no such key: ${field}`);
    return found;
  };
}

/** Both sides may fail; one that decides is enough. */
function logical(left: Run, right: Run, decides: boolean): Run {
  const attempt = (run: Run, scope: Activation): { value?: boolean; error?: unknown } => {
    try {
      const value = run(scope);
      return typeof value === 'boolean' ? { value } : { error: noOverload() };
    } catch (error) {
      return { error };
    }
  };
  return (scope) => {
    const a = attempt(left, scope);
    if (a.value === decides) return decides;
    const b = attempt(right, scope);
    if (b.value === decides) return decides;
    if (a.error !== undefined) throw a.error;
    if (b.error !== undefined) throw b.error;
    return !decides;
  };
}

function call(expr: Expr & { kind: 'call' }): Run {
  const args = expr.args.map(compileExpr);
  const [a, b, c] = args as [Run, Run, Run];
  const { name } = expr;
  switch (name) {
    case '_&&_': return logical(a, b, false);
    case '_||_': return logical(a, b, true);
    case '_?_:_': return (scope) => {
      const condition = a(scope);
      if (typeof condition !== 'boolean') throw noOverload();
      return condition ? b(scope) : c(scope);
    };
    case '!_': return (scope) => {
      const value = a(scope);
      if (typeof value !== 'boolean') throw noOverload();
      return !value;
    };
    case '-_': return (scope) => negated(a(scope));
    case '_==_': return counted((scope) => equals(a(scope), b(scope)));
    case '_!=_': return counted((scope) => !equals(a(scope), b(scope)));
    case '@in': return counted((scope) => isIn(a(scope), b(scope)));
    case '_[_]': return counted((scope) => indexed(a(scope), b(scope), false));
    case '_[?_]': return counted((scope) => indexed(a(scope), b(scope), true));
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_': return counted((scope) => comparison(name, a(scope), b(scope)));
    case '_+_':
    case '_-_':
    case '_*_':
    case '_/_':
    case '_%_': return counted((scope) => arithmetic(name, a(scope), b(scope)));
    default: return invocation(expr, args);
  }
}

function counted(run: Run): Run {
  return (scope) => {
    scope.spend();
    return run(scope);
  };
}

/** Whether a value may be passed where the overload asks for a type. */
function fits(value: unknown, type: string): boolean {
  if (type === 'dyn' || type === 'parameter') return true;
  const actual = typeNameOf(value);
  if (type === actual) return true;
  if (type === 'timestamp') return value instanceof Timestamp;
  if (type === 'duration') return value instanceof CelDuration;
  return type === 'map' && isMapLike(value);
}

function invocation(expr: Expr & { kind: 'call' }, args: readonly Run[]): Run {
  const space = namespaced(expr);
  const target = expr.target && space === undefined ? compileExpr(expr.target) : undefined;
  const name = space ?? expr.name;
  const overloads = (functions.get(name) ?? []).filter((overload) => overload.member === (target !== undefined));
  return (scope) => {
    const first = target?.(scope);
    const values = [...(target ? [first] : []), ...args.map((arg) => arg(scope))];
    scope.spend(1 + values.reduce((cost: number, value) => cost + (typeof value === 'string' ? Math.floor(value.length / 10) : (listItems(value)?.length ?? 0)), 0));
    const overload = overloads.find((candidate: Overload) => candidate.params.length === values.length && candidate.params.every((param, i) => fits(values[i], param.name)));
    if (overload) return fromJson(overload.run(values));
    const result = isCelObject(first) ? first.call(name, values.slice(1)) : undefined;
    if (result === undefined) throw noOverload();
    return result;
  };
}

function list(items: readonly Entry[]): Run {
  const runs = items.map((item) => ({ run: compileExpr(item.expr), optional: item.optional }));
  return (scope) => {
    scope.spend(listCost);
    const out: unknown[] = [];
    for (const { run, optional } of runs) {
      const value = run(scope);
      if (!optional) out.push(value);
      else if (value !== none) out.push((value as Optional).value);
    }
    return out;
  };
}

function map(expr: Expr & { kind: 'map' }): Run {
  const entries = expr.entries.map(({ key, value }) => ({ key: compileExpr(key), value: compileExpr(value.expr), optional: value.optional }));
  return (scope) => {
    scope.spend(mapCost);
    const out = new CelMap();
    for (const entry of entries) {
      const value = entry.value(scope);
      if (!entry.optional) out.set(entry.key(scope), value);
      else if (value !== none) out.set(entry.key(scope), (value as Optional).value);
    }
    return out;
  };
}

function struct(expr: Expr & { kind: 'struct' }): Run {
  const fields = expr.fields.map(({ name, value }) => ({ name, run: compileExpr(value.expr), optional: value.optional }));
  return (scope) => {
    const out = new Map<string, unknown>();
    for (const { name, run, optional } of fields) {
      const value = run(scope);
      if (!optional) out.set(name, value);
      else if (value !== none) out.set(name, (value as Optional).value);
    }
    return new Message(expr.name, out);
  };
}

/** The values that the variables take, one step after the other. */
function steps(range: unknown, two: boolean): (readonly unknown[])[] {
  const items = listItems(range);
  if (items) return items.map((item, i) => (two ? [BigInt(i), fromJson(item)] : [fromJson(item)]));
  if (isMapLike(range)) return mapKeys(range).map((key) => (two ? [key, lookup(range, key)] : [key]));
  throw noOverload();
}

function comprehension(expr: Comprehension): Run {
  const range = compileExpr(expr.range);
  const body = compileExpr(expr.body);
  const filter = expr.filter && compileExpr(expr.filter);
  const { macro, variables } = expr;
  const inside = (scope: Activation, values: readonly unknown[]) => scope.with(new Map(variables.map((name, i) => [name, values[i]])));
  if (macro === 'optMap' || macro === 'optFlatMap') {
    return (scope) => {
      const value = range(scope);
      if (value === none) return none;
      if (!(value instanceof Optional)) throw noOverload();
      const result = body(inside(scope, [value.value]));
      return macro === 'optMap' ? new Optional(result) : result;
    };
  }
  return (scope) => {
    const scopes = steps(range(scope), variables.length === 2).map((values) => {
      scope.spend(roundCost);
      return { values, inner: inside(scope, values) };
    });
    const kept = filter ? scopes.filter(({ inner }) => filter(inner) === true) : scopes;
    switch (macro) {
      case 'all': return quantified(kept.map(({ inner }) => inner), body, false);
      case 'exists': return quantified(kept.map(({ inner }) => inner), body, true);
      case 'exists_one': return kept.filter(({ inner }) => body(inner) === true).length === 1;
      case 'filter': return kept.filter(({ inner }) => body(inner) === true).map(({ values }) => values[0]);
      case 'transformMapEntry': {
        const out = new CelMap();
        for (const { inner } of kept) insertAll(out, body(inner));
        return out;
      }
      case 'transformMap': {
        const out = new CelMap();
        for (const { values, inner } of kept) out.set(values[0], body(inner));
        return out;
      }
      default: return kept.map(({ inner }) => body(inner));
    }
  };
}

function insertAll(out: CelMap, made: unknown): void {
  for (const key of isMapLike(made) ? mapKeys(made) : []) {
    if (lookup(out, key) !== undefined) throw new CelError(`insert failed: key ${String(key)} already exists`);
    out.set(key, lookup(made, key));
  }
}

/** Whether one (all) is so; an error counts only when nothing decides. */
function quantified(scopes: readonly Activation[], body: Run, decides: boolean): boolean {
  let error: unknown;
  for (const scope of scopes) {
    try {
      const value = body(scope);
      if (value === decides) return decides;
      if (typeof value !== 'boolean') error ??= noOverload();
    } catch (caught) {
      error ??= caught;
    }
  }
  if (error !== undefined) throw error;
  return !decides;
}
