const literals: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

const shown = (character: string): string => {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
};

/** Reads just as far as it takes to say what is wrong with a JSON text, in the words of Go's decoder. */
class Scanner {
  private position = 0;

  constructor(private readonly text: string) {}

  /** The error, or undefined. */
  run(): string | undefined {
    try {
      this.value('looking for beginning of value');
      this.space();
      if (this.position < this.text.length) return `invalid character ${shown(this.text.charAt(this.position))} after top-level value`;
      return undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return error.message;
      throw error;
    }
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text.charAt(this.position))) this.position += 1;
  }

  private peek(): string {
    const character = this.text.charAt(this.position);
    if (character === '') throw new SyntaxError('unexpected end of JSON input');
    return character;
  }

  private fail(character: string, context: string): never {
    throw new SyntaxError(`invalid character ${shown(character)} ${context}`);
  }

  private value(context: string): void {
    this.space();
    const character = this.peek();
    if (character === '{') return this.members();
    if (character === '[') return this.items();
    if (character === '"') return this.string();
    if (character === '-' || /\d/.test(character)) return this.number();
    const literal = literals[character];
    if (literal === undefined) this.fail(character, context);
    this.literal(literal);
  }

  private literal(word: string): void {
    this.position += 1;
    for (const expected of word.slice(1)) {
      const character = this.peek();
      if (character !== expected) this.fail(character, `in literal ${word} (expecting '${expected}')`);
      this.position += 1;
    }
  }

  private number(): void {
    const [match = ''] = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(this.text.slice(this.position)) ?? [];
    if (match === '') this.fail(this.text.charAt(this.position + 1), 'in numeric literal');
    this.position += match.length;
  }

  private string(): void {
    this.position += 1;
    for (;;) {
      const character = this.peek();
      this.position += 1;
      if (character === '"') return;
      if (character < ' ') this.fail(character, 'in string literal');
      if (character === '\\') this.position += 1;
    }
  }

  private members(): void {
    this.position += 1;
    this.space();
    if (this.peek() === '}') return void (this.position += 1);
    for (;;) {
      this.space();
      const character = this.peek();
      if (character !== '"') this.fail(character, 'looking for beginning of object key string');
      this.string();
      this.space();
      if (this.peek() !== ':') this.fail(this.peek(), 'after object key');
      this.position += 1;
      this.value('looking for beginning of value');
      this.space();
      const next = this.peek();
      this.position += 1;
      if (next === '}') return;
      if (next !== ',') this.fail(next, 'after object key:value pair');
    }
  }

  private items(): void {
    this.position += 1;
    this.space();
    if (this.peek() === ']') return void (this.position += 1);
    for (;;) {
      this.value('looking for beginning of value');
      this.space();
      const next = this.peek();
      this.position += 1;
      if (next === ']') return;
      if (next !== ',') this.fail(next, 'after array element');
    }
  }
}

/** What is wrong with a JSON text, as Go's decoder says it; undefined when nothing is. */
export const jsonError = (text: string): string | undefined => new Scanner(text).run();
