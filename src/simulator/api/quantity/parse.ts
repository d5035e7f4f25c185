import { Amount, type QuantityFormat } from './amount';

/** Why a text is not a quantity, in the server's words. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

const shape = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const wrongShape = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongSuffix = "unable to parse quantity's suffix";

const decimals: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binaries: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const exponent = /^[eE]([-+]?[0-9]+)$/;
const largestBinary = (1n << 63n) - 1n;
/** Far beyond any resource; keeps arithmetic on hostile input cheap. */
const largestExponent = 5000;
const fastDigits = 18;
const fastBinaryDigits = 14;

interface Scale {
  readonly format: QuantityFormat;
  readonly ten: number;
  readonly two: bigint;
}

function scaleOf(suffix: string): Scale {
  const ten = decimals[suffix];
  if (ten !== undefined) return { format: 'DecimalSI', ten, two: 0n };
  const two = binaries[suffix];
  if (two !== undefined) return { format: 'BinarySI', ten: 0, two };
  const match = exponent.exec(suffix);
  const power = Number(match?.[1] ?? NaN);
  if (!(Math.abs(power) <= largestExponent)) throw new QuantityError(wrongSuffix);
  return { format: 'DecimalExponent', ten: power, two: 0n };
}

/**
 * What the server reads without arithmetic on large numbers keeps the form in which it was written, unless that form
 * ends in zeros which a larger suffix would take up.
 */
function isKept(digits: string, fraction: number, scale: Scale): boolean {
  const mantissa = digits.replace(/^0+/, '');
  if (mantissa === '') return false;
  if (scale.format === 'BinarySI') return fraction === 0 && mantissa.length <= fastBinaryDigits - (3 * Number(scale.two)) / 10 && BigInt(mantissa) % 8n !== 0n;
  const power = scale.ten - fraction;
  return mantissa.length <= fastDigits && power % 3 === 0 && power >= -9 && !mantissa.endsWith('000');
}

function parse(text: string): Amount {
  const match = shape.exec(text);
  if (!match || text === '') throw new QuantityError(wrongShape);
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  const scale = scaleOf(suffix);
  const digits = BigInt(whole + fraction || '0') * (sign === '-' ? -1n : 1n);
  const power = 9 + scale.ten - fraction.length;
  let nano = digits << scale.two;
  if (power >= 0) nano *= 10n ** BigInt(power);
  else {
    const divisor = 10n ** BigInt(-power);
    const exact = nano % divisor === 0n;
    nano = nano / divisor + (exact ? 0n : sign === '-' ? -1n : 1n);
  }
  const limit = largestBinary * 1_000_000_000n;
  if (scale.format === 'BinarySI' && nano > limit) nano = limit;
  else if (scale.format === 'BinarySI' && nano < -limit) nano = -limit;
  return isKept(whole + fraction, fraction.length, scale) ? new Amount(nano, scale.format, text) : new Amount(nano, scale.format);
}

const cache = new Map<string, Amount>();
const cacheSize = 4096;

/** The amount that a quantity's text says. Throws QuantityError. */
export function parseQuantity(text: string): Amount {
  let amount = cache.get(text);
  if (!amount) {
    amount = parse(text);
    if (cache.size >= cacheSize) cache.clear();
    cache.set(text, amount);
  }
  return amount;
}

/** The text that the server gives back for a quantity written as a string or a number. Throws QuantityError. */
export const canonicalQuantity = (text: string): string => parseQuantity(text).toString();

/** An amount of whole units. */
export const amountOf = (value: number, format: QuantityFormat = 'DecimalSI'): Amount => new Amount(BigInt(value) * 1_000_000_000n, format);

/** An amount of thousandths. */
export const milliAmountOf = (milli: number, format: QuantityFormat = 'DecimalSI'): Amount => new Amount(BigInt(milli) * 1_000_000n, format);
