import type { Comprehension, Entry, Expr } from './ast';
import { type CelIssue, scan, type Token } from './lexer';

/** What may begin an expression, with other tokens among them, as the grammar's tool lists them. */
const beginnings = (more: Readonly<Record<string, string>> = {}): string =>
  `{'[', ${more['{'] ?? ''}'{', ${more['('] ?? ''}'(', ${more[')'] ?? ''}'.', ${more['-'] ?? ''}'-', '!', ${more['!'] ?? ''}'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}`;
const starts = new Set(['[', '{', '(', '.', '-', '!']);
const isStart = ({ kind, text }: Token): boolean => (kind === 'symbol' ? starts.has(text) : kind === 'identifier' ? text !== 'in' && !text.startsWith('`') : kind !== 'end');
const relations = new Set(['==', '!=', '<', '<=', '>', '>=']);
const deepest = 250;
const reservedWords = new Set(['as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while']);

/** Ends parsing; the issue was recorded. */
class SyntaxStop extends Error {}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly issues: CelIssue[],
    private readonly text: string,
  ) {}

  whole(): Expr {
    const expr = this.ternary();
    const next = this.peek();
    if (next.kind !== 'end') this.fail(next, `Syntax error: ${this.tokens[this.at + 1]?.kind === 'end' ? 'extraneous' : 'mismatched'} input '${next.text}' expecting <EOF>`);
    return expr;
  }

  private peek(): Token {
    return this.tokens[this.at] as Token;
  }

  private fail(token: Token, message: string): never {
    this.issues.push({ at: token.at, message });
    throw new SyntaxStop();
  }

  private is(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === text;
  }

  private accept(text: string): Token | undefined {
    if (!this.is(text)) return undefined;
    return this.tokens[this.at++];
  }

  private expect(text: string, expected = `'${text}'`): Token {
    const token = this.accept(text);
    if (token) return token;
    const next = this.tokens[this.at + 1];
    const found = this.peek();
    if (found.kind === 'end' || next?.kind !== 'symbol' || next.text !== text) this.fail(found, this.missing(text, expected));
    this.skip(found, expected);
    return this.tokens[this.at++] as Token;
  }

  /** Passes over a token that only stands in the way. */
  private skip(token: Token, expected: string): void {
    this.issues.push({ at: token.at, message: `Syntax error: extraneous input '${token.text}' expecting ${expected}` });
    this.at += 1;
  }

  /** Two tokens with the space between them, as they are written. */
  private written(from: Token, to: Token): string {
    return from.text + this.text.slice(from.at + from.text.length, to.at).replace(/\S/g, '') + (to.kind === 'end' ? '' : to.text);
  }

  /** A closing bracket is added when what follows would fit; else the token is no good. */
  private missing(text: string, expected: string): string {
    const { text: found, kind } = this.peek();
    if (kind === 'end' && expected === `'${text}'` && (text === ')' || text === ']')) return `Syntax error: missing '${text}' at '<EOF>'`;
    return `Syntax error: mismatched input '${found}' expecting ${expected}`;
  }

  private ternary(): Expr {
    if (++this.depth > deepest) this.fail(this.peek(), 'expression recursion limit exceeded: 250');
    const condition = this.or();
    const mark = this.accept('?');
    let out = condition;
    if (mark) {
      const yes = this.or();
      this.expect(':');
      out = { kind: 'call', at: mark.at, name: '_?_:_', target: undefined, args: [condition, yes, this.ternary()] };
    }
    this.depth -= 1;
    return out;
  }

  private binary(next: () => Expr, names: readonly string[]): Expr {
    let left = next();
    for (;;) {
      const token = this.peek();
      if (token.kind !== 'symbol' || !names.includes(token.text)) return left;
      this.at += 1;
      left = { kind: 'call', at: token.at, name: `_${token.text}_`, target: undefined, args: [left, next()] };
    }
  }

  private or(): Expr {
    return this.binary(() => this.and(), ['||']);
  }

  private and(): Expr {
    return this.binary(() => this.relation(), ['&&']);
  }

  private relation(): Expr {
    let left = this.sum();
    for (;;) {
      const token = this.peek();
      const isIn = token.kind === 'identifier' && token.text === 'in';
      if (!isIn && !(token.kind === 'symbol' && relations.has(token.text))) return left;
      this.at += 1;
      left = { kind: 'call', at: token.at, name: isIn ? '@in' : `_${token.text}_`, target: undefined, args: [left, this.sum()] };
    }
  }

  private sum(): Expr {
    return this.binary(() => this.product(), ['+', '-']);
  }

  private product(): Expr {
    return this.binary(() => this.unary(), ['*', '/', '%']);
  }

  private unary(): Expr {
    const token = this.peek();
    if (this.accept('!')) {
      if (this.peek().kind === 'end') this.fail(this.peek(), `Syntax error: extraneous input '<EOF>' expecting ${beginnings()}`);
      return { kind: 'call', at: token.at, name: '!_', target: undefined, args: [this.unary()] };
    }
    if (this.is('-')) {
      this.at += 1;
      const next = this.peek();
      if (next.kind === 'end') this.issues.push({ at: next.at, message: `Syntax error: no viable alternative at input '${this.written(token, next)}'` });
      if (next.kind === 'int' || next.kind === 'double') return this.member(this.literal(this.tokens[this.at++] as Token, token));
      return { kind: 'call', at: token.at, name: '-_', target: undefined, args: [this.unary()] };
    }
    return this.member(this.primary());
  }

  private member(start: Expr): Expr {
    let expr = start;
    for (;;) {
      const token = this.peek();
      if (this.accept('.')) expr = this.dot(expr, token);
      else if (this.accept('[')) {
        const optional = this.accept('?') !== undefined;
        this.start(optional ? {} : { '!': "'?', " });
        const index = this.ternary();
        this.expect(']');
        expr = { kind: 'call', at: token.at, name: optional ? '_[?_]' : '_[_]', target: undefined, args: [expr, index] };
      } else if (this.is('{') && isTypeName(expr)) expr = this.struct(expr, token);
      else return expr;
    }
  }

  private dot(operand: Expr, dot: Token): Expr {
    const optional = this.accept('?') !== undefined;
    const name = this.peek();
    if (name.kind !== 'identifier' || name.text === 'in') this.fail(name, `Syntax error: no viable alternative at input '${this.written(dot, name)}'`);
    if (name.text.startsWith('`')) this.fail(name, "unsupported syntax: '`'");
    this.at += 1;
    const open = this.accept('(');
    if (!open) return { kind: 'select', at: dot.at, operand, field: name.value, test: false, optional };
    const args = this.args(')');
    return macroOf(operand, name.text, args, open.at, this.issues) ?? { kind: 'call', at: open.at, name: name.text, target: operand, args };
  }

  private struct(type: Expr, open: Token): Expr {
    this.at += 1;
    const fields: { name: string; value: Entry; at: number }[] = [];
    while (!this.is('}')) {
      const optional = this.accept('?') !== undefined;
      const name = this.peek();
      if (name.kind !== 'identifier') this.fail(name, `Syntax error: mismatched input '${name.text}' expecting ${optional ? '{IDENTIFIER, ESC_IDENTIFIER}' : "{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}"}`);
      this.at += 1;
      const { at } = this.expect(':');
      fields.push({ name: name.value, value: { expr: this.ternary(), optional }, at });
      if (!this.accept(',')) break;
    }
    this.expect('}', "{'}', ','}");
    return { kind: 'struct', at: open.at, name: typeName(type), fields };
  }

  private args(close: string): Expr[] {
    const out: Expr[] = [];
    if (this.accept(close)) return out;
    this.start({ ')': "')', " }, close);
    if (this.accept(close)) return out;
    for (;;) {
      out.push(this.ternary());
      if (!this.accept(',')) break;
    }
    this.expect(close, `{'${close}', ','}`);
    return out;
  }

  private primary(): Expr {
    const token = this.peek();
    this.at += 1;
    if (token.kind === 'identifier' && isStart(token)) return this.named(token);
    if (token.kind === 'symbol') {
      if (token.text === '(') {
        const inner = this.ternary();
        this.expect(')');
        return inner;
      }
      if (token.text === '[') return this.list(token);
      if (token.text === '{') return this.map(token);
      if (token.text === '.') {
        const name = this.peek();
        if (name.kind !== 'identifier' || name.text === 'in') this.fail(name, `Syntax error: no viable alternative at input '${this.written(token, name)}'`);
        return this.named(this.tokens[this.at++] as Token, true);
      }
    }
    if (!isStart(token) || token.kind === 'symbol') {
      this.at -= 1;
      this.start({});
      return this.unary();
    }
    return this.literal(token);
  }

  /** An expression must begin here; a token that only stands in the way is named as one too many. */
  private start(more: Readonly<Record<string, string>>, end?: string): void {
    const token = this.peek();
    if (isStart(token)) return;
    const next = this.tokens[this.at + 1];
    if (token.kind !== 'end' && next && (isStart(next) || (next.kind === 'symbol' && next.text === end))) this.skip(token, beginnings(more));
    else {
      const mismatched = (one: Token): string => `Syntax error: mismatched input '${one.text}' expecting ${beginnings(more)}`;
      if (this.at === 0 && next?.kind === 'end' && !token.text.startsWith('`')) this.issues.push({ at: next.at, message: mismatched(next) }); // nothing is left to begin with
      this.fail(token, mismatched(token));
    }
  }

  private named(token: Token, rooted = false): Expr {
    const { text, at } = token;
    if (text === 'true' || text === 'false') return { kind: 'literal', at, value: text === 'true', type: 'bool' };
    if (text === 'null') return { kind: 'literal', at, value: null, type: 'null_type' };
    const open = this.accept('(');
    if (!open && reservedWords.has(text)) this.fail(token, `reserved identifier: ${text}`);
    if (!open) return { kind: 'ident', at, name: text, ...(rooted && { rooted }) };
    const args = this.args(')');
    if (text === 'has' && args.length === 1) return this.has(args, open);
    return { kind: 'call', at: open.at, name: text, target: undefined, args };
  }

  private has(args: readonly Expr[], open: Token): Expr {
    const [field] = args;
    if (field?.kind === 'select' && args.length === 1) return { ...field, at: open.at, test: true };
    this.issues.push({ at: field?.at ?? open.at, message: 'invalid argument to has() macro' });
    throw new SyntaxStop();
  }

  private list(open: Token): Expr {
    const items: Entry[] = [];
    if (this.peek().kind === 'end') this.start({ '{': "']', ", '-': "',', ", '!': "'?', " });
    let comma = this.accept(',') !== undefined;
    while (!comma && !this.is(']')) {
      this.item(items);
      comma = this.accept(',') !== undefined;
      if (!comma) break;
      if (isStart(this.peek()) || this.is('?')) comma = false;
    }
    this.expect(']', comma ? "']'" : "{']', ','}");
    return { kind: 'list', at: open.at, items };
  }

  private item(items: Entry[]): void {
    const optional = this.accept('?') !== undefined;
    items.push({ expr: this.ternary(), optional });
  }

  private map(open: Token): Expr {
    const entries: { key: Expr; value: Entry }[] = [];
    if (this.peek().kind === 'end') this.start({ '(': "'}', ", '-': "',', ", '!': "'?', " });
    if (!this.accept(',')) while (!this.is('}')) {
      const optional = this.accept('?') !== undefined;
      const key = this.ternary();
      this.expect(':');
      entries.push({ key, value: { expr: this.ternary(), optional } });
      if (!this.accept(',')) break;
    }
    this.expect('}', "{'}', ','}");
    return { kind: 'map', at: open.at, entries };
  }

  private literal(token: Token, minus?: Token): Expr {
    const at = minus?.at ?? token.at;
    if (token.kind === 'string' || token.kind === 'bytes') return { kind: 'literal', at, value: token.value, type: token.kind };
    if (token.kind === 'double') return { kind: 'literal', at, value: Number(token.text) * (minus ? -1 : 1), type: 'double' };
    const value = BigInt(token.text.replace(/[uU]$/, '')) * (minus ? -1n : 1n);
    if (token.kind === 'uint' && value > 18446744073709551615n) this.fail(token, 'invalid uint literal');
    if (token.kind === 'uint') return { kind: 'literal', at, value, type: 'uint' };
    if (value > 9223372036854775807n || value < -9223372036854775808n) this.fail(minus ?? token, 'invalid int literal');
    return { kind: 'literal', at, value, type: 'int' };
  }
}

function isTypeName(expr: Expr): boolean {
  if (expr.kind === 'ident') return true;
  return expr.kind === 'select' && !expr.optional && isTypeName(expr.operand);
}

const typeName = (expr: Expr): string => (expr.kind === 'ident' ? expr.name : expr.kind === 'select' ? `${typeName(expr.operand)}.${expr.field}` : '');

interface Macro {
  readonly name: Comprehension['macro'];
  /** Numbers of arguments with one variable, with two. */
  readonly one: readonly number[];
  readonly two: readonly number[];
  /** What it says of a variable that is no name. */
  readonly complaint: string;
}

const simpleName = 'argument must be a simple name';
const macro = (name: Macro['name'], one: readonly number[], two: readonly number[], complaint = simpleName): Macro => ({ name, one, two, complaint });

const macros = new Map<string, Macro>([
  ['all', macro('all', [2], [3])], ['exists', macro('exists', [2], [3])], ['exists_one', macro('exists_one', [2], [3])], ['existsOne', macro('exists_one', [], [3])],
  ['map', macro('map', [2, 3], [], 'argument is not an identifier')], ['filter', macro('filter', [2], [], 'argument is not an identifier')],
  ['transformList', macro('transformList', [], [3, 4])], ['transformMap', macro('transformMap', [], [3, 4])], ['transformMapEntry', macro('transformMapEntry', [], [3, 4])],
  ['optMap', macro('optMap', [2], [], 'optMap() variable name must be a simple identifier')], ['optFlatMap', macro('optFlatMap', [2], [], 'optFlatMap() variable name must be a simple identifier')],
]);

function macroOf(range: Expr, name: string, args: readonly Expr[], at: number, issues: CelIssue[]): Expr | undefined {
  const found = macros.get(name);
  const count = found?.two.includes(args.length) ? 2 : found?.one.includes(args.length) ? 1 : 0;
  if (!found || count === 0) return undefined;
  const stop = (where: number, message: string): never => {
    issues.push({ at: where, message });
    throw new SyntaxStop();
  };
  const variables: string[] = [];
  for (const variable of args.slice(0, count)) {
    if (variable.kind !== 'ident') return stop(variable.at, found.complaint);
    if (variable.name === '__result__' || variable.name === '@result') stop(variable.at, 'iteration variable overwrites accumulator variable');
    if (variables.includes(variable.name)) stop(variable.at, `duplicate variable name: ${variable.name}`);
    variables.push(variable.name);
  }
  const rest = args.slice(count);
  return { kind: 'comprehension', at, macro: found.name, range, variables, filter: rest.length === 2 ? rest[0] : undefined, body: rest[rest.length - 1] as Expr };
}

/** Reads an expression; undefined when issues were found. */
export function parseCel(text: string, issues: CelIssue[]): Expr | undefined {
  const tokens = scan(text, issues);
  try {
    const expr = new Parser(tokens, issues, text).whole();
    return issues.length === 0 ? expr : undefined;
  } catch (error) {
    if (error instanceof SyntaxStop) return undefined;
    throw error;
  }
}
