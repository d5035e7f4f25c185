import { inspect } from './invariants';
import { shake } from './world';

/** Shakes one cluster and gives what is wrong with it afterwards: nothing, if all is well. */
export const simulate = (seed: number): readonly string[] => inspect(shake(seed));
