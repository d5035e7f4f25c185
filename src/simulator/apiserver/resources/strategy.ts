import type { KubeObject } from '../../api';
import { Errors, fieldPath, type FieldError, type Path } from '../field';
import type { Draft, StrategyContext, UpdateStrategy } from './definition';
import { sameJson } from '../registry/equal';
import { sameValue } from './equality';

type Parts = Readonly<Record<string, unknown>>;

/** spec, as a path. */
export const specPath = fieldPath('spec');
/** status, as a path. */
export const statusPath = fieldPath('status');
/** metadata, as a path. */
export const metadataPath = fieldPath('metadata');

/** Runs checks and gives what they found; nothing is allocated but the collector. */
export function collect(check: (errors: Errors) => void): FieldError[] {
  const errors = new Errors();
  check(errors);
  return errors.list;
}

/** A new object: what clients say of its status is replaced by an empty one, its spec is generation 1. */
export function newWithGeneration(draft: Draft, _context?: unknown, status: object = {}): void {
  draft['status'] = status;
  draft.metadata['generation'] = 1;
}

/** A new object whose empty status has these counts, all zero. */
export const newWithCounts = (...names: string[]) => (draft: Draft): void => newWithGeneration(draft, undefined, Object.fromEntries(names.map((name) => [name, 0])));

/** A new object of a kind without a generation: what clients say of its status is replaced by an empty one. */
export function newWithStatus(draft: Draft): void {
  draft['status'] = {};
}

function take(draft: Draft, old: KubeObject, field: string): void {
  const value = (old as unknown as Parts)[field];
  if (value === undefined) delete draft[field];
  else draft[field] = value;
}

/** An update of the object itself leaves its status alone. */
export function keepStatus(draft: Draft, old: KubeObject): void {
  take(draft, old, 'status');
}

/** Counts up the generation when the spec changed, or (with `more`) another field did. */
export function bumpGeneration(draft: Draft, old: KubeObject, ...more: string[]): void {
  const before = old as unknown as Parts;
  const changed = ['spec', ...more].some((field) => !sameValue(draft[field], before[field]));
  const generation = (old.metadata?.generation ?? 0) + (changed ? 1 : 0);
  if (generation > 0) draft.metadata['generation'] = generation;
}

/** The same where an empty list or map that was not there counts as a change of the spec. */
export function bumpStrictly(draft: Draft, old: KubeObject): void {
  const changed = !sameJson(draft['spec'], (old as unknown as Parts)['spec']);
  const generation = (old.metadata?.generation ?? 0) + (changed ? 1 : 0);
  if (generation > 0) draft.metadata['generation'] = generation;
}

/** keepStatus and bumpGeneration. */
export function updateSpec(draft: Draft, old: KubeObject): void {
  keepStatus(draft, old);
  bumpGeneration(draft, old);
}

/** An update of the status leaves everything but it alone; of metadata `kept` fields too. */
export function updateStatusOnly(draft: Draft, old: KubeObject, kept: readonly string[] | 'all' = []): void {
  const before = old as unknown as Parts;
  for (const field in before) if (field !== 'metadata' && field !== 'status' && field !== 'kind' && field !== 'apiVersion') draft[field] = before[field];
  for (const field in draft) if (!(field in before) && field !== 'status') delete draft[field];
  const metadata = (old.metadata ?? {}) as Parts;
  if (kept === 'all') {
    draft.metadata = { ...metadata, managedFields: draft.metadata['managedFields'] };
    return;
  }
  for (const field of kept) {
    if (metadata[field] === undefined) delete draft.metadata[field];
    else draft.metadata[field] = metadata[field];
  }
}

/** The status subresource of most kinds. */
export const statusStrategy = <T extends KubeObject>(validateUpdate?: UpdateStrategy<T>['validateUpdate'], kept: readonly string[] | 'all' = []): UpdateStrategy<T> => ({
  keptMetadata: kept,
  prepareForUpdate: (draft: Draft, old: T, _context: StrategyContext) => updateStatusOnly(draft, old, kept),
  ...(validateUpdate && { validateUpdate }),
});

/** The field may not change. */
export function checkImmutable(now: unknown, before: unknown, path: Path, errors: Errors, shown: unknown = now): void {
  if (!sameValue(now, before)) errors.invalid(path, shown, 'field is immutable');
}
