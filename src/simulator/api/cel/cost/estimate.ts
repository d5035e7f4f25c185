import type { Comprehension, Expr } from '../ast';
import { callCost, type Estimate, part, scalar } from './calls';
import type { SizedValue } from './sizes';

/** Costs of what expressions are made of (kubernetes.io: resource use of CEL; each measured on a real server). */
const listCost = 10;
const mapCost = 30;
const structCost = 40;

type Scope = ReadonlyMap<string, Estimate>;

/** The most that one evaluation can cost, with what the schema says of the sizes of its variables. */
export function estimateCost(expr: Expr, variables: Readonly<Record<string, SizedValue>>): number {
  const scope = new Map(Object.entries(variables).map(([name, value]) => [name, part(value, 1)]));
  return estimated(expr, scope).cost;
}

function estimated(expr: Expr, scope: Scope): Estimate {
  switch (expr.kind) {
    case 'literal': return literal(expr);
    case 'ident': return scope.get(expr.name) ?? scalar(0); // the name of a type
    case 'select': {
      const operand = estimated(expr.operand, scope);
      if (expr.test) return scalar(operand.cost);
      const value = operand.value?.kind === 'map' ? operand.value.element : operand.value?.field(expr.field);
      return part(value, operand.cost + 1);
    }
    case 'call': return call(expr, scope);
    case 'list': return { kind: 'list', cost: sum(expr.items.map((item) => item.expr), scope) + listCost, size: expr.items.length, value: undefined };
    case 'map': return { kind: 'map', cost: sum(expr.entries.flatMap(({ key, value }) => [key, value.expr]), scope) + mapCost, size: expr.entries.length, value: undefined };
    case 'struct': return { kind: 'other', cost: sum(expr.fields.map(({ value }) => value.expr), scope) + structCost, size: 1, value: undefined };
    default: return comprehension(expr, scope);
  }
}

const sum = (parts: readonly Expr[], scope: Scope): number => parts.reduce((cost, one) => cost + estimated(one, scope).cost, 0);

function literal({ type, value }: Expr & { kind: 'literal' }): Estimate {
  if (type === 'string' || type === 'bytes') return { kind: 'text', cost: 0, size: [...(value as string)].length, value: undefined };
  return scalar(0);
}

function call({ name, target, args }: Expr & { kind: 'call' }, scope: Scope): Estimate {
  const namespaced = target?.kind === 'ident' && !scope.has(target.name) ? `${target.name}.${name}` : undefined;
  const operands = [...(target && namespaced === undefined ? [target] : []), ...args].map((one) => estimated(one, scope));
  if (name === '_?_:_') {
    const [condition, yes, no] = operands as [Estimate, Estimate, Estimate];
    return { kind: yes.kind, cost: condition.cost + Math.max(yes.cost, no.cost), size: Math.max(yes.size, no.size), value: yes.value };
  }
  const made = callCost(namespaced ?? name, operands);
  return { ...made, cost: made.cost + operands.reduce((cost, one) => cost + one.cost, 0) };
}

/** What the loop itself costs a round: looking at what was found so far, and putting it together with the next. */
const rounds: Readonly<Record<Comprehension['macro'], number>> = { all: 3, exists: 4, exists_one: 2, map: 12, filter: 13, transformList: 12, transformMap: 3, transformMapEntry: 3, optMap: 3, optFlatMap: 3 };
/** What is made before the first round. */
const beginnings: Partial<Readonly<Record<Comprehension['macro'], number>>> = { map: listCost, filter: listCost, transformList: listCost, transformMap: mapCost, transformMapEntry: mapCost };

function comprehension({ macro, range, variables, filter, body }: Comprehension, scope: Scope): Estimate {
  const over = estimated(range, scope);
  const inner = new Map([...scope, ...elementsOf(over, variables)]);
  const cost = (one: Expr | undefined): number => (one ? estimated(one, inner).cost : 0);
  const round = rounds[macro] + cost(filter) + cost(body);
  const last = macro === 'exists_one' ? 2 : 1;
  const total = over.cost + (over.size === 0 ? 0 : over.size * round) + last + (beginnings[macro] ?? 0);
  if (macro === 'all' || macro === 'exists' || macro === 'exists_one') return scalar(total);
  return { kind: macro.startsWith('transformMap') ? 'map' : 'list', cost: total, size: over.size, value: undefined };
}

/** The variables of a round; what is known of an item comes from the schema alone. */
function elementsOf(over: Estimate, variables: readonly string[]): (readonly [string, Estimate])[] {
  const element = part(over.value?.element, 1);
  const key: Estimate = { kind: over.kind === 'map' ? 'text' : 'other', cost: 1, size: 0, value: undefined };
  const [first = '', second] = variables;
  if (second !== undefined) return [[first, key], [second, element]];
  return [[first, over.kind === 'map' ? key : element]];
}
