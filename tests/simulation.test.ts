import { expect, test } from 'vitest';
import { simulate } from '../src/cli/simulation';

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

test.each(seeds)('after all that seed %i does to a cluster, it settles and every invariant holds', (seed) => {
  expect(simulate(seed)).toEqual([]);
});
