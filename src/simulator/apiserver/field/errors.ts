import type { Path } from './path';
import { quoteText, quoteValue } from './quote';

/** What is wrong with one field, in the words of k8s.io field errors; `invalid` of ../errors makes the Status. */
export interface FieldError {
  readonly type: 'FieldValueRequired' | 'FieldValueInvalid' | 'FieldValueNotSupported' | 'FieldValueDuplicate' | 'FieldValueForbidden' | 'FieldValueTooLong' | 'FieldValueTooMany' | 'FieldValueNotFound' | 'InternalError' | 'FieldValueTypeInvalid';
  /** spec.containers[0].image */
  readonly field: string;
  /** As causes show it: `Invalid value: "x": must be …` */
  readonly message: string;
}

const withDetail = (text: string, detail: string): string => (detail === '' ? text : `${text}: ${detail}`);

/** Collects field errors in the order in which they are found. */
export class Errors {
  readonly list: FieldError[] = [];

  get length(): number {
    return this.list.length;
  }

  /** The field must be there. */
  required(path: Path, detail = ''): void {
    this.add('FieldValueRequired', path, withDetail('Required value', detail));
  }

  /** The value has the right type and is wrong. */
  invalid(path: Path, value: unknown, detail: string): void {
    this.add('FieldValueInvalid', path, withDetail(`Invalid value: ${quoteValue(value)}`, detail));
  }

  /** One invalid() for each reason. */
  invalidEach(path: Path, value: unknown, reasons: readonly string[]): void {
    for (const reason of reasons) this.invalid(path, value, reason);
  }

  /** The value is none of the few that there are. `supported` is shown as given. */
  notSupported(path: Path, value: unknown, supported: readonly string[]): void {
    const list = supported.length === 0 ? '' : `supported values: ${supported.map(quoteText).join(', ')}`;
    this.add('FieldValueNotSupported', path, withDetail(`Unsupported value: ${quoteValue(value)}`, list));
  }

  /** The value was there before. */
  duplicate(path: Path, value: unknown, detail = ''): void {
    this.add('FieldValueDuplicate', path, withDetail(`Duplicate value: ${quoteValue(value)}`, detail));
  }

  /** What the value refers to is not there. */
  notFound(path: Path, value: unknown): void {
    this.add('FieldValueNotFound', path, `Not found: ${quoteValue(value)}`);
  }

  /** The field may not be set here. */
  forbidden(path: Path, detail: string): void {
    this.add('FieldValueForbidden', path, withDetail('Forbidden', detail));
  }

  /** The text has more than `limit` bytes (or characters, by `unit`). */
  tooLong(path: Path, limit: number, unit = 'bytes'): void {
    this.add('FieldValueTooLong', path, limit >= 0 ? `Too long: may not be more than ${limit} ${unit}` : 'Too long: value is too long');
  }

  /** The list has `actual` items of at most `limit`. */
  tooMany(path: Path, actual: number, limit: number): void {
    const items = limit === 1 ? 'item' : 'items';
    this.add('FieldValueTooMany', path, `Too many: ${actual}: must have at most ${limit} ${items}`);
  }

  /** The server itself could not tell. */
  internal(path: Path, message: string): void {
    this.add('InternalError', path, withDetail('Internal error', message));
  }

  private add(type: FieldError['type'], path: Path, message: string): void {
    this.list.push({ type, field: path.toString(), message });
  }
}
