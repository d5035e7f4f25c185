import type { Assignment, Node, Part, Redirect, Word } from './ast';
import { constantOf, type Lexer, makeWord, ShellSyntaxError } from './lexer';
import { tildes } from './tildes';
import { reserved, TokenReader } from './token-reader';

export { ShellSyntaxError } from './lexer';

/** Words that begin no command. */
const closers = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}', 'in']);
const assignmentPattern = /^[A-Za-z_][A-Za-z0-9_]*=/;
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A recursive-descent parser of the POSIX shell language with ash's extensions. It gives one complete command at a time. */
export class Parser extends TokenReader {
  /** Aliases that are not looked up again in their own text: until so much of the script is left. */
  private guards: { name: string; rest: number }[] = [];

  constructor(text: string, firstLine = 1, private readonly aliases?: ReadonlyMap<string, string>) {
    super(text, firstLine);
  }

  /** The next complete command, up to its newline; undefined at the end. Throws ShellSyntaxError. */
  next(): Node | undefined {
    for (;;) {
      const token = this.peek();
      if (token.type === 'newline') this.advance();
      else if (token.type === 'end') return undefined;
      else break;
    }
    const node = this.list(false);
    const end = this.peek();
    if (end.type === 'newline') this.advance();
    else if (end.type !== 'end') this.unexpected();
    return node;
  }

  /** All that is left. */
  all(): Node[] {
    const nodes: Node[] = [];
    for (let node = this.next(); node; node = this.next()) nodes.push(node);
    return nodes;
  }

  protected substitution(): readonly Node[] {
    const outer = this.token;
    this.token = undefined;
    const pending = this.pending;
    this.pending = [];
    const nodes: Node[] = [];
    for (;;) {
      this.skipNewlines();
      if (this.isOperator(')')) break;
      if (this.peek().type === 'end') this.unexpected(')');
      nodes.push(this.list(true));
      if (!this.isOperator(')')) {
        const token = this.peek();
        if (token.type !== 'newline') this.unexpected(')');
      }
    }
    // the parenthesis is the last token read: the position stands right after it
    this.token = outer;
    this.pending = pending;
    return nodes;
  }

  protected nested(text: string): readonly Node[] {
    return new Parser(text, this.line, this.aliases).all();
  }

  protected inner(text: string): Lexer {
    return new Parser(text, this.line, this.aliases);
  }

  /** A list of and-or lists; over several lines inside compound commands. */
  private list(manyLines: boolean): Node {
    const items: { node: Node; background: boolean; source: string }[] = [];
    if (manyLines) this.skipNewlines();
    for (;;) {
      const start = this.peek().start;
      const node = this.andOr();
      const source = this.text.slice(start, this.peek().start).trim();
      let background = false;
      let more = false;
      if (this.isOperator('&') || this.isOperator(';')) {
        background = this.isOperator('&');
        this.advance();
        more = true;
      }
      items.push({ node, background, source });
      if (manyLines && this.peek().type === 'newline') {
        this.skipNewlines();
        more = true;
      }
      if (!more || this.endsList()) break;
    }
    const [only] = items;
    return items.length === 1 && only && !only.background ? only.node : { type: 'list', items };
  }

  private endsList(): boolean {
    const token = this.peek();
    if (token.type === 'end' || token.type === 'newline') return true;
    if (token.type === 'operator') return token.text === ')' || token.text === ';;';
    return token.type === 'word' && token.plain !== undefined && closers.has(token.plain) && token.plain !== 'in';
  }

  private andOr(): Node {
    let left = this.pipeline();
    for (;;) {
      const type = this.isOperator('&&') ? 'and' : this.isOperator('||') ? 'or' : undefined;
      if (!type) return left;
      this.advance();
      this.skipNewlines();
      left = { type, left, right: this.pipeline() };
    }
  }

  private pipeline(): Node {
    let negated = false;
    while (this.isWord('!')) {
      this.advance();
      negated = !negated;
    }
    const commands = [this.command()];
    while (this.isOperator('|')) {
      this.advance();
      this.skipNewlines();
      commands.push(this.command());
    }
    const [only] = commands;
    return commands.length === 1 && !negated ? (only as Node) : { type: 'pipeline', negated, commands };
  }

  private command(): Node {
    this.expandAlias();
    const token = this.peek();
    if (token.type === 'word' && token.plain !== undefined) {
      const compound = this.compound(token.plain);
      if (compound) return this.withRedirects(compound);
      if (closers.has(token.plain) && token.plain !== 'in') this.unexpected();
    }
    if (this.isOperator('(')) {
      this.advance();
      const body = this.list(true);
      if (!this.isOperator(')')) this.unexpected(')');
      this.advance();
      return this.withRedirects({ type: 'subshell', body });
    }
    return this.simple();
  }

  private compound(word: string): Node | undefined {
    switch (word) {
      case '{': {
        this.advance();
        const body = this.list(true);
        this.expectWord('}');
        return { type: 'group', body };
      }
      case 'if':
        return this.ifClause();
      case 'while':
      case 'until': {
        this.advance();
        const condition = this.list(true);
        return { type: 'while', until: word === 'until', condition, body: this.doGroup() };
      }
      case 'for':
        return this.forClause();
      case 'case':
        return this.caseClause();
      case 'function':
        return this.functionKeyword();
      default:
        return undefined;
    }
  }

  private doGroup(): Node {
    this.expectWord('do');
    const body = this.list(true);
    this.expectWord('done');
    return body;
  }

  private ifClause(): Node {
    const branches: { condition: Node; body: Node }[] = [];
    let otherwise: Node | undefined;
    this.advance();
    for (;;) {
      const condition = this.list(true);
      this.expectWord('then');
      branches.push({ condition, body: this.list(true) });
      if (this.isWord('elif')) {
        this.advance();
        continue;
      }
      if (this.isWord('else')) {
        this.advance();
        otherwise = this.list(true);
      }
      this.expectWord('fi');
      return { type: 'if', branches, ...(otherwise ? { otherwise } : {}) };
    }
  }

  private forClause(): Node {
    const { line } = this.advance();
    const token = this.peek();
    if (token.type !== 'word' || token.plain === undefined || !namePattern.test(token.plain)) throw new ShellSyntaxError('bad for loop variable', token.line, token.type === 'end');
    this.advance();
    this.skipNewlines();
    let words: Word[] | undefined;
    if (this.isWord('in')) {
      this.advance();
      words = [];
      for (let next = this.peek(); next.type === 'word'; next = this.peek()) {
        words.push(next.word);
        this.advance();
      }
      if (!this.isOperator(';') && this.peek().type !== 'newline') this.unexpected();
      this.advance();
    } else if (this.isOperator(';')) this.advance();
    this.skipNewlines();
    return { type: 'for', line, name: token.plain, ...(words ? { words } : {}), body: this.doGroup() };
  }

  private caseClause(): Node {
    const { line } = this.advance();
    const token = this.advance();
    if (token.type !== 'word') {
      this.token = token;
      this.unexpected();
    }
    this.skipNewlines();
    this.expectWord('in');
    const clauses: { patterns: Word[]; body?: Node }[] = [];
    for (;;) {
      this.skipNewlines();
      if (this.isWord('esac')) break;
      if (this.isOperator('(')) this.advance();
      const patterns: Word[] = [];
      for (;;) {
        const pattern = this.peek();
        if (pattern.type !== 'word') this.unexpected(pattern.type === 'end' ? ')' : undefined);
        else patterns.push(pattern.word);
        this.advance();
        if (!this.isOperator('|')) break;
        this.advance();
      }
      if (!this.isOperator(')')) this.unexpected(')');
      this.advance();
      this.skipNewlines();
      const body = this.isOperator(';;') || this.isWord('esac') ? undefined : this.list(true);
      clauses.push({ patterns, ...(body ? { body } : {}) });
      this.skipNewlines();
      if (this.isOperator(';;')) this.advance();
      else if (!this.isWord('esac')) this.unexpected(';;');
    }
    this.advance();
    return { type: 'case', line, word: token.word, clauses };
  }

  private functionKeyword(): Node {
    this.advance();
    const token = this.advance();
    if (token.type !== 'word' || token.plain === undefined) throw new ShellSyntaxError('bad function name', token.line);
    if (this.isOperator('(')) {
      this.advance();
      if (!this.isOperator(')')) this.unexpected(')');
      this.advance();
    }
    this.skipNewlines();
    return { type: 'function', name: token.plain, body: this.command() };
  }

  private withRedirects(node: Node): Node {
    const { line } = this.peek();
    const redirects: Redirect[] = [];
    while (this.peek().type === 'redirect') redirects.push(this.redirect());
    const token = this.peek();
    if (token.type === 'word') this.unexpected();
    return redirects.length > 0 ? { type: 'redirected', line, node, redirects } : node;
  }

  private redirect(): Redirect {
    const token = this.advance();
    const target = this.peek();
    if (token.type !== 'redirect' || target.type !== 'word') this.unexpected();
    this.token = undefined;
    const redirect: Redirect = { ...token.redirect, target: target.word };
    if (token.redirect.operator === '<<') {
      const quoted = target.word.parts.some((part) => part.quoted);
      const end = target.word.parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'parameter' ? `$${part.name}` : '')).join('');
      this.pending.push({ redirect, strip: token.strip, end, quoted });
    }
    return redirect;
  }

  private simple(): Node {
    const { line } = this.peek();
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      if (words.length === 0) this.expandAlias();
      const token = this.peek();
      if (token.type === 'redirect') {
        redirects.push(this.redirect());
        continue;
      }
      if (token.type !== 'word') break;
      const assignment = words.length === 0 ? this.assignment(token.word) : undefined;
      this.advance();
      if (assignment) assignments.push(assignment);
      else {
        words.push(token.word);
        if (words.length === 1 && assignments.length === 0 && redirects.length === 0 && token.plain !== undefined && this.isOperator('(')) return this.functionBody(token.plain);
      }
    }
    if (this.isOperator('(')) this.unexpected();
    if (words.length === 0 && assignments.length === 0 && redirects.length === 0) this.unexpected();
    return { type: 'simple', line, assignments, words, constant: constantOf(words), redirects };
  }

  private functionBody(name: string): Node {
    this.advance();
    if (!this.isOperator(')')) this.unexpected(')');
    if (!namePattern.test(name) && !/^[^$'"\\=]+$/.test(name)) throw new ShellSyntaxError('bad function name', this.line);
    this.advance();
    this.skipNewlines();
    return { type: 'function', name, body: this.command() };
  }

  private assignment(word: Word): Assignment | undefined {
    const [first] = word.parts;
    if (first?.kind !== 'text' || first.quoted) return undefined;
    const match = assignmentPattern.exec(first.text);
    if (!match) return undefined;
    const rest = first.text.slice(match[0].length);
    const parts: Part[] = [...tildes(rest), ...word.parts.slice(1)];
    return { name: match[0].slice(0, -1), value: makeWord(parts) };
  }

  /** Replaces an alias at the place of a command name by its text. */
  private expandAlias(): void {
    const token = this.peek();
    if (!this.aliases || token.type !== 'word' || token.plain === undefined) return;
    const name = token.plain;
    const value = this.aliases.get(name);
    const left = this.text.length - token.start;
    this.guards = this.guards.filter((guard) => left > guard.rest);
    if (value === undefined || reserved.has(name) || this.guards.some((guard) => guard.name === name)) return;
    const rest = this.text.slice(this.position);
    this.guards.push({ name, rest: rest.length });
    // What has been read stays in its place: a word around a command substitution is still being read.
    Object.assign(this, { text: `${this.text.slice(0, token.start)}${value}${rest}`, position: token.start, token: undefined });
  }
}
