import { calendar, formatTime } from '../../../kernel';
import { CelError, type Timestamp } from '../values';

const fixed: Readonly<Record<string, number>> = { UTC: 0, 'Asia/Seoul': 540, 'Asia/Tokyo': 540, 'Asia/Shanghai': 480, 'Asia/Kolkata': 330 };

/** Minutes east of UTC; only zones without summer time are known by name. */
function offsetOf(zone: string): number {
  const known = fixed[zone];
  if (known !== undefined) return known;
  const match = /^([-+])?(\d\d):(\d\d)$/.exec(zone);
  if (!match) throw new CelError(`unknown time zone ${zone}`);
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** One part of a time's calendar date or clock, in a zone. */
export function zoned(time: Timestamp, zone: string, part: string): bigint {
  const local = Number(time.nanoseconds / 1000n) + offsetOf(zone) * 60_000_000;
  const parts = calendar(local);
  switch (part) {
    case 'getFullYear': return BigInt(parts.year);
    case 'getMonth': return BigInt(parts.month - 1);
    case 'getDate': return BigInt(parts.day);
    case 'getDayOfMonth': return BigInt(parts.day - 1);
    case 'getDayOfWeek': return BigInt(parts.weekday);
    case 'getDayOfYear': return BigInt(dayOfYear(parts.year, parts.month, parts.day) - 1);
    case 'getHours': return BigInt(parts.hour);
    case 'getMinutes': return BigInt(parts.minute);
    case 'getSeconds': return BigInt(parts.second);
    default: return BigInt(Math.floor(parts.microsecond / 1000));
  }
}

function dayOfYear(year: number, month: number, day: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1] ?? 0;
  return before + day + (leap && month > 2 ? 1 : 0);
}

/** RFC 3339 with as many digits of a second as needed. */
export function timestampText({ nanoseconds }: Timestamp): string {
  const text = formatTime(Number(nanoseconds / 1000n));
  const rest = (((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  return rest === '' ? text : `${text.slice(0, -1)}.${rest}Z`;
}
