import { split, TemplateError, type Piece, type Token } from './lex';

/** One operand or call of a pipeline. */
export type Expression =
  | { readonly kind: 'dot' }
  | { readonly kind: 'nil' }
  | { readonly kind: 'constant'; readonly value: unknown; readonly isFloat?: boolean }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly kind: 'fields'; readonly of: Expression; readonly path: readonly string[] };

/** A function or operand with its arguments, and where it stands. */
export interface Call {
  readonly operands: readonly Expression[];
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

export interface Pipeline {
  readonly declares: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Call[];
}

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipeline: Pipeline }
  | { readonly kind: 'if' | 'with' | 'range'; readonly pipeline: Pipeline; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }
  | { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly kind: 'break' | 'continue' };

/** A parsed template and the ones it defines. */
export interface Template {
  readonly nodes: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

interface End {
  readonly word: 'end' | 'else' | 'eof';
  /** The tokens after `else`. */
  readonly rest: readonly Token[];
}

class Parser {
  readonly defined = new Map<string, readonly Node[]>();
  private at = 0;
  private line = 1;

  constructor(private readonly pieces: readonly Piece[], private readonly functions: ReadonlySet<string>) {}

  fail(message: string): never {
    throw new TemplateError(`template: output:${this.line}: ${message}`);
  }

  /** Nodes up to an end, an else, or the end of the text. */
  list(): { nodes: Node[]; end: End } {
    const nodes: Node[] = [];
    for (;;) {
      const piece = this.pieces[this.at++];
      if (!piece) return { nodes, end: { word: 'eof', rest: [] } };
      if (piece.kind === 'text') {
        nodes.push({ kind: 'text', text: piece.text });
        continue;
      }
      this.line = piece.line;
      const words = piece.tokens;
      const [first] = words;
      if (first?.kind === 'word' && (first.text === 'end' || first.text === 'else')) return { nodes, end: { word: first.text, rest: words.slice(1).filter(({ kind }, index) => index > 0 || kind !== 'space') } };
      const node = this.action(words);
      if (node) nodes.push(node);
    }
  }

  private action(words: readonly Token[]): Node | undefined {
    const [first] = words;
    if (!first) this.fail('missing value for command');
    const rest = words.slice(1);
    if (first.kind === 'word') {
      switch (first.text) {
        case 'if':
        case 'with':
        case 'range':
          return this.control(first.text, rest);
        case 'break':
        case 'continue':
          return { kind: first.text };
        case 'define':
        case 'block':
          return this.define(first.text, rest);
        case 'template': {
          const name = rest.find(({ kind }) => kind === 'string')?.value ?? this.fail('unexpected token in template clause');
          const after = rest.slice(rest.findIndex(({ kind }) => kind === 'string') + 1).filter(({ kind }, index) => index > 0 || kind !== 'space');
          return { kind: 'template', name, pipeline: after.length === 0 ? undefined : this.pipeline(after, 'template') };
        }
      }
    }
    return { kind: 'action', pipeline: this.pipeline(words, 'command') };
  }

  private control(kind: 'if' | 'with' | 'range', words: readonly Token[]): Node {
    const pipeline = this.pipeline(words, kind);
    const { end, nodes: body } = this.list();
    if (end.word === 'eof') this.fail('unexpected EOF');
    if (end.word === 'end') return { kind, pipeline, body, otherwise: [] };
    const [next] = end.rest;
    if (next?.kind === 'word' && (next.text === 'if' || next.text === 'with')) return { kind, pipeline, body, otherwise: [this.control(next.text, end.rest.slice(1))] };
    const other = this.list();
    if (other.end.word !== 'end') this.fail(other.end.word === 'eof' ? 'unexpected EOF' : 'expected end; found {{else}}');
    return { kind, pipeline, body, otherwise: other.nodes };
  }

  private define(kind: 'define' | 'block', words: readonly Token[]): Node | undefined {
    const position = words.findIndex((one) => one.kind === 'string');
    const name = words[position]?.value ?? this.fail(`unexpected token in ${kind} clause`);
    const { end, nodes } = this.list();
    if (end.word !== 'end') this.fail('unexpected EOF');
    this.defined.set(name, nodes);
    return kind === 'define' ? undefined : { kind: 'template', name, pipeline: this.pipeline(words.slice(position + 1), 'block clause') };
  }

  private pipeline(words: readonly Token[], where: string): Pipeline {
    let tokens = words.filter(({ kind }, index) => kind !== 'space' || (index > 0 && index < words.length - 1));
    const declares: string[] = [];
    let assigns = false;
    const declaration = /^((?:\$\w*)(?:\s*,\s*\$\w*)?)\s*(:=|=)/.exec(tokens.map(({ text }) => text).join(''));
    if (declaration) {
      for (const name of (declaration[1] as string).split(',')) declares.push(name.trim());
      assigns = declaration[2] === '=';
      tokens = tokens.slice(tokens.findIndex(({ kind, text }) => kind === 'operator' && (text === ':=' || text === '=')) + 1);
    }
    const commands: Call[] = [];
    let current: Expression[] = [];
    let from = 0;
    const finish = (to: number) => {
      const own = tokens.slice(from, to);
      const source = own.map(({ text }, index) => (tokens[from + index]?.kind === 'field' ? `.${text}` : text)).join('').trim();
      commands.push({ operands: current, source, line: this.line, column: own.find(({ kind }) => kind !== 'space')?.column ?? 0 });
      current = [];
      from = to + 1;
    };
    for (let i = 0; i < tokens.length; ) {
      const one = tokens[i] as Token;
      if (one.kind === 'space') i += 1;
      else if (one.kind === 'operator' && one.text === '|') {
        if (current.length === 0) this.fail('missing value for command');
        finish(i);
        i += 1;
      } else {
        const { expression, next } = this.operand(tokens, i);
        current.push(expression);
        i = next;
      }
    }
    if (current.length > 0) finish(tokens.length);
    else if (commands.length > 0 || where === 'command') this.fail('missing value for command');
    if (commands.length === 0) this.fail(`missing value for ${where}`);
    return { declares, assigns, commands };
  }

  private operand(tokens: readonly Token[], from: number): { expression: Expression; next: number } {
    const first = tokens[from] as Token;
    let expression = this.term(first);
    let next = from + 1;
    if (first.kind === 'operator' && first.text === '(') {
      let depth = 1;
      while (next < tokens.length && depth > 0) {
        const { kind, text } = tokens[next] as Token;
        if (kind === 'operator' && text === '(') depth += 1;
        if (kind === 'operator' && text === ')') depth -= 1;
        next += 1;
      }
      if (depth > 0) this.fail('unclosed left paren');
      expression = { kind: 'pipeline', pipeline: this.pipeline(tokens.slice(from + 1, next - 1), 'parenthesized pipeline') };
    } else if (first.kind === 'operator') this.fail(first.text === ')' ? 'unexpected right paren' : `unexpected ${JSON.stringify(first.text)} in operand`);
    const path: string[] = first.kind === 'field' ? [first.text] : [];
    while (tokens[next]?.kind === 'field') path.push((tokens[next++] as Token).text);
    if (path.length > 0) expression = { kind: 'fields', of: first.kind === 'field' ? { kind: 'dot' } : expression, path };
    return { expression, next };
  }

  private term({ kind, text, value }: Token): Expression {
    switch (kind) {
      case 'string':
        return { kind: 'constant', value };
      case 'char':
        return { kind: 'constant', value: (value as string).codePointAt(0) };
      case 'number':
        return { kind: 'constant', value: Number(text.replaceAll('_', '')), isFloat: /[.eE]/.test(text) && !/^0[xX]/.test(text) };
      case 'variable':
        return { kind: 'variable', name: text };
      case 'word':
        if (text === 'true' || text === 'false') return { kind: 'constant', value: text === 'true' };
        if (text === 'nil') return { kind: 'nil' };
        if (!this.functions.has(text)) this.fail(`function ${JSON.stringify(text)} not defined`);
        return { kind: 'function', name: text };
      default:
        return { kind: 'dot' };
    }
  }
}

/** Reads a template that may call these functions. Throws TemplateError. */
export function parseGoTemplate(text: string, functions: ReadonlySet<string>): Template {
  const parser = new Parser(split(text), functions);
  const { end, nodes } = parser.list();
  if (end.word !== 'eof') parser.fail(`unexpected {{${end.word}}}`);
  return { nodes, defined: parser.defined };
}
