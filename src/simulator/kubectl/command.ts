import type { Task } from '../kernel';
import type { FlagDefinition, ParsedFlags } from './flags';
import type { Session } from './session';

/** What a command's code gets: its words, its flags, and the way to the cluster and the terminal. */
export interface Context {
  readonly session: Session;
  readonly flags: ParsedFlags;
  readonly args: readonly string[];
  /** How many of `args` came before `--`; undefined without one. */
  readonly dash: number | undefined;
  /** `kubectl create secret`: the words that led here. */
  readonly path: string;
  readonly command: Command;
  /** Writes to stdout. */
  readonly out: (text: string) => void;
  /** Writes to stderr. */
  readonly err: (text: string) => void;
}

/** One command: either a group of commands or something that runs, or both. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What follows the path in the usage line: `(POD | TYPE/NAME) [-c CONTAINER]`. */
  readonly use?: string;
  /** One line, shown in the list of commands. */
  readonly short: string;
  /** More than `short`; shown by --help. */
  readonly long?: string;
  /** Lines of examples, without `kubectl`'s indentation. */
  readonly examples?: readonly string[];
  readonly flags?: readonly FlagDefinition[];
  readonly commands?: readonly Command[];
  readonly hidden?: boolean;
  /** Groups print their help on stderr instead of stdout when called bare. */
  readonly bareHelpOnStderr?: boolean;
  /** The exit code, or nothing for 0. */
  readonly run?: (context: Context) => Task<number | void>;
  /** What could complete the words so far; `last` is the one being typed. */
  readonly complete?: (context: Context, last: string) => Task<readonly string[]>;
}
