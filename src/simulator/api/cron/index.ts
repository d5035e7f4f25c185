export { nextCronTime } from './next';
export { CronError, type CronFields, type CronSchedule, parseCron } from './parse';
