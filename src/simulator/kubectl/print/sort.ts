import { parseQuantity, QuantityError } from '../../api';
import { compareText, isFields } from '../fields';
import { relaxedPath, valuesAt } from './jsonpath';

/** Text order in which digits count as numbers: a2 before a10. */
function naturalCompare(a: string, b: string): number {
  const pieces = (text: string) => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [pieces(a), pieces(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i] as string, right[i] as string];
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y)) return Number(x) - Number(y) || x.length - y.length;
    return compareText(x, y);
  }
  return left.length - right.length;
}

function asQuantity(text: string): number | undefined {
  try {
    return parseQuantity(text).toNumber();
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') {
    const [x, y] = [asQuantity(a), asQuantity(b)];
    return x !== undefined && y !== undefined ? x - y : naturalCompare(a, b);
  }
  if (isFields(a) || isFields(b)) return 0;
  return naturalCompare(String(a), String(b));
}

/** Rows ordered by what a path finds in them, those without it first; undefined when no row has it. Throws for paths that are none. */
export function sortObjects<T>(rows: readonly T[], path: string, of: (row: T) => unknown): T[] | undefined {
  const find = valuesAt(relaxedPath(path));
  const keyed = rows.map((row) => ({ row, values: find(of(row)) }));
  if (keyed.every(({ values }) => values.length === 0)) return undefined;
  const out: typeof keyed = [];
  for (const one of keyed) {
    let at = out.length;
    while (at > 0 && isLess(one.values, (out[at - 1] as typeof one).values)) at -= 1;
    out.splice(at, 0, one);
  }
  return out.map(({ row }) => row);
}

const isLess = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === 0 || (b.length > 0 && compare(a[0], b[0]) < 0);
