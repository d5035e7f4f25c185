import { expect, test } from 'vitest';
import { createKernel, milliseconds, seconds, type Task } from '../kernel';
import { failure } from '../api';
import { runController, WorkQueue } from '.';

const world = () => {
  const kernel = createKernel();
  return { kernel, queue: new WorkQueue(kernel), start: kernel.now };
};

test('a key is handed out once, and again if it was added meanwhile', () => {
  const { kernel, queue } = world();
  const handed: string[] = [];
  function* work(): Task {
    for (;;) {
      const key = yield* queue.get();
      if (key === undefined) return;
      handed.push(key);
      if (handed.length === 1) {
        queue.add('a');
        queue.add('a');
        expect(queue.length).toBe(1);
      }
      queue.done(key);
    }
  }
  queue.add('a');
  queue.add('a');
  queue.add('b');
  kernel.spawn('worker', work(), null);
  kernel.run({ to: kernel.now + seconds(1) });
  expect(handed).toEqual(['a', 'b', 'a']);
});

test('two workers never hold the same key', () => {
  const { kernel, queue } = world();
  const held = new Set<string>();
  function* sync(key: string): Task {
    expect(held.has(key)).toBe(false);
    held.add(key);
    yield (waker, k) => {
      const timer = k.after(milliseconds(10), () => waker.resolve(undefined));
      return () => k.cancel(timer);
    };
    held.delete(key);
  }
  kernel.spawn('controller', (function* (): Task {
    runController({ kernel, name: 'test', queue, workers: 3, sync });
    yield () => () => undefined;
  })(), null);
  for (let i = 0; i < 20; i++) kernel.after(milliseconds(i), () => queue.add(i % 2 === 0 ? 'a' : 'b'));
  kernel.run({ to: kernel.now + seconds(1) });
  expect(held.size).toBe(0);
});

test('of several delays the earliest counts', () => {
  const { kernel, queue, start } = world();
  queue.addAfter('a', seconds(5));
  queue.addAfter('a', seconds(2));
  queue.addAfter('a', seconds(9));
  kernel.run({ until: () => queue.length === 1, to: start + seconds(20) });
  expect(kernel.now - start).toBe(seconds(2));
});

test('failures wait twice as long each time, up to a limit, until the key does well', () => {
  const { kernel, queue, start } = world();
  const times: number[] = [];
  kernel.spawn('controller', (function* (): Task {
    runController({
      kernel, name: 'test', queue, workers: 1,
       
      *sync() {
        times.push((kernel.now - start) / milliseconds(1));
        if (times.length < 6) throw failure(500, 'InternalError', 'not now');
      },
    });
    yield () => () => undefined;
  })(), null);
  queue.add('a');
  kernel.run({ to: start + seconds(10) });
  expect(times).toEqual([0, 5, 15, 35, 75, 155]);
  expect(queue.retries('a')).toBe(0);
});
