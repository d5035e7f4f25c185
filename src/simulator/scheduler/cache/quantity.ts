import { parseQuantity } from '../../api';

const millis = new Map<string, number>();
const wholes = new Map<string, number>();
const capacity = 10_000;

function cached(cache: Map<string, number>, text: string, read: (text: string) => number): number {
  let value = cache.get(text);
  if (value === undefined) {
    value = read(text);
    if (cache.size >= capacity) cache.clear();
    cache.set(text, value);
  }
  return value;
}

/** In thousandths, rounded up: CPUs. */
export const milliValue = (quantity: string | undefined): number => (quantity === undefined ? 0 : cached(millis, quantity, (text) => parseQuantity(text).milliValue()));

/** In whole units, rounded up: bytes, counts. */
export const wholeValue = (quantity: string | undefined): number => (quantity === undefined ? 0 : cached(wholes, quantity, (text) => parseQuantity(text).value()));
