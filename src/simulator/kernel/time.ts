/** A point of virtual time: whole microseconds since 1970-01-01T00:00:00Z. Safe in a number until the year 2255. */
export type Time = number;
/** A length of virtual time in whole microseconds. */
export type Duration = number;

export const microseconds = (n: number): Duration => Math.round(n);
export const milliseconds = (n: number): Duration => Math.round(n * 1_000);
export const seconds = (n: number): Duration => Math.round(n * 1_000_000);
export const minutes = (n: number): Duration => Math.round(n * 60_000_000);
export const hours = (n: number): Duration => Math.round(n * 3_600_000_000);

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** Year, month (1…12) and so on of a point of time, in UTC. Civil calendar from days (H. Hinnant's algorithm). */
export function calendar(time: Time) {
  const totalSeconds = Math.floor(time / 1_000_000);
  const days = Math.floor(totalSeconds / 86_400);
  const second = totalSeconds - days * 86_400;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1,
    hour: Math.floor(second / 3600),
    minute: Math.floor((second % 3600) / 60),
    second: second % 60,
    microsecond: time - totalSeconds * 1_000_000,
    /** 0 = Sunday */
    weekday: (((days + 4) % 7) + 7) % 7,
  };
}

let cachedSecond = NaN;
let cachedText = '';

/** RFC 3339 with whole seconds, as metav1.Time is written: 2026-01-01T00:00:00Z. */
export function formatTime(time: Time): string {
  const second = Math.floor(time / 1_000_000);
  if (second !== cachedSecond) {
    const c = calendar(time);
    cachedText = `${pad(c.year, 4)}-${pad(c.month)}-${pad(c.day)}T${pad(c.hour)}:${pad(c.minute)}:${pad(c.second)}Z`;
    cachedSecond = second;
  }
  return cachedText;
}

/** RFC 3339 with six decimals, as metav1.MicroTime is written: 2026-01-01T00:00:00.000000Z. */
export function formatMicroTime(time: Time): string {
  return `${formatTime(time).slice(0, -1)}.${pad(time - Math.floor(time / 1_000_000) * 1_000_000, 6)}Z`;
}

/** Days since 1970-01-01 of a civil date. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Parses RFC 3339; undefined if it is not. Digits beyond microseconds are cut off. */
export function parseTime(text: string): Time | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] = match;
  const days = daysFromCivil(Number(year), Number(month), Number(day));
  const offset = sign ? (sign === '-' ? -1 : 1) * (Number(offsetHour) * 3600 + Number(offsetMinute) * 60) : 0;
  const whole = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset;
  return whole * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
