import { assert, type Kernel, type Time } from '../kernel';

/** Something that came from outside: what to do again to get the same world. */
interface Input {
  /** How many events had happened before it. */
  readonly after: number;
  readonly time: Time;
  readonly apply: (world: never) => unknown;
}

/**
 * The log of everything from outside. The world is a function of its options and this log, so a world made anew and fed
 * with the log is the same world: that is how clusters are forked, rewound and restored.
 */
export class InputLog<World> {
  private readonly inputs: Input[] = [];

  constructor(private readonly kernel: Kernel) {}

  get length(): number {
    return this.inputs.length;
  }

  /** Notes an input and carries it out in this world. */
  enter<T>(world: World, apply: (world: World) => T): T {
    this.inputs.push({ after: this.kernel.happened, time: this.kernel.now, apply: apply as (world: never) => unknown });
    return apply(world);
  }

  /** Brings a fresh world to where this one is now. */
  replayInto(world: World, kernel: Kernel, log: InputLog<World>): void {
    for (const input of this.inputs) {
      advance(kernel, input.after, input.time);
      log.enter(world, input.apply as (world: World) => unknown);
    }
    advance(kernel, this.kernel.happened, this.kernel.now);
  }
}

/** Lets events happen until so many have and the clock shows that time. */
function advance(kernel: Kernel, happened: number, time: Time): void {
  kernel.run({ until: () => kernel.happened >= happened });
  assert(kernel.happened === happened, `the replay is at event ${happened}`);
  if (kernel.now < time) kernel.run({ to: time, until: () => kernel.happened > happened });
  assert(kernel.happened === happened && kernel.now === time, `the replay is where the original was: event ${happened} at ${time}, not ${kernel.happened} at ${kernel.now}`);
}
