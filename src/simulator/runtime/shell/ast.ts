/** What the parser makes of a script. All of it is plain, frozen by convention, and shared by everybody who runs the text. */

/** A piece of a word. `quoted`: it stood in quotes, so it is neither split nor a pattern. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | ParameterPart
  | { readonly kind: 'command'; readonly script: readonly Node[]; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly parts: readonly Part[]; readonly quoted: boolean }
  | { readonly kind: 'tilde'; readonly user: string; readonly quoted: false };

export interface ParameterPart {
  readonly kind: 'parameter';
  readonly name: string;
  readonly quoted: boolean;
  /** '-', '=', '?', '+' with or without a colon; '%', '%%', '#', '##'; '/', '//'; ':' for a substring; 'length'; 'bad' for what is none. */
  readonly operator?: string;
  readonly word?: readonly Part[];
  /** The replacement of '/', the length of ':'. */
  readonly second?: readonly Part[];
}

export interface Word {
  readonly parts: readonly Part[];
  /** Its value when nothing in it is ever expanded. */
  readonly constant?: string;
  /** Something in it runs a command. */
  readonly runs: boolean;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export interface Redirect {
  readonly fd: number;
  readonly operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '<<' | '&>';
  readonly target: Word;
  /** The text of a here-document once it is read. */
  body?: Word;
}

export interface SimpleCommand {
  readonly type: 'simple';
  readonly line: number;
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  /** Their values when nothing in them is ever expanded. */
  readonly constant: readonly string[] | undefined;
  readonly redirects: readonly Redirect[];
}

export type Node =
  | SimpleCommand
  | { readonly type: 'pipeline'; readonly negated: boolean; readonly commands: readonly Node[] }
  | { readonly type: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly type: 'list'; readonly items: readonly { readonly node: Node; readonly background: boolean; readonly source: string }[] }
  | { readonly type: 'if'; readonly branches: readonly { readonly condition: Node; readonly body: Node }[]; readonly otherwise?: Node }
  | { readonly type: 'while'; readonly until: boolean; readonly condition: Node; readonly body: Node }
  | { readonly type: 'for'; readonly line: number; readonly name: string; readonly words?: readonly Word[]; readonly body: Node }
  | { readonly type: 'case'; readonly line: number; readonly word: Word; readonly clauses: readonly { readonly patterns: readonly Word[]; readonly body?: Node }[] }
  | { readonly type: 'subshell'; readonly body: Node }
  | { readonly type: 'group'; readonly body: Node }
  | { readonly type: 'function'; readonly name: string; readonly body: Node }
  | { readonly type: 'redirected'; readonly line: number; readonly node: Node; readonly redirects: readonly Redirect[] };
