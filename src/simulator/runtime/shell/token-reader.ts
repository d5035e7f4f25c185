import { Lexer, ShellSyntaxError, type Token } from './lexer';

/** Words that mean something where a command may begin. */
export const reserved = new Set(['!', '{', '}', 'if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac', 'in', 'function']);

/** The lexer's tokens, one of them looked at ahead. */
export abstract class TokenReader extends Lexer {
  protected token: Token | undefined;

  /** How much of the text has not been used yet. */
  get left(): number {
    return this.text.length - (this.token?.start ?? this.position);
  }

  protected peek(): Token {
    return (this.token ??= this.readToken());
  }

  protected advance(): Token {
    const token = this.peek();
    this.token = undefined;
    return token;
  }

  protected isOperator(text: string): boolean {
    const token = this.peek();
    return token.type === 'operator' && token.text === text;
  }

  protected isWord(text: string): boolean {
    const token = this.peek();
    return token.type === 'word' && token.plain === text;
  }

  protected unexpected(expecting?: string): never {
    const token: Token = this.peek();
    let what: string;
    if (token.type === 'end') what = 'end of file';
    else if (token.type === 'newline') what = 'newline';
    else if (token.type === 'redirect') what = 'redirection';
    else if (token.type === 'operator') what = `"${token.text}"`;
    else what = token.type === 'word' && token.plain !== undefined && reserved.has(token.plain) ? `"${token.plain}"` : 'word';
    throw new ShellSyntaxError(`unexpected ${what}${expecting ? ` (expecting "${expecting}")` : ''}`, token.line, token.type === 'end');
  }

  protected expectWord(text: string): void {
    if (!this.isWord(text)) this.unexpected(text);
    this.advance();
  }

  protected skipNewlines(): void {
    while (this.peek().type === 'newline') this.advance();
  }
}
