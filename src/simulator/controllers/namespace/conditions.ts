import type { NamespaceCondition, NamespaceStatus } from '../../api';
import { formatTime, type Time } from '../../kernel';
import type { Remains } from './content';

type Verdict = readonly [type: string, bad: readonly [reason: string, message: string] | undefined, goodReason: string, goodMessage: string];

function list(counts: ReadonlyMap<string, number>, item: (name: string, count: number) => string): string {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => item(name, count)).join(', ');
}

function verdicts({ resources, finalizers, failures }: Remains): Verdict[] {
  const resourceText = `Some resources are remaining: ${list(resources, (name, count) => `${name} has ${count} resource instances`)}`;
  const finalizerText = `Some content in the namespace has finalizers remaining: ${list(finalizers, (name, count) => `${name} in ${count} resource instances`)}`;
  const failureText = `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`;
  return [
    ['NamespaceDeletionDiscoveryFailure', undefined, 'ResourcesDiscovered', 'All resources successfully discovered'],
    ['NamespaceDeletionGroupVersionParsingFailure', undefined, 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    ['NamespaceDeletionContentFailure', failures.length > 0 ? ['ContentDeletionFailed', failureText] : undefined, 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
    ['NamespaceContentRemaining', resources.size > 0 ? ['SomeResourcesRemain', resourceText] : undefined, 'ContentRemoved', 'All content successfully removed'],
    ['NamespaceFinalizersRemaining', finalizers.size > 0 ? ['SomeFinalizersRemain', finalizerText] : undefined, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
  ];
}

/** The status with the conditions of a namespace that goes; `status` itself when nothing changed. */
export function withConditions(status: NamespaceStatus, remains: Remains, now: Time): NamespaceStatus {
  const conditions: NamespaceCondition[] = [...(status.conditions ?? [])];
  let changed = false;
  for (const [type, bad, goodReason, goodMessage] of verdicts(remains)) {
    const [reason, message] = bad ?? [goodReason, goodMessage];
    const value = bad ? 'True' : 'False';
    const index = conditions.findIndex((condition) => condition.type === type);
    const current = conditions[index];
    if (current && current.status === value && current.message === message && current.reason === reason) continue;
    changed = true;
    const since = current?.status === value ? current.lastTransitionTime : undefined;
    const next: NamespaceCondition = { type, status: value, lastTransitionTime: since ?? formatTime(now), reason, message };
    if (index < 0) conditions.push(next);
    else conditions[index] = next;
  }
  return changed ? { ...status, conditions } : status;
}
