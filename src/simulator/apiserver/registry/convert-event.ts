import type { Draft } from '../resources/definition';

/** events.k8s.io names for what the core Event calls otherwise. */
const names = [
  ['note', 'message'],
  ['regarding', 'involvedObject'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['reportingController', 'reportingComponent'],
] as const;

function rename(draft: Draft, from: string, to: string): void {
  if (draft[from] === undefined) return;
  draft[to] = draft[from];
  delete draft[from];
}

/** Makes a core/v1 Event of an events.k8s.io/v1 one. */
export function eventToStored(draft: Draft): void {
  for (const [asked, stored] of names) rename(draft, asked, stored);
  draft['involvedObject'] ??= {};
  draft['source'] ??= {};
  draft['firstTimestamp'] ??= null;
  draft['lastTimestamp'] ??= null;
  draft['reportingComponent'] ??= '';
  draft['reportingInstance'] ??= '';
}

/** Makes an events.k8s.io/v1 Event of a core/v1 one. */
export function eventFromStored(draft: Draft): void {
  for (const [asked, stored] of names) rename(draft, stored, asked);
  if (draft['reportingController'] === '') delete draft['reportingController'];
  if (draft['reportingInstance'] === '') delete draft['reportingInstance'];
  draft['regarding'] ??= {};
  draft['deprecatedSource'] ??= {};
}
