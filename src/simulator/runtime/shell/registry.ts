import type { Task } from '../../kernel';
import type { Output } from '../process/program';
import type { Shell } from './shell';

/** A command that is part of the shell. */
export interface Builtin {
  /** POSIX's special builtins: assignments last, an error ends the shell. */
  readonly special?: boolean;
  /** It only prints: it may run for $( … ) in the shell itself. */
  readonly pure?: boolean;
  readonly run?: (shell: Shell, argv: readonly string[], out: Output) => number;
  readonly task?: (shell: Shell, argv: readonly string[]) => Task<number>;
}

/** Every builtin by its name; builtins.ts puts them here, so that the shell can call them without importing them. */
export const builtins = new Map<string, Builtin>();
