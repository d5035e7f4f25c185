/** One fault in an expression, at an index of its text. */
export interface CelIssue {
  readonly at: number;
  readonly message: string;
}

export type TokenKind = 'identifier' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Of strings and bytes: what stands between the quotes, unescaped. */
  readonly value: string;
  readonly at: number;
}

const space = /(?:[\s]|\/\/[^\n]*)+/y;
const identifier = /[_a-zA-Z][_a-zA-Z0-9]*|`[a-zA-Z0-9_.\-/ ]+`/y;
const number = /(?:[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+|\.[0-9]+(?:[eE][-+]?[0-9]+)?)|0[xX][0-9a-fA-F]+[uU]?|[0-9]+[uU]?/y;
const symbol = /==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}]/y;
const prefix = /(?:[bB][rR]?|[rR][bB]?)?(?=["'])/y;

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '?': '?', '"': '"', "'": "'", '`': '`' };

function unescape(text: string): string {
  return text.replace(/\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))/gs, (whole, x?: string, u?: string, long?: string, octal?: string, char?: string) => {
    const hex = x ?? u ?? long;
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
    return escapes[char ?? ''] ?? whole;
  });
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const escape = /\\(?:[abfnrtv\\?"'`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/y;

/** Where the closing quote of a text stands. */
function endOf(text: string, from: number, quote: string, raw: boolean): number | undefined {
  let end = from;
  while (end < text.length && !text.startsWith(quote, end)) {
    if (quote.length === 1 && text[end] === '\n') return undefined;
    const escaped = text[end] === '\\' && !raw ? match(escape, text, end) : undefined;
    if (text[end] === '\\' && !raw && escaped === undefined) return undefined;
    end += escaped?.length ?? 1;
  }
  return end < text.length ? end : undefined;
}

function quoted(text: string, at: number): Token | undefined {
  const mark = match(prefix, text, at);
  if (mark === undefined) return undefined;
  const open = at + mark.length;
  const one = text[open] as string;
  const quote = text.startsWith(one.repeat(3), open) ? one.repeat(3) : one;
  const raw = /r/i.test(mark);
  const end = endOf(text, open + quote.length, quote, raw);
  if (end === undefined) {
    if (quote.length === 1) return undefined;
    return { kind: /b/i.test(mark) ? 'bytes' : 'string', text: text.slice(at, open + 2), value: '', at }; // two quotes are an empty text
  }
  const inner = text.slice(open + quote.length, end);
  return { kind: /b/i.test(mark) ? 'bytes' : 'string', text: text.slice(at, end + quote.length), value: raw ? inner : unescape(inner), at };
}

/** As much of an escape as can be read, and what cannot be. */
const badEscape = String.raw`\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?.?`;

/** What the lexer gives up on: half an operator takes the next character with it, an open text the rest of its line. */
function unreadable(text: string, at: number): string {
  const char = text[at] ?? '';
  if (char === '=' || char === '&' || char === '|') return text.slice(at, at + 2);
  if (char === '`') return /^`[a-zA-Z0-9_.\-/ ]*/.exec(text.slice(at))?.[0] ?? char;
  if (!/["']/.test(char)) return char;
  const bad = new RegExp(`^${char}(?:[^\\\\\n]|${escape.source})*${badEscape}`).exec(text.slice(at))?.[0];
  return bad ?? /^[^\n]*\n?/.exec(text.slice(at))?.[0] ?? char;
}

/** Splits an expression into tokens; what is no token is reported and ends the list. */
export function scan(text: string, issues: CelIssue[]): Token[] {
  const out: Token[] = [];
  let at = 0;
  for (;;) {
    at += (match(space, text, at) ?? '').length;
    if (at >= text.length) break;
    const string = quoted(text, at);
    if (string) {
      out.push(string);
      at += string.text.length;
      continue;
    }
    const name = match(identifier, text, at);
    const digits = name === undefined ? match(number, text, at) : undefined;
    const sign = name === undefined && digits === undefined ? match(symbol, text, at) : undefined;
    const found = name ?? digits ?? sign;
    if (found === undefined) {
      const rest = unreadable(text, at);
      issues.push({ at, message: `Syntax error: token recognition error at: '${rest}'` });
      at += rest.length;
      continue;
    }
    const kind = name !== undefined ? 'identifier' : digits === undefined ? 'symbol' : /[uU]$/.test(digits) ? 'uint' : /^0[xX]/.test(digits) || !/[.eE]/.test(digits) ? 'int' : 'double';
    out.push({ kind, text: found, value: found.replaceAll('`', ''), at });
    at += found.length;
  }
  out.push({ kind: 'end', text: '<EOF>', value: '', at: text.length });
  return out;
}
