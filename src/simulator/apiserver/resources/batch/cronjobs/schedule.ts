interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly names: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Bounds[] = [
  { low: 0, high: 59, names: [] },
  { low: 0, high: 23, names: [] },
  { low: 1, high: 31, names: [] },
  { low: 1, high: 12, names: ['', ...months] },
  { low: 0, high: 6, names: weekdays },
];
const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

const quote = (text: string): string => JSON.stringify(text);

class Problem extends Error {}

function numberOf(text: string, names: readonly string[]): number {
  const named = names.indexOf(text.toLowerCase());
  if (text !== '' && named >= 0) return named;
  if (!/^[+-]?\d+$/.test(text)) throw new Problem(`failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
  const value = Number(text);
  if (value < 0) throw new Problem(`negative number (${value}) not allowed: ${text}`);
  return value;
}

function checkRange(text: string, { low, high, names }: Bounds): void {
  const [range = '', step, ...rest] = text.split('/');
  const [first = '', second, ...more] = range.split('-');
  let start = low;
  let end = high;
  if (first === '*' || first === '?') {
    start = low;
  } else {
    start = numberOf(first, names);
    if (more.length > 0) throw new Problem(`too many hyphens: ${text}`);
    end = second === undefined ? start : numberOf(second, names);
  }
  let every = 1;
  if (step !== undefined) {
    if (rest.length > 0) throw new Problem(`too many slashes: ${text}`);
    every = numberOf(step, []);
    if (second === undefined) end = high;
  }
  if (start < low) throw new Problem(`beginning of range (${start}) below minimum (${low}): ${text}`);
  if (end > high) throw new Problem(`end of range (${end}) above maximum (${high}): ${text}`);
  if (start > end) throw new Problem(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (every === 0) throw new Problem(`step of range should be a positive number: ${text}`);
}

function check(schedule: string): void {
  if (schedule.startsWith('@')) {
    if (descriptors.has(schedule)) return;
    if (schedule.startsWith('@every ')) {
      const text = schedule.slice('@every '.length);
      if (!/^([+-]?\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) throw new Problem(`failed to parse duration ${schedule}: time: invalid duration ${quote(text)}`);
      return;
    }
    throw new Problem(`unrecognized descriptor: ${schedule}`);
  }
  const parts = schedule.trim().split(/\s+/).filter((part) => part !== '');
  if (parts.length !== 5) throw new Problem(`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`);
  for (const [index, part] of parts.entries()) for (const range of part.split(',').filter((one) => one !== '')) checkRange(range, fields[index] as Bounds);
}

/** What is wrong with a cron schedule, as the server says it. */
export function scheduleProblem(schedule: string): string | undefined {
  try {
    check(schedule.replace(/^(CRON_)?TZ=\S+\s+/, ''));
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}
