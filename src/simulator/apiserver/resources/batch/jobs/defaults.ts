import { defaultTemplate } from '../../apps/template';

/** Sets the defaults of what a Job's spec, of a Job or a CronJob, says of failures. Mutates. */
export function defaultFailurePolicy(spec: Record<string, unknown>): void {
  const policy = spec['podFailurePolicy'] as { readonly rules?: readonly { onPodConditions?: { status?: string }[] }[] } | undefined;
  for (const { onPodConditions } of policy?.rules ?? []) for (const pattern of onPodConditions ?? []) if ((pattern.status ?? '') === '') pattern.status = 'True';
}

/** Sets the defaults of a Job's spec, of a Job or a CronJob. Mutates. */
export function defaultJobSpec(spec: Record<string, unknown>): void {
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) {
    spec['completions'] = 1;
    spec['parallelism'] = 1;
  }
  spec['parallelism'] ??= 1;
  if (spec['backoffLimit'] === undefined) spec['backoffLimit'] = spec['backoffLimitPerIndex'] === undefined ? 6 : 2_147_483_647;
  spec['completionMode'] ??= 'NonIndexed';
  spec['suspend'] ??= false;
  defaultFailurePolicy(spec);
  spec['podReplacementPolicy'] ??= spec['podFailurePolicy'] ? 'Failed' : 'TerminatingOrFailed';
  defaultTemplate(spec);
}
