const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};
const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;
const cache = new Map<string, number>();

/** A quantity as a number; what is not one counts as 0. */
function parse(quantity: string): number {
  const match = pattern.exec(quantity);
  if (!match) return 0;
  const [, number, exponent, suffix = ''] = match;
  return Number(number) * (exponent === undefined ? (suffixes[suffix] ?? 0) : 10 ** Number(exponent));
}

function scaled(quantity: string | undefined, kind: string, scale: number): number {
  if (quantity === undefined) return 0;
  const key = kind + quantity;
  let value = cache.get(key);
  if (value === undefined) {
    const exact = parse(quantity) * scale;
    const nearest = Math.round(exact);
    // What binary fractions make of a whole number is that number; a true fraction rounds up.
    value = Math.abs(exact - nearest) < 1e-6 * Math.max(1, Math.abs(exact)) * 1e-3 ? nearest : Math.ceil(exact);
    if (cache.size > 10_000) cache.clear();
    cache.set(key, value);
  }
  return value;
}

/** In thousandths, rounded up: CPUs. */
export const milliValue = (quantity: string | undefined): number => scaled(quantity, 'm', 1000);

/** In whole units, rounded up: bytes, counts. */
export const wholeValue = (quantity: string | undefined): number => scaled(quantity, 'w', 1);
