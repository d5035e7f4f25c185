import type { Container, Pod } from '../api';
import type { ContainerRecord } from './status/container';
import { isSidecar } from './status/phase';

type Rule = { readonly action?: string; readonly exitCodes?: { readonly operator?: string; readonly values?: readonly number[] } };

/** The policy in force for one container: its own (KEP-753, KEP-5307) or the Pod's; init containers never restart under Always once they succeeded. */
function policyOf(pod: Pod, spec: Container, kind: ContainerRecord['kind']): string {
  if (spec.restartPolicy) return spec.restartPolicy;
  const policy = pod.spec?.restartPolicy ?? 'Always';
  return kind === 'init' && policy === 'Always' ? 'OnFailure' : policy;
}

/** Whether a container that ended with this code is to be started again. */
export function restarts(pod: Pod, record: ContainerRecord, exitCode: number): boolean {
  if (record.kind === 'ephemeral') return false;
  if (isSidecar(record.spec)) return true;
  for (const rule of (record.spec as { readonly restartPolicyRules?: readonly Rule[] }).restartPolicyRules ?? []) {
    const listed = rule.exitCodes?.values?.includes(exitCode) ?? false;
    if (rule.action === 'Restart' && (rule.exitCodes?.operator === 'NotIn' ? !listed : listed)) return true;
  }
  const policy = policyOf(pod, record.spec, record.kind);
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
