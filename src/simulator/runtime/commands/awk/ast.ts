/** An expression of awk. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'element'; readonly name: string; readonly index: readonly Expression[] }
  | { readonly kind: 'field'; readonly index: Expression }
  | { readonly kind: 'assign'; readonly operator: string; readonly target: Expression; readonly value: Expression }
  | { readonly kind: 'step'; readonly by: 1 | -1; readonly after: boolean; readonly target: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'unary'; readonly operator: string; readonly value: Expression }
  | { readonly kind: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'in'; readonly name: string; readonly index: readonly Expression[] }
  | { readonly kind: 'match'; readonly negated: boolean; readonly value: Expression; readonly pattern: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly builtin: boolean; readonly values: readonly Expression[] }
  | { readonly kind: 'getline'; readonly target: Expression | undefined; readonly file: Expression | undefined; readonly command: Expression | undefined }
  | { readonly kind: 'group'; readonly values: readonly Expression[] };

/** A statement of awk. */
export type Statement =
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'print'; readonly formatted: boolean; readonly values: readonly Expression[]; readonly redirect: { readonly operator: string; readonly target: Expression } | undefined }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'if'; readonly test: Expression; readonly yes: Statement; readonly no: Statement | undefined }
  | { readonly kind: 'while'; readonly test: Expression; readonly body: Statement; readonly first: boolean }
  | { readonly kind: 'for'; readonly start: Statement | undefined; readonly test: Expression | undefined; readonly step: Statement | undefined; readonly body: Statement }
  | { readonly kind: 'for-in'; readonly variable: string; readonly name: string; readonly body: Statement }
  | { readonly kind: 'jump'; readonly to: 'break' | 'continue' | 'next' | 'nextfile' }
  | { readonly kind: 'exit' | 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'delete'; readonly name: string; readonly index: readonly Expression[] | undefined };

export interface Rule {
  readonly pattern: 'BEGIN' | 'END' | Expression | undefined;
  readonly end: Expression | undefined;
  readonly body: Statement | undefined;
  active?: boolean;
}

export interface AwkFunction {
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}

/** Whether a function's body makes an array of this parameter, so that what is given for it becomes one. */
export function usesAsArray(body: Statement, name: string): boolean {
  const text = JSON.stringify(body);
  return text.includes(`"kind":"element","name":"${name}"`) || text.includes(`"name":"${name}","body"`) || text.includes(`"kind":"in","name":"${name}"`) || text.includes(`"kind":"delete","name":"${name}"`) || text.includes(`"name":"split"`);
}
