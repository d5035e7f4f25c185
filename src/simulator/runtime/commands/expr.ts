import type { Output } from '../process/program';
import { basicExpression } from './regular-expression';

class ExpressionError extends Error {}

const isInteger = (text: string): boolean => /^-?\d+$/.test(text);

function number(text: string): bigint {
  if (!isInteger(text)) throw new ExpressionError('non-numeric argument');
  return BigInt.asIntN(64, BigInt(text));
}

const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text);

/** A match from the start: the first group, or how many characters matched. */
function match(text: string, pattern: string): string {
  const expression = basicExpression(pattern, false);
  const result = new RegExp(`^(?:${expression.source})`, 'u').exec(text);
  if (expression.groups > 0) return result?.[1] ?? '';
  return String(result ? [...result[0]].length : 0);
}

/** expr's grammar, by precedence climbing. */
class Evaluator {
  private at = 0;

  constructor(private readonly words: readonly string[]) {}

  evaluate(): string {
    const value = this.or();
    if (this.at < this.words.length) throw new ExpressionError('syntax error');
    return value;
  }

  private take(...operators: string[]): string | undefined {
    const word = this.words[this.at];
    if (word === undefined || !operators.includes(word)) return undefined;
    this.at += 1;
    return word;
  }

  private or(): string {
    let left = this.and();
    while (this.take('|')) {
      const right = this.and();
      if (isNull(left)) left = isNull(right) ? '0' : right;
    }
    return left;
  }

  private and(): string {
    let left = this.comparison();
    while (this.take('&')) {
      const right = this.comparison();
      if (isNull(left) || isNull(right)) left = '0';
    }
    return left;
  }

  private comparison(): string {
    let left = this.sum();
    for (let operator = this.take('=', '==', '!=', '<', '<=', '>', '>='); operator; operator = this.take('=', '==', '!=', '<', '<=', '>', '>=')) {
      const right = this.sum();
      const numeric = isInteger(left) && isInteger(right);
      const [a, b] = numeric ? [number(left), number(right)] : [left, right];
      const result = operator === '=' || operator === '==' ? a === b : operator === '!=' ? a !== b : operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
      left = result ? '1' : '0';
    }
    return left;
  }

  private sum(): string {
    let left = this.product();
    for (let operator = this.take('+', '-'); operator; operator = this.take('+', '-')) {
      const right = number(this.product());
      left = String(BigInt.asIntN(64, operator === '+' ? number(left) + right : number(left) - right));
    }
    return left;
  }

  private product(): string {
    let left = this.colon();
    for (let operator = this.take('*', '/', '%'); operator; operator = this.take('*', '/', '%')) {
      const right = number(this.colon());
      if (operator !== '*' && right === 0n) throw new ExpressionError('division by zero');
      const value = number(left);
      left = String(BigInt.asIntN(64, operator === '*' ? value * right : operator === '/' ? value / right : value % right));
    }
    return left;
  }

  private colon(): string {
    let left = this.primary();
    while (this.take(':')) left = match(left, this.primary());
    return left;
  }

  private primary(): string {
    const word = this.words[this.at];
    if (word === undefined) throw new ExpressionError('syntax error');
    this.at += 1;
    if (word === '(') {
      const value = this.or();
      if (!this.take(')')) throw new ExpressionError('syntax error');
      return value;
    }
    if (this.at < this.words.length) {
      if (word === 'length') return String([...this.primary()].length);
      if (word === 'quote') return this.primary();
      if (word === 'match') return match(this.primary(), this.primary());
      if (word === 'index') {
        const text = [...this.primary()];
        const set = this.primary();
        return String(text.findIndex((c) => set.includes(c)) + 1);
      }
      if (word === 'substr') {
        const text = [...this.primary()];
        const from = Number(this.primary());
        const length = Number(this.primary());
        return from > 0 && length > 0 ? text.slice(from - 1, from - 1 + length).join('') : '';
      }
    }
    return word;
  }
}

/** expr: prints the value; 0 when it is neither null nor zero, 2 when the expression is wrong. */
export function evaluateExpression(words: readonly string[], out: Output): number {
  if (words.length === 0) {
    out.error('expr: too few arguments\n');
    return 2;
  }
  try {
    const value = new Evaluator(words).evaluate();
    out.write(`${value}\n`);
    return isNull(value) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    out.error(`expr: ${error.message}\n`);
    return 2;
  }
}
