import { expect, test } from 'vitest';
import { createKernel, seconds } from '../../../simulator/kernel';
import { advanceTo, Journal, parseCheckpoint } from './journal';

const setup = { nodes: 2, seed: 1, manifests: [] };

function ticking() {
  const kernel = createKernel({ seed: 1 });
  const tick = (): void => void kernel.after(seconds(1), tick);
  tick();
  return kernel;
}

test('a checkpoint says how the world was made, what came in and when', () => {
  const kernel = ticking();
  const journal = new Journal(setup, kernel);
  kernel.run({ to: kernel.now + seconds(2.5) });
  journal.note(['type', 1, 'ls\r']);
  kernel.run({ to: kernel.now + seconds(3) });
  const checkpoint = parseCheckpoint(journal.checkpoint(), setup);
  expect(checkpoint?.entries).toMatchObject([{ after: 2, input: ['type', 1, 'ls\r'] }]);
  expect(checkpoint?.happened).toBe(5);

  const again = ticking();
  for (const entry of checkpoint?.entries ?? []) expect(advanceTo(again, entry.after, entry.time, () => false)).toBe(true);
  expect(advanceTo(again, checkpoint?.happened ?? 0, checkpoint?.now ?? 0, () => false)).toBe(true);
  expect(again.now).toBe(kernel.now);
});

test('a world that goes another way is noticed', () => {
  const kernel = ticking();
  const start = kernel.now;
  expect(advanceTo(ticking(), 7, start + seconds(3), () => false)).toBe(false);
  expect(advanceTo(ticking(), 2, start + seconds(9), () => false)).toBe(false);
});

test('a checkpoint of another setup or another make is none', () => {
  const text = new Journal(setup, createKernel()).checkpoint();
  expect(parseCheckpoint(text, { ...setup, seed: 2 })).toBeUndefined();
  expect(parseCheckpoint('{"version":9}', setup)).toBeUndefined();
  expect(parseCheckpoint('no', setup)).toBeUndefined();
  expect(parseCheckpoint(undefined, setup)).toBeUndefined();
});
