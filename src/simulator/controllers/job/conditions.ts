import type { Job, JobCondition, JobStatus } from '../../api';
import { formatTime, type Time } from '../../kernel';

export const hasCondition = (status: JobStatus | undefined, type: string): boolean => status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

export const findCondition = (status: JobStatus | undefined, type: string): JobCondition | undefined => status?.conditions?.find((condition) => condition.type === type);

/** Whether the Job is over, well or badly. */
export const isFinished = ({ status }: Job): boolean => hasCondition(status, 'Complete') || hasCondition(status, 'Failed');

export function condition(type: string, value: string, reason: string, message: string, now: Time): JobCondition {
  const time = formatTime(now);
  return { type, status: value, lastProbeTime: time, lastTransitionTime: time, reason, message };
}

/** The conditions with this one put in; the same list when it is there with that status. */
export function withCondition(conditions: readonly JobCondition[], next: JobCondition): readonly JobCondition[] {
  const index = conditions.findIndex(({ type }) => type === next.type);
  const current = conditions[index];
  if (!current) return [...conditions, next];
  if (current.status === next.status && current.reason === next.reason && current.message === next.message) return conditions;
  return conditions.map((entry, position) => (position === index ? next : entry));
}
