/** Why a text is not JSON, in the words of Go's decoder, which the server passes on. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** A number that a 53-bit integer does not show as it was written: 1.50, 1e3, 12345678901234567890. */
export class NumberText {
  constructor(readonly text: string) {}

  valueOf(): number {
    return Number(this.text);
  }
}

/** A key that an object holds twice: it came again when `after` distinct keys had been read. */
export interface DuplicateKey {
  readonly key: string;
  readonly after: number;
}

/** What a JSON text says. Objects keep the order of their keys; the last of two equal keys wins. */
export interface ParsedJson {
  readonly value: unknown;
  /** Which objects hold a key twice; absent when none does. */
  readonly duplicates?: ReadonlyMap<object, readonly DuplicateKey[]>;
}

const deepest = 2500;

/** How Go shows a character in an error. */
function shown(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  return `'${JSON.stringify(char).slice(1, -1).replace(/\\u00([0-9a-f]{2})/, '\\x$1')}'`;
}

const plainInteger = /-?(?:0|[1-9][0-9]{0,14})(?![0-9.eE])/y;
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plainString = /[^"\\\u0000-\u001f\ud800-\udfff]*/y;
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);

class Parser {
  private at = 0;
  private depth = 0;
  duplicates: Map<object, DuplicateKey[]> | undefined;

  constructor(private readonly text: string) {}

  document(): unknown {
    this.space();
    const value = this.value('looking for beginning of value');
    this.space();
    if (this.at < this.text.length) this.invalid('after top-level value');
    return value;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at += 1;
    }
  }

  private invalid(where: string): never {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) throw new JsonError('unexpected end of JSON input');
    throw new JsonError(`invalid character ${shown(String.fromCodePoint(code))} ${where}`);
  }

  private value(where: string): unknown {
    switch (this.text[this.at]) {
      case '{': return this.object();
      case '[': return this.array();
      case '"': return this.string();
      case 't': return this.literal('true', true);
      case 'f': return this.literal('false', false);
      case 'n': return this.literal('null', null);
      default: return this.number(where);
    }
  }

  private literal<T>(word: string, value: T): T {
    for (let i = 1; i < word.length; i++) {
      this.at += 1;
      if (this.text[this.at] !== word[i]) this.invalid(`in literal ${word} (expecting '${word[i] ?? ''}')`);
    }
    this.at += 1;
    return value;
  }

  private number(where: string): number | NumberText {
    plainInteger.lastIndex = this.at;
    const plain = plainInteger.exec(this.text);
    if (plain) {
      this.at += plain[0].length;
      return Number(plain[0]) + 0;
    }
    numberPattern.lastIndex = this.at;
    const found = numberPattern.exec(this.text)?.[0];
    if (found === undefined) {
      if (this.text[this.at] !== '-') this.invalid(where);
      this.at += 1;
      this.invalid('in numeric literal');
    }
    this.at += found.length;
    const next = this.text[this.at];
    if (next === '.' && !found.includes('.') && !/[eE]/.test(found)) {
      this.at += 1;
      this.invalid('after decimal point in numeric literal');
    }
    if ((next === 'e' || next === 'E') && !/[eE]/.test(found)) {
      this.at += 1;
      if (this.text[this.at] === '+' || this.text[this.at] === '-') this.at += 1;
      this.invalid('in exponent of numeric literal');
    }
    return new NumberText(found);
  }

  private string(): string {
    this.at += 1;
    let out = '';
    for (;;) {
      plainString.lastIndex = this.at;
      const part = plainString.exec(this.text)?.[0] ?? '';
      this.at += part.length;
      const char = this.text[this.at];
      if (char === '"') {
        this.at += 1;
        return out === '' ? part : out + part;
      }
      out += part;
      if (char === '\\') out += this.escape();
      else if (char !== undefined && char >= '\ud800') out += this.surrogate();
      else this.invalid('in string literal');
    }
  }

  private surrogate(): string {
    const code = this.text.codePointAt(this.at) as number;
    this.at += code > 0xffff ? 2 : 1;
    return code > 0xffff ? String.fromCodePoint(code) : '\ufffd';
  }

  private escape(): string {
    this.at += 1;
    const char = this.text[this.at] ?? '';
    if (char !== 'u') {
      const plain = escapes[char];
      if (plain === undefined) this.invalid('in string escape code');
      this.at += 1;
      return plain;
    }
    const first = this.hex();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    if (first < 0xdc00 && this.text.startsWith('\\u', this.at)) {
      const back = this.at;
      this.at += 1;
      const second = this.hex();
      if (second >= 0xdc00 && second <= 0xdfff) return String.fromCharCode(first, second);
      this.at = back;
    }
    return '\ufffd';
  }

  private hex(): number {
    for (let i = 0; i < 4; i++) {
      this.at += 1;
      if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? '')) this.invalid('in \\u hexadecimal character escape');
    }
    this.at += 1;
    return parseInt(this.text.slice(this.at - 4, this.at), 16);
  }

  private enter(): void {
    this.at += 1;
    this.depth += 1;
    if (this.depth > deepest) throw new JsonError('exceeded max depth');
    this.space();
  }

  private object(): Record<string, unknown> {
    this.enter();
    const out: Record<string, unknown> = {};
    let count = 0;
    if (this.text[this.at] === '}') return this.leave(out);
    for (;;) {
      if (this.text[this.at] !== '"') this.invalid('looking for beginning of object key string');
      const key = this.string();
      this.space();
      if (this.text[this.at] !== ':') this.invalid('after object key');
      this.at += 1;
      this.space();
      let value = this.value('looking for beginning of value');
      if (Object.hasOwn(out, key)) {
        this.duplicate(out, key, count);
        value = this.again(out[key], value);
      } else count += 1;
      if (key === '__proto__') Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true });
      else out[key] = value;
      this.space();
      const char = this.text[this.at];
      if (char === '}') return this.leave(out);
      if (char !== ',') this.invalid('after object key:value pair');
      this.at += 1;
      this.space();
    }
  }

  private duplicate(object: object, key: string, after: number): void {
    this.duplicates ??= new Map();
    const known = this.duplicates.get(object);
    if (known) known.push({ key, after });
    else this.duplicates.set(object, [{ key, after }]);
  }

  /** Go reads a second object into what the first one left. */
  private again(first: unknown, second: unknown): unknown {
    if (!isObject(first) || !isObject(second)) return second;
    const duplicates = this.duplicates?.get(second);
    for (const { key, after } of duplicates ?? []) this.duplicate(first, key, after);
    return Object.assign(first, second);
  }

  private leave<T>(value: T): T {
    this.at += 1;
    this.depth -= 1;
    return value;
  }

  private array(): unknown[] {
    this.enter();
    const out: unknown[] = [];
    if (this.text[this.at] === ']') return this.leave(out);
    for (;;) {
      out.push(this.value('looking for beginning of value'));
      this.space();
      const char = this.text[this.at];
      if (char === ']') return this.leave(out);
      if (char !== ',') this.invalid('after array element');
      this.at += 1;
      this.space();
    }
  }
}

/** Reads JSON as Go does, remembering double keys and how numbers were written. Throws JsonError. */
export function parseJson(text: string): ParsedJson {
  const parser = new Parser(text);
  const value = parser.document();
  return parser.duplicates ? { value, duplicates: parser.duplicates } : { value };
}

/** The same value with plain numbers in place of NumberText; shares what holds none. */
export function plainJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof NumberText) return Number(value.text);
  if (Array.isArray(value)) {
    let changed = false;
    const out = value.map((item) => {
      const plain = plainJson(item);
      changed ||= plain !== item;
      return plain;
    });
    return changed ? out : value;
  }
  let out: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const plain = plainJson(item);
    if (plain !== item) (out ??= { ...(value as Record<string, unknown>) })[key] = plain;
  }
  return out ?? value;
}
