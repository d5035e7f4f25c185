import { checkCel, type Messages } from './check';
import { Activation, compileExpr } from './evaluate';
import type { Expr } from './ast';
import type { CelIssue } from './lexer';
import { partsOf } from './validators';
import { CelError } from './values';
import { parseCel } from './parser';
import type { CelType } from './types';
import { estimateCost } from './cost/estimate';
import type { SizedValue } from './cost/sizes';

export { type CelType, celTypes, listOf as celListOf, mapOf as celMapOf, objectOf as celObjectOf, typeText as celTypeText } from './types';
export type { SizedValue } from './cost/sizes';
export { CelError, costExceeded as celCostExceeded, type CelObject, fromJson as celFromJson, Message as CelMessage, none as celNone, Optional as CelOptional, toJson as celToJson, Typed as CelTyped } from './values';

/** An expression that cannot be compiled; the message is what the server shows. */
export class CelCompileError extends Error {
  override readonly name = 'CelCompileError';
}

/** What an expression may refer to. */
export interface CelEnvironment {
  readonly variables: Readonly<Record<string, CelType>>;
  /** The messages that an expression may make, by name. */
  readonly messages?: Messages;
}

/** A compiled expression. */
export interface CelProgram {
  readonly text: string;
  readonly type: CelType;
  /** The variables that it mentions. */
  readonly names: ReadonlySet<string>;
  /** The most that one evaluation can cost, as the sizes of its variables are. */
  readonly estimate: (sizes: Readonly<Record<string, SizedValue>>) => number;
  /** Runs it; a variable is asked for by name when it is needed. Throws CelError. */
  readonly evaluate: (variable: (name: string) => unknown, budget?: { left: number }) => unknown;
}

/** What one evaluation may cost; the server's limit for one call. */
export const celCostLimit = 1_000_000;

function issueText(issue: CelIssue, text: string): string {
  if (text === '') return `ERROR: <input>:1:0: ${issue.message}`;
  const before = text.slice(0, issue.at).split('\n');
  const line = before.length;
  const column = [...(before[line - 1] ?? '')].length;
  return `ERROR: <input>:${line}:${column + 1}: ${issue.message}\n | ${text.split('\n')[line - 1] ?? ''}\n | ${'.'.repeat(column)}^`;
}

const conversions = new Set(['int', 'uint', 'double', 'bool', 'string', 'duration', 'timestamp']);

/** Conversions of literals are made at once. Throws CelCompileError. */
function checkConstants(expr: Expr): void {
  for (const part of partsOf(expr)) checkConstants(part);
  if (expr.kind !== 'call' || expr.target || !conversions.has(expr.name) || expr.args[0]?.kind !== 'literal') return;
  try {
    compileExpr(expr)(new Activation(() => undefined, undefined, { left: celCostLimit }));
  } catch (error) {
    if (error instanceof CelError) throw new CelCompileError(`program instantiation failed: ${error.message}`);
    throw error;
  }
}

/** Compiles and checks an expression. Throws CelCompileError. */
export function compileCel(text: string, environment: CelEnvironment): CelProgram {
  const issues: CelIssue[] = [];
  const expr = parseCel(text, issues);
  const checked = expr && checkCel(expr, new Map(Object.entries(environment.variables)), issues, environment.messages);
  if (!expr || !checked || issues.length > 0) {
    throw new CelCompileError(`compilation failed: ${[...issues].sort((a, b) => a.at - b.at).map((issue) => issueText(issue, text)).join('\n')}`);
  }
  const { type } = checked;
  const run = compileExpr(expr);
  checkConstants(expr);
  return { text, type, names: checked.names, estimate: (sizes) => estimateCost(expr, sizes), evaluate: (variable, budget = { left: celCostLimit }) => run(new Activation(variable, undefined, budget)) };
}
