import type { Task } from '../../kernel';
import type { Node, SimpleCommand } from './ast';
import { matchesPattern } from './expand';
import { runForeground, runPipeline, startBackground } from './pipeline';
import { restore, type Saved } from './redirect';
import { Interrupted, type Shell } from './shell';
import { beginPause, checkExit, runQuickly, simple } from './simple';
import { expanding, expandText, expandWords, tryRedirect } from './words';

const stepCost = 5;

/** The task that runs a node and gives its exit status. `tail`: nothing comes after it in this process, so a program may take the shell's place. */
export function evaluate(shell: Shell, node: Node, tail: boolean): Task<number> {
  switch (node.type) {
    case 'simple':
      return simpleCommand(shell, node, tail);
    case 'pipeline':
      return pipeline(shell, node, tail);
    case 'and':
    case 'or':
      return andOr(shell, node, tail);
    case 'list':
      return list(shell, node, tail);
    case 'if':
      return ifClause(shell, node, tail);
    case 'while':
      return whileLoop(shell, node);
    case 'for':
      return forLoop(shell, node);
    case 'case':
      return caseClause(shell, node, tail);
    case 'group':
      return evaluate(shell, node.body, tail);
    case 'subshell':
      return tail && shell.isSubshell && shell.traps.size === 0 ? evaluate(shell, node.body, true) : subshell(shell, node.body);
    case 'function':
      return define(shell, node);
    case 'redirected':
      return redirected(shell, node);
  }
}

function* simpleCommand(shell: Shell, node: SimpleCommand, tail: boolean): Task<number> {
  if (shell.process.charge(stepCost)) yield* shell.process.settle();
  if (shell.interrupted) interrupt(shell);
  if (shell.pendingTraps.length > 0) yield* shell.runTraps();
  const status = runQuickly(shell, node) ?? (yield* (tail ? undefined : beginPause(shell, node, 0)) ?? simple(shell, node, tail));
  if (shell.pendingTraps.length > 0) yield* withStatus(shell, status);
  return checkExit(shell, status);
}

function* andOr(shell: Shell, node: Node & { type: 'and' | 'or' }, tail: boolean): Task<number> {
  const left = conditionNow(shell, node.left) ?? (yield* condition(shell, node.left));
  if (shell.skip || (left === 0) !== (node.type === 'and')) return left;
  return yield* evaluate(shell, node.right, tail);
}

 
function* define(shell: Shell, node: Node & { type: 'function' }): Task<number> {
  shell.functions.set(node.name, node.body);
  return 0;
}

function interrupt(shell: Shell): never {
  shell.interrupted = false;
  throw new Interrupted();
}

function* withStatus(shell: Shell, status: number): Task {
  shell.status = status;
  yield* shell.runTraps();
}

function* list(shell: Shell, node: Node & { type: 'list' }, tail: boolean): Task<number> {
  let status = 0;
  const last = node.items.length - 1;
  for (let index = 0; index <= last; index++) {
    const item = node.items[index] as (typeof node.items)[number];
    if (item.background) {
      status = startBackground(shell, item.node, item.source);
      yield* shell.process.settle(200);
    } else status = runNow(shell, item.node) ?? (yield* later(shell, item.node, tail && index === last));
    shell.status = status;
    if (shell.skip) break;
  }
  return status;
}

/** The task of what could not be run at once; of a sleep in the shell's own turn only the wait. */
function later(shell: Shell, node: Node, tail: boolean): Task<number> {
  const ready = !tail && node.type === 'simple' && !shell.interrupted && shell.pendingTraps.length === 0 && !shell.process.owes(stepCost);
  return (ready ? beginPause(shell, node, stepCost) : undefined) ?? evaluate(shell, node, tail);
}

/** Runs a simple command at once when it needs no waiting; undefined when it has to be evaluated. */
function runNow(shell: Shell, node: Node): number | undefined {
  if (node.type !== 'simple' || shell.interrupted || shell.pendingTraps.length > 0 || shell.process.charge(stepCost)) return undefined;
  const status = runQuickly(shell, node);
  return status === undefined ? undefined : checkExit(shell, status);
}

/** A condition that needs no waiting; undefined when it has to be evaluated. */
function conditionNow(shell: Shell, node: Node): number | undefined {
  shell.tested += 1;
  try {
    return runNow(shell, node);
  } finally {
    shell.tested -= 1;
  }
}

function* condition(shell: Shell, node: Node): Task<number> {
  shell.tested += 1;
  try {
    return (shell.status = yield* evaluate(shell, node, false));
  } finally {
    shell.tested -= 1;
  }
}

function* ifClause(shell: Shell, node: Node & { type: 'if' }, tail: boolean): Task<number> {
  for (const branch of node.branches) {
    const status = conditionNow(shell, branch.condition) ?? (yield* condition(shell, branch.condition));
    if (shell.skip) return status;
    if (status === 0) return yield* evaluate(shell, branch.body, tail);
  }
  return node.otherwise ? yield* evaluate(shell, node.otherwise, tail) : 0;
}

/** After a loop's body: whether the loop ends. */
function leavesLoop(shell: Shell): boolean {
  if (!shell.skip) return false;
  if (shell.skip === 'return') return true;
  shell.skipLevels -= 1;
  if (shell.skipLevels > 0) return true;
  const goesOn = shell.skip === 'continue';
  shell.skip = undefined;
  return !goesOn;
}

function* whileLoop(shell: Shell, node: Node & { type: 'while' }): Task<number> {
  let status = 0;
  shell.loopDepth += 1;
  try {
    for (;;) {
      const test = conditionNow(shell, node.condition) ?? (yield* condition(shell, node.condition));
      if (shell.skip) {
        if (leavesLoop(shell)) break;
        continue;
      }
      if ((test === 0) === node.until) break;
      status = runNow(shell, node.body) ?? (yield* evaluate(shell, node.body, false));
      if (leavesLoop(shell)) break;
      if (shell.interrupted) interrupt(shell);
      if (shell.process.charge(1)) yield* shell.process.settle();
    }
  } finally {
    shell.loopDepth -= 1;
  }
  return status;
}

function* forLoop(shell: Shell, node: Node & { type: 'for' }): Task<number> {
  shell.line = node.line;
  const values = node.words ? yield* expandWords(shell, node.words) : [...shell.parameters];
  let status = 0;
  shell.loopDepth += 1;
  try {
    for (const value of values) {
      shell.variables.set(node.name, value);
      status = runNow(shell, node.body) ?? (yield* evaluate(shell, node.body, false));
      if (leavesLoop(shell)) break;
    }
  } finally {
    shell.loopDepth -= 1;
  }
  return status;
}

function* caseClause(shell: Shell, node: Node & { type: 'case' }, tail: boolean): Task<number> {
  shell.line = node.line;
  const value = yield* expandText(shell, node.word);
  for (const clause of node.clauses) {
    for (const pattern of clause.patterns) {
      const matched = yield* expanding(shell, () => matchesPattern(shell.expander, pattern, value));
      if (matched) return clause.body ? yield* evaluate(shell, clause.body, tail) : 0;
    }
  }
  return 0;
}

function* subshell(shell: Shell, body: Node): Task<number> {
  const child = shell.fork();
  child.run(evaluate(child, body, true));
  return checkExit(shell, yield* runForeground(shell, [child.process]));
}

function* redirected(shell: Shell, node: Node & { type: 'redirected' }): Task<number> {
  const saved: Saved[] = [];
  shell.line = node.line;
  try {
    const failed = yield* tryRedirect(shell, node.redirects, saved);
    if (failed) return checkExit(shell, 1);
    return yield* evaluate(shell, node.node, false);
  } finally {
    restore(shell, saved);
  }
}

function* pipeline(shell: Shell, node: Node & { type: 'pipeline' }, tail: boolean): Task<number> {
  const [only] = node.commands;
  let status: number;
  if (node.negated) shell.tested += 1;
  try {
    status = node.commands.length === 1 && only ? yield* evaluate(shell, only, tail && !node.negated) : yield* runPipeline(shell, node);
  } finally {
    if (node.negated) shell.tested -= 1;
  }
  if (node.negated) return (shell.status = status === 0 ? 1 : 0);
  return checkExit(shell, status);
}
