import { expect, test } from 'vitest';
import { CancelledError, Channel, createKernel, createRandom, Future, join, joinAll, type Kernel, race, seconds, sleep, type Task, type Timer, within } from '.';

function finish(kernel: Kernel): void {
  expect(kernel.run({})).toBe('idle');
}

test('events happen by time, and in the order of scheduling at one time', () => {
  const kernel = createKernel();
  const seen: string[] = [];
  kernel.after(20, () => seen.push('late'));
  kernel.after(10, () => seen.push('first'));
  kernel.after(10, () => seen.push('second'));
  const cancelled = kernel.after(10, () => seen.push('never'));
  kernel.cancel(cancelled);
  finish(kernel);
  expect(seen).toEqual(['first', 'second', 'late']);
});

test('an event in the past happens now, never before', () => {
  const kernel = createKernel();
  const start = kernel.now;
  kernel.run({ to: start + 100 });
  let when = 0;
  kernel.at(start, () => (when = kernel.now));
  finish(kernel);
  expect(when).toBe(start + 100);
});

test('run to a time leaves the clock exactly there', () => {
  const kernel = createKernel();
  const start = kernel.now;
  kernel.after(seconds(5), () => undefined);
  expect(kernel.run({ to: start + seconds(3) })).toBe('time');
  expect(kernel.now).toBe(start + seconds(3));
  expect(kernel.pending).toBe(1);
});

test('step lets exactly one event happen', () => {
  const kernel = createKernel();
  let count = 0;
  kernel.after(1, () => (count += 1));
  kernel.after(2, () => (count += 1));
  expect(kernel.step()).toBe(true);
  expect(count).toBe(1);
});

test('run is interrupted when the host says so, and goes on later', () => {
  const kernel = createKernel();
  let count = 0;
  for (let i = 0; i < 1000; i++) kernel.after(i, () => (count += 1));
  expect(kernel.run({ interrupted: () => true })).toBe('interrupted');
  expect(count).toBe(8);
  finish(kernel);
  expect(count).toBe(1000);
});

test('a task gets what it waits for, as values and as errors', () => {
  const kernel = createKernel();
  function* worker(): Task<number> {
    yield* sleep(seconds(2));
    return 7;
  }
  function* failing(): Task {
    yield* sleep(1);
    throw new Error('broken');
  }
  function* main(): Task<string> {
    const value = yield* join(kernel.spawn('worker', worker()));
    const process = kernel.spawn('failing', failing());
    try {
      yield* join(process);
    } catch (error) {
      return `${value} ${(error as Error).message}`;
    }
    return 'no error';
  }
  const process = kernel.spawn('main', main());
  finish(kernel);
  expect(process.value).toBe('7 broken');
});

test('an error that nobody waits for surfaces from run', () => {
  const kernel = createKernel();
  kernel.spawn('lonely', (function* (): Task {
    yield* sleep(1);
    throw new Error('unheard');
  })());
  expect(() => kernel.run({})).toThrow('process lonely failed: unheard');
});

test("a process's children are cancelled with it, their finally blocks run, last child first", () => {
  const kernel = createKernel();
  const ended: string[] = [];
  function* child(name: string): Task {
    try {
      yield* sleep(seconds(100));
    } finally {
      ended.push(name);
    }
  }
  const parent = kernel.spawn('parent', (function* (): Task {
    kernel.spawn('a', child('a'));
    kernel.spawn('b', child('b'));
    yield* child('parent');
  })());
  kernel.run({ to: kernel.now + 1 });
  parent.cancel();
  expect(ended).toEqual(['parent', 'b', 'a']);
  expect(parent.state).toBe('cancelled');
  expect(() => parent.value).toThrow(CancelledError);
  finish(kernel);
  expect(kernel.pending).toBe(0);
});

test('children end when their parent returns', () => {
  const kernel = createKernel();
  let ticks = 0;
  kernel.spawn('parent', (function* (): Task {
    kernel.spawn('ticker', (function* (): Task {
      for (;;) {
        yield* sleep(10);
        ticks += 1;
      }
    })());
    yield* sleep(35);
  })());
  finish(kernel);
  expect(ticks).toBe(3);
});

test('a process may cancel itself: it ends where it next waits', () => {
  const kernel = createKernel();
  const seen: string[] = [];
  const process = kernel.spawn('self', (function* (): Task {
    yield* sleep(1);
    kernel.process?.cancel();
    seen.push('still here');
    yield* sleep(1);
    seen.push('never');
  })());
  finish(kernel);
  expect(seen).toEqual(['still here']);
  expect(process.state).toBe('cancelled');
});

test('race cancels the losers and gives the winner', () => {
  const kernel = createKernel();
  let cancelled = false;
  const process = kernel.spawn('race', (function* (): Task<string> {
    const outcome = yield* race({
      slow: function* (): Task<string> {
        try {
          yield* sleep(seconds(10));
          return 'slow';
        } finally {
          cancelled = true;
        }
      },
      fast: function* (): Task<number> {
        yield* sleep(5);
        return 1;
      },
    });
    return `${outcome.winner} ${outcome.value}`;
  })());
  finish(kernel);
  expect(process.value).toBe('fast 1');
  expect(cancelled).toBe(true);
});

test('cancelling a process that races cancels what it races', () => {
  const kernel = createKernel();
  let ticks = 0;
  const process = kernel.spawn('racer', (function* (): Task {
    yield* within(seconds(60), function* (): Task {
      for (;;) {
        yield* sleep(10);
        ticks += 1;
      }
    });
  })());
  kernel.run({ to: kernel.now + 35 });
  process.cancel();
  finish(kernel);
  expect(ticks).toBe(3);
});

test('channels keep their order, wake one receiver an item, and end', () => {
  const kernel = createKernel();
  const channel = new Channel<number>();
  const got: string[] = [];
  const reader = (name: string) => kernel.spawn(name, (function* (): Task {
    for (let item = yield* channel.receive(); item !== undefined; item = yield* channel.receive()) got.push(`${name}${item}`);
    got.push(`${name} ends`);
  })());
  reader('a');
  reader('b');
  kernel.after(10, () => [1, 2, 3].forEach((n) => channel.send(n)));
  kernel.after(20, () => channel.close());
  finish(kernel);
  expect(got.map((entry) => entry.slice(1)).filter((entry) => entry !== ' ends')).toEqual(['1', '2', '3']);
  expect(got.filter((entry) => entry.endsWith('ends'))).toHaveLength(2);
  expect(channel.send(4)).toBe(false);
});

test('no item is lost when the receiver it woke is cancelled before it runs', () => {
  const kernel = createKernel();
  const channel = new Channel<number>();
  const got: number[] = [];
  const receive = function* (): Task {
    got.push((yield* channel.receive()) as number);
  };
  const first = kernel.spawn('first', receive());
  kernel.spawn('second', receive());
  kernel.after(10, () => {
    channel.send(1);
    first.cancel();
  });
  kernel.run({ to: kernel.now + 20 });
  expect(got).toEqual([1]);
});

test('a receiver that waits only so long gets what comes in time, and nothing is lost of what comes later', () => {
  const kernel = createKernel();
  const channel = new Channel<number>();
  const got: (readonly [number | undefined, number])[] = [];
  const start = kernel.now;
  kernel.spawn('receiver', (function* (): Task {
    for (let i = 0; i < 3; i++) got.push([yield* channel.receiveWithin(seconds(2)), kernel.now - start]);
  })());
  kernel.spawn('sender', (function* (): Task {
    yield* sleep(seconds(1));
    channel.send(1);
    yield* sleep(seconds(2));
    channel.send(2);
  })());
  kernel.run({});
  expect(got).toEqual([[1, seconds(1)], [2, seconds(3)], [undefined, seconds(5)]]);
  expect(kernel.pending).toBe(0);
});

test('a full channel refuses', () => {
  const channel = new Channel<number>(1);
  expect(channel.send(1)).toBe(true);
  expect(channel.send(2)).toBe(false);
  expect(channel.poll()).toBe(1);
});

test('a future is settled once', () => {
  const kernel = createKernel();
  const future = new Future<number>();
  const waiters = [1, 2].map((n) => kernel.spawn(`waiter ${n}`, future.wait()));
  kernel.after(5, () => {
    future.resolve(1);
    future.resolve(2);
  });
  const all = kernel.spawn('all', joinAll(waiters));
  finish(kernel);
  expect(all.value).toEqual([1, 1]);
});

test('what follows from a record names it as its cause', () => {
  const kernel = createKernel();
  kernel.spawn('cause', (function* (): Task {
    kernel.record('request', { path: '/a' });
    yield* sleep(10);
    kernel.record('watch', { path: '/b' });
  })());
  finish(kernel);
  const [first, second] = kernel.trace.since();
  expect(second?.cause).toBe(first?.id);
  expect(kernel.trace.chain(second?.id as number).map((record) => record.kind)).toEqual(['watch', 'request']);
});

/** A little world with much chance in it; its trace is the whole run. */
export function randomWorld(seed: number): string {
  const kernel = createKernel({ seed });
  const channel = new Channel<number>();
  for (let i = 0; i < 20; i++) {
    kernel.spawn(`sender ${i}`, (function* (): Task {
      for (let n = 0; n < 20; n++) {
        yield* sleep(kernel.random.int(1000));
        channel.send(kernel.random.int(100));
      }
    })());
    kernel.spawn(`receiver ${i}`, (function* (): Task {
      for (let item = yield* channel.receive(); item !== undefined; item = yield* channel.receive()) {
        kernel.record('item', { by: i, item, id: kernel.random.uuid() });
        yield* sleep(kernel.random.int(500));
      }
    })());
  }
  kernel.run({ to: kernel.now + seconds(1) });
  return JSON.stringify(kernel.trace.since());
}

test('the same seed gives byte-identical traces twice, another seed another', () => {
  expect(randomWorld(7)).toBe(randomWorld(7));
  expect(randomWorld(7)).not.toBe(randomWorld(8));
});

test('events come in the order of their time and then of their making, whatever is made or taken back meanwhile', () => {
  const kernel = createKernel({ start: 0 });
  const chance = createRandom(7);
  const made: { readonly time: number; readonly number: number; readonly timer: Timer; fate: 'waits' | 'came' | 'taken back' }[] = [];
  const came: typeof made = [];
  const make = (): void => {
    const number = made.length;
    const time = kernel.now + (chance.int(3) === 0 ? 0 : chance.int(5));
    const timer = kernel.at(time, () => {
      const own = made[number] as (typeof made)[number];
      own.fate = 'came';
      came.push(own);
      for (let count = chance.int(made.length < 3000 ? 4 : 1); count > 0; count--) make();
      const other = made[chance.int(made.length)] as (typeof made)[number];
      if (other.fate !== 'waits' || chance.int(3) > 0) return;
      kernel.cancel(other.timer);
      other.fate = 'taken back';
    });
    made.push({ time, number, timer, fate: 'waits' });
  };
  for (let count = 0; count < 20; count++) make();
  expect(kernel.run({})).toBe('idle');
  expect(came.length).toBeGreaterThan(1000);
  expect(made.filter(({ fate }) => fate === 'taken back').length).toBeGreaterThan(100);
  expect(made.some(({ fate }) => fate === 'waits')).toBe(false);
  expect(came).toEqual([...came].sort((a, b) => a.time - b.time || a.number - b.number));
});
