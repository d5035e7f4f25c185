import type { Entry, Expr } from './ast';
import { parseDurationNanoseconds } from '../duration';
import { compileRe2 } from '../re2';
import type { CelIssue } from './lexer';
import { type CelType, celTypes, optionalOf, sameType, typeText } from './types';
import { timestampOf } from './values';

/*
 * What the server looks at once types are right: literals of durations, times and patterns, and that the items of a list
 * are of one type.
 */
const literals: Readonly<Record<string, readonly [check: (text: string) => unknown, what: string]>> = {
  duration: [parseDurationNanoseconds, 'duration'],
  timestamp: [timestampOf, 'timestamp'],
  matches: [compileRe2, 'matches'],
};

/** The parts of an expression. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'select': return [expr.operand];
    case 'call': return [...(expr.target ? [expr.target] : []), ...expr.args];
    case 'list': return expr.items.map((item) => item.expr);
    case 'map': return expr.entries.flatMap(({ key, value }) => [key, value.expr]);
    case 'struct': return expr.fields.map(({ value }) => value.expr);
    case 'comprehension': return [expr.range, ...(expr.filter ? [expr.filter] : []), expr.body];
    default: return [];
  }
}

function literalIssue(expr: Expr): CelIssue | undefined {
  const own = expr.kind === 'call' ? literals[expr.name] : undefined;
  const last = expr.kind === 'call' ? expr.args[expr.args.length - 1] : undefined;
  if (!own || last?.kind !== 'literal' || last.type !== 'string') return undefined;
  try {
    own[0](String(last.value));
    return undefined;
  } catch {
    return { at: last.at, message: `invalid ${own[1]} argument` };
  }
}

/** An optional entry counts as what it holds. */
function uniform(entries: readonly Entry[], types: ReadonlyMap<Expr, CelType>): CelIssue[] {
  let wanted: CelType | undefined;
  for (const { expr, optional } of entries) {
    const type = types.get(expr) ?? celTypes.dyn;
    const own = optional && type.name === 'optional_type' ? (type.element ?? celTypes.dyn) : type;
    if (wanted === undefined) wanted = own;
    else if (!sameType(wanted, own) && !(isOpen(wanted) || isOpen(own))) return [{ at: expr.at, message: `expected type '${typeText(optional ? optionalOf(wanted) : wanted)}' but found '${typeText(type)}'` }];
  }
  return [];
}

/** Whether a type still has parameters. */
const isOpen = (type: CelType): boolean => type.parameter !== undefined || (type.element !== undefined && isOpen(type.element)) || (type.key !== undefined && isOpen(type.key));

/** Faults of literals, in every part. */
export function literalIssues(expr: Expr, types: ReadonlyMap<Expr, CelType>): CelIssue[] {
  const own = literalIssue(expr);
  const inner = partsOf(expr).flatMap((part) => literalIssues(part, types));
  const lists = expr.kind === 'list' ? uniform(expr.items, types) : expr.kind === 'map' ? [...uniform(expr.entries.map(({ key }) => ({ expr: key, optional: false })), types), ...uniform(expr.entries.map(({ value }) => value), types)] : [];
  return [...(own ? [own] : []), ...lists, ...inner];
}
