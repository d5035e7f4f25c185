import type { Node } from './ast';
import { ShellSyntaxError } from './lexer';
import { Parser } from './parser';

/** A script's commands as far as they have been parsed; parsing goes on when more are asked for. */
export class ParsedScript {
  private readonly nodes: Node[] = [];
  private readonly parser: Parser;
  private error: ShellSyntaxError | undefined;
  private complete = false;

  /** Nothing follows the last command, not even a newline: ash then lets a program take the shell's place. */
  readonly endsAbruptly: boolean;

  constructor(text: string, firstLine: number) {
    this.parser = new Parser(text, firstLine);
    this.endsAbruptly = !text.endsWith('\n');
  }

  /** Command number `index`; undefined after the last. Throws ShellSyntaxError where the text is wrong. */
  at(index: number): Node | undefined {
    while (index >= this.nodes.length && !this.complete) {
      if (this.error) throw this.error;
      try {
        const node = this.parser.next();
        if (node) this.nodes.push(node);
        else this.complete = true;
      } catch (error) {
        if (error instanceof ShellSyntaxError) this.error = error;
        throw error;
      }
    }
    return this.nodes[index];
  }

  /** Whether command number `index` is known to be the last: what is wrong after it shows only when it is reached. */
  hasNoMore(index: number): boolean {
    try {
      return this.at(index + 1) === undefined;
    } catch (error) {
      if (error instanceof ShellSyntaxError) return false;
      throw error;
    }
  }
}

const cache = new Map<string, ParsedScript>();
const cacheLimit = 400;

/** The script of a text: parsed once however often and wherever it runs. */
export function parseScript(text: string, firstLine = 1): ParsedScript {
  const key = `${firstLine}:${text}`;
  let script = cache.get(key);
  if (!script) {
    script = new ParsedScript(text, firstLine);
    cache.delete(cache.size >= cacheLimit ? (cache.keys().next().value as string) : '');
    cache.set(key, script);
  }
  return script;
}
