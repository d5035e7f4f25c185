import type { Job, Pod, PodFailurePolicyRule } from '../../api';
import { meta } from '../../client';
import { parseIndexes } from './indexes';

/** What the podFailurePolicy says of a failed Pod. */
export interface FailureVerdict {
  readonly action: PodFailurePolicyRule['action'];
  /** Of FailJob: the condition's message. */
  readonly message: string;
}

const counted: FailureVerdict = { action: 'Count', message: '' };

/** The first rule of the Job's policy that matches a failed Pod; without one the failure counts. */
export function judge(job: Job, pod: Pod): FailureVerdict {
  const rules = job.spec?.podFailurePolicy?.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    const why = rule.onExitCodes ? byExitCode(rule, pod) : byCondition(rule, pod);
    if (why !== undefined) return { action: rule.action, message: `${why} matching ${rule.action} rule at index ${index}` };
  }
  return counted;
}

function byExitCode({ onExitCodes }: PodFailurePolicyRule, pod: Pod): string | undefined {
  if (!onExitCodes) return undefined;
  for (const { name, state } of [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]) {
    const code = state?.terminated?.exitCode;
    if (code === undefined || code === 0 || (onExitCodes.containerName !== undefined && onExitCodes.containerName !== name)) continue;
    if (onExitCodes.values.includes(code) === (onExitCodes.operator === 'In')) return `Container ${name} for pod ${meta(pod).namespace}/${meta(pod).name} failed with exit code ${code}`;
  }
  return undefined;
}

function byCondition({ onPodConditions = [] }: PodFailurePolicyRule, pod: Pod): string | undefined {
  for (const { type, status = 'True' } of pod.status?.conditions ?? []) {
    if (onPodConditions.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status)) return `Pod ${meta(pod).namespace}/${meta(pod).name} has condition ${type}`;
  }
  return undefined;
}

/** The message when a rule of the successPolicy is met by these succeeded indexes. */
export function successMet(job: Job, succeeded: ReadonlySet<number>): string | undefined {
  for (const [index, { succeededIndexes, succeededCount }] of (job.spec?.successPolicy?.rules ?? []).entries()) {
    const wanted = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes);
    const reached = wanted ? [...wanted].filter((one) => succeeded.has(one)).length : succeeded.size;
    if (reached >= (succeededCount ?? wanted?.size ?? Infinity)) return `Matched rules at index ${index}`;
  }
  return undefined;
}
