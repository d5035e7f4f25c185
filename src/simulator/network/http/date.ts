import { calendar, type Time } from '../../kernel';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (n: number): string => String(n).padStart(2, '0');

let cachedSecond = NaN;
let cachedText = '';

/** The Date header's form: Thu, 01 Jan 2026 00:00:00 GMT. */
export function formatHttpDate(time: Time): string {
  const second = Math.floor(time / 1_000_000);
  if (second !== cachedSecond) {
    const c = calendar(time);
    cachedSecond = second;
    cachedText = `${weekdays[c.weekday]}, ${pad(c.day)} ${months[c.month - 1]} ${c.year} ${pad(c.hour)}:${pad(c.minute)}:${pad(c.second)} GMT`;
  }
  return cachedText;
}

/** The common log format's time: 01/Jan/2026:00:00:00 +0000. */
export function formatLogDate(time: Time): string {
  const c = calendar(time);
  return `${pad(c.day)}/${months[c.month - 1]}/${c.year}:${pad(c.hour)}:${pad(c.minute)}:${pad(c.second)} +0000`;
}
