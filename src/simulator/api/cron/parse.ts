import { DurationError, parseDurationNanoseconds } from '../duration';

/** Why a text is no schedule, in the words of the library that Kubernetes uses. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

/** Which values of each unit are due. A starred day field leaves the choice of days to the other one. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}

/** A schedule: times of the calendar, or every so many whole seconds. */
export type CronSchedule = ({ readonly kind: 'calendar'; readonly zone: string } & CronFields) | { readonly kind: 'every'; readonly seconds: number };

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly names: readonly string[];
}

const units = {
  minutes: { low: 0, high: 59, names: [] },
  hours: { low: 0, high: 23, names: [] },
  days: { low: 1, high: 31, names: [] },
  months: { low: 1, high: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  weekdays: { low: 0, high: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
} as const satisfies Record<string, Bounds>;

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *',
};

function number(text: string): number {
  const fault = !/^[+-]?[0-9]+$/.test(text) ? 'invalid syntax' : Math.abs(Number(text)) > 2 ** 63 ? 'value out of range' : undefined;
  if (fault !== undefined) throw new CronError(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${fault}`);
  const value = Number(text);
  if (value < 0) throw new CronError(`negative number (${value}) not allowed: ${text}`);
  return value;
}

function valueOf(text: string, bounds: Bounds): number {
  const index = bounds.names.indexOf(text.toLowerCase());
  return index < 0 ? number(text) : index + bounds.low;
}

interface Range {
  readonly values: readonly number[];
  readonly star: boolean;
}

function rangeOf(text: string, bounds: Bounds): Range {
  const steps = text.split('/');
  const ends = (steps[0] ?? '').split('-');
  const isStar = ends[0] === '*' || ends[0] === '?';
  let from = bounds.low;
  let to = bounds.high;
  if (!isStar) {
    from = valueOf(ends[0] ?? '', bounds);
    if (ends.length > 2) throw new CronError(`too many hyphens: ${text}`);
    to = ends.length === 2 ? valueOf(ends[1] ?? '', bounds) : from;
  }
  let step = 1;
  if (steps.length > 2) throw new CronError(`too many slashes: ${text}`);
  if (steps.length === 2) {
    step = number(steps[1] ?? '');
    if (!isStar && ends.length === 1) to = bounds.high;
  }
  if (from < bounds.low) throw new CronError(`beginning of range (${from}) below minimum (${bounds.low}): ${text}`);
  if (to > bounds.high) throw new CronError(`end of range (${to}) above maximum (${bounds.high}): ${text}`);
  if (from > to) throw new CronError(`beginning of range (${from}) beyond end of range (${to}): ${text}`);
  if (step === 0) throw new CronError(`step of range should be a positive number: ${text}`);
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return { values, star: isStar && step === 1 };
}

function fieldOf(text: string, bounds: Bounds): { values: ReadonlySet<number>; star: boolean } {
  const ranges = text.split(',').filter((part) => part !== '').map((part) => rangeOf(part, bounds));
  return { values: new Set(ranges.flatMap((range) => range.values)), star: ranges.some((range) => range.star) };
}

/** Reads `*​/5 * * * *`, `@daily`, `@every 5m`, with an optional `TZ=…` before it. Throws CronError. */
export function parseCron(text: string): CronSchedule {
  if (text === '') throw new CronError('empty spec string');
  let rest = text;
  let zone = '';
  const named = /^(?:CRON_)?TZ=(\S*) */.exec(rest);
  if (named) {
    zone = named[1] ?? '';
    rest = rest.slice(named[0].length);
  }
  rest = rest.trim();
  if (rest.startsWith('@')) return descriptor(rest, zone);
  const parts = rest.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== 5) throw new CronError(`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`);
  const [minutes, hours, days, months, weekdays] = (['minutes', 'hours', 'days', 'months', 'weekdays'] as const).map((unit, i) => fieldOf(parts[i] ?? '', units[unit]));
  if (!minutes || !hours || !days || !months || !weekdays) throw new CronError('empty spec string');
  return {
    kind: 'calendar', zone, minutes: minutes.values, hours: hours.values, days: days.values, months: months.values, weekdays: weekdays.values, anyDay: days.star, anyWeekday: weekdays.star,
  };
}

function descriptor(text: string, zone: string): CronSchedule {
  const known = descriptors[text];
  if (known !== undefined) return parseCron(zone === '' ? known : `TZ=${zone} ${known}`);
  if (!text.startsWith('@every ')) throw new CronError(`unrecognized descriptor: ${text}`);
  try {
    const nanoseconds = parseDurationNanoseconds(text.slice('@every '.length));
    return { kind: 'every', seconds: Math.max(1, Number(nanoseconds / 1_000_000_000n)) };
  } catch (error) {
    if (error instanceof DurationError) throw new CronError(`failed to parse duration ${text}: ${error.message}`);
    throw error;
  }
}
