import { expect, test } from 'vitest';
import { createKernel, milliseconds, seconds } from '../../../simulator/kernel';
import { Pump } from './pump';

const wait = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

function ticking() {
  const kernel = createKernel();
  const tick = (): void => void kernel.after(milliseconds(1), tick);
  tick();
  let crash: unknown;
  const pump = new Pump({ kernel, isFull: () => false, onSlice: () => undefined, onCrash: (error) => (crash = error) });
  return { kernel, pump, crashed: () => crash };
}

test('the world keeps step with the wall, and stands still when it is told to', async () => {
  const { kernel, pump } = ticking();
  const start = kernel.now;
  pump.start();
  await wait(300);
  const passed = kernel.now - start;
  expect(passed).toBeGreaterThan(milliseconds(100));
  expect(passed).toBeLessThan(milliseconds(900));
  pump.paused = true;
  await wait(60);
  const stopped = kernel.now;
  await wait(120);
  expect(kernel.now).toBe(stopped);
  pump.nudge(seconds(1));
  await wait(60);
  expect(kernel.now).toBe(stopped + seconds(1));
  pump.stop();
});

test('a page that is not seen costs the world no time', async () => {
  const { kernel, pump } = ticking();
  pump.start();
  pump.visible = false;
  await wait(60);
  const hidden = kernel.now;
  await wait(150);
  expect(kernel.now).toBe(hidden);
  pump.stop();
});

test('the world waits until the page has drawn', async () => {
  const { kernel, pump } = ticking();
  pump.start();
  let drawn = (): void => undefined;
  pump.hold(new Promise<void>((resolve) => (drawn = resolve)));
  await wait(30);
  const held = kernel.now;
  await wait(100);
  expect(kernel.now).toBe(held);
  drawn();
  await wait(100);
  expect(kernel.now).toBeGreaterThan(held);
  pump.stop();
});

test('a broken invariant stops the world and is told', async () => {
  const { kernel, pump, crashed } = ticking();
  kernel.after(milliseconds(20), () => {
    throw new Error('broken');
  });
  pump.start();
  await wait(150);
  expect(crashed()).toMatchObject({ message: 'broken' });
});
