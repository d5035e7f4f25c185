import { int } from './functions';
import { Bytes, CelDuration, CelError, equals, isMapLike, listItems, lookup, none, Optional, order, Timestamp, Uint } from './values';

const noOverload = () => new CelError('no such overload');

function integers(name: string, a: bigint, b: bigint): bigint {
  switch (name) {
    case '_+_': return a + b;
    case '_-_': return a - b;
    case '_*_': return a * b;
    default:
      if (b === 0n) throw new CelError(name === '_/_' ? 'division by zero' : 'modulus by zero');
      return name === '_/_' ? a / b : a % b;
  }
}

function doubles(name: string, a: number, b: number): number {
  switch (name) {
    case '_+_': return a + b;
    case '_-_': return a - b;
    case '_*_': return a * b;
    case '_/_': return a / b;
    default: throw noOverload();
  }
}

function times(name: string, a: unknown, b: unknown): unknown {
  const sign = name === '_-_' ? -1n : 1n;
  if (a instanceof CelDuration && b instanceof CelDuration) return new CelDuration(a.nanoseconds + sign * b.nanoseconds);
  if (a instanceof Timestamp && b instanceof CelDuration) return new Timestamp(a.nanoseconds + sign * b.nanoseconds);
  if (a instanceof CelDuration && b instanceof Timestamp && name === '_+_') return new Timestamp(a.nanoseconds + b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Timestamp && name === '_-_') return new CelDuration(a.nanoseconds - b.nanoseconds);
  throw noOverload();
}

/** + - * / % */
export function arithmetic(name: string, a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int(integers(name, a, b));
  if (typeof a === 'number' && typeof b === 'number') return doubles(name, a, b);
  if (a instanceof Uint && b instanceof Uint) {
    const value = integers(name, a.value, b.value);
    if (value < 0n || value > 18446744073709551615n) throw new CelError('unsigned integer overflow');
    return new Uint(value);
  }
  if (name === '_+_') {
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    const [left, right] = [listItems(a), listItems(b)];
    if (left && right) return [...left, ...right];
    if (a instanceof Bytes && b instanceof Bytes) return new Bytes(Uint8Array.from([...a.value, ...b.value]));
  }
  if (name === '_+_' || name === '_-_') return times(name, a, b);
  throw noOverload();
}

/** < <= > >= */
export function comparison(name: string, a: unknown, b: unknown): boolean {
  const result = order(a, b);
  if (result === undefined) throw noOverload();
  if (name === '_<_') return result < 0;
  if (name === '_<=_') return result <= 0;
  return name === '_>_' ? result > 0 : result >= 0;
}

/** Whether a list holds a value or a map a key. */
export function isIn(item: unknown, container: unknown): boolean {
  const items = listItems(container);
  if (items) return items.some((candidate) => equals(candidate, item));
  if (isMapLike(container)) return lookup(container, item) !== undefined;
  throw noOverload();
}

const shown = (key: unknown) => (key instanceof Uint ? key.value.toString() : String(key));

/** a[b], or an optional for a[?b]. */
export function indexed(container: unknown, key: unknown, optional: boolean): unknown {
  if (container instanceof Optional) {
    if (container === none) return none;
    return indexed(container.value, key, true);
  }
  const items = listItems(container);
  if (items) {
    const at = typeof key === 'bigint' ? Number(key) : key instanceof Uint ? Number(key.value) : typeof key === 'number' && Number.isInteger(key) ? key : undefined;
    if (at === undefined) throw new CelError(`unsupported index type '${typeof key}' in list`);
    if (at < 0 || at >= items.length) {
      if (optional) return none;
      throw new CelError(`index out of bounds: ${at}`);
    }
    return optional ? new Optional(items[at]) : items[at];
  }
  if (!isMapLike(container)) throw noOverload();
  const value = lookup(container, key);
  if (optional) return value === undefined ? none : new Optional(value);
  if (value === undefined) throw new CelError(`no such key: ${shown(key)}`);
  return value;
}

/** -a */
export function negated(value: unknown): unknown {
  if (typeof value === 'bigint') return int(-value);
  if (typeof value === 'number') return -value;
  if (value instanceof CelDuration) return new CelDuration(-value.nanoseconds);
  throw noOverload();
}
