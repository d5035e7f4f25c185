import type { AwkFunction, AwkProgram, Expression, Rule, Statement } from './ast';
import { AwkSyntaxError, type AwkToken, tokenize } from './lexer';

/** Reads an awk program by recursive descent. */
export class AwkParser {
  private readonly tokens: readonly AwkToken[];
  private at = 0;
  /** Inside print's list '>' redirects; inside for (… in …) 'in' ends. */
  private noGreater = false;
  private noIn = false;

  constructor(source: string) {
    this.tokens = tokenize(source);
  }

  parse(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (;;) {
      this.skip();
      if (this.token.type === 'end') return { rules, functions };
      if (this.isKeyword('function')) this.functionDefinition(functions);
      else rules.push(this.rule());
    }
  }

  private get token(): AwkToken {
    return this.tokens[this.at] as AwkToken;
  }

  private fail(): never {
    throw new AwkSyntaxError(`cmd. line:${this.token.line}: Unexpected token`);
  }

  private is(text: string): boolean {
    return this.token.type === 'operator' && this.token.text === text;
  }

  private isKeyword(text: string): boolean {
    return this.token.type === 'keyword' && this.token.text === text;
  }

  private take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }

  private takeKeyword(text: string): boolean {
    if (!this.isKeyword(text)) return false;
    this.at += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) this.fail();
  }

  /** Newlines and semicolons. */
  private skip(): void {
    while (this.token.type === 'newline' || this.is(';')) this.at += 1;
  }

  private newlines(): void {
    while (this.token.type === 'newline') this.at += 1;
  }

  private functionDefinition(functions: Map<string, AwkFunction>): void {
    this.at += 1;
    const name = this.token.text;
    if (this.token.type !== 'function' && this.token.type !== 'name') this.fail();
    this.at += 1;
    this.expect('(');
    const parameters: string[] = [];
    while (!this.is(')')) {
      parameters.push(this.token.text);
      this.at += 1;
      this.newlines();
      if (!this.take(',')) break;
      this.newlines();
    }
    this.expect(')');
    this.newlines();
    functions.set(name, { parameters, body: this.block() });
  }

  private rule(): Rule {
    let pattern: Rule['pattern'];
    let end: Expression | undefined;
    if (this.takeKeyword('BEGIN')) pattern = 'BEGIN';
    else if (this.takeKeyword('END')) pattern = 'END';
    else if (!this.is('{')) {
      pattern = this.expression();
      if (this.take(',')) {
        this.newlines();
        end = this.expression();
      }
    }
    const body = this.is('{') ? this.block() : undefined;
    if (typeof pattern === 'string' && !body) this.fail();
    if (!body && this.token.type !== 'newline' && this.token.type !== 'end' && !this.is(';')) this.fail();
    return { pattern, end, body };
  }

  private block(): Statement {
    this.expect('{');
    const body: Statement[] = [];
    for (;;) {
      this.skip();
      if (this.take('}')) return { kind: 'block', body };
      if (this.token.type === 'end') this.fail();
      body.push(this.statement());
    }
  }

  /** What ends a simple statement. */
  private terminate(): void {
    if (this.is('}') || this.token.type === 'end') return;
    if (this.token.type === 'newline' || this.is(';')) {
      this.at += 1;
      return;
    }
    this.fail();
  }

  private body(): Statement {
    this.newlines();
    if (this.take(';')) return { kind: 'block', body: [] };
    return this.statement();
  }

  private statement(): Statement {
    if (this.is('{')) return this.block();
    if (this.takeKeyword('if')) return this.ifStatement();
    if (this.takeKeyword('while')) {
      this.expect('(');
      const test = this.expression();
      this.expect(')');
      return { kind: 'while', test, body: this.body(), first: true };
    }
    if (this.takeKeyword('do')) return this.doStatement();
    if (this.takeKeyword('for')) return this.forStatement();
    const simple = this.simple();
    this.terminate();
    return simple;
  }

  private ifStatement(): Statement {
    this.expect('(');
    const test = this.expression();
    this.expect(')');
    const yes = this.body();
    const mark = this.at;
    this.skip();
    if (this.takeKeyword('else')) return { kind: 'if', test, yes, no: this.body() };
    this.at = mark;
    return { kind: 'if', test, yes, no: undefined };
  }

  private doStatement(): Statement {
    const body = this.body();
    this.skip();
    if (!this.takeKeyword('while')) this.fail();
    this.expect('(');
    const test = this.expression();
    this.expect(')');
    this.terminate();
    return { kind: 'while', test, body, first: false };
  }

  private forStatement(): Statement {
    this.expect('(');
    const [name, word, list, close] = this.tokens.slice(this.at, this.at + 4);
    if (name?.type === 'name' && word?.text === 'in' && list?.type === 'name' && close?.text === ')') {
      this.at += 4;
      return { kind: 'for-in', variable: name.text, name: list.text, body: this.body() };
    }
    const start = this.is(';') ? undefined : this.simple();
    this.expect(';');
    this.newlines();
    const test = this.is(';') ? undefined : this.expression();
    this.expect(';');
    this.newlines();
    const step = this.is(')') ? undefined : this.simple();
    this.expect(')');
    return { kind: 'for', start, test, step, body: this.body() };
  }

  private simple(): Statement {
    const { token } = this;
    if (token.type === 'keyword') {
      switch (token.text) {
        case 'print':
        case 'printf':
          this.at += 1;
          return this.print(token.text === 'printf');
        case 'break':
        case 'continue':
        case 'next':
        case 'nextfile':
          this.at += 1;
          return { kind: 'jump', to: token.text };
        case 'exit':
        case 'return': {
          this.at += 1;
          const ends = this.token.type === 'newline' || this.token.type === 'end' || this.is(';') || this.is('}');
          return { kind: token.text, value: ends ? undefined : this.expression() };
        }
        case 'delete': {
          this.at += 1;
          const name = this.token.text;
          this.at += 1;
          return { kind: 'delete', name, index: this.is('[') ? this.index() : undefined };
        }
        default:
      }
    }
    return { kind: 'expression', value: this.expression() };
  }

  private print(formatted: boolean): Statement {
    this.noGreater = true;
    let values: Expression[] = [];
    const ends = () => this.token.type === 'newline' || this.token.type === 'end' || this.is(';') || this.is('}') || this.is('>') || this.is('>>') || this.is('|');
    if (!ends()) {
      values = this.expressions();
      const [only] = values;
      if (values.length === 1 && only?.kind === 'group') values = [...only.values];
    }
    this.noGreater = false;
    let redirect: { operator: string; target: Expression } | undefined;
    if (this.is('>') || this.is('>>') || this.is('|')) {
      const operator = this.token.text;
      this.at += 1;
      redirect = { operator, target: this.concatenation() };
    }
    return { kind: 'print', formatted, values, redirect };
  }

  private expressions(): Expression[] {
    const list = [this.expression()];
    while (this.take(',')) {
      this.newlines();
      list.push(this.expression());
    }
    return list;
  }

  private index(): Expression[] {
    this.expect('[');
    const list = this.expressions();
    this.expect(']');
    return list;
  }

  private expression(): Expression {
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

  private conditional(): Expression {
    const test = this.or();
    if (!this.take('?')) return test;
    this.newlines();
    const yes = this.expression();
    this.newlines();
    this.expect(':');
    this.newlines();
    return { kind: 'conditional', test, yes, no: this.expression() };
  }

  private or(): Expression {
    let left = this.and();
    while (this.take('||')) {
      this.newlines();
      left = { kind: 'binary', operator: '||', left, right: this.and() };
    }
    return left;
  }

  private and(): Expression {
    let left = this.membership();
    while (this.take('&&')) {
      this.newlines();
      left = { kind: 'binary', operator: '&&', left, right: this.membership() };
    }
    return left;
  }

  private membership(): Expression {
    let left = this.matching();
    while (!this.noIn && this.takeKeyword('in')) {
      const name = this.token.text;
      this.at += 1;
      left = { kind: 'in', name, index: left.kind === 'group' ? left.values : [left] };
    }
    return left;
  }

  private matching(): Expression {
    let left = this.comparison();
    while (this.is('~') || this.is('!~')) {
      const negated = this.is('!~');
      this.at += 1;
      left = { kind: 'match', negated, value: left, pattern: this.comparison() };
    }
    return left;
  }

  private comparison(): Expression {
    let left = this.concatenation();
    while (this.token.type === 'operator' && /^(?:<|<=|==|!=|>=|>)$/.test(this.token.text) && !(this.noGreater && this.is('>'))) {
      const operator = this.token.text;
      this.at += 1;
      left = { kind: 'binary', operator, left, right: this.concatenation() };
    }
    return this.pipedGetline(left);
  }

  /** command | getline [variable] */
  private pipedGetline(command: Expression): Expression {
    let left = command;
    while (this.is('|') && this.tokens[this.at + 1]?.text === 'getline') {
      this.at += 2;
      left = { kind: 'getline', target: this.getlineTarget(), file: undefined, command: left };
    }
    return left;
  }

  private getlineTarget(): Expression | undefined {
    if (this.token.type === 'name' || this.is('$')) return this.primary();
    return undefined;
  }

  /** Whether the token begins an operand, so that it is concatenated. */
  private beginsOperand(): boolean {
    const { token } = this;
    if (token.type === 'number' || token.type === 'string' || token.type === 'regex' || token.type === 'name' || token.type === 'function' || token.type === 'builtin') return true;
    return token.type === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(token.text);
  }

  private concatenation(): Expression {
    let left = this.additive();
    while (this.beginsOperand() && !(this.token.type === 'keyword')) left = { kind: 'binary', operator: ' ', left, right: this.additive() };
    return left;
  }

  private additive(): Expression {
    let left = this.multiplicative();
    while (this.is('+') || this.is('-')) {
      const operator = this.token.text;
      this.at += 1;
      left = { kind: 'binary', operator, left, right: this.multiplicative() };
    }
    return left;
  }

  private multiplicative(): Expression {
    let left = this.unary();
    while (this.is('*') || this.is('/') || this.is('%')) {
      const operator = this.token.text;
      this.at += 1;
      left = { kind: 'binary', operator, left, right: this.unary() };
    }
    return left;
  }

  private unary(): Expression {
    if (this.is('!') || this.is('-') || this.is('+')) {
      const operator = this.token.text;
      this.at += 1;
      return { kind: 'unary', operator, value: this.unary() };
    }
    return this.exponent();
  }

  private exponent(): Expression {
    const base = this.postfix();
    if (!this.take('^')) return base;
    return { kind: 'binary', operator: '^', left: base, right: this.is('-') || this.is('!') || this.is('+') ? this.unary() : this.exponent() };
  }

  private postfix(): Expression {
    const value = this.primary();
    if (value.kind === 'variable' || value.kind === 'element' || value.kind === 'field') {
      if (this.take('++')) return { kind: 'step', by: 1, after: true, target: value };
      if (this.take('--')) return { kind: 'step', by: -1, after: true, target: value };
    }
    return value;
  }

  private primary(): Expression {
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

  private operatorPrimary(text: string): Expression {
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

  private call(token: AwkToken): Expression {
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
