import type { Task } from '../kernel';
import type { Command, Context } from './command';
import { root } from './commands';
import { CommandError, presentError, UsageError } from './errors';
import { globalFlags, helpFlag, parseFlags, type FlagDefinition } from './flags';
import { helpText } from './help';
import type { KubectlHost } from './host';
import { Session } from './session';
import { suggest } from './suggest';

/** A command found among the words: where, and the words without its names. */
export interface Found {
  readonly command: Command;
  readonly path: string;
  readonly words: readonly string[];
  readonly parent: Command | undefined;
}

/** All flags of a command: its own, its help, and the global ones that it does not hide behind its own. */
export function flagsOf(command: Command): FlagDefinition[] {
  const own = [...(command.flags ?? []), helpFlag];
  const taken = new Set(own.map((flag) => flag.name));
  const letters = new Set(own.map((flag) => flag.shorthand));
  return [
    ...own,
    ...globalFlags.filter((flag) => !taken.has(flag.name)).map((flag) => (flag.shorthand !== undefined && letters.has(flag.shorthand) ? { ...flag, shorthand: undefined } as unknown as FlagDefinition : flag)),
  ];
}

/** Whether this word is a flag that takes the next word as its value. */
function takesNext(word: string, flags: readonly FlagDefinition[]): boolean {
  if (word.includes('=')) return false;
  const flag = word.startsWith('--') ? flags.find(({ name }) => name === word.slice(2)) : word.length === 2 ? flags.find(({ shorthand }) => shorthand === word[1]) : undefined;
  return flag !== undefined && flag.withoutValue === undefined;
}

/** Index of the first word that is no flag; -1 when there is none before `--`. */
function firstArgument(words: readonly string[], flags: readonly FlagDefinition[]): number {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') return -1;
    if (!word.startsWith('-') || word === '-') return i;
    if (takesNext(word, flags)) i += 1;
  }
  return -1;
}

/** Follows the words down the tree of commands as far as it goes. */
export function findCommand(words: readonly string[]): Found {
  let found: Found = { command: root, path: 'kubectl', words, parent: undefined };
  while (found.command.commands !== undefined) {
    const index = firstArgument(found.words, flagsOf(found.command));
    const word = found.words[index];
    const next: Command | undefined = index < 0 ? undefined : found.command.commands.find(({ name, aliases }) => name === word || (aliases ?? []).includes(word as string));
    if (!next) break;
    found = { command: next, path: `${found.path} ${next.name}`, words: found.words.filter((_, position) => position !== index), parent: found.command };
  }
  return found;
}

function unknownCommand({ command, path }: Found, args: readonly string[]): Error {
  if (path !== 'kubectl') return new UsageError(`unknown command ${JSON.stringify(args.join(' '))}`);
  const word = args[0] as string;
  const names = suggest(word, (command.commands ?? []).filter((one) => one.hidden !== true).map(({ name }) => name));
  const hint = names.length === 0 ? '' : `\n\nDid you mean this?\n${names.map((name) => `\t${name}`).join('\n')}`;
  return new CommandError(`unknown command ${JSON.stringify(word)} for "kubectl"${hint}`, { bare: false });
}

function* execute(host: KubectlHost, found: Found): Task<number> {
  const { command, path } = found;
  const parsed = parseFlags(flagsOf(command), found.words);
  const { flags, args, dash } = parsed;
  const out = (text: string): void => host.stdout.write(text);
  const err = (text: string): void => host.stderr.write(text);
  if (flags.bool('help')) {
    out(helpText(command, path));
    return 0;
  }
  if (command.run === undefined || (command.commands !== undefined && path === 'kubectl')) {
    if (args.length > 0) throw unknownCommand(found, args);
    (command.bareHelpOnStderr === true ? err : out)(helpText(command, path));
    return path === 'kubectl' ? 0 : 1;
  }
  const missing = flagsOf(command).filter((flag) => flag.required === true && !flags.changed(flag.name)).map((flag) => JSON.stringify(flag.name));
  if (missing.length > 0) throw new CommandError(`required flag(s) ${missing.sort().join(', ')} not set`);
  for (const flag of command.flags ?? []) {
    if (flag.deprecated !== undefined && flags.changed(flag.name)) err(`Flag --${flag.name} has been deprecated, ${flag.deprecated}\n`);
  }
  const globals = new Set(globalFlags.map(({ name }) => name));
  const session = new Session(host, flags, new Set((command.flags ?? []).map(({ name }) => name).filter((name) => globals.has(name))));
  const context: Context = { session, flags, args, dash, path, command, out, err };
  const code = (yield* command.run(context)) ?? 0;
  if (flags.bool('warnings-as-errors') && session.warningCount > 0) {
    err(`error: ${session.warningCount} warning${session.warningCount === 1 ? '' : 's'} received\n`);
    return 1;
  }
  return code;
}

/** Runs kubectl in its host; the task's result is the exit code. Only defects of ours are thrown. */
export function* kubectl(host: KubectlHost): Task<number> {
  const found = findCommand(host.argv);
  try {
    return yield* execute(host, found);
  } catch (error) {
    const shown = presentError(error, found.path);
    if (!shown) throw error;
    if (shown.text !== '') host.stderr.write(`${shown.text}\n`);
    return shown.exitCode;
  }
}
