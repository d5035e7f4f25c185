import type { DuplicateKey } from '../json';

/** Why a value does not fit its type, in the words of Go's decoder. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** Where the decoder is and what it has found wrong so far. */
export class DecodeContext {
  /** Unknown and duplicate fields, in the order in which they stand in the text. */
  readonly strict: string[] = [];
  /** The first value of a wrong type: reading goes on, as Go's does, and this is thrown at the end. */
  failed: DecodeError | undefined;
  /** The struct that holds the field being read, and the names of the fields on the way there. */
  struct = '';
  readonly path: string[] = [];
  /** The same way with indexes and map keys, as strict errors show it. */
  readonly place: string[] = [];
  /** Whether an empty optional list or map was kept. */
  empties = false;

  constructor(
    private readonly duplicates: ReadonlyMap<object, readonly DuplicateKey[]> | undefined,
    private readonly reportUnknown: boolean,
    readonly keepsEmpty = false,
  ) {}

  duplicatesOf(object: object): readonly DuplicateKey[] | undefined {
    return this.duplicates?.get(object);
  }

  unknown(key: string): void {
    if (this.reportUnknown) this.report(`unknown field "${this.placeOf(key)}"`);
  }

  duplicate(key: string): void {
    this.report(`duplicate field "${this.placeOf(key)}"`);
  }

  private report(message: string): void {
    if (!this.strict.includes(message)) this.strict.push(message);
  }

  private placeOf(key: string): string {
    let out = '';
    for (const part of [...this.place, key]) out += out === '' || part.startsWith('[') ? part : `.${part}`;
    return out;
  }

  private mismatchError(what: string, goType: string): DecodeError {
    const where = this.path.length === 0 ? 'Go value' : `Go struct field ${this.struct}.${this.path.join('.')}`;
    return new DecodeError(`json: cannot unmarshal ${what} into ${where} of type ${goType}`);
  }

  /** A value of a wrong type; reading goes on. */
  mismatch(what: string, goType: string): void {
    this.failed ??= this.mismatchError(what, goType);
  }

  /** A value of a wrong type for a Go type that reads itself: reading ends. */
  abort(what: string, goType: string): never {
    throw this.mismatchError(what, goType);
  }
}

/** What Go calls a JSON value in an error. */
export function kindOfValue(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string': return 'string';
    case 'boolean': return 'bool';
    case 'number': return 'number';
    default: return value !== null && typeof value === 'object' && 'text' in value && value.constructor !== Object ? 'number' : 'object';
  }
}
