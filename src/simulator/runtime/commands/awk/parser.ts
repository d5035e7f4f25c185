import type { AwkFunction, AwkProgram, Expression, Rule, Statement } from './ast';
import { ExpressionParser } from './expressions';

/** Reads an awk program by recursive descent. */
export class AwkParser extends ExpressionParser {
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
}
