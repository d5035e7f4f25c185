/** What a flag's value is. `list` collects every use, `commaList` splits each at commas as well, `count` is -v. */
export type FlagKind = 'bool' | 'string' | 'int' | 'duration' | 'list' | 'commaList';

/** A flag as pflag knows it. */
export interface FlagDefinition {
  readonly name: string;
  readonly shorthand?: string;
  readonly kind: FlagKind;
  /** As help shows it: false, '', [], 1m0s. */
  readonly shown: string;
  readonly value: unknown;
  /** The value of `--flag` without one. Booleans have true. */
  readonly withoutValue?: string;
  readonly description: string;
  readonly required?: boolean;
  readonly hidden?: boolean;
  /** Printed as a warning when used. */
  readonly deprecated?: string;
  /** Numbers that pflag parses with another width say so in errors. */
  readonly bits?: 32 | 64;
}

export interface FlagOptions {
  readonly kind?: FlagKind;
  readonly withoutValue?: string;
  readonly required?: boolean;
  readonly hidden?: boolean;
  readonly deprecated?: string;
  readonly bits?: 32 | 64;
}

function kindOf(shown: string): FlagKind {
  if (shown === 'true' || shown === 'false') return 'bool';
  if (shown === '[]' || shown.startsWith('[')) return 'list';
  if (/^-?\d+$/.test(shown)) return 'int';
  if (/^(\d+h)?(\d+m)?\d+s$/.test(shown)) return 'duration';
  return 'string';
}

function valueOf(kind: FlagKind, shown: string): unknown {
  switch (kind) {
    case 'bool':
      return shown === 'true';
    case 'int':
      return Number(shown);
    case 'duration':
      return parseGoDuration(shown) ?? 0;
    case 'list':
    case 'commaList':
      return shown === '[]' || shown === '' ? [] : shown.slice(1, -1).split(',');
    case 'string':
      return shown.replace(/^'(.*)'$/s, '$1');
  }
}

/** A flag from how help shows it: `-o, --output=''`, `--all=false`, `--timeout=0s`. The default says the kind unless `options` does. */
export function flag(spec: string, description: string, options: FlagOptions = {}): FlagDefinition {
  const match = /^(?:-(.), )?--([\w-]+)=(.*)$/s.exec(spec) as RegExpExecArray;
  const [, shorthand, name, shown] = match as unknown as [string, string | undefined, string, string];
  const kind = options.kind ?? kindOf(shown);
  return {
    name,
    kind,
    shown,
    value: valueOf(kind, shown),
    description,
    ...(shorthand !== undefined && { shorthand }),
    ...(kind === 'bool' && { withoutValue: 'true' }),
    ...options,
  };
}

const unitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, 'µs': 1e-6, 'μs': 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds of a Go duration (1h30m, -2s, 1.5h, 0); undefined when it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0' || text === '+0' || text === '-0') return 0;
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (!match) return undefined;
  let total = 0;
  for (const [, amount, unit] of (match[2] as string).matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * (unitSeconds[unit as string] as number);
  }
  return match[1] === '-' ? -total : total;
}

/** How Go prints a duration given in seconds: 1h0m0s, 1m30s, 500ms. */
export function formatGoDuration(seconds: number): string {
  if (seconds === 0) return '0s';
  const sign = seconds < 0 ? '-' : '';
  const total = Math.abs(seconds);
  if (total < 1e-6) return `${sign}${trimmed(total * 1e9)}ns`;
  if (total < 1e-3) return `${sign}${trimmed(total * 1e6)}µs`;
  if (total < 1) return `${sign}${trimmed(total * 1e3)}ms`;
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total - hours * 3600) / 60);
  const rest = trimmed(total - hours * 3600 - minutes * 60);
  if (hours > 0) return `${sign}${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${sign}${minutes}m${rest}s` : `${sign}${rest}s`;
}

const trimmed = (n: number): string => String(Number(n.toFixed(9)));
