import type { Command } from './command';
import type { FlagDefinition } from './flags';
import { commandGroups } from './commands/groups';

/** The options block of a help text. */
export function optionsText(flags: readonly FlagDefinition[]): string {
  const shown = flags.filter((flag) => flag.hidden !== true).sort((a, b) => (a.name < b.name ? -1 : 1));
  return shown
    .map(({ name, shorthand, shown: value, description }) => `    ${shorthand === undefined ? '' : `-${shorthand}, `}--${name}=${value}:\n\t${description}\n`)
    .join('\n');
}

function listText(commands: readonly Command[]): string {
  const visible = commands.filter((command) => command.hidden !== true);
  const width = Math.max(15, ...visible.map(({ name }) => name.length + 2));
  return visible.map(({ name, short }) => `  ${name.padEnd(width - 1)} ${short}\n`).join('');
}

/** What --help prints for a command that was found at `path`. */
export function helpText(command: Command, path: string): string {
  const { aliases, commands, examples, flags = [], long, short, use, run } = command;
  const blocks: string[] = [`${long ?? short}${/[.:!]$/.test(long ?? short) ? '' : '.'}\n`];
  if (aliases !== undefined && aliases.length > 0) blocks.push(`Aliases:\n${[command.name, ...aliases].join(', ')}\n`);
  if (examples !== undefined) blocks.push(`Examples:\n${examples.map((line) => `  ${line}`).join('\n')}\n`);
  if (path === 'kubectl') {
    for (const { title, names } of commandGroups) {
      const members = names.flatMap((name) => (commands ?? []).filter((member) => member.name === name));
      blocks.push(`${title}:\n${listText(members)}`);
    }
  } else if (commands !== undefined) blocks.push(`Available Commands:\n${listText(commands)}`);
  const visible = flags.filter((flag) => flag.hidden !== true);
  if (visible.length > 0) blocks.push(`Options:\n${optionsText(visible)}`);
  const usage = use === undefined ? (commands !== undefined || run === undefined ? ' [flags]' : '') : ` ${use}`;
  blocks.push(`Usage:\n  ${path}${usage}${/\[options\]/.test(usage) ? '' : ' [options]'}\n`);
  const hints = [
    ...(commands !== undefined ? [`Use "${path} <command> --help" for more information about a given command.`] : []),
    'Use "kubectl options" for a list of global command-line options (applies to all commands).',
  ];
  return `${blocks.join('\n')}\n${hints.join('\n')}\n`;
}
