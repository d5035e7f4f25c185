import type { Task } from '../simulator/kernel';
import type { Text } from './text';
import type { GradingWorld } from './world';

/** What in the learner's YAML has to do with it: an object and a field in it, spec.containers[name=shipper].volumeMounts. */
export interface Place {
  readonly kind: string;
  readonly name: string;
  readonly path: string;
}

/** What a failed check tells: what should be, what is, and why it matters. It never says how to do it. */
export interface Finding {
  readonly expected: Text;
  readonly found: Text;
  readonly why: Text;
  /** The first of these that stands in a file of the learner's is pointed at. */
  readonly at?: readonly Place[];
}

export type Verdict = { readonly passed: true } | ({ readonly passed: false } & Finding);

/** One thing that a lab asks for. */
export interface Check {
  /** Stable, unique in its lab: what wrong answers are expected to fail. */
  readonly id: string;
  readonly title: Text;
  /** Changes the cluster (kills, deletes, writes): runs on a fork, never on the learner's cluster. */
  readonly destructive?: boolean;
  /** Makes no sense unless these have passed: it is then shown as skipped. */
  readonly after?: readonly string[];
  run(world: GradingWorld): Task<Verdict>;
}

/** It is as it should be. */
export const pass = (): Verdict => ({ passed: true });

/** It is not. */
export const fail = (finding: Finding): Verdict => ({ passed: false, ...finding });

/** The checks of a lab, in the order in which the learner sees them. */
export const defineChecks = (checks: readonly Check[]): readonly Check[] => checks;
