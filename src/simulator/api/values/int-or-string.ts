const percentage = /^([0-9]+)%$/;

/** `25%` as 25; undefined when the text is no percentage. */
export function percentOf(value: number | string): number | undefined {
  const match = typeof value === 'string' ? percentage.exec(value) : null;
  return match ? Number(match[1]) : undefined;
}

/** A number, or a percentage of `total` rounded up or down. Throws when the text is neither. */
export function scaledValue(value: number | string, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent === undefined) throw new Error(`invalid value for IntOrString: invalid type: string is not a percentage`);
  return roundUp ? Math.ceil((percent * total) / 100) : Math.floor((percent * total) / 100);
}
