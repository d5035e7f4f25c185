/** Why a pattern is none, in the words of Go's regexp package. */
export class Re2Error extends Error {
  override readonly name = 'Re2Error';
  constructor(reason: string, part: string) {
    super(`error parsing regexp: ${reason}: \`${part}\``);
  }
}

interface Flags {
  readonly fold: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly lazy: boolean;
}

const repeatLimit = 1000;
const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z', alpha: 'A-Za-z', ascii: '\\x00-\\x7F', blank: '\\t ', cntrl: '\\x00-\\x1F\\x7F', digit: '0-9', graph: '!-~', lower: 'a-z', print: ' -~', punct: '!-\\/:-@\\[-`\\{-~', space: '\\t\\n\\v\\f\\r ', upper: 'A-Z', word: '0-9A-Za-z_', xdigit: '0-9A-Fa-f',
};
const perl: Readonly<Record<string, string>> = { d: '0-9', s: '\\t\\n\\f\\r ', w: '0-9A-Za-z_' };
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

const literal = (code: number): string => `\\u{${code.toString(16)}}`;

/** The same letter in the other case. */
const swapped = (code: number): number | undefined => {
  const text = String.fromCodePoint(code);
  const other = text.toLowerCase() === text ? text.toUpperCase() : text.toLowerCase();
  return other !== text && [...other].length === 1 ? other.codePointAt(0) : undefined;
};

/** Reads RE2's syntax and writes JavaScript's (with the flag u). */
export class Re2Parser {
  private at = 0;
  private out = '';
  /** How often the last operand is copied by the counts inside it. */
  private copies = 1;

  constructor(private readonly pattern: string) {}

  /** The whole pattern. Throws Re2Error. */
  translate(): string {
    this.alternatives({ fold: false, lines: false, dotAll: false, lazy: false });
    if (this.at < this.pattern.length) throw new Re2Error('unexpected )', this.pattern);
    return this.out;
  }

  private get rest(): string {
    return this.pattern.slice(this.at);
  }

  private alternatives(start: Flags): void {
    let most = 1;
    let flags = start;
    let hasOperand = false;
    let operandAt = this.out.length;
    let lastRepeat = -1;
    while (this.at < this.pattern.length) {
      const char = this.pattern[this.at] as string;
      if (char === ')') break;
      if (char === '|') {
        this.out += '|';
        this.at += 1;
        hasOperand = false;
        lastRepeat = -1;
        continue;
      }
      const repeat = this.repetition();
      if (repeat !== undefined) {
        if (!hasOperand) throw new Re2Error('missing argument to repetition operator', repeat.text);
        if (lastRepeat >= 0) throw new Re2Error('invalid nested repetition operator', this.pattern.slice(lastRepeat, this.at + repeat.text.length));
        lastRepeat = this.at;
        this.at += repeat.text.length;
        this.repeat(repeat, flags, operandAt);
        most = Math.max(most, this.copies);
        continue;
      }
      lastRepeat = -1;
      operandAt = this.out.length;
      this.copies = 1;
      const changed = this.atom(char, flags);
      most = Math.max(most, this.copies);
      if (changed) flags = changed;
      else hasOperand = true;
    }
    this.copies = most;
  }

  private repetition(): { readonly text: string; readonly lazy: boolean } | undefined {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})(\??)/.exec(this.rest);
    if (!found) return undefined;
    const [text, mark] = found;
    const counts = /^\{(\d+)(?:(,)(\d*))?\}/.exec(text);
    if (counts) {
      const low = Number(counts[1]);
      const high = counts[3] === undefined || counts[3] === '' ? low : Number(counts[3]);
      if (low > repeatLimit || high > repeatLimit || high < low) throw new Re2Error('invalid repeat count', counts[0]);
    }
    return { text, lazy: mark === '?' };
  }

  private repeat({ text, lazy }: { readonly text: string; readonly lazy: boolean }, flags: Flags, operandAt: number): void {
    const operator = lazy ? text.slice(0, -1) : text;
    const count = /^\{(\d+)(?:,(\d*))?\}/.exec(text);
    if (count) {
      this.copies *= Math.max(Number(count[1]), Number(count[2] ?? 0), 1);
      if (this.copies > repeatLimit) throw new Re2Error('invalid repeat count', count[0]);
    }
    this.out = `${this.out.slice(0, operandAt)}(?:${this.out.slice(operandAt)})${operator}${lazy !== flags.lazy ? '?' : ''}`;
  }

  /** One operand; gives new flags when it was only a change of them. */
  private atom(char: string, flags: Flags): Flags | undefined {
    switch (char) {
      case '(': return this.group(flags);
      case '[': this.charClass(flags); return undefined;
      case '.': this.take(1, flags.dotAll ? '[\\s\\S]' : '[^\\n]'); return undefined;
      case '^': this.take(1, flags.lines ? '(?<![^\\n])' : '(?<![\\s\\S])'); return undefined;
      case '$': this.take(1, flags.lines ? '(?![^\\n])' : '(?![\\s\\S])'); return undefined;
      case '\\': this.escape(flags); return undefined;
      default: {
        const code = this.pattern.codePointAt(this.at) as number;
        this.take(code > 0xffff ? 2 : 1, this.character(code, flags));
        return undefined;
      }
    }
  }

  private take(length: number, source: string): void {
    this.at += length;
    this.out += source;
  }

  private character(code: number, { fold }: Flags): string {
    const other = fold ? swapped(code) : undefined;
    return other === undefined ? literal(code) : `[${literal(code)}${literal(other)}]`;
  }

  private group(flags: Flags): Flags | undefined {
    const { rest } = this;
    if (!rest.startsWith('(?')) return this.inside('(', 1, flags);
    const named = /^\(\?P?</.exec(rest);
    if (named) {
      const end = rest.indexOf('>');
      if (end < 0) throw new Re2Error('invalid named capture', rest);
      if (!/^[A-Za-z0-9_]+$/.test(rest.slice(named[0].length, end))) throw new Re2Error('invalid named capture', rest.slice(0, end + 1));
      return this.inside('(', end + 1, flags);
    }
    const found = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
    if (!found || found[2] === '') throw new Re2Error('invalid or unsupported Perl syntax', /^\(\?[imsU-]*[\s\S]?/u.exec(rest)?.[0] ?? rest);
    const [whole, on = '', off = '', end] = found;
    const set = (name: string, before: boolean): boolean => (off.includes(name) ? false : on.includes(name) || before);
    const changed = { fold: set('i', flags.fold), lines: set('m', flags.lines), dotAll: set('s', flags.dotAll), lazy: set('U', flags.lazy) };
    if (end === ':') return this.inside('(?:', whole.length, changed);
    this.at += whole.length;
    return changed;
  }

  private inside(open: string, length: number, flags: Flags): undefined {
    this.take(length, open);
    this.alternatives(flags);
    if (this.pattern[this.at] !== ')') throw new Re2Error('missing closing )', this.pattern);
    this.take(1, ')');
    return undefined;
  }

  private escape(flags: Flags): void {
    const { rest } = this;
    if (rest === '\\') throw new Re2Error('trailing backslash at end of expression', '');
    const next = rest[1] as string;
    if (next === 'A') return this.take(2, '(?<![\\s\\S])');
    if (next === 'z') return this.take(2, '(?![\\s\\S])');
    if (next === 'b' || next === 'B') return this.take(2, `\\${next}`);
    if (next === 'C') throw new Re2Error('invalid escape sequence', '\\C');
    if (next === 'Q') {
      const end = rest.indexOf('\\E');
      const text = rest.slice(2, end < 0 ? undefined : end);
      return this.take(end < 0 ? rest.length : end + 2, [...text].map((char) => this.character(char.codePointAt(0) as number, flags)).join(''));
    }
    const set = this.classEscape();
    if (set !== undefined) {
      this.out += set.negated ? `[^${set.ranges}]` : `[${set.ranges}]`;
      return;
    }
    this.out += this.character(this.escapedCode(), flags);
  }

  /** \d, \pL, \P{Greek}; undefined when the escape is none of a class. */
  private classEscape(): { readonly ranges: string; readonly negated: boolean } | undefined {
    const { rest } = this;
    const next = rest[1] as string;
    const own = perl[next.toLowerCase()];
    if (own !== undefined) {
      this.at += 2;
      return { ranges: own, negated: next !== next.toLowerCase() };
    }
    if (next !== 'p' && next !== 'P') return undefined;
    const found = /^\\[pP](?:\{(\^?)([A-Za-z_]+)\}|([A-Za-z]))/.exec(rest);
    if (!found) throw new Re2Error('invalid character class range', rest.startsWith('{', 2) ? (/^[^}]*\}/.exec(rest)?.[0] ?? rest) : rest.slice(0, 3));
    this.at += found[0].length;
    const name = found[2] ?? found[3] ?? '';
    const ranges = [`\\p{${name}}`, `\\p{Script=${name}}`].find((source) => isUnicodeClass(source)) ?? (name === 'Any' ? '\\s\\S' : undefined);
    if (ranges === undefined) throw new Re2Error('invalid character class range', found[0]);
    return { ranges, negated: (next === 'P') !== (found[1] === '^') };
  }

  /** The character that an escape stands for. */
  private escapedCode(): number {
    const { rest } = this;
    const hex = /^\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(rest);
    const octal = /^\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    const next = rest[1] as string;
    const code = hex ? parseInt(hex[1] ?? hex[2] ?? '', 16) : octal ? parseInt(octal[0].slice(1), 8) : (controls[next] ?? (/[^A-Za-z0-9]/.test(next) && next < '\x80' ? next.charCodeAt(0) : undefined));
    if (code === undefined || code > 0x10ffff) throw new Re2Error('invalid escape sequence', next === 'x' ? (hex?.[0].replace('}', '') ?? (/^\\x(?:\{[0-9A-Fa-f]*[^}]?|[^{][\s\S]?)?/.exec(rest)?.[0] as string)) : rest.slice(0, 2));
    this.at += hex?.[0].length ?? octal?.[0].length ?? 2;
    return code;
  }

  private charClass(flags: Flags): void {
    const start = this.at;
    this.at += 1;
    const negated = this.pattern[this.at] === '^';
    if (negated) this.at += 1;
    let ranges = '';
    for (let isFirst = true; isFirst || this.pattern[this.at] !== ']'; isFirst = false) {
      if (this.at >= this.pattern.length) throw new Re2Error('missing closing ]', this.pattern.slice(start));
      ranges += this.classItem(flags, start);
    }
    this.at += 1;
    this.out += `[${negated ? '^' : ''}${ranges}]`;
  }

  private classItem(flags: Flags, start: number): string {
    const { rest } = this;
    const posix = /^\[:(\^?)([a-z]*):\]/.exec(rest);
    if (posix) {
      const own = classes[posix[2] ?? ''];
      if (own === undefined) throw new Re2Error('invalid character class range', posix[0]);
      this.at += posix[0].length;
      return posix[1] === '^' ? complement(own) : own;
    }
    if (rest.startsWith('\\') && rest.length > 1) {
      const set = this.classEscape();
      if (set) return set.negated ? complement(set.ranges) : set.ranges;
    }
    const from = this.at;
    const low = this.classCharacter(start);
    if (this.pattern[this.at] !== '-' || this.pattern[this.at + 1] === ']' || this.at + 1 >= this.pattern.length) return this.folded(low, low, flags);
    this.at += 1;
    const high = this.classCharacter(start);
    if (high < low) throw new Re2Error('invalid character class range', this.pattern.slice(from, this.at));
    return this.folded(low, high, flags);
  }

  private folded(low: number, high: number, { fold }: Flags): string {
    const own = low === high ? literal(low) : `${literal(low)}-${literal(high)}`;
    const [a, b] = fold ? [swapped(low), swapped(high)] : [];
    return a === undefined || b === undefined || b < a ? own : `${own}${literal(a)}-${literal(b)}`;
  }

  private classCharacter(start: number): number {
    if (this.at >= this.pattern.length) throw new Re2Error('missing closing ]', this.pattern.slice(start));
    if (this.pattern[this.at] === '\\') {
      if (this.rest.length < 2) throw new Re2Error('trailing backslash at end of expression', '');
      return this.escapedCode();
    }
    const code = this.pattern.codePointAt(this.at) as number;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }
}

const complements: Readonly<Record<string, string>> = { '0-9': '\\D', '0-9A-Za-z_': '\\W', '\\t\\n\\f\\r ': '\\x00-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}' };

/** Everything but an ASCII class, as ranges that can stand inside another class. */
function complement(ranges: string): string {
  const known = complements[ranges];
  if (known !== undefined) return known;
  if (ranges.startsWith('\\p')) return `\\P${ranges.slice(2)}`;
  const own = new RegExp(`[${ranges}]`, 'u');
  let out = '\\u{80}-\\u{10ffff}';
  for (let code = 0; code < 0x80; code++) if (!own.test(String.fromCharCode(code))) out += literal(code);
  return out;
}

function isUnicodeClass(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}
