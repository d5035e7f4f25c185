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

  /** Brings a copy, which `log` belongs to and which is as far as it says, to where this world is now. False when `interrupted` before. */
  replayInto(world: World, kernel: Kernel, log: InputLog<World>, interrupted?: () => boolean): boolean {
    for (const input of this.inputs.slice(log.length)) {
      if (!advance(kernel, input.after, input.time, interrupted)) return false;
      log.enter(world, input.apply as (world: World) => unknown);
    }
    return advance(kernel, this.kernel.happened, this.kernel.now, interrupted);
  }
}

/** Lets events happen until so many have and the clock shows that time. False when `interrupted` before. */
function advance(kernel: Kernel, happened: number, time: Time, interrupted?: () => boolean): boolean {
  if (kernel.run({ until: () => kernel.happened >= happened, ...(interrupted && { interrupted }) }) === 'interrupted') return false;
  assert(kernel.happened === happened, `the replay is at event ${happened}`);
  if (kernel.now < time) kernel.run({ to: time, until: () => kernel.happened > happened });
  assert(kernel.happened === happened && kernel.now === time, `the replay is where the original was: event ${happened} at ${time}, not ${kernel.happened} at ${kernel.now}`);
  return true;
}
