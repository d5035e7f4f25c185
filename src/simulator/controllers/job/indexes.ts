import type { Job, Pod } from '../../api';

/** Annotation and label with the completion index of a Pod. */
export const indexKey = 'batch.kubernetes.io/job-completion-index';
/** How often an index has failed, on the Pod that tries it next. */
export const failureCountKey = 'batch.kubernetes.io/job-index-failure-count';

export const isIndexed = (job: Job): boolean => job.spec?.completionMode === 'Indexed';

/** The completion index of a Pod; undefined when it has none that means anything. */
export function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata?.annotations?.[indexKey];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** '0-2,4' as numbers. */
export function parseIndexes(text: string | undefined): Set<number> {
  const out = new Set<number>();
  for (const part of text ? text.split(',') : []) {
    const [first = 0, last = first] = part.split('-').map(Number);
    for (let index = first; index <= last; index++) out.add(index);
  }
  return out;
}

/** Numbers as '0-2,4': two in a row are listed, three are a range. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (sorted[j + 1] === (sorted[j] as number) + 1) j++;
    if (j === i) parts.push(String(sorted[i]));
    else if (j === i + 1) parts.push(String(sorted[i]), String(sorted[j]));
    else parts.push(`${sorted[i]}-${sorted[j]}`);
    i = j + 1;
  }
  return parts.join(',');
}

const failureCount = (pod: Pod): number => Number(pod.metadata?.annotations?.[failureCountKey] ?? 0);

/** How often each index has failed, by its Pods: what they were told and whether they failed themselves. */
export function indexFailures(pods: readonly Pod[], hasFailed: (pod: Pod) => boolean): Map<number, number> {
  const out = new Map<number, number>();
  for (const pod of pods) {
    const index = indexOf(pod);
    if (index === undefined) continue;
    out.set(index, Math.max(out.get(index) ?? 0, failureCount(pod) + (hasFailed(pod) ? 1 : 0)));
  }
  return out;
}
