import { calendar, type Duration, hours, minutes, parseTime, seconds, type Time } from '../../kernel';

/** When a CronJob is due. */
export interface Schedule {
  /** The first time after `time`; undefined when there is none within five years. */
  next(time: Time): Time | undefined;
}

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [{ min: 0, max: 59 }, { min: 0, max: 23 }, { min: 1, max: 31 }, { min: 1, max: 12, names: months }, { min: 0, max: 6, names: days }];
const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *',
};

function numberOf(text: string, { min, names }: Field): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + (min === 1 ? 1 : 0);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The values of one field; undefined when it cannot be read. `starred` is set for * and ?. */
function parseField(text: string, field: Field): { readonly values: ReadonlySet<number>; readonly starred: boolean } | undefined {
  const values = new Set<number>();
  let starred = false;
  for (const part of text.split(',')) {
    const [range = '', step = '1', extra] = part.split('/');
    if (extra !== undefined || !/^\d+$/.test(step) || step === '0') return undefined;
    const star = range === '*' || range === '?';
    starred ||= star && step === '1';
    const [low = '', high, more] = range.split('-');
    const first = star ? field.min : numberOf(low, field);
    const last = star ? field.max : high !== undefined ? numberOf(high, field) : part.includes('/') ? field.max : first;
    if (more !== undefined || first === undefined || last === undefined || first < field.min || last > field.max || first > last) return undefined;
    for (let value = first; value <= last; value += Number(step)) values.add(value);
  }
  return { values, starred };
}

const durationPart = /(\d+(?:\.\d+)?)(h|m|s)/g;

function parseEvery(text: string): Duration | undefined {
  const units: Readonly<Record<string, number>> = { h: hours(1), m: minutes(1), s: seconds(1) };
  if (!/^(\d+(\.\d+)?[hms])+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit = ''] of text.matchAll(durationPart)) total += Number(number) * (units[unit] ?? 0);
  return Math.max(seconds(1), Math.floor(total / seconds(1)) * seconds(1));
}

const day = hours(24);

/** Reads a schedule of five fields, or a descriptor, in UTC; undefined when it cannot be read. */
export function parseSchedule(text: string): Schedule | undefined {
  if (text.startsWith('@every ')) {
    const interval = parseEvery(text.slice(7));
    return interval === undefined ? undefined : { next: (time) => Math.floor(time / seconds(1)) * seconds(1) + interval };
  }
  const parts = (descriptors[text] ?? text).trim().split(/\s+/);
  if (parts.length !== 5) return undefined;
  const parsed = parts.map((part, index) => parseField(part, fields[index] as Field));
  const [minute, hour, dayOfMonth, month, weekday] = parsed;
  if (!minute || !hour || !dayOfMonth || !month || !weekday) return undefined;
  const isDay = (time: Time): boolean => {
    const { day: date, weekday: name } = calendar(time);
    const byDate = dayOfMonth.values.has(date);
    const byName = weekday.values.has(name);
    return dayOfMonth.starred || weekday.starred ? byDate && byName : byDate || byName;
  };
  return {
    next(time) {
      let at = Math.floor(time / minutes(1)) * minutes(1) + minutes(1);
      const limit = time + 5 * 366 * day;
      while (at <= limit) {
        const now = calendar(at);
        if (!month.values.has(now.month)) at = nextMonth(at);
        else if (!isDay(at)) at = Math.floor(at / day) * day + day;
        else if (!hour.values.has(now.hour)) at = Math.floor(at / hours(1)) * hours(1) + hours(1);
        else if (!minute.values.has(now.minute)) at += minutes(1);
        else return at;
      }
      return undefined;
    },
  };
}

function nextMonth(time: Time): Time {
  const { year, month } = calendar(time);
  const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
  return parseTime(`${next}-01T00:00:00Z`) as Time;
}

/** Up to so many missed starts are normal. */
export const manyMissed = 100;

/** The newest time that was due in (after, now], and how many there were (counting stops above a hundred). */
export function mostRecent(schedule: Schedule, after: Time, now: Time): { readonly time: Time | undefined; readonly missed: number } {
  const first = schedule.next(after);
  if (first === undefined || first > now) return { time: undefined, missed: 0 };
  const second = schedule.next(first);
  if (second === undefined || second > now) return { time: first, missed: 1 };
  const between = second - first;
  const about = Math.floor((now - first) / between) + 1;
  // Jump near the end instead of counting all: schedules repeat at the latest within the look-back.
  let time = schedule.next(Math.max(after, now - Math.max(between * 2, day))) ?? first;
  if (time > now) time = first;
  for (let next = schedule.next(time); next !== undefined && next <= now; next = schedule.next(next)) time = next;
  return { time, missed: about };
}
