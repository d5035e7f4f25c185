/** Why a text is not a duration, in Go's words. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
}

const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
const part = /([0-9]*)(?:(\.)([0-9]*))?/y;
const unit = /[^0-9.]*/y;
const largest = 2n ** 63n;

/** The nanoseconds of Go's `1h30m`, `1.5s`. Throws DurationError. */
export function parseDurationNanoseconds(text: string): bigint {
  const invalid = () => new DurationError(`time: invalid duration ${JSON.stringify(text)}`);
  const sign = text[0] === '-' || text[0] === '+' ? text[0] : '';
  const rest = text.slice(sign.length);
  if (rest === '0') return 0n;
  if (rest === '') throw invalid();
  let total = 0n;
  for (let at = 0; at < rest.length; ) {
    part.lastIndex = at;
    const [number = '', whole = '', , fraction = ''] = part.exec(rest) ?? [];
    if (whole === '' && fraction === '') throw invalid();
    at += number.length;
    unit.lastIndex = at;
    const name = unit.exec(rest)?.[0] ?? '';
    if (name === '') throw new DurationError(`time: missing unit in duration ${JSON.stringify(text)}`);
    const scale = units[name];
    if (scale === undefined) throw new DurationError(`time: unknown unit ${JSON.stringify(name)} in duration ${JSON.stringify(text)}`);
    at += name.length;
    total += BigInt(whole || '0') * BigInt(scale) + (BigInt(fraction || '0') * BigInt(scale)) / 10n ** BigInt(fraction.length);
    if (total >= largest + (sign === '-' ? 1n : 0n)) throw invalid();
  }
  return sign === '-' ? -total : total;
}

const trimmed = (value: bigint, scale: bigint) => {
  const fraction = (value % scale).toString().padStart(scale.toString().length - 1, '0').replace(/0+$/, '');
  return `${value / scale}${fraction === '' ? '' : `.${fraction}`}`;
};

/** As Go writes a duration: 1h0m0s, 1.5s, 300ms. */
export function formatDurationNanoseconds(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (value < 1000n) return `${sign}${value}ns`;
  if (value < 1_000_000n) return `${sign}${trimmed(value, 1000n)}µs`;
  if (value < 1_000_000_000n) return `${sign}${trimmed(value, 1_000_000n)}ms`;
  const minutes = value / 60_000_000_000n;
  const seconds = `${trimmed(value % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** Whole microseconds of a Go duration, the kernel's unit. Throws DurationError. */
export const parseDuration = (text: string): number => Number(parseDurationNanoseconds(text) / 1000n);

/** Go's text of a duration in microseconds. */
export const formatDuration = (microseconds: number): string => formatDurationNanoseconds(BigInt(Math.round(microseconds)) * 1000n);
