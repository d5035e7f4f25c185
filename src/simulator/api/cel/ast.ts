/** An expression. `at` is the index in the text that errors point to. */
export type Expr =
  | { readonly kind: 'literal'; readonly at: number; readonly value: unknown; readonly type: 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'bool' | 'null_type' }
  | { readonly kind: 'ident'; readonly at: number; readonly name: string; readonly rooted?: boolean }
  | { readonly kind: 'select'; readonly at: number; readonly operand: Expr; readonly field: string; readonly test: boolean; readonly optional: boolean }
  | { readonly kind: 'call'; readonly at: number; readonly name: string; readonly target: Expr | undefined; readonly args: readonly Expr[] }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Entry[] }
  | { readonly kind: 'map'; readonly at: number; readonly entries: readonly { readonly key: Expr; readonly value: Entry }[] }
  | { readonly kind: 'struct'; readonly at: number; readonly name: string; readonly fields: readonly { readonly name: string; readonly value: Entry; readonly at: number }[] }
  | Comprehension;

/** A value in a list, map or message; an optional one is left out when it is empty. */
export interface Entry {
  readonly expr: Expr;
  readonly optional: boolean;
}

/** A macro over the elements of a list or the keys of a map. */
export interface Comprehension {
  readonly kind: 'comprehension';
  readonly at: number;
  readonly macro: 'all' | 'exists' | 'exists_one' | 'map' | 'filter' | 'transformList' | 'transformMap' | 'transformMapEntry' | 'optMap' | 'optFlatMap';
  readonly range: Expr;
  /** One variable, or index (key) and value. */
  readonly variables: readonly string[];
  readonly filter: Expr | undefined;
  readonly body: Expr;
}
