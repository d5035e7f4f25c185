import type { Expression } from './ast';
import { AwkSyntaxError, type AwkToken, tokenize } from './lexer';

/** Reads awk's expressions, by precedence. */
export abstract class ExpressionParser {
  protected readonly tokens: readonly AwkToken[];
  protected at = 0;
  /** Inside print's list '>' redirects; inside for (… in …) 'in' ends. */
  protected noGreater = false;
  protected noIn = false;

  constructor(source: string) {
    this.tokens = tokenize(source);
  }

  protected get token(): AwkToken {
    return this.tokens[this.at] as AwkToken;
  }

  protected fail(): never {
    throw new AwkSyntaxError(`cmd. line:${this.token.line}: Unexpected token`);
  }

  protected is(text: string): boolean {
    return this.token.type === 'operator' && this.token.text === text;
  }

  protected isKeyword(text: string): boolean {
    return this.token.type === 'keyword' && this.token.text === text;
  }

  protected take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }

  protected takeKeyword(text: string): boolean {
    if (!this.isKeyword(text)) return false;
    this.at += 1;
    return true;
  }

  protected expect(text: string): void {
    if (!this.take(text)) this.fail();
  }

  /** Newlines and semicolons. */
  protected skip(): void {
    while (this.token.type === 'newline' || this.is(';')) this.at += 1;
  }

  protected newlines(): void {
    while (this.token.type === 'newline') this.at += 1;
  }

  protected expressions(): Expression[] {
    const list = [this.expression()];
    while (this.take(',')) {
      this.newlines();
      list.push(this.expression());
    }
    return list;
  }

  protected index(): Expression[] {
    this.expect('[');
    const list = this.expressions();
    this.expect(']');
    return list;
  }

  protected expression(): Expression {
    const left = this.conditional();
    const operator = this.token.text;
    if (this.token.type === 'operator' && /^(?:[-+*/%^]?=)$/.test(operator)) {
      if (left.kind !== 'variable' && left.kind !== 'element' && left.kind !== 'field') this.fail();
      this.at += 1;
      this.newlines();
      return { kind: 'assign', operator: operator.slice(0, -1), target: left, value: this.expression() };
    }
    return left;
  }

  protected conditional(): Expression {
    const test = this.or();
    if (!this.take('?')) return test;
    this.newlines();
    const yes = this.expression();
    this.newlines();
    this.expect(':');
    this.newlines();
    return { kind: 'conditional', test, yes, no: this.expression() };
  }

  protected or(): Expression {
    let left = this.and();
    while (this.take('||')) {
      this.newlines();
      left = { kind: 'binary', operator: '||', left, right: this.and() };
    }
    return left;
  }

  protected and(): Expression {
    let left = this.membership();
    while (this.take('&&')) {
      this.newlines();
      left = { kind: 'binary', operator: '&&', left, right: this.membership() };
    }
    return left;
  }

  protected membership(): Expression {
    let left = this.matching();
    while (!this.noIn && this.takeKeyword('in')) {
      const name = this.token.text;
      this.at += 1;
      left = { kind: 'in', name, index: left.kind === 'group' ? left.values : [left] };
    }
    return left;
  }

  protected matching(): Expression {
    let left = this.comparison();
    while (this.is('~') || this.is('!~')) {
      const negated = this.is('!~');
      this.at += 1;
      left = { kind: 'match', negated, value: left, pattern: this.comparison() };
    }
    return left;
  }

  protected comparison(): Expression {
    let left = this.concatenation();
    while (this.token.type === 'operator' && /^(?:<|<=|==|!=|>=|>)$/.test(this.token.text) && !(this.noGreater && this.is('>'))) {
      const operator = this.token.text;
      this.at += 1;
      left = { kind: 'binary', operator, left, right: this.concatenation() };
    }
    return this.pipedGetline(left);
  }

  /** command | getline [variable] */
  protected pipedGetline(command: Expression): Expression {
    let left = command;
    while (this.is('|') && this.tokens[this.at + 1]?.text === 'getline') {
      this.at += 2;
      left = { kind: 'getline', target: this.getlineTarget(), file: undefined, command: left };
    }
    return left;
  }

  protected getlineTarget(): Expression | undefined {
    if (this.token.type === 'name' || this.is('$')) return this.primary();
    return undefined;
  }

  /** Whether the token begins an operand, so that it is concatenated. */
  protected beginsOperand(): boolean {
    const { token } = this;
    if (token.type === 'number' || token.type === 'string' || token.type === 'regex' || token.type === 'name' || token.type === 'function' || token.type === 'builtin') return true;
    return token.type === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(token.text);
  }

  protected concatenation(): Expression {
    let left = this.additive();
    while (this.beginsOperand() && !(this.token.type === 'keyword')) left = { kind: 'binary', operator: ' ', left, right: this.additive() };
    return left;
  }

  protected additive(): Expression {
    let left = this.multiplicative();
    while (this.is('+') || this.is('-')) {
      const operator = this.token.text;
      this.at += 1;
      left = { kind: 'binary', operator, left, right: this.multiplicative() };
    }
    return left;
  }

  protected multiplicative(): Expression {
    let left = this.unary();
    while (this.is('*') || this.is('/') || this.is('%')) {
      const operator = this.token.text;
      this.at += 1;
      left = { kind: 'binary', operator, left, right: this.unary() };
    }
    return left;
  }

  protected unary(): Expression {
    if (this.is('!') || this.is('-') || this.is('+')) {
      const operator = this.token.text;
      this.at += 1;
      return { kind: 'unary', operator, value: this.unary() };
    }
    return this.exponent();
  }

  protected exponent(): Expression {
    const base = this.postfix();
    if (!this.take('^')) return base;
    return { kind: 'binary', operator: '^', left: base, right: this.is('-') || this.is('!') || this.is('+') ? this.unary() : this.exponent() };
  }

  protected postfix(): Expression {
    const value = this.primary();
    if (value.kind === 'variable' || value.kind === 'element' || value.kind === 'field') {
      if (this.take('++')) return { kind: 'step', by: 1, after: true, target: value };
      if (this.take('--')) return { kind: 'step', by: -1, after: true, target: value };
    }
    return value;
  }

  protected primary(): Expression {
    const { token } = this;
    this.at += 1;
    switch (token.type) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'string':
        return { kind: 'string', value: token.text };
      case 'regex':
        return { kind: 'regex', source: token.text };
      case 'name':
        return this.is('[') ? { kind: 'element', name: token.text, index: this.index() } : { kind: 'variable', name: token.text };
      case 'function':
      case 'builtin':
        return this.call(token);
      case 'keyword':
        if (token.text === 'getline') {
          const target = this.getlineTarget();
          return { kind: 'getline', target, file: this.take('<') ? this.primary() : undefined, command: undefined };
        }
        break;
      case 'operator':
        return this.operatorPrimary(token.text);
      default:
    }
    this.at -= 1;
    return this.fail();
  }

  protected operatorPrimary(text: string): Expression {
    if (text === '$') {
      if (this.is('++') || this.is('--')) return { kind: 'field', index: this.primary() };
      return { kind: 'field', index: this.is('-') ? this.unary() : this.primary() };
    }
    if (text === '++' || text === '--') return { kind: 'step', by: text === '++' ? 1 : -1, after: false, target: this.primary() };
    if (text === '(') {
      const outer = this.noGreater;
      this.noGreater = false;
      this.newlines();
      const values = this.expressions();
      this.newlines();
      this.noGreater = outer;
      this.expect(')');
      return values.length === 1 && !this.isKeyword('in') ? ({ kind: 'group', values } as Expression) : { kind: 'group', values };
    }
    this.at -= 1;
    return this.fail();
  }

  protected call(token: AwkToken): Expression {
    const builtin = token.type === 'builtin';
    if (!this.is('(')) {
      if (token.text === 'length') return { kind: 'call', name: 'length', builtin, values: [] };
      this.fail();
    }
    this.at += 1;
    const outer = this.noGreater;
    this.noGreater = false;
    this.newlines();
    const values = this.is(')') ? [] : this.expressions();
    this.newlines();
    this.expect(')');
    this.noGreater = outer;
    return { kind: 'call', name: token.text, builtin, values };
  }
}
