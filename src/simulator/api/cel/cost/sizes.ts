/** How large a value of a schema can be, and what is in it: what an estimate begins with. */
export interface SizedValue {
  readonly kind: 'text' | 'list' | 'map' | 'other';
  /** The most characters (bytes, items, entries) that it has; 0 for what has no size. */
  readonly size: number;
  /** A field of an object. */
  field(name: string): SizedValue | undefined;
  /** An item of a list, a value of a map. */
  readonly element: SizedValue | undefined;
}
