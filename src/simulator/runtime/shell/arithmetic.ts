/** A wrong expression; the shell prints the message and gives up. */
export class ArithmeticError extends Error {
  override readonly name = 'ArithmeticError';
}

/** How an expression reaches variables. */
export interface Variables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** 64-bit integers: plain numbers while they are exact, big ones beyond. */
type Value = number | bigint;
type Expression = (variables: Variables) => Value;

const syntaxError = (): never => {
  throw new ArithmeticError('arithmetic syntax error');
};

/** Wraps to 64 bits, back to a plain number when that is exact. */
function wrap(value: bigint): Value {
  const wrapped = BigInt.asIntN(64, value);
  const plain = Number(wrapped);
  return Number.isSafeInteger(plain) ? plain : wrapped;
}

const exact = (value: number, slow: () => bigint): Value => (Number.isSafeInteger(value) ? value : wrap(slow()));
const truth = (value: Value): boolean => value !== 0 && value !== 0n;
const small = (value: Value): value is number => typeof value === 'number' && value >= -0x80000000 && value <= 0x7fffffff;

function power(a: Value, b: Value): Value {
  if (b < 0) throw new ArithmeticError('exponent less than 0');
  const result = typeof a === 'number' && typeof b === 'number' ? a ** b : Infinity;
  if (Number.isSafeInteger(result)) return result;
  let out = 1n;
  let base = BigInt(a);
  for (let rest = BigInt(b); rest > 0n; rest >>= 1n) {
    if (rest & 1n) out = BigInt.asIntN(64, out * base);
    base = BigInt.asIntN(64, base * base);
  }
  return wrap(out);
}

function divide(a: Value, b: Value, remainder: boolean): Value {
  if (!truth(b)) throw new ArithmeticError('divide by zero');
  if (typeof a === 'number' && typeof b === 'number') return remainder ? (a % b) + 0 : Math.trunc(a / b) + 0;
  return wrap(remainder ? BigInt(a) % BigInt(b) : BigInt(a) / BigInt(b));
}

const operations: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  '+': (a, b) => exact(Number(a) + Number(b), () => BigInt(a) + BigInt(b)),
  '-': (a, b) => exact(Number(a) - Number(b), () => BigInt(a) - BigInt(b)),
  '*': (a, b) => exact(Number(a) * Number(b), () => BigInt(a) * BigInt(b)),
  '/': (a, b) => divide(a, b, false),
  '%': (a, b) => divide(a, b, true),
  '**': power,
  '<<': (a, b) => wrap(BigInt(a) << (BigInt(b) & 63n)),
  '>>': (a, b) => wrap(BigInt(a) >> (BigInt(b) & 63n)),
  '&': (a, b) => (small(a) && small(b) ? a & b : wrap(BigInt(a) & BigInt(b))),
  '|': (a, b) => (small(a) && small(b) ? a | b : wrap(BigInt(a) | BigInt(b))),
  '^': (a, b) => (small(a) && small(b) ? a ^ b : wrap(BigInt(a) ^ BigInt(b))),
  '==': (a, b) => (a >= b && a <= b ? 1 : 0),
  '!=': (a, b) => (a < b || a > b ? 1 : 0),
  '<': (a, b) => (a < b ? 1 : 0),
  '>': (a, b) => (a > b ? 1 : 0),
  '<=': (a, b) => (a <= b ? 1 : 0),
  '>=': (a, b) => (a >= b ? 1 : 0),
};

const levels: readonly (readonly string[])[] = [['|'], ['^'], ['&'], ['==', '!='], ['<=', '>=', '<', '>'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];
const tokenPattern = /\s*(?:(\d+#[0-9A-Za-z@_]+|0[xX][0-9A-Fa-f]+|\d[0-9A-Za-z]*)|([A-Za-z_][A-Za-z0-9_]*)|(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%<>=!&^|~?:(),]))/y;

function literal(text: string): Value {
  const based = /^(\d+)#(.+)$/.exec(text);
  if (based) {
    const base = Number(based[1]);
    let value = 0n;
    for (const c of based[2] as string) {
      const digit = /\d/.test(c) ? Number(c) : /[a-z]/.test(c) ? c.charCodeAt(0) - 87 : /[A-Z]/.test(c) ? c.charCodeAt(0) - (base <= 36 ? 55 : 29) : c === '@' ? 62 : 63;
      if (digit >= base) syntaxError();
      value = value * BigInt(base) + BigInt(digit);
    }
    return wrap(value);
  }
  if (/^0[xX]/.test(text)) return wrap(BigInt(text));
  if (text.length > 1 && text.startsWith('0')) {
    if (!/^[0-7]+$/.test(text)) syntaxError();
    return wrap(BigInt(`0o${text.slice(1)}`));
  }
  if (!/^\d+$/.test(text)) syntaxError();
  const plain = Number(text);
  if (Number.isSafeInteger(plain)) return plain;
  const big = BigInt(text);
  return wrap(big > 18446744073709551615n ? 18446744073709551615n : big);
}

function variableValue(name: string, variables: Variables, depth = 0): Value {
  const text = variables.get(name);
  if (text === undefined || text === '') return 0;
  const plain = Number(text);
  if (/^-?[1-9]\d*$|^0$/.test(text) && Number.isSafeInteger(plain)) return plain;
  if (depth > 40) throw new ArithmeticError('expression recursion loop detected');
  return compile(text)({ get: (other) => (other === name ? syntaxError() : variables.get(other)), set: variables.set.bind(variables) });
}

/** Turns an expression's text into a function, by precedence climbing. */
class Compiler {
  private readonly tokens: { text: string; type: 'number' | 'name' | 'operator' }[] = [];
  private at = 0;

  constructor(text: string) {
    tokenPattern.lastIndex = 0;
    const trimmed = text.replace(/\s+$/, '');
    while (tokenPattern.lastIndex < trimmed.length) {
      const match = tokenPattern.exec(trimmed);
      if (!match) syntaxError();
      else this.tokens.push({ text: (match[1] ?? match[2] ?? match[3]) as string, type: match[1] !== undefined ? 'number' : match[2] !== undefined ? 'name' : 'operator' });
    }
  }

  compile(): Expression {
    if (this.tokens.length === 0) return () => 0;
    const expression = this.comma();
    if (this.at < this.tokens.length) syntaxError();
    return expression;
  }

  private peek(): string | undefined {
    const token = this.tokens[this.at];
    return token?.type === 'operator' ? token.text : undefined;
  }

  private take(operator: string): boolean {
    if (this.peek() !== operator) return false;
    this.at += 1;
    return true;
  }

  private comma(): Expression {
    let left = this.assignment();
    while (this.take(',')) {
      const first = left;
      const second = this.assignment();
      left = (variables) => (first(variables), second(variables));
    }
    return left;
  }

  private assignment(): Expression {
    const name = this.tokens[this.at];
    const operator = this.tokens[this.at + 1];
    if (name?.type === 'name' && operator?.type === 'operator' && /^(?:[-+*/%&^|]|<<|>>)?=$/.test(operator.text)) {
      this.at += 2;
      const right = this.assignment();
      const operation = operator.text === '=' ? undefined : operations[operator.text.slice(0, -1)];
      return (variables) => {
        const value = operation ? operation(variableValue(name.text, variables), right(variables)) : right(variables);
        variables.set(name.text, String(value));
        return value;
      };
    }
    return this.conditional();
  }

  private conditional(): Expression {
    const condition = this.or();
    if (!this.take('?')) return condition;
    const yes = this.assignment();
    if (!this.take(':')) syntaxError();
    const no = this.assignment();
    return (variables) => (truth(condition(variables)) ? yes(variables) : no(variables));
  }

  private or(): Expression {
    let left = this.and();
    while (this.take('||')) {
      const first = left;
      const second = this.and();
      left = (variables) => (truth(first(variables)) || truth(second(variables)) ? 1 : 0);
    }
    return left;
  }

  private and(): Expression {
    let left = this.binary(0);
    while (this.take('&&')) {
      const first = left;
      const second = this.binary(0);
      left = (variables) => (truth(first(variables)) && truth(second(variables)) ? 1 : 0);
    }
    return left;
  }

  private binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.powerOf();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = this.peek();
      if (operator === undefined || !operators.includes(operator)) return left;
      this.at += 1;
      const first = left;
      const second = this.binary(level + 1);
      const operation = operations[operator] as (a: Value, b: Value) => Value;
      left = (variables) => operation(first(variables), second(variables));
    }
  }

  private powerOf(): Expression {
    const base = this.unary();
    if (!this.take('**')) return base;
    const exponent = this.powerOf();
    return (variables) => power(base(variables), exponent(variables));
  }

  private unary(): Expression {
    const operator = this.peek();
    if (operator === '++' || operator === '--') {
      this.at += 1;
      const token = this.tokens[this.at];
      if (token?.type === 'name') {
        this.at += 1;
        return this.step(token.text, operator === '++' ? 1 : -1, false);
      }
      this.at -= 1;
      const inner = (this.at += 1, this.unary());
      return operator === '++' ? inner : inner;
    }
    if (operator === '+' || operator === '-' || operator === '!' || operator === '~') {
      this.at += 1;
      const inner = this.unary();
      if (operator === '-') return (variables) => operations['-']?.(0, inner(variables)) ?? 0;
      if (operator === '!') return (variables) => (truth(inner(variables)) ? 0 : 1);
      if (operator === '~') return (variables) => operations['-']?.(-1, inner(variables)) ?? 0;
      return inner;
    }
    return this.primary();
  }

  private primary(): Expression {
    const token = this.tokens[this.at];
    if (!token) return syntaxError();
    this.at += 1;
    if (token.type === 'number') {
      const value = literal(token.text);
      return () => value;
    }
    if (token.type === 'name') {
      if (this.take('++')) return this.step(token.text, 1, true);
      if (this.take('--')) return this.step(token.text, -1, true);
      return (variables) => variableValue(token.text, variables);
    }
    if (token.text !== '(') return syntaxError();
    const inner = this.comma();
    if (!this.take(')')) syntaxError();
    return inner;
  }

  private step(name: string, by: number, after: boolean): Expression {
    return (variables) => {
      const before = variableValue(name, variables);
      const next = operations['+']?.(before, by) ?? 0;
      variables.set(name, String(next));
      return after ? before : next;
    };
  }
}

const cache = new Map<string, Expression>();

function compile(text: string): Expression {
  let expression = cache.get(text);
  if (!expression) {
    expression = new Compiler(text).compile();
    if (cache.size > 1000) cache.clear();
    cache.set(text, expression);
  }
  return expression;
}

/** The value of an expression as decimal digits. Throws ArithmeticError. */
export const evaluateArithmetic = (text: string, variables: Variables): string => String(compile(text)(variables));
