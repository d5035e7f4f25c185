import { expect, test } from 'vitest';
import { formatTime, parseTime } from '../../kernel';
import { answerOf, recorded } from '../testdata/answers';
import { nextCronTime, parseCron } from '.';

const known = recorded('cron', 'cron').filter(([[text = '']]) => !text.includes('TZ='));

test.each(known)('schedule %j', ([text = '', from = ''], answer) => {
  expect(answerOf(() => {
    const schedule = parseCron(text);
    let time = parseTime(from) ?? 0;
    return [0, 1, 2].map(() => {
      const next = nextCronTime(schedule, time);
      if (next === undefined) return '0001-01-01T00:00:00Z';
      time = next;
      return formatTime(next);
    });
  })).toEqual(answer);
});

test('a zone shifts the day', () => {
  const nine = 9 * 3_600_000_000;
  expect(formatTime(nextCronTime(parseCron('TZ=Asia/Seoul 0 0 * * *'), parseTime('2026-01-31T10:30:15Z') ?? 0, nine) ?? 0)).toBe('2026-01-31T15:00:00Z');
});
