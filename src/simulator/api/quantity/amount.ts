/** In which family of suffixes an amount is written. */
export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

const thousand = 1000n;
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const ceilAway = (value: bigint, by: bigint): bigint => {
  const quotient = value / by;
  if (value % by === 0n) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
};

function canonical(nano: bigint, format: QuantityFormat): string {
  if (nano === 0n) return '0';
  const whole = nano / 1_000_000_000n;
  if (format === 'BinarySI' && nano % 1_000_000_000n === 0n && (whole >= 1024n || whole <= -1024n)) {
    let rest = whole;
    let step = 0;
    while (step < 6 && rest % 1024n === 0n) {
      rest /= 1024n;
      step += 1;
    }
    return `${rest}${binarySuffixes[step] ?? ''}`;
  }
  let rest = nano;
  let step = 0;
  const last = format === 'DecimalExponent' ? Infinity : decimalSuffixes.length - 1;
  while (step < last && rest % thousand === 0n) {
    rest /= thousand;
    step += 1;
  }
  if (format !== 'DecimalExponent') return `${rest}${decimalSuffixes[step] ?? ''}`;
  return step === 3 ? `${rest}` : `${rest}e${step * 3 - 9}`;
}

/** An exact amount of a resource, in billionths, with the way in which it is written. Immutable. */
export class Amount {
  private text: string | undefined;
  private approximate: number | undefined;

  constructor(
    /** Billionths. */
    readonly nano: bigint,
    readonly format: QuantityFormat,
    text?: string,
  ) {
    this.text = text;
  }

  /** As the API server writes it: canonical, unless it was read in an equivalent form that the server keeps. */
  toString(): string {
    return (this.text ??= canonical(this.nano, this.format));
  }

  /** The nearest floating-point number. */
  toNumber(): number {
    if (this.approximate === undefined) {
      const whole = this.nano / 1_000_000_000n;
      this.approximate = Number(whole) + Number(this.nano - whole * 1_000_000_000n) / 1e9;
    }
    return this.approximate;
  }

  /** Whole units, rounded away from zero. */
  value(): number {
    return Number(ceilAway(this.nano, 1_000_000_000n));
  }

  /** Whole thousandths, rounded away from zero. */
  milliValue(): number {
    return Number(ceilAway(this.nano, 1_000_000n));
  }

  /** The same, rounded away from zero to a multiple of `nano` billionths. */
  roundedUp(nano: bigint): Amount {
    return this.nano % nano === 0n ? this : new Amount(ceilAway(this.nano, nano) * nano, this.format);
  }

  get sign(): -1 | 0 | 1 {
    if (this.nano === 0n) return 0;
    return this.nano < 0n ? -1 : 1;
  }

  compare(other: Amount): -1 | 0 | 1 {
    if (this.nano === other.nano) return 0;
    return this.nano < other.nano ? -1 : 1;
  }

  /** The sum, written as this one unless this one is zero. */
  add(other: Amount): Amount {
    return new Amount(this.nano + other.nano, this.nano === 0n ? other.format : this.format);
  }

  /** The difference, written as this one unless this one is zero. */
  subtract(other: Amount): Amount {
    return new Amount(this.nano - other.nano, this.nano === 0n ? other.format : this.format);
  }

  negated(): Amount {
    return new Amount(-this.nano, this.format);
  }

  multiply(factor: number): Amount {
    return new Amount(this.nano * BigInt(factor), this.format);
  }
}

/** Nothing, to begin a sum with: it takes the format of what is added first. */
export const zeroAmount = new Amount(0n, 'DecimalSI');
