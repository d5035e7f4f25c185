import { basicExpression, compileExpression, PatternError } from './regular-expression';

export type Address = { readonly kind: 'line'; readonly line: number } | { readonly kind: 'last' } | { readonly kind: 'pattern'; readonly expression: RegExp | undefined } | { readonly kind: 'step'; readonly first: number; readonly step: number };

export interface SedCommand {
  readonly from?: Address;
  readonly to?: Address | { readonly kind: 'count'; readonly lines: number };
  readonly negated: boolean;
  readonly name: string;
  /** Text of a, i, c; label of b, t, T; file of r, w; characters of y. */
  readonly text: string;
  readonly substitution?: { readonly expression: RegExp | undefined; readonly replacement: readonly Piece[]; readonly global: boolean; readonly nth: number; readonly print: boolean; readonly file: string; readonly groups: number };
  readonly map?: ReadonlyMap<string, string>;
  readonly body?: readonly SedCommand[];
  /** Number of q. */
  readonly code: number;
  active?: boolean;
  endLine?: number;
}

/** A piece of a replacement: text, a group, or a change of case (\U \L \u \l \E). */
export type Piece = string | { readonly group: number } | { readonly mode: string };

/** A script that is none. */
export class SedError extends Error {
  override readonly name = 'SedError';
}

/** Reads sed's scripts. */
export class SedParser {
  private at = 0;

  constructor(private readonly text: string, private readonly extended: boolean) {}

  parse(): SedCommand[] {
    const commands = this.block(false);
    return commands;
  }

  private block(inside: boolean): SedCommand[] {
    const commands: SedCommand[] = [];
    for (;;) {
      this.skip(/[\s;]/);
      const c = this.text[this.at];
      if (c === undefined) {
        if (inside) throw new SedError('unmatched \'{\'');
        return commands;
      }
      if (c === '#') {
        while (this.at < this.text.length && this.text[this.at] !== '\n') this.at += 1;
        continue;
      }
      if (c === '}') {
        if (!inside) throw new SedError("unexpected '}'");
        this.at += 1;
        return commands;
      }
      commands.push(this.command());
    }
  }

  private skip(pattern: RegExp): void {
    while (this.at < this.text.length && pattern.test(this.text[this.at] as string)) this.at += 1;
  }

  private address(): Address | undefined {
    const rest = this.text.slice(this.at);
    const number = /^\d+/.exec(rest);
    if (number) {
      this.at += number[0].length;
      const step = /^~(\d+)/.exec(this.text.slice(this.at));
      if (!step) return { kind: 'line', line: Number(number[0]) };
      this.at += step[0].length;
      return { kind: 'step', first: Number(number[0]), step: Number(step[1]) };
    }
    if (rest.startsWith('$')) {
      this.at += 1;
      return { kind: 'last' };
    }
    if (!rest.startsWith('/') && !rest.startsWith('\\')) return undefined;
    if (rest.startsWith('\\')) this.at += 1;
    const delimiter = this.text[this.at] as string;
    this.at += 1;
    const pattern = this.delimited(delimiter, true);
    const ignoreCase = this.text[this.at] === 'I';
    if (ignoreCase) this.at += 1;
    return { kind: 'pattern', expression: pattern === '' ? undefined : this.expression(pattern, ignoreCase) };
  }

  private expression(pattern: string, ignoreCase: boolean): RegExp {
    try {
      return compileExpression(pattern, { extended: this.extended, ignoreCase, global: true });
    } catch (error) {
      if (error instanceof PatternError) throw new SedError(`bad regex '${pattern}': ${error.message}`);
      throw error;
    }
  }

  /** Text up to an unescaped delimiter, which is consumed; inside [ … ] it does not count. */
  private delimited(delimiter: string, isPattern: boolean): string {
    let out = '';
    let inSet = false;
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined || (c === '\n' && isPattern)) throw new SedError(`unmatched '${delimiter}'`);
      this.at += 1;
      if (c === '\\') {
        const next = this.text[this.at] ?? '';
        this.at += next.length;
        if (next === delimiter && delimiter !== '\\') out += isPattern && /[.*[\]^$+?(){}|]/.test(delimiter) ? `\\${delimiter}` : delimiter === '&' ? '\\&' : delimiter;
        else if (next === 'n' && isPattern) out += inSet ? '\n' : '\\n';
        else out += `\\${next}`;
        continue;
      }
      if (isPattern && c === '[' && !inSet) {
        const set = /^\^?\]?/.exec(this.text.slice(this.at))?.[0] ?? '';
        inSet = true;
        out += c + set;
        this.at += set.length;
        continue;
      }
      if (c === ']' && inSet) inSet = false;
      else if (c === delimiter && !inSet) return out;
      out += c;
    }
  }

  private command(): SedCommand {
    const from = this.address();
    let to: SedCommand['to'];
    this.skip(/[ \t]/);
    if (from && this.text[this.at] === ',') {
      this.at += 1;
      this.skip(/[ \t]/);
      const count = /^\+(\d+)/.exec(this.text.slice(this.at));
      if (count) {
        this.at += count[0].length;
        to = { kind: 'count', lines: Number(count[1]) };
      } else {
        to = this.address();
        if (!to) throw new SedError('no address after comma');
      }
    }
    this.skip(/[ \t]/);
    let negated = false;
    while (this.text[this.at] === '!') {
      negated = true;
      this.at += 1;
      this.skip(/[ \t]/);
    }
    const name = this.text[this.at];
    if (name === undefined) throw new SedError('missing command');
    this.at += 1;
    const base = { ...(from ? { from } : {}), ...(to ? { to } : {}), negated, name, text: '', code: 0 };
    return this.rest(name, base);
  }

  private rest(name: string, base: SedCommand): SedCommand {
    switch (name) {
      case '{':
        return { ...base, body: this.block(true) };
      case 's':
        return { ...base, substitution: this.substitution() };
      case 'y': {
        const delimiter = this.text[this.at] ?? '/';
        this.at += 1;
        const clean = (text: string) => [...text.replace(/\\n/g, '\n').replace(/\\\\/g, '\\')];
        const from = clean(this.delimited(delimiter, false));
        const to = clean(this.delimited(delimiter, false));
        return { ...base, map: new Map(from.map((c, index) => [c, to[index] ?? c])) };
      }
      case 'a':
      case 'i':
      case 'c':
        return { ...base, text: this.insertedText() };
      case ':':
      case 'b':
      case 't':
      case 'T': {
        const label = /^[ \t]*([^;\n}]*)/.exec(this.text.slice(this.at)) as RegExpExecArray;
        this.at += label[0].length;
        return { ...base, text: (label[1] as string).trim() };
      }
      case 'r':
      case 'w': {
        const file = /^[ \t]*([^\n]*)/.exec(this.text.slice(this.at)) as RegExpExecArray;
        this.at += file[0].length;
        return { ...base, text: file[1] as string };
      }
      case 'q':
      case 'Q': {
        const code = /^[ \t]*(\d*)/.exec(this.text.slice(this.at)) as RegExpExecArray;
        this.at += code[0].length;
        return { ...base, code: Number(code[1] || 0) };
      }
      default:
        if (!'dDgGhHlnNpPxz='.includes(name)) throw new SedError(`unsupported command ${name}`);
        return base;
    }
  }

  /** The text of a, i, c: on the same line (GNU's way) or after a backslash and a newline. */
  private insertedText(): string {
    this.skip(/[ \t]/);
    if (this.text[this.at] === '\\') {
      this.at += 1;
      this.skip(/[ \t]/);
      if (this.text[this.at] === '\n') this.at += 1;
    }
    let out = '';
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined || c === '\n') break;
      this.at += 1;
      if (c === '\\') {
        const next = this.text[this.at] ?? '';
        this.at += next.length;
        out += next === 't' ? '\t' : next;
      } else out += c;
    }
    return `${out}\n`;
  }

  private substitution(): NonNullable<SedCommand['substitution']> {
    const delimiter = this.text[this.at];
    if (delimiter === undefined) throw new SedError("bad option in substitution expression");
    this.at += 1;
    const pattern = this.delimited(delimiter, true);
    const replacement = this.delimited(delimiter, false);
    let global = false;
    let print = false;
    let ignoreCase = false;
    let nth = 1;
    let file = '';
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined || /[\s;}]/.test(c)) break;
      this.at += 1;
      if (c === 'g') global = true;
      else if (c === 'p') print = true;
      else if (c === 'i' || c === 'I') ignoreCase = true;
      else if (/\d/.test(c)) {
        const more = /^\d*/.exec(this.text.slice(this.at))?.[0] ?? '';
        this.at += more.length;
        nth = Number(c + more);
      } else if (c === 'w') {
        file = /^[ \t]*([^\n]*)/.exec(this.text.slice(this.at))?.[1] ?? '';
        this.at = this.text.indexOf('\n', this.at) < 0 ? this.text.length : this.text.indexOf('\n', this.at);
      } else throw new SedError('bad option in substitution expression');
    }
    const expression = pattern === '' ? undefined : this.expression(pattern, ignoreCase);
    return { expression, replacement: pieces(replacement), global, nth, print, file, groups: pattern === '' ? 9 : basicExpression(pattern, this.extended).groups };
  }
}

/** A replacement in its pieces. */
function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') out.push(literal);
    literal = '';
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '&') {
      flush();
      out.push({ group: 0 });
    } else if (c === '\\') {
      i += 1;
      const next = text[i] ?? '';
      if (/\d/.test(next)) {
        flush();
        out.push({ group: Number(next) });
      } else if (/[ULulE]/.test(next)) {
        flush();
        out.push({ mode: next });
      } else literal += next === 'n' ? '\n' : next === 't' ? '\t' : next === 'r' ? '\r' : next;
    } else literal += c;
  }
  flush();
  return out;
}
