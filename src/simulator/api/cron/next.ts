import { calendar, seconds, type Time } from '../../kernel';
import type { CronSchedule } from './parse';

const minute = seconds(60);
const hour = 60 * minute;
const day = 24 * hour;
const horizonYears = 5;

/** Whether a date is due: both day fields count, unless one of them is starred; two that are not starred are either-or. */
function isDue(schedule: CronSchedule & { kind: 'calendar' }, dayOfMonth: number, weekday: number): boolean {
  const byDay = schedule.days.has(dayOfMonth);
  const byWeekday = schedule.weekdays.has(weekday);
  return schedule.anyDay || schedule.anyWeekday ? byDay && byWeekday : byDay || byWeekday;
}

/**
 * The first time after `after` at which a schedule is due; undefined if there is none within five years. `offset` is
 * the distance of the schedule's zone from UTC in microseconds.
 */
export function nextCronTime(schedule: CronSchedule, after: Time, offset = 0): Time | undefined {
  const second = seconds(1);
  if (schedule.kind === 'every') return Math.floor(after / second) * second + schedule.seconds * second;
  let time = Math.floor((after + offset) / minute) * minute + minute;
  const lastYear = calendar(time).year + horizonYears;
  for (;;) {
    const now = calendar(time);
    if (now.year > lastYear) return undefined;
    if (!schedule.months.has(now.month) || !isDue(schedule, now.day, now.weekday)) time = Math.floor(time / day) * day + day;
    else if (!schedule.hours.has(now.hour)) time = Math.floor(time / hour) * hour + hour;
    else if (!schedule.minutes.has(now.minute)) time += minute;
    else return time - offset;
  }
}
