/** Why a template cannot be read or filled in, in the words of kubectl's library. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

/** One element of a slice `[from:to:step]`, or one of the values of `[a,b]`. */
export interface SliceNode {
  readonly kind: 'slice';
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly step: number | undefined;
}

export type PathNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'root' }
  | { readonly kind: 'number'; readonly value: number; readonly isFloat: boolean }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'identifier'; readonly name: 'range' | 'end' }
  | { readonly kind: 'filter'; readonly left: readonly PathNode[]; readonly operator: string; readonly right: readonly PathNode[] }
  | { readonly kind: 'union'; readonly parts: readonly (readonly PathNode[])[] }
  | { readonly kind: 'list'; readonly nodes: readonly PathNode[] }
  | SliceNode;

const wordEnd = /[\s.,[\]$@{}|]/;
const isDigit = (char: string) => char >= '0' && char <= '9';
const isWord = (char: string) => /[\p{L}\p{N}_]/u.test(char);

function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} '${char}'`;
}

class Parser {
  private at = 0;
  private inAction = false;

  constructor(private readonly text: string) {}

  /** The whole template: text and actions in braces. */
  template(): PathNode[] {
    const out: PathNode[] = [];
    while (this.at < this.text.length) {
      const open = this.text.indexOf('{', this.at);
      const end = open < 0 ? this.text.length : open;
      if (end > this.at) out.push({ kind: 'text', text: this.text.slice(this.at, end) });
      this.at = end;
      if (open >= 0) {
        this.at += 1;
        this.inAction = true;
        out.push({ kind: 'list', nodes: this.action() });
        this.inAction = false;
      }
    }
    return out;
  }

  private action(): PathNode[] {
    const out: PathNode[] = [];
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || char === '\n') throw new JsonPathError('unclosed action');
      if (char === '}') {
        this.at += 1;
        return out;
      }
      this.step(out, char);
    }
  }

  /** Nodes up to the end of the text: of a filter's operand or a union's part. */
  expression(): PathNode[] {
    const out: PathNode[] = [];
    for (let char = this.text[this.at]; char !== undefined; char = this.text[this.at]) this.step(out, char);
    return out;
  }

  private step(out: PathNode[], char: string): void {
    if (/\s/.test(char) || char === '@') this.at += 1;
    else if (char === '$') {
      this.at += 1;
      out.push({ kind: 'root' });
    } else if (char === '[') this.array(out);
    else if (char === '"' || char === "'") this.quoted(out, char);
    else if (char === '.') this.field(out);
    else if (char === '+' || char === '-' || isDigit(char)) this.number(out);
    else if (isWord(char)) this.identifier(out);
    else throw new JsonPathError(`unrecognized character in action: ${codePoint(String.fromCodePoint(this.text.codePointAt(this.at) ?? 0))}`);
  }

  private identifier(out: PathNode[]): void {
    const start = this.at;
    while (this.at < this.text.length && !wordEnd.test(this.text[this.at] as string)) this.at += 1;
    const name = this.text.slice(start, this.at);
    if (name === 'true' || name === 'false') out.push({ kind: 'boolean', value: name === 'true' });
    else if (name === 'range' || name === 'end') out.push({ kind: 'identifier', name });
    else throw new JsonPathError(this.inAction && this.at >= this.text.length ? 'unclosed action' : `unrecognized identifier ${name}`);
  }

  private number(out: PathNode[]): void {
    const start = this.at;
    this.at += 1;
    while (/[0-9.]/.test(this.text[this.at] ?? '')) this.at += 1;
    const text = this.text.slice(start, this.at);
    const value = Number(text);
    if (Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${text}`);
    out.push({ kind: 'number', value, isFloat: text.includes('.') });
  }

  private quoted(out: PathNode[], quote: string): void {
    const start = this.at;
    for (this.at += 1; this.text[this.at] !== quote; this.at++) {
      if (this.at >= this.text.length || this.text[this.at] === '\n') throw new JsonPathError('unterminated quoted string');
      if (this.text[this.at] === '\\') this.at += 1;
    }
    this.at += 1;
    out.push({ kind: 'text', text: unquote(this.text.slice(start, this.at)) });
  }

  private field(out: PathNode[]): void {
    this.at += 1;
    if (this.text[this.at] === '.') {
      out.push({ kind: 'recursive' });
      this.at += 1;
      if (this.text[this.at] === '[' || this.text[this.at] === '}' || this.text[this.at] === '.' || this.text[this.at] === undefined) return;
    }
    if (this.text[this.at] === '*') {
      this.at += 1;
      out.push({ kind: 'wildcard' });
      return;
    }
    let name = '';
    for (let char = this.text[this.at]; char !== undefined && !/[\s.,[\]$@{}]/.test(char) && !this.isOperator(); char = this.text[this.at]) {
      if (char === '\\') {
        this.at += 1;
        name += this.text[this.at] ?? '';
      } else name += char;
      this.at += 1;
    }
    out.push({ kind: 'field', name });
  }

  private isOperator(): boolean {
    return /^(?:==|!=|<|>)/.test(this.text.slice(this.at, this.at + 2));
  }

  private array(out: PathNode[]): void {
    const start = this.at;
    if (this.text.startsWith('[?(', start)) {
      this.filter(out);
      return;
    }
    let quote = '';
    for (this.at += 1; this.text[this.at] !== ']' || quote !== ''; this.at++) {
      const char = this.text[this.at];
      if (char === undefined || char === '\n') throw new JsonPathError('unterminated array');
      if (quote !== '') quote = char === quote ? '' : quote;
      else if (char === '"' || char === "'") quote = char;
    }
    const inner = this.text.slice(start + 1, this.at).trim();
    this.at += 1;
    out.push(subscript(inner));
  }

  private filter(out: PathNode[]): void {
    this.at += 3;
    const start = this.at;
    let depth = 0;
    let quote = '';
    for (;; this.at++) {
      const char = this.text[this.at];
      if (char === undefined || char === '\n') throw new JsonPathError('unterminated filter');
      if (quote !== '') quote = char === quote && this.text[this.at - 1] !== '\\' ? '' : quote;
      else if (char === '"' || char === "'") quote = char;
      else if (char === '(') depth += 1;
      else if (char === ')') {
        if (depth === 0) break;
        depth -= 1;
      }
    }
    const inner = this.text.slice(start, this.at);
    this.at += 1;
    if (this.text[this.at] !== ']') throw new JsonPathError('unclosed array expect ]');
    this.at += 1;
    const match = /^([^!<>=]+)([!<>=]+)(.+?)$/s.exec(inner);
    if (!match) out.push({ kind: 'filter', left: new Parser(inner.trim()).expression(), operator: 'exists', right: [] });
    else out.push({ kind: 'filter', left: new Parser((match[1] ?? '').trim()).expression(), operator: match[2] ?? '', right: new Parser((match[3] ?? '').trim()).expression() });
  }
}

function unquote(text: string): string {
  const inner = text.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  const plain: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'", b: '\b', f: '\f' };
  return inner.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (whole, code: string) => (code.startsWith('u') && code.length === 5 ? String.fromCharCode(parseInt(code.slice(1), 16)) : (plain[code] ?? whole)));
}

const sliceShape = /^(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?$/;
const keyShape = /^(['"])(.*)\1$/s;

function subscript(inner: string): PathNode {
  if (inner === '*') return { kind: 'wildcard' };
  if (inner === '') return { kind: 'slice', from: 0, to: 1, step: undefined };
  const parts = splitUnion(inner);
  if (parts.length > 1) return { kind: 'union', parts: parts.map((part) => [subscript(part.trim())]) };
  const key = keyShape.exec(inner);
  if (key) {
    const names = splitDots(key[2] ?? '');
    return names.length === 1 ? { kind: 'field', name: names[0] ?? '' } : { kind: 'list', nodes: names.map((name) => ({ kind: 'field', name })) };
  }
  const match = sliceShape.exec(inner);
  if (!match) throw new JsonPathError(`invalid array index ${inner}`);
  const value = (text: string | undefined) => (text === undefined || text === '' || text === ':' ? undefined : Number(text.replace(':', '')));
  const from = value(match[1]);
  if (match[2] === undefined) return { kind: 'slice', from, to: from === -1 ? undefined : (from ?? 0) + 1, step: undefined };
  const step = value(match[3]);
  return { kind: 'slice', from, to: value(match[2]), step };
}

function splitDots(text: string): string[] {
  return text.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
}

function splitUnion(text: string): string[] {
  const out: string[] = [];
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === ',') {
      out.push(text.slice(start, at));
      start = at + 1;
    }
  }
  out.push(text.slice(start));
  return out;
}

/** Reads a template: text with actions in braces. Throws JsonPathError. */
export const parseTemplate = (text: string): PathNode[] => new Parser(text).template();
