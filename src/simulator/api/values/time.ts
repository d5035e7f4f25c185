/*
 * Go's time.Parse for the two layouts that the API uses, with its messages: the server shows them when a manifest
 * holds a time that is none.
 */
const layouts = { time: '2006-01-02T15:04:05Z07:00', microTime: '2006-01-02T15:04:05.000000Z07:00' };

const steps: readonly (readonly [element: string, pattern: RegExp])[] = [
  ['2006', /\d{4}/y], ['-', /-/y], ['01', /\d\d/y], ['-', /-/y], ['02', /\d\d/y], ['T', /T/y], ['15', /\d\d?/y], [':', /:/y], ['04', /\d\d/y], [':', /:/y], ['05', /\d\d/y],
];
const daysIn = (year: number, month: number) => (month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

function rangeError(values: readonly number[]): string | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = values;
  if (month < 1 || month > 12) return 'month out of range';
  if (hour > 23) return 'hour out of range';
  if (minute > 59) return 'minute out of range';
  if (second > 59) return 'second out of range';
  return day < 1 || day > daysIn(year, month) ? 'day out of range' : undefined;
}

/** What is wrong with a time, in Go's words; undefined when it is right. */
export function timeError(text: string, kind: 'time' | 'microTime'): string | undefined {
  const layout = layouts[kind];
  const cannot = (rest: string, element: string) => `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`;
  const outOf = (message: string) => `parsing time ${JSON.stringify(text)}: ${message}`;
  const values: number[] = [];
  let at = 0;
  for (const [element, pattern] of steps) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return cannot(text.slice(at), element);
    if (/\d/.test(element)) values.push(Number(found));
    at += found.length;
    const early = element === '01' || element === '15' || element === '04' || element === '05' ? earlyRange(element, Number(found)) : undefined;
    if (early !== undefined) return outOf(early);
  }
  const fraction = /[.,]\d+/y;
  fraction.lastIndex = at;
  const digits = fraction.exec(text)?.[0] ?? '';
  if (kind === 'microTime') {
    if (digits.length < 7) return cannot(text.slice(at), '.000000');
    at += 7;
  } else at += digits.length;
  const zone = /Z|[+-]\d\d:\d\d/y;
  zone.lastIndex = at;
  const offset = zone.exec(text)?.[0];
  if (offset === undefined) return cannot(text.slice(at), 'Z07:00');
  at += offset.length;
  if (offset !== 'Z' && Number(offset.slice(1, 3)) > 24) return outOf('time zone offset hour out of range');
  if (offset !== 'Z' && Number(offset.slice(4)) > 60) return outOf('time zone offset minute out of range');
  if (at < text.length) return outOf(`extra text: ${JSON.stringify(text.slice(at))}`);
  const range = rangeError(values);
  return range === undefined ? undefined : outOf(range);
}

function earlyRange(element: string, value: number): string | undefined {
  if (element === '01') return value < 1 || value > 12 ? 'month out of range' : undefined;
  if (element === '15') return value > 23 ? 'hour out of range' : undefined;
  if (value <= 59) return undefined;
  return element === '04' ? 'minute out of range' : 'second out of range';
}
