import { requirement, type Requirement, type Operator, SelectorError } from './requirement';

interface Token {
  readonly kind: 'identifier' | 'symbol' | 'end';
  readonly text: string;
}

const symbols = new Set(['(', ')', ',', '!', '=', '==', '!=', '<', '>']);
const isSymbol = (char: string) => symbols.has(char);
const isSpace = (char: string) => char === ' ' || char === '\t' || char === '\r' || char === '\n';

function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (isSpace(char)) at += 1;
    else if (isSymbol(char)) {
      const two = text.slice(at, at + 2);
      const symbol = symbols.has(two) ? two : char;
      tokens.push({ kind: 'symbol', text: symbol });
      at += symbol.length;
    } else {
      const start = at;
      while (at < text.length && !isSpace(text[at] as string) && !isSymbol(text[at] as string)) at += 1;
      tokens.push({ kind: 'identifier', text: text.slice(start, at) });
    }
  }
  return tokens;
}

const operators: Readonly<Record<string, Operator>> = { '=': '=', '==': '==', '!=': '!=', in: 'in', notin: 'notin', '>': 'gt', '<': 'lt' };

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): Requirement[] {
    const out: Requirement[] = [];
    for (;;) {
      const token = this.peek();
      if (token.kind === 'end') return out;
      if (token.kind !== 'identifier' && token.text !== '!') throw new SelectorError(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      out.push(this.requirement());
      const next = this.next();
      if (next.kind === 'end') return out;
      if (next.text !== ',' || next.kind !== 'symbol') throw new SelectorError(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.peek();
      if (after.kind !== 'identifier' && after.text !== '!') throw new SelectorError(`found '${after.text}', expected: identifier after ','`);
    }
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  private next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  private requirement(): Requirement {
    let absent = false;
    if (this.peek().text === '!') {
      this.at += 1;
      absent = true;
    }
    const key = this.next();
    if (key.kind !== 'identifier') fail(`found '${key.text}', expected: identifier`);
    if (absent) return requirement(key.text, '!', []);
    const after = this.peek();
    if (after.kind === 'end' || after.text === ',') return requirement(key.text, 'exists', []);
    this.at += 1;
    const operator = operators[after.text];
    if (operator === undefined) fail(`found '${after.text}', expected: in, notin, =, ==, !=, gt, lt`);
    const values = operator === 'in' || operator === 'notin' ? this.values() : [this.exactValue()];
    return requirement(key.text, operator, values);
  }

  private exactValue(): string {
    const token = this.peek();
    if (token.kind === 'end' || token.text === ',') return '';
    this.at += 1;
    if (token.kind !== 'identifier') fail(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  private values(): string[] {
    const open = this.next();
    if (open.text !== '(') fail(`found '${open.text}' expected: '('`);
    if (this.peek().text === ')') {
      this.at += 1;
      return [''];
    }
    const values = new Set<string>();
    for (;;) {
      const token = this.next();
      if (token.kind === 'identifier') {
        values.add(token.text);
        const after = this.next();
        if (after.text === ')') break;
        if (after.text !== ',') fail(`found '${after.text}', expected: ',' or ')'`);
        if (this.peek().text === ')') {
          this.at += 1;
          values.add('');
          break;
        }
      } else if (token.text === ',') {
        values.add('');
        if (this.peek().text === ')') {
          this.at += 1;
          break;
        }
      } else fail(`found '${token.text}', expected: ',', or identifier`);
    }
    return [...values].sort();
  }
}

function fail(message: string): never {
  throw new SelectorError(`unable to parse requirement: ${message}`);
}

/** The requirements of a label selector's text, sorted by key as the server sorts them. Throws SelectorError. */
export function parseRequirements(text: string): Requirement[] {
  const requirements = new Parser(scan(text)).parse();
  return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
