/** A broken invariant: a defect of ours, never of a learner's input. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws an AssertionError that says which invariant broke, unless `condition` holds. Stays on in production. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(invariant);
}
