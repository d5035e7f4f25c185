/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly holds: boolean | undefined;
}

/** Wall milliseconds of one call. */
export function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** The median wall milliseconds of several calls; the first one, which warms up, does not count. */
export function median(runs: number, work: () => void): number {
  work();
  const times = Array.from({ length: runs }, () => timed(work)).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] as number;
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** A figure that must not be above `limit`. */
export const atMost = (what: string, value: number, limit: number, unit: string): Figure => ({ what, target: `≤ ${limit} ${unit}`, measured: `${round(value)} ${unit}`, holds: value <= limit });

/** A figure that must not be below `limit`. */
export const atLeast = (what: string, value: number, limit: number, unit: string): Figure => ({ what, target: `≥ ${limit} ${unit}`, measured: `${Math.round(value)} ${unit}`, holds: value >= limit });
