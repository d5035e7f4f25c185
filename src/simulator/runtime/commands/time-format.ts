import { calendar, parseTime, type Time } from '../../kernel';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const pad = (n: number, width = 2, fill = '0'): string => String(n).padStart(width, fill);

function dayOfYear(c: ReturnType<typeof calendar>): number {
  const leap = (c.year % 4 === 0 && c.year % 100 !== 0) || c.year % 400 === 0;
  return [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][c.month - 1] as number + c.day + (leap && c.month > 2 ? 1 : 0);
}

/** ISO 8601's week and its year. */
function isoWeek(c: ReturnType<typeof calendar>): { week: number; year: number } {
  const weekday = (c.weekday + 6) % 7;
  const week = Math.floor((dayOfYear(c) - 1 - weekday + 10) / 7);
  if (week < 1) return { week: 52, year: c.year - 1 };
  return { week, year: c.year };
}

let lastFormat = '';
let lastSecond = NaN;
let lastText = '';

/** strftime in UTC; %N are nanoseconds. */
export function formatDate(time: Time, format: string): string {
  const second = Math.floor(time / 1_000_000);
  if (second === lastSecond && format === lastFormat) return lastText;
  const text = build(time, format);
  if (!format.includes('%N')) {
    lastSecond = second;
    lastFormat = format;
    lastText = text;
  }
  return text;
}

function build(time: Time, format: string): string {
  const c = calendar(time);
  const hour12 = c.hour % 12 === 0 ? 12 : c.hour % 12;
  const values: Record<string, () => string> = {
    a: () => (days[c.weekday] as string).slice(0, 3), A: () => days[c.weekday] as string, b: () => (months[c.month - 1] as string).slice(0, 3), h: () => (months[c.month - 1] as string).slice(0, 3), B: () => months[c.month - 1] as string,
    c: () => build(time, '%a %b %e %H:%M:%S %Y'), C: () => pad(Math.floor(c.year / 100)), d: () => pad(c.day), D: () => build(time, '%m/%d/%y'), e: () => pad(c.day, 2, ' '), F: () => build(time, '%Y-%m-%d'),
    g: () => pad(isoWeek(c).year % 100), G: () => String(isoWeek(c).year), H: () => pad(c.hour), I: () => pad(hour12), j: () => pad(dayOfYear(c), 3), k: () => pad(c.hour, 2, ' '), l: () => pad(hour12, 2, ' '), m: () => pad(c.month), M: () => pad(c.minute),
    n: () => '\n', N: () => pad(c.microsecond * 1000, 9), p: () => (c.hour < 12 ? 'AM' : 'PM'), P: () => (c.hour < 12 ? 'am' : 'pm'), r: () => build(time, '%I:%M:%S %p'), R: () => build(time, '%H:%M'), s: () => String(Math.floor(time / 1_000_000)),
    S: () => pad(c.second), t: () => '\t', T: () => build(time, '%H:%M:%S'), u: () => String(c.weekday === 0 ? 7 : c.weekday), U: () => pad(Math.floor((dayOfYear(c) + 6 - c.weekday) / 7)), V: () => pad(isoWeek(c).week), w: () => String(c.weekday),
    W: () => pad(Math.floor((dayOfYear(c) + 6 - ((c.weekday + 6) % 7)) / 7)), x: () => build(time, '%m/%d/%y'), X: () => build(time, '%H:%M:%S'), y: () => pad(c.year % 100), Y: () => String(c.year), z: () => '+0000', Z: () => 'UTC', '%': () => '%',
  };
  return format.replace(/%[-_0^#]?([a-zA-Z%])/g, (whole, letter: string) => {
    const value = values[letter]?.();
    if (value === undefined) return whole;
    if (whole[1] === '-') return value.replace(/^[0 ]+(?=\d)/, '');
    if (whole[1] === '_') return value.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length));
    return whole[1] === '^' ? value.toUpperCase() : value;
  });
}

/** A date as date -d and touch -d take it; undefined if it is none. */
export function parseDate(text: string, now: Time): Time | undefined {
  if (/^@-?\d+(\.\d+)?$/.test(text)) return Math.round(Number(text.slice(1)) * 1_000_000);
  if (text === 'now') return now;
  const direct = parseTime(text);
  if (direct !== undefined) return direct;
  const today = build(now, '%Y-%m-%d');
  const match = /^(?:(\d{4})[-.](\d\d?)[-.](\d\d?))?(?:[ T-]?(\d\d?):(\d\d)(?::(\d\d))?)?(?: ?(?:UTC|Z))?$/.exec(text);
  if (match && text !== '') {
    const [date, clock] = [match[1] ? `${match[1]}-${pad(Number(match[2]))}-${pad(Number(match[3]))}` : today, `${pad(Number(match[4] ?? 0))}:${match[5] ?? '00'}:${match[6] ?? '00'}`];
    return parseTime(`${date}T${clock}Z`);
  }
  const compact = /^(?:(\d\d)?(\d\d))?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text);
  if (!compact) return undefined;
  const [, century, year, month, day, hour, minute, second = '00'] = compact;
  const whole = year === undefined ? today.slice(0, 4) : `${century ?? '20'}${year}`;
  // MMDDhhmm[[CC]YY] of date(1) and [[CC]YY]MMDDhhmm of touch -t differ; this is touch's order
  return parseTime(`${whole}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
