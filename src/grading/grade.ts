import { resources } from '../simulator/client';
import type { KubeObject } from '../simulator/api';
import type { Task } from '../simulator/kernel';
import type { Check, Finding, Verdict } from './check';
import type { Files } from './lab';
import { locate, type Location } from './locate';
import type { Text } from './text';
import type { GradingWorld } from './world';

/** A warning that the cluster itself gave: what stands behind a finding. */
export interface Evidence {
  readonly about: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

export type CheckResult =
  | { readonly id: string; readonly title: Text; readonly state: 'passed' | 'skipped' }
  | ({ readonly id: string; readonly title: Text; readonly state: 'failed'; readonly location: Location | undefined; readonly evidence: readonly Evidence[] } & Finding);

/** How an answer did. */
export interface Report {
  readonly passed: boolean;
  readonly results: readonly CheckResult[];
}

type EventObject = KubeObject & { readonly type?: string; readonly reason?: string; readonly message?: string; readonly note?: string; readonly count?: number; readonly involvedObject?: { readonly kind?: string; readonly name?: string } };

function* warnings(world: GradingWorld): Task<Evidence[]> {
  const list = yield* world.client.list<EventObject>(resources.events, world.namespace);
  return list.items.filter((event) => event.type === 'Warning').slice(-8).map((event) => ({
    about: `${event.involvedObject?.kind ?? ''}/${event.involvedObject?.name ?? ''}`,
    reason: event.reason ?? '',
    message: event.message ?? event.note ?? '',
    count: event.count ?? 1,
  }));
}

const locationOf = (finding: Finding, files: Files): Location | undefined => {
  for (const place of finding.at ?? []) {
    const location = locate(files, place);
    if (location) return location;
  }
  return undefined;
};


/** What a host has to run to carry a check out: the verdict, and the warnings if it failed. */
export function* runCheck(check: Check, world: GradingWorld): Task<{ verdict: Verdict; evidence: readonly Evidence[] }> {
  const verdict = yield* check.run(world);
  return { verdict, evidence: verdict.passed ? [] : yield* warnings(world) };
}

/** Judges an answer check by check; what depends on a failed check is skipped. */
export function grade(checks: readonly Check[], files: Files, run: (check: Check) => { readonly verdict: Verdict; readonly evidence: readonly Evidence[] }): Report {
  const passed = new Set<string>();
  const results = checks.map((check): CheckResult => {
    const head = { id: check.id, title: check.title };
    if (!(check.after ?? []).every((id) => passed.has(id))) return { ...head, state: 'skipped' };
    const { verdict, evidence } = run(check);
    if (verdict.passed) {
      passed.add(check.id);
      return { ...head, state: 'passed' };
    }
    const { passed: _, ...finding } = verdict;
    return { ...head, state: 'failed', ...finding, location: locationOf(finding, files), evidence };
  });
  return { passed: results.every((result) => result.state === 'passed'), results };
}
