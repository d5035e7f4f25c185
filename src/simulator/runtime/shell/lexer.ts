import type { Node, ParameterPart, Part, Redirect, Word } from './ast';

/** A script that is none. `incomplete`: more input could still make it one. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';

  constructor(message: string, readonly line: number, readonly incomplete = false) {
    super(`syntax error: ${message}`);
  }
}

export type Token =
  | { readonly type: 'word'; readonly word: Word; readonly plain: string | undefined; readonly start: number; readonly line: number }
  | { readonly type: 'redirect'; readonly redirect: Omit<Redirect, 'target'>; readonly strip: boolean; readonly start: number; readonly line: number }
  | { readonly type: 'operator'; readonly text: string; readonly start: number; readonly line: number }
  | { readonly type: 'newline' | 'end'; readonly start: number; readonly line: number };

type Mode = 'word' | 'quotes' | 'brace' | 'quoted brace' | 'document' | 'arithmetic';

const metaCharacters = ' \t\n;&|<>()';
const nameStart = /[A-Za-z_]/;
const nameRest = /[A-Za-z0-9_]/;
const specialNames = '@*#?-$!0123456789';

const runsCommand = (parts: readonly Part[]): boolean =>
  parts.some((part) => part.kind === 'command' || (part.kind === 'arithmetic' && runsCommand(part.parts)) || (part.kind === 'parameter' && ((part.word && runsCommand(part.word)) || (part.second && runsCommand(part.second)))));

/** A word of parts, with its constant value when it has one. */
export function makeWord(parts: readonly Part[]): Word {
  let constant: string | undefined = '';
  for (const part of parts) {
    if (constant === undefined) break;
    if (part.kind !== 'text' || (!part.quoted && /[*?[]/.test(part.text))) constant = undefined;
    else constant += part.text;
  }
  return { parts, runs: runsCommand(parts), ...(constant === undefined ? {} : { constant }) };
}

/** The values of words when nothing in them is ever expanded. */
export function constantOf(words: readonly Word[]): readonly string[] | undefined {
  const values: string[] = [];
  for (const { constant } of words) {
    if (constant === undefined) return undefined;
    values.push(constant);
  }
  return values;
}

/** Reads tokens and words. The parser above it says where a command substitution ends. */
export abstract class Lexer {
  protected position = 0;
  line: number;
  /** Here-documents whose bodies begin after the next newline. */
  protected pending: { redirect: Redirect; strip: boolean; end: string; quoted: boolean }[] = [];

  constructor(protected readonly text: string, firstLine: number) {
    this.line = firstLine;
  }

  /** Parses the commands of $( … ) up to its parenthesis. */
  protected abstract substitution(): readonly Node[];
  /** Parses a whole text, for backquotes. */
  protected abstract nested(text: string): readonly Node[];

  protected fail(message: string, incomplete = false): never {
    throw new ShellSyntaxError(message, this.line, incomplete);
  }

  private skipBlanks(): void {
    for (;;) {
      const c = this.text[this.position];
      if (c === ' ' || c === '\t') this.position += 1;
      else if (c === '\\' && this.text[this.position + 1] === '\n') {
        this.position += 2;
        this.line += 1;
      } else if (c === '#') {
        while (this.position < this.text.length && this.text[this.position] !== '\n') this.position += 1;
      } else return;
    }
  }

  protected readToken(): Token {
    this.skipBlanks();
    const start = this.position;
    const { line, text } = this;
    const c = text[start];
    if (c === undefined) return { type: 'end', start, line };
    if (c === '\n') {
      this.position += 1;
      this.line += 1;
      this.readDocuments();
      return { type: 'newline', start, line };
    }
    const redirect = this.readRedirect(start, line);
    if (redirect) return redirect;
    if (metaCharacters.includes(c)) {
      const two = text.slice(start, start + 2);
      const operator = two === '&&' || two === '||' || two === ';;' ? two : c;
      this.position += operator.length;
      return { type: 'operator', text: operator, start, line };
    }
    const parts = this.readParts('word');
    const [only] = parts;
    const plain = parts.length === 1 && only?.kind === 'text' && !only.quoted && text.slice(start, this.position) === only.text ? only.text : undefined;
    return { type: 'word', word: makeWord(parts), plain, start, line };
  }

  private readRedirect(start: number, line: number): Token | undefined {
    const match = /^(?:(\d+)?(<<-?|<&|<>|<|>>|>&|>\||>)|(&>)(?!&))/.exec(this.text.slice(start, start + 16));
    if (!match) return undefined;
    const digits = match[1];
    let operator = (match[2] ?? match[3]) as string;
    const strip = operator === '<<-';
    if (strip) operator = '<<';
    this.position += match[0].length;
    const fd = digits === undefined ? (operator.startsWith('<') ? 0 : 1) : Number(digits);
    return { type: 'redirect', redirect: { fd, operator: operator as Redirect['operator'] }, strip, start, line };
  }

  /** Reads the bodies of here-documents, which begin here. */
  private readDocuments(): void {
    const pending = this.pending;
    this.pending = [];
    for (const { redirect, strip, end, quoted } of pending) {
      const lines: string[] = [];
      for (;;) {
        if (this.position >= this.text.length) break;
        let stop = this.text.indexOf('\n', this.position);
        if (stop < 0) stop = this.text.length;
        let line = this.text.slice(this.position, stop);
        this.position = Math.min(stop + 1, this.text.length);
        this.line += 1;
        if (strip) line = line.replace(/^\t+/, '');
        if (line === end) break;
        lines.push(line);
      }
      const body = lines.length > 0 ? `${lines.join('\n')}\n` : '';
      redirect.body = quoted ? makeWord([{ kind: 'text', text: body, quoted: true }]) : this.documentWord(body);
    }
  }

  private documentWord(body: string): Word {
    const inner = this.inner(body);
    return makeWord(inner.readParts('document'));
  }

  protected abstract inner(text: string): Lexer;

  /** The pieces of a word, up to what ends it in this mode (the terminator of braces and quotes is consumed). */
  readParts(mode: Mode): Part[] {
    const parts: Part[] = [];
    const inQuotes = mode === 'quotes' || mode === 'quoted brace' || mode === 'document' || mode === 'arithmetic';
    let literal = '';
    let depth = 0;
    const flush = () => {
      if (literal !== '') parts.push({ kind: 'text', text: literal, quoted: inQuotes });
      literal = '';
    };
    for (;;) {
      const c = this.text[this.position]; // the text itself may grow by aliases in a substitution
      if (c === undefined) return flush(), this.endOfText(mode, parts);
      if (mode === 'word' && metaCharacters.includes(c)) break;
      if (mode === 'quotes' && c === '"') {
        this.position += 1;
        break;
      }
      if ((mode === 'brace' || mode === 'quoted brace') && c === '}') {
        this.position += 1;
        break;
      }
      if (mode === 'arithmetic') {
        if (c === '(') depth += 1;
        if (c === ')') {
          if (depth === 0) break;
          depth -= 1;
        }
      }
      if (c === '\n') this.line += 1;
      if (c === '\\') {
        this.position += 1;
        const escaped = this.escape(mode);
        if (escaped.quoted && !inQuotes) {
          flush();
          parts.push({ kind: 'text', text: escaped.text, quoted: true });
        } else literal += escaped.text;
      } else if (c === "'" && !inQuotes) {
        flush();
        parts.push({ kind: 'text', text: this.singleQuoted(), quoted: true });
      } else if (c === '"' && mode !== 'document' && mode !== 'arithmetic') {
        flush();
        this.position += 1;
        const inside = this.readParts('quotes');
        this.addQuoted(parts, inside, mode);
      } else if (c === '$' || c === '`') {
        const part = c === '$' ? this.dollar(inQuotes, mode) : this.backquoted(inQuotes);
        if (part === undefined) literal += '$';
        else {
          flush();
          parts.push(part);
        }
      } else if (c === '~' && mode === 'word' && literal === '' && parts.length === 0) {
        const user = /^~([A-Za-z0-9_-]*)(?=[/\s;&|<>():]|$)/.exec(this.text.slice(this.position, this.position + 64));
        if (user) {
          parts.push({ kind: 'tilde', user: user[1] as string, quoted: false });
          this.position += user[0].length;
        } else {
          literal += c;
          this.position += 1;
        }
      } else {
        literal += c;
        this.position += 1;
      }
    }
    flush();
    return parts;
  }

  private addQuoted(parts: Part[], inside: readonly Part[], mode: Mode): void {
    if (inside.length === 0) parts.push({ kind: 'text', text: '', quoted: true });
    else parts.push(...(mode === 'quoted brace' ? inside.map((part) => ({ ...part, quoted: true }) as Part) : inside));
  }

  private endOfText(mode: Mode, parts: Part[]): Part[] {
    if (mode === 'quotes') this.fail('unterminated quoted string', true);
    if (mode === 'brace' || mode === 'quoted brace') this.fail("missing '}'", true);
    if (mode === 'arithmetic') this.fail("missing '))'", true);
    return parts;
  }

  /** After a backslash: the character it protects, and whether it does. */
  private escape(mode: Mode): { text: string; quoted: boolean } {
    const c = this.text[this.position];
    if (c === undefined) return { text: '\\', quoted: false };
    this.position += 1;
    if (c === '\n') {
      this.line += 1;
      return { text: '', quoted: false };
    }
    if (mode === 'word' || mode === 'brace') return { text: c, quoted: true };
    const special = mode === 'document' || mode === 'arithmetic' ? '$`\\' : mode === 'quoted brace' ? '$`"\\}' : '$`"\\';
    return special.includes(c) ? { text: c, quoted: true } : { text: `\\${c}`, quoted: true };
  }

  private singleQuoted(): string {
    const end = this.text.indexOf("'", this.position + 1);
    if (end < 0) {
      this.position = this.text.length;
      this.fail('unterminated quoted string', true);
    }
    const inside = this.text.slice(this.position + 1, end);
    for (const c of inside) if (c === '\n') this.line += 1;
    this.position = end + 1;
    return inside;
  }

  private backquoted(quoted: boolean): Part {
    let inside = '';
    this.position += 1;
    for (;;) {
      const c = this.text[this.position];
      if (c === undefined) this.fail('EOF in backquote substitution', true);
      this.position += 1;
      if (c === '`') break;
      if (c === '\n') this.line += 1;
      const next = this.text[this.position];
      if (c === '\\' && next !== undefined && (next === '$' || next === '`' || next === '\\' || (quoted && next === '"'))) {
        inside += next;
        this.position += 1;
      } else inside += c;
    }
    return { kind: 'command', script: this.nested(inside), quoted };
  }

  /** What a dollar sign begins; undefined when it stands for itself. */
  private dollar(quoted: boolean, mode: Mode): Part | undefined {
    this.position += 1;
    const c = this.text[this.position];
    if (c === '(') {
      if (this.text[this.position + 1] === '(') return this.arithmetic(quoted);
      this.position += 1;
      return { kind: 'command', script: this.substitution(), quoted };
    }
    if (c === '{') return this.braced(quoted);
    if (c === "'" && !quoted) return { kind: 'text', text: this.ansiQuoted(), quoted: true };
    if (c !== undefined && nameStart.test(c)) return { kind: 'parameter', name: this.readName(), quoted };
    if (c !== undefined && specialNames.includes(c) && !(mode === 'quotes' && c === '"')) {
      this.position += 1;
      return { kind: 'parameter', name: c, quoted };
    }
    return undefined;
  }

  private arithmetic(quoted: boolean): Part {
    this.position += 2;
    const parts = this.readParts('arithmetic');
    if (this.text.slice(this.position, this.position + 2) !== '))') this.fail("missing '))'");
    this.position += 2;
    return { kind: 'arithmetic', parts, quoted };
  }

  private readName(): string {
    const start = this.position;
    while (nameRest.test(this.text[this.position] ?? '')) this.position += 1;
    return this.text.slice(start, this.position);
  }

  private readParameterName(): string {
    const c = this.text[this.position] ?? '';
    if (nameStart.test(c)) return this.readName();
    if (/\d/.test(c)) {
      const digits = /^\d+/.exec(this.text.slice(this.position)) as RegExpExecArray;
      this.position += digits[0].length;
      return digits[0];
    }
    if (c !== '' && specialNames.includes(c)) {
      this.position += 1;
      return c;
    }
    return '';
  }

  private braced(quoted: boolean): ParameterPart {
    this.position += 1;
    const mode = quoted ? 'quoted brace' : 'brace';
    const { text } = this;
    if (text[this.position] === '#' && text[this.position + 1] !== '}' && !/^#[-=?+:%#/]*}?$/.test(text.slice(this.position, this.position + 2))) {
      this.position += 1;
      const name = this.readParameterName();
      if (name !== '' && text[this.position] === '}') {
        this.position += 1;
        return { kind: 'parameter', name, quoted, operator: 'length' };
      }
      this.readParts(mode);
      return { kind: 'parameter', name, quoted, operator: 'bad' };
    }
    const name = this.readParameterName();
    if (text[this.position] === undefined) this.fail("missing '}'", true);
    if (name === '') {
      this.readParts(mode);
      return { kind: 'parameter', name, quoted, operator: 'bad' };
    }
    if (text[this.position] === '}') {
      this.position += 1;
      return { kind: 'parameter', name, quoted };
    }
    const match = /^(:?[-=?+]|%%|%|##|#|\/\/|\/|:)/.exec(text.slice(this.position, this.position + 2));
    if (!match) {
      this.readParts(mode);
      return { kind: 'parameter', name, quoted, operator: 'bad' };
    }
    const operator = match[0];
    this.position += operator.length;
    if (operator === '/' || operator === '//' || operator === ':') return this.twoWords(name, operator, quoted);
    const patternMode = operator.startsWith('%') || operator.startsWith('#') ? 'brace' : mode;
    return { kind: 'parameter', name, quoted, operator, word: this.readParts(patternMode) };
  }

  /** ${name/pattern/replacement} and ${name:offset:length}: the second word begins at the first separator outside quotes. */
  private twoWords(name: string, operator: string, quoted: boolean): ParameterPart {
    const parts = this.readParts('brace');
    const separator = operator === ':' ? ':' : '/';
    for (const [index, part] of parts.entries()) {
      if (part.kind !== 'text' || part.quoted) continue;
      const at = part.text.indexOf(separator, index === 0 && operator !== ':' ? 0 : 0);
      if (at < 0) continue;
      const before: Part = { ...part, text: part.text.slice(0, at) };
      const after: Part = { ...part, text: part.text.slice(at + 1) };
      return { kind: 'parameter', name, quoted, operator, word: [...parts.slice(0, index), before], second: [after, ...parts.slice(index + 1)] };
    }
    return { kind: 'parameter', name, quoted, operator, word: parts };
  }

  private ansiQuoted(): string {
    let out = '';
    this.position += 1;
    for (;;) {
      const c = this.text[this.position];
      if (c === undefined) this.fail('unterminated quoted string', true);
      this.position += 1;
      if (c === "'") return out;
      if (c !== '\\') {
        out += c;
        continue;
      }
      const rest = this.text.slice(this.position, this.position + 10);
      const coded = /^(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
      if (coded) {
        out += String.fromCodePoint(coded[2] !== undefined ? parseInt(coded[2], 8) : parseInt((coded[1] ?? coded[3] ?? coded[4]) as string, 16));
        this.position += coded[0].length;
      } else {
        const simple: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b', E: '\x1b', '\\': '\\', "'": "'", '"': '"' };
        const next = rest[0] ?? '';
        out += simple[next] ?? `\\${next}`;
        this.position += next.length;
      }
    }
  }
}
