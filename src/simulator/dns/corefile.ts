/** One line of a Corefile: a word, its arguments, and the lines in its braces. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[];
  readonly line: number;
}

/** A server block: the zones it serves, with their ports. */
export interface ServerBlock {
  readonly keys: readonly { readonly zone: string; readonly port: number }[];
  readonly directives: readonly Directive[];
}

/** Why a Corefile cannot be used, in CoreDNS's words. */
export class CorefileError extends Error {
  override readonly name = 'CorefileError';
}

interface Token {
  readonly text: string;
  readonly line: number;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  text.split('\n').forEach((content, index) => {
    const line = index + 1;
    for (const match of content.matchAll(/"((?:[^"\\]|\\.)*)"|(#.*)|([^\s"#][^\s]*)/g)) {
      if (match[2] !== undefined) break;
      const word = match[1] ?? match[3] ?? '';
      tokens.push({ text: word, line });
    }
  });
  return tokens;
}

class Parser {
  private position = 0;

  constructor(private readonly tokens: readonly Token[], private readonly file: string) {}

  blocks(): ServerBlock[] {
    const out: ServerBlock[] = [];
    while (this.position < this.tokens.length) {
      const keys: string[] = [];
      while (this.peek() && this.peek()?.text !== '{') keys.push(...(this.next()?.text ?? '').split(',').filter((key) => key !== ''));
      if (!this.peek()) throw this.error("Unexpected EOF", this.tokens.at(-1)?.line ?? 1);
      this.next();
      out.push({ keys: keys.map(parseKey), directives: this.directives() });
    }
    return out;
  }

  private directives(): Directive[] {
    const out: Directive[] = [];
    for (;;) {
      const token = this.next();
      if (!token) throw this.error('Unexpected EOF', this.tokens.at(-1)?.line ?? 1);
      if (token.text === '}') return out;
      const args: string[] = [];
      while (this.peek()?.line === token.line && this.peek()?.text !== '{' && this.peek()?.text !== '}') args.push(this.next()?.text ?? '');
      let block: Directive[] = [];
      if (this.peek()?.text === '{' && this.peek()?.line === token.line) {
        this.next();
        block = this.directives();
      }
      out.push({ name: token.text, args, block, line: token.line });
    }
  }

  private peek(): Token | undefined {
    return this.tokens[this.position];
  }

  private next(): Token | undefined {
    const token = this.tokens[this.position];
    this.position += 1;
    return token;
  }

  private error(message: string, line: number): CorefileError {
    return new CorefileError(`${this.file}:${line} - Error during parsing: ${message}`);
  }
}

function parseKey(key: string): { zone: string; port: number } {
  const text = key.replace(/^dns:\/\//, '');
  const match = /^(.*?)(?::(\d+))?$/.exec(text);
  const zone = (match?.[1] ?? '').replace(/\.$/, '').toLowerCase();
  return { zone, port: Number(match?.[2] ?? 53) };
}

/** Reads a Corefile; an empty one serves nothing. Throws CorefileError. */
export const parseCorefile = (text: string, file: string): ServerBlock[] => new Parser(tokenize(text), file).blocks();
